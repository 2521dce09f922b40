internal import Compression
internal import HTTP

extension FuzzTarget {
    private static let limit = 300

    /// Frames from a client, and from a server: any split gives the same, no message passes the limit, and events encode to frames that are
    /// read as the same events.
    static let webSocket = FuzzTarget(
        "websocket",
        files: [
            "Platform/HTTP/WebSocketFrameDecoder.swift", "Platform/HTTP/WebSocketFrame.swift", "Platform/HTTP/UTF8Validation.swift",
            "Platform/Compression/Inflater.swift", "Platform/Compression/Deflater.swift",
        ]
    ) { bytes in
        let (inflater, deflater) = (Inflater(), Deflater())
        for role in [WebSocketRole.server, .client] {
            for expander in [inflater, nil] {
                let readings = try splits(of: bytes).map { try events($0, role, expander) }
                for reading in readings.dropFirst() {
                    try hold(reading == readings[0], "split: \(readings[0]) became \(reading)")
                }
                try checkAgain(readings[0], role, expander, deflater)
            }
        }
    }

    private static func events(
        _ pieces: [ArraySlice<UInt8>], _ role: WebSocketRole, _ inflater: Inflater?
    ) throws(BrokenProperty) -> [WebSocketFrameDecoder.Event] {
        var decoder = WebSocketFrameDecoder(role: role, maxMessageSize: limit)
        var events: [WebSocketFrameDecoder.Event] = []
        var hasEnded = false
        for piece in pieces {
            for event in decoder.consume(Array(piece), inflater: inflater) {
                try hold(!hasEnded, "\(event) after the end")
                try check(event)
                switch event {
                case .close, .failed: hasEnded = true
                default: break
                }
                events.append(event)
            }
        }
        return events
    }

    private static func check(_ event: WebSocketFrameDecoder.Event) throws(BrokenProperty) {
        switch event {
        case .text(let text):
            try hold(text.count <= limit, "a text of \(text.count) bytes")
            try hold(String(validating: text, as: UTF8.self) != nil, "a text that is not UTF-8")
        case .binary(let bytes): try hold(bytes.count <= limit, "a message of \(bytes.count) bytes")
        case .ping(let bytes), .pong(let bytes): try hold(bytes.count <= 125, "a control frame of \(bytes.count) bytes")
        case .close(let code, let reason):
            try hold(WebSocketFrame.isSendable(closeCode: code) || code == 1005 && reason.isEmpty, "a close with \(code)")
            try hold(String(validating: reason, as: UTF8.self) != nil, "a reason that is not UTF-8")
        case .failed(let code): try hold([1002, 1007, 1009].contains(code), "a failure with \(code)")
        }
    }

    private static func checkAgain(
        _ events: [WebSocketFrameDecoder.Event], _ role: WebSocketRole, _ inflater: Inflater?, _ deflater: Deflater
    ) throws(BrokenProperty) {
        let mask: UInt32? = role == .server ? 0xA1B2_C3D4 : nil
        func frame(_ opcode: WebSocketFrame.Opcode, _ bytes: [UInt8]) -> [UInt8] {
            guard inflater != nil, opcode == .text || opcode == .binary else { return WebSocketFrame.encode(opcode, bytes, mask: mask) }
            return WebSocketFrame.encode(opcode, deflater.message(bytes[...]), isCompressed: true, mask: mask)
        }
        var decoder = WebSocketFrameDecoder(role: role, maxMessageSize: limit)
        for event in events {
            let bytes: [UInt8]
            switch event {
            case .text(let text): bytes = frame(.text, text)
            case .binary(let message): bytes = frame(.binary, message)
            case .ping(let payload): bytes = frame(.ping, payload)
            case .pong(let payload): bytes = frame(.pong, payload)
            case .close(1005, _): bytes = frame(.close, [])
            case .close(let code, let reason):
                bytes = WebSocketFrame.closeFrame(code: code, reason: String(decoding: reason, as: UTF8.self), mask: mask)
            case .failed: return
            }
            let again = decoder.consume(bytes, inflater: inflater)
            try hold(again == [event], "\(event), sent on, is read as \(again)")
        }
    }
}
