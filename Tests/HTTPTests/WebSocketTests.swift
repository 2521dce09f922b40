import HTTP
import Seeded
import Testing

typealias Event = WebSocketFrameDecoder.Event

/// A client's frame around a payload.
private func masked(_ opcode: WebSocketFrame.Opcode, _ payload: [UInt8], final: Bool = true) -> [UInt8] {
    WebSocketFrame.encode(opcode, payload, isFinal: final, mask: 0x37FA_213D)
}

private func masked(_ opcode: WebSocketFrame.Opcode, _ text: String, final: Bool = true) -> [UInt8] {
    masked(opcode, Array(text.utf8), final: final)
}

private func closing(_ code: UInt16, _ reason: [UInt8] = []) -> [UInt8] {
    masked(.close, [UInt8(code >> 8), UInt8(code & 255)] + reason)
}

private func decode(_ pieces: [ArraySlice<UInt8>], limit: Int = 1000) -> [Event] {
    var decoder = WebSocketFrameDecoder(role: .server, maxMessageSize: limit)
    return pieces.flatMap { decoder.consume(Array($0)) }
}

@Suite struct WebSocketFrameDecoderTests {
    static let zeros = [UInt8](repeating: 0, count: 126)

    /// Inputs, and all that comes of each.
    static let cases: [([UInt8], [Event])] = [
        // RFC 6455, 5.7: a masked "Hello".
        ([0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58], [.text(Array("Hello".utf8))]),
        (masked(.text, ""), [.text([])]),
        (masked(.binary, zeros), [.binary(zeros)]),
        (
            masked(.text, "Hel", final: false) + masked(.ping, "p") + masked(.continuation, "", final: false) + masked(.continuation, "lo"),
            [.ping([0x70]), .text(Array("Hello".utf8))]
        ),
        (masked(.pong, "x") + masked(.text, "a") + masked(.binary, "b"), [.pong([0x78]), .text([0x61]), .binary([0x62])]),
        // A character cut by two fragments.
        (masked(.text, [0xE2, 0x82], final: false) + masked(.continuation, [0xAC]), [.text([0xE2, 0x82, 0xAC])]),
        // Closing.
        (masked(.close, []) + masked(.text, "late"), [.close(code: 1005, reason: [])]),
        (closing(1000, Array("ok".utf8)), [.close(code: 1000, reason: [0x6F, 0x6B])]),
        (closing(4999), [.close(code: 4999, reason: [])]),
        (masked(.close, [0x03]), [.failed(closeCode: 1002)]),
        (closing(1000, [0xFF]), [.failed(closeCode: 1007)]),
        // Broken headers.
        (WebSocketFrame.encode(.text, [0x61]), [.failed(closeCode: 1002)]),
        ([0xC1, 0x80, 0, 0, 0, 0], [.failed(closeCode: 1002)]),
        ([0xA1, 0x80, 0, 0, 0, 0], [.failed(closeCode: 1002)]),
        ([0x91, 0x80, 0, 0, 0, 0], [.failed(closeCode: 1002)]),
        ([0x83, 0x80, 0, 0, 0, 0], [.failed(closeCode: 1002)]),
        ([0x8B, 0x80, 0, 0, 0, 0], [.failed(closeCode: 1002)]),
        (masked(.ping, "", final: false), [.failed(closeCode: 1002)]),
        (masked(.ping, zeros), [.failed(closeCode: 1002)]),
        (masked(.close, zeros), [.failed(closeCode: 1002)]),
        (masked(.continuation, "a"), [.failed(closeCode: 1002)]),
        (masked(.text, "a", final: false) + masked(.text, "b"), [.failed(closeCode: 1002)]),
        (masked(.text, "a") + masked(.continuation, "b"), [.text([0x61]), .failed(closeCode: 1002)]),
        // Lengths that are not the shortest, or beyond reason.
        ([0x81, 0xFE, 0, 125, 0, 0, 0, 0] + zeros, [.failed(closeCode: 1002)]),
        ([0x81, 0xFF, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0], [.failed(closeCode: 1002)]),
        ([0x81, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], [.failed(closeCode: 1002)]),
        ([0x81, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0], [.failed(closeCode: 1009)]),
        (masked(.text, [UInt8](repeating: 0x61, count: 1001)), [.failed(closeCode: 1009)]),
        (
            masked(.text, [UInt8](repeating: 0x61, count: 1000), final: false) + masked(.continuation, "") + masked(.text, "b"),
            [.text([UInt8](repeating: 0x61, count: 1000)), .text([0x62])]
        ),
        (masked(.text, [UInt8](repeating: 0x61, count: 1000), final: false) + masked(.continuation, "b"), [.failed(closeCode: 1009)]),
        // What is not UTF-8: overlong, surrogate, beyond the last plane, cut, a lone continuation.
        (masked(.text, [0xC0, 0x80]), [.failed(closeCode: 1007)]),
        (masked(.text, [0xE0, 0x9F, 0x80]), [.failed(closeCode: 1007)]),
        (masked(.text, [0xED, 0xA0, 0x80]), [.failed(closeCode: 1007)]),
        (masked(.text, [0xF0, 0x8F, 0x80, 0x80]), [.failed(closeCode: 1007)]),
        (masked(.text, [0xF4, 0x90, 0x80, 0x80]), [.failed(closeCode: 1007)]),
        (masked(.text, [0xF5, 0x80, 0x80, 0x80]), [.failed(closeCode: 1007)]),
        (masked(.text, [0xE2, 0x82]), [.failed(closeCode: 1007)]),
        (masked(.text, [0x80]), [.failed(closeCode: 1007)]),
        (masked(.text, [0xE2, 0x82], final: false) + masked(.continuation, [0x41]), [.failed(closeCode: 1007)]),
        (masked(.binary, [0xFF, 0x80]), [.binary([0xFF, 0x80])]),
    ]

