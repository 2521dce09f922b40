import Glibc
import HTTP
import Testing
import Transport

/// HTTPS as outside clients speak it.
@Suite struct TLSTests {
    /// A certificate for 127.0.0.1, signed by itself, in a directory that goes with the test.
    private static func withCertificate(_ body: (_ certificate: String, _ key: String) async throws -> Void) async throws {
        var template = Array("/tmp/foyer-tls-XXXXXX".utf8CString)
        let folder = String(cString: try #require(mkdtemp(&template)))
        let (certificate, key) = ("\(folder)/cert.pem", "\(folder)/key.pem")
        try await issue(certificate, key)
        do {
            try await body(certificate, key)
        } catch {
            _ = try await shell("rm -r \(folder)")
            throw error
        }
        _ = try await shell("rm -r \(folder)")
    }

    private static func issue(_ certificate: String, _ key: String) async throws {
        _ = try await shell(
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=foyer "
                + "-addext subjectAltName=IP:127.0.0.1 -keyout \(key) -out \(certificate) 2>&1")
    }

    /// What a command writes.
    @discardableResult private static func shell(_ command: String) async throws -> [UInt8] {
        try await onThread {
            guard let pipe = popen(command, "r") else { throw TestClient.Failure(call: "popen", code: errno) }
            var output: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 64 << 10)
            while true {
                let count = fread(&buffer, 1, buffer.count, pipe)
                if count == 0 { break }
                output += buffer[..<count]
            }
            let status = pclose(pipe)
            guard status == 0 else {
                throw TestClient.Failure(call: "\(command): \(String(decoding: output, as: UTF8.self))", code: status)
            }
            return output
        }
    }

    @Test func servesCurl() async throws {
        try await Self.withCertificate { certificate, key in
            let context = try TLSContext(certificateFile: certificate, keyFile: key)
            try await TestServer.run(configure: { $0.tls = context }) { server in
                let curl = "curl -sS --max-time 60 --http1.1 --cacert \(certificate)"
                let address = "https://127.0.0.1:\(server.port)"
                // Two requests of one connection, the second with a body of many records.
                let body = String(repeating: "z", count: 900_000)
                let upload = "head -c 900000 /dev/zero | tr '\\0' z | \(curl) \(address)/a --next -sS --data-binary @- \(address)/b"
                let answers = try await Self.shell(upload.replacing("--next -sS", with: "--next -sS --cacert \(certificate)"))
                #expect(String(decoding: answers, as: UTF8.self) == "GET /a POST /b \(body)")
                #expect(server.server.snapshot.accepted == 1)
                let large = try await Self.shell("\(curl) \(address)/large")
                #expect(large == [UInt8](repeating: 0x61, count: 8 << 20))
                let slowly = try await Self.shell("\(curl) --limit-rate 20M \(address)/large | wc -c")
                #expect(String(decoding: slowly, as: UTF8.self).filter(\.isNumber) == "\(8 << 20)")
            }
        }
    }

    @Test func carriesAWebSocket() async throws {
        try await Self.withCertificate { certificate, key in
            let context = try TLSContext(certificateFile: certificate, keyFile: key)
            try await TestServer.run(configure: { $0.tls = context }) { server in
                let handshake =
                    "GET /ws HTTP/1.1\\r\\nHost: a\\r\\nConnection: Upgrade\\r\\nUpgrade: websocket\\r\\nSec-WebSocket-Version: 13\\r\\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\\r\\n\\r\\n"
                let frames =
                    WebSocketFrame.encode(.text, Array("hello".utf8), mask: 0x0102_0304) + WebSocketFrame.closeFrame(code: 1000, mask: 5)
                let escaped = frames.map { "\\" + String("00\(String($0, radix: 8))".suffix(3)) }.joined()
                let answer = try await Self.shell(
                    "printf '\(handshake)\(escaped)' | openssl s_client -quiet -verify_quiet -verify_return_error -alpn http/1.1 -CAfile \(certificate) "
                        + "-connect 127.0.0.1:\(server.port) 2>/dev/null")
                let text = String(decoding: answer, as: UTF8.self)
                #expect(text.hasPrefix("HTTP/1.1 101 "))
                #expect(
                    answer.suffix(11).elementsEqual(WebSocketFrame.textFrame(Array("hello".utf8)) + WebSocketFrame.closeFrame(code: 1000)))
            }
        }
    }

    @Test func closesWhoDoesNotSpeakTLS() async throws {
        try await Self.withCertificate { certificate, key in
            let context = try TLSContext(certificateFile: certificate, keyFile: key)
            try await TestServer.run(configure: { $0.tls = context }) { server in
                let client = try server.client()
                try await client.send(HTTPServerTests.get)
                #expect(!(try await client.receiveAll().hasPrefix("HTTP/")))
                #expect(server.server.snapshot.closes[.protocolError] == 1)
                #expect(server.server.snapshot.requests == 0)
            }
        }
    }

    @Test func readsItsFilesAgain() async throws {
        try await Self.withCertificate { certificate, key in
            let context = try TLSContext(certificateFile: certificate, keyFile: key)
            try await TestServer.run(configure: { $0.tls = context }) { server in
                let old = certificate + ".old"
                try await Self.shell("cp \(certificate) \(old)")
                try await Self.issue(certificate, key)
                let curl = "curl -sS --max-time 60 --http1.1 https://127.0.0.1:\(server.port)/x --cacert"
                #expect(try await Self.shell("\(curl) \(old)") == Array("GET /x ".utf8))
                try context.reload()
                #expect(try await Self.shell("\(curl) \(certificate)") == Array("GET /x ".utf8))
                // A key of another certificate is refused, and what was served stays.
                try await Self.shell("cp \(old) \(certificate)")
                let failure = #expect(throws: TLSFailure.self) { try context.reload() }
                #expect(
                    failure?.description.contains("does not belong to") == true || failure?.description.contains("cannot be used") == true)
            }
        }
    }

    @Test func saysWhichFileIsWrong() throws {
        let failure = #expect(throws: TLSFailure.self) { try TLSContext(certificateFile: "/nowhere/cert.pem", keyFile: "/nowhere/key.pem") }
        #expect(failure?.description.contains("/nowhere/cert.pem") == true)
    }
}
