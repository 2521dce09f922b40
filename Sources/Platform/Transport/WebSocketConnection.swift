internal import CUV
internal import HTTP

/// An open WebSocket: what a delegate sends on and closes. Loop-confined.
public final class WebSocketConnection: @unchecked Sendable {
    // SAFETY: used on the loop's thread only, which the public methods check; `@unchecked` lets closures that run there capture it.
    public let loop: EventLoop
    private let connection: Connection
    private var decoder: WebSocketFrameDecoder
    private let compression: WebSocketCompression?
    private var delegate: (any WebSocketDelegate)?
    private var state = State.open
    /// What arrived and waits for the next turn; nothing is read meanwhile.
    private var backlog: [UInt8] = []
    /// Nanoseconds of a turn for all sockets that send more than a frame at once, in which a few dozen are dealt with; each has one at least.
    private static let longestShare: UInt64 = 150_000

    private enum State {
        case open
        /// Our close is sent; the peer's is awaited.
        case closing
        /// Both are exchanged, or the connection is lost.
        case closed
    }

    init(_ connection: Connection, _ compression: WebSocketCompression?) {
        self.connection = connection
        self.compression = compression
        loop = connection.loop
        decoder = WebSocketFrameDecoder(role: .server, maxMessageSize: connection.server.options.maxMessageSize)
    }

    func open(_ acceptor: WebSocketAcceptor, _ remainder: [UInt8]) {
        connection.setReadDeadline(nil)
        connection.startReading()
        connection.server.counters.webSockets.add(1)
        delegate = acceptor(self)
        if connection.server.isShuttingDown { shutDown() }
        remainder.withUnsafeBytes { if !$0.isEmpty { received($0) } }
        if connection.peerHasEnded { peerEnded() }
    }

    public var remoteAddress: String { connection.remoteAddress }

    /// Bytes that are not yet with the kernel.
    public var queuedBytes: Int { connection.queuedBytes }

    /// Whether messages may be sent: neither side has begun to close.
    public var isOpen: Bool { state == .open }

    // MARK: Sending

    /// Queues a frame for the end of the turn; nothing happens once closed.
    ///
    /// Past the limit on queued bytes the socket is closed with 4008: what had not begun to be written is dropped.
    public func send(frame: SharedBytes) {
        loop.preconditionCurrent()
        guard state == .open else { return }
        connection.send(frame)
        if connection.isOverfull(limit: connection.server.options.maxQueuedBytes) { dropSlowReader() }
    }

    /// Queues a message that others get too: compressed where that is agreed and within the window that this client keeps.
    public func send(message: SharedMessage) {
        guard let compression else { return send(frame: message.plain) }
        if message.largestPayload <= compression.largestMessage { return send(frame: message.compressed(by: connection.server)) }
        guard !message.parts.isEmpty else { return send(frame: message.plain) }
        for part in message.parts { send(message: part) }
    }

    /// Never compressed: it may hold what is this client's alone.
    public func send(text: [UInt8]) { send(frame: SharedBytes(text: text)) }
    public func send(binary: [UInt8]) { send(frame: SharedBytes(framed: WebSocketFrame.binaryFrame(binary))) }

    public func ping(_ payload: [UInt8] = []) {
        send(frame: SharedBytes(framed: WebSocketFrame.encode(.ping, Array(payload.prefix(125)))))
    }

    private func dropSlowReader() {
        connection.dropUnstarted()
        beginClose(code: 4008, reason: "slow reader", counted: .slowReader)
    }

    // MARK: Closing

    /// Sends a close frame behind what is queued and waits a while for the peer's; the delegate hears `closed` with this code.
    public func close(code: UInt16, reason: String = "") {
        loop.preconditionCurrent()
        beginClose(code: code, reason: reason, counted: .finished)
    }

    private var counted = CloseReason.finished
    /// Bytes still looked at for the peer's close, which may stand behind what was under way, but not behind a flood.
    private var closingBudget = 256 << 10
    /// What a frame counts beside its bytes: many small ones are more work.
    private static let closingFrame = 256

