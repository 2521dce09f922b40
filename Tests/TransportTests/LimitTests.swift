import HTTP
import Testing
import Transport

/// What a server does with peers that are slow, many, or there when it goes down.
@Suite struct LimitTests {
    @Test func answers408ToAHeadThatDoesNotEnd() async throws {
        try await TestServer.run(configure: set(\.headTimeout, 100)) { server in
            let client = try server.client()
            try await client.send("GET / HTTP/1.1\r\nHost")
            #expect(try await client.receiveAll().hasPrefix("HTTP/1.1 408 Request Timeout\r\n"))
        }
    }

    /// A byte now and then does not put the end of a head off: the answer comes long before the last of them.
    @Test func aTricklingHeadEnds() async throws {
        func impatient(_ options: inout HTTPServerOptions) {
            options.headTimeout = 200
            options.lingerTimeout = 100
        }
        try await TestServer.run(configure: impatient) { server in
            let client = try server.client()
            try await client.send("GET / HTTP/1.1\r\nX: ")
            let trickled = client.trickle(UInt8(ascii: "y"), times: 1000, every: 10)
            let answer = try await client.receive(until: "\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 408 "))
            #expect(try await trickled.value < 1000)
        }
    }

    @Test func answers408ToABodyThatDoesNotEnd() async throws {
        try await TestServer.run(configure: set(\.bodyTimeout, 100)) { server in
            let client = try server.client()
            try await client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc")
            #expect(try await client.receiveAll().hasPrefix("HTTP/1.1 408 Request Timeout\r\n"))
        }
    }

    @Test func closesAnIdleConnection() async throws {
        try await TestServer.run(configure: set(\.keepAliveTimeout, 100)) { server in
            let client = try server.client()
            try await client.send(HTTPServerTests.get)
            _ = try await client.response()
            #expect(try await client.receiveAll() == "")
            #expect(try await server.counts { $0.closes[.idle] == 1 })
            #expect(try await server.counts { $0.connections == 0 })
        }
    }

    /// An answer larger than the queue stops the clock of the connection; it runs again once the answer is taken.
    @Test func closesAnIdleConnectionAfterALargeAnswer() async throws {
        try await TestServer.run(configure: set(\.keepAliveTimeout, 100)) { server in
            let client = try server.client()
            try await client.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n")
            let answer = try await client.receiveAll()
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n") && answer.utf8.count > 8 << 20)
            #expect(try await server.counts { $0.closes[.idle] == 1 })
        }
    }

    @Test func closesWhoReadsNothing() async throws {
        try await TestServer.run(configure: set(\.writeTimeout, 100)) { server in
            let client = try server.client(receiveBuffer: 16 << 10)
            try await client.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n")
            while server.server.snapshot.closes[.writeStalled] != 1 { try await Task.sleep(for: .milliseconds(10)) }
            #expect(try await server.counts { $0.connections == 0 })
        }
    }

    @Test(arguments: [true, false]) func refusesOneConnectionTooMany(_ perAddress: Bool) async throws {
        try await TestServer.run(configure: perAddress ? set(\.maxConnectionsPerAddress, 2) : set(\.maxConnections, 2)) { server in
            var held: [TestClient] = []
            for _ in 0..<2 {
                let client = try server.client()
                try await client.send(HTTPServerTests.get)
                _ = try await client.response()
                held.append(client)
            }
            #expect(try await server.client().receiveAll().hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"))
            held = []
            while server.server.snapshot.connections > 0 { try await Task.sleep(for: .milliseconds(5)) }
            let again = try server.client()
            try await again.send(HTTPServerTests.get)
            #expect(try await again.response().body == "GET / ")
        }
    }

    /// Beyond `maxSockets` nobody is accepted, not even to be refused: the kernel keeps those who come until somebody goes.
    @Test func acceptsNobodyWithoutAFreeDescriptor() async throws {
        let limits: (inout HTTPServerOptions) -> Void = {
            $0.maxConnections = 2
            $0.maxSockets = 2
        }
        try await TestServer.run(configure: limits) { server in
            var held: [TestClient] = []
            for _ in 0..<2 {
                let client = try server.client()
                try await client.send(HTTPServerTests.get)
                _ = try await client.response()
                held.append(client)
            }
            var waiting: [TestClient] = []
            for _ in 0..<12 {
                let client = try server.client()
                try await client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                waiting.append(client)
            }
            held = []
            // Two loops accept in an order of their own.
            while !waiting.isEmpty {
                guard let next = waiting.firstIndex(where: \.canRead) else {
                    try await Task.sleep(for: .milliseconds(1))
                    continue
                }
                let client = waiting.remove(at: next)
                #expect(try await client.response().body == "GET / ")
                client.close()
            }
        }
    }

    @Test func goesDownPolitely() async throws {
        let held = Held()
        try await TestServer.run(held) { server in
            let idle = try server.client()
            try await idle.send(HTTPServerTests.get)
            _ = try await idle.response()
            let socket = try server.client()
            try await socket.openWebSocket()
            let busy = try server.client()
            try await busy.send("GET /held HTTP/1.1\r\nHost: a\r\n\r\n")
            try await held.begun.wait()

            async let down: Void = server.server.shutdown(deadline: .seconds(60))
            #expect(try await idle.receiveAll() == "")
            idle.close()
            let closing = try await socket.events { _ in true }
            #expect(closing == [.close(code: 1001, reason: Array("the server is going down".utf8))])
            try await socket.send(WebSocketFrame.closeFrame(code: 1001, mask: 1))
            #expect(try await socket.receiveAll() == "")
            socket.close()
            held.release.open()
            let answer = try await busy.receiveAll()
            busy.close()
            #expect(answer.contains("\r\nConnection: close\r\n") && answer.hasSuffix("held"))
            await down
            #expect(server.server.snapshot.connections == 0)
            #expect(throws: TestClient.Failure.self) { try server.client() }
        }
    }

    @Test func aDeadlineEndsWhoDoesNot() async throws {
        try await TestServer.run { server in
            let stuck = try server.client()
            try await stuck.send("GET / HTTP/1.1\r\n")
            while server.server.snapshot.bytesReceived == 0 { try await Task.sleep(for: .milliseconds(1)) }
            // Asked twice, as an impatient operator does, it ends for both, with the shorter deadline.
            async let patient: Void = server.server.shutdown(deadline: .seconds(600))
            await server.server.shutdown(deadline: .milliseconds(50))
            await patient
            #expect(server.server.snapshot.connections == 0)
            #expect(server.server.snapshot.closes[.shutdown] == 1)
        }
    }

    @Test func saysThatAPortIsTaken() async throws {
        try await TestServer.run { server in
            var options = HTTPServerOptions()
            options.port = server.port
            let second = HTTPServer(options: options, group: server.server.group, responder: Routes())
            let failure = #expect(throws: ListenFailure.self) { try second.start() }
            #expect(failure?.description.contains("another process is using it") == true)
            options.host = "example"
            let third = HTTPServer(options: options, group: server.server.group, responder: Routes())
            #expect(throws: ListenFailure.self) { try third.start() }
        }
    }

    @Test(arguments: ["localhost", "0.0.0.0", "127.0.0.1", "::"]) func listensOn(_ host: String) async throws {
        try await TestServer.run(RemoteAddress(), configure: set(\.host, host)) { server in
            let client = try server.client()
            try await client.send(HTTPServerTests.get)
            #expect(try await client.response().body == "127.0.0.1")
        }
    }
}

private struct RemoteAddress: HTTPResponder {
    func respond(to request: HTTPRequest) async -> HTTPOutcome { .response(HTTPResponse(status: 200, text: request.remoteAddress)) }
}

/// Answers `/held` when it is told to.
private struct Held: HTTPResponder {
    let begun = Gate()
    let release = Gate()

    func respond(to request: HTTPRequest) async -> HTTPOutcome {
        guard request.rawPath == "/held" else { return await Routes().respond(to: request) }
        begun.open()
        do {
            try await release.wait()
        } catch {
            return .response(HTTPResponse(status: 500))
        }
        return .response(HTTPResponse(status: 200, text: "held"))
    }
}
