internal import Bus
internal import Database
internal import Kernel
internal import Runtime
internal import Synchronization

/// Adds the measures of requests to windows, closes these and publishes them.
final class MeasureCollector: Sendable {
    let buffer = MeasureBuffer()
    let store: WindowStore
    let board: ConnectionBoard
    private let broker: any Broker
    private let clock: WallClock
    private let lost: Counter

    static let topic = "analytics"

    init(broker: any Broker, board: ConnectionBoard, clock: WallClock, metrics: Metrics) {
        (self.broker, self.board, self.clock) = (broker, board, clock)
        store = WindowStore(begin: clock.now()) { [board] seen in board.counts(seen: seen) }
        lost = metrics.counter("foyer_analytics_lost_total", "Requests whose measures found no room.")
    }

    /// Adds the waiting measures and closes the windows that are over; about five times a second.
    @discardableResult
    func tick() -> [WindowStore.Change] {
        let (measures, lost) = buffer.take()
        if lost > 0 { self.lost.add(lost) }
        store.add(measures)
        let changes = store.close(at: clock.now())
        let events = changes.compactMap(event)
        if !events.isEmpty { broker.publish(events, to: Self.topic) }
        return changes
    }

    private func event(_ change: WindowStore.Change) -> Event? {
        guard let placed = store.windows(change.resolution, from: change.start, count: 1).first else { return nil }
        return Event(
            "analytics.window", members: ["interval": .string(change.resolution.name), "window": LiveView.window(placed, nil)],
            attributes: [FilterAttribute("interval", change.resolution.name)])
    }
}
