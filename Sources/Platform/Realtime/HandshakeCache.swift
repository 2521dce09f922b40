public import Kernel

/// What memory holds of people, so that those who come back are greeted without the database.
public protocol HandshakeCache: Sendable {
    func isKnown(_ user: UserID) -> Bool
    /// The next handshake of this person tells what is stored.
    func forget(_ user: UserID)
}
