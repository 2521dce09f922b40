import Bus
import Testing

extension Broker {
    /// For those to whom nothing may be missing.
    func attach(_ reader: @escaping @Sendable ([Publication]) -> Void) {
        attach(reader) { topic, position in Issue.record("\(topic) was interrupted at \(position)") }
    }
}
