internal import Bus
internal import HTTP
public import Kernel
internal import Transport
public import Web

/// The same events without a WebSocket, for those who cannot have one: one topic, whose place is a plain position.
extension Gateway {
    /// Long polling: what came after a position, waiting for it up to some seconds.
    ///
    /// - Throws: what the topic's rule says after the wait.
    public func poll(_ scope: Scope, _ wish: SubscriptionRequest, after position: Position, seconds: Int) async throws -> Reply {
        if let user = scope.userID { try stock.open(user) }
        defer { if let user = scope.userID { stock.close(user) } }
        let (replay, place) = try await feed.next(wish.topic, wish.filter, after: position, within: Int64(seconds) * 1000)
        try await readmit(scope, to: wish)
        switch replay {
        case .events(let events, _): return Self.page(events.map(\.payload), place: place.description)
        case .lost, .beyondMemory: return Self.page([GatewayReply.resync(topic: wish.topic)], place: place.description)
        }
    }

    /// Server-sent events from a position, or from now. The stream ends when the reader's rights change; they come back by themselves.
    ///
    /// - Throws: 429 for who opens too many, 503 while too many sessions are not yet greeted.
    public func stream(_ scope: Scope, _ wish: SubscriptionRequest, after position: Position?) throws -> Reply {
        try admitOpening(scope)
        let start = position ?? feed.position(of: wish.topic)
        return Self.eventStream { [self] stream in
            let isCounted = count(scope)
            let events = EventStream(stream, scope: scope) { [self] ended in
                forget(ended)
                if isCounted, let user = scope.userID { stock.close(user) }
            }
            guard isCounted else {
                events.finish()
                return events
            }
            keep(events)
            events.start(feed, wish, after: start) { [self] in try await readmit(scope, to: wish) }
            return events
        }
    }

    /// Counts a stream among the person's sessions.
    ///
    /// - Returns: false when they have too many.
    private func count(_ scope: Scope) -> Bool {
        do throws(Problem) {
            if let user = scope.userID { try stock.open(user) }
            return true
        } catch {
            return false
        }
    }

    private static func page(_ frames: [[UInt8]], place: String) -> Reply {
        var writer = JSONWriter(reserving: frames.reduce(place.utf8.count + 64) { $0 + $1.count + 1 })
        writer.beginObject()
        writer.name("items")
        writer.beginArray()
        for frame in frames { writer.raw(frame) }
        writer.endArray()
        writer.name("next")
        writer.null()
        writer.name("position")
        writer.string(place)
        writer.endObject()
        return Reply(status: 200, headers: ["Content-Type": "application/json"], body: writer.bytes)
    }

    private static func eventStream(_ acceptor: @escaping StreamAcceptor) -> Reply {
        var reply = Reply(
            status: 200, headers: ["Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"])
        reply.takeover = .stream(acceptor)
        return reply
    }

    /// Asks the topic's rule with the rights that the reader has by now.
    ///
    /// - Throws: what the rule says, or 401 when the session is over.
    private func readmit(_ scope: Scope, to wish: SubscriptionRequest) async throws {
        try check(try await refresh(GatewayIdentity(scope: scope), for: [wish.topic]).scope, wish)
    }
}

// MARK: The whole gateway

extension Gateway {
    /// `GET /gateway`: a WebSocket; or the same session as `text/event-stream`, or by long polling with `wait`; or with `topic` one topic's events.
    func connect(_ call: Call) async throws -> Reply {
        if Self.isUpgrade(call.request) || call.request.method != .get { return try upgrade(call) }
        let wish = try GatewayQuery(call)
        guard wish.isStream || wish.wait != nil || wish.after != nil || wish.topic != nil else { return try upgrade(call) }
        let user = try call.scope.requireUser()
        try checkOrigin(call, isRequired: false)
        if let topic = wish.topic {
            return try await follow(try await self.wish(call.scope, topic: topic, filter: wish.filter), wish, call.scope)
        }
        if wish.isStream { return try openStream(wish.topics, wish.place, call) }
        return try await poll(wish, call, user)
    }

    private func follow(_ topic: SubscriptionRequest, _ wish: GatewayQuery, _ scope: Scope) async throws -> Reply {
        let position = try wish.position
        if wish.isStream { return try stream(scope, topic, after: position) }
        if let position { return try await poll(scope, topic, after: position, seconds: wish.wait ?? 0) }
        return Self.page([], place: feed.position(of: topic.topic).description)
    }

    private func openStream(_ topics: [String], _ place: ResumeToken?, _ call: Call) throws -> Reply {
        try admitOpening(call.scope)
        let upgrade = GatewayUpgrade(call, topics: topics)
        return Self.eventStream { [self] stream in
            let transport = StreamTransport(stream)
            let socket = accept(transport, upgrade)
            transport.socket = socket
            socket.received(text: place?.hello.bytes ?? Self.hello)
            return transport
        }
    }

    private static let hello = JSON.object(["type": "hello"]).bytes

