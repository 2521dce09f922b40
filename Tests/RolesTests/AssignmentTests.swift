import Audit
import Authorization
import Database
import Directory
import HTTP
import Kernel
import Roles
import TestSupport
import Testing

@Suite struct AssignmentTests {
    @Test(arguments: TestDatabase.all) func anAssignmentIsInForceAtOnce(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            let before = try await site.send(.get, "/roles", as: "mia")
            #expect(before.status == 403 && before.code == "permission_denied" && before.json["permission"] == "roles.read")
            try await site.makeRole("auditor", 40, ["audit.read", "roles.read"])
            let answer = try await site.send(.post, "/users/u_mia/roles", ["role_id": "role_auditor", "reason": "Elle relit"])
            #expect(answer.status == 200)
            #expect(answer.json["roles"]?.array?.map { $0["name"] } == ["auditor", "member"])
            #expect(answer.strings("permissions").contains("audit.read"))
            let held = try #require(answer.json["roles"]?[0])
            #expect(
                held.object?.names == [
                    "id", "name", "color", "icon", "priority", "is_system", "assigned_at", "expires_at", "assigned_by", "reason",
                ])
            #expect(held["reason"] == "Elle relit")
            #expect(held["assigned_by"] == JSON(try await site.id("root")))
            #expect(try await site.send(.get, "/roles", as: "mia").status == 200)
            #expect(try await site.send(.get, "/users/me/roles", as: "mia").json == answer.json)
            let revoked = try await site.send(.delete, "/users/u_mia/roles/role_auditor")
            #expect(revoked.status == 200 && revoked.json["roles"]?.array?.map { $0["name"] } == ["member"])
            #expect(!revoked.strings("permissions").contains("audit.read"))
            #expect(try await site.send(.get, "/roles", as: "mia").status == 403)
            #expect(try await site.events("role_name").suffix(2) == ["role.assigned auditor", "role.revoked auditor"])
        }
    }

    @Test(arguments: TestDatabase.all) func assigningTwiceIsOnce(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            try await site.makeRole("guide", 40)
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<8 { group.addTask { try await site.send(.post, "/users/u_mia/roles", ["role_id": "role_guide"]).status } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses == [Int](repeating: 200, count: 8))
            let events = try await site.events("role_name")
            #expect(events.filter { $0 == "role.assigned guide" }.count == 1)
            let rows = try await site.database.read {
                try $0.row("SELECT COUNT(*) FROM user_roles JOIN roles ON roles.id = role_id WHERE name = 'guide'")?.int(0)
            }
            #expect(rows == 1)
            // And revoking at once, too.
            let revocations = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<8 { group.addTask { try await site.send(.delete, "/users/u_mia/roles/role_guide").status } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(revocations == [Int](repeating: 200, count: 8))
            #expect(try await site.events("role_name").filter { $0 == "role.revoked guide" }.count == 1)
            try await site.give("guide", to: "mia")
            #expect(try await site.send(.get, "/roles/role_guide").json["member_count"] == 1)
        }
    }

    @Test(arguments: TestDatabase.all) func manyAreGivenAndTakenTogetherOrNotAtAll(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            for name in ["one", "two"] { try await site.makeRole(name, 40) }
            try await site.makeRole("secret", 45, ["audit.read"])
            let both = try await site.send(.post, "/users/u_mia/roles", ["add": ["role_one", "role_two"], "remove": ["role_member"]])
            #expect(both.json["roles"]?.array?.map { $0["name"] } == ["one", "two"])
            try await site.send(.patch, "/roles/role_mod", ["permissions": ["roles.assign"]]).expect(200)
            let refused = try await site.send(.post, "/users/u_mia/roles", as: "mo", ["remove": ["role_one"], "add": ["role_secret"]])
            #expect(refused.status == 403 && refused.code == "cannot_grant")
            #expect(try await site.send(.get, "/users/u_mia/roles").json["roles"]?.array?.map { $0["name"] } == ["one", "two"])
            let unknown = try await site.send(.post, "/users/u_mia/roles", ["add": ["role_one", "role_x"], "remove": ["nothing"]])
            #expect(unknown.status == 422 && unknown.faults == ["/add/1 unknown_role"])
            #expect(try await site.send(.post, "/users/u_mia/roles", ["role_id": "role_x"]).faults == ["/role_id unknown_role"])
            #expect(try await site.send(.post, "/users/u_mia/roles", [:]).faults == ["/role_id required"])
            #expect(try await site.send(.post, "/users/u_nobody/roles", ["role_id": "role_one"]).status == 404)
            #expect(try await site.send(.delete, "/users/u_mia/roles/role_x").status == 404)
        }
    }

    struct Attempt: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let actor: String
        let person: String
        let role: String
        let code: String?
        init(_ description: String, _ actor: String, _ person: String, _ role: String, _ code: String?) {
            (testDescription, self.actor, self.person, self.role, self.code) = (description, actor, person, role, code)
        }
    }

    static let attempts = [
        Attempt("a member assigns nothing", "mia", "mia", "guide", "permission_denied"),
        Attempt("a mod gives a lower role", "mo", "mia", "guide", nil),
        Attempt("a mod gives it to themselves", "mo", "mo", "guide", nil),
        Attempt("a mod gives their own height", "mo", "mia", "mod", "rank_too_low"),
        Attempt("a mod touches an admin", "mo", "ada", "guide", "rank_too_low"),
        Attempt("a mod gives what they lack", "mo", "mia", "auditor", "cannot_grant"),
        Attempt("a mod gives a role that inherits what they lack", "mo", "mia", "auditHeir", "cannot_grant"),
        Attempt("an admin gives what they hold", "ada", "mia", "auditHeir", nil),
        Attempt("an admin makes no admins", "ada", "mia", "admin", "rank_too_low"),
        Attempt("an admin touches no owner", "ada", "root", "guide", "rank_too_low"),
        Attempt("nobody makes owners", "root", "mia", "owner", "owner_role"),
        Attempt("nobody is given guest", "root", "mia", "guest", "not_assignable"),
    ]

    @Test(arguments: TestDatabase.all, attempts) func rankAndHoldingsDecide(_ kind: TestDatabase, _ attempt: Attempt) async throws {
        try await RolesSite.with(kind) { site in
            try await site.makeRole("guide", 40)
            try await site.makeRole("auditor", 45, ["audit.read"])
            try await site.makeRole("auditHeir", 46, inherits: ["role_auditor"])
            try await site.send(.patch, "/roles/role_mod", ["permissions": ["roles.assign", "chat.write"]]).expect(200)
            let given = try await site.send(
                .post, "/users/u_\(attempt.person)/roles", as: attempt.actor, ["role_id": .string("role_\(attempt.role)")])
            #expect(given.code == attempt.code)
            #expect(given.status == (attempt.code == nil ? 200 : attempt.code == "not_assignable" ? 409 : 403))
            let held = try await site.send(.get, "/users/u_\(attempt.person)/roles").json["roles"]?.array?.map { $0["name"] } ?? []
            #expect(held.contains(.string(attempt.role)) == (attempt.code == nil))
        }
    }

    @Test(arguments: TestDatabase.all) func theFullSetIsCheckedByItsDifference(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            func set(_ person: String, _ references: [String], as actor: String) async throws -> String {
                let scope = Scope(userID: try await site.id(actor))
                let user = try await site.id(person)
                let roles = site.roles
                do {
                    try await site.database.write {
                        try roles.assignments.setRoles(of: user, to: references, scope: scope, in: $0)
                    }
                    return "ok"
                } catch let problem as Problem {
                    return problem.faults.first.map { "\($0.pointer) \($0.code)" } ?? problem.code
                }
            }
            func held(_ person: String) async throws -> [JSON?] {
                try await site.send(.get, "/users/u_\(person)/roles").json["roles"]?.array?.map { $0["name"] } ?? []
            }
            // As the first document has it.
            #expect(try await set("mia", ["role_admin", "role_staff"], as: "root") == "ok")
            #expect(try await held("mia") == ["admin", "staff"])
            #expect(try await set("mia", ["role_staff"], as: "ada") == "rank_too_low")
            #expect(try await held("mia") == ["admin", "staff"])
            #expect(try await set("mia", ["role_staff", "role_ghost"], as: "root") == "/roles/1 unknown_role")
            #expect(try await set("mia", [], as: "root") == "ok")
            #expect(try await held("mia") == [])
            try await site.makeRole("guide", 40)
            #expect(try await set("mia", ["role_guide"], as: "mo") == "permission_denied")
            #expect(try await set("mia", [], as: "mo") == "ok", "no difference, nothing to check")
            #expect(try await set("mia", ["role_guide", "role_guide"], as: "ada") == "ok")
            #expect(try await held("mia") == ["guide"])
        }
    }

    /// An end that comes sooner lifts what the role denies, as taking it away would.
    @Test(arguments: TestDatabase.all) func anEarlierEndIsARevocation(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            try await site.send(.patch, "/roles/role_mod", ["permissions": ["roles.assign", "chat.write"]]).expect(200)
            try await site.makeRole("gag", 40, denied: ["audit.read"])
            try await site.give("gag", to: "mia")
            #expect(try await site.send(.delete, "/users/u_mia/roles/role_gag", as: "mo").code == "cannot_deny")
            func end(_ time: String) -> JSON { ["role_id": "role_gag", "expires_at": .string(time)] }
            #expect(try await site.send(.post, "/users/u_mia/roles", as: "mo", end("2027-01-15T08:00:10Z")).code == "cannot_deny")
            try await site.send(.post, "/users/u_mia/roles", as: "ada", end("2027-01-15T08:00:10Z")).expect(200)
            // A deny is added, as it is lifted, only by whoever holds what it denies.
            #expect(try await site.send(.post, "/users/u_mia/roles", as: "mo", end("2027-01-15T09:00:00Z")).code == "cannot_deny")
            try await site.send(.post, "/users/u_mia/roles", as: "ada", end("2027-01-15T09:00:00Z")).expect(200)
        }
    }

    @Test(arguments: TestDatabase.all) func anAssignmentEndsByItself(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            try await site.makeRole("reader", 40, ["roles.read"])
            let past = try await site.send(
                .post, "/users/u_mia/roles", ["role_id": "role_reader", "expires_at": "2027-01-15T08:00:00.000Z"])
            #expect(past.faults == ["/expires_at past"])
            let given = try await site.send(.post, "/users/u_mia/roles", ["role_id": "role_reader", "expires_at": "2027-01-15T08:00:10Z"])
            #expect(given.json["roles"]?[0]?["expires_at"] == "2027-01-15T08:00:10.000Z")
            site.clock.advance(milliseconds: 9_999)
            #expect(try await site.send(.get, "/roles", as: "mia").status == 200)
            try await site.roles.revokeExpired()
            #expect(try await site.events("reason").last != "role.revoked expired")
            site.clock.advance(milliseconds: 1)
            #expect(try await site.send(.get, "/roles", as: "mia").status == 403, "before any service has seen it")
            try await site.roles.revokeExpired()
            try await site.roles.revokeExpired()
            #expect(try await site.events("reason").filter { $0 == "role.revoked expired" }.count == 1)
            let row = try await site.database.read {
                try $0.row("SELECT revoke_reason, revoked_by, revoked_at - expires_at FROM user_roles WHERE expires_at IS NOT NULL")
            }
            #expect(row?.text(0) == "expired" && row?.isNull(1) == true && row?.int(2) == 0)
            // A new one may be given, its end moved, and taken away.
            let path = "/users/u_mia/roles"
            try await site.send(.post, path, ["role_id": "role_reader", "expires_at": "2027-01-16T00:00:00Z"]).expect(200)
            let kept = try await site.send(.post, path, ["role_id": "role_reader"])
            #expect(kept.json["roles"]?[0]?["expires_at"] == "2027-01-16T00:00:00.000Z")
            let moved = try await site.send(.post, path, ["role_id": "role_reader", "expires_at": nil])
            #expect(moved.json["roles"]?[0]?["expires_at"]?.isNull == true)
        }
    }

    @Test(arguments: TestDatabase.all) func anExpiredAssignmentIsReplacedBeforeTheServiceSawIt(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            try await site.makeRole("reader", 40, ["roles.read"])
            try await site.send(.post, "/users/u_mia/roles", ["role_id": "role_reader", "expires_at": "2027-01-15T08:00:01Z"]).expect(200)
            site.clock.advance(milliseconds: 5000)
            try await site.give("reader", to: "mia")
            #expect(try await site.send(.get, "/roles", as: "mia").status == 200)
            #expect(
                try await site.events("role_name").suffix(3) == ["role.assigned reader", "role.revoked reader", "role.assigned reader"])
        }
    }

    @Test(arguments: TestDatabase.all) func ownersAreMadeAndUnmadeApart(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            let (root, mia) = (try await site.id("root"), try await site.id("mia"))
            let ownership = site.roles.ownership
            func remove(_ user: UserID) async throws -> String {
                do {
                    try await site.database.write { try ownership.remove(user, scope: Scope(), in: $0) }
                    return "ok"
                } catch let problem as Problem { return problem.code }
            }
            func add(_ user: UserID) async throws -> Bool {
                try await site.database.write { try ownership.add(user, scope: Scope(), in: $0) }
            }
            #expect(try await site.database.read { try ownership.hasOwner(in: $0) })
            #expect(try await remove(root) == "last_owner")
            #expect(try await remove(mia) == "not_found")
            #expect(try await site.send(.delete, "/users/u_root/roles/role_owner").code == "owner_role")
            #expect(try await add(mia))
            #expect(try await !add(mia))
            #expect(try await site.send(.get, "/users/u_mia/roles", as: "mia").strings("permissions").count == Permission.all.count)
            // Equals cannot manage each other, and of two who are removed at once one stays.
            #expect(try await site.send(.post, "/users/u_root/roles", as: "mia", ["role_id": "role_staff"]).code == "rank_too_low")
            async let first = remove(root)
            async let second = remove(mia)
            #expect(try await [first, second].sorted() == ["last_owner", "ok"])
        }
    }

    @Test(arguments: TestDatabase.all) func filtersAgreeWithTheEngine(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            try await site.makeRole("reader", 40, ["audit.read"])
            try await site.makeRole("heir", 50, inherits: ["role_reader"])
            try await site.makeRole("blind", 60, denied: ["audit.*"])
            for name in ["rea", "hei", "bli", "all", "den", "off", "own", "late"] { try await site.add(name) }
            for (role, person) in [
                ("reader", "rea"), ("heir", "hei"), ("reader", "bli"), ("blind", "bli"), ("reader", "off"), ("admin", "den"),
            ] {
                try await site.give(role, to: person)
            }
            try await site.send(.put, "/users/u_all/overrides/audit.read", ["effect": "allow", "reason": "calm"]).expect(200)
            try await site.send(.put, "/users/u_den/overrides/audit.read", ["effect": "deny", "reason": "calm"]).expect(200)
            try await site.send(.post, "/users/u_late/roles", ["role_id": "role_reader", "expires_at": "2027-01-15T08:00:01Z"]).expect(200)
            site.clock.advance(milliseconds: 2000)
            let assignments = site.roles.assignments
            let (filtered, computed, readers) = try await site.database.read { transaction in
                let condition = try assignments.holding(permission: .auditRead, in: transaction)
                let filtered = try transaction.rows("SELECT username FROM users WHERE \(sql: condition) ORDER BY username").map {
                    $0.text(0)
                }
                let everybody = try transaction.rows("SELECT id, username FROM users ORDER BY username")
                let rights = try assignments.rights(of: everybody.map { $0.id(0) }, in: transaction)
                let computed = everybody.filter { rights[$0.id(0)]?.can(.auditRead) == true }.map { $0.text(1) }
                let role = try assignments.holding(role: "role_Reader", in: transaction)
                let none = try assignments.holding(role: "role_nobody", in: transaction)
                let readers = try transaction.rows("SELECT username FROM users WHERE \(sql: role) OR \(sql: none) ORDER BY username")
                return (filtered, computed, readers.map { $0.text(0) })
            }
            #expect(filtered == ["ada", "all", "hei", "off", "rea", "root"])
            #expect(computed == filtered)
            #expect(readers == ["bli", "off", "rea"])
        }
    }
}
