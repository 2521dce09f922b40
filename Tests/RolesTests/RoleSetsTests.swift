import Database
import Directory
import HTTP
import Kernel
import Roles
import Seeded
import TestSupport
import Testing

/// What the database counts by sets of roles, against counting everybody.
@Suite struct RoleSetsTests {
    @Test(arguments: TestDatabase.all) func setsFollowEveryChange(_ kind: TestDatabase) async throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("seed \(seed)")
        try await RolesSite.with(kind) { site in
            var history = RandomHistory(seed: seed)
            try await history.begin(site)
            for step in 0..<60 {
                try await history.step(site)
                // Every other time what is over stays with its holder until later.
                if step % 5 == 0 { site.clock.advance(milliseconds: 1500) }
                if step % 10 == 0 { try await site.roles.revokeExpired() }
                try await Self.expectAgreement(site, "seed \(seed) step \(step)")
            }
            let everybody = try await site.send(.get, "/roles?limit=200").items
            #expect(everybody.first { $0["name"] == "member" }?["member_count"] == 8)
        }
    }

    /// Whatever the statement: several rows, other roles, what was revoked, what is erased.
    @Test(arguments: TestDatabase.all) func setsFollowWhateverIsWritten(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            try await Crowd(300).fill(.users, .assignments, in: site.database)
            try await Self.expectAgreement(site, "many rows at once")
            let statements: [SQL] = [
                "UPDATE user_roles SET revoked_at = 7 WHERE user_id % 3 = 0 AND role_id = 5",
                "UPDATE user_roles SET reason = 'x', expires_at = 9 WHERE user_id % 2 = 0",
                "UPDATE user_roles SET role_id = 3 WHERE role_id = 4",
                "UPDATE user_roles SET revoked_at = NULL WHERE user_id % 6 = 0 AND role_id = 5",
                "DELETE FROM user_roles WHERE user_id % 5 = 0",
                "INSERT INTO user_roles (id, user_id, role_id, assigned_at, revoked_at) VALUES (5000000, 1005, 2, 1, 2), (5000001, 1005, 6, 1, NULL)",
                "DELETE FROM user_roles WHERE user_id < 5000",
                "INSERT INTO user_roles (id, user_id, role_id, assigned_at) VALUES (7000000, 1001, 6, 1)",
            ]
            for statement in statements {
                _ = try await site.database.write { try $0.execute(statement) }
                try await Self.expectAgreement(site, statement.text)
            }
            await #expect(throws: (any Error).self) {
                _ = try await site.database.write { try $0.execute("UPDATE user_roles SET user_id = 1002 WHERE user_id = 1001") }
            }
        }
    }

    /// At the same time, on the same few people, by writers who take no other lock.
    @Test(arguments: TestDatabase.all) func setsAgreeAfterChangesAtTheSameTime(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            try await Crowd(6).fill(.users, in: site.database)
            let database = site.database
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in Int64(0)..<6 {
                    group.addTask {
                        for turn in Int64(0)..<12 {
                            let (id, person) = (10_000 * (writer + 1) + turn, 1001 + (writer + turn) % 6)
                            _ = try await database.write { transaction in
                                try transaction.execute(
                                    """
                                    INSERT INTO user_roles (id, user_id, role_id, assigned_at) VALUES (\(id), \(person), \(1 + writer), 1)
                                    ON CONFLICT DO NOTHING
                                    """)
                            }
                            guard turn % 3 == 2 else { continue }
                            _ = try await database.write { transaction in
                                try transaction.execute("UPDATE user_roles SET revoked_at = 2 WHERE id = \(id)")
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            try await Self.expectAgreement(site, "at the same time")
        }
    }

    private static func expectAgreement(_ site: RolesSite, _ moment: String) async throws {
        let (held, sets, counted) = try await site.database.read { transaction in
            let held = try transaction.rows("SELECT user_id, role_id FROM user_roles WHERE revoked_at IS NULL")
            let sets = try transaction.rows("SELECT user_id, roles FROM role_holders")
            return (held, sets, try transaction.rows("SELECT roles, member_count FROM role_sets"))
        }
        var expected: [Int64: Set<Int64>] = [:]
        for row in held { expected[row.int64(0), default: []].insert(row.int64(1)) }
        let found = Dictionary(
            uniqueKeysWithValues: sets.map { ($0.int64(0), Set($0.text(1).split(separator: ",").compactMap { Int64($0) })) })
        #expect(found == expected, "\(moment)")
        let counts = Dictionary(uniqueKeysWithValues: counted.map { ($0.text(0), $0.int(1)) })
        #expect(counts == Dictionary(grouping: sets, by: { $0.text(1) }).mapValues(\.count), "\(moment)")
    }
}
