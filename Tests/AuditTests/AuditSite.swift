import Audit
import Bus
import Crypto
import Database
import Directory
import FeatureKit
import HTTP
import Jobs
import Kernel
import Runtime
import TestSupport
import Testing
import Transport
import Web

/// An audit log behind the real router, on a real database; `Authorization: <username> <permission>…` signs in.
struct AuditSite: Sendable {
    let place: TestPlace
    let database: any Database
    let access: any Database
    let keyring: Keyring
    let audit: AuditLog
    let feature: AuditFeature
    let ids: IDGenerator
    private let application: Application

    var headsPath: String { folder.path + "/audit-heads.jsonl" }
    private let folder: TestFolder

    /// - Parameter seen: what the site has for a database instead.
    static func with(
        _ kind: TestDatabase, seen: @escaping (any Database) -> any Database = { $0 }, _ body: (AuditSite) async throws -> Void
    ) async throws {
        try await TestDatabase.inTurn { try await run(kind, seen, body) }
    }

    private static func run(
        _ kind: TestDatabase, _ seen: @escaping (any Database) -> any Database, _ body: (AuditSite) async throws -> Void
    ) async throws {
        let place = try await kind.fresh()
        let site = try await AuditSite(place, seen)
        let outcome: Result<Void, any Error>
        do { outcome = .success(try await body(site)) } catch { outcome = .failure(error) }
        await site.access.close()
        await site.database.close()
        try TestFolder.remove(site.folder.path)
        try await place.remove()
        try outcome.get()
    }

    private init(_ place: TestPlace, _ seen: (any Database) -> any Database) async throws {
        try await self.init(place, keyring: try .ephemeral(), folder: try TestFolder(), seen)
    }

    private init(_ place: TestPlace, keyring: Keyring, folder: TestFolder, _ seen: (any Database) -> any Database = { $0 }) async throws {
        (self.place, self.keyring, self.folder) = (place, keyring, folder)
        database = seen(try await place.open())
        try await Migrator(outboxMigrations + webMigrations + directoryMigrations + auditMigrations).run(on: database)
        access = seen(try await place.open("access.db"))
        if place.kind == .sqlite { try await Migrator(accessLogMigrations).run(on: access) }
        ids = IDGenerator(clock: .system)
        audit = AuditLog(database: database, keyring: keyring, ids: ids) { reference, _ in
            reference == "role_mod" ? RoleID(rawValue: 7) : nil
        }
        feature = AuditFeature(
            database: database, accessDatabase: access, audit: audit, ids: ids, headsPath: folder.path + "/audit-heads.jsonl", log: .silent,
            metrics: Metrics(),
            actions: [
                AuditAction("role.assign", target: "user", en: "{actor} gave {role} to {user}", fr: "{actor} a donné {role} à {user}")
            ], jobs: JobQueue(database: database, clock: .system))
        let act = RouteShape(
            "Act.", parameters: ["id": .text], body: .optionalJSON(.map(.any)), answers: [.noContent],
            refusals: [.forbidden("rank_too_low"), .conflict("last_owner")])
        let acts = [
            Route(.post, "/users/{id}/roles", .may(.rolesAssign), act, action: "role.assign") { _ in .noContent },
            Route(.delete, "/roles/{id}", .may(.rolesManage), act, action: "role.delete") { _ in .noContent },
        ]
        application = Application(
            routes: feature.routes + acts, authenticator: ByName(database: database), observer: feature.observer, log: .silent,
            metrics: Metrics(), options: .inspected)
    }

    /// The same place, opened again.
    func restarted() async throws -> AuditSite {
        await access.close()
        await database.close()
        return try await AuditSite(place, keyring: keyring, folder: folder)
    }

    // MARK: Acts

    /// A transaction for each entry.
    @discardableResult
    func record(_ count: Int, action: String = "role.update", actor: UserID? = nil) async throws -> [AuditEntryID] {
        var ids: [AuditEntryID] = []
        for index in 0..<count {
            ids.append(
                try await database.write { transaction in
                    try audit.record(
                        action, target: (type: "role", id: "r\(index)"),
                        payload: ["before": ["n": JSON(index)], "after": ["n": JSON(index + 1)]],
                        result: .success,
                        scope: Scope(userID: actor, requestID: "request-\(index)", address: "192.0.2.7", userAgent: "test"),
                        in: transaction)
                })
        }
        return ids
    }

    func add(_ name: String) async throws -> UserID {
        let member = Member(id: ids.next(), username: name, displayName: name.uppercased(), at: WallClock.system.now())
        try await database.write { try MemberDirectory().insert(member, emailBlind: nil, in: $0) }
        return member.id
    }

    func verify(heads: Bool = true) async throws -> AuditReport {
        try await AuditVerifier(database: database, keyring: keyring, headsPath: heads ? headsPath : nil).verify()
    }

    /// What an intruder with the database in their hands does first.
    func disarm() async throws {
        try await database.write { transaction in
            for trigger: SQL in transaction.dialect == .sqlite
                ? ["DROP TRIGGER audit_log_never_changes", "DROP TRIGGER audit_log_never_shrinks"]
                : ["DROP TRIGGER audit_log_never_changes ON audit_log", "DROP TRIGGER audit_log_never_empties ON audit_log"]
            {
                try transaction.execute(trigger)
            }
        }
    }

    /// Changes the tables behind the program's back.
    func tamper(_ statements: SQL...) async throws {
        try await database.write { transaction in
            for statement in statements { try transaction.execute(statement) }
        }
    }

    // MARK: Requests

    struct Answer: Sendable {
        let status: Int
        let json: JSON
        let body: [UInt8]
        var items: [JSON] { json["items"]?.array ?? [] }
        func each(_ name: String) -> [String] { items.map { $0[name]?.string ?? "-" } }
    }

    func get(_ path: String, as person: String? = "ada audit.read") async throws -> Answer { try await send(.get, path, as: person) }

    func send(_ method: HTTPMethod, _ path: String, as person: String?, headers: HTTPHeaders = [:]) async throws -> Answer {
        var headers = headers
        headers["Authorization"] = person
        headers["User-Agent"] = "tests"
        let request = HTTPRequest(method: method, target: "/api/v1\(path)", headers: headers, body: [], remoteAddress: "127.0.0.1")
        guard case .response(let response) = await application.respond(to: request) else { throw NoResponse() }
        let isJSON =
            response.headers["Content-Type"].map { $0.hasPrefix("application/json") || $0.hasPrefix("application/problem") } ?? false
        return Answer(
            status: response.status, json: isJSON && !response.body.isEmpty ? try JSONParser.parse(response.body) : .null,
            body: response.body)
    }
}

struct NoResponse: Error {}

private struct ByName: Authenticator {
    let database: any Database

    func authenticate(_ request: HTTPRequest, _ origin: Origin) async throws -> Scope {
        guard let header = request.headers["Authorization"] else { return try await guest(origin) }
        let words = header.split(separator: " ").map(String.init)
        var scope = origin.guest(PermissionSet(words.dropFirst().compactMap { Permission(key: $0) }))
        scope.userID = try await database.read { try MemberDirectory().resolve("u_\(words[0])", scope: Scope(), in: $0) }
        return scope
    }

    func guest(_ origin: Origin) async throws -> Scope { origin.guest(PermissionSet()) }
}
