import Glibc
import HTTP
import HostileInputs
import Testing
import Transport

/// HTTPS as outside clients speak it.
@Suite struct TLSTests {
    @Test func servesCurl() async throws {
        try await withCertificate { certificate, key in
            let context = try TLSContext([TLSFiles(certificate: certificate, key: key)])
            try await TestServer.run(configure: { $0.tls = context }) { server in
                let curl = "curl -sS --max-time 60 --http1.1 --cacert \(certificate)"
                let address = "https://127.0.0.1:\(server.port)"
                // Two requests of one connection, the second with a body of many records.
                let body = String(repeating: "z", count: 900_000)
                let upload = "head -c 900000 /dev/zero | tr '\\0' z | \(curl) \(address)/a --next -sS --data-binary @- \(address)/b"
                let answers = try await shell(upload.replacing("--next -sS", with: "--next -sS --cacert \(certificate)"))
                #expect(String(decoding: answers, as: UTF8.self) == "GET /a POST /b \(body)")
                #expect(server.server.snapshot.accepted == 1)
                let large = try await shell("\(curl) \(address)/large")
                #expect(large == [UInt8](repeating: 0x61, count: 8 << 20))
                let slowly = try await shell("\(curl) --limit-rate 20M \(address)/large | wc -c")
                #expect(String(decoding: slowly, as: UTF8.self).filter(\.isNumber) == "\(8 << 20)")
            }
        }
    }

