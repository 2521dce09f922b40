import HTTP
import Testing
import Transport
import Web

/// Files that are made while they are sent.
@Suite struct FileReplyTests {
    /// Serves pieces of 100 kB: `/whole` has 40 of them, `/cut` fails at the third, `/gap` has an empty one between two.
    private struct Files: HTTPResponder {
        func respond(to request: HTTPRequest) async -> HTTPOutcome {
            let path = request.rawPath
            do {
                let reply = try await Reply.file("file.txt", type: "text/plain") { (place: Int?) in
                    let number = place ?? 0
                    if path == "/cut", number == 2 { throw Lost() }
                    let bytes = path == "/gap" && number == 1 ? [] : [UInt8](repeating: UInt8(97 + number % 26), count: 100_000)
                    return (bytes, number == (path == "/whole" ? 39 : path == "/one" ? 0 : 2) ? nil : number + 1)
                }
                let response = HTTPResponse(status: reply.status, headers: reply.headers, body: reply.body)
                guard case .stream(let acceptor) = reply.takeover else { return .response(response) }
                return .stream(response, acceptor)
            } catch {
                return .response(HTTPResponse(status: 500))
            }
        }
    }

    private struct Lost: Error {}

    private func read(_ path: String, version: String = "1.0") async throws -> (head: String, body: [UInt8]) {
        var bytes: [UInt8] = []
        try await TestServer.run(Files()) { server in
            let client = try server.client()
            try await client.send("GET \(path) HTTP/\(version)\r\nHost: a\r\n\r\n")
            bytes = try await client.receiveToTheEnd()
        }
        let end = (0..<max(0, bytes.count - 3)).first { bytes[$0..<$0 + 4].elementsEqual("\r\n\r\n".utf8) } ?? bytes.count
        return (String(decoding: bytes[..<end], as: UTF8.self), Array(bytes.dropFirst(end + 4)))
    }

    @Test func allPiecesComeInTheirOrder() async throws {
        let (head, body) = try await read("/whole")
        #expect(head.contains("Content-Disposition: attachment; filename=\"file.txt\""))
        #expect(body.count == 4_000_000)
        let letters = (0..<40).map { UInt8(97 + $0 % 26) }
        #expect((0..<40).map { body[$0 * 100_000] } == letters && (0..<40).map { body[$0 * 100_000 + 99_999] } == letters)
        #expect(try await read("/gap").body.count == 200_000)
    }

    @Test func onePieceIsAnOrdinaryAnswer() async throws {
        #expect(try await read("/one").head.contains("Content-Length: 100000"))
    }

    /// So that the reader notices that the file is incomplete.
    @Test func aFailureEndsTheConnectionBeforeTheFile() async throws {
        let (head, body) = try await read("/cut", version: "1.1")
        #expect(head.contains("Transfer-Encoding: chunked"))
        #expect(!body.isEmpty && !body.suffix(5).elementsEqual("0\r\n\r\n".utf8))
        let whole = try await read("/gap", version: "1.1").body
        #expect(whole.suffix(5).elementsEqual("0\r\n\r\n".utf8))
    }
}
