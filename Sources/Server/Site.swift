internal import Audit
internal import Database
internal import Kernel
package import Runtime
internal import Transport

/// One site: what the program's commands do, each from settings to its end.
package enum Site {
    package static let version = "0.1.0"

    /// Every migration, in no order.
    static let migrations: [Migration] = migrations(of: Composition.declarations)

    /// Runs the site until it is told to stop.
    package static func serve(_ settings: Settings) async throws {
        try await RunningSite.run(settings) { _, _ in }
    }

    /// Brings the schema up to date, which opening does.
    ///
    /// - Returns: a sentence for the terminal.
    package static func migrate(_ settings: Settings) async throws -> String {
        let infrastructure = try await Infrastructure.open(settings)
        await infrastructure.close()
        return "The database is at the schema of foyer \(version)."
    }

    /// Acknowledges a restored older database in the audit log.
    ///
    /// - Returns: what the terminal says, and whether it was done.
    package static func acceptRestore(_ settings: Settings) async throws -> (text: String, isDone: Bool) {
        let infrastructure = try await Infrastructure.open(settings, mustExist: true)
        let outcome: AcceptRestore.Outcome
        do {
            let composition = try await Composition(infrastructure)
            outcome = try await AcceptRestore(
                database: infrastructure.database, audit: composition.audit, keyring: infrastructure.keyring,
                headsPath: infrastructure.headsPath
            ).perform()
        } catch {
            await infrastructure.close()
            throw StartFailure("The audit log cannot be read or written: \(error).")
        }
        await infrastructure.close()
        switch outcome {
        case .nothingToAccept: return ("The audit log is sound: there is nothing to accept.", true)
        case .refused(let report):
            return ((["Nothing was accepted: this does not come from a restore alone."] + report.lines).joined(separator: "\n"), false)
        case .accepted(let heads, let file):
            return (
                "The restore is accepted and stands in the audit log: \(heads) kept heads were given up, which are in \(file) now.", true
            )
        }
    }

    /// Reads the whole audit log, every chain from its first entry to its last, against its hashes, signatures and kept heads.
    package static func verifyAudit(_ settings: Settings) async throws -> (text: String, isSound: Bool) {
        let infrastructure = try await Infrastructure.open(settings, mustExist: true)
        let report: AuditReport
        do {
            report = try await AuditVerifier(
                database: infrastructure.database, keyring: infrastructure.keyring, headsPath: infrastructure.headsPath
            ).verify()
        } catch {
            await infrastructure.close()
            throw StartFailure("The audit log cannot be read: \(error).")
        }
        await infrastructure.close()
        let keys = AuditBundleVerifier.fingerprints(of: infrastructure.keyring).joined(separator: ", ")
        return ((report.lines + ["Keys of this site: \(keys)."]).joined(separator: "\n"), report.isSound)
    }

    /// Checks an exported bundle, for which nothing but the file is needed.
    ///
    /// - Parameter fingerprint: of the one key that may have signed it, as `foyer audit verify` says it at the site; nil when only the file is asked.
    package static func verifyBundle(_ path: String, signedBy fingerprint: String?) throws -> (text: String, isSound: Bool) {
        let found: AuditBundleVerifier
        do { found = try AuditBundleVerifier.verify(path: path) } catch { throw StartFailure("\(error).") }
        guard let fingerprint, found.report.isSound else { return (found.lines.joined(separator: "\n"), found.report.isSound) }
        guard found.fingerprints == [fingerprint.lowercased()] else {
            return ((found.lines + ["This is not the key that you named."]).joined(separator: "\n"), false)
        }
        return (found.lines.joined(separator: "\n"), true)
    }
}
