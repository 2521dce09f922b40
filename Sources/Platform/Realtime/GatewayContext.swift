internal import Kernel

/// What `open` was given.
final class GatewayContext: Sendable {
    let terms: GatewaySession.Terms
    /// For sessions without a WebSocket.
    let oneWayTerms: GatewaySession.Terms
    let features: [any Feature]
    let authenticator: any GatewayAuthenticator
    let observer: (any ConnectionObserver)?
    let ids: Gateway.Names
    let known: (any HandshakeCache)?
    let user: @Sendable (Scope) async throws -> JSON

    init(
        _ limits: GatewaySession.Limits, _ features: [any Feature], _ rules: TopicRules, _ authenticator: any GatewayAuthenticator,
        _ observer: (any ConnectionObserver)?, _ ids: @escaping Gateway.Names, _ known: (any HandshakeCache)?,
        _ user: @escaping @Sendable (Scope) async throws -> JSON
    ) {
        let commands = Dictionary(uniqueKeysWithValues: features.flatMap(\.commands).map { ($0.name, $0) })
        terms = GatewaySession.Terms(limits: limits, rules: rules, commands: commands)
        var oneWay = limits
        oneWay.subscriptions = ResumeToken.maximumTopics
        oneWayTerms = GatewaySession.Terms(limits: oneWay, rules: rules, commands: commands)
        (self.features, self.authenticator, self.observer, self.ids, self.user) = (features, authenticator, observer, ids, user)
        self.known = known
    }

    var rules: TopicRules { terms.rules }
}
