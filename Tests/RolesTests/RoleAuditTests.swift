import Database
import Directory
import HTTP
import Kernel
import Roles
import TestSupport
import Testing

@Suite struct RoleAuditTests {
    struct Entry: Sendable, Equatable {
        let action: String
        let target: String
        let actor: UserID?
        let payload: JSON
        let request: String?
    }

    private func entries(_ site: RolesSite) async throws -> [Entry] {
        try await site.database.read { transaction in
            try transaction.rows(
                "SELECT action, target_type, target_id, actor_user_id, payload, request_id FROM audit_log WHERE result = 'success' ORDER BY seq"
            ).map { row in
                Entry(
                    action: row.text(0), target: "\(row.text(1)) \(row.text(2))", actor: row.optionalID(3),
                    payload: try JSONParser.parse(Array(row.text(4).utf8)), request: row.optionalText(5))
            }
        }
    }

    /// No act without its entry, with what was before and after, who did it and in which request; what is refused or changes nothing leaves none.
    @Test(arguments: TestDatabase.all) func everyActLeavesItsEntry(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            let start = try await entries(site).count
            let (root, mia) = (try await site.id("root"), try await site.id("mia"))
            let id = try #require(try await site.makeRole("guide", 40, ["users.read"]).json["id"]?.string)
            let request: HTTPHeaders = ["X-Request-Id": "request-0001"]
            try await site.send(.patch, "/roles/\(id)", ["priority": 45], headers: request).expect(200)
            try await site.send(.patch, "/roles/\(id)", ["priority": 45]).expect(200)
            try await site.send(.patch, "/roles/\(id)", as: "mia", ["priority": 46]).expect(403)
            try await site.send(.post, "/roles/\(id)/rollback", ["version": 1]).expect(200)
            try await site.send(.post, "/users/u_mia/roles", ["role_id": .string(id), "reason": "because"]).expect(200)
            try await site.send(.post, "/users/u_mia/roles", ["role_id": .string(id)]).expect(200)
            try await site.send(.post, "/users/u_ada/roles", as: "ada", ["role_id": "role_admin"]).expect(403)
            try await site.send(.delete, "/users/u_mia/roles/\(id)").expect(200)
            try await site.send(.delete, "/roles/\(id)").expect(204)
            try await site.send(.post, "/roles/\(id)/restore").expect(200)
            try await site.send(.put, "/users/u_mia/overrides/users.read", ["effect": "deny", "reason": "calm"]).expect(200)
            try await site.send(.delete, "/users/u_mia/overrides/users.read").expect(204)
            let done = try await Array(entries(site).dropFirst(start))
            #expect(
                done.map(\.action) == [
                    "role.create", "role.update", "role.rollback", "role.assign", "role.revoke", "role.delete", "role.restore",
                    "override.set",
                    "override.clear",
                ])
            #expect(done.allSatisfy { $0.actor == root })
            #expect(done[0].target == "role \(id)" && done[3].target == "user \(mia.uuid)" && done[7].target == "user \(mia.uuid)")
            #expect(done[0].payload["before"]?.isNull == true && done[0].payload["after"]?["name"] == "guide")
            #expect(done[1].payload["before"]?["priority"] == 40 && done[1].payload["after"]?["priority"] == 45)
            #expect(done[1].request == "request-0001")
            #expect(done[2].payload["after"] == done[1].payload["before"])
            #expect(done[3].payload["after"]?["role"] == "guide" && done[3].payload["reason"] == "because")
            #expect(done[4].payload["before"]?["role"] == "guide" && done[4].payload["after"]?.isNull == true)
            #expect(done[5].payload["after"]?.isNull == true && done[6].payload["after"]?["name"] == "guide")
            #expect(done[7].payload["after"] == ["permission": "users.read", "effect": "deny", "reason": "calm"])
            #expect(done[8].payload["before"] == done[7].payload["after"])
        }
    }

    @Test(arguments: TestDatabase.all) func theServerSignsWhatItDoesItself(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            try await site.makeRole("guest_star", 40)
            try await site.send(.post, "/users/u_mia/roles", ["role_id": "role_guest_star", "expires_at": "2027-01-15T08:00:01Z"]).expect(
                200)
            site.clock.advance(milliseconds: 1000)
            try await site.roles.revokeExpired()
            let last = try #require(try await entries(site).last)
            #expect(last.action == "role.revoke" && last.actor == nil && last.payload["reason"] == "expired" && last.request == "expiry")
        }
    }
}
