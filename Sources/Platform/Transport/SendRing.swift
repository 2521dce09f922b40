internal import CRing

/// Writes what many connections have queued with one system call for a hundred of them, where the kernel allows io_uring. Loop-confined.
///
/// Only what is little goes this way: it is copied first, so that no connection's queue is lent to the kernel.
final class SendRing {
    private static let capacity = 128
    private static let largestPiece = 4 << 10

    private let ring: UnsafeMutablePointer<send_ring>
    private let space = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 64)
    private let results = UnsafeMutableBufferPointer<Int32>.allocate(capacity: capacity)
    private var waiting: [Connection] = []
    private var used = 0
    private let isOpen: Bool
    /// Whether the kernel still takes what is given to it.
    private var isUsable: Bool

    /// Nil where the kernel is too old, or keeps io_uring from this process as containers often do.
    init?() {
        ring = .allocate(capacity: 1)
        ring.initialize(to: send_ring())
        results.initialize(repeating: 0)
        isOpen = send_ring_open(ring, UInt32(Self.capacity)) == 0
        isUsable = isOpen
        if !isOpen { return nil }
    }

    deinit {
        if isOpen { send_ring_close(ring) }
        ring.deallocate()
        space.deallocate()
        results.deallocate()
    }

    /// Writes the queues of these connections, as `flush` does for each.
    func flush(_ connections: some Collection<Connection>) {
        for connection in connections {
            if waiting.count == Self.capacity || space.count - used < Self.largestPiece { run() }
            if !add(connection) { connection.flush() }
        }
        run()
    }

    private func add(_ connection: Connection) -> Bool {
        guard isUsable else { return false }
        let rest = UnsafeMutableRawBufferPointer(rebasing: space[used..<used + Self.largestPiece])
        guard let count = connection.copyLittle(to: rest) else { return false }
        send_ring_add(ring, UInt32(waiting.count), connection.descriptor, rest.baseAddress, UInt32(count))
        waiting.append(connection)
        used += count
        return true
    }

    /// All queues are brought up to date before the first connection hears of it: what it does then may reach the others.
    private func run() {
        guard !waiting.isEmpty else { return }
        if send_ring_run(ring, UInt32(waiting.count), results.baseAddress) != 0 { isUsable = false }
        let written = waiting
        waiting.removeAll(keepingCapacity: true)
        used = 0
        for (connection, count) in zip(written, results) where count > 0 { connection.noteWritten(Int(count)) }
        for connection in written { connection.flush() }
    }
}
