package import Crypto
package import Database
package import Kernel

/// Acknowledges that the database was replaced by an older copy on purpose: an entry of the log says so and names what it gives up, and the heads that were
/// kept of it are put aside, so that what comes from now on can be verified again.
package struct AcceptRestore: Sendable {
    private let database: any Database
    private let audit: AuditLog
    private let keyring: Keyring
    private let file: HeadsFile
    private let clock: WallClock

    /// - Parameter headsPath: the file of heads, which knows of what the copy does not hold.
    package init(database: any Database, audit: AuditLog, keyring: Keyring, headsPath: String, clock: WallClock = .system) {
        (self.database, self.audit, self.keyring, self.clock) = (database, audit, keyring, clock)
        file = HeadsFile(path: headsPath)
    }

    package enum Outcome: Sendable {
        /// The log is sound as it is: nothing was done.
        case nothingToAccept
        /// What is wrong cannot come from a restore alone: nothing was done.
        case refused(AuditReport)
        /// So many heads were given up; the file that they were put into.
        case accepted(heads: Int, file: String)
    }

    package func perform() async throws -> Outcome {
        let report = try await AuditVerifier(database: database, keyring: keyring, headsPath: file.path).verify()
        guard !report.isSound else { return .nothingToAccept }
        // A copy is sound in itself; only what was kept outside it knows of more.
        let alone = try await AuditVerifier(database: database, keyring: keyring, headsPath: nil).verify()
        guard alone.isSound else { return .refused(alone) }
        guard report.faults.allSatisfy(\.canComeFromARestore) else { return .refused(report) }
        let heads = try file.read().heads
        let known = try await hashes(of: heads)
        let abandoned = heads.filter { known[$0] != $0.hash }
        let last = Dictionary(grouping: abandoned, by: \.chainID).compactMapValues { $0.max { $0.seq < $1.seq } }
        let given: [JSON] = last.values.sorted { $0.chainID < $1.chainID }.map { head in
            let first = abandoned.filter { $0.chainID == head.chainID }.map(\.seq).min() ?? head.seq
            return [
                "chain_id": .integer(head.chainID), "first_seq": .integer(first), "last_seq": .integer(head.seq),
                "last_id": JSON(head.entryID), "last_hash": .string(Hex.encode(head.hash)),
            ]
        }
        try await database.write { [audit] transaction in
            _ = try audit.record(
                "audit.restore_accepted", target: nil, payload: ["heads": JSON(abandoned.count), "abandoned": .array(given)],
                result: .success, scope: Scope(requestID: "command-line"), in: transaction)
        }
        // Behind the entry: a crash in between leaves the log as it was found, and the command can be repeated.
        let aside = try file.putAside(abandoned, at: clock.now())
        return .accepted(heads: abandoned.count, file: aside)
    }

    /// What the database has in the place of each head.
    private func hashes(of heads: [AuditHead]) async throws -> [AuditHead: [UInt8]] {
        try await database.read(.heavy) { transaction in
            var found: [AuditHead: [UInt8]] = [:]
            for head in heads {
                let row = try transaction.row("SELECT hash FROM audit_log WHERE chain_id = \(head.chainID) AND seq = \(head.seq)")
                found[head] = row?.blob(0)
            }
            return found
        }
    }
}

extension AuditFault {
    /// An older copy knows nothing of the last entries, or has others in their place since.
    fileprivate var canComeFromARestore: Bool {
        switch kind {
        case .cutTail, .notTheHeadKept: true
        default: false
        }
    }
}
