/// Work in the order in which it came.
struct LowPriorityQueue {
    private var work: [@Sendable () -> Void] = []
    private var head = 0

    var isEmpty: Bool { head == work.count }

    mutating func append(_ piece: @escaping @Sendable () -> Void) { work.append(piece) }

    mutating func popFirst() -> (@Sendable () -> Void)? {
        guard head < work.count else { return nil }
        let first = work[head]
        work[head] = {}
        head += 1
        if head == work.count {
            work.removeAll(keepingCapacity: work.count < 1024)
            head = 0
        } else if head > 1024, head > work.count / 2 {
            work.removeFirst(head)
            head = 0
        }
        return first
    }
}
