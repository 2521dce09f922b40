internal import Audit
internal import Database
internal import Kernel
package import Runtime
internal import Transport

/// One site: what the program's commands do, each from settings to its end.
package enum Site {
    package static let version = "0.1.0"

    /// Every migration, in the order of the features' dependencies.
    static let migrations: [Migration] = Composition.migrations

    /// Runs the site until it is told to stop.
    package static func serve(_ settings: Settings) async throws {
        try await RunningSite.run(settings) { _, _ in }
    }

    /// Brings the schema up to date, which opening does.
    ///
    /// - Returns: a sentence for the terminal.
    package static func migrate(_ settings: Settings) async throws -> String {
        let infrastructure = try await Infrastructure.open(settings)
        await infrastructure.database.close()
        return "The database is at the schema of foyer \(version)."
    }

    /// Reads the whole audit log, every chain from its first entry to its last, against its hashes, signatures and kept heads.
    package static func verifyAudit(_ settings: Settings) async throws -> (text: String, isSound: Bool) {
        let infrastructure = try await Infrastructure.open(settings)
        let report: AuditReport
        do {
            report = try await AuditVerifier(
                database: infrastructure.database, keyring: infrastructure.keyring, headsPath: infrastructure.headsPath
            ).verify()
        } catch {
            await infrastructure.database.close()
            throw StartFailure("The audit log cannot be read: \(error).")
        }
        await infrastructure.database.close()
        return (report.lines.joined(separator: "\n"), report.isSound)
    }
}
