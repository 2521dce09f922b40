public import Runtime

/// What the broker keeps for those who come back, for `/metrics`.
extension MemoryBroker {
    public func count(in metrics: Metrics) {
        gauge(metrics, "foyer_bus_events", "Events kept for those who come back, by class of topics.") { $0.events }
        gauge(metrics, "foyer_bus_memory_bytes", "Memory of the events kept, counted event by event as Swift lays them out.") { $0.bytes }
        gauge(metrics, "foyer_bus_memory_limit_bytes", "Memory at which a class's oldest event gives way to its next.") { $0.limit }
    }

    private func gauge(_ metrics: Metrics, _ name: String, _ help: String, _ read: @escaping @Sendable (ClassFigures) -> Int) {
        metrics.register(name, "gauge", help) { [weak self] in
            (self?.figures ?? []).map { (labels: "class=\"\($0.name)\"", value: Double(read($0))) }
        }
    }
}
