import HTTP
import Testing
import Transport

@Suite struct HTTPServerTests {
    static let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test func keepsAConnectionForSeveralRequests() async throws {
        try await TestServer.run { server in
            let client = try server.client()
            for index in 0..<3 {
                try await client.send("GET /\(index)?a=b HTTP/1.1\r\nHost: a\r\n\r\n")
                let (head, body) = try await client.response()
                #expect(head.hasPrefix("HTTP/1.1 200 OK\r\nDate: "))
                #expect(body == "GET /\(index)?a=b ")
            }
            #expect(server.server.snapshot.requests == 3)
            #expect(server.server.snapshot.accepted == 1)
        }
    }

    @Test func answersPipelinedRequestsInOrder() async throws {
        try await TestServer.run { server in
            let client = try server.client()
            let requests = "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n" + (0..<5000).map { "GET /\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined()
            try await client.send(requests)
            #expect(try await client.response().body == "slow")
            for index in 0..<5000 { #expect(try await client.response().body == "GET /\(index) ") }
        }
    }

    @Test func readsARequestThatComesAByteAtATime() async throws {
        try await TestServer.run { server in
            let client = try server.client()
            for byte in Array("POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n".utf8) {
                try await client.send([byte])
            }
            #expect(try await client.response().body == "POST /p abcde")
        }
    }

    @Test func sendsTheInterimResponseBeforeTheBody() async throws {
        try await TestServer.run { server in
            let client = try server.client()
            try await client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
            #expect(try await client.receive(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
            try await client.send("ok")
            #expect(try await client.response().body == "POST / ok")
        }
    }

    @Test func refusesAndClosesEvenWhileThePeerStillSends() async throws {
        try await TestServer.run { server in
            let client = try server.client()
            try await client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\n\r\n" + String(repeating: "x", count: 500_000))
            let answer = try await client.receiveAll()
            #expect(answer.hasPrefix("HTTP/1.1 413 Content Too Large\r\n"))
            #expect(answer.contains("\r\nConnection: close\r\n") && answer.contains("\r\nContent-Type: application/problem+json\r\n"))
            #expect(answer.contains(#""status":413,"code":"content_too_large","detail":"the body is too long","request_id":""#))
            let other = try server.client()
            try await other.send("GET / HTTP/1.1\nHost: a\n\n")
            #expect(try await other.receiveAll().hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
        }
    }

    @Test func limitsABodyByItsRequest() async throws {
        try await TestServer.run { server in
            let body = String(repeating: "y", count: 2 << 20)
            let client = try server.client()
            try await client.send("POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\n\r\n" + body)
            #expect(try await client.response().body == "POST /upload " + body)
            // The wider limit was that one request's.
            try await client.send("POST /other HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\n\r\n")
            #expect(try await client.receiveAll().hasPrefix("HTTP/1.1 413 "))
        }
    }

    @Test func answersWithoutABodyWhereThereIsNone() async throws {
        try await TestServer.run { server in
            let client = try server.client()
            try await client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\nGET /nothing HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            let answers = try await client.receiveAll()
            #expect(answers.contains("\r\nContent-Length: 7\r\n"))
            #expect(answers.components("HTTP/1.1 ") == 2)
            #expect(answers.contains("\r\n\r\nHTTP/1.1 204 No Content\r\n"))
            #expect(answers.hasSuffix("\r\n\r\n"))
            #expect(answers.components("Content-Length") == 1)
        }
    }

    @Test func speaksHTTP10() async throws {
        try await TestServer.run { server in
            let client = try server.client()
            try await client.send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            let (head, body) = try await client.response()
            #expect(head.contains("\r\nConnection: keep-alive\r\n"))
            #expect(body == "GET /a ")
            try await client.send("GET /b HTTP/1.0\r\n\r\n")
            #expect(try await client.receiveAll().hasSuffix("GET /b "))
        }
    }

    @Test func answersAPeerThatEndedItsSide() async throws {
        try await TestServer.run { server in
            let client = try server.client()
            try await client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\nGET /cut")
            client.endSending()
            let answers = try await client.receiveAll()
            #expect(answers.contains("slow"))
            #expect(answers.hasSuffix("GET /2 "))
        }
    }

    @Test func sendsALargeBodyToASlowReader() async throws {
        try await TestServer.run { server in
            let client = try server.client(receiveBuffer: 16 << 10)
            try await client.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n")
            let body = try await client.response().body
            #expect(body.utf8.count == 8 << 20)
            #expect(try await client.response().body == "GET /2 ")
        }
    }

    @Test func streamsInChunks() async throws {
        try await TestServer.run { server in
            let client = try server.client()
            try await client.send("GET /events HTTP/1.1\r\nHost: a\r\n\r\n")
            let answer = try await client.receiveAll()
            #expect(answer.contains("\r\nTransfer-Encoding: chunked\r\n"))
            #expect(answer.hasSuffix("\r\n\r\n9\r\ndata: 1\n\n\r\n9\r\ndata: 2\n\n\r\n0\r\n\r\n"))
            let old = try server.client()
            try await old.send("GET /events HTTP/1.0\r\n\r\n")
            let plain = try await old.receiveAll()
            #expect(!plain.contains("chunked"))
            #expect(plain.hasSuffix("\r\n\r\ndata: 1\n\ndata: 2\n\n"))
        }
    }

    @Test func cancelsTheTaskOfALostConnection() async throws {
        let hanging = Hanging()
        try await TestServer.run(hanging) { server in
            let client = try server.client()
            try await client.send(Self.get)
            try await hanging.begun.wait()
            client.reset()
            try await hanging.cancelled.wait()
        }
    }

    @Test func runsARequestOnItsLoop() async throws {
        try await TestServer.run(WhereAmI()) { server in
            let client = try server.client()
            try await client.send(Self.get)
            #expect(try await client.response().body == "before true, after a hop true, isolated by no other")
        }
    }
}

/// Waits until it is cancelled, and says so.
private struct Hanging: HTTPResponder {
    let begun = Gate()
    let cancelled = Gate()

    func respond(to request: HTTPRequest) async -> HTTPOutcome {
        begun.open()
        do {
            try await Task.sleep(for: .seconds(900))
        } catch {
            cancelled.open()
        }
        return .response(HTTPResponse(status: 200))
    }
}

private struct WhereAmI: HTTPResponder {
    func respond(to request: HTTPRequest) async -> HTTPOutcome {
        let before = EventLoop.current != nil
        await Task.yield()
        await elsewhere()
        let after = EventLoop.current != nil
        return .response(HTTPResponse(status: 200, text: "before \(before), after a hop \(after), isolated by no other"))
    }

    @concurrent private func elsewhere() async {}
}

extension String {
    /// How often a text occurs.
    func components(_ text: String) -> Int { ranges(of: text).count }
}
