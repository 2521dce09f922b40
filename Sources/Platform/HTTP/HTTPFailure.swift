/// Why a request was refused before any handler saw it; the connection answers with the status and closes.
public struct HTTPFailure: Error, Sendable, Hashable {
    public let status: Int
    /// What was wrong, in words that hold nothing the peer sent.
    public let reason: String

    public init(_ status: Int, _ reason: String) {
        self.status = status
        self.reason = reason
    }
}
