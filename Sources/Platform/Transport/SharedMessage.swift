internal import Compression
internal import HTTP
internal import Synchronization

/// A text message for many WebSockets: framed once, and compressed once at most, when the first of those that agreed to it is to get it.
public final class SharedMessage: Sendable {
    /// As it goes to those that did not agree to permessage-deflate.
    public let plain: SharedBytes
    /// The messages of which this is the sequence; none for a single one.
    let parts: [SharedMessage]
    /// Bytes of the payload, or of the largest one of the parts.
    let largestPayload: Int
    private let mayCompress: Bool
    private let compressed = AtomicLazyReference<Compressed>()

    private final class Compressed: Sendable {
        let frame: SharedBytes
        init(_ frame: SharedBytes) { self.frame = frame }
    }

    /// Under these bytes a message is not worth the receivers' trouble.
    static let smallestCompressed = 128

    /// - Parameter compresses: whether it may be; not where a secret and words of somebody else meet, since the length would tell of both.
    public init(text payload: [UInt8], compresses: Bool = true) {
        plain = SharedBytes(text: payload)
        (parts, largestPayload, mayCompress) = ([], payload.count, compresses && payload.count >= Self.smallestCompressed)
    }

    /// Messages one behind the other, for those who get them all; each stays a message of its own.
    public init(joining parts: [SharedMessage]) {
        plain = SharedBytes(framed: Array(parts.map(\.plain.bytes).joined()))
        self.parts = parts
        largestPayload = parts.reduce(0) { max($0, $1.largestPayload) }
        mayCompress = parts.contains { $0.mayCompress }
    }

    /// Held while a message is compressed, so that no two loops do the same work; who finds it done does not wait.
    private static let compressing = Lock()

    /// As it goes to those that agreed to permessage-deflate: compressed, unless that is not allowed or gains nothing.
    func compressed(by server: ServerLoop) -> SharedBytes {
        guard mayCompress else { return plain }
        if let made = compressed.load() { return made.frame }
        return Self.compressing.withLock { make(server) }
    }

    private func make(_ server: ServerLoop) -> SharedBytes {
        guard mayCompress else { return plain }
        if let made = compressed.load() { return made.frame }
        let frame: SharedBytes
        if parts.isEmpty {
            server.counters.messagesCompressed.add(1)
            let made = WebSocketFrame.compressedTextFrame(server.loop.deflater.message(plain.bytes.suffix(largestPayload)))
            frame = made.count < plain.count ? SharedBytes(framed: made) : plain
        } else {
            frame = SharedBytes(framed: Array(parts.map { $0.make(server).bytes }.joined()))
        }
        return compressed.storeIfNil(Compressed(frame)).frame
    }
}
