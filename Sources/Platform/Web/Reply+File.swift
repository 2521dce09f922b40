public import HTTP
public import Kernel
internal import Transport

extension Reply {
    /// A download that is made piece by piece while it is sent, as fast as the peer reads. One piece alone is an ordinary answer.
    ///
    /// - Parameters:
    ///   - name: in ASCII, without quotes.
    ///   - piece: makes the bytes that begin at a place, nil for the start, and says where the next piece begins, nil after the last. What it throws
    ///     for the first piece is the answer; later the connection ends before the body does.
    public static func file<Place: Sendable>(
        _ name: String, type: String, piece: @escaping @Sendable (Place?) async throws -> (bytes: [UInt8], next: Place?)
    ) async throws -> Reply {
        let headers: HTTPHeaders = [
            "Content-Type": type, "Content-Disposition": "attachment; filename=\"\(name)\"", "Cache-Control": "no-store",
        ]
        return pieces(status: 200, headers: headers, first: try await piece(nil), piece: piece)
    }

    /// A piece of a list in JSON that is sent as a file: `{"items":[…],"next":null}`.
    ///
    /// - Parameters:
    ///   - count: of the items of the pieces before; nil for the first piece.
    ///   - isLast: whether the list ends here.
    public static func listPiece(_ items: [JSON], after count: Int?, isLast: Bool) -> [UInt8] {
        var bytes = count == nil ? Array("{\"items\":[".utf8) : []
        for (index, item) in items.enumerated() {
            if (count ?? 0) + index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes += item.bytes
        }
        return isLast ? bytes + Array("],\"next\":null}".utf8) : bytes
    }

    /// An answer whose first piece exists and whose others are made while it is sent.
    ///
    /// - Parameters:
    ///   - headers: `Content-Length` among them where the length is known.
    ///   - piece: what it throws ends the connection before the body ends.
    public static func pieces<Place: Sendable>(
        status: Int, headers: HTTPHeaders, first: (bytes: [UInt8], next: Place?),
        piece: @escaping @Sendable (Place) async throws -> (bytes: [UInt8], next: Place?)
    ) -> Reply {
        var reply = Reply(status: status, headers: headers)
        guard let place = first.next else {
            reply.body = first.bytes
            return reply
        }
        reply.takeover = .stream { stream in PieceStream(stream, first: first.bytes, place: place, piece: piece) }
        return reply
    }
}

/// Sends a body whose next piece is made once the kernel has taken the last one. Loop-confined.
private final class PieceStream<Place: Sendable>: HTTPStreamDelegate, @unchecked Sendable {
    // SAFETY: touched on the stream's loop only; `@unchecked` lets the closure that comes back to it capture it.
    private let stream: HTTPStream
    private let piece: @Sendable (Place) async throws -> (bytes: [UInt8], next: Place?)
    private var place: Place?
    private var task: Task<Void, Never>?
    private var isClosed = false

    init(
        _ stream: HTTPStream, first: [UInt8], place: Place,
        piece: @escaping @Sendable (Place) async throws -> (bytes: [UInt8], next: Place?)
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
        // The stream reports a drained queue only after a write, and an empty piece writes nothing.
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
