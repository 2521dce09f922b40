import Crypto
import Database
import Glibc
import Kernel
import TestSupport
import Testing

@testable import Audit

/// An intruder who holds the database but not the keys; each trace is found, and its place named.
@Suite struct TamperTests {
    /// Ten entries, the triggers gone.
    private func withOpenLog(_ kind: TestDatabase, _ body: (AuditSite, [AuditEntryID]) async throws -> Void) async throws {
        try await AuditSite.with(kind) { site in
            let ids = try await site.record(10)
            try await site.keepHeads()
            let sound = try await site.verify()
            try #require(sound.isSound && sound.heads == 1, "\(sound.lines)")
            try await site.disarm()
            try await body(site, ids)
        }
    }

    @Test(arguments: TestDatabase.all) func anEditedFieldIsFound(_ kind: TestDatabase) async throws {
        try await withOpenLog(kind) { site, ids in
            let edits: [SQL] = [
                "UPDATE audit_log SET actor_user_id = 5 WHERE seq = 4", "UPDATE audit_log SET action = 'x' WHERE seq = 4",
                "UPDATE audit_log SET target_type = NULL WHERE seq = 4", "UPDATE audit_log SET target_id = 'x' WHERE seq = 4",
                "UPDATE audit_log SET payload = '{}' WHERE seq = 4", "UPDATE audit_log SET result = 'fail' WHERE seq = 4",
                "UPDATE audit_log SET reason = '' WHERE seq = 4", "UPDATE audit_log SET timestamp = timestamp + 1 WHERE seq = 4",
                "UPDATE audit_log SET ip = NULL WHERE seq = 4", "UPDATE audit_log SET user_agent = 'y' WHERE seq = 4",
                "UPDATE audit_log SET request_id = 'z' WHERE seq = 4",
            ]
            try await site.tamper("CREATE TABLE backup_log AS SELECT * FROM audit_log")
            for edit in edits {
                try await site.tamper(edit)
                let report = try await site.verify()
                #expect(report.faults == [AuditFault(kind: .altered, chainID: 0, seq: 4, entryID: ids[3])], "\(edit.text): \(report.lines)")
                try await site.tamper("DELETE FROM audit_log", "INSERT INTO audit_log SELECT * FROM backup_log")
            }
            try await site.tamper("UPDATE audit_log SET id = id + 1000000000000 WHERE seq = 4")
            let renamed = try await site.verify()
            #expect(renamed.faults.map(\.kind) == [.altered])
        }
    }

    @Test(arguments: TestDatabase.all) func anEditThatMakesItsHashAnewIsFound(_ kind: TestDatabase) async throws {
        try await withOpenLog(kind) { site, ids in
            try await site.forge(seq: 4, through: 4)
            let one = try await site.verify()
            #expect(one.faults.contains(AuditFault(kind: .doesNotFollow, chainID: 0, seq: 5, entryID: ids[4])), "\(one.lines)")
            // The whole rest of the chain made anew, and the chain's own row: the signatures are what is missing.
            try await site.forge(seq: 4, through: 10)
            let all = try await site.verify()
            #expect(all.faults.contains(AuditFault(kind: .badSignature, chainID: 0, seq: 10, entryID: ids[9])), "\(all.lines)")
            try await site.tamper("UPDATE audit_log SET signature = NULL, key_id = NULL WHERE seq > 3")
            let unsigned = try await site.verify(heads: false)
            #expect(unsigned.faults == [AuditFault(kind: .unsignedEnd, chainID: 0, seq: 10, entryID: ids[9])], "\(unsigned.lines)")
            let withHeads = try await site.verify()
            #expect(withHeads.faults.contains(AuditFault(kind: .notTheHeadKept, chainID: 0, seq: 10, entryID: ids[9])))
        }
    }

    @Test(arguments: TestDatabase.all) func aDeletionIsFound(_ kind: TestDatabase) async throws {
        try await withOpenLog(kind) { site, ids in
            try await site.tamper("DELETE FROM audit_log WHERE seq = 5 OR seq = 6")
            let gap = try await site.verify()
            #expect(gap.faults == [AuditFault(kind: .missing(through: 6), chainID: 0, seq: 5, entryID: nil)])
            // The numbers closed up.
            for seq in 7...10 { try await site.tamper("UPDATE audit_log SET seq = seq - 2 WHERE seq = \(seq)") }
            let closed = try await site.verify()
            #expect(closed.faults.contains(AuditFault(kind: .doesNotFollow, chainID: 0, seq: 5, entryID: ids[6])), "\(closed.lines)")
        }
    }

