import Database
import HTTP
import Kernel
import Roles
import TestSupport
import Testing

@Suite struct RoleOrderingTests {
    private func order(_ names: [String], version: Int64? = nil) -> JSON {
        ["order": .array(names.map { ["role_id": .string("role_\($0)"), "version": JSON(version)] })]
    }

    private func names(_ site: RolesSite) async throws -> [String] {
        try await site.send(.get, "/roles").items.compactMap { $0["name"]?.string }
    }

    @Test(arguments: TestDatabase.all) func severalRolesMoveTogetherEachWithItsVersionAndEntry(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            for (name, priority) in [("a", 60), ("b", 50), ("c", 40)] { try await site.makeRole(name, priority) }
            try await site.give("c", to: "mia")
            let wanted = ["owner", "admin", "mod", "c", "staff", "b", "a", "member", "guest"]
            let events = try await site.events("name").count
            let moved = try await site.send(.post, "/roles/order", order(wanted, version: 1))
            #expect(moved.status == 200 && moved.items.compactMap { $0["name"]?.string } == wanted, "\(moved.json.text)")
            #expect(try await names(site) == wanted)
            #expect(moved.items.first { $0["name"] == "c" }?["member_count"] == 1)
            let versions = moved.items.filter { $0["version"] == 2 }.compactMap { $0["name"]?.string }
            #expect(versions.count == 2 && versions.contains("c"), "\(versions)")
            #expect(try await site.events("name").dropFirst(events).sorted() == versions.map { "role.updated \($0)" }.sorted())
            let audited = try await site.database.read { transaction in
                try transaction.rows("SELECT target_id, payload FROM audit_log WHERE action = 'role.reorder' AND result = 'success'").count
            }
            #expect(audited == 2)
            let history = try await site.send(.get, "/roles/role_c/history")
            #expect(history.items.first?["diff"]?.object?.names == ["priority"])
            // The same again is nothing; what was seen before is stale.
            #expect(try await site.send(.post, "/roles/order", order(wanted)).items.filter { $0["version"] == 3 } == [])
            #expect(try await site.send(.post, "/roles/order", order(wanted, version: 1)).status == 412)
            #expect(try await site.send(.post, "/roles/order", order(["b", "a"])).items.map { $0["name"] } == ["b", "a"])
        }
    }

    @Test(arguments: TestDatabase.all) func ranksInheritanceAndInputAreChecked(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            try await site.send(.patch, "/roles/role_mod", ["permissions": ["roles.manage", "roles.read"]]).expect(200)
            for (name, priority) in [("high", 600), ("a", 60), ("b", 50)] { try await site.makeRole(name, priority) }
            try await site.makeRole("heir", 70, inherits: ["role_a"])
            func code(_ names: [String], as person: String) async throws -> String? {
                try await site.send(.post, "/roles/order", as: person, order(names)).code
            }
            #expect(try await code(["b", "a"], as: "mo") == nil)
            #expect(try await code(["b", "high"], as: "mo") == "rank_too_low")
            #expect(try await code(["b", "mod"], as: "mo") == "rank_too_low")
            #expect(try await code(["staff", "mod"], as: "root") == "system_role")
            #expect(try await code(["a", "heir"], as: "root") == "invalid")
            #expect(try await site.send(.post, "/roles/order", order(["a", "heir"])).faults == ["/order order_breaks_inheritance"])
            #expect(
                try await site.send(.post, "/roles/order", order(["a", "b", "a", "x"])).faults == [
                    "/order/2/role_id repeated", "/order/3/role_id unknown_role",
                ])
            #expect(try await site.send(.post, "/roles/order", ["order": []]).faults == ["/order type"])
            #expect(
                try await site.send(.post, "/roles/order", ["order": [["role": "a"]]]).faults == [
                    "/order/0/role_id required", "/order/0/role unknown",
                ])
            #expect(try await names(site) == ["owner", "admin", "high", "mod", "staff", "heir", "b", "a", "member", "guest"])
            // The rank moves with the role, for requests at once.
            try await site.makeRole("lead", 300, ["roles.manage", "roles.read"])
            try await site.give("lead", to: "mia")
            #expect(try await code(["b", "a", "member"], as: "mia") == nil)
            #expect(try await site.send(.patch, "/roles/role_b", as: "mia", ["description": "x"]).status == 200)
            #expect(try await code(["b", "lead", "a"], as: "root") == nil)
            #expect(try await site.send(.patch, "/roles/role_b", as: "mia", ["description": "y"]).code == "rank_too_low")
        }
    }

    /// A save and a new order of what both have seen, at once: one is done, the other is told that it came late.
    @Test(arguments: TestDatabase.all) func aNewOrderAgainstAnEdit(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            for round in 1...6 {
                let (low, high) = ("low\(round)", "high\(round)")
                try await site.makeRole(low, 40)
                try await site.makeRole(high, 50)
                let body = order([low, high], version: 1)
                async let edited = site.send(
                    .patch, "/roles/role_\(low)", as: "ada", ["description": "seen"], headers: ["If-Match": "\"1\""]
                ).status
                async let otherEdited = site.send(
                    .patch, "/roles/role_\(high)", as: "ada", ["description": "seen"], headers: ["If-Match": "\"1\""]
                ).status
                async let ordered = site.send(.post, "/roles/order", body)
                let (statuses, answer) = (try await [edited, otherEdited].sorted(), try await ordered)
                let (order, moved) = (answer.status, answer.items.filter { $0["version"] == 2 }.count)
                // What is moved is edited before, and then the order is stale, or not at all: never both, whichever comes first.
                #expect(
                    order == 200 ? statuses.filter { $0 == 412 }.count == moved : order == 412 && statuses.contains(200),
                    "\(order) \(statuses)")
                let versions = try await [low, high].asyncMap {
                    try await site.send(.get, "/roles/role_\($0)").json["version"]?.integer ?? 0
                }
                let writes = statuses.filter { $0 == 200 }.count + moved
                #expect(versions.reduce(0, +) == Int64(2 + writes), "every change that was acknowledged made one version")
            }
        }
    }
}

extension Sequence {
    fileprivate func asyncMap<Value>(_ body: (Element) async throws -> Value) async rethrows -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await body(element)) }
        return values
    }
}
