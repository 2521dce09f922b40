internal import Kernel
internal import Runtime
internal import Transport

/// The server's own TLS: the certificate that the settings name, read again at each SIGHUP without dropping anybody.
enum Certificate {
    /// - Returns: nil for plain HTTP.
    /// - Throws: when one of the two files is missing from the settings, or they cannot be used.
    static func load(_ settings: Settings) throws -> TLSContext? {
        switch (settings.text("tls-cert"), settings.text("tls-key")) {
        case (nil, nil): return nil
        case (let certificate?, let key?):
            do {
                return try TLSContext(certificateFile: certificate, keyFile: key)
            } catch {
                throw StartFailure("TLS cannot be used: \(error).")
            }
        default: throw Settings.Fault("--tls-cert and --tls-key go together: give both, or neither.")
        }
    }

    static func reload(_ context: TLSContext, onHangUpOf group: EventLoopGroup, log: Log) async {
        for await _ in Signals.stream(of: [.hangUp], on: group.next()) {
            do {
                try context.reload()
                log.info("the certificate was read again")
            } catch {
                log.error("the certificate cannot be read again: the old one stays", [("cause", .string("\(error)"))])
            }
        }
    }
}
