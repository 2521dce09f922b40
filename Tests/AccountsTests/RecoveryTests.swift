import Accounts
import Database
import HTTP
import Kernel
import Roles
import TestSupport
import Testing

@Suite struct RecoveryTests {
    private static func link(_ site: AccountsSite, to email: String) async throws -> JSON {
        #expect(try await site.send(.post, "/auth/password/forgot", ["email": .string(email)]).status == 202)
        try await site.accounts.grantWishes()
        return JSON(try await site.mails().last?.token)
    }

    @Test(arguments: TestDatabase.all) func aLinkSetsANewPasswordOnceAndEndsTheSessions(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind, sendsMail: true) { site in
            let id = try await site.add("mia")["id"]?.string ?? ""
            let session = try await site.token("mia")
            let (first, second) = (try await Self.link(site, to: "mia@site.test"), try await Self.link(site, to: "MIA@site.test"))
            #expect(
                try await site.send(.post, "/auth/password/reset", ["token": "x", "password": "a new passphrase"]).code == "link_invalid")
            #expect(
                try await site.send(.post, "/auth/password/reset", ["token": second, "password": "short"]).faults == ["/password too_short"]
            )
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<3 {
                    group.addTask {
                        try await site.send(
                            .post, "/auth/password/reset", ["token": second, "password": "a new passphrase"], from: "192.0.2.\(number)"
                        ).status
                    }
                }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(statuses.sorted() == [204, 403, 403])
            #expect(try await site.send(.get, "/auth/session", token: session).status == 401)
            #expect(site.revoked.reasons == ["password"])
            #expect(try await site.login("mia").status == 401)
            #expect(try await site.login("mia", "a new passphrase").json["user"]?["email_verified_at"] != .null)
            // The other link went with it.
            #expect(
                try await site.send(.post, "/auth/password/reset", ["token": first, "password": "another one yet"]).code == "link_invalid")
            #expect(
                try await site.audited(id).filter { $0.hasPrefix("auth.password") } == [
                    "auth.password_forgotten", "auth.password_forgotten", "auth.password_reset",
                ])
            #expect(try await site.mails().last?.kind == "password_changed")
        }
    }

    @Test(arguments: TestDatabase.all) func aLinkIsGoodForAnHourForItsPurposeAndForItsAddress(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind, sendsMail: true) { site in
            try await site.add("mia")
            let root = try await site.token("root")
            let late = try await Self.link(site, to: "mia@site.test")
            #expect(try await site.send(.post, "/auth/email/verify", ["token": late]).code == "link_invalid")
            site.clock.advance(seconds: 3600)
            #expect(
                try await site.send(.post, "/auth/password/reset", ["token": late, "password": "a new passphrase"]).code == "link_invalid")
            let moved = try await Self.link(site, to: "mia@site.test")
            let again = try await site.token("root")
            #expect(try await site.send(.patch, "/users/u_mia", token: again, ["email": "elsewhere@site.test"]).status == 200)
            #expect(
                try await site.send(.post, "/auth/password/reset", ["token": moved, "password": "a new passphrase"]).code == "link_invalid")
            #expect(try await site.mails().last.map { [$0.kind, $0.to] } == ["address_changed", "mia@site.test"])
            _ = root
        }
    }

    @Test(arguments: TestDatabase.all) func aResetDoesNotPassTheSecondFactorOfWhoeverProvedTheAddress(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind, sendsMail: true) { site in
            #expect(try await site.send(.post, "/auth/register", AccountsSite.newcomer("mia")).status == 202)
            #expect(try await site.verify(JSON(try await site.mails().last?.token), "mia").status == 200)
            let (app, _) = try await site.enrol("mia")
            let own = try await site.login("mia", otp: try app.code(site)).text("access_token")
            let key = try await site.send(.post, "/api-keys", token: own, ["name": "script", "scopes": ["self.read"]]).text("key")
            // Neither a first reset nor the team's change of the address makes it less theirs.
            for password in ["a new passphrase", "a newer passphrase"] {
                let token = try await Self.link(site, to: "mia@site.test")
                #expect(try await site.send(.post, "/auth/password/reset", ["token": token, "password": .string(password)]).status == 204)
                #expect(try await site.login("mia", password).code == "otp_required")
                site.clock.advance(seconds: 3600)
            }
            let root = try await site.token("root")
            #expect(try await site.send(.patch, "/users/u_mia", token: root, ["email": "thief@site.test"]).status == 200)
            let token = try await Self.link(site, to: "thief@site.test")
            #expect(
                try await site.send(.post, "/auth/password/reset", ["token": token, "password": "the thief's passphrase"]).status == 204)
            #expect(try await site.login("mia", "the thief's passphrase").code == "otp_required")
            #expect(try await site.send(.get, "/auth/session", token: key).status == 200)
        }
    }

    /// Somebody takes another's address where no mail can be sent; once it can, its owner gets the account without what the other left there.
    @Test(arguments: TestDatabase.all) func aResetEndsWhatWasSetUpWithoutTheAddress(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let taken = try await site.send(.post, "/auth/register", AccountsSite.newcomer("thief", ["email": "anna@site.test"]))
            #expect(taken.status == 201)
            let key = try await site.send(
                .post, "/api-keys", token: taken.text("access_token"), ["name": "back door", "scopes": ["self.read"]])
            _ = try await site.enrol("thief")
            let mailing = try AccountsSite(site.database, policy: AccountsSite.openPolicy, sendsMail: true, sharing: site)
            site.clock.advance(seconds: 60)
            let token = try await Self.link(mailing, to: "anna@site.test")
            #expect(
                try await mailing.send(.post, "/auth/password/reset", ["token": token, "password": "anna's own passphrase"]).status == 204)
            #expect(try await mailing.login("anna@site.test", "anna's own passphrase").status == 200)
            #expect(try await mailing.send(.get, "/auth/session", token: key.text("key")).status == 401)
        }
    }

    @Test(arguments: TestDatabase.all) func aNewAddressTakesThePasswordAndAnswersFirst(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind, sendsMail: true) { site in
            try await site.add("mia")
            try await site.add("zoe")
            let mia = try await site.token("mia")
            #expect(try await site.send(.patch, "/users/me", token: mia, ["email": "new@site.test"]).faults == ["/email use_auth_email"])
            let wrong = try await site.send(.post, "/auth/email", token: mia, ["email": "new@site.test", "password": "guess"])
            #expect(wrong.faults == ["/password wrong_password"])
            let password = JSON.string(AccountsSite.password(of: "mia"))
            let asked = try await site.send(.post, "/auth/email", token: mia, ["email": "new@site.test", "password": password])
            let taken = try await site.send(.post, "/auth/email", token: mia, ["email": "zoe@site.test", "password": password])
            #expect((asked.status, asked.json) == (202, ["state": "verify_email"]) && (taken.status, taken.json) == (202, asked.json))
            #expect(try await site.send(.get, "/users/me", token: mia).json["email"] == "mia@site.test")
            #expect(
                try await site.mails().map { [$0.kind, $0.to] } == [
                    ["confirm_address", "new@site.test"], ["already_member", "zoe@site.test"],
                ])
            let link = JSON(try await site.mails()[0].token)
            #expect(try await site.send(.post, "/auth/email/verify", ["token": link]).faults == ["/password required"])
            #expect(try await site.send(.post, "/auth/email/verify", token: mia, ["token": link]).json == ["state": "email_changed"])
            let own = try await site.send(.get, "/users/me", token: mia).json
            #expect(own["email"] == "new@site.test" && own["email_verified_at"] != .null)
            #expect(try await site.mails().last.map { [$0.kind, $0.to] } == ["address_changed", "mia@site.test"])
            #expect(try await site.login("new@site.test", AccountsSite.password(of: "mia")).status == 200)
        }
        try await AccountsSite.with(kind) { site in
            try await site.add("mia")
            let mia = try await site.token("mia")
            let password = JSON.string(AccountsSite.password(of: "mia"))
            let body: JSON = ["email": "new@site.test", "password": password]
            #expect(try await site.send(.post, "/auth/email", token: mia, body).json == ["state": "email_changed"])
            #expect(
                try await site.send(.post, "/auth/email", token: mia, ["email": "root@site.test", "password": password]).code
                    == "email_taken")
        }
    }

    /// Whoever knew the old password may have asked for them.
    @Test(arguments: TestDatabase.all) func linksAskedForBeforeEndWithThePasswordTheAddressAndTheAccess(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind, sendsMail: true) { site in
            let root = try await site.token("root")
            func patch(_ name: String, _ body: JSON) async throws -> Int {
                try await site.send(.patch, "/users/u_\(name)", token: root, body).status
            }
            let ends: [(String, () async throws -> Int)] = [
                (
                    "ines",
                    {
                        let body: JSON = ["current": .string(AccountsSite.password(of: "ines")), "new": "a new passphrase"]
                        return try await site.send(.post, "/auth/password", token: try await site.token("ines"), body).status
                    }
                ),
                ("jana", { try await patch("jana", ["password": "a new passphrase"]) }),
                ("kira", { try await patch("kira", ["email": "mended@site.test"]) }),
                (
                    "lena",
                    {
                        _ = try await site.send(.post, "/users/u_lena/disable", token: root)
                        return try await site.send(.post, "/users/u_lena/enable", token: root).status
                    }
                ),
            ]
            for (name, end) in ends {
                try await site.add(name)
                let asked = try await site.send(
                    .post, "/auth/email", token: try await site.token(name),
                    ["email": .string("thief-\(name)@else.test"), "password": .string(AccountsSite.password(of: name))])
                #expect(asked.status == 202)
                let address = JSON(try await site.mails().last?.token)
                let reset = try await Self.link(site, to: "\(name)@site.test")
                let status = try await end()
                #expect((200..<300).contains(status), "\(name)")
                #expect(try await site.send(.post, "/auth/email/verify", ["token": address]).code == "link_invalid", "\(name)")
                let body: JSON = ["token": reset, "password": "the thief's own one"]
                #expect(try await site.send(.post, "/auth/password/reset", body).code == "link_invalid", "\(name)")
            }
        }
    }

    @Test func anAddressIsNotAskedForWithThePasswordOfAMomentAgo() async throws {
        try await AccountsSite.with(.postgres, sendsMail: true) { site in
            try await site.add("mia")
            let mia = try await site.token("mia")
            let password = JSON.string(AccountsSite.password(of: "mia"))
            try await site.meet(
                at: "SELECT 1 FROM users WHERE username = 'mia' FOR UPDATE",
                [
                    {
                        let body: JSON = ["current": password, "new": "a new passphrase"]
                        let answer = try await site.send(.post, "/auth/password", token: mia, body)
                        #expect(answer.status == 204)
                    },
                    {
                        let body: JSON = ["email": "thief@else.test", "password": password]
                        let answer = try await site.send(.post, "/auth/email", token: mia, body)
                        #expect(answer.status == 412)
                    },
                ])
            #expect(try await site.mails().isEmpty)
        }
    }

    /// Somebody else who has it sent again and again uses up one kind of mail, and no other.
    @Test(arguments: TestDatabase.all) func aMailboxGetsThreeOfAKind(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind, sendsMail: true) { site in
            try await site.add("mia")
            for number in 0..<5 {
                let join: JSON = ["username": .string("mia\(number)"), "email": "mia@site.test", "password": "a fine passphrase"]
                #expect(try await site.send(.post, "/auth/register", join).json == ["state": "verify_email"])
            }
            #expect(try await site.mails().map(\.kind) == Array(repeating: "already_member", count: 3))
            for _ in 0..<5 { _ = try await Self.link(site, to: "mia@site.test") }
            #expect(try await site.mails().map(\.kind).suffix(from: 3) == Array(repeating: "reset_password", count: 3)[...])
            site.clock.advance(seconds: 1200)
            _ = try await Self.link(site, to: "mia@site.test")
            #expect(try await site.mails().count == 7)
        }
    }

    @Test(arguments: TestDatabase.all) func theLimitsAndAddressesInMailsAreReadByNobodyWithTheDatabase(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind, sendsMail: true) { site in
            try await site.add("mia")
            _ = try await site.send(.post, "/auth/password/forgot", ["email": "mia@site.test"])
            let token = try #require(try await Self.link(site, to: "mia@site.test").string)
            _ = try await site.send(
                .post, "/auth/register", ["username": "anna", "email": "anna@site.test", "password": "a fine passphrase"])
            for table in ["mail_outbox", "mail_wishes", "mail_tokens", "registrations"] as [String] {
                let texts = try await site.everything(in: table)
                for secret in ["mia@site.test", "anna@site.test", token, "a fine passphrase"] {
                    #expect(!texts.contains { $0.contains(secret) }, "\(table) shows \(secret)")
                }
            }
        }
    }
}

