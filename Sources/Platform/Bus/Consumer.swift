public import Database

/// A named reader of the outbox, whose place is stored: it gets every event after its first start, in order, whatever happens to the process.
///
/// The batch is handled in the transaction that moves its place: what it writes to the database happens exactly once.
public struct Consumer: Sendable {
    /// Unique in the program, never changed: `webhooks`.
    public let name: String
    /// The types of events that it gets; nil for all.
    public let types: Set<String>?
    /// Events of a batch, at most.
    public let batch: Int
    /// Asked before each batch: a consumer of a module that is off stays where it is.
    public let isOn: @Sendable () -> Bool
    public let handle: @Sendable (_ events: [OutboxRecord], Transaction) throws -> Void

    public init(
        _ name: String, types: Set<String>? = nil, batch: Int = 200, isOn: @escaping @Sendable () -> Bool = { true },
        handle: @escaping @Sendable (_ events: [OutboxRecord], Transaction) throws -> Void
    ) {
        (self.name, self.types, self.batch, self.isOn, self.handle) = (name, types, batch, isOn, handle)
    }

    /// The same consumer, which stays where it is while the condition does not hold.
    public func available(while isOn: @escaping @Sendable () -> Bool) -> Consumer {
        Consumer(name, types: types, batch: batch, isOn: isOn, handle: handle)
    }
}
