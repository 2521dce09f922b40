internal import Runtime
internal import Synchronization

/// What the live side holds and does, for `/metrics`.
extension Gateway {
    func count(in metrics: Metrics) {
        metrics.gauge("foyer_gateway_connections", "Open sessions of the gateway.") { [count] in Double(count.value) }
        gauge(metrics, "foyer_gateway_subscriptions", "Subscriptions of open sessions.") { $0.subscriptions.value }
        gauge(metrics, "foyer_gateway_watched_people", "People that subscriptions name, each as often as it is named.") { $0.watched.value }
        gauge(metrics, "foyer_gateway_queued_bytes", "Bytes that sessions have not taken, at the last look a second.") {
            $0.queuedBytes.value
        }
        metrics.gauge("foyer_gateway_inbox_bytes", "Bytes of events that wait for the loops.") { [weak self] in
            Double(self?.hubs.withLock { $0.all }.reduce(0) { $0 + $1.inboxBytes } ?? 0)
        }
        metrics.register(
            "foyer_gateway_inbox_dropped_total", "counter", "Events that found a loop's inbox full: their readers are told resync."
        ) {
            [weak self] in [(labels: "", value: Double(self?.sum { $0.dropped.value } ?? 0))]
        }
        gauge(metrics, "foyer_gateway_memory_bytes", Cost.help) {
            $0.sockets.value * Cost.session + $0.subscriptions.value * Cost.subscription + $0.watched.value * Cost.watched
        }
        metrics.gauge("foyer_gateway_newcomers", "Sessions that are not yet greeted.") { [pendingSessions] in Double(pendingSessions.value)
        }
        metrics.gauge("foyer_gateway_greetings_waiting", "Newcomers that wait for their turn.") { [connectQueue] in
            Double(connectQueue.waiting)
        }
        metrics.register("foyer_gateway_refused_total", "counter", "Newcomers sent away for a while, by the limit that they met.") {
            [connectQueue, refusedUpgrades] in
            [
                (labels: "limit=\"greetings\"", value: Double(connectQueue.refused)),
                (labels: "limit=\"newcomers\"", value: Double(refusedUpgrades.value)),
            ]
        }
        metrics.register("foyer_gateway_resumes_total", "counter", "Sessions taken up again, by what they were greeted from.") {
            [resumedFromMemory, resumedFromDatabase] in
            [
                (labels: "from=\"memory\"", value: Double(resumedFromMemory.value)),
                (labels: "from=\"database\"", value: Double(resumedFromDatabase.value)),
            ]
        }
        metrics.register("foyer_gateway_deliveries_total", "counter", "Events queued on sessions, each as often as there was a session.") {
            [weak self] in [(labels: "", value: Double(self?.sum { $0.deliveries.value } ?? 0))]
        }
    }

    /// Bytes, as measured with thousands of them.
    private enum Cost {
        static let session = 2200
        static let subscription = 250
        static let watched = 14

        static let help =
            "An estimate, not a count: \(session) bytes a session, \(subscription) a subscription and \(watched) a person named, as measured once; "
            + "without the connections and what is queued."
    }

    private func gauge(_ metrics: Metrics, _ name: String, _ help: String, _ read: @escaping @Sendable (LoopHub.Figures) -> Int) {
        metrics.gauge(name, help) { [weak self] in Double(self?.sum(read) ?? 0) }
    }

    /// Over all loops.
    func sum(_ read: (LoopHub.Figures) -> Int) -> Int { hubs.withLock { $0.all }.reduce(0) { $0 + read($1.figures) } }
}
