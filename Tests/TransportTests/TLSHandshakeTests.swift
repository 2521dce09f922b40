import Testing
import Transport

/// What is agreed upon in a handshake, as `openssl s_client` tells it.
@Suite struct TLSHandshakeTests {
    /// A request over TLS, and what the client says of the connection; nothing is expected of its exit code.
    private static func connect(_ port: Int, _ options: String) async throws -> String {
        let answer = try await shell(
            "printf 'GET /x HTTP/1.1\\r\\nHost: a\\r\\nConnection: close\\r\\n\\r\\n' "
                + "| openssl s_client -connect 127.0.0.1:\(port) -ign_eof \(options) 2>&1", mayFail: true)
        return String(decoding: answer, as: UTF8.self)
    }

    @Test func agreesOnHTTP1() async throws {
        try await withCertificate { certificate, key in
            let context = try TLSContext([TLSFiles(certificate: certificate, key: key)])
            try await TestServer.run(configure: { $0.tls = context }) { server in
                #expect(try await Self.connect(server.port, "-alpn h2,http/1.1").contains("ALPN protocol: http/1.1"))
                let without = try await Self.connect(server.port, "")
                #expect(without.contains("No ALPN negotiated") && without.contains("GET /x "))
                // no_application_protocol is alert 120.
                for version in ["-tls1_2", "-tls1_3"] {
                    let refused = try await Self.connect(server.port, "\(version) -alpn h2,spdy/3")
                    #expect(refused.contains("SSL alert number 120") && !refused.contains("GET /x "))
                }
            }
        }
    }

    @Test func refusesWhatIsWeak() async throws {
        try await withCertificate { certificate, key in
            let context = try TLSContext([TLSFiles(certificate: certificate, key: key)])
            try await TestServer.run(configure: { $0.tls = context }) { server in
                let weak = [
                    "-tls1_1 -cipher ALL:@SECLEVEL=0", "-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA256", "-tls1_2 -cipher DHE", "-groups P-521",
                ]
                for options in weak {
                    let answer = try await Self.connect(server.port, options)
                    #expect(answer.contains("alert") && !answer.contains("GET /x "), "\(options)")
                }
                #expect(try await Self.connect(server.port, "-tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256").contains("GET /x "))
            }
        }
    }

    @Test func greetsEachNameWithItsCertificate() async throws {
        try await withFolder { folder in
            let names = ["DNS:foyer.test,DNS:www.foyer.test", "DNS:*.wild.test", "DNS:chat.wild.test"]
            var files: [TLSFiles] = []
            for (index, names) in names.enumerated() {
                files.append(TLSFiles(certificate: "\(folder)/\(index).pem", key: "\(folder)/\(index).key"))
                try await issueCertificate(files[index].certificate, files[index].key, names: names)
            }
            let context = try TLSContext(files)
            let expected = [
                "-servername foyer.test": "foyer.test", "-servername www.foyer.test": "foyer.test",
                "-servername any.wild.test": "*.wild.test",
                "-servername CHAT.wild.test": "chat.wild.test", "-servername a.b.wild.test": "foyer.test",
                "-servername wild.test": "foyer.test", "-servername unknown.test": "foyer.test", "-noservername": "foyer.test",
            ]
            try await TestServer.run(configure: { $0.tls = context }) { server in
                for (option, subject) in expected {
                    for version in ["-tls1_2", "-tls1_3"] {
                        let answer = try await Self.connect(server.port, "\(option) \(version)")
                        #expect(answer.contains("subject=CN = \(subject)\n") && answer.contains("GET /x "), "\(option) \(version)")
                    }
                }
            }
            #expect(context.covers("any.wild.test") && context.covers("FOYER.test"))
            #expect(!context.covers("unknown.test") && !context.covers("a.b.wild.test"))
        }
    }

    @Test(arguments: ["-tls1_2", "-tls1_3"]) func resumesASession(_ version: String) async throws {
        try await withCertificate { certificate, key in
            let context = try TLSContext([TLSFiles(certificate: certificate, key: key)])
            try await TestServer.run(configure: { $0.tls = context }) { server in
                let ticket = "\(certificate).session"
                func isReused() async throws -> Bool {
                    let answer = try await Self.connect(server.port, "\(version) -sess_in \(ticket)")
                    #expect(answer.contains("GET /x "))
                    #expect(answer.contains("\nReused, ") || answer.contains("\nNew, "))
                    // A ticket of TLS 1.3 is for one use: the next one comes with each connection.
                    if version == "-tls1_3" { #expect(answer.contains("Post-Handshake New Session Ticket arrived")) }
                    return answer.contains("\nReused, ")
                }
                #expect(try await Self.connect(server.port, "\(version) -sess_out \(ticket)").contains("\nNew, "))
                #expect(try await isReused())
                try context.reload()
                #expect(try await isReused())
                // Under another certificate nobody is let in on the strength of the old one, but nobody is dropped either.
                try await issueCertificate(certificate, key)
                try context.reload()
                #expect(try await !isReused())
            }
        }
    }

    @Test(arguments: ["-tls1_2", "-tls1_3"]) func replacesTheKeysOfTickets(_ version: String) async throws {
        try await withCertificate { certificate, key in
            for (lifetime, isReused) in [(3600, true), (0, false)] {
                var times = TLSTicketTimes()
                times.period = 0
                times.lifetime = lifetime
                let context = try TLSContext([TLSFiles(certificate: certificate, key: key)], tickets: times)
                try await TestServer.run(configure: { $0.tls = context }) { server in
                    let ticket = "\(certificate).session"
                    #expect(try await Self.connect(server.port, "\(version) -sess_out \(ticket)").contains("GET /x "))
                    let again = try await Self.connect(server.port, "\(version) -sess_in \(ticket)")
                    #expect(again.contains("GET /x ") && again.contains("\nReused, ") == isReused)
                }
            }
        }
    }

    @Test func knowsWhenItsFilesChanged() async throws {
        try await withCertificate { certificate, key in
            let context = try TLSContext([TLSFiles(certificate: certificate, key: key)])
            #expect(!context.isOutdated)
            try await shell("cp \(key) \(key).new && mv \(key).new \(key)")
            #expect(context.isOutdated)
            try context.reload()
            #expect(!context.isOutdated)
            // What cannot be read is tried once for each change, not every time somebody looks.
            try await shell("rm \(certificate)")
            #expect(context.isOutdated)
            #expect(throws: TLSFailure.self) { try context.reload() }
            #expect(!context.isOutdated)
        }
    }
}
