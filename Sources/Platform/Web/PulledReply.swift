public import HTTP
internal import Transport

extension Reply {
    /// An answer of known length whose bytes are asked for as the reader takes them.
    ///
    /// - Parameters:
    ///   - count: bytes in all.
    ///   - next: the next bytes; empty at the end. It is not asked again before it has answered; what it throws ends the connection.
    public static func pulled(
        status: Int, headers: HTTPHeaders, count: Int64, next: @escaping @Sendable () async throws -> [UInt8]
    ) -> Reply {
        var reply = Reply(status: status, headers: headers)
        reply.headers["Content-Length"] = String(count)
        reply.takeover = .stream { PulledBody($0, next) }
        return reply
    }
}

/// Asks for the next bytes of a body when the last ones are with the kernel.
private final class PulledBody: HTTPStreamDelegate, @unchecked Sendable {
    // SAFETY: its state is used on the stream's loop alone; the task that asks for bytes comes back to it.
    private let stream: HTTPStream
    private let next: @Sendable () async throws -> [UInt8]
    private var isAsking = false
    private var isClosed = false

    init(_ stream: HTTPStream, _ next: @escaping @Sendable () async throws -> [UInt8]) {
        (self.stream, self.next) = (stream, next)
        ask()
    }

    func writable() { ask() }

    func closed() { isClosed = true }

    private func ask() {
        guard !isAsking, !isClosed else { return }
        isAsking = true
        let next = next
        Task {
            let bytes: [UInt8]
            do { bytes = try await next() } catch { bytes = [] }
            self.stream.loop.execute { self.take(bytes) }
        }
    }

    /// Nothing more: all was sent, or the rest cannot be read, which the reader sees by the length.
    private func take(_ bytes: [UInt8]) {
        isAsking = false
        guard !isClosed else { return }
        if bytes.isEmpty { stream.finish() } else { stream.send(bytes) }
    }
}