    private func poll(_ wish: GatewayQuery, _ call: Call, _ user: UserID) async throws -> Reply {
        let wait = (wish.wait ?? 0) * 1000
        if let place = wish.place, let transport = links.find(place.session, of: call.scope)?.transport as? PollTransport,
            let answer = try await ask(transport, after: place.number, milliseconds: wait)
        {
            return Self.page(answer.frames, place: answer.place.description)
        }
        guard let loop = EventLoop.current else { throw Problem.internalError("a request is answered off its loop") }
        try admitOpening(call.scope)
        try links.admitPoll(user)
        let upgrade = GatewayUpgrade(call, topics: wish.topics)
        let transport = PollTransport(
            loop: loop, number: wish.place?.number ?? 0, maximumBytes: Self.maximumPolledBytes, uptime: { self.now },
            ended: { [links] in links.pollEnded(user) })
        loop.execute { [self] in
            let socket = accept(transport, upgrade)
            transport.socket = socket
            socket.received(text: wish.place?.hello.bytes ?? Self.hello)
        }
        // The first answer is `ready`, or why not.
        guard let answer = try await ask(transport, after: nil, milliseconds: max(wait, 10_000)) else { throw Problem.unauthenticated }
        return Self.page(answer.frames, place: answer.place.description)
    }

    private static let maximumPolledBytes = 1 << 20

    private func ask(_ transport: PollTransport, after number: UInt64?, milliseconds: Int) async throws -> PollTransport.Answer? {
        let request = PollTransport.Request()
        let answer = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                transport.loop.execute {
                    transport.socket?.heard()
                    transport.poll(request, after: number, milliseconds: milliseconds) { continuation.resume(returning: $0) }
                }
            }
        } onCancel: {
            transport.loop.execute { transport.abandon(request) }
        }
        try Task.checkCancellation()
        return answer
    }

    /// `POST /gateway/{session}`: a frame, or some as `{"frames": […]}`; what they are answered with comes with the session's events.
    func receive(_ call: Call) async throws -> Reply {
        _ = try call.scope.requireUser()
        let frames = try Self.frames(try call.body())
        guard let socket = links.find(call.parameter("session"), of: call.scope) else {
            throw Problem(
                404, "unknown_session",
                LocalizedText(
                    en: "This session is not open here: connect again.", fr: "Cette session n’est pas ouverte ici : reconnectez-vous."))
        }
        socket.transport.executor.execute { for frame in frames { socket.received(text: frame) } }
        return .noContent
    }

    private static func frames(_ body: JSON) throws(Problem) -> [[UInt8]] {
        guard let list = body["frames"] else { return [body.bytes] }
        guard let frames = list.array, (1...100).contains(frames.count), body.object?.count == 1 else {
            throw .invalid("/frames", "invalid", LocalizedText(en: "From 1 to 100 frames.", fr: "De 1 à 100 trames."))
        }
        return frames.map(\.bytes)
    }
}

/// The query of `GET /gateway`.
private struct GatewayQuery {
    let isStream: Bool
    /// One topic alone.
    let topic: String?
    /// What of it is wanted.
    let filter: JSON?
    /// What the session listens to from its start.
    let topics: [String]
    let after: String?
    /// Seconds.
    let wait: Int?
    /// Where a session stood; nil for a new one.
    let place: ResumeToken?

    init(_ call: Call) throws(Problem) {
        isStream = call.request.headers["Accept"]?.contains("text/event-stream") ?? false
        var query = try call.query
        topic = query.string("topic", maximum: GatewayFrame.maximumTopic)
        filter = Self.filter(&query, topic)
        let listed = query.string("topics", maximum: ResumeToken.maximumLength) ?? ""
        topics = listed.utf8.split(separator: UInt8(ascii: ",")).map { String(Substring($0)) }
        let named = query.string("after", maximum: ResumeToken.maximumLength)
        after = named ?? (isStream ? call.request.headers["Last-Event-ID"] : nil)
        wait = query.integer("wait", 0...60)
        place = topic == nil ? after.flatMap { ResumeToken($0) } : nil
        if topics.contains(where: { $0.utf8.count > GatewayFrame.maximumTopic }) {
            query.fail("topics", "too_long", LocalizedText(en: "A topic is too long.", fr: "Un sujet est trop long."))
        }
        let most = GatewaySession.Limits().subscriptions
        if topics.count > most {
            query.fail("topics", "too_many", LocalizedText(en: "At most \(most).", fr: "\(most) au plus."))
        }
        if topic != nil, !topics.isEmpty {
            query.fail("topics", "exclusive", LocalizedText(en: "Either topic or topics.", fr: "Soit topic, soit topics."))
        }
        // A browser sends back whatever it had last: what cannot be read there begins anew.
        if named != nil, topic == nil, place == nil { query.fail("after", "invalid", Self.expected) }
        try query.finish()
    }

    private static func filter(_ query: inout Query, _ topic: String?) -> JSON? {
        guard let text = query.string("filter", maximum: 4096) else { return nil }
        do {
            if topic != nil { return try JSONParser.parse(Array(text.utf8)) }
        } catch {
            query.fail("filter", "invalid", LocalizedText(en: "A JSON object is expected.", fr: "Un objet JSON est attendu."))
            return nil
        }
        query.fail("filter", "exclusive", LocalizedText(en: "Only with topic.", fr: "Seulement avec topic."))
        return nil
    }

    var position: Position? {
        get throws(Problem) {
            guard let after else { return nil }
            guard let position = Position(after) else { throw .invalid("?after", "invalid", Self.expected) }
            return position
        }
    }

    private static let expected = LocalizedText(en: "A position is expected.", fr: "Une position est attendue.")
}
