internal import HTTP

/// Reads requests off a connection, has them answered one at a time and writes the answers in order. Loop-confined.
final class HTTPConnection: ConnectionHandler, @unchecked Sendable {
    // SAFETY: used on the loop's thread only; a request's task prefers that loop, and `complete` hops there if it ended elsewhere.
    /// It lets go of this when it is closed.
    private let connection: Connection
    private var parser: HTTPParser
    private var answering: Task<Void, Never>?
    private var isAnswering = false
    private var hasAnswered = false
    /// A head or body under way has its own deadline, which is not moved by each byte.
    private var isTimingRequest = false
    private var bodyProgress = 0
    /// Nothing is read until what is queued has been taken; no time runs meanwhile but that of writing.
    private var isHeldBack = false
    /// The body of the request that is being answered, as long as more of it may come.
    private var body: HTTPBody?
    /// Whether the body of that request came to its end; where not, no other request can follow.
    private var isBodyWhole = true
    /// The peer waits for `100 Continue`, which is said when the reader asks for the body.
    private var owesContinue = false

    private static let pausedAbove = 64 << 10
    private static let queueAbove = 256 << 10

    init(_ connection: Connection) {
        self.connection = connection
        parser = HTTPParser(limits: connection.server.options.parserLimits)
    }

    private var server: ServerLoop { connection.server }

    // MARK: Reading

    func received(_ bytes: UnsafeRawBufferPointer) {
        parser.append(bytes)
        bodyProgress += bytes.count
        advance()
    }

    /// Takes requests off the parser as long as one may be begun, then sets what to wait for.
    private func advance() {
        while mayRead, let event = parser.next() {
            switch event {
            case .head(let request): beginBody(of: request)
            case .continueExpected: if body == nil { sayContinue() } else { owesContinue = true }
            case .bodyPiece(let piece): body?.append(piece)
            case .request(let request): if body == nil { begin(request) } else { endBody() }
            case .failed(let failure): if let body { cut(body, failure) } else { refuse(failure) }
            }
        }
        guard !connection.isEnding else { return }
        wait()
    }

    /// Whether the next event may be taken: that of a new request, or of the body that is being read.
    private var mayRead: Bool {
        guard !connection.isEnding else { return false }
        if let body { return body.buffered < Self.pausedAbove }
        return !isAnswering && connection.queuedBytes < Self.queueAbove
    }

    private func wait() {
        if let body { return wait(for: body) }
        if isAnswering {
            if parser.bufferedBytes > Self.pausedAbove { connection.stopReading() }
            return
        }
        if connection.queuedBytes >= Self.queueAbove {
            connection.stopReading()
            isHeldBack = true
            return connection.setReadDeadline(nil)
        }
        if connection.peerHasEnded { return connection.closeWhenDrained(.peer) }
        connection.startReading()
        if isHeldBack { return goOn() }
        if parser.isReadingBody {
            if bodyProgress >= 64 << 10 {
                bodyProgress = 0
                connection.setReadDeadline(server.options.bodyTimeout)
            }
        } else if !parser.isIdle, !isTimingRequest {
            isTimingRequest = true
            connection.setReadDeadline(server.options.headTimeout)
        }
    }

    /// Gives the peer its time again after it was held back.
    private func goOn() {
        isHeldBack = false
        isTimingRequest = !parser.isIdle
        bodyProgress = 0
        let options = server.options
        connection.setReadDeadline(
            parser.isIdle ? options.keepAliveTimeout : parser.isReadingBody ? options.bodyTimeout : options.headTimeout)
    }

    func peerEnded() {
        if let body { return cut(body, nil) }
        guard !isAnswering else { return }
        // A request that was cut, or none: there is nobody to answer.
        connection.closeWhenDrained(.peer)
    }

    func drained() {
        if !isAnswering { advance() }
    }

    func timedOut() {
        if let body { return cut(body, HTTPFailure(408, "the request took too long")) }
        guard !isAnswering else { return }
        guard !parser.isIdle else { return connection.close(hasAnswered ? .idle : .requestTimeout) }
        respond(HTTPResponse(HTTPFailure(408, "the request took too long")), to: .failed, reason: .requestTimeout)
    }

    func shutDown() {
        if !isAnswering, parser.isIdle { connection.closeWhenDrained(.shutdown) }
    }

    func closed(_ reason: CloseReason) {
        body?.cut(0)
        body = nil
        answering?.cancel()
        answering = nil
    }

    // MARK: Answering

    /// What of a request the answer's form depends on.
    struct Exchange: Sendable {
        var isHead = false
        var isHTTP10 = false
        var keepAlive = false

        static let failed = Exchange()
    }

    private func begin(_ request: HTTPRequest) {
        var request = request
        request.remoteAddress = connection.remoteAddress
        request.isSecure = connection.isSecure
        if body == nil { parser.limits = server.options.parserLimits }
        isAnswering = true
        isTimingRequest = false
        if body == nil { connection.setReadDeadline(nil) }
        server.counters.requests.add(1)
        server.counters.requestsInProgress.add(1)
        let loop = connection.loop
        let responder = server.responder
        answering = Task(executorPreference: loop) { [request] in
            let outcome = await responder.respond(to: request)
            if loop.isCurrent {
                self.complete(outcome, request)
            } else {
                loop.execute { self.complete(outcome, request) }
            }
        }
    }

