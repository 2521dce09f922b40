import Database
import HTTP
import Kernel
import Roles
import TestSupport
import Testing

/// Owners who go at the same moment.
@Suite struct OwnerRaceTests {
    /// Each could go if the other stayed: by leaving, or on the command line.
    @Test(arguments: TestDatabase.all) func ofTwoOwnersWhoGoAtOnceOneStays(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let olga = try #require(UserID(uuid: try await site.add("olga")["id"]?.string ?? ""))
            func add() async throws {
                let ownership = site.roles.ownership
                _ = try await site.database.write { try ownership.add(olga, scope: Scope(), in: $0) }
            }
            func leave(_ name: String, _ token: String) async throws -> String {
                let body: JSON = ["password": .string(AccountsSite.password(of: name))]
                let answer = try await site.send(.post, "/auth/leave", token: token, body)
                return answer.status == 200 ? "gone" : answer.code ?? ""
            }
            func remove() async throws -> String {
                let ownership = site.roles.ownership
                do {
                    try await site.database.write { try ownership.remove(olga, scope: Scope(), in: $0) }
                    return "gone"
                } catch let problem as Problem { return problem.code }
            }
            for round in 1...8 {
                try await add()
                let (first, second) = (try await site.token("root"), try await site.token("olga"))
                async let root = leave("root", first)
                async let other = round.isMultiple(of: 2) ? remove() : leave("olga", second)
                #expect(try await [root, other].sorted() == ["gone", "last_owner"])
                let owners = try await site.database.read { transaction in
                    try transaction.row(
                        """
                        SELECT COUNT(*) FROM user_roles JOIN users ON users.id = user_roles.user_id
                        WHERE user_roles.role_id = 1 AND user_roles.revoked_at IS NULL AND users.deleted_at IS NULL
                        """)?.int(0)
                }
                #expect(owners == 1)
            }
        }
    }
}
