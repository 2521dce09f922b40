import Accounts
import Database
import HTTP
import Kernel
import TestSupport
import Testing

@Suite struct InvitationTests {
    private static func join(_ site: AccountsSite, _ name: String, _ token: String?, from address: String = "192.0.2.9") async throws
        -> AccountsSite.Answer
    {
        var body: JSONObject = [
            "username": .string(name), "email": .string("\(name)@site.test"), "password": .string(AccountsSite.password(of: name)),
        ]
        if let token { body["invitation"] = .string(token) }
        return try await site.send(.post, "/auth/register", .object(body), from: address)
    }

    private static var byInvitation: AccountPolicy {
        var policy = AccountPolicy()
        policy.registration = .invitation
        return policy
    }

    @Test(arguments: TestDatabase.all) func aLinkIsShownOnceAndLetsIn(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind, policy: Self.byInvitation) { site in
            let root = try await site.token("root")
            #expect(try await Self.join(site, "anna", nil).code == "invitation_required")
            #expect(try await Self.join(site, "anna", "guessed").code == "invitation_invalid")
            let body: JSON = ["note": "Friends", "max_uses": 2, "expires_at": "2027-01-16T08:00:00Z", "roles": ["role_staff"]]
            let made = try await site.send(.post, "/invitations", token: root, body, headers: ["Idempotency-Key": "one"])
            #expect(made.status == 201 && made.text("url") == "/join#token=\(made.text("token"))" && made.text("token").count == 43)
            let replay = try await site.send(.post, "/invitations", token: root, body, headers: ["Idempotency-Key": "one"])
            #expect((replay.status, replay.code, replay.json["id"]) == (409, "already_done", made.json["id"]))
            let id = made.text("id")
            let read = try await site.send(.get, "/invitations/\(id)", token: root)
            #expect(
                read.json["token"] == nil && read.json["state"] == "active" && read.json["uses"] == 0
                    && read.json["created_by_name"] == "root")
            let preview = try await site.send(.post, "/auth/invitation", ["token": .string(made.text("token"))])
            #expect(preview.json["invited_by"] == "root" && preview.json["roles"]?[0]?["name"] == "staff")
            let joined = try await Self.join(site, "anna", made.text("token"))
            #expect(joined.status == 201)
            #expect(joined.json["user"]?["role_details"]?.array?.compactMap { $0["name"]?.string } == ["staff", "member"])
            let assigned = try await site.send(.get, "/users/u_anna/roles", token: root).json["roles"]?[0]
            #expect(assigned?["reason"] == .string("invitation \(id)"))
            #expect(assigned?["assigned_by"] == (try await site.send(.get, "/users/me", token: root)).json["id"])
            #expect(try await site.send(.get, "/invitations?state=active&count=true", token: root).json["total"] == 1)
            #expect(try await site.send(.delete, "/invitations/\(id)", token: root).status == 204)
            #expect(try await site.send(.delete, "/invitations/\(id)", token: root).status == 204)
            #expect(try await Self.join(site, "bert", made.text("token")).code == "invitation_invalid")
            #expect(try await site.send(.get, "/invitations?state=revoked", token: root).items.count == 1)
            #expect(try await site.audited(id) == ["invitation.create", "invitation.revoke"])
            #expect(try await site.login("anna").status == 200)
        }
    }

    @Test(arguments: TestDatabase.all) func ofThoseWhoComeForTheLastUseOneGetsIn(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind, policy: Self.byInvitation) { site in
            let root = try await site.token("root")
            let token = try await site.send(.post, "/invitations", token: root, ["max_uses": 3]).text("token")
            for name in ["first", "second"] { #expect(try await Self.join(site, name, token).status == 201) }
            let answers = try await withThrowingTaskGroup(of: AccountsSite.Answer.self) { group in
                for number in 0..<8 { group.addTask { try await Self.join(site, "late\(number)", token, from: "192.0.2.\(number)") } }
                return try await group.reduce(into: [AccountsSite.Answer]()) { $0.append($1) }
            }
            #expect(answers.filter { $0.status == 201 }.count == 1)
            #expect(answers.filter { $0.status == 409 && $0.code == "invitation_used_up" }.count == 7)
            let list = try await site.send(.get, "/invitations?state=used", token: root)
            #expect(list.items.map { $0["uses"] } == [3])
            #expect(try await site.database.read { try $0.row("SELECT COUNT(*) FROM users")?.int(0) } == 4)
        }
    }

    @Test(arguments: TestDatabase.all) func theDatabaseItselfRefusesOneUseTooMany(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind, policy: Self.byInvitation) { site in
            _ = try await site.send(.post, "/invitations", token: try await site.token("root"), ["max_uses": 1])
            await #expect(throws: (any Error).self) {
                try await site.database.write { try $0.execute("UPDATE invitations SET uses = 2") }
            }
        }
    }

    @Test(arguments: TestDatabase.all) func anExpiredLinkIsNoneAndSoIsOneWhoseAuthorMayNotInviteAnyMore(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind, policy: Self.byInvitation) { site in
            let root = try await site.token("root")
            let role = try await site.send(
                .post, "/roles", token: root, ["name": "host", "priority": 50, "permissions": ["invitations.manage"]])
            try await site.add("hana", roles: [role.text("id")])
            let hana = try await site.token("hana")
            let past = try await site.send(.post, "/invitations", token: hana, ["expires_at": "2020-01-01T00:00:00Z"])
            #expect(past.faults == ["/expires_at past"])
            // She may invite, not give roles.
            let greedy = try await site.send(.post, "/invitations", token: hana, ["roles": ["role_admin"]])
            #expect((greedy.status, greedy.json["permission"]) == (403, "roles.assign"))
            let short = try await site.send(.post, "/invitations", token: hana, ["expires_at": "2027-01-15T08:00:10Z"]).text("token")
            let long = try await site.send(.post, "/invitations", token: hana, [:]).text("token")
            site.clock.advance(seconds: 10)
            #expect(try await Self.join(site, "anna", short).code == "invitation_invalid")
            #expect(try await Self.join(site, "anna", long).status == 201)
            #expect(try await site.send(.delete, "/users/u_hana/roles/\(role.text("id"))", token: root).status == 200)
            #expect(try await Self.join(site, "bert", long).code == "invitation_invalid")
            #expect(try await site.send(.get, "/invitations", token: hana).status == 403)
        }
    }

    @Test(arguments: TestDatabase.all) func whatItsAuthorMayNotGiveAnyMoreIsLeftOut(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind, policy: Self.byInvitation) { site in
            let root = try await site.token("root")
            let host = try await site.send(
                .post, "/roles", token: root, ["name": "host", "priority": 50, "permissions": ["invitations.manage"]])
            let giver = try await site.send(
                .post, "/roles", token: root, ["name": "giver", "priority": 60, "permissions": ["roles.assign", "users.read"]])
            let guide = try await site.send(
                .post, "/roles", token: root, ["name": "guide", "priority": 20, "permissions": ["users.read"]])
            try await site.add("hana", roles: [host.text("id"), giver.text("id")])
            let made = try await site.send(
                .post, "/invitations", token: try await site.token("hana"), ["roles": [.string(guide.text("id"))]])
            #expect(made.status == 201, "\(made.json.text)")
            #expect(try await Self.join(site, "anna", made.text("token")).json["user"]?["role_details"]?[0]?["name"] == "guide")
            #expect(try await site.send(.delete, "/users/u_hana/roles/\(giver.text("id"))", token: root).status == 200)
            let bert = try await Self.join(site, "bert", made.text("token"))
            #expect(bert.json["user"]?["role_details"]?.array?.compactMap { $0["name"]?.string } == ["member"])
            #expect(try await site.audited(made.text("id")) == ["invitation.create", "invitation.roles_left_out"])
        }
    }

    @Test(arguments: TestDatabase.all) func aUseThatNobodyConfirmsComesBack(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind, policy: Self.byInvitation, sendsMail: true) { site in
            let root = try await site.token("root")
            let token = try await site.send(.post, "/invitations", token: root, ["max_uses": 1, "roles": ["role_staff"]]).text("token")
            #expect(try await Self.join(site, "anna", token).status == 202)
            #expect(try await Self.join(site, "bert", token).code == "invitation_used_up")
            site.clock.advance(seconds: 86_400)
            try await site.accounts.sweepRegistrations()
            #expect(try await Self.join(site, "bert", token).status == 202)
            let link = try #require(try await site.mails().last?.token)
            #expect(try await site.verify(.string(link), "bert").json == ["state": "active"])
            let roles = try await site.login("bert").json["user"]?["role_details"]?.array?.compactMap { $0["name"]?.string }
            #expect(roles == ["staff", "member"])
        }
    }

    /// One forgets the applicant while another's confirmation does: the use is given back once.
    @Test func aUseIsGivenBackOnceByWhoeverIsFirst() async throws {
        try await AccountsSite.with(.postgres, sendsMail: true) { site in
            let token = try await site.send(.post, "/invitations", token: try await site.token("root"), ["max_uses": 9]).text("token")
            #expect(try await Self.join(site, "paul", token).status == 202)
            let paul = JSON(try await site.mails().last?.token)
            #expect(try await site.verify(paul, "paul").status == 200)
            #expect(try await Self.join(site, "anna", token).status == 202)
            site.clock.advance(seconds: 43_200)
            let body: JSON = ["username": "anne", "email": "anna@site.test", "password": "a fine passphrase"]
            #expect(try await site.send(.post, "/auth/register", body).status == 202)
            let anne = JSON(try await site.mails().last?.token)
            site.clock.advance(seconds: 43_200)
            try await site.meet(
                at: "SELECT 1 FROM invitations FOR UPDATE",
                [
                    { try await site.accounts.sweepRegistrations() },
                    {
                        let answer = try await site.verify(anne, "anne", password: "a fine passphrase")
                        #expect(answer.json == ["state": "active"])
                    },
                ])
            let uses = try await site.database.read { try $0.row("SELECT uses FROM invitations")?.int(0) }
            #expect(uses == 1, "Paul's")
        }
    }

    @Test(arguments: TestDatabase.all) func whatIsTakenBackBeforeTheConfirmationLetsNobodyIn(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind, policy: Self.byInvitation, sendsMail: true) { site in
            let root = try await site.token("root")
            try await site.add("hana", roles: ["role_admin"])
            let hana = try await site.token("hana")
            let body: JSON = ["roles": ["role_staff"]]
            var links: [JSON] = []
            for (name, author) in [("anna", root), ("bert", hana), ("carl", root)] {
                let made = try await site.send(.post, "/invitations", token: author, body)
                #expect(try await Self.join(site, name, made.text("token")).status == 202)
                links.append(JSON(try await site.mails().last?.token))
                if name == "anna" { #expect(try await site.send(.delete, "/invitations/\(made.text("id"))", token: root).status == 204) }
            }
            #expect(try await site.send(.post, "/users/u_hana/ban", token: root, ["reason": "Sold her account"]).status == 200)
            for (link, (name, state)) in zip(links, [("anna", "pending_approval"), ("bert", "pending_approval"), ("carl", "active")]) {
                #expect(try await site.verify(link, name).json == ["state": .string(state)])
            }
            // The team may let them in all the same, without what the invitation promised.
            for item in try await site.send(.get, "/registrations", token: root).items {
                let id = item["id"]?.string ?? ""
                let member = try await site.send(.post, "/registrations/\(id)/approve", token: root, [:]).json
                #expect(member["role_details"]?.array?.compactMap { $0["name"]?.string } == ["member"])
            }
            #expect(try await site.login("carl").json["user"]?["role_details"]?[0]?["name"] == "staff")
        }
    }

    @Test(arguments: TestDatabase.all) func whoeverIsInvitedNeedsNoApproval(_ kind: TestDatabase) async throws {
        var policy = AccountPolicy()
        policy.registration = .approval
        try await AccountsSite.with(kind, policy: policy) { site in
            let token = try await site.send(.post, "/invitations", token: try await site.token("root"), [:]).text("token")
            #expect(try await Self.join(site, "anna", nil).status == 202)
            #expect(try await Self.join(site, "bert", token).status == 201)
        }
        try await AccountsSite.with(kind, policy: AccountPolicy()) { site in
            let token = try await site.send(.post, "/invitations", token: try await site.token("root"), [:]).text("token")
            #expect(try await Self.join(site, "bert", token).code == "registration_closed")
        }
    }
}
