internal import HTTP

/// The body of a response that is written piece by piece, as server-sent events are. Loop-confined.
///
/// The connection ends with the stream. A peer that ends its side has gone.
public final class HTTPStream: @unchecked Sendable {
    // SAFETY: used on the loop's thread only, which the public methods check; `@unchecked` lets closures that run there capture it.
    public let loop: EventLoop
    public let remoteAddress: String
    private let connection: Connection
    private let isChunked: Bool
    private var delegate: (any HTTPStreamDelegate)?
    private var isOpen = true

    init(_ connection: Connection, isChunked: Bool) {
        self.connection = connection
        self.isChunked = isChunked
        loop = connection.loop
        remoteAddress = connection.remoteAddress
    }

    func open(_ acceptor: StreamAcceptor) {
        connection.setReadDeadline(nil)
        connection.startReading()
        connection.server.counters.streams.add(1)
        delegate = acceptor(self)
        if connection.server.isShuttingDown { shutDown() } else if connection.peerHasEnded { peerEnded() }
    }

    /// Bytes that are not yet with the kernel.
    public var queuedBytes: Int { connection.queuedBytes }

    /// Queues a piece for the end of the turn; past the limit on queued bytes the connection is closed. Nothing happens once closed.
    public func send(_ chunk: StreamChunk) {
        loop.preconditionCurrent()
        guard isOpen else { return }
        connection.send(isChunked ? chunk.framed : chunk.payload)
        if connection.isOverfull(limit: connection.server.options.maxQueuedBytes) { connection.close(.slowReader) }
    }

    public func send(_ bytes: [UInt8]) { send(StreamChunk(bytes)) }

    /// Ends the body, then the connection.
    public func finish() {
        loop.preconditionCurrent()
        end(.finished)
    }

    /// Closes the connection before the end of the body, so that the peer notices that the body is incomplete.
    public func abort() {
        loop.preconditionCurrent()
        guard isOpen else { return }
        connection.close(.failure)
    }

    private func end(_ reason: CloseReason) {
        guard isOpen else { return }
        if isChunked { connection.send(SharedBytes(framed: HTTPResponseHead.lastChunk)) }
        connection.closeWhenDrained(reason)
        tellClosed()
    }

    private func tellClosed() {
        guard isOpen else { return }
        isOpen = false
        connection.server.counters.streams.add(-1)
        loop.atEndOfTurn {
            self.delegate?.closed()
            self.delegate = nil
        }
    }
}

extension HTTPStream: ConnectionHandler {
    /// Nothing is expected on this connection any more.
    func received(_ bytes: UnsafeRawBufferPointer) {}
    func peerEnded() { connection.close(.peer) }
    func drained() { if isOpen { delegate?.writable() } }
    func timedOut() {}
    func shutDown() { end(.shutdown) }
    func closed(_ reason: CloseReason) { tellClosed() }
}
