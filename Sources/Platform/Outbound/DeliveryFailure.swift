/// Why a mail was not taken, and what that means for the next try.
public struct DeliveryFailure: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Kind: Sendable, Hashable {
        /// No server was reached, or none that may be trusted: the next mail would fare the same.
        case unreachable
        /// The server would not take this mail now.
        case refusedForNow
        /// This mailbox will never take it.
        case refusedForGood
        /// Stopped from this side, or out of memory.
        case ours
    }

    /// Hosts and codes; no address of a person, no credentials.
    public let description: String
    public let kind: Kind

    public init(_ description: String, _ kind: Kind) { (self.description, self.kind) = (description, kind) }
}
