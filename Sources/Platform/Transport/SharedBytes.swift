internal import HTTP

/// Immutable bytes, framed once and queued on any number of connections of any loop without a copy.
public struct SharedBytes: Sendable {
    public let bytes: [UInt8]

    /// Bytes that are ready for the wire.
    public init(framed bytes: [UInt8]) { self.bytes = bytes }

    /// A server's WebSocket text message.
    public init(text payload: [UInt8]) { bytes = WebSocketFrame.textFrame(payload) }

    public var count: Int { bytes.count }
}

/// One piece of a streamed response, framed once for HTTP/1.1 and still readable for HTTP/1.0.
public struct StreamChunk: Sendable {
    let framed: SharedBytes
    let payload: SharedBytes

    public init(_ payload: [UInt8]) {
        framed = SharedBytes(framed: HTTPResponseHead.chunk(payload).bytes)
        self.payload = SharedBytes(framed: payload)
    }
}
