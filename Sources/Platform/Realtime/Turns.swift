internal import Transport

/// What runs a hub's work one after the other: an event loop; in the simulation, the scheduler.
protocol Turns: AnyObject, Sendable {
    /// Runs work behind what was given before; from any thread.
    func execute(_ work: @escaping @Sendable () -> Void)
    /// Starts what waits for others, beside the turns.
    @discardableResult
    func start(_ work: @escaping @Sendable () async -> Void) -> Task<Void, Never>
}

extension EventLoop: Turns {
    func start(_ work: @escaping @Sendable () async -> Void) -> Task<Void, Never> { Task { await work() } }
}
