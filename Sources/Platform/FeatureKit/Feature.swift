// Owns the contract between a feature and the site: what a feature declares, and how the declarations of all become one site. Refuses to know any feature.
public import Bus
public import Database
public import Jobs
public import Kernel
public import Realtime
public import Web

/// A vertical part of Foyer, as the server composes it.
///
/// What a feature does not have, it leaves to the defaults.
public protocol Feature: Sendable {
    /// What is known of the feature before it is made.
    static var declaration: FeatureDeclaration { get }

    /// Its tables with personal data.
    static var personalData: [PersonalData] { get }

    /// Its part of the API.
    var routes: [Route] { get }

    /// What its members can ask for over the gateway.
    var commands: [Command] { get }

    /// The topics it publishes, and who may listen.
    var topics: [TopicRule] { get }

    /// Its members of `ready.snapshot`; for this reader, who may be a guest.
    func snapshot(for scope: Scope) async throws -> [(String, JSON)]

    /// The kinds of jobs that it runs.
    var jobs: [JobKind] { get }

    /// What it reads of the events of the whole site.
    var consumers: [Consumer] { get }

    /// Forgets a person, in the transaction that deletes them for good, before their row goes.
    func erase(_ person: UserID, in transaction: Transaction) throws

    /// The data of a person, for their own copy; empty without any.
    func export(_ person: UserID, in transaction: Transaction) throws -> JSONObject

    /// Its background work, until the task is cancelled.
    func run() async throws
}

extension Feature {
    public static var personalData: [PersonalData] { [] }
    public var declaration: FeatureDeclaration { Self.declaration }
    public var routes: [Route] { [] }
    public var commands: [Command] { [] }
    public var topics: [TopicRule] { [] }
    public func snapshot(for scope: Scope) async throws -> [(String, JSON)] { [] }
    public var jobs: [JobKind] { [] }
    public var consumers: [Consumer] { [] }
    public func erase(_ person: UserID, in transaction: Transaction) throws {}
    public func export(_ person: UserID, in transaction: Transaction) throws -> JSONObject { [:] }
    public func run() async throws {}
}
