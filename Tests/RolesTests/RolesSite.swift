import Audit
import Authorization
import Bus
import Crypto
import Database
import Directory
import HTTP
import Kernel
import Roles
import Runtime
import Synchronization
import TestSupport
import Testing
import Transport
import Web

/// A site with its roles behind the real router, on a real database; people sign in by naming themselves.
struct RolesSite: Sendable {
    let database: any Database
    let roles: RolesFeature
    let clock: SteppedClock
    private let application: Application
    private let ids: IDGenerator

    /// Runs the body on a fresh site where `root` is the owner, `ada` admin, `mo` mod and `mia` member.
    ///
    /// - Parameter seen: what the site has for a database instead.
    static func with(
        _ kind: TestDatabase, seen: (any Database) -> any Database = { $0 }, _ body: (RolesSite) async throws -> Void
    ) async throws {
        try await kind.with(outboxMigrations + webMigrations + directoryMigrations + auditMigrations + rolesMigrations) { database in
            let site = try RolesSite(seen(database))
            try await site.add("root", .owner)
            try await site.add("ada", .admin)
            try await site.add("mo", .mod)
            try await site.add("mia")
            try await body(site)
        }
    }

    private init(_ database: any Database) throws {
        let clock = SteppedClock()
        self.database = database
        self.clock = clock
        ids = IDGenerator(clock: clock.wall)
        let audit = AuditLog(database: database, keyring: try .ephemeral(), ids: ids)
        roles = RolesFeature(database: database, audit: audit, ids: ids, clock: clock.wall)
        application = Application(
            routes: roles.routes, authenticator: ByName(database: database, authorizer: roles.authorizer), log: .silent, metrics: Metrics(),
            clock: clock.wall, options: .inspected)
    }

    /// A new member, who also has a system role.
    @discardableResult
    func add(_ name: String, _ role: SystemRole = .member) async throws -> UserID {
        let member = Member(id: ids.next(), username: name, displayName: name, at: clock.wall.now())
        let roles = roles
        try await database.write { transaction in
            try MemberDirectory().insert(member, emailBlind: nil, in: transaction)
            try roles.assignments.assignInitial(
                member.id, role == .member ? [.member] : [.member, role], scope: Scope(), in: transaction)
        }
        return member.id
    }

    struct Answer: Sendable {
        let status: Int
        let json: JSON
        let headers: HTTPHeaders

        var code: String? { json["code"]?.string }
        /// `/pointer code` of each fault.
        var faults: [String] {
            (json["errors"]?.array ?? []).map { "\($0["pointer"]?.string ?? "") \($0["code"]?.string ?? "")" }
        }
        func strings(_ name: String) -> [String] { (json[name]?.array ?? []).compactMap(\.string) }
        var items: [JSON] { json["items"]?.array ?? [] }
    }

    func send(
        _ method: HTTPMethod, _ path: String, as person: String? = "root", _ body: JSON? = nil, headers: HTTPHeaders = [:]
    ) async throws -> Answer {
        var headers = headers
        headers["Authorization"] = person
        if body != nil { headers["Content-Type"] = "application/json" }
        let request = HTTPRequest(
            method: method, target: "/api/v1\(path)", headers: headers, body: body?.bytes ?? [], remoteAddress: "127.0.0.1")
        guard case .response(let response) = await application.respond(to: request) else { throw Unexpected("no response") }
        return Answer(
            status: response.status, json: response.body.isEmpty ? .null : try JSONParser.parse(response.body), headers: response.headers)
    }

    /// A role that must be there afterwards.
    @discardableResult
    func makeRole(_ name: String, _ priority: Int, _ permissions: [String] = [], denied: [String] = [], inherits: [String] = [])
        async throws -> Answer
    {
        let answer = try await send(
            .post, "/roles", as: "root",
            [
                "name": .string(name), "priority": JSON(priority), "permissions": .array(permissions.map(JSON.string)),
                "denied": .array(denied.map(JSON.string)), "inherits": .array(inherits.map(JSON.string)),
            ])
        try #require(answer.status == 201, "\(answer.json.text)")
        return answer
    }

    func give(_ role: String, to person: String) async throws {
        let answer = try await send(.post, "/users/u_\(person)/roles", as: "root", ["role_id": .string("role_\(role)")])
        try #require(answer.status == 200, "\(answer.json.text)")
    }

    func id(_ name: String) async throws -> UserID {
        try await database.read { try MemberDirectory().resolve("u_\(name)", scope: Scope(), in: $0) }
    }

    /// The types of all events since the start but those of the audit log, with what follows in the given member.
    func events(_ member: String) async throws -> [String] {
        try await database.read { transaction in
            try transaction.rows("SELECT type, members FROM outbox WHERE type <> 'audit.entry' ORDER BY event_offset").map { row in
                let members = try JSONParser.parse(Array(row.text(1).utf8))
                return "\(row.text(0)) \(members[member]?.string ?? "-")"
            }
        }
    }
}

struct Unexpected: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// `Authorization: <username>` signs in, with the rights that the authorizer remembers, as every request gets them.
private struct ByName: Authenticator {
    let database: any Database
    let authorizer: Authorizer

    func authenticate(_ request: HTTPRequest, _ origin: Origin) async throws -> Scope {
        guard let name = request.headers["Authorization"] else { return try await guest(origin) }
        let user = try await database.read { try MemberDirectory().resolve("u_\(name)", scope: Scope(), in: $0) }
        let rights = try await authorizer.rights(of: user)
        var scope = origin.guest(rights.permissions)
        (scope.userID, scope.isOwner, scope.rank) = (user, rights.isOwner, rights.rank)
        return scope
    }

    func guest(_ origin: Origin) async throws -> Scope { origin.guest(try await authorizer.rights(of: nil).permissions) }
}

/// A clock that stands still until it is told to go on.
final class SteppedClock: Sendable {
    private let time = Mutex(Timestamp(milliseconds: 1_800_000_000_000))

    var wall: WallClock { WallClock { self.time.withLock { $0 } } }

    func advance(milliseconds: Int64) { time.withLock { $0 = $0.adding(milliseconds: milliseconds) } }
}