    private func beginClose(code: UInt16, reason: String, counted: CloseReason) {
        guard state == .open else { return }
        state = .closing
        self.counted = counted
        connection.send(SharedBytes(framed: WebSocketFrame.closeFrame(code: code, reason: reason)))
        connection.setReadDeadline(connection.server.options.closeTimeout)
        tellClosed(code)
    }

    /// Queued behind the turn's events, so that no call of the delegate's finds itself called back, and ten thousand ends keep nobody waiting.
    private func tellClosed(_ code: UInt16) {
        connection.server.counters.webSockets.add(-1)
        loop.deferLowPriority {
            self.delegate?.closed(code: code)
            self.delegate = nil
        }
    }
}

extension WebSocketConnection: ConnectionHandler {
    func received(_ bytes: UnsafeRawBufferPointer) {
        if state == .closing {
            closingBudget -= bytes.count
            if closingBudget < 0 { return stopClosing() }
        }
        if backlog.isEmpty { take(bytes) } else { backlog.append(contentsOf: bytes) }
    }

    /// Deals with frames for a part of the turn at most; what is left waits until the others have been looked at.
    private func take(_ bytes: UnsafeRawBufferPointer) {
        var rest = bytes[...]
        var begin: UInt64?
        while let event = decoder.next(&rest, inflater: compression == nil ? nil : loop.inflater) {
            switch state {
            case .open: dispatch(event)
            case .closing: finishClosing(event)
            case .closed: return
            }
            guard !rest.isEmpty, state != .closed else { continue }
            let now = uv_hrtime()
            if loop.crowdTime + (now - (begin ?? now)) > Self.longestShare {
                loop.crowdTime += now - (begin ?? now)
                return put(off: rest)
            }
            begin = begin ?? now
        }
        if let begin { loop.crowdTime += uv_hrtime() - begin }
    }

    private func put(off rest: Slice<UnsafeRawBufferPointer>) {
        backlog = Array(rest)
        connection.stopReading()
        loop.inNextTurn { self.takeBacklog() }
    }

    private func takeBacklog() {
        guard state != .closed else { return }
        let bytes = backlog
        backlog = []
        bytes.withUnsafeBytes(take)
        guard backlog.isEmpty, state != .closed else { return }
        if connection.peerHasEnded { peerEnded() } else { connection.startReading() }
    }

    private func dispatch(_ event: WebSocketFrameDecoder.Event) {
        switch event {
        case .text(let text):
            connection.server.counters.messagesReceived.add(1)
            delegate?.received(text: text)
        case .binary(let bytes):
            connection.server.counters.messagesReceived.add(1)
            delegate?.received(binary: bytes)
        case .ping(let payload):
            send(frame: SharedBytes(framed: WebSocketFrame.encode(.pong, payload)))
            delegate?.receivedControl()
        case .pong: delegate?.receivedControl()
        case .close(let code, _):
            let answer = code == 1005 ? WebSocketFrame.encode(.close, []) : WebSocketFrame.closeFrame(code: code)
            end(answer, code: code, .finished)
        case .failed(let code): end(WebSocketFrame.closeFrame(code: code), code: code, .protocolError)
        }
    }

    private func end(_ frame: [UInt8], code: UInt16, _ reason: CloseReason) {
        state = .closed
        connection.send(SharedBytes(framed: frame))
        connection.closeWhenDrained(reason)
        tellClosed(code)
    }

    private func finishClosing(_ event: WebSocketFrameDecoder.Event) {
        switch event {
        case .close, .failed: stopClosing()
        default:
            closingBudget -= Self.closingFrame
            if closingBudget < 0 { stopClosing() }
        }
    }

    /// Nothing more is looked at; once our close is written, what still comes is thrown away for a while.
    private func stopClosing() {
        state = .closed
        connection.stopReading()
        connection.closeWhenDrained(counted)
    }

    func peerEnded() { if backlog.isEmpty { connection.close(state == .open ? .peer : counted) } }
    func drained() { if state == .open { delegate?.writable() } }

    /// Only a close that the peer did not answer has a deadline.
    func timedOut() { connection.close(counted) }
    func shutDown() { beginClose(code: 1001, reason: "the server is going down", counted: .shutdown) }

    func closed(_ reason: CloseReason) {
        let wasOpen = state == .open
        state = .closed
        if wasOpen { tellClosed(1006) }
    }
}
