internal import Bus
public import HTTP
public import Kernel
internal import Runtime
internal import Synchronization
internal import Transport
public import Web

/// What came with the upgrade's request.
final class GatewayUpgrade: Sendable {
    let scope: Scope
    /// What the Authorization header carried, so that the socket knows when it expires.
    let token: String?
    /// The subscriptions that the address makes, with the filter that it names.
    let topics: [String]
    let filter: JSON?

    init(scope: Scope, token: String?, topics: [String], filter: JSON? = nil) {
        (self.scope, self.token, self.topics, self.filter) = (scope, token, topics, filter)
    }

    convenience init(_ call: Call, topics: [String], filter: JSON? = nil) {
        let parts = (call.request.headers["Authorization"] ?? "").split(separator: " ")
        let token = parts.count == 2 && parts[0].lowercased() == "bearer" ? String(parts[1]) : nil
        self.init(scope: call.scope, token: token, topics: topics, filter: filter)
    }
}

extension Gateway {
    /// Makes a socket of a request; `topic` is subscribed to as soon as the client is welcome.
    ///
    /// - Throws: 403 when a browser of another site would use the reader's cookie, 426 for a plain request.
    public func upgrade(_ call: Call, topic: String? = nil, filter: JSON? = nil) throws(Problem) -> Reply {
        guard Self.isUpgrade(call.request) else {
            throw Problem(
                426, "upgrade_required",
                LocalizedText(en: "Connect to this address with a WebSocket.", fr: "Connectez-vous à cette adresse par WebSocket."))
        }
        try checkOrigin(call, isRequired: true)
        try admitOpening(call.scope)
        let upgrade = GatewayUpgrade(call, topics: topic.map { [$0] } ?? [], filter: filter)
        return .webSocket { connection in self.accept(connection, upgrade) }
    }

    /// - Throws: 429 for who opens one session after the other, 503 while too many are not yet greeted.
    func admitOpening(_ scope: Scope) throws(Problem) {
        guard pendingSessions.value < options.pendingSessions else {
            refusedUpgrades.add()
            throw .unavailable(retryAfter: connectQueue.retryAfter)
        }
        guard let budget = options.openings, let user = scope.userID else { return }
        try openings.spend(RateLimiter.Charge(budget, String(user.rawValue)))
    }

    /// Browsers name the origin of every WebSocket, and of a plain request to another site.
    func checkOrigin(_ call: Call, isRequired: Bool) throws(Problem) {
        let usesCookie = call.scope.userID != nil && call.request.headers["Authorization"] == nil
        guard usesCookie, isRequired || call.request.headers["Origin"] != nil else { return }
        guard isOwn(origin: call.request.headers["Origin"], host: call.request.headers["Host"]) else {
            throw .forbidden(
                "origin", LocalizedText(en: "This site may not use your session.", fr: "Ce site ne peut pas utiliser votre session."))
        }
    }

    public static func isUpgrade(_ request: HTTPRequest) -> Bool {
        request.headers["Upgrade"]?.lowercased().contains("websocket") ?? false
    }

    private func isOwn(origin: String?, host: String?) -> Bool {
        guard let origin else { return false }
        if options.origins.contains(origin) { return true }
        guard let host else { return false }
        return origin == "https://\(host)" || origin == "http://\(host)"
    }

    /// Makes a session on what carries it; on its loop.
    func accept(_ transport: any SessionTransport, _ upgrade: GatewayUpgrade) -> GatewaySocket {
        let hub = hub(for: transport.executor)
        let id = ConnectionID(rawValue: nextConnection.wrappingAdd(1, ordering: .relaxed).oldValue)
        let socket = GatewaySocket(id, transport, upgrade, self, hub)
        hub.add(socket)
        count.add()
        pendingSessions.add()
        return socket
    }

    private func hub(for loop: any LoopExecutor) -> LoopHub {
        hubs.withLock { $0.hub(for: loop) }
    }
}