    @Test(arguments: TestDatabase.all) func theFirstEntriesAreMissed(_ kind: TestDatabase) async throws {
        try await withOpenLog(kind) { site, _ in
            try await site.tamper("DELETE FROM audit_log WHERE seq <= 2")
            let report = try await site.verify()
            #expect(report.faults == [AuditFault(kind: .missing(through: 2), chainID: 0, seq: 1, entryID: nil)])
        }
    }

    @Test(arguments: TestDatabase.all) func anInsertionIsFound(_ kind: TestDatabase) async throws {
        try await withOpenLog(kind) { site, ids in
            for seq in stride(from: 10, through: 5, by: -1) {
                try await site.tamper("UPDATE audit_log SET seq = seq + 1 WHERE seq = \(seq)")
            }
            try await site.copy(seq: 4, as: 5, id: ids[9].rawValue + 1)
            let report = try await site.verify()
            #expect(report.faults.contains { $0.seq == 5 && $0.kind == .doesNotFollow }, "\(report.lines)")
        }
    }

    /// Put behind the end with every hash right.
    @Test(arguments: TestDatabase.all) func anAppendedEntryIsFound(_ kind: TestDatabase) async throws {
        try await withOpenLog(kind) { site, ids in
            let id = AuditEntryID(rawValue: ids[9].rawValue + (1 << 22))
            try await site.copy(seq: 4, as: 11, id: id.rawValue)
            try await site.forge(seq: 11, through: 11)
            try await site.tamper("UPDATE audit_log SET signature = NULL, key_id = NULL WHERE seq = 11")
            let report = try await site.verify()
            #expect(report.faults == [AuditFault(kind: .unsignedEnd, chainID: 0, seq: 11, entryID: id)], "\(report.lines)")
        }
    }

    @Test(arguments: TestDatabase.all) func twoThatChangedPlacesAreFound(_ kind: TestDatabase) async throws {
        try await withOpenLog(kind) { site, _ in
            try await site.tamper(
                "UPDATE audit_log SET seq = 99 WHERE seq = 4", "UPDATE audit_log SET seq = 4 WHERE seq = 7",
                "UPDATE audit_log SET seq = 7 WHERE seq = 99")
            let report = try await site.verify()
            #expect(Set(report.faults.compactMap(\.seq)).isSuperset(of: [4, 7]), "\(report.lines)")
        }
    }

    @Test(arguments: TestDatabase.all) func aCutTailIsFound(_ kind: TestDatabase) async throws {
        try await withOpenLog(kind) { site, ids in
            try await site.tamper("DELETE FROM audit_log WHERE seq > 8")
            let cut = try await site.verify(heads: false)
            #expect(cut.faults == [AuditFault(kind: .cutTail(known: 10), chainID: 0, seq: 8, entryID: ids[7])])
            // The chain's own row set back as well: only what is kept outside the database knows.
            try await site.tamper(
                "UPDATE audit_chains SET seq = 8, hash = (SELECT hash FROM audit_log WHERE seq = 8) WHERE chain_id = 0")
            let unknown = try await site.verify(heads: false)
            #expect(unknown.isSound)
            let known = try await site.verify()
            #expect(known.faults == [AuditFault(kind: .cutTail(known: 10), chainID: 0, seq: 8, entryID: ids[7])])
        }
    }

    @Test(arguments: TestDatabase.all) func anEmptiedLogIsFound(_ kind: TestDatabase) async throws {
        try await withOpenLog(kind) { site, _ in
            try await site.tamper("DELETE FROM audit_log", "DELETE FROM audit_chains")
            let report = try await site.verify()
            #expect(report.faults == [AuditFault(kind: .cutTail(known: 10), chainID: 0, seq: 0, entryID: nil)])
        }
    }

