import Accounts
import Database
import HTTP
import Kernel
import TestSupport
import Testing

@Suite struct RegistrationTests {
    /// What the topic `registrations` said.
    private static func told(_ site: AccountsSite) async throws -> [String] {
        try await site.database.read { transaction in
            try transaction.rows("SELECT members FROM outbox WHERE type = 'registration.updated' ORDER BY event_offset").map { row in
                try JSONParser.parse(Array(row.text(0).utf8))["state"]?.string ?? ""
            }
        }
    }

    @Test(arguments: TestDatabase.all) func theModeIsTheTeamsToChangeAndOutlivesTheProgram(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind, policy: AccountPolicy()) { site in
            try await site.add("mo", roles: ["role_mod"])
            let (root, mo) = (try await site.token("root"), try await site.token("mo"))
            #expect(try await site.send(.get, "/auth/registration").json["mode"] == "closed")
            #expect(try await site.send(.post, "/auth/register", AccountsSite.newcomer("anna")).code == "registration_closed")
            #expect(
                try await site.send(.patch, "/settings", token: mo, ["registration_mode": "open"]).json["permission"] == "settings.manage")
            #expect(try await site.send(.get, "/settings", token: mo).json["permission"] == "settings.read")
            let before = try await site.send(.get, "/settings", token: root)
            #expect(before.json["registration_mode"] == "closed" && before.json["sends_mail"] == false && before.json["rules"] == .null)
            let wrong = try await site.send(.patch, "/settings", token: root, ["registration_mode": "ajar"])
            #expect(wrong.faults == ["/registration_mode choice"])
            let tag = before.headers["ETag"] ?? ""
            let opened = try await site.send(
                .patch, "/settings", token: root, ["registration_mode": "open"], headers: ["If-Match": tag])
            #expect(opened.status == 200 && opened.json["registration_mode"] == "open" && opened.json["version"] == 1)
            #expect(
                try await site.send(.patch, "/settings", token: root, ["registration_mode": "closed"], headers: ["If-Match": tag]).status
                    == 412)
            // Another node, or the program started again, knows it from the database.
            let other = try AccountsSite(site.database, policy: AccountPolicy(), sharing: site)
            #expect(try await other.send(.post, "/auth/register", AccountsSite.newcomer("anna")).status == 201)
            let reset = try await site.send(.patch, "/settings", token: root, ["registration_mode": nil])
            #expect(reset.json["registration_mode"] == "closed")
            #expect(try await site.audited("site") == ["settings.update", "settings.update"])
        }
    }

    @Test(arguments: TestDatabase.all) func theSitesNameIsForEverybodyToReadAndForTheTeamToChange(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind, policy: AccountPolicy()) { site in
            let root = try await site.token("root")
            let before = try await site.send(.get, "/auth/registration")
            #expect(before.json["site_name"] == .null && before.json["has_owner"] == true)
            let long = String(repeating: "n", count: 65)
            for wrong: JSON in ["", .string(long), 7] {
                #expect(try await site.send(.patch, "/settings", token: root, ["site_name": wrong]).status == 422)
            }
            let longest = JSON.string(String(repeating: "n", count: 64))
            #expect(try await site.send(.patch, "/settings", token: root, ["site_name": longest]).json["site_name"] == longest)
            #expect(try await site.send(.patch, "/settings", token: root, ["site_name": "La maison"]).json["site_name"] == "La maison")
            #expect(try await site.send(.get, "/auth/registration").json["site_name"] == "La maison")
            #expect(try await site.send(.patch, "/settings", token: root, ["site_name": nil]).json["site_name"] == .null)
            #expect(try await site.send(.get, "/auth/registration").json["site_name"] == .null)
        }
    }

    @Test(arguments: TestDatabase.all) func theRulesAreAcceptedInTheVersionInForce(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let root = try await site.token("root")
            let half = try await site.send(.patch, "/settings", token: root, ["rules": ["en": "Be kind."]])
            #expect(half.faults == ["/rules/fr required"])
            let set = try await site.send(.patch, "/settings", token: root, ["rules": ["en": "Be kind.", "fr": "Soyez aimables."]])
            #expect(set.json["rules"]?["version"] == 1)
            #expect(try await site.send(.get, "/auth/registration").json["rules"]?["fr"] == "Soyez aimables.")
            #expect(try await site.send(.post, "/auth/register", AccountsSite.newcomer("anna")).faults == ["/rules_version required"])
            _ = try await site.send(.patch, "/settings", token: root, ["rules": ["en": "Be very kind.", "fr": "Soyez très aimables."]])
            let old = try await site.send(.post, "/auth/register", AccountsSite.newcomer("anna", ["rules_version": 1]))
            #expect((old.status, old.code, old.json["rules_version"]) == (409, "rules_changed", 2))
            let joined = try await site.send(.post, "/auth/register", AccountsSite.newcomer("anna", ["rules_version": 2]))
            #expect(joined.status == 201)
            let accepted = try await site.database.read { transaction in
                try transaction.rows("SELECT version, accepted_at FROM rules_acceptances").map { [$0.int64(0), $0.int64(1)] }
            }
            #expect(accepted == [[2, 1_800_000_000_000]])
            let token = joined.text("access_token")
            #expect(try await site.send(.get, "/auth/session", token: token).json["rules_to_accept"] == .null)
            #expect(try await site.send(.get, "/auth/session", token: root).json["rules_to_accept"] == 2)
            #expect(try await site.send(.post, "/auth/rules", token: root, ["version": 1]).code == "rules_changed")
            #expect(try await site.send(.post, "/auth/rules", token: root, ["version": 2]).status == 204)
            #expect(try await site.send(.get, "/auth/session", token: root).json["rules_to_accept"] == .null)
            _ = try await site.send(.patch, "/settings", token: root, ["rules": nil])
            #expect(try await site.send(.post, "/auth/rules", token: token, ["version": 2]).code == "rules_changed")
            #expect(try await site.send(.post, "/auth/register", AccountsSite.newcomer("bert")).status == 201)
        }
    }

    @Test(arguments: TestDatabase.all) func withMailNobodyIsInBeforeTheirAddressAnswered(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind, sendsMail: true) { site in
            let asked = try await site.send(.post, "/auth/register", AccountsSite.newcomer("anna", ["locale": "fr"]))
            #expect((asked.status, asked.json) == (202, ["state": "verify_email"]))
            #expect(try await site.login("anna").code == "email_unverified")
            #expect(try await site.login("anna", "not the password").code == "invalid_credentials")
            #expect(try await site.login("anna@site.test", AccountsSite.password(of: "anna")).code == "email_unverified")
            let mail = try #require(try await site.mails().first)
            #expect((mail.kind, mail.to, mail.subject) == ("confirm_registration", "anna@site.test", "Confirmez votre adresse e-mail"))
            // The name is kept for her.
            var other = AccountsSite.newcomer("anna").object ?? [:]
            other["email"] = "else@site.test"
            #expect(try await site.send(.post, "/auth/register", .object(other)).code == "username_taken")
            #expect(try await site.send(.post, "/auth/email/verify", ["token": "wrong"]).code == "link_invalid")
            let token = JSON(mail.token)
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<4 { group.addTask { try await site.verify(token, "anna").status } }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(statuses.sorted() == [200, 403, 403, 403])
            let login = try await site.login("anna")
            #expect(login.status == 200 && login.json["user"]?["email_verified_at"] == "2027-01-15T08:00:00.000Z")
            #expect(login.json["user"]?["role_details"]?.array?.compactMap { $0["name"]?.string } == ["member"])
            #expect(try await site.audited(login.json["user"]?["id"]?.string ?? "") == ["role.assign", "auth.register", "auth.login"])
        }
    }

    @Test(arguments: TestDatabase.all) func theAnswerDoesNotTellWhoIsRegistered(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind, sendsMail: true) { site in
            try await site.add("mia")
            var taken = AccountsSite.newcomer("zoe").object ?? [:]
            taken["email"] = "MIA@site.test"
            let (first, second) = (
                try await site.send(.post, "/auth/register", .object(taken)),
                try await site.send(.post, "/auth/register", AccountsSite.newcomer("yan"))
            )
            #expect((first.status, first.json) == (second.status, second.json))
            #expect(try await site.mails().map(\.kind) == ["already_member", "confirm_registration"])
            #expect(try await site.mails()[0].token == nil)
            for path in ["/auth/password/forgot", "/auth/email/resend"] {
                let known = try await site.send(.post, path, ["email": "mia@site.test"])
                let unknown = try await site.send(.post, path, ["email": "nobody@site.test"])
                #expect(
                    (known.status, known.json, known.headers["Content-Length"]) == (
                        unknown.status, unknown.json, unknown.headers["Content-Length"]
                    ))
                #expect(known.status == 202)
            }
            // What was written down looks alike, too, until it is looked up.
            #expect(try await site.database.read { try $0.row("SELECT COUNT(*) FROM mail_wishes")?.int(0) } == 4)
            try await site.accounts.grantWishes()
            let kinds = ["already_member", "confirm_registration", "reset_password", "already_member"]
            #expect(try await site.mails().map(\.kind) == kinds)
            #expect(try await site.database.read { try $0.row("SELECT COUNT(*) FROM mail_wishes")?.int(0) } == 0)
        }
    }

    @Test(arguments: TestDatabase.all) func oneMailboxGetsFewMails(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind, sendsMail: true) { site in
            try await site.add("mia")
            for _ in 0..<6 {
                #expect(
                    try await site.send(
                        .post, "/auth/password/forgot", ["email": "mia@site.test"], from: "192.0.2.\(Int.random(in: 1...250))"
                    ).status == 202)
            }
            try await site.accounts.grantWishes()
            #expect(try await site.mails().count == 3)
            site.clock.advance(seconds: 1200)
            _ = try await site.send(.post, "/auth/password/forgot", ["email": "mia@site.test"])
            try await site.accounts.grantWishes()
            #expect(try await site.mails().count == 4)
            var statuses: Set<Int> = []
            for number in 0..<25 {
                statuses.insert(try await site.send(.post, "/auth/password/forgot", ["email": "u\(number)@site.test"]).status)
            }
            #expect(statuses == [202, 429])
        }
    }

    @Test(arguments: TestDatabase.all) func whoeverNeverConfirmsIsForgottenAfterADay(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind, sendsMail: true) { site in
            #expect(try await site.send(.post, "/auth/register", AccountsSite.newcomer("anna")).status == 202)
            site.clock.advance(seconds: 86_399)
            try await site.accounts.sweepRegistrations()
            #expect(try await site.login("anna").status == 423)
            let late = try #require(try await site.mails().first?.token)
            site.clock.advance(seconds: 1)
            try await site.accounts.sweepRegistrations()
            #expect(try await site.login("anna").status == 401)
            #expect(try await site.send(.post, "/auth/email/verify", ["token": .string(late)]).code == "link_invalid")
            #expect(try await site.send(.post, "/auth/register", AccountsSite.newcomer("anna")).status == 202)
            // A second link is as good as the first, and one is enough.
            #expect(try await site.send(.post, "/auth/email/resend", ["email": "anna@site.test"]).status == 202)
            try await site.accounts.grantWishes()
            let links = try await site.mails().suffix(2).compactMap(\.token)
            #expect(try await site.verify(.string(links[1]), "anna").json == ["state": "active"])
            #expect(try await site.verify(.string(links[0]), "anna").status == 403)
        }
    }

    @Test(arguments: TestDatabase.all) func theTeamAcceptsOrRefusesAndThePersonIsTold(_ kind: TestDatabase) async throws {
        var policy = AccountPolicy()
        policy.registration = .approval
        try await AccountsSite.with(kind, policy: policy, sendsMail: true) { site in
            try await site.add("sam", roles: ["role_staff"])
            let (root, sam) = (try await site.token("root"), try await site.token("sam"))
            for name in ["anna", "bert", "carl"] {
                #expect(
                    try await site.send(.post, "/auth/register", AccountsSite.newcomer(name, ["message": "Bonjour"])).json == [
                        "state": "verify_email"
                    ])
            }
            #expect(try await site.send(.get, "/registrations", token: root).items.isEmpty)
            for (mail, name) in zip(try await site.mails(), ["anna", "bert"]) {
                let answer = try await site.verify(JSON(mail.token), name)
                #expect(answer.json == ["state": "pending_approval"])
            }
            #expect(try await site.login("anna").code == "pending_approval")
            #expect(try await site.send(.get, "/registrations", token: sam).json["permission"] == "registrations.review")
            let list = try await site.send(.get, "/registrations?count=true&limit=1", token: root)
            #expect(list.usernames == ["anna"] && list.json["total"] == 2 && list.items[0]["email"] == "anna@site.test")
            let rest = try await site.send(.get, "/registrations?cursor=\(list.text("next"))", token: root)
            #expect(rest.usernames == ["bert"] && rest.json["next"] == .null && rest.items[0]["message"] == "Bonjour")
            #expect(try await site.send(.get, "/registrations?state=unverified", token: root).usernames == ["carl"])
            let (anna, bert) = (list.items[0]["id"]?.string ?? "", rest.items[0]["id"]?.string ?? "")

            // Two reviewers at once: one decides.
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<4 { group.addTask { try await site.send(.post, "/registrations/\(anna)/approve", token: root).status } }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(statuses.sorted() == [200, 404, 404, 404])
            #expect(try await site.login("anna").status == 200)
            #expect(try await site.send(.post, "/registrations/\(bert)/refuse", token: root, [:]).faults == ["/reason required"])
            let refused = try await site.send(.post, "/registrations/\(bert)/refuse", token: root, ["reason": "Nobody knows you."])
            #expect(refused.json["state"] == "refused")
            let told = try await site.login("bert")
            #expect((told.status, told.code, told.json["reason"]) == (423, "registration_refused", "Nobody knows you."))
            #expect(try await site.mails().suffix(2).map(\.kind) == ["registration_approved", "registration_refused"])
            #expect(try await site.audited(bert) == ["registration.refuse"])
            // Each change of the list is told to those who look at it.
            #expect(try await Self.told(site) == ["pending", "pending", "approved", "refused"])
            // The name is free again.
            #expect(try await site.send(.post, "/auth/register", AccountsSite.newcomer("bert")).status == 202)
        }
    }

    @Test(arguments: TestDatabase.all) func aDoorThatClosesMeanwhileIsClosedToWhoeverHasNotConfirmed(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind, sendsMail: true) { site in
            let root = try await site.token("root")
            for (name, mode) in [("anna", "approval"), ("bert", "invitation"), ("carl", "closed")] {
                #expect(try await site.send(.patch, "/settings", token: root, ["registration_mode": "open"]).status == 200)
                #expect(try await site.send(.post, "/auth/register", AccountsSite.newcomer(name)).json == ["state": "verify_email"])
                #expect(try await site.send(.patch, "/settings", token: root, ["registration_mode": .string(mode)]).status == 200)
                let link = JSON(try await site.mails().last?.token)
                #expect(try await site.verify(link, name).json == ["state": "pending_approval"], "\(mode)")
                #expect(try await site.login(name).code == "pending_approval")
            }
            #expect(try await site.send(.get, "/registrations", token: root).usernames == ["anna", "bert", "carl"])
        }
    }

    /// Of those who wait under one address one becomes a member; the others are gone from the list of those who review.
    @Test(arguments: TestDatabase.all) func whoWaitsUnderAMembersAddressIsGone(_ kind: TestDatabase) async throws {
        var policy = AccountPolicy()
        policy.registration = .approval
        try await AccountsSite.with(kind, policy: policy) { site in
            let root = try await site.token("root")
            for name in ["anna", "anne"] {
                #expect(
                    try await site.send(.post, "/auth/register", AccountsSite.newcomer(name, ["email": "anna@site.test"])).status == 202)
            }
            let id = try await site.send(.get, "/registrations", token: root).items[1]["id"]?.string ?? ""
            #expect(try await site.send(.post, "/registrations/\(id)/approve", token: root, [:]).json["username"] == "anne")
            #expect(try await site.send(.get, "/registrations", token: root).items.isEmpty)
            #expect(try await Self.told(site) == ["pending", "pending", "gone", "approved"])
        }
    }

    @Test(arguments: TestDatabase.all) func withoutMailTheTeamAloneDecides(_ kind: TestDatabase) async throws {
        var policy = AccountPolicy()
        policy.registration = .approval
        try await AccountsSite.with(kind, policy: policy) { site in
            let root = try await site.token("root")
            #expect(try await site.send(.post, "/auth/register", AccountsSite.newcomer("anna")).json == ["state": "pending_approval"])
            var taken = AccountsSite.newcomer("zoe").object ?? [:]
            taken["email"] = "root@site.test"
            #expect(try await site.send(.post, "/auth/register", .object(taken)).code == "email_taken")
            let id = try await site.send(.get, "/registrations", token: root).items[0]["id"]?.string ?? ""
            let user = try await site.send(.post, "/registrations/\(id)/approve", token: root, ["reason": "A friend"])
            #expect(user.json["username"] == "anna" && user.json["email_verified_at"] == .null)
            #expect(try await site.login("anna").status == 200)
            for path in ["/auth/password/forgot", "/auth/email/resend"] {
                #expect(try await site.send(.post, path, ["email": "anna@site.test"]).code == "mail_off")
            }
        }
    }

    /// A stranger asks with somebody's address, again and again: neither the mails nor the address become theirs.
    @Test(arguments: TestDatabase.all) func aStrangerGainsNothingByAnothersAddress(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind, sendsMail: true) { site in
            func ask(_ name: String, from address: String) async throws -> Int {
                try await site.send(
                    .post, "/auth/register", AccountsSite.newcomer(name, ["email": "anna@site.test"]), from: address
                ).status
            }
            for number in 0..<6 { #expect(try await ask("thief\(number)", from: "198.51.100.7") == 202) }
            #expect(try await site.mails().count == 3)
            #expect(try await ask("anna", from: "192.0.2.9") == 202)
            #expect(try await ask("thief9", from: "198.51.100.8") == 202)
            let mails = try await site.mails()
            #expect(mails.count == 5)
            // Whatever link is opened with Anna's password, it admits nobody else.
            for mail in mails where mail.token != mails[3].token {
                #expect(try await site.verify(JSON(mail.token), "anna").faults == ["/password wrong_password"])
            }
            #expect(try await site.send(.post, "/auth/email/verify", ["token": JSON(mails[3].token)]).faults == ["/password required"])
            #expect(try await site.verify(JSON(mails[3].token), "anna").json == ["state": "active"])
            #expect(try await site.login("anna").json["user"]?["email"] == "anna@site.test")
            // The first who confirms has the address; the others are gone.
            #expect(try await site.verify(JSON(mails[4].token), "thief9").code == "link_invalid")
            #expect(try await site.login("thief0").code == "invalid_credentials")
        }
    }

    /// Two who can both open their links: one of them has the address.
    @Test(arguments: TestDatabase.all) func ofTwoWhoConfirmOneAddressAtOnceOneIsIn(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind, sendsMail: true) { site in
            for name in ["anna", "anne"] {
                let body = AccountsSite.newcomer(name, ["email": "anna@site.test"])
                #expect(try await site.send(.post, "/auth/register", body).status == 202)
            }
            let links = try await site.mails().map { JSON($0.token) }
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for (link, name) in zip(links, ["anna", "anne"]) { group.addTask { try await site.verify(link, name).status } }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(statuses.sorted() == [200, 403])
        }
    }

    @Test(arguments: TestDatabase.all) func aLinkIsAskedForAgainByNameOrForAllOfAnAddress(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind, sendsMail: true) { site in
            for name in ["anna", "anne"] {
                let body = AccountsSite.newcomer(name, ["email": "anna@site.test"])
                #expect(try await site.send(.post, "/auth/register", body).status == 202)
            }
            #expect(try await site.send(.post, "/auth/email/resend", ["username": "anna"]).status == 202)
            try await site.accounts.grantWishes()
            let own = try #require(try await site.mails().last)
            #expect(try await site.mails().count == 3 && own.to == "anna@site.test")
            #expect(try await site.send(.post, "/auth/email/resend", ["email": "anna@site.test"], from: "192.0.2.77").status == 202)
            try await site.accounts.grantWishes()
            #expect(try await site.mails().count == 5)
            #expect(try await site.verify(JSON(own.token), "anna").status == 200)
        }
    }
}
