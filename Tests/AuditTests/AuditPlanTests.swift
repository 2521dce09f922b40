import Audit
import Database
import Kernel
import TestSupport
import Testing

/// The pages of a long log are read along its indexes; a search of its texts looks at a bounded part instead.
@Suite struct AuditPlanTests {
    private static let queries = [
        "", "actor=u_crowd9", "actor=system", "action=role.7", "target=r9", "result=fail", "from=2026-01-01T00:00:00Z",
        "person=u_crowd9", "exclude=role.7,role.8", "ip=203.0.113.9",
    ]

    @Test(arguments: TestDatabase.all) func noPageScansTheLog(_ kind: TestDatabase) async throws {
        try await AuditSite.with(kind, seen: ExplainedDatabase.init) { site in
            let explained = try #require(site.database as? ExplainedDatabase)
            try await Crowd().fill(.users, .audit, in: site.database)
            _ = try await site.add("ada")
            let before = explained.plans.count
            for query in Self.queries {
                let page = try await site.get("/audit?\(query)")
                #expect(page.status == 200, "\(query)")
                guard let next = page.json["next"]?.string else { continue }
                #expect(try await site.get("/audit?cursor=\(next)&\(query)").status == 200)
            }
            let plans = explained.plans.dropFirst(before)
            #expect(plans.filter { $0.statement.contains("FROM audit_log") }.count >= Self.queries.count)
            for plan in plans { #expect(plan.scanned(["audit_log", "users"]) == [], "\(plan)") }
        }
    }
}
