internal import Bus
internal import Kernel
internal import Transport

/// One loop's sockets and, per topic, those that listen. Loop-confined.
final class LoopHub: @unchecked Sendable {
    // SAFETY: everything that changes is touched on `loop`'s thread only: sockets call from their events, others through `loop.execute`.
    let loop: EventLoop
    private(set) var sockets: [ConnectionID: GatewaySocket] = [:]
    private var topics: [String: Listeners] = [:]

    /// One socket's interest in one topic: whatever its subscriptions, it gets an event once.
    final class Listener {
        unowned let socket: GatewaySocket
        var filters: [JSON: TopicFilter] = [:]
        /// Events up to here were part of what the client has.
        var floor: Int64 = 0
        /// What arrives before the client may get it.
        var pending: [Delivery.Item]? = []

        init(_ socket: GatewaySocket) { self.socket = socket }

        var takesAll: Bool { filters.values.contains(where: \.isEmpty) }

        func wants(_ item: Delivery.Item) -> Bool {
            item.publication.position.offset > floor && filters.values.contains { $0.matches(item.publication.facts) }
        }
    }

    private struct Listeners {
        var all: [ConnectionID: Listener] = [:]
        /// Those without a filter, who are past their start.
        var whole: [ConnectionID: Listener] = [:]
        /// Those whose every subscription names its people, by person.
        var byUser: [String: Set<ConnectionID>] = [:]
        /// The rest: each event is held against their filters.
        var filtered: [ConnectionID: Listener] = [:]
    }

    init(loop: EventLoop) { self.loop = loop }

    func add(_ socket: GatewaySocket) { sockets[socket.id] = socket }

    /// - Returns: the topics that nobody on this loop listens to any more.
    func remove(_ socket: GatewaySocket) -> [String] {
        sockets[socket.id] = nil
        return socket.listeners.keys.filter { drop(socket, topic: $0) }
    }

    // MARK: Listening

    /// Begins to collect a topic's events for a socket; nothing is sent before `start`.
    /// - Returns: the listener, and whether it is the first of its topic here.
    func listen(_ socket: GatewaySocket, _ subscription: GatewaySession.Subscription) -> (Listener, isFirst: Bool) {
        let listener = socket.listeners[subscription.topic] ?? Listener(socket)
        let isFirst = topics[subscription.topic] == nil
        socket.listeners[subscription.topic] = listener
        unplace(listener, socket.id, subscription.topic)
        listener.filters[subscription.id] = subscription.filter
        place(listener, socket.id, subscription.topic)
        return (listener, isFirst)
    }

    /// Lets a listener have what comes after an offset.
    func start(_ listener: Listener, topic: String, after offset: Int64) {
        let pending = listener.pending ?? []
        unplace(listener, listener.socket.id, topic)
        listener.floor = offset
        listener.pending = nil
        place(listener, listener.socket.id, topic)
        for item in pending where listener.wants(item) { listener.socket.send(item) }
    }

    /// - Returns: whether nobody on this loop listens to the topic any more.
    func unlisten(_ socket: GatewaySocket, _ subscription: GatewaySession.Subscription) -> Bool {
        guard let listener = socket.listeners[subscription.topic] else { return false }
        unplace(listener, socket.id, subscription.topic)
        listener.filters[subscription.id] = nil
        if listener.filters.isEmpty { return drop(socket, topic: subscription.topic) }
        place(listener, socket.id, subscription.topic)
        return false
    }

    private func drop(_ socket: GatewaySocket, topic: String) -> Bool {
        guard let listener = socket.listeners.removeValue(forKey: topic) else { return false }
        unplace(listener, socket.id, topic)
        topics[topic]?.all[socket.id] = nil
        guard topics[topic]?.all.isEmpty ?? false else { return false }
        topics[topic] = nil
        return true
    }

    private func people(_ listener: Listener) -> Set<String>? {
        var people: Set<String> = []
        for filter in listener.filters.values {
            guard let named = filter.values(of: "user_id") else { return nil }
            people.formUnion(named)
        }
        return people
    }

    private func place(_ listener: Listener, _ id: ConnectionID, _ topic: String) {
        var listeners = topics.removeValue(forKey: topic) ?? Listeners()
        listeners.all[id] = listener
        if listener.pending != nil {
            listeners.filtered[id] = listener
        } else if listener.takesAll {
            listeners.whole[id] = listener
        } else if let people = people(listener) {
            for person in people { listeners.byUser[person, default: []].insert(id) }
        } else {
            listeners.filtered[id] = listener
        }
        topics[topic] = listeners
    }

    private func unplace(_ listener: Listener, _ id: ConnectionID, _ topic: String) {
        guard var listeners = topics.removeValue(forKey: topic) else { return }
        listeners.whole[id] = nil
        listeners.filtered[id] = nil
        for person in people(listener) ?? [] {
            listeners.byUser[person]?.remove(id)
            if listeners.byUser[person]?.isEmpty ?? false { listeners.byUser[person] = nil }
        }
        topics[topic] = listeners
    }

    // MARK: Delivering

    func deliver(_ delivery: Delivery) {
        guard let listeners = topics[delivery.topic] else { return }
        for listener in listeners.whole.values {
            if delivery.first > listener.floor {
                listener.socket.send(delivery)
            } else {
                for item in delivery.items where item.publication.position.offset > listener.floor { listener.socket.send(item) }
            }
        }
        for listener in listeners.filtered.values {
            if listener.pending != nil {
                listener.hold(delivery)
            } else {
                for item in delivery.items where listener.wants(item) { listener.socket.send(item) }
            }
        }
        guard !listeners.byUser.isEmpty else { return }
        for item in delivery.items {
            for person in item.people {
                for id in listeners.byUser[person] ?? [] {
                    if let listener = listeners.all[id], listener.wants(item) { listener.socket.send(item) }
                }
            }
        }
    }
}

extension LoopHub.Listener {
    /// Beyond this the client is better served by a new snapshot.
    static let maximumPending = 5000

    fileprivate func hold(_ delivery: Delivery) {
        pending?.append(contentsOf: delivery.items)
        if pending?.count ?? 0 > Self.maximumPending { socket.overflowed() }
    }
}

extension Delivery.Item {
    fileprivate var people: [String] { publication.facts.first { $0.name == "user_id" }?.after ?? [] }
}
