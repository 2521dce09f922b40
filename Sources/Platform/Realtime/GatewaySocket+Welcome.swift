internal import Bus
internal import Kernel
internal import Runtime
internal import Transport

// MARK: Welcome

extension GatewaySocket {
    /// What the new session listens to from its first moment, and what it had missed.
    private struct Arrival: Sendable {
        var positions: [String: Position] = [:]
        /// The ids of the subscriptions that stand.
        var kept: [JSON] = []
        var refusals: [[UInt8]] = []
        var replays: [Gateway.Missed] = []
        var resumed = false
    }

    /// Takes up what the session was subscribed to, once what the topics' rules read of it is loaded; mostly nothing is to be.
    func prepareWelcome(_ identity: GatewayIdentity, _ resume: GatewayResume?) {
        do throws(Problem) {
            if let person = identity.scope.userID { try gateway.stock.open(person) }
        } catch {
            perform([session.refusal(error, id: nil)])
            return close(.flooding)
        }
        user = identity.scope.userID
        isCounted = user != nil
        let wanted = wanted(resume)
        let topics = gateway.prepared(wanted)
        guard !topics.isEmpty else { return welcome(identity, resume, wanted) }
        handshake = run { [gateway] in
            try await gateway.prepare(identity.scope, topics)
        } then: { socket, result in
            socket.handshake = nil
            guard case .success = result else { return socket.failHandshake(result) }
            // Rights may have changed meanwhile.
            socket.welcome(socket.session.identity ?? identity, resume, wanted)
        }
    }

    /// Names the session, and says what it is to listen to.
    private func wanted(_ resume: GatewayResume?) -> [GatewaySession.Subscription] {
        var wanted: [GatewaySession.Subscription] = []
        if let resume {
            if let record = gateway.resumes.find(resume.session, user: user) {
                name = resume.session
                wanted = record.subscriptions
            } else {
                wanted = resume.positions.keys.sorted().map { GatewaySession.Subscription(id: .string($0), topic: $0) }
            }
        }
        if name.isEmpty { name = gateway.resumes.newSession() }
        for topic in gateway.automaticTopics(user) where !wanted.contains(where: { $0.topic == topic }) {
            wanted.append(GatewaySession.Subscription(id: .string(topic), topic: topic))
        }
        return wanted
    }

    /// Subscribe and buffer → snapshot at those positions → send → flush.
    private func welcome(_ identity: GatewayIdentity, _ resume: GatewayResume?, _ wanted: [GatewaySession.Subscription]) {
        let arrival = arrive(resume, wanted)
        gateway.resumes.begin(name, user: user, connection: id, subscriptions: session.subscriptions)
        if let user { gateway.observer?.connected(id, user: user, session: identity.scope.sessionID) }
        // Who was here a moment ago needs nothing of the database; what changed meanwhile follows as events.
        let isKnown = arrival.resumed && gateway.isKnown(user)
        if arrival.resumed { (isKnown ? gateway.resumedFromMemory : gateway.resumedFromDatabase).add() }
        handshake = run { [gateway] in
            let (scope, missed) = (identity.scope, arrival.replays)
            return isKnown ? try await gateway.handshake(scope, with: missed) : try await gateway.queuedHandshake(scope, with: missed)
        } then: { socket, result in
            socket.handshake = nil
            guard case .success(let (handshake, replays)) = result else { return socket.failHandshake(result) }
            socket.finishHandshake(handshake, replays, arrival)
        }
    }

    private func failHandshake<Value>(_ result: Result<Value, Problem>) {
        guard case .failure(let problem) = result else { return }
        perform([session.refusal(problem, id: nil)])
        close(problem.status == 503 ? .busy : .serverStopping)
    }

    private func arrive(_ resume: GatewayResume?, _ wanted: [GatewaySession.Subscription]) -> Arrival {
        var arrival = Arrival()
        arrival.resumed = resume != nil
        transport.begin(name)
        if transport.isOneWay { gateway.links.add(self, session: name) }
        let (kept, refusals) = session.restore(wanted)
        for case .send(let frame) in refusals { arrival.refusals.append(frame) }
        arrival.kept = kept.map(\.id)
        for subscription in kept { arrival.positions[subscription.topic] = gateway.listen(self, hub, subscription) }
        guard let resume else { return arrival }
        let automatic = gateway.automaticTopics(user)
        for topic in arrival.positions.keys.sorted() {
            let after = resume.place(in: topic, isDurable: gateway.isDurable(topic))
            // One's own topic is not asked for: who does not name a place in it did not look at it.
            guard after != nil || !automatic.contains(topic) else { continue }
            arrival.replays.append(Gateway.Missed(topic: topic, after: after, people: listener(to: topic)?.people))
        }
        return arrival
    }

