internal import Synchronization

/// What a server has counted since it started, over all its loops.
public struct HTTPServerSnapshot: Sendable {
    public var accepted = 0
    /// Open now, WebSockets and streams included.
    public var connections = 0
    public var webSockets = 0
    public var streams = 0
    public var requests = 0
    public var requestsInProgress = 0
    public var bytesReceived = 0
    public var bytesSent = 0
    public var messagesReceived = 0
    /// How often a message was compressed, for however many sockets.
    public var messagesCompressed = 0
    public var closes: [CloseReason: Int] = [:]
}

/// A number that one loop changes and any thread may read.
struct Counter: ~Copyable, Sendable {
    private let value = Atomic<Int>(0)

    /// Not a read-modify-write: only the owning loop's thread calls it.
    borrowing func add(_ amount: Int) { value.store(value.load(ordering: .relaxed) &+ amount, ordering: .relaxed) }
    borrowing func load() -> Int { value.load(ordering: .relaxed) }
}

/// One loop's counters.
final class LoopCounters: Sendable {
    let accepted = Counter()
    let connections = Counter()
    let webSockets = Counter()
    let streams = Counter()
    let requests = Counter()
    let requestsInProgress = Counter()
    let bytesReceived = Counter()
    let bytesSent = Counter()
    let messagesReceived = Counter()
    let messagesCompressed = Counter()
    private let closes: InlineArray<10, Counter> = InlineArray { _ in Counter() }

    func countClose(_ reason: CloseReason) { closes[Self.index[reason]!].add(1) }

    private static let index = Dictionary(uniqueKeysWithValues: CloseReason.allCases.enumerated().map { ($1, $0) })

    func add(to snapshot: inout HTTPServerSnapshot) {
        snapshot.accepted += accepted.load()
        snapshot.connections += connections.load()
        snapshot.webSockets += webSockets.load()
        snapshot.streams += streams.load()
        snapshot.requests += requests.load()
        snapshot.requestsInProgress += requestsInProgress.load()
        snapshot.bytesReceived += bytesReceived.load()
        snapshot.bytesSent += bytesSent.load()
        snapshot.messagesReceived += messagesReceived.load()
        snapshot.messagesCompressed += messagesCompressed.load()
        for (index, reason) in CloseReason.allCases.enumerated() { snapshot.closes[reason, default: 0] += closes[index].load() }
    }
}
