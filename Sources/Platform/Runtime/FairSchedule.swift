/// Who a piece of work is done for, so that nobody's work keeps others' waiting.
public struct WorkOrigin: Sendable {
    /// Two queues that are served in turn, each with a bound of its own.
    public enum Lane: Int, Sendable, CaseIterable {
        /// For people who are signed in, or at a place where they were before.
        case known
        case unknown
    }

    /// What one principal has of a lane.
    public struct Share: Sendable, Hashable {
        let principal: String
        let limit: Int
        let cost: Double

        /// - Parameters:
        ///   - limit: how many pieces of its work may wait.
        ///   - cost: of one piece; a principal that stands for many people pays less.
        public init(_ principal: String, limit: Int, cost: Double = 1) {
            (self.principal, self.limit, self.cost) = (principal, limit, cost)
        }
    }

    public let lane: Lane
    public let shares: [Share]

    public init(_ lane: Lane, _ shares: [Share]) { (self.lane, self.shares) = (lane, shares) }

    /// The server's own work.
    public static let server = WorkOrigin(.known, [])
}

/// What waits in one lane, served by start-time fair queueing: each piece has a start on a clock that counts work, and the least start is next.
///
/// A principal's next piece starts where its last one ends: the pieces of a principal with much work wait for each other, and one piece after a pause
/// starts at once. A piece with several principals, such as an address and an account, starts when all of them may.
struct FairSchedule<Job> {
    private struct Waiting {
        let start: Double
        let number: UInt64
        let shares: [WorkOrigin.Share]
        let job: Job

        func isBefore(_ other: Waiting) -> Bool { (start, number) < (other.start, other.number) }
    }

    private struct Account {
        var end = 0.0
        var waiting = 0
    }

    /// What became of a piece of work.
    enum Admission {
        case added
        /// Added in place of another piece, of the principal that is furthest beyond its share.
        case replaced(Job)
        case refused
    }

    private let capacity: Int
    private var waiting: [Waiting] = []
    private var accounts: [String: Account] = [:]
    private var now = 0.0
    private var number: UInt64 = 0

    init(capacity: Int) { self.capacity = capacity }

    var count: Int { waiting.count }

    mutating func add(_ job: Job, _ shares: [WorkOrigin.Share]) -> Admission {
        guard shares.allSatisfy({ accounts[$0.principal]?.waiting ?? 0 < $0.limit }) else { return .refused }
        let start = shares.map { max(now, accounts[$0.principal]?.end ?? 0) }.max() ?? now
        number += 1
        let entry = Waiting(start: start, number: number, shares: shares, job: job)
        guard waiting.count >= capacity else {
            insert(entry)
            return .added
        }
        guard let last = waiting.indices.max(by: { waiting[$0].isBefore(waiting[$1]) }), start < waiting[last].start else {
            return .refused
        }
        let pushedOut = remove(at: last)
        for share in pushedOut.shares { accounts[share.principal]?.end -= share.cost }
        insert(entry)
        return .replaced(pushedOut.job)
    }

    mutating func next() -> Job? {
        guard let first = waiting.indices.min(by: { waiting[$0].isBefore(waiting[$1]) }) else { return nil }
        let entry = remove(at: first)
        now = max(now, entry.start)
        // Nothing is owed once nobody waits.
        if waiting.isEmpty { (accounts, now) = ([:], 0) } else { accounts = accounts.filter { $0.value.waiting > 0 || $0.value.end > now } }
        return entry.job
    }

    private mutating func insert(_ entry: Waiting) {
        waiting.append(entry)
        for share in entry.shares {
            var account = accounts[share.principal] ?? Account()
            (account.end, account.waiting) = (max(now, account.end) + share.cost, account.waiting + 1)
            accounts[share.principal] = account
        }
    }

    private mutating func remove(at index: Int) -> Waiting {
        let entry = waiting.remove(at: index)
        for share in entry.shares { accounts[share.principal]?.waiting -= 1 }
        return entry
    }
}
