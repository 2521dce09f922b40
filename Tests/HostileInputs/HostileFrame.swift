import HTTP

/// What a hostile or broken peer sends on an open WebSocket, and the code of the close that it reads before the connection's end.
package struct HostileFrame: Sendable, CustomStringConvertible {
    /// Of RFC 6455.
    package let section: String
    package let name: String
    package let bytes: [UInt8]
    /// 1005 for a close without a code.
    package let answer: UInt16

    package var description: String { "\(section) \(name)" }

    init(_ section: String, _ name: String, _ bytes: [UInt8], _ answer: UInt16) {
        (self.section, self.name, self.bytes, self.answer) = (section, name, bytes, answer)
    }

    /// The limit on messages that the answers assume.
    package static let messageLimit = 1000

    package static let all = headers + lengths + fragments + closes + texts

    private static let headers =
        [
            HostileFrame("5.1", "a frame that is not masked", WebSocketFrame.encode(.text, [0x61]), 1002),
            HostileFrame("5.1", "a ping that is not masked", WebSocketFrame.encode(.ping, []), 1002),
            HostileFrame("5.2", "the first reserved bit without an extension", [0xC1, 0x80, 0, 0, 0, 0], 1002),
            HostileFrame("5.2", "the second reserved bit", [0xA1, 0x80, 0, 0, 0, 0], 1002),
            HostileFrame("5.2", "the third reserved bit", [0x91, 0x80, 0, 0, 0, 0], 1002),
            HostileFrame("5.2", "a reserved bit on a control frame", [0xC9, 0x80, 0, 0, 0, 0], 1002),
        ]
        + (Array(3...7) + Array(0xB...0xF)).map { HostileFrame("5.2", "the reserved opcode \($0)", [0x80 | $0, 0x80, 0, 0, 0, 0], 1002) }

    private static let lengths = [
        HostileFrame("5.2", "125 bytes with a length of 16 bits", [0x82, 0xFE, 0, 125], 1002),
        HostileFrame("5.2", "65,535 bytes with a length of 64 bits", [0x82, 0xFF, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF], 1002),
        HostileFrame("5.2", "a length with its highest bit set", [0x82, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0], 1002),
        HostileFrame("10.4", "a length of 2⁶³ − 1", [0x82, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], 1009),
        HostileFrame("10.4", "a byte more than the limit", masked(.binary, zeros(messageLimit + 1)), 1009),
        HostileFrame(
            "10.4", "fragments that pass the limit together",
            masked(.binary, zeros(messageLimit), final: false) + masked(.continuation, [0]),
            1009),
    ]

    private static let fragments = [
        HostileFrame("5.4", "a continuation of nothing", masked(.continuation, [0x61]), 1002),
        HostileFrame("5.4", "a continuation after a whole message", masked(.ping, []) + masked(.continuation, [0x61]), 1002),
        HostileFrame("5.4", "a message inside a message", masked(.text, [0x61], final: false) + masked(.text, [0x62]), 1002),
        HostileFrame("5.5", "a ping in fragments", masked(.ping, [], final: false), 1002),
        HostileFrame("5.5", "a close in fragments", masked(.close, [], final: false), 1002),
        HostileFrame("5.5", "a ping of 126 bytes", masked(.ping, zeros(126)), 1002),
        HostileFrame("5.5", "a close of 126 bytes", masked(.close, [0x03, 0xE8] + zeros(124)), 1002),
    ]

    private static let closes =
        [
            HostileFrame("5.5.1", "a close without a code", masked(.close, []), 1005),
            HostileFrame("5.5.1", "a close of one byte", masked(.close, [0x03]), 1002),
            HostileFrame("5.5.1", "a close whose reason is not UTF-8", closing(1000, [0xC3, 0x28]), 1007),
            HostileFrame("5.5.1", "a close whose reason is cut", closing(1000, [0xE2, 0x82]), 1007),
        ]
        + [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 2000, 2999, 5000, 65535].map {
            HostileFrame("7.4", "a close with the code \($0)", closing($0), 1002)
        }
        + [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 4999].map {
            HostileFrame("7.4", "a close with the code \($0), which may be sent", closing($0), $0)
        }

    /// The bad byte stands in a fragment that is not the last, or in a frame that never ends: nothing more is waited for.
    private static let texts = [
        HostileFrame(
            "8.1", "a byte that no text holds, in a frame whose rest never comes", Array(masked(.text, [0xFF] + zeros(99)).prefix(7)), 1007),
        HostileFrame("8.1", "an overlong form in the first of several fragments", masked(.text, [0xC0, 0xAF], final: false), 1007),
        HostileFrame("8.1", "half of a surrogate pair", masked(.text, [0xED, 0xA0], final: false), 1007),
        HostileFrame("8.1", "a character beyond the last", masked(.text, [0xF4, 0x90], final: false), 1007),
        HostileFrame("8.1", "a character cut by the end of the message", masked(.text, [0xE2, 0x82]), 1007),
        HostileFrame(
            "8.1", "a character cut by a fragment and not gone on with",
            masked(.text, [0xE2], final: false) + masked(.continuation, [0x41], final: false), 1007),
    ]

    private static func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }

    private static func masked(_ opcode: WebSocketFrame.Opcode, _ payload: [UInt8], final: Bool = true) -> [UInt8] {
        WebSocketFrame.encode(opcode, payload, isFinal: final, mask: 0x37FA_213D)
    }

    private static func closing(_ code: UInt16, _ reason: [UInt8] = []) -> [UInt8] {
        masked(.close, [UInt8(code >> 8), UInt8(code & 255)] + reason)
    }
}
