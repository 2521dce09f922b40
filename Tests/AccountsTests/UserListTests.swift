import Accounts
import Database
import HTTP
import Kernel
import TestSupport
import Testing

@Suite struct UserListTests {
    /// `root` and five people, one a minute.
    private static func with(_ kind: TestDatabase, _ body: (AccountsSite, String) async throws -> Void) async throws {
        try await AccountsSite.with(kind) { site in
            let people: [(String, [String], JSONObject)] = [
                ("ada", ["role_admin"], ["display_name": "Ada Lovelace"]), ("mo", ["role_mod"], ["tags": ["fr"]]),
                ("bob_1", [], ["display_name": "Élodie 100%"]), ("bob.2", [], ["tags": ["fr", "b\"eta"]]),
                ("zed", ["role_staff"], ["tags": ["Équipe"]]),
            ]
            for (name, roles, more) in people {
                site.clock.advance(seconds: 60)
                try await site.add(name, roles: roles, more)
            }
            try await body(site, try await site.token("root"))
        }
    }

    /// `["x"]` is a cursor, but of no list.
    @Test(arguments: ["/auth/sessions", "/api-keys", "/roles/role_mod/history"]) func aStrangeCursorIsRefused(_ path: String) async throws {
        try await AccountsSite.with(.sqlite) { site in
            let root = try await site.token("root")
            #expect(try await site.send(.get, path, token: root).status == 200)
            let answer = try await site.send(.get, "\(path)?cursor=5b2278225d", token: root)
            #expect(answer.status == 422 && answer.faults == ["?cursor invalid"])
        }
    }

    @Test(arguments: TestDatabase.all) func whoMayNotSeeAddressesFindsNobodyByThem(_ kind: TestDatabase) async throws {
        try await Self.with(kind) { site, root in
            let staff = try await site.token("zed")
            #expect(try await site.send(.get, "/users?search=ada@site.test", token: root).usernames == ["ada"])
            #expect(try await site.send(.get, "/users?search=ada@site.test", token: staff).usernames.isEmpty)
        }
    }

    /// Beside names that their owners choose, the length of a compressed answer would tell of an address.
    @Test(arguments: TestDatabase.all) func aListIsCompressedWithoutAddressesAndReasons(_ kind: TestDatabase) async throws {
        try await Self.with(kind) { site, root in
            let staff = try await site.token("zed")
            func coding(_ path: String, _ token: String) async throws -> String? {
                let headers: HTTPHeaders = ["Host": "site.test", "Authorization": "Bearer \(token)", "Accept-Encoding": "gzip"]
                let request = HTTPRequest(
                    method: .get, target: "/api/v1\(path)", headers: headers, body: [], remoteAddress: "192.0.2.1")
                return try await site.respond(request).headers["Content-Encoding"]
            }
            for token in [root, staff] {
                #expect(try await coding("/users", token) == nil)
                #expect(try await coding("/users?private=true", token) == nil)
                #expect(try await coding("/users?private=false", token) == "gzip")
            }
            #expect(try await site.send(.post, "/users/u_mo/ban", token: root, ["reason": "x"]).status == 200)
            let short = try await site.send(.get, "/users?private=false", token: root).items
            #expect(short.count == 6 && short.allSatisfy { $0["email"] == .null && $0["ban"] == .null && $0["email_verified_at"] == .null })
            #expect(short.contains { $0["is_banned"] == true })
            #expect(try await site.send(.get, "/users", token: root).items.allSatisfy { $0["email"]?.string != nil })
        }
    }

