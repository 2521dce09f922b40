import HTTP
import HostileInputs
import Testing
import Transport

/// Over a socket of our own: the close frame comes, then the end of the stream, and nothing in between.
@Suite struct HostileFrameTests {
    @Test(arguments: HostileFrame.all) func tellsWhatWasBroken(_ hostile: HostileFrame) async throws {
        try await TestServer.run(configure: set(\.maxMessageSize, HostileFrame.messageLimit)) { server in
            let client = try server.client()
            try await client.openWebSocket()
            let good = WebSocketFrame.encode(.text, [0x61], mask: 1)
            try await client.send(good + hostile.bytes)
            let events = try await client.events { _ in false }
            let other = events.filter { if case .pong = $0 { false } else { true } }
            #expect(other == [.text([0x61]), .close(code: hostile.answer, reason: [])])
            #expect(try await server.counts { $0.webSockets == 0 })
        }
    }

    /// What comes behind a close or a fault is not looked at.
    @Test func nothingCountsAfterTheEnd() async throws {
        try await TestServer.run { server in
            let client = try server.client()
            try await client.openWebSocket()
            let late = WebSocketFrame.encode(.text, Array("late".utf8), mask: 1)
            try await client.send(WebSocketFrame.closeFrame(code: 1000, mask: 1) + late + [0xFF, 0xFF, 0xFF])
            #expect(try await client.events { _ in false } == [.close(code: 1000, reason: [])])
        }
    }

    /// Control frames stand between fragments, and are answered before the message is whole.
    @Test func answersAPingInsideAMessage() async throws {
        try await TestServer.run { server in
            let client = try server.client()
            try await client.openWebSocket()
            try await client.send(
                WebSocketFrame.encode(.text, Array("Hel".utf8), isFinal: false, mask: 1) + WebSocketFrame.encode(.ping, [7], mask: 2))
            #expect(try await client.events { _ in true } == [.pong([7])])
            try await client.send(WebSocketFrame.encode(.continuation, Array("lo".utf8), mask: 3))
            #expect(try await client.events { _ in true } == [.text(Array("Hello".utf8))])
        }
    }

    /// A peer that never answers our close is not waited for beyond the time set.
    @Test func doesNotWaitForeverForTheOtherClose() async throws {
        try await TestServer.run(configure: set(\.closeTimeout, 50)) { server in
            let client = try server.client()
            try await client.openWebSocket()
            try await client.send(frame: .text, Array("bye".utf8))
            #expect(try await client.events { _ in false } == [.close(code: 4001, reason: Array("as asked".utf8))])
        }
    }
}

/// Handshakes that are refused, as they stand on the wire.
@Suite struct HandshakeRefusalTests {
    @Test(arguments: HostileHandshake.all) func refuses(_ refused: HostileHandshake) async throws {
        try await TestServer.run { server in
            let client = try server.client()
            try await client.send(refused.request)
            let (head, _) = try await client.response()
            #expect(head.hasPrefix("HTTP/1.1 \(refused.status) "))
            if refused.status == 426 {
                #expect(head.contains("\r\nSec-WebSocket-Version: 13\r\n"))
                #expect(head.contains("\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"))
            }
            #expect(try await server.counts { $0.webSockets == 0 })
        }
    }
}
