/// Hides the members of events that say so, while they lie in the outbox.
public protocol EventCipher: Sendable {
    /// - Parameter offset: of the event, to which what is sealed is bound.
    func seal(_ members: [UInt8], offset: Int64) -> [UInt8]
    /// - Throws: when it was sealed with another key, or for another event.
    func open(_ sealed: [UInt8], offset: Int64) throws -> [UInt8]
}
