import Seeded

/// Time and chance of one run: what happens next is the earliest of what was asked for, and nothing else decides.
///
/// Each thing that acts has a lane and a source of chance of its own, so that the order in which a set is walked never reaches the run.
final class Scheduler {
    private struct Entry {
        let at: Int64
        let lane: Int
        let number: Int
        let work: () -> Void
    }

    /// Milliseconds since the run began; only goes forward, whatever the server's clock does.
    private(set) var now: Int64 = 0
    /// Steps taken and frames handed over.
    var events = 0
    var digest = Digest()
    private var heap: [Entry] = []
    private var ready: [UnownedJob] = []
    private var number = 0
    private var lanes = 0
    let executor: SimulatedExecutor

    init() {
        executor = SimulatedExecutor()
        executor.scheduler = self
    }

    func newLane() -> Int {
        lanes += 1
        return lanes
    }

    func after(_ milliseconds: Int64, lane: Int, _ work: @escaping () -> Void) {
        number += 1
        heap.append(Entry(at: now + max(0, milliseconds), lane: lane, number: number, work: work))
        var child = heap.count - 1
        while child > 0, isBefore(child, (child - 1) / 2) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private func isBefore(_ left: Int, _ right: Int) -> Bool {
        let (a, b) = (heap[left], heap[right])
        if a.at != b.at { return a.at < b.at }
        return a.lane != b.lane ? a.lane < b.lane : a.number < b.number
    }

    /// Takes the next step.
    /// - Returns: false when nothing is left, or only what comes after a time.
    func step(until end: Int64 = .max) -> Bool {
        guard let first = heap.first, first.at <= end else { return false }
        pop()
        now = first.at
        events += 1
        digest.add(first.at)
        digest.add(Int64(first.lane))
        first.work()
        drain()
        return true
    }

    /// Nothing happens until a time.
    func pass(to time: Int64) { now = max(now, time) }

    private func pop() {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && isBefore(child, least) { least = child }
            if least == parent { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }

    fileprivate func enqueue(_ job: UnownedJob) { ready.append(job) }

    /// Runs the tasks that this step woke.
    func drain() {
        while !ready.isEmpty {
            let jobs = ready
            ready = []
            for job in jobs { job.runSynchronously(on: executor.asUnownedTaskExecutor()) }
        }
    }

    /// Starts a task whose every part runs in steps of this scheduler.
    @discardableResult
    func start(_ work: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
        Task(executorPreference: executor) { await work() }
    }

    /// Lets simulated time pass inside of a task.
    func sleep(_ milliseconds: Int64, lane: Int) async {
        await withUnsafeContinuation { continuation in after(milliseconds, lane: lane) { continuation.resume() } }
    }
}

/// Where tasks of the simulation run: in the step that woke them.
final class SimulatedExecutor: TaskExecutor, @unchecked Sendable {
    // SAFETY: one thread runs the whole simulation.
    fileprivate unowned var scheduler: Scheduler!

    func enqueue(_ job: consuming ExecutorJob) { scheduler.enqueue(UnownedJob(job)) }
}

extension SeededRandom {
    /// From 0 to below a bound.
    mutating func below(_ bound: Int) -> Int { Int(truncatingIfNeeded: next() >> 33) % bound }
    mutating func within(_ range: ClosedRange<Int64>) -> Int64 {
        range.lowerBound + Int64(below(Int(range.upperBound - range.lowerBound) + 1))
    }
    /// True once in so many times.
    mutating func once(in count: Int) -> Bool { below(count) == 0 }
    /// A source of its own.
    mutating func branch() -> SeededRandom { SeededRandom(next()) }
}

/// FNV-1a over all that happened: two runs with the same digest went the same way.
struct Digest {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ number: Int64) { value = (value ^ UInt64(bitPattern: number)) &* 0x100_0000_01B3 }
}
