import HTTP
import Testing
import Transport

@Suite struct HTTPServerTests {
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
            let requests = "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n" + (0..<50).map { "GET /\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined()
            try await client.send(requests)
            #expect(try await client.response().body == "slow")
            for index in 0..<50 { #expect(try await client.response().body == "GET /\(index) ") }
        }
    }

    @Test func echoesOnAWebSocket() async throws {
        try await TestServer.run { server in
            let client = try server.client()
            try await client.openWebSocket()
            try await client.send(frame: .text, Array("grüße".utf8))
            #expect(try await client.events { _ in true } == [.text(Array("grüße".utf8))])
            try await client.send(frame: .text, Array("ten".utf8))
            let ten = try await client.events { $0 == .text([0x39]) }
            #expect(ten == (0..<10).map { .text(Array("\($0)".utf8)) })
            try await client.send(frame: .text, Array("bye".utf8))
            #expect(try await client.events { _ in true } == [.close(code: 4001, reason: Array("as asked".utf8))])
        }
    }
}
