public import Compression

/// Reads frames as they come in pieces and tells whole messages (RFC 6455, 5 and 7), refusing what a peer may not send as soon as it shows.
///
/// A compressed message (RFC 7692) is gathered as it came and expanded when it is whole, so that the memory that expands is needed for no
/// longer than that. After `.close` or `.failed` everything further is ignored. An idle decoder owns no memory.
public struct WebSocketFrameDecoder: Sendable {
    public enum Event: Sendable, Equatable {
        /// Valid UTF-8.
        case text([UInt8])
        case binary([UInt8])
        case ping([UInt8])
        case pong([UInt8])
        /// The peer's close: code 1005 when it named none. The reason is valid UTF-8.
        case close(code: UInt16, reason: [UInt8])
        /// The peer broke the protocol: send this code, then close.
        case failed(closeCode: UInt16)
    }

    private enum Stage: UInt8 {
        case header
        case payload
        case ended
    }

    public let role: WebSocketRole
    /// Bytes of a whole message, all its fragments together; beyond it 1009.
    public let maxMessageSize: Int

    private var stage = Stage.header
    private var isFinal = false
    private var opcode = WebSocketFrame.Opcode.continuation
    /// The kind of the message whose fragments are being gathered.
    private var messageOpcode: WebSocketFrame.Opcode?
    private var isCompressed = false
    private var utf8 = UTF8Validation()
    private var mask: UInt32 = 0
    private var length = 0
    private var received = 0
    /// The bytes of a header that is not complete.
    private var header = InlineArray<14, UInt8>(repeating: 0)
    private var headerCount = 0
    private var message: [UInt8] = []
    private var control: [UInt8] = []

    public init(role: WebSocketRole = .server, maxMessageSize: Int = 1 << 20) {
        self.role = role
        self.maxMessageSize = maxMessageSize
    }

    /// Whether nothing of a frame or a message is held.
    public var isIdle: Bool { stage == .header && headerCount == 0 && messageOpcode == nil }

    public mutating func consume(_ bytes: [UInt8], inflater: Inflater? = nil) -> [Event] {
        bytes.withUnsafeBytes { consume($0, inflater: inflater) }
    }

    /// - Parameter inflater: expands compressed messages; nil where permessage-deflate is not agreed, for the whole of the connection.
    public mutating func consume(_ bytes: UnsafeRawBufferPointer, inflater: Inflater? = nil) -> [Event] {
        var events: [Event] = []
        var rest = bytes[...]
        while let event = next(&rest, inflater: inflater) { events.append(event) }
        return events
    }

    /// Takes the next event off the front of what arrived; nil once all of it is read, or nothing more counts.
    public mutating func next(_ rest: inout Slice<UnsafeRawBufferPointer>, inflater: Inflater? = nil) -> Event? {
        do throws(Violation) {
            while stage != .ended {
                if stage == .header {
                    guard try readHeader(&rest, allowsCompression: inflater != nil) else { return nil }
                }
                guard try readPayload(&rest) else { return nil }
                if let event = try finishFrame(inflater) { return event }
            }
            return nil
        } catch {
            end()
            return .failed(closeCode: error.closeCode)
        }
    }

    private struct Violation: Error {
        var closeCode: UInt16
        static let protocolError = Violation(closeCode: 1002)
        static let notUTF8 = Violation(closeCode: 1007)
        static let tooBig = Violation(closeCode: 1009)
    }

    private mutating func end() {
        stage = .ended
        headerCount = 0
        message = []
        control = []
        messageOpcode = nil
    }

    // MARK: Header

    /// Takes header bytes one at a time, so that a forbidden byte is refused wherever the input was split; false when more are needed.
    private mutating func readHeader(
        _ rest: inout Slice<UnsafeRawBufferPointer>, allowsCompression: Bool
    ) throws(Violation) -> Bool {
        while let byte = rest.popFirst() {
            header[headerCount] = byte
            headerCount += 1
            switch headerCount {
            case 1: try checkFirst(byte, allowsCompression)
            case 2: try checkSecond(byte)
            default: break
            }
            guard headerCount >= 2 else { continue }
            if headerCount == maskStart { try checkLength() }
            if headerCount == maskStart + (role == .server ? 4 : 0) {
                finishHeader()
                return true
            }
        }
        return false
    }

    /// Where the length ends and, from a client, the mask begins; known from the second byte on.
    private var maskStart: Int { header[1] & 0x7F == 126 ? 4 : header[1] & 0x7F == 127 ? 10 : 2 }