    private func finishHandshake(_ handshake: Gateway.Handshake, _ replays: [String: Replay], _ arrival: Arrival) {
        let places = places(replays, arrival)
        transport.send(frame(handshake, places), places: places)
        if arrival.resumed {
            // A wish, a farewell or a refusal may have been lost with the connection before.
            let resumed: JSON = ["type": "resumed", "session": .string(name), "subscriptions": .array(arrival.kept)]
            transport.send(resumed.bytes, places: [:])
        }
        for refusal in arrival.refusals { transport.send(refusal, places: [:]) }
        letOn(replays, arrival)
        let (topics, filter) = (upgrade?.topics ?? [], upgrade?.filter)
        upgrade = nil
        isReady = true
        gateway.pendingSessions.add(-1)
        for topic in topics where session.subscription(.string(topic)) == nil {
            do {
                perform(try session.subscribe(id: .string(topic), topic: topic, filter: filter))
            } catch {
                perform([session.refusal(error, id: .string(topic))])
            }
        }
        perform(session.welcomed())
    }

    /// What is sent to a client that comes back: an event that it missed, or one that came while it was let on.
    private enum Late {
        case missed(Publication)
        case held(Delivery.Item)

        var offset: Int64 {
            switch self {
            case .missed(let publication): publication.position.offset
            case .held(let item): item.publication.position.offset
            }
        }
    }

    /// Sends what was missed of each topic, or says that a new snapshot is needed; then what came meanwhile.
    ///
    /// Durable events go in one order over all their topics, so that the place of the last one that a client has is its place in all of them.
    private func letOn(_ replays: [String: Replay], _ arrival: Arrival) {
        var durable: [Late] = []
        for (topic, head) in arrival.positions.sorted(by: { $0.key < $1.key }) {
            guard let listener = listener(to: topic) else { continue }
            let (missed, end) = missed(replays[topic], on: topic, from: head, to: listener)
            let late = missed.map { Late.missed($0) } + listener.release(after: end).map { Late.held($0) }
            if gateway.isDurable(topic) { durable += late } else { late.forEach(send) }
        }
        // Stable: two copies of one event stay in the order of their topics.
        for place in durable.indices.sorted(by: { (durable[$0].offset, $0) < (durable[$1].offset, $1) }) { send(durable[place]) }
    }

    private func send(_ late: Late) {
        switch late {
        case .missed(let publication): transport.send(publication.payload, places: publication.places)
        case .held(let item): transport.send(item)
        }
    }

    /// - Returns: what is to be sent, and the offset up to which the client then has everything.
    private func missed(_ replay: Replay?, on topic: String, from head: Position, to listener: Listener) -> ([Publication], Int64) {
        switch replay {
        case nil: return ([], head.offset)
        case .events(let missed, let end): return (missed.filter(listener.matches), max(head.offset, end.offset))
        case .lost, .beyondMemory:
            resync(topic, at: head)
            return ([], head.offset)
        }
    }

    /// Where the client is before the replays that follow.
    private func places(_ replays: [String: Replay], _ arrival: Arrival) -> [String: Position] {
        var places = arrival.positions
        for missed in arrival.replays {
            if case .events = replays[missed.topic], let after = missed.after { places[missed.topic] = after }
        }
        // The earliest of them: nothing between it and the others is lost to who goes on from there.
        let durable = places.filter { gateway.isDurable($0.key) }.values
        places[TopicRules.durable] = durable.min { $0.offset < $1.offset }
        return places
    }

    private func frame(_ handshake: Gateway.Handshake, _ places: [String: Position]) -> [UInt8] {
        var positions = JSONObject()
        let durable = places[TopicRules.durable]
        for (topic, position) in places.sorted(by: { $0.key < $1.key }) where topic != TopicRules.durable {
            positions.append(topic, .string(position.description))
        }
        return JSON.object([
            "type": "ready", "session": .string(name), "heartbeat_ms": .integer(session.limits.heartbeat), "user": handshake.user,
            "positions": .object(positions), "durable": JSON(durable?.description), "snapshot": .object(handshake.snapshot),
        ]).bytes
    }
}
