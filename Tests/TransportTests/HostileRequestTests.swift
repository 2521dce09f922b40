import HTTP
import HostileInputs
import Testing
import Transport

/// Over a socket of our own: one answer with the right status, then the end of the connection, whatever stands behind.
@Suite struct HostileRequestTests {
    @Test(arguments: HostileRequest.all) func isRefusedAndClosed(_ hostile: HostileRequest) async throws {
        func hurried(_ options: inout HTTPServerOptions) { options.lingerTimeout = 100 }
        try await TestServer.run(configure: hurried) { server in
            let client = try server.client()
            // What a proxy would take for a second request.
            try await client.send(hostile.bytes + Array("GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
            let answer = try await client.receiveAll()
            #expect(answer.hasPrefix("HTTP/1.1 \(hostile.status) "), "\(answer.prefix(200))")
            #expect(answer.contains("\r\nConnection: close\r\n"))
            #expect(!answer.contains("smuggled"))
            #expect(server.server.snapshot.requests == 0)
        }
    }
}