    private mutating func checkFirst(_ byte: UInt8, _ allowsCompression: Bool) throws(Violation) {
        guard byte & 0x30 == 0, let opcode = WebSocketFrame.Opcode(rawValue: byte & 0x0F) else { throw .protocolError }
        isFinal = byte & 0x80 != 0
        self.opcode = opcode
        let marksCompression = byte & 0x40 != 0
        switch opcode {
        case .continuation: guard messageOpcode != nil, !marksCompression else { throw .protocolError }
        case .text, .binary:
            guard messageOpcode == nil, allowsCompression || !marksCompression else { throw .protocolError }
            isCompressed = marksCompression
        case .close, .ping, .pong: guard isFinal, !marksCompression else { throw .protocolError }
        }
    }

    private func checkSecond(_ byte: UInt8) throws(Violation) {
        guard (byte & 0x80 != 0) == (role == .server) else { throw .protocolError }
        if isControl, byte & 0x7F > 125 { throw .protocolError }
    }

    private mutating func checkLength() throws(Violation) {
        let short = header[1] & 0x7F
        let wide = bigEndian(2..<maskStart)
        switch short {
        case 126: guard wide > 125 else { throw .protocolError }
        case 127: guard wide > 65535, wide <= UInt64(Int64.max) else { throw .protocolError }
        default: break
        }
        length = short < 126 ? Int(short) : Int(wide)
        if !isControl, length > gatheredLimit - message.count { throw .tooBig }
    }

    /// What does not compress grows by some bytes.
    private var gatheredLimit: Int { isCompressed ? maxMessageSize + (maxMessageSize >> 10) + 64 : maxMessageSize }

    private mutating func finishHeader() {
        mask = UInt32(truncatingIfNeeded: bigEndian(maskStart..<headerCount))
        headerCount = 0
        received = 0
        stage = .payload
        guard !isControl, opcode != .continuation else { return }
        messageOpcode = opcode
        utf8 = UTF8Validation()
    }

    private func bigEndian(_ range: Range<Int>) -> UInt64 {
        var number: UInt64 = 0
        for index in range { number = number << 8 | UInt64(header[index]) }
        return number
    }

    private var isControl: Bool { opcode.rawValue >= 0x8 }

    // MARK: Payload

    /// Unmasks what there is into the message or the control payload; false when the frame is not complete.
    private mutating func readPayload(_ rest: inout Slice<UnsafeRawBufferPointer>) throws(Violation) -> Bool {
        let count = min(length - received, rest.count)
        let piece = rest.prefix(count)
        rest = rest.dropFirst(count)
        if isControl {
            append(piece, to: &control)
        } else {
            // Room is made for what has come, not for what is promised.
            if message.isEmpty, count == length { message.reserveCapacity(count) }
            append(piece, to: &message)
            if messageOpcode == .text, !isCompressed, !checkText(tail: count) { throw .notUTF8 }
        }
        received += count
        return received == length
    }

    private func append(_ piece: Slice<UnsafeRawBufferPointer>, to target: inout [UInt8]) {
        let start = target.count
        target.append(contentsOf: piece)
        guard role == .server else { return }
        target.withUnsafeMutableBytes { WebSocketMask.apply(mask, phase: received, to: .init(rebasing: $0[start...])) }
    }

    private mutating func checkText(tail: Int) -> Bool {
        var utf8 = utf8
        defer { self.utf8 = utf8 }
        return message.withUnsafeBytes { utf8.consume(.init(rebasing: $0[($0.count - tail)...])) }
    }

    private mutating func finishFrame(_ inflater: Inflater?) throws(Violation) -> Event? {
        stage = .header
        if isControl { return try finishControl() }
        guard isFinal, let kind = messageOpcode else { return nil }
        messageOpcode = nil
        if isCompressed, let inflater {
            try expand(inflater)
            if kind == .text, !checkText(tail: message.count) { throw .notUTF8 }
        }
        if kind == .text, !utf8.isComplete { throw .notUTF8 }
        defer { message = [] }
        return kind == .text ? .text(message) : .binary(message)
    }

    private mutating func expand(_ inflater: Inflater) throws(Violation) {
        do throws(Inflater.Failure) {
            message = try inflater.message(message, limit: maxMessageSize)
        } catch {
            throw error == .tooBig ? .tooBig : .protocolError
        }
    }

    private mutating func finishControl() throws(Violation) -> Event {
        let payload = control
        control = []
        switch opcode {
        case .ping: return .ping(payload)
        case .pong: return .pong(payload)
        default:
            guard !payload.isEmpty else {
                end()
                return .close(code: 1005, reason: [])
            }
            guard payload.count >= 2 else { throw .protocolError }
            let code = UInt16(payload[0]) << 8 | UInt16(payload[1])
            guard WebSocketFrame.isSendable(closeCode: code) else { throw .protocolError }
            let reason = Array(payload[2...])
            guard String(validating: reason, as: UTF8.self) != nil else { throw .notUTF8 }
            end()
            return .close(code: code, reason: reason)
        }
    }
}
