public import Database
public import Kernel
public import Web

/// A vertical part of Foyer, as the server composes it: its routes, gateway commands, topics, part of `ready`, tables and background work.
///
/// What a feature does not have, it leaves to the defaults.
public protocol Feature: Sendable {
    /// Its part of the API.
    var routes: [Route] { get }

    /// What its members can ask for over the gateway.
    var commands: [Command] { get }
    /// The topics it publishes, and who may listen.
    var topics: [TopicRule] { get }
    var migrations: [Migration] { get }

    /// Its members of `ready.snapshot`; for this reader, who may be a guest.
    func snapshot(for scope: Scope) async throws -> [(String, JSON)]

    /// Its background work, until the task is cancelled.
    func run() async throws
}

/// What memory holds of people, so that those who come back are greeted without the database.
public protocol HandshakeCache: Sendable {
    func isKnown(_ user: UserID) -> Bool
    /// The next handshake of this person tells what is stored.
    func forget(_ user: UserID)
}

extension Feature {
    public var routes: [Route] { [] }
    public var commands: [Command] { [] }
    public var topics: [TopicRule] { [] }
    public var migrations: [Migration] { [] }
    public func snapshot(for scope: Scope) async throws -> [(String, JSON)] { [] }
    public func run() async throws {}
}
