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
    @Test func noLargeTableIsScanned() async throws {
        try await RolesSite.with(.sqlite) { site in
            try await site.add("rita", .owner)
            try await site.makeRole("guide", 40, ["roles.assign", "users.read"])
            let (root, mia) = (try await site.id("root"), try await site.id("mia"))
            let roles = site.roles
            let plans = try await site.database.write { transaction in
                let planner = Planner(transaction)
                let explained = Transaction(dialect: .sqlite, runner: planner)
                let scope = Scope(userID: root)
                _ = try roles.authorizer.rights(of: mia, in: explained)
                try roles.authorizer.requireMayManage(scope, target: mia, in: explained)
                try roles.authorizer.requireNotLastOwner(root, in: explained)
                _ = try roles.assignments.setRoles(of: mia, to: ["role_guide"], scope: scope, in: explained)
                _ = try roles.assignments.setRoles(of: mia, to: ["role_member"], scope: scope, in: explained)
                _ = try roles.assignments.roles(of: [root, mia], in: explained)
                _ = try roles.ownership.hasOwner(in: explained)
                let condition = try roles.assignments.holding(permission: .usersRead, in: explained)
                _ = try explained.rows("SELECT id FROM users WHERE \(sql: condition) AND id > \(0) ORDER BY id LIMIT 50")
                return planner.plans
            }
            #expect(plans.contains { $0.contains("SEARCH user_roles USING") })
            for plan in plans {
                for table in ["user_roles", "held", "user_overrides", "user_override_versions", "users"] {
                    #expect(!plan.contains("SCAN \(table) ") && !plan.hasSuffix("SCAN \(table)"), "\(plan)")
                }
            }
        }
    }
}

/// Runs statements and keeps how the database means to run them.
private final class Planner: StatementRunner {
    private let transaction: Transaction
    private(set) var plans: [String] = []

    init(_ transaction: Transaction) { self.transaction = transaction }

    func rows(_ sql: SQL) throws(DatabaseError) -> [Row] {
        try explain(sql)
        return try transaction.rows(sql)
    }

    func run(_ sql: SQL) throws(DatabaseError) -> Int {
        try explain(sql)
        return try transaction.execute(sql)
    }

    private func explain(_ sql: SQL) throws(DatabaseError) {
        for row in try transaction.rows("EXPLAIN QUERY PLAN \(sql: sql)") { plans.append("\(sql.text): \(row.text(3))") }
    }
}
