internal import Transport

/// What runs a hub's work one after the other: an event loop; in the simulation, the scheduler.
protocol LoopExecutor: AnyObject, Sendable {
    /// Runs work behind what was given before; from any thread.
    func execute(_ work: @escaping @Sendable () -> Void)
    /// Runs work that may wait behind all that is ready, in its own order; on the loop.
    func deferLowPriority(_ work: @escaping @Sendable () -> Void)
    /// Runs work once all that was queued on sockets until then is written; on the loop.
    func whenWritten(_ work: @escaping @Sendable () -> Void)
    /// Starts what may wait for others, in the loop's turns.
    @discardableResult
    func start(_ work: @escaping @Sendable () async -> Void) -> Task<Void, Never>
}

extension EventLoop: LoopExecutor {
    func start(_ work: @escaping @Sendable () async -> Void) -> Task<Void, Never> { Task(executorPreference: self) { await work() } }
}
