/// Connections to be written by and by, and who waits for that. Loop-confined.
struct WriteBacklog {
    /// So many are written between two looks at the sockets: a millisecond or so.
    static let part = 128

    private var waiting: ArraySlice<Connection> = []
    /// Since the start.
    private var (appended, taken) = (0, 0)
    private var hooks: ArraySlice<(after: Int, work: @Sendable () -> Void)> = []

    var isEmpty: Bool { waiting.isEmpty && hooks.isEmpty }

    mutating func append(_ connections: [Connection]) {
        if waiting.isEmpty { waiting = connections[...] } else { waiting += connections }
        appended += connections.count
    }

    /// What is run when all that is in the backlog now was taken out of it.
    mutating func await(_ works: [@Sendable () -> Void]) { hooks += works.map { (appended, $0) } }

    /// The next that are written.
    mutating func take() -> ArraySlice<Connection> {
        let part = waiting.prefix(Self.part)
        waiting = waiting.dropFirst(part.count)
        // What was taken is let go with the last of it.
        if waiting.isEmpty { waiting = [] }
        taken += part.count
        return part
    }

    /// Those whose moment has come.
    mutating func takeReached() -> [@Sendable () -> Void] {
        let reached = hooks.prefix { $0.after <= taken }.map(\.work)
        hooks = hooks.dropFirst(reached.count)
        if hooks.isEmpty { hooks = [] }
        return reached
    }
}
