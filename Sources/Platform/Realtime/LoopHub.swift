internal import Bus
internal import Kernel
internal import Synchronization

/// One loop's sockets and, per topic, those that listen. Loop-confined but for `figures`.
final class LoopHub: @unchecked Sendable {
    // SAFETY: everything that changes is touched on `loop`'s thread only: sockets call from their events, others through `loop.execute`.
    let loop: any LoopExecutor
    /// Its place among the gateway's hubs.
    let index: Int
    let figures = Figures()
    /// In no order.
    private(set) var sockets: [GatewaySocket] = []
    private var topics: [String: TopicListeners] = [:]
    /// The sockets of each person, by their listeners to the person's own topic.
    private var people: [UserID: TopicListeners] = [:]
    /// How many sockets listen to each topic, without the topics `user:…`: a copy that other threads may read.
    private let sizes = Mutex<[String: Int]>([:])
    /// What was posted since the loop last looked.
    private let inbox: Mutex<LoopInbox>

    init(loop: any LoopExecutor, index: Int, inboxBytes: Int) {
        (self.loop, self.index) = (loop, index)
        inbox = Mutex(LoopInbox(limit: inboxBytes))
    }

    func add(_ socket: GatewaySocket) {
        socket.place = sockets.count
        sockets.append(socket)
        figures.sockets.set(sockets.count)
    }

    /// - Returns: the topics that nobody on this loop listens to any more.
    func remove(_ socket: GatewaySocket) -> [String] {
        let last = sockets.removeLast()
        if last !== socket {
            sockets[socket.place] = last
            last.place = socket.place
        }
        figures.sockets.set(sockets.count)
        return socket.listeners.compactMap { listener in
            let topic = listener.topic
            return drop(listener) ? topic : nil
        }
    }

    // MARK: Listening

    /// How many sockets of this loop listen to a topic; callable from any thread.
    func size(of topic: String) -> Int { sizes.withLock { $0[topic] ?? 0 } }

    /// Begins to collect a topic's events for a socket; nothing is sent before the listener's `start`.
    /// - Returns: the listener, and whether it is the first of its topic here.
    func listen(_ socket: GatewaySocket, _ subscription: GatewaySession.Subscription) -> (Listener, isFirst: Bool) {
        if let listener = socket.listener(to: subscription.topic) {
            count(listener) { listener.listeners.change(listener) { $0.put(subscription) } }
            return (listener, false)
        }
        let owner = Audience.owner(of: subscription.topic)
        let known = owner.map { people[$0] } ?? topics[subscription.topic]
        let listeners = known ?? TopicListeners(subscription.topic)
        let isFirst = known == nil
        if isFirst { if let owner { people[owner] = listeners } else { topics[subscription.topic] = listeners } }
        let listener = Listener(socket, listeners, subscription)
        socket.listeners.append(listener)
        count(listener) { listeners.add(listener) }
        if owner == nil { sizes.withLock { $0[subscription.topic] = listeners.count } }
        return (listener, isFirst)
    }

    /// - Returns: whether nobody on this loop listens to the topic any more.
    func unlisten(_ socket: GatewaySocket, _ subscription: GatewaySession.Subscription) -> Bool {
        guard let listener = socket.listener(to: subscription.topic) else { return false }
        if listener.subscriptions.allSatisfy({ $0.id == subscription.id }) { return drop(listener) }
        count(listener) { listener.listeners.change(listener) { $0.remove(subscription) } }
        return false
    }

    private func drop(_ listener: Listener) -> Bool {
        let listeners = listener.listeners
        figures.subscriptions.add(-listener.subscriptions.count)
        let before = listeners.watched
        listeners.remove(listener)
        figures.watched.add(listeners.watched - before)
        listener.socket.listeners.removeAll { $0 === listener }
        sizes.withLock { sizes in
            if sizes[listeners.topic] != nil { sizes[listeners.topic] = listeners.count == 0 ? nil : listeners.count }
        }
        guard listeners.count == 0 else { return false }
        if let owner = Audience.owner(of: listeners.topic) { people[owner] = nil } else { topics[listeners.topic] = nil }
        return true
    }

    /// Does something to a listener and counts what it changed.
    private func count(_ listener: Listener, _ body: () -> Void) {
        let watched = listener.listeners.watched
        let subscriptions = listener.place.isSomewhere ? listener.subscriptions.count : 0
        body()
        figures.subscriptions.add(listener.subscriptions.count - subscriptions)
        figures.watched.add(listener.listeners.watched - watched)
    }

    // MARK: Delivering

    /// From any thread; all that is posted before the loop looks costs one wake-up and one write a socket.
    func post(_ post: LoopInbox.Post) {
        let mustWake = inbox.withLock { inbox in
            let wasEmpty = inbox.isEmpty
            let dropped = inbox.add(post)
            if dropped > 0 { figures.dropped.add(dropped) }
            return wasEmpty
        }
        if mustWake { loop.execute { self.takePosts() } }
    }

    /// Bytes that wait for the loop.
    var inboxBytes: Int { inbox.withLock { $0.bytes } }

    private func takePosts() {
        let taken = inbox.withLock { $0.take() }
        var sent = 0
        for post in taken.posts {
            switch post {
            case .delivery(let delivery): sent += topics[delivery.topic]?.deliver(delivery) ?? 0
            case .people(let publication): sent += deliver(publication)
            case .interruption(let topic, let position): topics[topic]?.interrupt(at: position)
            }
        }
        for (topic, position) in taken.lostTopics { topics[topic]?.interrupt(at: position) }
        for (user, position) in taken.lostPeople { people[user]?.interrupt(at: position) }
        guard sent > 0 else { return }
        figures.deliveries.add(sent)
        let begin = monotonicNanoseconds()
        loop.whenWritten { self.figures.delivering.set(Int((monotonicNanoseconds() - begin) / 1_000_000)) }
    }

    /// To each of its recipients who is here, on their own topic: framed once for all sockets of a person.
    private func deliver(_ publication: Publication) -> Int {
        publication.recipients.reduce(0) { sent, user in
            guard let listeners = people[user] else { return sent }
            return sent + listeners.deliver(Delivery([publication.addressed(to: user)], compresses: false))
        }
    }

    /// Looks at what waits on the sockets, about once a second.
    func measure() { figures.queuedBytes.set(sockets.reduce(0) { $0 + $1.transport.queuedBytes }) }
}

extension LoopHub {
    /// What one loop holds, for any thread to read.
    final class Figures: Sendable {
        let sockets = Figure()
        let subscriptions = Figure()
        /// People that subscriptions name, each as often as it is named.
        let watched = Figure()
        /// Bytes queued on sockets when they were last looked at.
        let queuedBytes = Figure()
        /// Milliseconds that the last events took to be written.
        let delivering = Figure()
        /// Events that found the inbox full, since the start; written under the inbox's lock by the thread that posts.
        let dropped = Figure()
        /// Events put on sockets since the start, each as often as there was a socket.
        let deliveries = Figure()
    }

    /// A number that one thread at a time changes.
    struct Figure: ~Copyable, Sendable {
        private let number = Atomic<Int>(0)

        var value: Int { number.load(ordering: .relaxed) }
        /// No read-modify-write: one thread at a time calls it.
        func add(_ amount: Int) { set(value + amount) }
        func set(_ value: Int) { number.store(value, ordering: .relaxed) }
    }
}

extension Listener.Place {
    fileprivate var isSomewhere: Bool { if case .nowhere = self { false } else { true } }
}
