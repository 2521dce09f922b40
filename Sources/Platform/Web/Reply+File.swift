internal import HTTP
internal import Kernel
internal import Transport

extension Reply {
    /// A file that is made piece by piece while it is sent, as fast as the peer takes it; one piece alone is an ordinary answer.
    ///
    /// - Parameters:
    ///   - name: in ASCII, without quotes.
    ///   - piece: some bytes, and from where the next are made; nil at the end. It begins with nil. What it throws before the first piece is the answer;
    ///     later the connection ends before the file does.
    public static func file<Place: Sendable>(
        _ name: String, type: String, piece: @escaping @Sendable (Place?) async throws -> (bytes: [UInt8], next: Place?)
    ) async throws -> Reply {
        let (bytes, next) = try await piece(nil)
        var reply = Reply(
            status: 200,
            headers: [
                "Content-Type": type, "Content-Disposition": "attachment; filename=\"\(name)\"", "Cache-Control": "no-store",
            ])
        guard let next else {
            reply.body = bytes
            return reply
        }
        reply.takeover = .stream { stream in PieceStream(stream, first: bytes, place: next, piece: piece) }
        return reply
    }
}

/// Sends a body whose next piece is made when the last one is with the kernel. Loop-confined.
private final class PieceStream<Place: Sendable>: HTTPStreamDelegate, @unchecked Sendable {
    // SAFETY: touched on the stream's loop only; `@unchecked` lets the closure that comes back to it capture it.
    private let stream: HTTPStream
    private let piece: @Sendable (Place?) async throws -> (bytes: [UInt8], next: Place?)
    private var place: Place?
    private var task: Task<Void, Never>?
    private var isClosed = false

    init(
        _ stream: HTTPStream, first: [UInt8], place: Place,
        piece: @escaping @Sendable (Place?) async throws -> (bytes: [UInt8], next: Place?)
    ) {
        (self.stream, self.place, self.piece) = (stream, place, piece)
        send(first)
    }

    func writable() { advance() }

    func closed() {
        isClosed = true
        task?.cancel()
        task = nil
    }

    private func send(_ bytes: [UInt8]) {
        // Nothing is written of an empty piece, so that nothing would say that it is.
        if bytes.isEmpty { return advance() }
        stream.send(bytes)
        if stream.queuedBytes == 0 { advance() }
    }

    private func advance() {
        guard !isClosed, task == nil else { return }
        guard let place else { return stream.finish() }
        let (loop, piece) = (stream.loop, piece)
        task = Task { [self] in
            let made: (bytes: [UInt8], next: Place?)?
            do { made = try await piece(place) } catch { made = nil }
            loop.execute { [self] in take(made) }
        }
    }

    private func take(_ made: (bytes: [UInt8], next: Place?)?) {
        task = nil
        guard !isClosed else { return }
        guard let made else { return stream.abort() }
        place = made.next
        send(made.bytes)
    }
}
