/// A loop's connections, with their deadlines beside them in one block, so that looking for those that passed touches nothing else.
struct ConnectionTable {
    private var connections: [Connection] = []
    private var deadlines: [Int] = []

    var count: Int { connections.count }
    var all: [Connection] { connections }

    mutating func add(_ connection: Connection) {
        connection.index = connections.count
        connections.append(connection)
        deadlines.append(Int.max)
    }

    /// Puts the last one in its place.
    mutating func remove(_ connection: Connection) {
        let index = connection.index
        guard index >= 0 else { return }
        connection.index = -1
        let last = connections.removeLast()
        let lastDeadline = deadlines.removeLast()
        guard index < connections.count else { return }
        connections[index] = last
        deadlines[index] = lastDeadline
        last.index = index
    }

    mutating func setDeadline(_ deadline: Int, at index: Int) { deadlines[index] = deadline }

    func expired(_ now: Int) -> [Connection] {
        var found: [Connection] = []
        for index in deadlines.indices where deadlines[index] <= now { found.append(connections[index]) }
        return found
    }
}
