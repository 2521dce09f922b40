internal import Bus
internal import Kernel

/// One loop's listeners to one topic, by what they ask of it. Loop-confined, as its hub is.
///
/// An event costs those who watch its person, those who take all, and one look for all who share a filter; never the others.
final class TopicListeners {
    let topic: String
    private(set) var count = 0
    private(set) var whole: [Listener] = []
    private(set) var filtered: [SameFilters] = []
    private var filteredPlaces: [[TopicFilter]: Int] = [:]
    /// Those who name their people, at a number that stands for them in `watchers`; when the numbers are spent, the next are `filtered`.
    private var numbered: [Listener?] = []
    private var freeNumbers: [UInt16] = []
    /// Who watches a person, the lowest number first.
    private var watchers: [UserID: [UInt16]] = [:]

    init(_ topic: String) { self.topic = topic }

    /// How many entries `watchers` has in all.
    private(set) var watched = 0
    /// Up to where its events, or word of their loss, have come here; nil before the first.
    var reached: Position?

    func add(_ listener: Listener) {
        count += 1
        place(listener)
    }

    func remove(_ listener: Listener) {
        count -= 1
        unplace(listener)
    }

    /// Changes what a listener asks.
    func change(_ listener: Listener, _ body: (Listener) -> Void) {
        unplace(listener)
        body(listener)
        place(listener)
    }

    // MARK: Places

    private func place(_ listener: Listener) {
        if listener.takesAll {
            listener.place = .whole(whole.count)
            whole.append(listener)
        } else if listener.subscriptions.allSatisfy({ $0.filter.namesPeople }),
            let number = freeNumbers.popLast() ?? UInt16(exactly: numbered.count)
        {
            if Int(number) == numbered.count { numbered.append(listener) } else { numbered[Int(number)] = listener }
            listener.place = .numbered(number)
            for subscription in listener.subscriptions { watch(subscription.filter.people, number) }
        } else {
            group(listener)
        }
    }

    private func group(_ listener: Listener) {
        let filters = listener.subscriptions.map(\.filter)
        let place = filteredPlaces[filters] ?? filtered.count
        if place == filtered.count {
            filtered.append(SameFilters(filters, place))
            filteredPlaces[filters] = place
        }
        let group = filtered[place]
        listener.place = .filtered(group, group.listeners.count)
        group.listeners.append(listener)
    }

    private func ungroup(_ listener: Listener, _ group: SameFilters, _ index: Int) {
        let last = group.listeners.removeLast()
        if last !== listener {
            group.listeners[index] = last
            last.place = .filtered(group, index)
        }
        guard group.listeners.isEmpty else { return }
        filteredPlaces[group.filters] = nil
        let end = filtered.removeLast()
        guard end !== group else { return }
        filtered[group.place] = end
        filteredPlaces[end.filters] = group.place
        end.place = group.place
    }

    private func unplace(_ listener: Listener) {
        switch listener.place {
        case .nowhere: return
        case .whole(let index):
            let last = whole.removeLast()
            guard last !== listener else { break }
            whole[index] = last
            last.place = .whole(index)
        case .filtered(let group, let index): ungroup(listener, group, index)
        case .numbered(let number):
            for subscription in listener.subscriptions { unwatch(subscription.filter.people, number) }
            numbered[Int(number)] = nil
            freeNumbers.append(number)
        }
        listener.place = .nowhere
    }

    private func watch(_ people: WatchedPeople?, _ number: UInt16) {
        for person in people?.ids ?? [] { if watchers[person, default: []].insertSorted(number) { watched += 1 } }
    }

    private func unwatch(_ people: WatchedPeople?, _ number: UInt16) {
        for person in people?.ids ?? [] {
            guard let place = watchers.index(forKey: person) else { continue }
            if watchers.values[place].removeSorted(number) { watched -= 1 }
            if watchers.values[place].isEmpty { watchers.remove(at: place) }
        }
    }

    // MARK: Delivering

    /// Events were lost before a position: who listens takes a new snapshot, and gets what comes after it.
    func interrupt(at position: Position) {
        reached = position
        let all = whole + filtered.flatMap(\.listeners) + numbered.compactMap { $0 }
        for listener in all { listener.interrupt(at: position) }
    }

    /// - Returns: how many events were queued on sockets.
    func deliver(_ delivery: Delivery) -> Int {
        reached = delivery.last
        var sent = 0
        for listener in whole { sent += listener.take(delivery) }
        for group in filtered { sent += group.deliver(delivery) }
        guard !watchers.isEmpty else { return sent }
        for item in delivery.items {
            for person in item.publication.people {
                for number in watchers[person] ?? [] {
                    guard let listener = numbered[Int(number)], listener.isPeopleAlone || listener.matches(item.publication) else {
                        continue
                    }
                    sent += listener.take(item)
                }
            }
        }
        return sent
    }
}

/// Those who ask the same of a topic by other fields than people: one look at an event serves them all.
final class SameFilters {
    let filters: [TopicFilter]
    /// Among the topic's.
    fileprivate var place: Int
    fileprivate(set) var listeners: [Listener] = []