    @Test(arguments: TestDatabase.all) func anotherKeyIsNoKey(_ kind: TestDatabase) async throws {
        try await withOpenLog(kind) { site, ids in
            let stranger = try Keyring.ephemeral()
            let report = try await AuditVerifier(database: site.database, keyring: stranger, headsPath: nil).verify()
            #expect(report.faultCount == 10 && report.faults.allSatisfy { $0.kind == .badSignature })
            #expect(report.faults.map(\.entryID) == ids)
        }
    }

    /// Cuts go unseen for as long as the file's own end is cut too, which is why the log has the heads as well; a forged line is seen.
    @Test func aForgedHeadIsFound() async throws {
        try await withOpenLog(.sqlite) { site, ids in
            let file = HeadsFile(path: site.headsPath)
            let head = try #require(try file.read().heads.last)
            let forged = AuditHead(
                chainID: 0, seq: 99, entryID: ids[0], hash: head.hash, signature: head.signature, keyID: head.keyID)
            try file.append([forged], all: [])
            let report = try await site.verify()
            #expect(report.faults.map(\.kind) == [.damagedHead(site.headsPath)])
        }
    }

    @Test func aLineThatACrashCutIsNoForgery() async throws {
        try await withOpenLog(.sqlite) { site, _ in
            let file = HeadsFile(path: site.headsPath)
            let head = try #require(try file.read().heads.last)
            for cut in [1, 40, head.json.bytes.count] {
                let descriptor = open(site.headsPath, O_WRONLY | O_APPEND)
                let half = Array(head.json.bytes.prefix(cut))
                #expect(write(descriptor, half, half.count) == half.count)
                close(descriptor)
                #expect(try await site.verify().isSound)
                try file.append([head], all: [])
                #expect(try await site.verify().isSound)
                #expect(try file.read().heads.last == head)
            }
        }
    }

    @Test func theFileOfHeadsStaysSmallAndKeepsTheNewest() async throws {
        try await withOpenLog(.sqlite) { site, _ in
            let file = HeadsFile(path: site.headsPath)
            let head = try #require(try file.read().heads.last)
            for _ in 0..<40 { try file.append(Array(repeating: head, count: 300), all: [head]) }
            let (heads, damaged) = try file.read()
            #expect(damaged.isEmpty)
            #expect(heads.last == head)
            #expect(heads.count < 12_000)
        }
    }
}

extension AuditSite {
    /// What the feature's service does each second.
    func keepHeads() async throws {
        let heads = try await database.read { try AuditHead.all(in: $0) }
        try HeadsFile(path: headsPath).append(heads, all: heads)
    }

    /// Changes the first of the entries and makes their hashes anew, each on the one before, with the chain's row.
    func forge(seq first: Int64, through last: Int64) async throws {
        try await database.write { transaction in
            try transaction.execute("UPDATE audit_log SET reason = 'forged' WHERE seq = \(first)")
            for seq in first...last {
                try transaction.execute(
                    "UPDATE audit_log SET prev_hash = (SELECT p.hash FROM audit_log p WHERE p.seq = \(seq - 1)) WHERE seq = \(seq)")
                let row = AuditRow(try transaction.rows("SELECT \(sql: AuditRow.columns) FROM audit_log WHERE seq = \(seq)")[0])
                let hash = AuditHash.hash(of: row.content, chainID: 0, seq: seq, previous: row.previousHash)
                try transaction.execute("UPDATE audit_log SET hash = \(hash) WHERE seq = \(seq)")
                try transaction.execute("UPDATE audit_chains SET hash = \(hash), seq = \(max(last, 10)) WHERE chain_id = 0")
            }
        }
    }

    func copy(seq: Int64, as other: Int64, id: Int64) async throws {
        try await tamper(
            """
            INSERT INTO audit_log (id, chain_id, seq, actor_user_id, action, target_type, target_id, payload, result, reason, timestamp, ip, user_agent,
                request_id, prev_hash, hash, signature, key_id)
            SELECT \(id)::bigint, chain_id, \(other)::bigint, actor_user_id, action, target_type, target_id, payload, result, reason,
                \(AuditEntryID(rawValue: id).timestamp)::bigint, ip, user_agent, request_id, prev_hash, hash, signature, key_id
            FROM audit_log WHERE seq = \(seq)
            """)
    }
}
