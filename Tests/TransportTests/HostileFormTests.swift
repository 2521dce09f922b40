import HTTP
import HostileInputs
import Testing
import Transport

/// Over a socket of our own, to a handler that takes the form as it comes.
@Suite struct HostileFormTests {
    private struct FormReader: HTTPResponder {
        func plan(for head: HTTPRequest) -> BodyPlan { BodyPlan(limit: 32 << 20, streams: true) }

        func respond(to request: HTTPRequest) async -> HTTPOutcome {
            do {
                var parser = try MultipartParser(of: request)
                if let body = request.bodyStream {
                    for try await piece in body {
                        parser.append(piece)
                        try Self.take(&parser)
                    }
                }
                parser.finish()
                try Self.take(&parser)
                return .response(HTTPResponse(status: 200))
            } catch {
                return .response(HTTPResponse(status: (error as? HTTPFailure)?.status ?? 500))
            }
        }

        private static func take(_ parser: inout MultipartParser) throws {
            while let event = parser.next() { if case .failed(let failure) = event { throw failure } }
        }
    }

    @Test(arguments: HostileForm.all) func isRefused(_ hostile: HostileForm) async throws {
        try await TestServer.run(FormReader(), configure: set(\.lingerTimeout, 100)) { server in
            let client = try server.client()
            let head =
                "POST /form HTTP/1.1\r\nHost: a\r\nContent-Type: \(hostile.contentType)\r\nContent-Length: \(hostile.bytes.count)\r\nConnection: close\r\n\r\n"
            let sending = client.sending(Array(head.utf8) + hostile.bytes)
            let answer = try await client.receiveAll()
            _ = await sending.result
            #expect(answer.hasPrefix("HTTP/1.1 \(hostile.status) "), "\(answer.prefix(200))")
        }
    }
}