    private func complete(_ outcome: HTTPOutcome, _ request: HTTPRequest) {
        connection.server.counters.requestsInProgress.add(-1)
        guard !connection.isEnding else { return }
        isAnswering = false
        hasAnswered = true
        answering = nil
        // What of the body was not read is not read any more.
        body?.cut(0)
        body = nil
        let exchange = Exchange(isHead: request.method == .head, isHTTP10: request.isHTTP10, keepAlive: request.keepAlive && isBodyWhole)
        switch outcome {
        case .response(let response): respond(response, to: exchange)
        case .upgrade(let headers, let acceptor): upgrade(request, headers, acceptor, exchange)
        case .stream(let response, let acceptor): stream(response, acceptor, exchange)
        }
        if connection.handler === self { advance() }
    }

    private func respond(_ response: HTTPResponse, to exchange: Exchange, reason: CloseReason = .finished) {
        let keepAlive = exchange.keepAlive && !server.isShuttingDown
        let isBodiless = HTTPResponseHead.isBodiless(response.status)
        let sendsBody = !exchange.isHead && !isBodiless
        let inlined = sendsBody && response.body.count <= 16 << 10
        var head = HTTPResponseHead.bytes(
            status: response.status, headers: response.headers, framing: isBodiless ? .none : .length(response.body.count),
            keepAlive: keepAlive, isHTTP10: exchange.isHTTP10, date: server.date, keepsLength: exchange.isHead && response.body.isEmpty,
            reserving: inlined ? response.body.count : 0)
        if inlined { head.append(contentsOf: response.body) }
        connection.send(SharedBytes(framed: head))
        if sendsBody, !inlined { connection.send(SharedBytes(framed: response.body)) }
        if keepAlive {
            connection.setReadDeadline(server.options.keepAliveTimeout)
        } else {
            connection.closeWhenDrained(server.isShuttingDown && reason == .finished ? .shutdown : reason)
        }
    }

    private func refuse(_ failure: HTTPFailure) {
        respond(HTTPResponse(failure), to: .failed, reason: .protocolError)
    }

    // MARK: Changing protocol

    private func upgrade(_ request: HTTPRequest, _ headers: HTTPHeaders, _ acceptor: WebSocketAcceptor, _ exchange: Exchange) {
        do throws(WebSocketHandshake.Refusal) {
            let acceptance = try WebSocketHandshake.accept(request, compresses: server.options.compressesMessages)
            var fields = acceptance.headers
            for (name, value) in headers { fields.append(name, value) }
            connection.send(SharedBytes(framed: HTTPResponseHead.switchingProtocols(fields, date: server.date)))
            let remainder = parser.takeRemainder()
            let webSocket = WebSocketConnection(connection, acceptance.compression)
            connection.handler = webSocket
            webSocket.open(acceptor, remainder)
        } catch {
            respond(error.response, to: exchange)
        }
    }

    private func stream(_ response: HTTPResponse, _ acceptor: StreamAcceptor, _ exchange: Exchange) {
        guard !exchange.isHead, !HTTPResponseHead.isBodiless(response.status) else { return respond(response, to: exchange) }
        // The responder knows the length where it set the field.
        let length = response.headers["Content-Length"].flatMap { Int($0) }
        let framing: HTTPResponseFraming = length.map { .length($0) } ?? (exchange.isHTTP10 ? .untilClose : .chunked)
        let head = HTTPResponseHead.bytes(
            status: response.status, headers: response.headers, framing: framing, keepAlive: false, isHTTP10: exchange.isHTTP10,
            date: server.date)
        connection.send(SharedBytes(framed: head))
        let stream = HTTPStream(connection, isChunked: framing == .chunked)
        connection.handler = stream
        stream.open(acceptor)
    }
}

// MARK: Bodies that come in pieces

extension HTTPConnection {
    private func beginBody(of request: HTTPRequest) {
        let plan = server.responder.plan(for: request)
        if let limit = plan.limit { parser.limits.body = limit }
        connection.setReadDeadline(server.options.bodyTimeout)
        bodyProgress = 0
        guard plan.streams else { return }
        parser.streamsBody = true
        let loop = connection.loop
        let body = HTTPBody { [weak self] in loop.execute { [weak self] in self?.bodyWanted() } }
        self.body = body
        isBodyWhole = false
        var request = request
        request.bodyStream = body
        begin(request)
    }

    private func sayContinue() { connection.send(SharedBytes(framed: HTTPResponseHead.interim)) }

    /// The reader took a piece, or waits for one.
    private func bodyWanted() {
        guard body != nil, !connection.isEnding else { return }
        if owesContinue { sayContinue() }
        owesContinue = false
        advance()
    }

    /// The peer has its time as long as its bytes are wanted.
    private func wait(for body: HTTPBody) {
        guard body.buffered < Self.pausedAbove else {
            connection.stopReading()
            isHeldBack = true
            return connection.setReadDeadline(nil)
        }
        if connection.peerHasEnded { return cut(body, nil) }
        connection.startReading()
        guard isHeldBack || bodyProgress >= 64 << 10 else { return }
        (isHeldBack, bodyProgress) = (false, 0)
        connection.setReadDeadline(server.options.bodyTimeout)
    }

    private func endBody() {
        body?.finish()
        body = nil
        isBodyWhole = true
        owesContinue = false
        parser.limits = server.options.parserLimits
        connection.setReadDeadline(nil)
    }

    /// The body will not come whole. Its reader is told, and what it answers is the last on this connection; nobody is there to answer when the
    /// peer has ended.
    private func cut(_ body: HTTPBody, _ failure: HTTPFailure?) {
        self.body = nil
        connection.setReadDeadline(nil)
        connection.stopReading()
        body.cut(failure?.status ?? 0)
        if failure == nil {
            answering?.cancel()
            connection.closeWhenDrained(.peer)
        }
    }
}