    @Test(arguments: TestDatabase.all) func tagsAreSuggestedTheMostUsedFirst(_ kind: TestDatabase) async throws {
        try await Self.with(kind) { site, root in
            let all = try await site.send(.get, "/users/tags", token: root)
            #expect(all.items.compactMap { $0["tag"]?.string } == ["fr", "b\"eta", "Équipe"])
            #expect(all.items.compactMap { $0["count"]?.integer } == [2, 1, 1])
            #expect(
                try await site.send(.get, "/users/tags?search=%C3%A9Q", token: root).items.compactMap { $0["tag"]?.string } == ["Équipe"])
            #expect(try await site.send(.get, "/users/tags?search=equ", token: root).items.compactMap { $0["tag"]?.string } == ["Équipe"])
            #expect(try await site.send(.delete, "/users/u_zed", token: root).status == 204)
            #expect(try await site.send(.get, "/users/tags", token: root).items.count == 2)
        }
    }

    @Test(arguments: TestDatabase.all) func filtersCombine(_ kind: TestDatabase) async throws {
        try await Self.with(kind) { site, root in
            #expect(try await site.send(.post, "/users/u_bob_1/ban", token: root, ["reason": "x", "duration_s": 60]).status == 200)
            #expect(try await site.send(.post, "/users/u_zed/disable", token: root).status == 200)
            let all = ["ada", "bob.2", "bob_1", "mo", "root", "zed"]
            let cases: [(String, [String])] = [
                ("", all), ("search=bob", ["bob.2", "bob_1"]), ("search=B_1", ["bob_1"]), ("search=%C3%89LODIE", ["bob_1"]),
                ("search=elodie", ["bob_1"]), ("search=E%CC%81lodie", ["bob_1"]),
                ("search=100%25", ["bob_1"]), ("search=lovel", ["ada"]), ("search=ADA@site.test", ["ada"]), ("search=site.test", []),
                ("role=role_admin", ["ada"]), ("role=role_owner", ["root"]), ("role=role_nothing", []), ("role=role_member", all),
                ("permission=users.delete", ["ada", "root"]), ("permission=presence.read", ["ada", "mo", "root", "zed"]),
                ("search=bob&sort=-created_at", ["bob.2", "bob_1"]), ("tag=fr&sort=created_at", ["mo", "bob.2"]),
                ("banned=true", ["bob_1"]), ("banned=false", ["ada", "bob.2", "mo", "root", "zed"]), ("disabled=true", ["zed"]),
                ("tag=fr", ["bob.2", "mo"]), ("tag=f", []), ("tag=b%22eta", ["bob.2"]), ("tag=fr&search=bob", ["bob.2"]),
                ("tag=%C3%89quipe", ["zed"]), ("tag=EQUIPE", ["zed"]), ("tag=%C3%89quip", []),
                ("status=online", []), ("status=offline", all), ("activity=Figma", []),
                ("created_before=2027-01-15T08:01:00Z", ["root"]), ("created_after=2027-01-15T08:04:00Z&disabled=false", ["bob.2"]),
                ("active_after=2020-01-01", []),
            ]
            for (query, expected) in cases {
                let answer = try await site.send(.get, "/users?\(query)&count=true", token: root)
                #expect(answer.usernames == expected, "\(query) \(answer.json.text.prefix(300))")
                #expect(answer.json["total"] == .integer(Int64(expected.count)), "\(query)")
            }
            site.clock.advance(seconds: 60)
            #expect(try await site.send(.get, "/users?banned=true", token: root).usernames.isEmpty)
        }
    }

    @Test(arguments: TestDatabase.all) func peopleAreReadByTheirIdsUpToTheLimit(_ kind: TestDatabase) async throws {
        try await Self.with(kind) { site, root in
            let everybody = try await site.send(.get, "/users", token: root).items
            let ids = everybody.compactMap { $0["id"]?.string }
            let wanted = "\(ids[2]),\(ids[0]),\(ids[2])"
            #expect(try await site.send(.get, "/users?ids=\(wanted)", token: root).usernames == ["ada", "bob_1"])
            #expect(try await site.send(.get, "/users?ids=\(wanted)&search=ada&count=true", token: root).json["total"] == .integer(1))
            // Who is not there is left out.
            #expect(try await site.send(.get, "/users?ids=\(UserID(rawValue: 5)),\(ids[1])", token: root).usernames == ["bob.2"])
            #expect(try await site.send(.get, "/users?ids=me", token: root).status == 422)
            let many = (1...100).map { UserID(rawValue: Int64($0)).description }
            #expect(try await site.send(.get, "/users?ids=\(many.joined(separator: ","))", token: root).usernames.isEmpty)
            let more = many + [UserID(rawValue: 101).description]
            #expect(try await site.send(.get, "/users?ids=\(more.joined(separator: ","))", token: root).status == 422)
        }
    }

    @Test(arguments: TestDatabase.all) func pagesOfEverySortHoldEverybodyOnce(_ kind: TestDatabase) async throws {
        try await Self.with(kind) { site, root in
            try await site.database.write { transaction in
                try transaction.execute("UPDATE users SET last_seen_at = 1000 WHERE username IN ('ada', 'mo')")
                try transaction.execute("UPDATE users SET last_seen_at = 2000 WHERE username = 'zed'")
            }
            let orders: [(String, [String])] = [
                ("username", ["ada", "bob.2", "bob_1", "mo", "root", "zed"]),
                ("-username", ["zed", "root", "mo", "bob_1", "bob.2", "ada"]),
                ("created_at", ["root", "ada", "mo", "bob_1", "bob.2", "zed"]),
                ("-created_at", ["zed", "bob.2", "bob_1", "mo", "ada", "root"]),
                ("last_seen_at", ["root", "bob_1", "bob.2", "ada", "mo", "zed"]),
                ("-last_seen_at", ["zed", "mo", "ada", "bob.2", "bob_1", "root"]),
            ]
            for (sort, expected) in orders {
                for limit in [1, 2, 4, 6] {
                    var seen: [String] = []
                    var cursor = ""
                    repeat {
                        let page = try await site.send(.get, "/users?sort=\(sort)&limit=\(limit)\(cursor)", token: root)
                        #expect(page.status == 200 && page.items.count <= limit)
                        seen += page.usernames
                        cursor = page.json["next"]?.string.map { "&cursor=\($0)" } ?? ""
                    } while !cursor.isEmpty
                    #expect(seen == expected, "\(sort) by \(limit)")
                }
            }
            let next = try #require(try await site.send(.get, "/users?limit=1", token: root).json["next"]?.string)
            #expect(try await site.send(.get, "/users?limit=1&sort=-created_at&cursor=\(next)", token: root).status == 422)
        }
    }

    @Test(arguments: TestDatabase.all) func whatCannotBeAskedIsRefused(_ kind: TestDatabase) async throws {
        let queries = [
            "x=1", "banned=maybe", "status=invisible", "sort=email", "permission=users.everything", "created_after=yesterday", "limit=0",
            "limit=201", "cursor=00",
        ]
        try await AccountsSite.with(kind) { site in
            let token = try await site.token("root")
            for query in queries {
                let answer = try await site.send(.get, "/users?\(query)", token: token)
                #expect((answer.status, answer.faults.count) == (422, 1), "\(query)")
            }
        }
    }

    /// What somebody does is told and found while they are shown as present, on every way alike.
    @Test(arguments: TestDatabase.all) func whoIsAwayIsNotFoundByWhatTheyDid(_ kind: TestDatabase) async throws {
        try await Self.with(kind) { site, root in
            let mo = try await site.token("mo")
            #expect(try await site.send(.patch, "/users/me", token: mo, ["activity_name": "Figma"]).status == 200)
            #expect(try await site.send(.get, "/users?activity=Figma&count=true", token: root).json["total"] == 0)
            #expect(try await site.send(.get, "/users/u_mo", token: root).json["activity_name"] == .null)
            #expect(try await site.send(.get, "/users/me", token: mo).json["activity_name"] == "Figma")
            let told = try await site.database.read { transaction in
                try transaction.rows("SELECT members FROM outbox WHERE type = 'status.changed' AND topics LIKE '%\"users\"%'").map {
                    $0.text(0)
                }
            }
            #expect(told.count == 1 && told.allSatisfy { !$0.contains("Figma") })
        }
    }

    @Test(arguments: TestDatabase.all) func whatAnInvisiblePersonChoosesIsTheirs(_ kind: TestDatabase) async throws {
        try await Self.with(kind) { site, root in
            let mo = try await site.token("mo")
            #expect(try await site.send(.patch, "/users/me", token: mo, ["status": "invisible"]).status == 200)
            let before = try await site.send(.get, "/users/u_mo", token: root).json
            let hidden: JSON = ["activity_name": "Stalker", "status_message": "hidden", "status_emoji": "🦉"]
            #expect(try await site.send(.patch, "/users/me", token: mo, hidden).status == 200)
            #expect(try await site.send(.get, "/users?activity=Stalker", token: root).usernames.isEmpty)
            #expect(try await site.send(.get, "/users/u_mo", token: root).json == before)
            #expect(before["chosen_status"] != "invisible")
            let own = try await site.send(.get, "/users/me", token: mo).json
            #expect(own["chosen_status"] == "invisible" && own["status_message"] == "hidden" && own["activity_name"] == "Stalker")
            #expect(try await site.send(.patch, "/users/me", token: mo, ["status": "online"]).status == 200)
            #expect(try await site.send(.get, "/users/u_mo", token: root).json["status_message"] == "hidden")
        }
    }

    /// A moderator does the same to somebody away and to somebody invisible, and learns nothing from any difference.
    @Test(arguments: TestDatabase.all) func anInvisiblePersonIsNotToldApartFromOneWhoIsAway(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            try await site.add("mod", roles: ["role_admin"])
            let names = ["away", "hidden"]
            for name in names {
                try await site.add(name)
                let own = try await site.token(name)
                #expect(try await site.send(.patch, "/users/me", token: own, ["status": "dnd", "status_message": "out"]).status == 200)
            }
            let own = try await site.token("hidden")
            #expect(try await site.send(.patch, "/users/me", token: own, ["status": "invisible", "status_message": "here"]).status == 200)
            let mod = try await site.token("mod")
            let start = try await site.database.read { try $0.row("SELECT COUNT(*) FROM outbox")?.int(0) ?? 0 }
            let steps: [JSON] = [
                ["status_message": "see you"], ["status_message": "see you"], ["status": "idle"],
                ["status": "online", "status_emoji": "🦉"],
                ["activity_name": "Chess"], ["status_message": nil],
                ["status_message": "until then", "status_expires_at": "2027-01-16T00:00:00Z"],
                ["status": "online"], ["bio": "a"],
            ]
            for step in steps {
                site.clock.advance(seconds: 1)
                var answers: [JSON] = []
                for name in names {
                    let answer = try await site.send(.patch, "/users/u_\(name)", token: mod, step)
                    #expect(answer.status == 200)
                    answers.append(try Self.anonymous(answer.json, name))
                    #expect(try await Self.anonymous(site.send(.get, "/users/u_\(name)", token: mod).json, name) == answers.last)
                }
                #expect(answers[0] == answers[1], "\(step.text)")
            }
            let told = try await site.database.read { transaction in
                try transaction.rows("SELECT topics, type, members FROM outbox ORDER BY event_offset").map {
                    ($0.text(0), $0.text(1), $0.text(2))
                }
            }.dropFirst(start).filter { $0.0.contains("\"users\"") }
            let entries = try await site.database.read { transaction in
                try transaction.rows(
                    "SELECT action, payload, target_id FROM audit_log WHERE actor_user_id = (SELECT id FROM users WHERE username = 'mod') ORDER BY seq"
                ).map { ($0.text(0), $0.text(1), $0.text(2)) }
            }
            var (events, audited): ([[JSON]], [[String]]) = ([], [])
            for name in names {
                let id = try await site.send(.get, "/users/u_\(name)", token: mod).text("id")
                events.append(
                    try told.filter { $0.2.contains(id) }.map { try Self.anonymous(try JSONParser.parse(Array($0.2.utf8)), name) })
                audited.append(entries.filter { $0.2 == id }.map { "\($0.0) \($0.1)" })
            }
            #expect(events[0] == events[1] && events[0].count > 6)
            #expect(audited[0] == audited[1] && audited[0].count > 6)
            // What the moderator wrote is there for the person, who stays invisible.
            let mine = try await site.send(.get, "/users/me", token: own).json
            #expect(mine["chosen_status"] == "invisible" && mine["status_message"] == "until then")
            // That they were invisible stands in the log for themselves and owners alone.
            let hidden = try await site.database.read { transaction in
                try transaction.rows("SELECT action FROM audit_log WHERE payload LIKE '%invisible%'").map { $0.text(0) }
            }
            #expect(hidden == ["status.update_private"])
        }
    }

    /// Without what tells two people apart that is no matter of presence.
    private static func anonymous(_ json: JSON, _ name: String) throws -> JSON {
        var members = json.object ?? [:]
        for field in ["id", "user_id", "email", "role_details", "created_at"] where members[field] != nil { members[field] = .null }
        return try JSONParser.parse(Array(JSON.object(members).text.replacing(name, with: "somebody").utf8))
    }
}
