import HTTP
import Synchronization
import Testing
import Transport

/// Bodies that a handler reads as they come.
@Suite struct BodyStreamTests {
    /// Reads when the gate is open, counts, and tells how a body ended.
    private final class Reader: HTTPResponder {
        let gate = Gate()
        let begun = Gate()
        let ended = Gate()
        let cut = Mutex<Int?>(nil)

        func plan(for head: HTTPRequest) -> BodyPlan { BodyPlan(limit: 16 << 20, streams: head.rawPath != "/whole") }

        func respond(to request: HTTPRequest) async -> HTTPOutcome {
            guard let body = request.bodyStream else { return .response(HTTPResponse(status: 200, text: "whole \(request.body.count)")) }
            begun.open()
            if request.rawPath == "/refuse" { return .response(HTTPResponse(status: 403)) }
            defer { ended.open() }
            do {
                try await gate.wait()
                var sum = 0
                var pieces = 0
                for try await piece in body {
                    sum += piece.count
                    pieces += 1
                }
                return .response(HTTPResponse(status: 200, text: "\(sum) in \(pieces > 1 ? "pieces" : "one")"))
            } catch {
                cut.withLock { $0 = (error as? HTTPBody.BodyError)?.status }
                return .response(HTTPResponse(status: 400))
            }
        }
    }

    private static let length = 8 << 20
    private static let head = "POST /s HTTP/1.1\r\nHost: a\r\nContent-Length: \(length)\r\n\r\n"

    @Test func aHandlerBeginsBeforeTheBodyEndsAndTheConnectionGoesOn() async throws {
        let reader = Reader()
        reader.gate.open()
        try await TestServer.run(reader) { server in
            let client = try server.client()
            try await client.send("POST /s HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
            try await reader.begun.wait()
            try await client.send("4\r\ndefg\r\n0\r\n\r\nPOST /whole HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi")
            #expect(try await client.response().body.hasPrefix("7 in"))
            #expect(try await client.response().body == "whole 2")
        }
    }

    /// What the reader does not take stays with the peer: the server holds no more than its buffers and the kernel's.
    @Test func aSlowReaderHoldsThePeerBack() async throws {
        let reader = Reader()
        try await TestServer.run(reader) { server in
            let client = try server.client()
            try await client.send(Self.head)
            let sending = client.sending([UInt8](repeating: 0x61, count: Self.length))
            try await reader.begun.wait()
            var before = -1
            // Until nothing comes any more.
            while before != server.server.snapshot.bytesReceived {
                before = server.server.snapshot.bytesReceived
                try await Task.sleep(for: .milliseconds(100))
            }
            #expect(before < 1 << 20)
            reader.gate.open()
            try await sending.value
            #expect(try await client.response().body == "\(Self.length) in pieces")
        }
    }

    @Test func aBodyThatIsNotReadIsTheLastOfItsConnection() async throws {
        try await TestServer.run(Reader()) { server in
            let client = try server.client()
            try await client.send("POST /refuse HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\nab")
            let answer = try await client.receive(until: "\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 403 ") && answer.contains("\r\nConnection: close\r\n"))
        }
    }

    @Test func aPeerWhoLeavesCutsTheBody() async throws {
        let reader = Reader()
        reader.gate.open()
        try await TestServer.run(reader) { server in
            let client = try server.client()
            try await client.send(Self.head + "abc")
            try await reader.begun.wait()
            client.close()
            try await reader.ended.wait()
            #expect(reader.cut.withLock { $0 } == 0)
        }
    }

    @Test func aBodyThatBreaksOffIsToldToItsReader() async throws {
        let cases = [
            ("Transfer-Encoding: chunked\r\n\r\nx\r\n", 400), ("Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1000001\r\n", 413),
        ]
        for (rest, status) in cases {
            let reader = Reader()
            reader.gate.open()
            try await TestServer.run(reader) { server in
                let client = try server.client()
                try await client.send("POST /s HTTP/1.1\r\nHost: a\r\n" + rest)
                let answer = try await client.receive(until: "\r\n\r\n")
                #expect(answer.hasPrefix("HTTP/1.1 400 ") && answer.contains("\r\nConnection: close\r\n"))
                #expect(reader.cut.withLock { $0 } == status)
            }
        }
    }

    @Test func aPeerTooSlowIsCutAsTheReaderIsNot() async throws {
        let reader = Reader()
        try await TestServer.run(reader, configure: set(\.bodyTimeout, 200)) { server in
            let client = try server.client()
            try await client.send("POST /s HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc")
            reader.gate.open()
            try await reader.ended.wait()
            #expect(reader.cut.withLock { $0 } == 408)
        }
    }

    @Test func thePeerIsAskedToGoOnWhenTheBodyIsWanted() async throws {
        let reader = Reader()
        try await TestServer.run(reader) { server in
            let client = try server.client()
            let head = "HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"
            try await client.send("POST /s \(head)")
            try await reader.begun.wait()
            reader.gate.open()
            #expect(try await client.receive(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
            try await client.send("abc")
            #expect(try await client.response().body.hasPrefix("3 in"))
            // Who is refused by the head alone is not asked.
            try await client.send("POST /refuse \(head)")
            #expect(try await client.receive(until: "\r\n\r\n").hasPrefix("HTTP/1.1 403 "))
        }
    }
}
