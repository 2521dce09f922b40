import Authorization
import Database
import Directory
import HTTP
import Kernel
import TestSupport
import Testing

/// Two people of the team at the same role, or at each other, at the same moment. What the requests were answered is compared with what the
/// database holds afterwards.
@Suite struct RaceTests {
    /// A race is run so often, since each time somebody else may be first.
    private static let rounds = 1...5

    /// Without a version each save keeps what the other did not name.
    @Test(arguments: TestDatabase.all) func twoWhoEditDifferentFieldsBothGetTheirs(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            for round in Self.rounds {
                let path = "/roles/role_guide\(round)"
                try await site.makeRole("guide\(round)", 40)
                async let color = site.send(.patch, path, as: "ada", ["color": "#112233"]).status
                async let words = site.send(.patch, path, as: "root", ["description": "shows people around"]).status
                #expect(try await [color, words] == [200, 200])
                let role = try await site.send(.get, path).json
                #expect(role["color"] == "#112233" && role["description"] == "shows people around" && role["version"] == 3)
            }
        }
    }

    /// Of two who began with the same version one saves; the other has all that a merge needs, and loses nothing of either.
    @Test(arguments: TestDatabase.all) func whoComesLateMerges(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            for round in Self.rounds {
                let path = "/roles/role_guide\(round)"
                try await site.makeRole("guide\(round)", 40, ["chat.read"])
                func save(_ person: String, _ body: JSON, _ version: Int64) async throws -> RolesSite.Answer {
                    try await site.send(.patch, path, as: person, body, headers: ["If-Match": "\"\(version)\""])
                }
                let (mine, theirs): (JSON, JSON) = (
                    ["permissions": ["chat.read", "users.read"]], ["description": "theirs", "priority": 41]
                )
                async let first = save("ada", mine, 1)
                async let second = save("root", theirs, 1)
                let answers = try await [first, second]
                #expect(answers.map(\.status).sorted() == [200, 412])
                let isMineLate = answers[0].status == 412
                #expect(answers.first { $0.status == 412 }?.code == "stale_version")
                // The versions since the one that was read say what the other did, and who.
                let news = try await site.send(.get, "\(path)/history").items.filter { ($0["version"]?.integer ?? 0) > 1 }
                let winner = try await site.id(isMineLate ? "root" : "ada")
                #expect(news.count == 1 && news[0]["actor_user_id"] == JSON(winner))
                #expect(news[0]["diff"]?.object?.names.sorted() == (isMineLate ? ["description", "priority"] : ["permissions"]))
                try await save(isMineLate ? "ada" : "root", isMineLate ? mine : theirs, 2).expect(200)
                let role = try await site.send(.get, path)
                #expect(role.strings("permissions") == ["chat.read", "users.read"])
                #expect(role.json["description"] == "theirs" && role.json["priority"] == 41 && role.json["version"] == 3)
            }
        }
    }

    @Test(arguments: TestDatabase.all) func aRollbackAgainstAnEdit(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            for round in Self.rounds {
                let path = "/roles/role_guide\(round)"
                try await site.makeRole("guide\(round)", 40, ["chat.read"])
                try await site.send(.patch, path, ["permissions": ["users.read"]]).expect(200)
                let tag: HTTPHeaders = ["If-Match": "\"2\""]
                async let back = site.send(.post, "\(path)/rollback", as: "ada", ["version": 1], headers: tag).status
                async let on = site.send(.patch, path, ["permissions": ["users.read", "audit.read"]], headers: tag).status
                let statuses = try await [back, on]
                #expect(statuses.sorted() == [200, 412])
                let role = try await site.send(.get, path)
                #expect(role.strings("permissions") == (statuses[0] == 200 ? ["chat.read"] : ["users.read", "audit.read"]))
                #expect(role.json["version"] == 3)
            }
        }
    }

    @Test(arguments: TestDatabase.all) func twoOrdersOfTheSameRoles(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            for (name, priority) in [("a", 40), ("b", 50), ("c", 60)] { try await site.makeRole(name, priority) }
            for _ in Self.rounds {
                let seen = try await site.send(.get, "/roles?is_system=false").items
                func order(_ person: String, _ places: [Int]) async throws -> RolesSite.Answer {
                    let entries = places.map { JSON.object(["role_id": seen[$0]["id"] ?? .null, "version": seen[$0]["version"] ?? .null]) }
                    return try await site.send(.post, "/roles/order", as: person, ["order": .array(entries)])
                }
                async let first = order("ada", [2, 0, 1])
                async let second = order("root", [1, 2, 0])
                let answers = try await [first, second]
                #expect(answers.map(\.status).sorted() == [200, 412])
                let wanted = try #require(answers.first { $0.status == 200 }).items.map { $0["id"] }
                let after = try await site.send(.get, "/roles?is_system=false").items
                #expect(after.map { $0["id"] } == wanted)
                #expect(Set(after.map { $0["priority"]?.integer }).count == 3)
            }
        }
    }

    /// Each could go if the other stayed.
    @Test(arguments: TestDatabase.all, [HTTPMethod.delete, .patch]) func ofTheLastTwoRolesThatManageOneStays(
        _ kind: TestDatabase, _ method: HTTPMethod
    ) async throws {
        try await RolesSite.with(kind) { site in
            try await site.add("olga", .owner)
            try await site.send(.delete, "/users/u_ada/roles/role_admin").expect(200)
            for round in Self.rounds {
                let names = ["first\(round)", "second\(round)"]
                for (name, person) in zip(names, ["ada", "mo"]) {
                    try await site.makeRole(name, 300, ["roles.manage"])
                    try await site.give(name, to: person)
                }
                let body: JSON? = method == .patch ? ["permissions": []] : nil
                async let first = site.send(method, "/roles/role_\(names[0])", as: "root", body)
                async let second = site.send(method, "/roles/role_\(names[1])", as: "olga", body)
                let answers = try await [first, second]
                #expect(answers.filter { $0.status < 300 }.count == 1 && answers.filter { $0.code == "would_lock_out" }.count == 1)
                let managing = try await site.database.read { transaction in
                    try transaction.rows("SELECT name FROM roles WHERE deleted_at IS NULL AND permissions LIKE '%roles.manage%'").map {
                        $0.text(0)
                    }
                }
                #expect(managing == [names[answers[0].code == "would_lock_out" ? 0 : 1]])
                try await site.send(.delete, "/roles/role_\(managing[0])?confirm=true").expect(204)
            }
        }
    }

    /// Equals are refused, however they meet; who is demoted while they demote somebody was either in time or is refused.
    @Test(arguments: TestDatabase.all) func eachDemotesTheOther(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            try await site.add("eve", .admin)
            for _ in Self.rounds {
                async let first = site.send(.delete, "/users/u_eve/roles/role_admin", as: "ada")
                async let second = site.send(.delete, "/users/u_ada/roles/role_admin", as: "eve")
                #expect(try await [first.code, second.code] == ["rank_too_low", "rank_too_low"])
                #expect(try await Self.holders(of: "admin", site) == ["ada", "eve"])

                async let above = site.send(.delete, "/users/u_ada/roles/role_admin", as: "root")
                async let below = site.send(.delete, "/users/u_mo/roles/role_mod", as: "ada")
                let (demoted, demoting) = try await (above, below)
                #expect(demoted.status == 200)
                #expect(demoting.status == 200 || demoting.status == 403)
                #expect(try await Self.holders(of: "admin", site) == ["eve"])
                #expect(try await Self.holders(of: "mod", site) == (demoting.status == 200 ? [] : ["mo"]))
                let acts = try await site.database.read { transaction in
                    try transaction.rows(
                        "SELECT actor_user_id FROM audit_log WHERE action = 'role.revoke' AND result = 'success' ORDER BY seq DESC LIMIT 1"
                    ).map { $0.optionalID(0, User.self) }
                }
                let root = try await site.id("root")
                #expect(acts == [root], "nothing that ada did stands behind her demotion")
                try await site.give("admin", to: "ada")
                try await site.give("mod", to: "mo")
            }
        }
    }

    /// Who gives a role that goes is told so, or gave it before; nobody can do by it what it allowed.
    @Test(arguments: TestDatabase.all) func aRoleIsGivenWhileItIsDeleted(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            let mia = try await site.id("mia")
            for round in Self.rounds {
                let name = "guide\(round)"
                try await site.makeRole(name, 40, ["audit.read"])
                async let given = site.send(.post, "/users/u_mia/roles", as: "ada", ["role_id": .string("role_\(name)")])
                async let deleted = site.send(.delete, "/roles/role_\(name)").status
                let answer = try await given
                #expect(try await deleted == 204)
                #expect(answer.status == 200 || answer.faults == ["/role_id unknown_role"])
                let held = try await site.database.read { transaction in
                    try transaction.row(
                        """
                        SELECT COUNT(*) FROM user_roles JOIN roles ON roles.id = user_roles.role_id
                        WHERE user_roles.user_id = \(mia) AND roles.name = \(name) AND user_roles.revoked_at IS NULL
                        """)?.int(0)
                }
                #expect(held == (answer.status == 200 ? 1 : 0))
                #expect(try await site.send(.get, "/users/u_mia/roles", as: "mia").strings("permissions").contains("audit.read") == false)
            }
        }
    }

    @Test(arguments: TestDatabase.all) func aRoleIsInheritedWhileItIsDeleted(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            for round in Self.rounds {
                let (low, high) = ("low\(round)", "high\(round)")
                try await site.makeRole(low, 40)
                try await site.makeRole(high, 50)
                async let inherited = site.send(.patch, "/roles/role_\(high)", as: "ada", ["inherits": [.string("role_\(low)")]])
                async let deleted = site.send(.delete, "/roles/role_\(low)")
                let (heir, gone) = try await (inherited, deleted)
                let isInherited = heir.status == 200
                #expect(isInherited ? gone.code == "role_inherited" : gone.status == 204 && heir.faults == ["/inherits/0 unknown_role"])
                let parents = try await site.send(.get, "/roles/role_\(high)").strings("inherits")
                #expect(parents.count == (isInherited ? 1 : 0))
                #expect(try await site.send(.get, "/roles/role_\(low)").status == (isInherited ? 200 : 404))
            }
        }
    }

    @Test(arguments: TestDatabase.all) func twoWhoGiveTheSameRoleGiveItOnce(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            let mia = try await site.id("mia")
            for round in Self.rounds {
                let name = "guide\(round)"
                let body: JSON = ["role_id": .string("role_\(name)")]
                try await site.makeRole(name, 40)
                async let first = site.send(.post, "/users/u_mia/roles", as: "ada", body).status
                async let second = site.send(.post, "/users/u_mia/roles", as: "root", body).status
                #expect(try await [first, second] == [200, 200])
                #expect(try await Self.holders(of: name, site) == ["mia"])
                let entries = try await site.database.read { transaction in
                    try transaction.row(
                        "SELECT COUNT(*) FROM audit_log WHERE action = 'role.assign' AND target_id = \(mia.uuid) AND payload LIKE \("%\"\(name)\"%")"
                    )?.int(0)
                }
                #expect(entries == 1)
            }
        }
    }

    @Test(arguments: TestDatabase.all) func twoOverridesOfTheSameVersion(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            let path = "/users/u_mia/overrides/users.read"
            for version in Self.rounds.map({ $0 - 1 }) {
                func set(_ person: String, _ effect: String) async throws -> Int {
                    try await site.send(
                        .put, path, as: person, ["effect": .string(effect), "reason": .string("round \(version)")],
                        headers: ["If-Match": "\"\(version)\""]
                    ).status
                }
                async let first = set("ada", "allow")
                async let second = set("root", "deny")
                let statuses = try await [first, second]
                #expect(statuses.sorted() == [200, 412])
                let override = try await site.send(.get, path).json
                #expect(override["effect"] == .string(statuses[0] == 200 ? "allow" : "deny") && override["version"] == JSON(version + 1))
                let mayRead = try await site.send(.get, "/users/u_mia/roles", as: "mia").strings("permissions").contains("users.read")
                #expect(mayRead == (statuses[0] == 200))
            }
            #expect(try await site.send(.get, "\(path)/history").items.count == Self.rounds.count)
        }
    }

    /// Who holds a role, as the rows say.
    private static func holders(of role: String, _ site: RolesSite) async throws -> [String] {
        try await site.database.read { transaction in
            try transaction.rows(
                """
                SELECT users.username FROM user_roles JOIN roles ON roles.id = user_roles.role_id JOIN users ON users.id = user_roles.user_id
                WHERE roles.name = \(role) AND user_roles.revoked_at IS NULL ORDER BY users.username
                """
            ).map { $0.text(0) }
        }
    }
}
