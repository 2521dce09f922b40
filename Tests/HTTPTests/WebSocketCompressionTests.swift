import Compression
import HTTP
import Testing

@Suite struct CompressionOfferTests {
    /// What a client offers, field by field, and the answer; nil when nothing is agreed.
    static let offers: [([String], String?)] = [
        ([], nil),
        (["permessage-deflate"], ""),
        (["permessage-deflate; client_max_window_bits"], ""),
        (["permessage-deflate; client_max_window_bits=10"], ""),
        (["permessage-deflate;client_no_context_takeover ; server_no_context_takeover"], ""),
        (["Permessage-Deflate; Server_Max_Window_Bits=12"], "; server_max_window_bits=12"),
        ([#"permessage-deflate; server_max_window_bits="8""#], "; server_max_window_bits=8"),
        ([#"permessage-deflate; server_max_window_bits="1\5""#], "; server_max_window_bits=15"),
        (["x-webkit-deflate-frame, ,permessage-deflate"], ""),
        (["mux; max-channels=4; flow-control", "permessage-deflate"], ""),
        // The first offer that is understood whole is taken.
        (
            ["permessage-deflate; server_max_window_bits=9; dance, permessage-deflate; server_max_window_bits=10"],
            "; server_max_window_bits=10"
        ),
        (["permessage-deflate; server_max_window_bits=11, permessage-deflate"], "; server_max_window_bits=11"),
        // Declined: unknown, twice, with a value or without one, out of range, not plain digits.
        (["permessage-deflate; dance"], nil),
        (["permessage-deflate; server_no_context_takeover=1"], nil),
        (["permessage-deflate; client_no_context_takeover; client_no_context_takeover"], nil),
        (["permessage-deflate; server_max_window_bits"], nil),
        (["permessage-deflate; server_max_window_bits=7"], nil),
        (["permessage-deflate; server_max_window_bits=16"], nil),
        (["permessage-deflate; server_max_window_bits=08"], nil),
        (["permessage-deflate; client_max_window_bits=+9"], nil),
        (["permessage-deflate; client_max_window_bits=999"], nil),
        (["permessage-deflate2"], nil),
    ]

    private func accept(_ fields: [String], compresses: Bool = true) throws -> WebSocketHandshake.Acceptance {
        var request = HTTPRequest(
            method: .get, target: "/ws",
            headers: [
                "Host": "a", "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
                "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
            ])
        for field in fields { request.headers.append("Sec-WebSocket-Extensions", field) }
        return try WebSocketHandshake.accept(request, compresses: compresses)
    }

    @Test(arguments: offers) func answers(_ fields: [String], _ answer: String?) throws {
        let acceptance = try accept(fields)
        let whole = answer.map { "permessage-deflate; server_no_context_takeover; client_no_context_takeover" + $0 }
        #expect(acceptance.headers["Sec-WebSocket-Extensions"] == whole)
        #expect((acceptance.compression != nil) == (answer != nil))
        #expect(try accept(fields, compresses: false).headers["Sec-WebSocket-Extensions"] == nil)
    }

    @Test(arguments: [
        "permessage-deflate;", "; x", "permessage deflate", "permessage-deflate; =1", "permessage-deflate; server_max_window_bits=",
        #"permessage-deflate; server_max_window_bits="10"#, #"permessage-deflate; server_max_window_bits="1 0""#,
        #"permessage-deflate; server_max_window_bits="""#, #"permessage-deflate; x="a\""#, "permessage-deflate; x=é", "a=b", "a, b c",
        #"permessage-deflate; server_max_window_bits="10"x"#,
    ])
    func refusesWhatIsNoList(_ field: String) {
        #expect(throws: WebSocketHandshake.Refusal.self) { try accept([field]) }
        #expect(throws: WebSocketHandshake.Refusal.self) { try accept(["permessage-deflate", field], compresses: false) }
    }

    @Test func saysHowMuchFitsTheWindow() throws {
        #expect(try accept(["permessage-deflate; server_max_window_bits=9"]).compression?.largestMessage == 512)
        #expect(try accept(["permessage-deflate"]).compression?.largestMessage == Int.max)
    }
}

@Suite struct CompressedFrameTests {
    private static let hello: [UInt8] = [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]

    private static func compress(_ bytes: [UInt8]) -> [UInt8] { Deflater().message(bytes[...]) }

    private static func frame(
        _ opcode: WebSocketFrame.Opcode, _ payload: [UInt8], final: Bool = true, compressed: Bool = false
    ) -> [UInt8] {
        WebSocketFrame.encode(opcode, payload, isFinal: final, isCompressed: compressed, mask: 0x37FA_213D)
    }

    /// With a limit of 1000 bytes on messages.
    static let cases: [(String, [UInt8], [Event])] = [
        ("a compressed text", frame(.text, hello, compressed: true), [.text(Array("Hello".utf8))]),
        ("a compressed binary", frame(.binary, hello, compressed: true), [.binary(Array("Hello".utf8))]),
        ("one that is not", frame(.text, [0x61]), [.text([0x61])]),
        (
            "fragments with a ping between them",
            frame(.text, Array(hello[..<3]), final: false, compressed: true) + frame(.ping, [1])
                + frame(.continuation, Array(hello[3...])), [.ping([1]), .text(Array("Hello".utf8))]
        ),
        (
            "fragments of which the last is empty", frame(.text, hello, final: false, compressed: true) + frame(.continuation, []),
            [.text(Array("Hello".utf8))]
        ),
        (
            "a plain message after a compressed one", frame(.text, hello, compressed: true) + frame(.text, [0xC3, 0xA9]),
            [.text(Array("Hello".utf8)), .text([0xC3, 0xA9])]
        ),
        ("an empty message", frame(.text, [0], compressed: true), [.text([])]),
        (
            "a message at the limit", frame(.binary, compress([UInt8](repeating: 7, count: 1000)), compressed: true),
            [.binary([UInt8](repeating: 7, count: 1000))]
        ),
        (
            "a message beyond the limit", frame(.binary, compress([UInt8](repeating: 7, count: 1001)), compressed: true),
            [.failed(closeCode: 1009)]
        ),
        ("a bomb", frame(.binary, compress([UInt8](repeating: 0, count: 1 << 20)), compressed: true), [.failed(closeCode: 1009)]),
        (
            "more than a message may be, compressed or not", frame(.binary, [UInt8](repeating: 0, count: 1065), compressed: true),
            [.failed(closeCode: 1009)]
        ),
        (
            "the mark on a continuation", frame(.text, hello, final: false, compressed: true) + frame(.continuation, [], compressed: true),
            [.failed(closeCode: 1002)]
        ),
        ("the mark on a ping", frame(.ping, [], compressed: true), [.failed(closeCode: 1002)]),
        ("the mark on a close", frame(.close, [], compressed: true), [.failed(closeCode: 1002)]),
        ("another reserved bit beside the mark", [0xE1, 0x80, 0, 0, 0, 0], [.failed(closeCode: 1002)]),
        ("what is not DEFLATE", frame(.binary, [0xFF, 0xFF, 0xFF], compressed: true), [.failed(closeCode: 1002)]),
        ("a message cut inside a block", frame(.binary, Array(hello[..<4]), compressed: true), [.failed(closeCode: 1002)]),
        ("a text that is not UTF-8", frame(.text, compress([0x61, 0xFF]), compressed: true), [.failed(closeCode: 1007)]),
        ("a text whose last character is cut", frame(.text, compress([0xE2, 0x82]), compressed: true), [.failed(closeCode: 1007)]),
        ("binary that is not UTF-8", frame(.binary, compress([0x61, 0xFF]), compressed: true), [.binary([0x61, 0xFF])]),
        (
            "a message that leans on the one before",
            frame(.text, hello, compressed: true) + frame(.text, [0xF2, 0x00, 0x11, 0x00, 0x00], compressed: true),
            [.text(Array("Hello".utf8)), .failed(closeCode: 1002)]
        ),
    ]

    @Test(arguments: cases) func decodes(_ name: String, _ input: [UInt8], _ expected: [Event]) {
        let inflater = Inflater()
        func decode(_ pieces: [ArraySlice<UInt8>]) -> [Event] {
            var decoder = WebSocketFrameDecoder(role: .server, maxMessageSize: 1000)
            return pieces.flatMap { decoder.consume(Array($0), inflater: inflater) }
        }
        #expect(decode([input[...]]) == expected)
        #expect(decode(input.indices.map { input[$0...$0] }) == expected)
        for cut in 0...input.count { #expect(decode([input[..<cut], input[cut...]]) == expected, "cut at \(cut)") }
    }

    /// Two sockets share what expands, with messages under way on both.
    @Test func sharesTheInflater() {
        let inflater = Inflater()
        var (one, other) = (WebSocketFrameDecoder(role: .server), WebSocketFrameDecoder(role: .server))
        let frame = Self.frame(.text, Self.hello, compressed: true)
        for byte in frame.dropLast() {
            #expect(one.consume([byte], inflater: inflater).isEmpty)
            #expect(other.consume([byte], inflater: inflater).isEmpty)
        }
        #expect(one.consume([frame.last!], inflater: inflater) == [.text(Array("Hello".utf8))])
        #expect(other.consume([frame.last!], inflater: inflater) == [.text(Array("Hello".utf8))])
    }
}
