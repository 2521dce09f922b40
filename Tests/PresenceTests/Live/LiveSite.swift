import Audit
import Authorization
import Bus
import Crypto
import Database
import Directory
import FeatureKit
import HTTP
import Kernel
import Realtime
import Roles
import Runtime
import Sanctions
import Synchronization
import TestSupport
import Transport
import Web

@testable import Presence

/// A site with presence, roles and the gateway on a real server and a real database; a token is a username.
final class LiveSite: Sendable {
    let database: any Database
    let application: Application
    let gateway: Gateway
    let presence: PresenceFeature
    let roles: RolesFeature
    let sessions: NamedSessions
    let port: Int
    private let ids: IDGenerator

    static func run(
        _ kind: TestDatabase, grace: Int64 = 500, heartbeat: Int64 = 30_000, tokenGrace: Int64 = 30_000, maxQueuedBytes: Int = 1 << 20,
        openings: Int? = nil, features: [any Feature] = [], gateway: @escaping @Sendable (inout Gateway.Options) -> Void = { _ in },
        _ body: @Sendable (LiveSite) async throws -> Void
    ) async throws {
        let place = try await kind.fresh()
        do {
            var settings = Settings(grace, heartbeat, tokenGrace, maxQueuedBytes, openings)
            (settings.gateway, settings.features) = (gateway, features)
            try await start(place, settings, body)
        } catch {
            try await place.remove()
            throw error
        }
        try await place.remove()
    }

    struct Settings: Sendable {
        let grace: Int64
        let heartbeat: Int64
        let tokenGrace: Int64
        let maxQueuedBytes: Int
        /// Gateway sessions that one person opens at once.
        let openings: Int?
        /// Of the test's own.
        var features: [any Feature] = []
        /// Sets the limits that are left.
        var gateway: @Sendable (inout Gateway.Options) -> Void = { _ in }

        init(
            _ grace: Int64 = 500, _ heartbeat: Int64 = 30_000, _ tokenGrace: Int64 = 30_000, _ maxQueuedBytes: Int = 1 << 20,
            _ openings: Int? = nil
        ) {
            (self.grace, self.heartbeat, self.tokenGrace, self.maxQueuedBytes) = (grace, heartbeat, tokenGrace, maxQueuedBytes)
            self.openings = openings
        }
    }

    /// Starts, runs, stops; the place stays, so that a test may start again on it.
    static func start(_ place: TestPlace, _ settings: Settings = Settings(), _ body: @Sendable (LiveSite) async throws -> Void) async throws
    {
        let database = try await place.open()
        let group = EventLoopGroup(count: 2)
        let site = try await LiveSite(database, settings)
        var options = HTTPServerOptions()
        (options.port, options.maxQueuedBytes) = (0, settings.maxQueuedBytes)
        let server = HTTPServer(options: options, group: group, responder: site.application)
        let running = LiveSite(site, port: try server.start())
        var failure: (any Error)?
        await withTaskGroup(of: Void.self) { tasks in
            for service in running.services {
                tasks.addTask { do { try await service() } catch {} }
            }
            do { try await body(running) } catch { failure = error }
            await server.shutdown(deadline: .milliseconds(200))
            tasks.cancelAll()
        }
        group.stop()
        await database.close()
        if let failure { throw failure }
    }

    private let relay: OutboxRelay

    private init(_ database: any Database, _ settings: Settings) async throws {
        self.database = database
        ids = IDGenerator(clock: .system)
        let metrics = Metrics()
        let broker = MemoryBroker(epoch: "e" + String(UInt32.random(in: .min ... .max), radix: 36))
        relay = OutboxRelay(database: database, broker: broker) { _ in }
        var options = Gateway.Options()
        (options.heartbeat, options.tokenGrace) = (settings.heartbeat, settings.tokenGrace)
        options.openings = settings.openings.map { .steady("gateway_opening", burst: $0, perSecond: 0.001) }
        settings.gateway(&options)
        gateway = Gateway(broker: broker, relay: relay, log: .silent, metrics: metrics, options: options)
        let audit = AuditLog(database: database, keyring: try .ephemeral(), ids: ids)
        roles = RolesFeature(database: database, audit: audit, ids: ids)
        var presenceOptions = PresenceOptions()
        (presenceOptions.grace, presenceOptions.lease) = (settings.grace, settings.heartbeat * 2 + 1000)
        presence = PresenceFeature(
            database: database, broker: broker, relay: relay, gateway: gateway, audit: audit, roles: roles, ids: ids, log: .silent,
            options: presenceOptions)
        sessions = NamedSessions(database: database, authorizer: roles.authorizer)
        let features = FeatureSet([roles, presence, UsersTopic()] + settings.features)
        relay.observe { [roles] record in roles.known.observe(record) }
        gateway.open(
            features: features, authenticator: sessions, observer: presence.observer, ids: roles.ids(behind:for:), known: roles.known
        ) { [roles] scope in
            ["id": JSON(scope.userID), "display_name": JSON(try await roles.known.member(try scope.requireUser()).member.displayName)]
        }
        roles.authorizer.onChange { [gateway] change in
            switch change.concerned {
            case .everybody: gateway.rightsChanged(users: nil)
            case .users(let users): gateway.rightsChanged(users: users)
            }
        }
        application = Application(
            routes: gateway.routes + roles.routes + presence.routes, authenticator: sessions, log: .silent, metrics: metrics,
            options: .inspected)
        port = 0
        try await Migrator(
            outboxMigrations + webMigrations + directoryMigrations + auditMigrations + rolesMigrations + presenceMigrations
                + sanctionMigrations
        ).run(on: database)
        try await relay.begin()
    }

