/// Which end of a WebSocket one is: clients mask what they send, servers must not (RFC 6455, 5.1).
public enum WebSocketRole: Sendable {
    case server
    case client
}

/// Writes frames (RFC 6455, 5.2), each with the shortest length and FIN set unless said otherwise.
public enum WebSocketFrame {
    public enum Opcode: UInt8, Sendable {
        case continuation = 0x0
        case text = 0x1
        case binary = 0x2
        case close = 0x8
        case ping = 0x9
        case pong = 0xA
    }

    /// A server's text message, ready to be shared by all its receivers.
    public static func textFrame(_ payload: [UInt8]) -> [UInt8] { encode(.text, payload) }
    /// The same where permessage-deflate is agreed: the payload is compressed, and the first reserved bit says so.
    public static func compressedTextFrame(_ payload: [UInt8]) -> [UInt8] { encode(.text, payload, isCompressed: true) }
    public static func binaryFrame(_ payload: [UInt8]) -> [UInt8] { encode(.binary, payload) }

    /// A close with a code and, cut to fit at a character's border, a reason.
    public static func closeFrame(code: UInt16, reason: String = "", mask: UInt32? = nil) -> [UInt8] {
        var payload = [UInt8(code >> 8), UInt8(code & 0xFF)]
        var cut = reason[...]
        while cut.utf8.count > 123 { cut.removeLast() }
        payload += cut.utf8
        return encode(.close, payload, mask: mask)
    }

    /// One frame; with `mask` (network order, fresh randomness from the caller) as a client sends it.
    public static func encode(
        _ opcode: Opcode, _ payload: [UInt8], isFinal: Bool = true, isCompressed: Bool = false, mask: UInt32? = nil
    ) -> [UInt8] {
        var frame: [UInt8] = []
        frame.reserveCapacity(payload.count + 14)
        frame.append(opcode.rawValue | (isFinal ? 0x80 : 0) | (isCompressed ? 0x40 : 0))
        let maskBit: UInt8 = mask == nil ? 0 : 0x80
        switch payload.count {
        case ..<126: frame.append(UInt8(payload.count) | maskBit)
        case ..<65536:
            frame.append(126 | maskBit)
            appendBigEndian(UInt64(payload.count), bytes: 2, to: &frame)
        default:
            frame.append(127 | maskBit)
            appendBigEndian(UInt64(payload.count), bytes: 8, to: &frame)
        }
        if let mask { appendBigEndian(UInt64(mask), bytes: 4, to: &frame) }
        let start = frame.count
        frame.append(contentsOf: payload)
        if let mask { frame.withUnsafeMutableBytes { WebSocketMask.apply(mask, phase: 0, to: .init(rebasing: $0[start...])) } }
        return frame
    }

    /// Whether an endpoint may send this code in a close frame (RFC 6455, 7.4, and IANA's registry).
    public static func isSendable(closeCode: UInt16) -> Bool {
        switch closeCode {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }

    private static func appendBigEndian(_ number: UInt64, bytes: Int, to frame: inout [UInt8]) {
        for shift in (0..<bytes).reversed() { frame.append(UInt8(truncatingIfNeeded: number >> UInt64(shift * 8))) }
    }
}

/// The exclusive-or of RFC 6455, 5.3, eight bytes at a time.
enum WebSocketMask {
    /// `mask` is in network order; `phase` is how many bytes of the payload came before.
    static func apply(_ mask: UInt32, phase: Int, to bytes: UnsafeMutableRawBufferPointer) {
        let turn = UInt32(phase & 3) * 8
        let rotated = turn == 0 ? mask : mask << turn | mask >> (32 - turn)
        let inMemory = UInt64(rotated.bigEndian)
        let wide = inMemory | inMemory << 32
        var index = 0
        while index + 8 <= bytes.count {
            let value = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            bytes.storeBytes(of: value ^ wide, toByteOffset: index, as: UInt64.self)
            index += 8
        }
        while index < bytes.count {
            bytes[index] ^= UInt8(truncatingIfNeeded: rotated >> UInt32(24 - (index & 3) * 8))
            index += 1
        }
    }
}
