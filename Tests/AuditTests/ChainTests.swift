import Audit
import Database
import Kernel
import TestSupport
import Testing

@Suite struct ChainTests {
    @Test(arguments: TestDatabase.all) func theDatabaseItselfRefusesChanges(_ kind: TestDatabase) async throws {
        try await AuditSite.with(kind) { site in
            try await site.record(3)
            var attempts: [SQL] = [
                "UPDATE audit_log SET reason = 'x' WHERE seq = 2", "DELETE FROM audit_log WHERE seq = 3", "DELETE FROM audit_log",
            ]
            if kind == .sqlite {
                attempts.append("INSERT OR REPLACE INTO audit_log SELECT * FROM audit_log WHERE seq = 1")
            } else {
                attempts.append("TRUNCATE audit_log")
                attempts.append("INSERT INTO audit_log SELECT * FROM audit_log WHERE seq = 1 ON CONFLICT (id) DO UPDATE SET reason = 'x'")
            }
            for attempt in attempts {
                await #expect { try await site.tamper(attempt) } throws: { "\($0)".contains("append-only") }
            }
            let report = try await site.verify()
            #expect(report.isSound && report.entries == 3)
        }
    }

    @Test(arguments: TestDatabase.all) func goesOnAfterARestart(_ kind: TestDatabase) async throws {
        try await AuditSite.with(kind) { site in
            try await site.record(3)
            let again = try await site.restarted()
            try await again.record(2)
            let report = try await again.verify()
            let sequence = try await again.database.read { try $0.rows("SELECT seq FROM audit_log ORDER BY seq").map { $0.int(0) } }
            await again.database.close()
            #expect(report.isSound, "\(report.lines)")
            #expect(sequence == [1, 2, 3, 4, 5])
        }
    }

    /// A third of the transactions is rolled back, and takes no number.
    @Test(arguments: TestDatabase.all) func manyAtOnceLeaveNoGap(_ kind: TestDatabase) async throws {
        try await AuditSite.with(kind) { site in
            await withTaskGroup(of: Void.self) { group in
                for index in 0..<150 {
                    group.addTask {
                        do {
                            try await site.database.write { transaction in
                                for _ in 0..<(index % 4 + 1) {
                                    try site.audit.record(
                                        "user.update", target: nil, payload: [:], result: .success, scope: Scope(), in: transaction)
                                }
                                if index % 3 == 0 { throw Problem.notFound }
                            }
                        } catch {}
                    }
                }
            }
            let expected = (0..<150).filter { $0 % 3 != 0 }.map { $0 % 4 + 1 }.reduce(0, +)
            let report = try await site.verify()
            #expect(report.isSound, "\(report.lines)")
            #expect(report.entries == expected)
            let events = try await site.database.read { try $0.row("SELECT COUNT(*) FROM outbox WHERE type = 'audit.entry'")?.int(0) }
            #expect(events == expected)
        }
    }

    @Test(arguments: TestDatabase.all) func anActThatFailsLeavesNoEntry(_ kind: TestDatabase) async throws {
        try await AuditSite.with(kind) { site in
            await #expect(throws: Problem.self) {
                try await site.database.write { transaction in
                    try site.audit.record("role.create", target: nil, payload: [:], result: .success, scope: Scope(), in: transaction)
                    throw Problem.notFound
                }
            }
            let report = try await site.verify()
            #expect(report.isSound && report.entries == 0)
        }
    }

    /// More than a verifier's batch.
    @Test(arguments: TestDatabase.all) func verifiesALongChain(_ kind: TestDatabase) async throws {
        try await AuditSite.with(kind) { site in
            try await site.database.write { transaction in
                for index in 0..<2100 {
                    try site.audit.record(
                        "user.update", target: (type: "user", id: "\(index)"), payload: ["after": "é\u{1F600}"], result: .fail("why"),
                        scope: Scope(), in: transaction)
                }
            }
            let sound = try await site.verify()
            #expect(sound.isSound && sound.entries == 2100 && sound.signatures == 1)
            try await site.disarm()
            try await site.tamper("UPDATE audit_log SET payload = '{}' WHERE seq = 1700")
            let report = try await site.verify()
            #expect(report.faults.map(\.kind) == [.altered] && report.faults.map(\.seq) == [1700])
        }
    }
}
