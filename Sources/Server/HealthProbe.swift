internal import Database
internal import Glibc
internal import Kernel
internal import Runtime

/// Looks each second at what requests depend on, and tells `Readiness`; what changes is logged.
struct HealthProbe: Sendable {
    let database: any Database
    let folder: String
    let readiness: Readiness
    let log: Log
    /// Bytes that must be free: below it the next commit may fail.
    static let reserve: UInt64 = 16 << 20

    func run() async throws {
        while !Task.isCancelled {
            report(.disk, Self.diskFault(of: folder))
            await lookAtDatabase()
            try await Task.sleep(for: .seconds(1))
        }
    }

    private func lookAtDatabase() async {
        do {
            _ = try await database.read(.system) { try $0.row("SELECT 1") }
            report(.database, nil)
        } catch {
            report(.database, "unreachable", error)
        }
    }

    /// What a write came to that the site makes anyway.
    /// - Parameter error: nil when it was committed.
    func wrote(_ error: (any Error)?) {
        guard let error else { return report(.writes, nil) }
        switch error {
        case DatabaseError.readOnly: report(.writes, "read-only", error)
        case DatabaseError.diskFull: report(.writes, "disk full", error)
        default: report(.writes, "failing", error)
        }
    }

    static func diskFault(of folder: String) -> String? {
        var information = statvfs()
        guard statvfs(folder, &information) == 0 else { return "gone" }
        if information.f_flag & UInt(ST_RDONLY) != 0 { return "read-only" }
        return UInt64(information.f_bavail) * UInt64(information.f_frsize) < reserve ? "full" : nil
    }

    private func report(_ part: Readiness.Part, _ fault: String?, _ error: (any Error)? = nil) {
        guard readiness.report(part, fault) else { return }
        guard let fault else { return log.info("works again", [("part", .string(part.rawValue))]) }
        log.error(
            "not ready", [("part", .string(part.rawValue)), ("fault", .string(fault)), ("cause", .string(error.map { "\($0)" } ?? ""))])
    }
}
