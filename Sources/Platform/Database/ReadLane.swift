/// Which connections a read uses. Each lane has its own, with a bounded queue and a deadline, so that reads of one kind never wait for another kind's.
public enum ReadLane: Sendable, CaseIterable {
    /// What the whole site depends on: the outbox relay, polls of rights and of revoked sessions, the health probe.
    case system
    /// What requests read: small, and found by an index.
    case requests
    /// What may go through a whole table: counts over logs, searches without an index, exports, verification.
    case heavy
}

/// How much one lane, or the writers, may take.
public struct LaneLimits: Sendable, Hashable {
    public var connections: Int
    /// How many may wait; one more is refused with `unavailable`.
    public var queue: Int
    /// Milliseconds from the call to its end, waiting included; then the call throws `timedOut`.
    public var deadline: Int

    public init(connections: Int, queue: Int, deadline: Int) {
        (self.connections, self.queue, self.deadline) = (connections, queue, deadline)
    }
}

/// The limits of a driver. SQLite has one writer, whatever `writes.connections` says.
public struct DatabaseLimits: Sendable, Hashable {
    public var system = LaneLimits(connections: 1, queue: 256, deadline: 5_000)
    public var requests: LaneLimits
    public var heavy: LaneLimits
    public var writes: LaneLimits

    /// For a file on this machine.
    public static let sqlite = DatabaseLimits(requests: 2, heavy: 1, writes: 1)
    /// For a server: a connection waits for it, rather than uses this machine.
    public static let postgres = DatabaseLimits(requests: 4, heavy: 2, writes: 8)

    public init(requests: Int, heavy: Int, writes: Int) {
        self.requests = LaneLimits(connections: requests, queue: 2000, deadline: 10_000)
        self.heavy = LaneLimits(connections: heavy, queue: 32, deadline: 30_000)
        self.writes = LaneLimits(connections: writes, queue: 2000, deadline: 20_000)
    }

    /// Of all lanes and of the writers together.
    public var connections: Int { system.connections + requests.connections + heavy.connections + writes.connections }

    public subscript(_ lane: ReadLane) -> LaneLimits {
        switch lane {
        case .system: system
        case .requests: requests
        case .heavy: heavy
        }
    }
}
