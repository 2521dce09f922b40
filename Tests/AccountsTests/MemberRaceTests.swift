import Database
import HTTP
import Kernel
import TestSupport
import Testing

/// Two people of the team at the same member, at the same moment.
@Suite struct MemberRaceTests {
    private static let rounds = 1...5

    /// Of two who began with the same version one saves, be it the profile, the full set of roles, or an act upon the account.
    @Test(arguments: TestDatabase.all) func ofTwoWhoSawTheSameVersionOneSaves(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            try await site.add("ada", roles: ["role_admin"])
            try await site.add("mia")
            let (ada, root) = (try await site.token("ada"), try await site.token("root"))
            for round in Self.rounds {
                let seen = try #require(try await site.send(.get, "/users/u_mia", token: root).json["version"]?.integer)
                func save(_ token: String, _ method: HTTPMethod, _ path: String, _ body: JSON) async throws -> Int {
                    try await site.send(method, path, token: token, body, headers: ["If-Match": "\"\(seen)\""]).status
                }
                async let named = save(
                    ada, .patch, "/users/u_mia", ["display_name": .string("Mia \(round)"), "roles": ["role_member", "role_staff"]])
                async let banned = save(root, .post, "/users/u_mia/ban", ["reason": "spam"])
                let statuses = try await [named, banned]
                #expect(statuses.sorted() == [200, 412])
                let mia = try await site.send(.get, "/users/u_mia", token: root).json
                #expect(mia["is_banned"]?.bool == (statuses[1] == 200) && mia["version"] == JSON(seen + 1))
                #expect((mia["display_name"] == .string("Mia \(round)")) == (statuses[0] == 200))
                #expect((mia["roles"]?.array?.count == 2) == (statuses[0] == 200))
                #expect(try await site.send(.delete, "/users/u_mia/ban", token: root).status == 200)
                #expect(try await site.send(.patch, "/users/u_mia", token: root, ["roles": ["role_member"]]).status == 200)
            }
        }
    }

    /// Who is given a role while they are deleted got it before, or is not there any more; coming back they hold what was acknowledged.
    @Test(arguments: TestDatabase.all) func aMemberIsGivenARoleWhileTheyAreDeleted(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            try await site.add("ada", roles: ["role_admin"])
            let (ada, root) = (try await site.token("ada"), try await site.token("root"))
            for round in Self.rounds {
                let id = try #require(try await site.add("mia\(round)")["id"]?.string)
                async let given = site.send(.post, "/users/\(id)/roles", token: ada, ["role_id": "role_staff"]).status
                async let deleted = site.send(.delete, "/users/\(id)", token: root).status
                let (gift, end) = try await (given, deleted)
                #expect(end == 204 && [200, 404].contains(gift))
                let back = try await site.send(.post, "/users/\(id)/restore", token: root)
                #expect(back.json["roles"]?.array?.count == (gift == 200 ? 2 : 1))
            }
        }
    }

    /// Who is demoted while they invite, ban or give was in time, or is refused: nothing of theirs stands behind it on the log.
    @Test(arguments: TestDatabase.all) func whoIsDemotedActsBeforeOrNotAtAll(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let id = try #require(try await site.add("ada", roles: ["role_admin"])["id"]?.string)
            let actor = try #require(UserID(uuid: id))
            try await site.add("mia")
            let (ada, root) = (try await site.token("ada"), try await site.token("root"))
            for _ in Self.rounds {
                async let demoted = site.send(.delete, "/users/\(id)/roles/role_admin", token: root).status
                async let banned = site.send(.post, "/users/u_mia/ban", token: ada, ["reason": "spam"]).status
                async let named = site.send(.patch, "/users/u_mia", token: ada, ["display_name": "Mimi"]).status
                let (end, acts) = (try await demoted, try await [banned, named])
                #expect(end == 200 && acts.allSatisfy { [200, 403, 404].contains($0) })
                let behind = try await site.database.read { transaction in
                    try transaction.row(
                        """
                        SELECT COUNT(*) FROM audit_log WHERE actor_user_id = \(actor) AND result = 'success' AND action LIKE 'user.%'
                            AND seq > (SELECT MAX(seq) FROM audit_log WHERE action = 'role.revoke' AND target_id = \(id))
                        """)?.int(0)
                }
                #expect(behind == 0)
                #expect(try await site.send(.post, "/users/\(id)/roles", token: root, ["role_id": "role_admin"]).status == 200)
                #expect(try await site.send(.delete, "/users/u_mia/ban", token: root).status == 200)
            }
        }
    }
}
