internal import Kernel

/// What `open` was given.
final class GatewayContext: Sendable {
    let terms: GatewaySession.Terms
    let authenticator: any GatewayAuthenticator
    let observer: (any ConnectionObserver)?
    let ids: Gateway.Names
    let known: (any HandshakeCache)?
    let snapshot: @Sendable (Scope) async throws -> JSONObject
    let user: @Sendable (Scope) async throws -> JSON

    init(
        _ limits: GatewaySession.Limits, _ commands: [Command], _ rules: TopicRules, _ authenticator: any GatewayAuthenticator,
        _ observer: (any ConnectionObserver)?, _ ids: @escaping Gateway.Names, _ known: (any HandshakeCache)?,
        _ stock: PersonalStock, _ snapshot: @escaping @Sendable (Scope) async throws -> JSONObject,
        _ user: @escaping @Sendable (Scope) async throws -> JSON
    ) {
        let commands = Dictionary(uniqueKeysWithValues: commands.map { ($0.name, $0) })
        terms = GatewaySession.Terms(limits: limits, rules: rules, commands: commands, stock: stock)
        (self.authenticator, self.observer, self.ids, self.known) = (authenticator, observer, ids, known)
        (self.snapshot, self.user) = (snapshot, user)
    }

    var rules: TopicRules { terms.rules }
}
