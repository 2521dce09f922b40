import Accounts
import Crypto
import Database
import HTTP
import Kernel
import TestSupport
import Testing

@Suite struct UserTests {
    @Test(arguments: TestDatabase.all) func anotherPasswordIsAnotherRequest(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let root = try await site.token("root")
            func body(_ password: String) -> JSON {
                ["username": "mia", "email": "mia@site.test", "password": .string(password), "request_id": "once"]
            }
            let made = try await site.send(.post, "/users", token: root, body("a long passphrase"))
            let again = try await site.send(.post, "/users", token: root, body("another passphrase"))
            #expect(made.status == 201 && again.code == "idempotency_key_reused")
            let same = try await site.send(.post, "/users", token: root, body("a long passphrase"))
            #expect(same.json == made.json && same.headers["Idempotent-Replayed"] == "true")
            #expect(try await site.login("mia", "a long passphrase").status == 200)
        }
    }

    @Test(arguments: TestDatabase.all) func aPersonCarriesEveryFieldAndTheAddressIsHidden(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let made = try await site.add(
                "Mia", roles: ["role_staff"], ["display_name": "Mia Ö", "tags": ["beta", "fr", "beta"], "bio": "Bonjour", "locale": "fr"])
            let root = try await site.token("root")
            let read = try await site.send(.get, "/users/u_mia", token: root)
            #expect(read.status == 200 && read.json == made && read.headers["ETag"] == "\"1\"")
            for field in [
                "id", "username", "display_name", "email", "email_verified_at", "avatar_url", "bio", "locale", "status", "chosen_status",
                "status_message",
                "status_emoji", "status_expires_at", "activity_name", "activity", "last_seen_at", "roles", "role_details",
                "permissions_summary", "tags", "is_banned", "ban", "is_disabled", "deleted_at", "created_at", "updated_at", "version",
            ] { #expect(made.object?[field] != nil, "\(field)") }
            #expect(made["username"] == "mia" && made["email"] == "Mia@site.test".lowercased().json && made["tags"] == ["beta", "fr"])
            #expect(made["role_details"]?.array?.compactMap { $0["name"]?.string } == ["staff", "member"])
            #expect(made["roles"]?.array?.count == 2 && made["status"] == "offline" && made["bio"] == "Bonjour" && made["locale"] == "fr")

            try await site.add("sam", roles: ["role_staff"])
            let sam = try await site.token("sam")
            #expect(try await site.send(.get, "/users/u_mia", token: sam).json["email"] == .null)
            #expect(try await site.send(.get, "/users/me", token: sam).json["email"] == "sam@site.test")
            try await site.add("eve")
            let eve = try await site.token("eve")
            let hidden = try await site.send(.get, "/users/u_mia", token: eve)
            let absent = try await site.send(.get, "/users/u_nobody", token: eve)
            #expect((hidden.status, absent.status) == (404, 404) && hidden.json["detail"] == absent.json["detail"])
            #expect(try await site.send(.get, "/users/u_eve", token: eve).json["permissions_summary"]?.array?.isEmpty == false)
        }
    }

    @Test(arguments: TestDatabase.all) func theAddressIsNotInTheDatabase(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            try await site.add("mia")
            let row = try await site.database.read { try $0.row("SELECT email_cipher, email_blind FROM users WHERE username = 'mia'") }
            let (cipher, blind) = (try #require(row?.blob(0)), try #require(row?.blob(1)))
            #expect(!String(decoding: cipher, as: UTF8.self).contains("site") && blind.count == 32)
        }
    }

    @Test(arguments: TestDatabase.all) func theSamplePatchWorksAsItStands(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let made = try await site.add("alex")
            let root = try await site.token("root")
            let answer = try await site.send(
                .patch, "/users/\(made["id"]?.string ?? "")", token: root,
                [
                    "display_name": "Alex Martin", "status": "dnd", "status_message": "En réunion", "roles": ["role_admin", "role_staff"],
                    "tags": ["beta", "fr"],
                ])
            #expect(answer.status == 200 && answer.json["display_name"] == "Alex Martin" && answer.json["tags"] == ["beta", "fr"])
            #expect(
                answer.json["chosen_status"] == "dnd" && answer.json["status"] == "offline" && answer.json["status_message"] == "En réunion"
            )
            #expect(answer.json["role_details"]?.array?.compactMap { $0["name"]?.string } == ["admin", "staff"])
            #expect(answer.headers["ETag"] == "\"2\"" && answer.json["version"] == 2)
            #expect(try await site.send(.get, "/users/u_alex", token: root).json == answer.json)
            let events = try await site.events(of: answer.text("id"))
            #expect(Set(events) == ["user.created", "role.assigned", "role.revoked", "status.changed", "user.updated"])
            for (type, members) in try await site.told(of: answer.text("id")) {
                #expect(members["username"] == "alex" && members["display_name"] != nil, "\(type)")
                #expect(members["actor"]?["username"] == "root" && members["actor"]?["display_name"] != nil, "\(type)")
            }
            // The new rights hold at once.
            let alex = try await site.token("alex")
            #expect(try await site.send(.get, "/users", token: alex).status == 200)
        }
    }

    @Test(arguments: TestDatabase.all) func aPatchIsAllOrNothing(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            try await site.add("mia")
            try await site.add("mo", roles: ["role_mod"])
            let (root, mo) = (try await site.token("root"), try await site.token("mo"))
            let before = try await site.send(.get, "/users/u_mia", token: root).json
            // A moderator may edit profiles, and may not give roles.
            let refused = try await site.send(.patch, "/users/u_mia", token: mo, ["display_name": "X", "roles": ["role_admin"]])
            #expect((refused.status, refused.json["permission"]) == (403, "roles.assign"))
            let unknown = try await site.send(.patch, "/users/u_mia", token: root, ["display_name": "X", "roles": ["role_nothing"]])
            #expect((unknown.status, unknown.faults) == (422, ["/roles/0 unknown_role"]))
            let status = try await site.send(.patch, "/users/u_mia", token: root, ["display_name": "X", "status": "asleep"])
            #expect((status.status, status.faults) == (422, ["/status choice"]))
            let taken = try await site.send(.patch, "/users/u_mia", token: root, ["display_name": "X", "username": "mo"])
            #expect((taken.status, taken.code) == (409, "username_taken"))
            let stale = try await site.send(.patch, "/users/u_mia", token: root, ["display_name": "X"], headers: ["If-Match": "\"9\""])
            #expect(stale.status == 412)
            #expect(try await site.send(.get, "/users/u_mia", token: root).json == before)
        }
    }

    /// Nobody fills the audit log by changing what is theirs: a change is short there, and changes have a rate.
    @Test(arguments: TestDatabase.all) func ownChangesAreShortInTheLogAndLimited(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            try await site.add("mia")
            let (mia, root) = (try await site.token("mia"), try await site.token("root"))
            func write(_ bio: String, as token: String) async throws -> AccountsSite.Answer {
                try await site.send(.patch, "/users/u_mia", token: token, ["bio": .string(bio)])
            }
            let texts = ["🎬", "🎞"].map { String(repeating: $0, count: 2000) }
            for number in 0..<60 { #expect(try await write(texts[number % 2], as: mia).status == 200) }
            let refused = try await write("once more", as: mia)
            #expect(refused.status == 429 && refused.headers["Retry-After"] == "60")
            #expect(try await site.send(.get, "/users/me", token: mia).json["bio"]?.string == texts[1])
            let longest = try await site.database.read { transaction in
                try transaction.row("SELECT MAX(LENGTH(payload)) FROM audit_log WHERE action = 'user.update'")?.int(0) ?? 0
            }
            #expect(longest < 1000)
            // The team is not held by it, and what it writes is kept whole.
            #expect(try await write("by the team", as: root).status == 200)
            site.clock.advance(seconds: 60)
            #expect(try await write("again", as: mia).status == 200)
        }
    }

    @Test(arguments: TestDatabase.all) func aPatchMergesAndNullClears(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            try await site.add("mia")
            let (mia, root) = (try await site.token("mia"), try await site.token("root"))
            let full = try await site.send(
                .patch, "/users/me", token: mia,
                [
                    "display_name": "Mia", "bio": "Hello", "avatar_url": "https://site.test/a.png", "locale": "fr",
                    "status_message": "hi", "status_emoji": "🎬", "activity_name": "Figma",
                ])
            #expect(full.status == 200 && full.json["avatar_url"] == "https://site.test/a.png")
            #expect(full.json["status_emoji"] == "🎬" && full.json["activity_name"] == "Figma")
            let cleared = try await site.send(
                .patch, "/users/me", token: mia, ["bio": nil, "avatar_url": nil, "status_message": nil], headers: ["If-Match": "\"2\""])
            #expect(cleared.status == 200 && cleared.json["bio"] == .null && cleared.json["avatar_url"] == .null)
            #expect(cleared.json["status_message"] == .null && cleared.json["display_name"] == "Mia" && cleared.json["version"] == 3)
            let moved = try await site.send(.patch, "/users/u_mia", token: root, ["email": "New@Site.test"])
            #expect(moved.status == 200 && moved.json["email"] == "new@site.test")
            #expect(try await site.login("new@site.test", AccountsSite.password(of: "mia")).status == 200)
            for (field, value) in [
                ("display_name", JSON("")), ("username", .null), ("avatar_url", "javascript:alert(1)"), ("locale", "de"), ("tags", [7]),
                ("created_at", "2026-01-01"), ("password", "a fine passphrase"),
            ] {
                let answer = try await site.send(.patch, "/users/me", token: mia, [field: value])
                #expect(
                    (answer.status, answer.faults.count) == (field == "tags" && value != [7] ? 403 : 422, 1), "\(field) \(answer.json.text)"
                )
            }
            #expect(try await site.send(.patch, "/users/me", token: mia, ["display_name": nil]).json["display_name"] == "mia")
            // Tags are the team's labels.
            #expect(try await site.send(.patch, "/users/me", token: mia, ["tags": ["vip"]]).status == 403)
            let reset = try await site.send(.patch, "/users/u_mia", token: root, ["password": "given by the team"])
            #expect(reset.status == 200)
            #expect(try await site.send(.get, "/auth/session", token: mia).status == 401)
            #expect(try await site.login("mia", "given by the team").status == 200)
        }
    }

    /// The language that the team gave an account is a default; the one that its person chose or registered in is not.
    @Test(arguments: TestDatabase.all) func aChosenLanguageIsToldFromADefault(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            func isChosen(_ name: String) async throws -> JSON? {
                try await site.send(.get, "/auth/session", token: site.token(name)).json["language_chosen"]
            }
            try await site.add("mia", ["locale": "fr"])
            let root = try await site.token("root")
            #expect(try await site.send(.patch, "/users/u_mia", token: root, ["locale": "en"]).status == 200)
            #expect(try await isChosen("mia") == false)
            #expect(try await site.send(.patch, "/users/me", token: site.token("mia"), ["locale": "fr"]).status == 200)
            #expect(try await isChosen("mia") == true)
            #expect(try await site.send(.patch, "/users/me", token: site.token("mia"), ["locale": "fr"]).status == 200)
            #expect(try await isChosen("mia") == true)
            #expect(try await site.send(.post, "/auth/register", AccountsSite.newcomer("anna", ["locale": "fr"])).status == 201)
            #expect(try await isChosen("anna") == true)
            #expect(try await isChosen("root") == false)
        }
    }

    @Test(arguments: TestDatabase.all) func onlyStrictlyLowerRanksAreManaged(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            for (name, role) in [("ada", "role_admin"), ("ana", "role_admin"), ("mo", "role_mod")] {
                try await site.add(name, roles: [role])
            }
            try await site.add("mia")
            let (ada, mo) = (try await site.token("ada"), try await site.token("mo"))
            let acts: [(HTTPMethod, String, JSON?)] = [
                (.patch, "", ["display_name": "X"]), (.post, "/ban", ["reason": "spam"]), (.post, "/disable", [:]), (.delete, "", nil),
            ]
            for (method, suffix, body) in acts {
                for target in ["u_root", "u_ana"] {
                    #expect(try await site.send(method, "/users/\(target)\(suffix)", token: ada, body).status == 403)
                }
                if suffix != "" || method == .delete {
                    #expect(try await site.send(method, "/users/me\(suffix)", token: ada, body).status == 403)
                }
            }
            #expect(try await site.send(.patch, "/users/u_ada", token: mo, ["display_name": "X"]).status == 403)
            #expect(try await site.send(.patch, "/users/u_mia", token: mo, ["display_name": "X"]).status == 200)
            // Who may mend a profile may not take the account over.
            let taken = try await site.send(.patch, "/users/u_mia", token: mo, ["password": "a fine passphrase"])
            #expect(taken.status == 403 && taken.json["permission"] == "users.password")
            #expect(try await site.send(.patch, "/users/u_mia", token: ada, ["password": "a fine passphrase"]).status == 200)
            #expect(try await site.send(.delete, "/users/u_mia", token: mo).json["permission"] == "users.delete")
            #expect(
                try await site.send(.post, "/users", token: mo, ["username": "new", "email": "n@site.test"]).json["permission"]
                    == "users.create")
            #expect(try await site.send(.post, "/users/u_mo/disable", token: ada).status == 200)
        }
    }

    @Test(arguments: TestDatabase.all) func disablingEndsSessionsAndEnablingGivesEverythingBack(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            try await site.add("mia", roles: ["role_staff"])
            let (mia, root) = (try await site.token("mia"), try await site.token("root"))
            let disabled = try await site.send(.post, "/users/u_mia/disable", token: root, ["reason": "leave"])
            #expect(disabled.status == 200 && disabled.json["is_disabled"] == true)
            #expect(try await site.send(.get, "/auth/session", token: mia).status == 401)
            #expect(site.revoked.codes == [4504])
            let refused = try await site.login("mia")
            #expect((refused.status, refused.code) == (423, "disabled"))
            #expect(try await site.login("mia", "wrong guess").status == 401)
            #expect(try await site.send(.post, "/users/u_mia/disable", token: root).status == 200)
            let enabled = try await site.send(.post, "/users/u_mia/enable", token: root)
            #expect(enabled.json["is_disabled"] == false)
            #expect(enabled.json["role_details"]?.array?.compactMap { $0["name"]?.string } == ["staff", "member"])
            #expect(try await site.login("mia").status == 200)
            let events = try await site.events(of: enabled.text("id")).filter { $0.hasPrefix("user.") }
            #expect(events.suffix(2) == ["user.disabled", "user.enabled"])
        }
    }

    @Test(arguments: TestDatabase.all) func aBanEndsToTheSecondAndSurvivesARestart(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            try await site.add("mia")
            let (mia, root) = (try await site.token("mia"), try await site.token("root"))
            #expect(try await site.send(.post, "/users/u_mia/ban", token: root, [:]).faults == ["/reason required"])
            let banned = try await site.send(
                .post, "/users/u_mia/ban", token: root, ["reason": "spam", "duration_s": 3600, "evidence": ["https://site.test/1"]])
            #expect(banned.status == 200 && banned.json["is_banned"] == true && banned.json["ban"]?["reason"] == "spam")
            #expect(try await site.send(.get, "/auth/session", token: mia).status == 401)
            #expect(site.revoked.codes == [4503])
            let refused = try await site.login("mia")
            #expect((refused.status, refused.code) == (423, "banned"))
            #expect(refused.json["reason"] == "spam" && refused.json["banned_until"] == banned.json["ban"]?["until"])

            let restarted = try AccountsSite(site.database, policy: AccountsSite.openPolicy, sharing: site)
            site.clock.advance(seconds: 3599)
            #expect(try await restarted.login("mia").status == 423)
            try await restarted.accounts.endExpiredSanctions()
            #expect(try await restarted.login("mia").status == 423)
            site.clock.advance(seconds: 1)
            #expect(try await restarted.login("mia").status == 200)
            #expect(try await restarted.send(.get, "/users/me", token: try await restarted.token("mia")).json["is_banned"] == false)
            try await restarted.accounts.endExpiredSanctions()
            #expect(try await site.events(of: banned.text("id")).last == "user.unbanned")

            let root2 = try await site.token("root")
            #expect(try await site.send(.post, "/users/u_mia/ban", token: root2, ["reason": "again"]).json["ban"]?["until"] == .null)
            site.clock.advance(seconds: 500_000_000)
            #expect(try await site.login("mia").status == 423)
            let free = try await site.send(.delete, "/users/u_mia/ban", token: try await site.token("root"))
            #expect(free.status == 200 && free.json["is_banned"] == false && free.json["ban"] == .null)
            #expect(try await site.login("mia").status == 200)
        }
    }

    @Test(arguments: TestDatabase.all) func aSoftDeletionKeepsTheNameAndIsUndone(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let made = try await site.add("mia", roles: ["role_staff"])
            let (mia, root) = (try await site.token("mia"), try await site.token("root"))
            #expect(try await site.send(.delete, "/users/u_mia", token: root).status == 204)
            #expect(try await site.send(.get, "/auth/session", token: mia).status == 401)
            #expect(try await site.login("mia").status == 401)
            #expect(try await site.send(.get, "/users", token: root).usernames == ["root"])
            #expect(try await site.send(.get, "/users?deleted=true", token: root).usernames == ["mia"])
            let again = try await site.send(.post, "/users", token: root, ["username": "mia", "email": "other@site.test"])
            #expect((again.status, again.code) == (409, "username_taken"))
            let restored = try await site.send(.post, "/users/u_mia/restore", token: root)
            #expect(restored.status == 200 && restored.json["deleted_at"] == .null && restored.json["roles"] == made["roles"])
            #expect(try await site.login("mia").status == 200)
        }
    }

    @Test(arguments: TestDatabase.all) func aHardDeletionFreesTheNameAndNeedsItsOwnPermission(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            try await site.add("mia", roles: ["role_staff"])
            try await site.add("hr")
            let root = try await site.token("root")
            let role = try await site.send(
                .post, "/roles", token: root, ["name": "hr", "priority": 400, "permissions": ["users.read", "users.delete"]])
            #expect(role.status == 201)
            #expect(try await site.send(.post, "/users/u_hr/roles", token: root, ["role_id": "role_hr"]).status == 200)
            let hr = try await site.token("hr")
            let refused = try await site.send(.delete, "/users/u_mia?hard=true", token: hr)
            #expect((refused.status, refused.json["permission"]) == (403, "users.delete_hard"))
            #expect(try await site.send(.delete, "/users/u_mia", token: hr).status == 204)
            #expect(try await site.send(.delete, "/users/u_mia?hard=true", token: root).status == 204)
            #expect(try await site.send(.post, "/users/u_mia/restore", token: root).status == 404)
            let again = try await site.add("mia")
            #expect(again["role_details"]?.array?.compactMap { $0["name"]?.string } == ["member"])
        }
    }

    @Test(arguments: TestDatabase.all) func aHardDeletionTakesTheAccessLogAlong(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let mia = try #require(UserID(uuid: try await site.add("mia")["id"]?.string ?? ""))
            try await site.database.write { transaction in
                try transaction.execute(
                    """
                    INSERT INTO access_log (id, user_id, method, route, path, status, ip, user_agent, request_id)
                    VALUES (1, \(mia), 'GET', '/users', '/users', 200, '192.0.2.1', 'a', 'r')
                    """)
                _ = try transaction.execute(
                    "INSERT INTO audit_denials (minute, actor_user_id, action, target_id) VALUES (1, \(mia), 'a', '')")
            }
            #expect(try await site.send(.delete, "/users/u_mia?hard=true", token: try await site.token("root")).status == 204)
            for table in ["access_log", "audit_denials", "known_addresses", "sessions", "api_keys"] {
                #expect(
                    try await site.database.read {
                        try $0.row(
                            SQL(
                                trusted:
                                    "SELECT COUNT(*) FROM \(table) WHERE \(table == "audit_denials" ? "actor_user_id" : "user_id") = \(mia.rawValue)"
                            ))?.int(0)
                    } == 0, "\(table)")
            }
        }
    }

    /// One's own address takes the password, whether or not mail can be sent.
    @Test(arguments: TestDatabase.all) func anAddressTakesThePasswordOnEveryPath(_ kind: TestDatabase) async throws {
        for sendsMail in [false, true] {
            try await AccountsSite.with(kind, sendsMail: sendsMail) { site in
                try await site.add("mia")
                let mia = try await site.token("mia")
                for email: JSON in ["new@site.test", nil] {
                    #expect(try await site.send(.patch, "/users/me", token: mia, ["email": email]).faults == ["/email use_auth_email"])
                }
                #expect(try await site.send(.post, "/auth/email", token: mia, ["email": "new@site.test"]).faults == ["/password required"])
                #expect(try await site.send(.get, "/users/me", token: mia).json["email"] == "mia@site.test")
            }
        }
    }

    @Test(arguments: TestDatabase.all) func oneMailboxIsOneAccountHoweverItIsSpelled(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let root = try await site.token("root")
            let made = try await site.add("anna", ["email": "Anna@Bücher.Example"])
            #expect(made["email"] == "anna@xn--bcher-kva.example")
            for spelling in ["anna@xn--BCHER-kva.example", "anna@bu\u{308}cher.example", "anna@bücher。example"] {
                let again = try await site.send(.post, "/users", token: root, AccountsSite.newcomer("other", ["email": .string(spelling)]))
                #expect(again.code == "email_taken", "\(spelling)")
                #expect(try await site.login(spelling, AccountsSite.password(of: "anna")).status == 200, "\(spelling)")
            }
            let broken = try await site.send(.post, "/users", token: root, AccountsSite.newcomer("other", ["email": "a@xn--abc.example"]))
            #expect(broken.faults == ["/email invalid"])
        }
    }

    /// What was stored in another spelling is written anew at the start; of two accounts with one address one keeps it.
    @Test(arguments: TestDatabase.all) func storedAddressesAreWrittenAnew(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            func store(_ address: String, for name: String) async throws {
                try await site.database.write { [keyring = site.keyring] transaction in
                    let id = try #require(try transaction.row("SELECT id FROM users WHERE username = \(name)")).int64(0)
                    let cipher = keyring.fields.seal(address, column: "users.email", id: id)
                    let blind = keyring.blindIndex.index(address, column: "users.email")
                    _ = try transaction.execute("UPDATE users SET email_cipher = \(cipher), email_blind = \(blind) WHERE id = \(id)")
                }
            }
            for name in ["anna", "bert", "carl"] { try await site.add(name) }
            try await store("anna@bücher.example", for: "anna")
            try await store("anna@xn--bcher-kva.example", for: "bert")
            try await store("carl@münchen.example", for: "carl")
            try await site.accounts.rewriteAddresses()
            let root = try await site.token("root")
            #expect(try await site.send(.get, "/users/u_carl", token: root).json["email"] == "carl@xn--mnchen-3ya.example")
            #expect(try await site.login("carl@münchen.example", AccountsSite.password(of: "carl")).status == 200)
            // The older of the two keeps it; the other still comes in by name.
            #expect(try await site.login("anna@bücher.example", AccountsSite.password(of: "anna")).status == 200)
            #expect(try await site.login("anna@xn--bcher-kva.example", AccountsSite.password(of: "bert")).status == 401)
            #expect(try await site.login("bert").status == 200)
            // Once.
            try await store("carl@bücher.example", for: "carl")
            try await site.accounts.rewriteAddresses()
            #expect(try await site.send(.get, "/users/u_carl", token: root).json["email"] == "carl@bücher.example")
        }
    }

    @Test(arguments: TestDatabase.all) func everyActIsOnTheLogAndNoSecretIs(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let id = try await site.add("mia")["id"]?.string ?? ""
            let root = try await site.token("root")
            let mia = try await site.login("mia")
            let acts: [(HTTPMethod, String, String, JSON?)] = [
                (.patch, "/users/me", mia.text("access_token"), ["bio": "Hi"]),
                (.post, "/auth/email", mia.text("access_token"), ["email": "secret@site.test", "password": "passphrase of mia"]),
                (.patch, "/users/me", mia.text("access_token"), [:]),
                (.delete, "/auth/sessions/\(mia.text("session_id"))", root, nil), (.post, "/users/u_mia/ban", root, ["reason": "spam"]),
                (.delete, "/users/u_mia/ban", root, nil), (.post, "/users/u_mia/disable", root, nil),
                (.post, "/users/u_mia/enable", root, nil),
                (.delete, "/users/u_mia", root, nil), (.post, "/users/u_mia/restore", root, nil),
                (.delete, "/users/u_mia?hard=true", root, nil),
            ]
            for (method, path, token, body) in acts {
                let answer = try await site.send(method, path, token: token, body)
                #expect((200..<300).contains(answer.status), "\(method) \(path) \(answer.json.text)")
            }
            #expect(
                try await site.audited(id) == [
                    "role.assign", "user.create", "auth.login", "user.update", "user.update", "session.revoke", "user.ban", "user.unban",
                    "user.disable",
                    "user.enable", "user.delete", "user.restore", "user.delete",
                ])
            let payloads = try await site.database.read { transaction in
                try transaction.rows("SELECT payload FROM audit_log").map { row in "\(row.values)" }.joined()
            }
            for secret in ["secret@site.test", "argon2id", "passphrase", mia.text("refresh_token")] { #expect(!payloads.contains(secret)) }
        }
    }

    @Test(arguments: TestDatabase.all) func theSameKeyMakesOnePerson(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let root = try await site.token("root")
            let body: JSON = ["username": "mia", "email": "mia@site.test"]
            let first = try await site.send(.post, "/users", token: root, body, headers: ["Idempotency-Key": "one"])
            let again = try await site.send(.post, "/users", token: root, body, headers: ["Idempotency-Key": "one"])
            #expect((first.status, again.status) == (201, 201) && first.json == again.json)
            #expect(first.headers["Location"] == "/api/v1/users/\(first.text("id"))")
            // Without a password nobody signs in.
            #expect(try await site.login("mia", "anything at all").status == 401)
        }
    }
}

extension String {
    fileprivate var json: JSON { .string(self) }
}