    fileprivate init(_ filters: [TopicFilter], _ place: Int) { (self.filters, self.place) = (filters, place) }

    fileprivate func deliver(_ delivery: Delivery) -> Int {
        let wanted = delivery.items.filter { item in filters.contains { $0.matches(item.publication) } }
        // All of them are one write.
        if wanted.count == delivery.items.count { return listeners.reduce(0) { $0 + $1.take(delivery) } }
        return listeners.reduce(0) { sent, listener in wanted.reduce(sent) { $0 + listener.take($1) } }
    }
}

/// One socket's interest in one topic: whatever its subscriptions, it gets an event once.
final class Listener {
    enum Place {
        case nowhere
        case whole(Int)
        case filtered(SameFilters, Int)
        case numbered(UInt16)
    }

    unowned let socket: GatewaySocket
    unowned let listeners: TopicListeners
    fileprivate(set) var place = Place.nowhere
    private(set) var subscriptions: [GatewaySession.Subscription]
    /// Whether the people that it names are all that it asks.
    private(set) var isPeopleAlone = false
    /// Events up to here were part of what the client has.
    private(set) var floor: Int64 = 0
    /// What arrives before the client may get it; nil once it may.
    private(set) var pending: [Delivery.Item]? = []

    init(_ socket: GatewaySocket, _ listeners: TopicListeners, _ first: GatewaySession.Subscription) {
        (self.socket, self.listeners, subscriptions) = (socket, listeners, [first])
        isPeopleAlone = first.filter.isPeopleAlone
    }

    var topic: String { listeners.topic }
    var takesAll: Bool { subscriptions.contains { $0.filter.isEmpty } }

    /// The people that it is limited to, each once; nil when it is not.
    var people: [UserID]? {
        if subscriptions.count == 1 { return subscriptions[0].filter.people?.ids }
        let named = subscriptions.compactMap { $0.filter.people?.ids }
        return named.count == subscriptions.count ? Array(Set(named.joined())) : nil
    }

    func matches(_ publication: Publication) -> Bool { subscriptions.contains { $0.filter.matches(publication) } }

    /// A subscription of the same id gives way.
    func put(_ subscription: GatewaySession.Subscription) {
        subscriptions.removeAll { $0.id == subscription.id }
        subscriptions.append(subscription)
        isPeopleAlone = subscriptions.allSatisfy { $0.filter.isPeopleAlone }
    }

    func remove(_ subscription: GatewaySession.Subscription) {
        subscriptions.removeAll { $0.id == subscription.id }
        isPeopleAlone = subscriptions.allSatisfy { $0.filter.isPeopleAlone }
    }

    /// Where its client stands when the topic stands at `head`: who listens already still gets what is on its way here.
    func place(at head: Position) -> Position {
        guard pending == nil else { return head }
        guard let reached = listeners.reached else { return Position(epoch: head.epoch, offset: floor) }
        return Position(epoch: reached.epoch, offset: max(reached.offset, floor))
    }

    /// Lets it have what comes after an offset.
    func start(after offset: Int64) { for item in release(after: offset) { socket.send(item) } }

    /// The same, and leaves it to the caller to send what was held, which is returned.
    func release(after offset: Int64) -> [Delivery.Item] {
        let held = pending ?? []
        pending = nil
        let items = held.filter { $0.publication.position.offset > offset }
        floor = offset
        return items
    }

    /// Who was not let on yet comes back: what they wait for stands perhaps on the other side of the gap.
    func interrupt(at position: Position) {
        guard pending == nil else { return socket.close(.serverStopping) }
        floor = position.offset
        socket.resync(topic, at: position)
    }

    /// Beyond this the client is better served by a new snapshot.
    static let maximumPending = 5000

    /// - Returns: how many events were queued on the socket: 1, or 0 for one that it has.
    fileprivate func take(_ item: Delivery.Item) -> Int {
        guard pending == nil else {
            hold([item])
            return 0
        }
        guard item.publication.position.offset > floor else { return 0 }
        socket.send(item)
        return 1
    }

    fileprivate func take(_ delivery: Delivery) -> Int {
        guard pending == nil else {
            hold(delivery.items)
            return 0
        }
        guard delivery.first <= floor else {
            socket.send(delivery)
            return delivery.items.count
        }
        return delivery.items.reduce(0) { $0 + take($1) }
    }

    private func hold(_ items: [Delivery.Item]) {
        pending?.append(contentsOf: items)
        if pending?.count ?? 0 > Self.maximumPending { socket.overflowed() }
    }
}

extension [UInt16] {
    /// - Returns: false when it is there already.
    fileprivate mutating func insertSorted(_ number: UInt16) -> Bool {
        let index = firstIndex(notBelow: number)
        guard index == count || self[index] != number else { return false }
        // Doubling would leave a third of it empty, in each of as many lists as there are people.
        if count == capacity { reserveCapacity(count + 2 + count / 4) }
        insert(number, at: index)
        return true
    }

    /// - Returns: false when it is not there.
    fileprivate mutating func removeSorted(_ number: UInt16) -> Bool {
        let index = firstIndex(notBelow: number)
        guard index < count, self[index] == number else { return false }
        remove(at: index)
        return true
    }
}
