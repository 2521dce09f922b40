public import Runtime

/// What the broker keeps for those who come back, for `/metrics`.
extension MemoryBroker {
    public func count(in metrics: Metrics) {
        metrics.register("foyer_bus_events", "gauge", "Events kept for those who come back, by kind of topic.") { [weak self] in
            guard let figures = self?.figures else { return [] }
            return [
                (labels: "kind=\"durable\"", value: Double(figures.durable)),
                (labels: "kind=\"volatile\"", value: Double(figures.events - figures.durable)),
            ]
        }
        metrics.gauge("foyer_bus_memory_bytes", "Memory of the events kept, counted event by event as Swift lays them out.") {
            [weak self] in
            Double(self?.figures.bytes ?? 0)
        }
        metrics.gauge("foyer_bus_memory_limit_bytes", "Memory at which the oldest event gives way to the next.") { [weak self] in
            Double(self?.bounds.bytes ?? 0)
        }
    }
}
