/// Why another server did not take a mail or a request, and what that means for the next try.
public struct DeliveryFailure: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Kind: Sendable, Hashable {
        /// No server was reached, or none that may be trusted: the next one would fail in the same way.
        case unreachable
        /// The server does not take it now.
        case refusedForNow
        /// The mailbox or the address will never take it.
        case refusedForGood
        /// Stopped from this side, or out of memory.
        case ours
    }

    /// Hosts and codes; no address of a person, no credentials.
    public let description: String
    public let kind: Kind
    /// What became of the response; nil for everything else.
    public let response: ResponseFault?

    /// Why a response is not whole.
    public enum ResponseFault: Sendable, Hashable {
        case tooSlow
        /// The connection ended before the response did.
        case cut
        case tooLarge
    }

    public init(_ description: String, _ kind: Kind, _ response: ResponseFault? = nil) {
        (self.description, self.kind, self.response) = (description, kind, response)
    }
}
