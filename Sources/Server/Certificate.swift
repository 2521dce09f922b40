internal import Kernel
internal import Runtime
internal import Transport

/// The server's own TLS: the certificates that the settings name, read again at SIGHUP or when the files change, without dropping anybody.
enum Certificate {
    /// - Returns: nil for plain HTTP.
    /// - Throws: when a certificate lacks its key in the settings, or a file cannot be used.
    static func load(_ settings: Settings) throws -> TLSContext? {
        let (certificates, keys) = (settings.list("tls-cert"), settings.list("tls-key"))
        guard certificates.count == keys.count else {
            throw Settings.Fault("--tls-cert and --tls-key go together: as many keys as certificates, in the same order, or neither.")
        }
        guard !certificates.isEmpty else { return nil }
        do {
            return try TLSContext(zip(certificates, keys).map { TLSFiles(certificate: $0, key: $1) })
        } catch {
            throw StartFailure("TLS cannot be used: \(error).")
        }
    }

    static func reload(_ context: TLSContext, onHangUpOf group: EventLoopGroup, log: Log) async {
        for await _ in Signals.stream(of: [.hangUp], on: group.next()) { reload(context, log) }
    }

    /// Looks at the files every few seconds. A certificate that was replaced before its key is refused at first, and taken once both are there.
    static func watch(_ context: TLSContext, log: Log) async throws {
        while true {
            try await Task.sleep(for: .seconds(5))
            if context.isOutdated { reload(context, log) }
        }
    }

    private static func reload(_ context: TLSContext, _ log: Log) {
        do {
            try context.reload()
            log.info("the certificate was read again")
        } catch {
            log.error("the certificate cannot be read again: the old one stays", [("cause", .string("\(error)"))])
        }
    }
}
