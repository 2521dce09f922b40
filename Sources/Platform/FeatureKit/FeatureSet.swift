public import Bus
public import Database
public import Jobs
public import Kernel
public import Realtime
internal import Runtime
public import Web

/// All features of a site as one: what is of a module that is off is as if it were not there.
public struct FeatureSet: Sendable {
    /// In the order of their dependencies, which is that of their start.
    public let features: [any Feature]
    public let modules: ModuleSwitches

    public init(_ features: [any Feature], modules: ModuleSwitches = ModuleSwitches()) {
        (self.features, self.modules) = (features, modules)
    }

    /// Sees that the features are those that were declared, each once, and that what they share is unique.
    ///
    /// - Throws: `CompositionFault`.
    public func check(_ declarations: [FeatureDeclaration]) throws(CompositionFault) {
        let (made, declared) = (features.map(\.declaration.name).sorted(), declarations.map(\.name).sorted())
        guard made == declared else { throw CompositionFault("the features \(made) are made, but \(declared) are declared") }
        try Self.checkUnique("feature", declared)
        try Self.checkUnique("permission", declarations.flatMap(\.permissions).map(\.key))
        try Self.checkUnique("audit action", declarations.flatMap(\.auditActions).map(\.key))
        try Self.checkUnique("setting", declarations.flatMap(\.settings).map(\.name))
        try Self.checkUnique("command", features.flatMap(\.commands).map(\.name))
        try Self.checkUnique("topic", features.flatMap(\.topics).map(\.name))
        try Self.checkUnique("kind of job", jobs.map(\.name))
        try Self.checkUnique("consumer", features.flatMap(\.consumers).map(\.name))
        let actions = Set(declarations.flatMap(\.auditActions).map(\.key))
        if let unknown = features.flatMap(\.routes).compactMap(\.action).first(where: { !actions.contains($0) }) {
            throw CompositionFault("the audit action \(unknown) of a route is not declared")
        }
    }

    private static func checkUnique(_ what: String, _ names: [String]) throws(CompositionFault) {
        var seen: Set<String> = []
        for name in names where !seen.insert(name).inserted { throw CompositionFault("the \(what) \(name) is declared twice") }
    }

    public var routes: [Route] {
        features.flatMap { feature in
            condition(of: feature).map { isOn in feature.routes.map { $0.available(while: isOn) } } ?? feature.routes
        }
    }

    public var commands: [Command] {
        features.flatMap { feature in
            condition(of: feature).map { isOn in feature.commands.map { $0.available(while: isOn) } } ?? feature.commands
        }
    }

    public var topics: [TopicRule] {
        features.flatMap { feature in
            condition(of: feature).map { isOn in feature.topics.map { $0.available(while: isOn) } } ?? feature.topics
        }
    }

    /// Also of modules that are off: what was begun comes to its end.
    public var jobs: [JobKind] { features.flatMap(\.jobs) }

    /// A consumer of a module that is off stays where it is.
    public var consumers: [Consumer] {
        features.flatMap { feature in
            condition(of: feature).map { isOn in feature.consumers.map { $0.available(while: isOn) } } ?? feature.consumers
        }
    }

    public func snapshot(for scope: Scope) async throws -> JSONObject {
        var snapshot = JSONObject()
        for feature in features where condition(of: feature)?() ?? true {
            for (name, value) in try await feature.snapshot(for: scope) { snapshot[name] = value }
        }
        return snapshot
    }

    /// Also of modules that are off: what they hold is forgotten like the rest.
    public func erase(_ person: UserID, in transaction: Transaction) throws {
        for feature in features { try feature.erase(person, in: transaction) }
    }

    /// The data of a person, by feature.
    public func export(_ person: UserID, in transaction: Transaction) throws -> JSONObject {
        var parts = JSONObject()
        for feature in features {
            let part = try feature.export(person, in: transaction)
            if !part.names.isEmpty { parts[feature.declaration.name] = .object(part) }
        }
        return parts
    }

    /// Nil for what is always on.
    private func condition(of feature: any Feature) -> (@Sendable () -> Bool)? {
        let declaration = feature.declaration
        guard declaration.module != .core else { return nil }
        return { [modules] in modules.isOn(declaration.name) }
    }
}

/// Why features do not make one site: a fault of the program.
public struct CompositionFault: Error, Sendable, CustomStringConvertible {
    public let description: String

    init(_ fault: String) { description = "The features do not fit together: \(fault)." }
}

extension Gateway {
    /// Takes what the features have; before the first socket.
    ///
    /// - Parameter meter: measures every command.
    public func open(
        features: FeatureSet, authenticator: any GatewayAuthenticator, observer: (any ConnectionObserver)?,
        meter: (any RequestMeter)? = nil, clock: WallClock = .system, ids: @escaping Names = { _, _ in [:] },
        known: (any HandshakeCache)? = nil, user: @escaping @Sendable (Scope) async throws -> JSON
    ) {
        open(
            commands: features.commands.map { command in meter.map { command.measured(by: $0, clock: clock) } ?? command },
            topics: features.topics, authenticator: authenticator, observer: observer, ids: ids, known: known,
            snapshot: features.snapshot(for:), user: user)
    }
}
