import Compression
import HTTP
import Synchronization
import Testing
import Transport

@Suite struct WebSocketCompressionTests {
    private static let offer = "permessage-deflate; client_max_window_bits"
    private static let long = Array(String(repeating: "the same words, and again the same words. ", count: 20).utf8)

    @Test func agreesAndEchoesWhatCameCompressed() async throws {
        try await TestServer.run { server in
            let client = try server.client()
            let head = try await client.openWebSocket(offering: Self.offer)
            #expect(
                head.contains(
                    "\r\nSec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover\r\n"))
            for _ in 0..<3 {
                let compressed = Deflater().message(Self.long[...])
                try await client.send(WebSocketFrame.encode(.text, compressed, isCompressed: true, mask: 7))
                // What one client alone gets goes as it is.
                #expect(try await client.frame() == WebSocketFrame.textFrame(Self.long))
            }
        }
    }

    static let hostile: [(String, [UInt8], UInt16)] = [
        (
            "a bomb",
            WebSocketFrame.encode(.binary, Deflater().message([UInt8](repeating: 0, count: 1 << 20)[...]), isCompressed: true, mask: 7),
            1009
        ),
        ("what is not DEFLATE", WebSocketFrame.encode(.text, [0xFF, 0xFF], isCompressed: true, mask: 7), 1002),
        ("a text that is not UTF-8", WebSocketFrame.encode(.text, Deflater().message([0xFF]), isCompressed: true, mask: 7), 1007),
        ("a compressed ping", WebSocketFrame.encode(.ping, [], isCompressed: true, mask: 7), 1002),
    ]

    @Test(arguments: hostile) func tellsWhatWasBroken(_ name: String, _ bytes: [UInt8], _ code: UInt16) async throws {
        try await TestServer.run(configure: set(\.maxMessageSize, 10_000)) { server in
            let client = try server.client()
            try await client.openWebSocket(offering: Self.offer)
            try await client.send(bytes)
            #expect(try await client.events { _ in false } == [.close(code: code, reason: [])])
        }
    }

    /// A publication is compressed once for all sockets of all loops, and not at all while nobody wants it.
    @Test func compressesOncePerPublication() async throws {
        let room = Room()
        try await TestServer.run(room, loops: 3) { server in
            var clients: [TestClient] = []
            for number in 0..<24 {
                let client = try server.client()
                try await client.openWebSocket(offering: number < 12 ? nil : Self.offer)
                clients.append(client)
            }
            let plain = WebSocketFrame.textFrame(Self.long)
            let compressed = WebSocketFrame.compressedTextFrame(Deflater().message(Self.long[...]))
            #expect(compressed.count < plain.count / 4)
            for round in 1...20 {
                room.publish(SharedMessage(text: Self.long))
                for (number, client) in clients.enumerated() { #expect(try await client.frame() == (number < 12 ? plain : compressed)) }
                #expect(server.server.snapshot.messagesCompressed == round)
            }
            let parts = [Self.long, Array("short".utf8), Array(Self.long.reversed())]
            room.publish(SharedMessage(joining: parts.map { SharedMessage(text: $0) }))
            for (number, client) in clients.enumerated() {
                for part in parts {
                    let isPlain = number < 12 || part.count < 128
                    #expect(
                        try await client.frame()
                            == (isPlain
                                ? WebSocketFrame.textFrame(part) : WebSocketFrame.compressedTextFrame(Deflater().message(part[...]))))
                }
            }
            #expect(server.server.snapshot.messagesCompressed == 22)
        }
    }

    @Test func compressesNothingThatNobodyAskedFor() async throws {
        let room = Room()
        try await TestServer.run(room) { server in
            let client = try server.client()
            try await client.openWebSocket(offering: "permessage-deflate; dance")
            room.publish(SharedMessage(text: Self.long))
            #expect(try await client.frame() == WebSocketFrame.textFrame(Self.long))
            #expect(server.server.snapshot.messagesCompressed == 0)
        }
    }

    @Test func leavesSecretsAndNoiseAsTheyAre() async throws {
        let room = Room()
        try await TestServer.run(room) { server in
            let client = try server.client()
            try await client.openWebSocket(offering: Self.offer)
            room.publish(SharedMessage(text: Self.long, compresses: false))
            #expect(try await client.frame() == WebSocketFrame.textFrame(Self.long))
            #expect(server.server.snapshot.messagesCompressed == 0)
            // Every character once gains nothing.
            let noise = [UInt8](0..<128)
            room.publish(SharedMessage(text: noise))
            #expect(try await client.frame() == WebSocketFrame.textFrame(noise))
        }
    }

    /// A client with a small window gets compressed what fits into it.
    @Test func mindsTheWindow() async throws {
        let room = Room()
        try await TestServer.run(room) { server in
            let client = try server.client()
            let head = try await client.openWebSocket(offering: "permessage-deflate; server_max_window_bits=9")
            #expect(head.contains("; server_max_window_bits=9\r\n"))
            let small = Array(Self.long.prefix(512))
            let large = Array(Self.long.prefix(513))
            let compressed = WebSocketFrame.compressedTextFrame(Deflater().message(small[...]))
            room.publish(SharedMessage(text: small))
            #expect(try await client.frame() == compressed)
            room.publish(SharedMessage(text: large))
            #expect(try await client.frame() == WebSocketFrame.textFrame(large))
            room.publish(SharedMessage(joining: [SharedMessage(text: large), SharedMessage(text: small)]))
            #expect(try await client.frame() == WebSocketFrame.textFrame(large))
            #expect(try await client.frame() == compressed)
        }
    }

    @Test func canBeTurnedOff() async throws {
        try await TestServer.run(configure: set(\.compressesMessages, false)) { server in
            let client = try server.client()
            let head = try await client.openWebSocket(offering: Self.offer)
            #expect(!head.lowercased().contains("sec-websocket-extensions"))
            try await client.send(WebSocketFrame.encode(.text, Deflater().message(Self.long[...]), isCompressed: true, mask: 7))
            #expect(try await client.events { _ in false } == [.close(code: 1002, reason: [])])
        }
    }

    @Test func refusesAFieldThatIsNoList() async throws {
        try await TestServer.run { server in
            let client = try server.client()
            try await client.send(TestClient.handshake("/ws", offering: "permessage-deflate; ="))
            #expect(try await client.response().head.hasPrefix("HTTP/1.1 400 "))
        }
    }
}

/// Sockets that all get what is published.
private final class Room: HTTPResponder, Sendable {
    private let sockets = Mutex<[WebSocketConnection]>([])

    func respond(to request: HTTPRequest) async -> HTTPOutcome {
        .upgrade(headers: [:]) { socket in
            self.sockets.withLock { $0.append(socket) }
            return Silent()
        }
    }

    func publish(_ message: SharedMessage) {
        for socket in sockets.withLock({ $0 }) { socket.loop.execute { socket.send(message: message) } }
    }

    private final class Silent: WebSocketDelegate {
        func received(text: [UInt8]) {}
        func closed(code: UInt16) {}
    }
}
