import Audit
import Authorization
import Database
import Directory
import HTTP
import Kernel
import Roles
import TestSupport
import Testing

/// What runs on every request or under the lock reads no large table from end to end.
@Suite struct QueryPlanTests {
    private static let large = ["user_roles", "held", "user_overrides", "user_override_versions", "users", "role_holders"]

    @Test(arguments: TestDatabase.all) func noLargeTableIsScanned(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind, seen: ExplainedDatabase.init) { site in
            let explained = try #require(site.database as? ExplainedDatabase)
            try await Crowd().fill(.users, .assignments, .overrides, in: site.database)
            try await site.add("rita", .owner)
            try await site.makeRole("guide", 40, ["roles.assign", "users.read"])
            try await site.makeRole("helper", 30, ["audit.read"])
            let (root, mia) = (try await site.id("root"), try await site.id("mia"))
            let roles = site.roles
            let before = explained.plans.count
            for path in ["roles", "permissions", "permissions?permission=users.read", "permissions?at=2027-01-01T00:00:00Z", "overrides"] {
                #expect(try await site.send(.get, "/users/u_mia/\(path)").status == 200)
            }
            // Everybody, a few, an owner alone; by role and by override.
            for key in ["chat.read", "moderation.reports", "webhooks.manage", "users.read"] {
                // PostgreSQL reads a table of overrides of one permission alone from end to end.
                let path = "/permissions/\(key)/holders?limit=50" + (kind == .postgres && key == "users.read" ? "" : "&count=true")
                #expect(try await site.send(.get, path).status == 200)
            }
            for patch: JSON in [["role_id": "role_member", "permissions": ["chat.read"]], ["role_id": "role_helper", "deleted": true]] {
                #expect(try await site.send(.post, "/roles/preview", patch).status == 200)
            }
            #expect(try await site.send(.get, "/roles").status == 200)
            #expect(try await site.send(.post, "/users/u_mia/roles/preview", ["role_id": "role_guide"]).status == 200)
            #expect(try await site.send(.post, "/users/u_mia/roles", ["role_id": "role_guide"]).status == 200)
            #expect(try await site.send(.delete, "/users/u_mia/roles/role_guide").status == 200)
            try await site.database.write { transaction in
                let scope = Scope(userID: root)
                _ = try roles.authorizer.rights(of: mia, in: transaction)
                try roles.authorizer.requireMayManage(scope, target: mia, in: transaction)
                try roles.authorizer.requireNotLastOwner(root, in: transaction)
                try roles.assignments.setRoles(of: mia, to: ["role_guide"], scope: scope, in: transaction)
                try roles.assignments.setRoles(of: mia, to: ["role_member"], scope: scope, in: transaction)
                _ = try roles.assignments.roles(of: [root, mia], in: transaction)
                _ = try roles.ownership.hasOwner(in: transaction)
                // PostgreSQL answers this one by hashing the holders once a page, which costs the rare permission less than a look at each person.
                guard kind == .sqlite else { return }
                let condition = try roles.assignments.holding(permission: .usersRead, in: transaction)
                _ = try transaction.rows("SELECT id FROM users WHERE \(sql: condition) AND id > \(0) ORDER BY id LIMIT 50")
            }
            let plans = explained.plans.dropFirst(before)
            #expect(plans.filter { $0.statement.contains("user_roles") }.count > 10)
            // The first few who hold a role, or whoever still could manage roles: never by a walk through all that everybody holds.
            for plan in plans where plan.statement.contains("AS part") {
                #expect(!plan.steps.contains { $0.contains("user_roles_active on user_roles  (") }, "\(plan)")
            }
            for plan in plans { #expect(plan.scanned(Self.large) == [], "\(plan)") }
        }
    }
}
