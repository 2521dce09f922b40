import Database
import Kernel
import TestSupport
import Testing

@testable import Audit

/// The database is replaced by an older copy of it on purpose; the heads that were kept outside know of what is gone.
@Suite struct RestoreTests {
    /// What the tables of the log are in a copy that was made after entry 6 of 10.
    private func withRestoredLog(_ kind: TestDatabase, _ body: (AuditSite) async throws -> Void) async throws {
        try await AuditSite.with(kind) { site in
            try await site.record(6)
            try await site.keepHeads()
            try await site.tamper("CREATE TABLE copied_chains AS SELECT * FROM audit_chains")
            try await site.record(4)
            try await site.keepHeads()
            try await site.disarm()
            try await site.tamper(
                "DELETE FROM audit_log WHERE seq > 6", "DELETE FROM audit_chains", "INSERT INTO audit_chains SELECT * FROM copied_chains")
            try await body(site)
        }
    }

    private func accept(_ site: AuditSite) async throws -> AcceptRestore.Outcome {
        try await AcceptRestore(database: site.database, audit: site.audit, keyring: site.keyring, headsPath: site.headsPath).perform()
    }

    @Test(arguments: TestDatabase.all, [0, 1, 9]) func anAcceptedRestoreVerifiesAgain(_ kind: TestDatabase, _ since: Int) async throws {
        try await withRestoredLog(kind) { site in
            // The site may have gone on meanwhile.
            try await site.record(since)
            try await site.keepHeads()
            let before = try await site.verify()
            #expect(!before.isSound)
            guard case .accepted(let heads, let file) = try await accept(site) else { throw NotAccepted() }
            #expect(heads == 1)
            #expect(try HeadsFile(path: file).read().heads.map(\.seq) == [10])
            let after = try await site.verify()
            #expect(after.isSound && after.heads >= 1, "\(after.lines)")
            let entry = try await site.get("/audit?action=audit.restore_accepted", as: nil)
            #expect(entry.status == 401)
            _ = try await site.add("ada")
            let payload = try await site.get("/audit?action=audit.restore_accepted").items.first?["payload"]
            #expect(payload?["heads"]?.integer == 1)
            #expect(payload?["abandoned"]?.array?.first?["last_seq"]?.integer == 10)
            try await site.record(12)
            try await site.keepHeads()
            let later = try await site.verify()
            #expect(later.isSound && later.heads > after.heads, "\(later.lines)")
            guard case .nothingToAccept = try await accept(site) else { throw NotAccepted() }
        }
    }

    @Test(arguments: TestDatabase.all) func whatIsNoRestoreIsNotAccepted(_ kind: TestDatabase) async throws {
        try await withRestoredLog(kind) { site in
            try await site.tamper("UPDATE audit_log SET action = 'x' WHERE seq = 4")
            guard case .refused(let report) = try await accept(site) else { throw NotAccepted() }
            #expect(report.faults.map(\.kind) == [.altered])
            #expect(try await !site.verify().isSound)
            let count = try await site.database.read {
                try $0.row("SELECT COUNT(*) FROM audit_log WHERE action = 'audit.restore_accepted'")?.int(0)
            }
            #expect(count == 0)
        }
    }

    /// The end of the log was taken out of the database that is in use: its own row of the chain tells.
    @Test(arguments: TestDatabase.all) func aCutTailIsNotAccepted(_ kind: TestDatabase) async throws {
        try await AuditSite.with(kind) { site in
            try await site.record(10)
            try await site.keepHeads()
            try await site.disarm()
            try await site.tamper("DELETE FROM audit_log WHERE seq > 6")
            guard case .refused = try await accept(site) else { throw NotAccepted() }
        }
    }
}

private struct NotAccepted: Error {}