@Suite struct LeaveTests {
    @Test(arguments: TestDatabase.all) func whoLeavesFindsEverythingAgainButWhatTheTeamTook(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let id =
                try await site.add("mia", roles: ["role_staff", "role_mod"], ["bio": "Bonjour", "tags": ["beta"]])["id"]?.string ?? ""
            let (root, mia) = (try await site.token("root"), try await site.token("mia"))
            let password = JSON.string(AccountsSite.password(of: "mia"))
            #expect(try await site.send(.post, "/auth/leave", token: mia, ["password": "guess"]).faults == ["/password wrong_password"])
            let left = try await site.send(.post, "/auth/leave", token: mia, ["password": password])
            #expect((left.status, left.json["until"]) == (200, "2027-02-14T08:00:00.000Z"))
            #expect(try await site.send(.get, "/auth/session", token: mia).status == 401)
            #expect(try await site.send(.get, "/users/u_mia", token: root).json["deleted_at"] == "2027-01-15T08:00:00.000Z")
            #expect(try await site.send(.get, "/users?search=mia", token: root).items.isEmpty)
            // The name stays hers.
            #expect(
                try await site.send(.post, "/users", token: root, ["username": "mia", "email": "b@site.test"]).code == "username_taken")
            #expect(try await site.send(.delete, "/users/\(id)/roles/role_mod", token: root).status == 200)
            #expect(try await site.login("mia", "wrong").status == 401)
            site.clock.advance(seconds: 30 * 86_400 - 1)
            try await site.accounts.eraseLeft()
            let back = try await site.login("mia")
            #expect(back.status == 200 && back.json["user"]?["bio"] == "Bonjour" && back.json["user"]?["tags"] == ["beta"])
            #expect(back.json["user"]?["role_details"]?.array?.compactMap { $0["name"]?.string } == ["staff", "member"])
            #expect(back.json["user"]?["deleted_at"] == .null)
            #expect(try await site.audited(id).filter { $0.hasPrefix("user.") } == ["user.create", "user.leave", "user.return"])
            #expect(try await site.events(of: id).filter { $0.hasPrefix("user.") } == ["user.created", "user.deleted", "user.restored"])
        }
    }

    @Test(arguments: TestDatabase.all) func whoStaysAwayIsErasedAndWhoWasDeletedDoesNotReturn(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            for name in ["mia", "zoe", "yan"] { try await site.add(name) }
            for name in ["mia", "yan"] {
                let body: JSON = ["password": .string(AccountsSite.password(of: name))]
                #expect(try await site.send(.post, "/auth/leave", token: try await site.token(name), body).status == 200)
            }
            let root = try await site.token("root")
            #expect(try await site.send(.delete, "/users/u_zoe", token: root).status == 204)
            #expect(try await site.login("zoe").status == 401)
            // The team may bring her back as well.
            #expect(try await site.send(.post, "/users/u_yan/restore", token: root).json["deleted_at"] == .null)
            site.clock.advance(seconds: 30 * 86_400)
            #expect(try await site.login("mia").status == 401)
            try await site.accounts.eraseLeft()
            let names = try await site.database.read { try $0.rows("SELECT username FROM users ORDER BY username").map { $0.text(0) } }
            #expect(names == ["root", "yan", "zoe"])
            #expect(
                try await site.send(.post, "/users", token: try await site.token("root"), ["username": "mia", "email": "m@site.test"])
                    .status == 201)
        }
    }

    @Test func ofTwoOwnersWhoLeaveAtOnceOneStays() async throws {
        try await AccountsSite.with(.postgres) { site in
            let id = try #require(UserID(uuid: try await site.add("mia")["id"]?.string ?? ""))
            _ = try await site.database.write { try site.roles.ownership.add(id, scope: Scope(requestID: "test"), in: $0) }
            let statuses = Statuses()
            var acts: [@Sendable () async throws -> Void] = []
            for name in ["root", "mia"] {
                let (token, body) = (try await site.token(name), ["password": .string(AccountsSite.password(of: name))] as JSON)
                acts.append { statuses.add(try await site.send(.post, "/auth/leave", token: token, body).status) }
            }
            try await site.meet(at: "SELECT 1 FROM users FOR UPDATE", acts)
            #expect(statuses.sorted == [200, 409])
        }
    }

    @Test(arguments: TestDatabase.all) func theLastOwnerStaysAndABannedPersonComesBackBanned(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let root = try await site.token("root")
            let last = try await site.send(.post, "/auth/leave", token: root, ["password": .string(AccountsSite.ownerPassword)])
            #expect((last.status, last.code) == (409, "last_owner"))
            try await site.add("mia")
            #expect(
                try await site.send(
                    .post, "/auth/leave", token: try await site.token("mia"), ["password": .string(AccountsSite.password(of: "mia"))]
                ).status == 200)
            try await site.database.write { _ = try $0.execute("UPDATE users SET is_disabled = \(true) WHERE username = 'mia'") }
            #expect(try await site.login("mia").code == "disabled")
            #expect(try await site.database.read { try $0.row("SELECT left_at FROM users WHERE username = 'mia'")?.isNull(0) } == false)
        }
    }
}
