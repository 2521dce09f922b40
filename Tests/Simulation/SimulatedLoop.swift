import Seeded

@testable import Realtime

/// One of a server's loops: executor that come a little later than asked for, and not at all while the process stands still or is gone.
final class SimulatedLoop: LoopExecutor, @unchecked Sendable {
    // SAFETY: one thread runs the whole simulation.
    private let scheduler: Scheduler
    private let lane: Int
    private var random: SeededRandom
    private var queue: [() -> Void] = []
    /// What waits for the others; a little of it goes in a turn.
    private var patient: [() -> Void] = []
    private var isAwaited = false
    /// When the process goes on.
    var pausedUntil: Int64 = 0
    var isDead = false

    init(_ scheduler: Scheduler, _ random: SeededRandom) {
        (self.scheduler, self.random, lane) = (scheduler, random, scheduler.newLane())
    }

    func execute(_ work: @escaping @Sendable () -> Void) {
        guard !isDead else { return }
        queue.append(work)
        arm(random.within(0...3))
    }

    func deferLowPriority(_ work: @escaping @Sendable () -> Void) {
        guard !isDead else { return }
        patient.append(work)
        arm(random.within(0...3))
    }

    func whenWritten(_ work: @escaping @Sendable () -> Void) { execute(work) }

    private func arm(_ milliseconds: Int64) {
        guard !isAwaited else { return }
        isAwaited = true
        scheduler.after(max(milliseconds, pausedUntil - scheduler.now), lane: lane) { self.turn() }
    }

    private func turn() {
        isAwaited = false
        guard !isDead else {
            (queue, patient) = ([], [])
            return
        }
        if pausedUntil > scheduler.now { return arm(0) }
        let jobs = queue
        queue = []
        for job in jobs { job() }
        let next = patient.prefix(1 + random.below(3))
        patient.removeFirst(next.count)
        for work in next { work() }
        if !patient.isEmpty { arm(random.within(0...3)) }
    }

    func start(_ work: @escaping @Sendable () async -> Void) -> Task<Void, Never> { scheduler.start(work) }
}