    @Test(arguments: cases) func decodes(_ input: [UInt8], _ expected: [Event]) {
        #expect(decode([input[...]]) == expected)
        #expect(decode(input.indices.map { input[$0...$0] }) == expected)
        for cut in 0...input.count { #expect(decode([input[..<cut], input[cut...]]) == expected, "cut at \(cut)") }
    }

    @Test func takesOnlyCodesThatMayBeSent() {
        for code in UInt16(0)...5100 {
            let isAllowed = (1000...1003).contains(code) || (1007...1014).contains(code) || (3000...4999).contains(code)
            #expect(decode([closing(code)[...]]) == [isAllowed ? .close(code: code, reason: []) : .failed(closeCode: 1002)])
        }
    }

    /// The validator against the standard library's, on random damage of text with characters of every length.
    @Test func agreesWithTheStandardLibraryAboutUTF8() {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededRandom(seed)
        for _ in 0..<4000 {
            var bytes = Array("aé€𝄞\u{7FF}\u{800}\u{FFFF}\u{10FFFF}plain ascii text".utf8)
            for _ in 0..<Int.random(in: 0...2, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0x70...0xFF, using: &random)
            }
            let isValid = String(validating: bytes, as: UTF8.self) != nil
            let expected: [Event] = isValid ? [.text(bytes)] : [.failed(closeCode: 1007)]
            #expect(decode(random.split(masked(.text, bytes))) == expected, "seed \(seed): \(bytes)")
        }
    }

    @Test func readsBackWhatIsWritten() {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededRandom(seed)
        for _ in 0..<40 {
            let size = [0, 1, 125, 126, 127, 65535, 65536].randomElement(using: &random) ?? 0
            let payload = (0..<size).map { _ in UInt8.random(in: 0...255, using: &random) }
            let mask = UInt32.random(in: 0 ... .max, using: &random)
            #expect(
                decode(random.split(WebSocketFrame.encode(.binary, payload, mask: mask)), limit: 1 << 20) == [.binary(payload)],
                "seed \(seed)")
            var client = WebSocketFrameDecoder(role: .client)
            #expect(client.consume(WebSocketFrame.binaryFrame(payload)) == [.binary(payload)], "seed \(seed)")
            #expect(client.isIdle)
        }
    }

    @Test func refusesAMaskedFrameFromAServer() {
        var client = WebSocketFrameDecoder(role: .client)
        #expect(client.consume(masked(.text, "a")) == [.failed(closeCode: 1002)])
    }

    @Test func cutsALongReasonBetweenCharacters() {
        var client = WebSocketFrameDecoder(role: .client)
        let events = client.consume(WebSocketFrame.closeFrame(code: 4008, reason: String(repeating: "€", count: 60)))
        #expect(events == [.close(code: 4008, reason: Array(String(repeating: "€", count: 41).utf8))])
    }
}

@Suite struct WebSocketHandshakeTests {
    private func request(_ change: (inout HTTPRequest) -> Void = { _ in }) -> HTTPRequest {
        var request = HTTPRequest(
            method: .get, target: "/ws",
            headers: [
                "Host": "a", "Connection": "keep-alive, Upgrade", "Upgrade": "WebSocket", "Sec-WebSocket-Version": "13",
                "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
            ])
        change(&request)
        return request
    }

    @Test func acceptsTheExampleOfTheRFC() throws {
        let headers = try WebSocketHandshake.accept(request()).headers
        #expect(headers["Sec-WebSocket-Accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        #expect(headers["upgrade"] == "websocket")
    }

    @Test func refusesWhatIsNotAHandshake() {
        func refusal(_ change: (inout HTTPRequest) -> Void) -> HTTPResponse? {
            do throws(WebSocketHandshake.Refusal) {
                _ = try WebSocketHandshake.accept(request(change))
                return nil
            } catch {
                return error.response
            }
        }
        let version = refusal { $0.headers["Sec-WebSocket-Version"] = "8" }
        #expect(version?.status == 426)
        #expect(version?.headers["Sec-WebSocket-Version"] == "13")
        #expect(refusal { $0.headers["Sec-WebSocket-Version"] = nil }?.status == 426)
        for key in ["", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZR==", "dGhlIHNhbXBsZQ==", "dGhlIHNhbXBsZSBub25jZQ==="] {
            #expect(refusal { $0.headers["Sec-WebSocket-Key"] = key }?.status == 400, "\(key)")
        }
        #expect(refusal { $0.headers.append("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==") }?.status == 400)
        #expect(refusal { $0.headers["Connection"] = "keep-alive" }?.status == 400)
        #expect(refusal { $0.headers["Upgrade"] = "h2c" }?.status == 400)
        #expect(refusal { $0.method = .post }?.status == 400)
        #expect(refusal { $0.hasBody = true }?.status == 400)
    }
}