    @Test func carriesAWebSocket() async throws {
        try await withCertificate { certificate, key in
            let context = try TLSContext([TLSFiles(certificate: certificate, key: key)])
            try await TestServer.run(configure: { $0.tls = context }) { server in
                let handshake =
                    "GET /ws HTTP/1.1\\r\\nHost: a\\r\\nConnection: Upgrade\\r\\nUpgrade: websocket\\r\\nSec-WebSocket-Version: 13\\r\\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\\r\\n\\r\\n"
                let frames =
                    WebSocketFrame.encode(.text, Array("hello".utf8), mask: 0x0102_0304) + WebSocketFrame.closeFrame(code: 1000, mask: 5)
                let escaped = frames.map { "\\" + String("00\(String($0, radix: 8))".suffix(3)) }.joined()
                let answer = try await shell(
                    "printf '\(handshake)\(escaped)' | openssl s_client -quiet -verify_quiet -verify_return_error -alpn http/1.1 -CAfile \(certificate) "
                        + "-connect 127.0.0.1:\(server.port) 2>/dev/null")
                let text = String(decoding: answer, as: UTF8.self)
                #expect(text.hasPrefix("HTTP/1.1 101 "))
                #expect(
                    answer.suffix(11).elementsEqual(WebSocketFrame.textFrame(Array("hello".utf8)) + WebSocketFrame.closeFrame(code: 1000)))
            }
        }
    }

    @Test(arguments: HostileGreeting.all) func refusesWhatIsNoTLS(_ hostile: HostileGreeting) async throws {
        try await withCertificate { certificate, key in
            let context = try TLSContext([TLSFiles(certificate: certificate, key: key)])
            try await TestServer.run(configure: { $0.tls = context }) { server in
                let client = try server.client()
                let sending = client.sending(hostile.bytes)
                let answer = try await client.receiveToTheEnd()
                switch hostile.answer {
                case .status(let status): #expect(String(decoding: answer, as: UTF8.self).hasPrefix("HTTP/1.1 \(status) "))
                // A record of its own: its kind, version and length, then that it is fatal, and why.
                case .alert(let number): #expect(answer.count == 7 && answer.first == 0x15 && answer.suffix(2) == [2, number], "\(answer)")
                case .nothing: #expect(answer.isEmpty)
                }
                try await sending.value
                client.close()
                #expect(try await server.counts { $0.closes[.protocolError] == 1 })
                #expect(server.server.snapshot.requests == 0)
            }
        }
    }

    /// New keys over and over make the server answer each time; who reads none of the answers is not kept.
    @Test func closesWhoAsksForKeysAndReadsNothing() async throws {
        try await withCertificate { certificate, key in
            let context = try TLSContext([TLSFiles(certificate: certificate, key: key)])
            try await TestServer.run(configure: { $0.tls = context }) { server in
                let script = #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 } + "/EndToEnd/key_updates.py"
                let sent = String(decoding: try await shell("python3 \(script) \(server.port)"), as: UTF8.self)
                #expect(sent.hasPrefix("closed after "), "\(sent)")
                #expect(try await server.counts { $0.closes[.slowReader] == 1 })
            }
        }
    }

    @Test func tellsWhoSpeaksPlainHTTP() async throws {
        try await withCertificate { certificate, key in
            let context = try TLSContext([TLSFiles(certificate: certificate, key: key)])
            try await TestServer.run(configure: { $0.tls = context }) { server in
                let client = try server.client()
                try await client.send(HTTPServerTests.get)
                client.endSending()
                let answer = try await client.receiveAll()
                #expect(answer.hasPrefix("HTTP/1.1 400 "))
                #expect(answer.contains("this port speaks HTTPS"))
                #expect(try await server.counts { $0.closes[.protocolError] == 1 })
                #expect(server.server.snapshot.requests == 0)
            }
        }
    }

    @Test func closesWhoSpeaksNeither() async throws {
        try await withCertificate { certificate, key in
            let context = try TLSContext([TLSFiles(certificate: certificate, key: key)])
            try await TestServer.run(configure: { $0.tls = context }) { server in
                let client = try server.client()
                try await client.send([0x16, 0x03, 0x01, 0x00, 0x05, 0x62, 0x61, 0x64, 0x21, 0x21])
                let answer = Array(try await client.receiveAll().utf8)
                // An alert's record, and the end.
                #expect(answer.first == 0x15)
                #expect(try await server.counts { $0.closes[.protocolError] == 1 })
            }
        }
    }

    @Test func waitsForAHandshakeNoLongerThanForAHead() async throws {
        try await withCertificate { certificate, key in
            let context = try TLSContext([TLSFiles(certificate: certificate, key: key)])
            try await TestServer.run(configure: {
                $0.tls = context
                $0.headTimeout = 200
            }) { server in
                let client = try server.client()
                try await client.send([0x16, 0x03, 0x01])
                #expect(try await client.receiveAll().isEmpty)
                #expect(try await server.counts { $0.closes[.requestTimeout] == 1 })
            }
        }
    }

    @Test func refusesInTLSWhoIsOneTooMany() async throws {
        try await withCertificate { certificate, key in
            let context = try TLSContext([TLSFiles(certificate: certificate, key: key)])
            try await TestServer.run(configure: {
                $0.tls = context
                $0.maxConnections = 1
            }) { server in
                let first = try server.client()
                while server.server.snapshot.accepted == 0 { try await Task.sleep(for: .milliseconds(5)) }
                for version in ["--tls-max 1.2", "--tlsv1.3"] {
                    let answer = try await shell(
                        "curl -sS -i --max-time 60 --http1.1 \(version) --cacert \(certificate) https://127.0.0.1:\(server.port)/")
                    #expect(String(decoding: answer, as: UTF8.self).hasPrefix("HTTP/1.1 503 "))
                }
                #expect(try await server.counts { $0.closes[.refused] == 2 })
                #expect(server.server.snapshot.requests == 0)
                first.close()
            }
        }
    }

    @Test func readsItsFilesAgain() async throws {
        try await withCertificate { certificate, key in
            let context = try TLSContext([TLSFiles(certificate: certificate, key: key)])
            try await TestServer.run(configure: { $0.tls = context }) { server in
                let old = certificate + ".old"
                try await shell("cp \(certificate) \(old)")
                try await issueCertificate(certificate, key)
                let curl = "curl -sS --max-time 60 --http1.1 https://127.0.0.1:\(server.port)/x --cacert"
                #expect(try await shell("\(curl) \(old)") == Array("GET /x ".utf8))
                try context.reload()
                #expect(try await shell("\(curl) \(certificate)") == Array("GET /x ".utf8))
                // A key of another certificate is refused, and what was served stays.
                let renewed = certificate + ".new"
                try await shell("cp \(certificate) \(renewed) && cp \(old) \(certificate)")
                let failure = #expect(throws: TLSFailure.self) { try context.reload() }
                #expect(failure?.description.contains("does not belong to") == true)
                #expect(try await shell("\(curl) \(renewed)") == Array("GET /x ".utf8))
            }
        }
    }

    @Test func saysWhichFileIsWrong() throws {
        let failure = #expect(throws: TLSFailure.self) {
            try TLSContext([TLSFiles(certificate: "/nowhere/cert.pem", key: "/nowhere/key.pem")])
        }
        #expect(failure?.description.contains("/nowhere/cert.pem") == true)
    }
}