    private init(_ site: LiveSite, port: Int) {
        (database, application, gateway, presence, roles) = (site.database, site.application, site.gateway, site.presence, site.roles)
        (sessions, ids, relay, self.port) = (site.sessions, site.ids, site.relay, port)
    }

    private var services: [@Sendable () async throws -> Void] {
        [
            { try await self.relay.run() }, { try await self.gateway.run() }, { try await self.roles.run() },
            { try await self.presence.run() },
        ]
    }

    // MARK: People

    /// Somebody new, whose own events are in the past: who subscribes now does not hear of them.
    @discardableResult
    func person(_ name: String, _ systemRoles: [SystemRole] = [.member]) async throws -> UserID {
        let user: UserID = ids.next()
        try await database.write { [roles] transaction in
            let member = Member(id: user, username: name, displayName: name, at: WallClock.system.now())
            try MemberDirectory().insert(member, emailBlind: nil, in: transaction)
            try roles.assignments.assignInitial(user, systemRoles, scope: Scope(isOwner: true), in: transaction)
        }
        let head = try await database.read { try $0.row("SELECT next_offset - 1 FROM outbox_head WHERE id = 1")?.int64(0) ?? 0 }
        while presence.service.broker.position(of: "roles").offset < head { try await Task.sleep(for: .milliseconds(1)) }
        return user
    }

    func connect(_ name: String, path: String = "/gateway", resume: JSON? = nil, receiveBuffer: Int32? = nil) async throws -> LiveSocket {
        let socket = try await LiveSocket(port: port, path: path, receiveBuffer: receiveBuffer)
        var hello: JSONObject = ["type": "hello", "token": .string(name)]
        if let resume { hello.append("resume", resume) }
        try socket.send(.object(hello))
        return socket
    }

    /// Connected, past `ready`, and listening.
    func listener(_ name: String, to topic: String = "presence", filter: JSON? = nil) async throws -> LiveSocket {
        let socket = try await connect(name)
        _ = try await socket.next("ready")
        var frame: JSONObject = ["type": "subscribe", "id": .string(topic), "topic": .string(topic)]
        if let filter { frame.append("filter", filter) }
        try socket.send(.object(frame))
        _ = try await socket.next("subscribed")
        return socket
    }

    /// `GET /gateway` over a connection of its own.
    func poll(_ query: String, as name: String? = "owner") async throws -> (status: Int, json: JSON) {
        let headers = name.map { ["Authorization: \($0)"] } ?? []
        let answer = try LiveStream(port: port, path: "/api/v1/gateway\(query)", headers: headers)
        let body = try await answer.body()
        return (Int(answer.text.dropFirst(9).prefix(3)) ?? 0, try JSONParser.parse(Array(body.utf8)))
    }

    func call(_ method: HTTPMethod, _ path: String, as name: String, _ body: JSON? = nil) async throws -> (status: Int, json: JSON) {
        var headers: HTTPHeaders = ["Authorization": name]
        if body != nil { headers["Content-Type"] = "application/json" }
        let request = HTTPRequest(
            method: method, target: "/api/v1\(path)", headers: headers, body: body?.bytes ?? [], remoteAddress: "127.0.0.1")
        guard case .response(let response) = await application.respond(to: request) else { throw LiveSocket.Failure(what: "no answer") }
        return (response.status, response.body.isEmpty ? .null : try JSONParser.parse(response.body))
    }
}

/// The topic of the list of members, which belongs to Accounts.
private struct UsersTopic: Feature {
    static let declaration = FeatureDeclaration("users", title: LocalizedText(en: "Users", fr: "Membres"), module: .core)

    var topics: [TopicRule] { [TopicRule("users", requires: .usersRead)] }
}

/// Sessions by name: what Accounts does with tokens, without tokens. The rights are the real ones.
final class NamedSessions: Authenticator, GatewayAuthenticator {
    private let database: any Database
    private let authorizer: Authorizer
    private let ended = Mutex<[String: Problem]>([:])
    private let expiries = Mutex<[String: Timestamp]>([:])

    init(database: any Database, authorizer: Authorizer) {
        (self.database, self.authorizer) = (database, authorizer)
    }

    func end(_ name: String, _ problem: Problem) { ended.withLock { $0[name] = problem } }
    func expire(_ name: String, at time: Timestamp) { expiries.withLock { $0[name] = time } }

    func authenticate(_ request: HTTPRequest, _ origin: Origin) async throws -> Scope {
        guard let name = request.headers["Authorization"] else { return try await guest(origin) }
        return try await scope(name, origin.guest(PermissionSet()))
    }

    func guest(_ origin: Origin) async throws -> Scope { origin.guest(PermissionSet()) }

    func authenticate(token: String, scope: Scope) async throws -> GatewayIdentity {
        GatewayIdentity(scope: try await self.scope(token, scope), expiresAt: expiries.withLock { $0[token] })
    }

    func refresh(_ identity: GatewayIdentity) async throws -> GatewayIdentity {
        var fresh = identity
        let name = try await database.read { transaction in
            try MemberDirectory().member(try identity.scope.requireUser(), in: transaction).username
        }
        fresh.scope = try await scope(name, identity.scope)
        return fresh
    }

    private func scope(_ name: String, _ base: Scope) async throws -> Scope {
        if let problem = ended.withLock({ $0[name] }) { throw problem }
        let user = try await database.read { transaction in
            try transaction.row("SELECT id FROM users WHERE username = \(name) AND deleted_at IS NULL")?.id(0, User.self)
        }
        guard let user else { throw Problem.unauthenticated }
        let rights = try await authorizer.rights(of: user)
        var scope = base
        (scope.userID, scope.sessionID) = (user, SessionID(rawValue: user.rawValue))
        (scope.permissions, scope.isOwner, scope.rank) = (rights.permissions, rights.isOwner, rights.rank)
        return scope
    }
}
