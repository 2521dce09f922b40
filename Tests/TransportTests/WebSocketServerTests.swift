import HTTP
import Synchronization
import Testing
import Transport

@Suite struct WebSocketServerTests {
    @Test func echoes() async throws {
        try await TestServer.run { server in
            let client = try server.client()
            try await client.openWebSocket()
            try await client.send(frame: .text, Array("grüße".utf8))
            #expect(try await client.events { _ in true } == [.text(Array("grüße".utf8))])
            try await client.send(frame: .ping, Array("p".utf8))
            #expect(try await client.events { _ in true } == [.pong(Array("p".utf8))])
            let big = [UInt8](repeating: 7, count: 300_000)
            try await client.send(frame: .binary, big)
            #expect(try await client.events { _ in true } == [.binary(big)])
        }
    }

    /// All that one turn sends comes in one write, so one read finds it.
    @Test func writesOnceATurn() async throws {
        try await TestServer.run { server in
            let client = try server.client()
            try await client.openWebSocket()
            try await client.send(frame: .text, Array("ten".utf8))
            var decoder = WebSocketFrameDecoder(role: .client)
            #expect(decoder.consume(try await client.receive()) == (0..<10).map { .text(Array("\($0)".utf8)) })
        }
    }

    @Test func closesWhenAsked() async throws {
        try await TestServer.run { server in
            let client = try server.client()
            try await client.openWebSocket()
            try await client.send(frame: .text, Array("bye".utf8))
            #expect(try await client.events { _ in true } == [.close(code: 4001, reason: Array("as asked".utf8))])
            try await client.send(WebSocketFrame.closeFrame(code: 4001, mask: 1))
            #expect(try await client.receiveAll() == "")
        }
    }

    @Test func answersAClose() async throws {
        let log = ClosedLog()
        try await TestServer.run(Logged(log: log)) { server in
            let client = try server.client()
            try await client.openWebSocket()
            try await client.send(WebSocketFrame.closeFrame(code: 1000, reason: "done", mask: 1))
            #expect(try await client.events { _ in false } == [.close(code: 1000, reason: [])])
            #expect(try await log.next() == 1000)
            let lost = try server.client()
            try await lost.openWebSocket()
            lost.reset()
            #expect(try await log.next() == 1006)
        }
        #expect(log.count == 2)
    }

    /// A sign of life for those above, the client's own pings as much as its answers to ours.
    @Test func tellsOfPingsAndPongs() async throws {
        let log = ClosedLog()
        try await TestServer.run(Logged(log: log)) { server in
            let client = try server.client()
            try await client.openWebSocket()
            try await client.send(frame: .ping, [1])
            #expect(try await log.next() == Logged.control)
            try await client.send(frame: .pong, [])
            #expect(try await log.next() == Logged.control)
        }
    }

    static let broken: [([UInt8], UInt16)] = [
        (WebSocketFrame.encode(.text, [0x61]), 1002), (WebSocketFrame.encode(.text, [0xFF], mask: 0), 1007),
        (WebSocketFrame.encode(.binary, [UInt8](repeating: 0, count: 2000), mask: 0), 1009),
    ]

    @Test(arguments: broken) func tellsWhatWasBroken(_ bytes: [UInt8], _ code: UInt16) async throws {
        try await TestServer.run(configure: set(\.maxMessageSize, 1000)) { server in
            let client = try server.client()
            try await client.openWebSocket()
            try await client.send(bytes)
            #expect(try await client.events { _ in false } == [.close(code: code, reason: [])])
        }
    }

    @Test func takesFramesThatCameWithTheHandshake() async throws {
        try await TestServer.run { server in
            let client = try server.client()
            let handshake =
                "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
            try await client.send(Array(handshake.utf8) + WebSocketFrame.encode(.text, [0x61], mask: 9))
            let head = try await client.receive(until: "\r\n\r\n")
            #expect(head.contains("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"))
            #expect(head.contains("\r\nX-Extra: yes\r\n"))
            #expect(try await client.events { _ in true } == [.text([0x61])])
        }
    }

    @Test func refusesAHandshakeAndGoesOn() async throws {
        try await TestServer.run { server in
            let client = try server.client()
            try await client.send(
                "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 8\r\n\r\n")
            let (head, _) = try await client.response()
            #expect(head.hasPrefix("HTTP/1.1 426 Upgrade Required\r\n"))
            try await client.send(HTTPServerTests.get)
            #expect(try await client.response().body == "GET / ")
        }
    }

    /// The queue is dropped at a frame's border, so the peer that reads on finds whole frames and then the close.
    @Test func closesASlowReader() async throws {
        try await TestServer.run { server in
            let client = try server.client(receiveBuffer: 16 << 10)
            try await client.openWebSocket("/flood")
            let events = try await client.events { if case .close = $0 { true } else { false } }
            #expect(events.last == .close(code: 4008, reason: Array("slow reader".utf8)))
            let texts = events.dropLast()
            #expect(texts.count < 400)
            #expect(texts.allSatisfy { $0 == .text([UInt8](repeating: 0x62, count: 64 << 10)) })
            #expect(try await server.counts { $0.webSockets == 0 })
        }
    }
}

/// The close codes that delegates heard, in order.
private final class ClosedLog: Sendable {
    private let stream: AsyncStream<UInt16>
    private let continuation: AsyncStream<UInt16>.Continuation
    private let counted = Atomic<Int>(0)

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func add(_ code: UInt16) {
        counted.add(1, ordering: .relaxed)
        continuation.yield(code)
    }

    var count: Int { counted.load(ordering: .relaxed) }

    func next() async throws -> UInt16? {
        for await code in stream { return code }
        return nil
    }
}

private struct Logged: HTTPResponder {
    /// What stands in the log for a ping or a pong; no close has it.
    static let control: UInt16 = 0
    let log: ClosedLog

    func respond(to request: HTTPRequest) async -> HTTPOutcome {
        let log = log
        return .upgrade(headers: [:]) { _ in Listener(log) }
    }

    private final class Listener: WebSocketDelegate {
        private let log: ClosedLog
        init(_ log: ClosedLog) { self.log = log }
        func received(text: [UInt8]) {}
        func receivedControl() { log.add(Logged.control) }
        func closed(code: UInt16) { log.add(code) }
    }
}
