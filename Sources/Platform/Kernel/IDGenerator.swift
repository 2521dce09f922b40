internal import Synchronization

/// Hands out snowflakes that only grow, on one leased node number.
///
/// When the clock steps back, or 4,096 ids were taken in one millisecond, the generator goes on from the last millisecond it used: ids never
/// repeat and never fall, at the price of running ahead of the clock by as much. The caller persists `highWater` and gives it
/// back after a restart.
public final class IDGenerator: Sendable {
    private struct State {
        var millisecond: Int64
        var sequence: Int64
    }

    private let clock: WallClock
    private let node: Int64
    private let state: Mutex<State>

    /// - Parameters:
    ///   - node: 0–1023, leased in the database.
    ///   - highWater: the last millisecond that an earlier process on this node may have used.
    public init(clock: WallClock, node: Int = 0, highWater: Timestamp = Timestamp(milliseconds: 0)) {
        precondition((0...Snowflake.maximumNode).contains(node))
        self.clock = clock
        self.node = Int64(node)
        self.state = Mutex(State(millisecond: highWater.milliseconds - Snowflake.epochMilliseconds, sequence: 4095))
    }

    public func next<Entity>(_ kind: Entity.Type = Entity.self) -> ID<Entity> {
        let now = clock.now().milliseconds - Snowflake.epochMilliseconds
        return state.withLock { state in
            if now > state.millisecond {
                state.millisecond = now
                state.sequence = 0
            } else if state.sequence < 4095 {
                state.sequence += 1
            } else {
                state.millisecond += 1
                state.sequence = 0
            }
            return ID(rawValue: state.millisecond << 22 | node << 12 | state.sequence)
        }
    }

    /// The last millisecond used, to be persisted.
    public var highWater: Timestamp {
        Timestamp(milliseconds: state.withLock { $0.millisecond } + Snowflake.epochMilliseconds)
    }
}
