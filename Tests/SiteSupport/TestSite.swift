package import Authorization
internal import Crypto
package import Database
internal import Directory
package import FeatureKit
internal import Glibc
package import HTTP
package import Kernel
internal import Realtime
internal import Roles
internal import Runtime
internal import Synchronization
package import TestSupport
internal import Testing
internal import Transport
internal import Web

@testable package import Accounts
@testable package import Server

/// The server as `foyer serve` puts it together, on a fresh database, without its sockets and background work.
package final class TestSite: Sendable {
    package static let password = "a passphrase of some length"

    private let running: Mutex<Composition>
    private let open: @Sendable () async throws -> Composition
    private let hash: String
    private let counter = Atomic<Int>(0)
    /// By the `Authorization` that tests send.
    private let bearers = Mutex<[String: Bearer]>([:])

    private struct Bearer {
        let person: Person
        let field: String
        let since: UInt64
    }

    package var composition: Composition { running.withLock { $0 } }
    package var database: any Database { composition.infrastructure.database }
    package var accounts: AccountsFeature { composition.accounts }
    package var ids: IDGenerator { composition.infrastructure.ids }
    package var now: Timestamp { composition.infrastructure.clock.now() }

    /// - Parameters:
    ///   - settings: added to those of every test, or replacing them.
    ///   - clock: of the site, so that a test can move it.
    package static func with(
        _ kind: TestDatabase, others: [any Feature] = [], settings: [String: String] = [:], clock: WallClock = .system,
        _ body: (TestSite) async throws -> Void
    ) async throws {
        try await TestDatabase.inTurn { try await run(kind, others, settings, clock, body) }
    }

    private static func run(
        _ kind: TestDatabase, _ others: [any Feature], _ settings: [String: String], _ clock: WallClock,
        _ body: (TestSite) async throws -> Void
    ) async throws {
        let place = try await kind.fresh()
        let folder = try TestFolder()
        let outcome: Result<Void, any Error>
        do {
            let site = try await TestSite(place, folder, others, settings, clock)
            do { outcome = .success(try await body(site)) } catch { outcome = .failure(error) }
            await site.close()
        } catch {
            outcome = .failure(error)
        }
        try TestFolder.remove(folder.path)
        try await place.remove()
        try outcome.get()
    }

    private func close() async {
        await composition.infrastructure.access.close()
        await database.close()
    }

    private init(
        _ place: TestPlace, _ folder: TestFolder, _ others: [any Feature], _ settings: [String: String], _ clock: WallClock
    ) async throws {
        var flags = [
            "data": folder.path + "/data", "keys-dir": folder.path + "/keys", "log-level": "error", "rate-limit": "false",
            "registration": "open", "public-url": "https://site.test", "smtp-url": "smtp://127.0.0.1:1", "smtp-tls": "none",
            "mail-from": "foyer@site.test", "starter-catalogue": "false",
        ]
        flags.merge(settings) { _, given in given }
        if place.kind == .postgres { flags["database-url"] = place.location }
        let hasher = PasswordHasher(cost: .trifling)
        hash = try await hasher.hash(Self.password)
        open = { [flags] in
            let composition = try await Composition(
                try await Infrastructure.open(
                    try Settings(knownSettings, flags: flags, environment: [:]), clock: clock,
                    declarations: Composition.declarations + others.map(\.declaration),
                    order: MigrationOrder(
                        Site.migrationOrder.names + others.flatMap(\.declaration.migrations).map(\.name),
                        unordered: Site.migrationOrder.unordered), adjust: { $0.allowASlowMachine() }), hasher: hasher, others: others,
                inspector: ShapeInspector.inspect)
            composition.readiness.set(true)
            return composition
        }
        running = Mutex(try await open())
    }

    /// Stops the site and starts it again on the same database and folder, without what was only in memory.
    package func restart() async throws {
        await composition.infrastructure.close()
        let next = try await open()
        running.withLock { $0 = next }
    }

    /// A name that nobody has.
    package func unique() -> String { "name\(counter.add(1, ordering: .relaxed).newValue)" }

    /// Somebody new who holds the role beside `member`; nil: no role at all.
    package func add(_ role: SystemRole?, named name: String? = nil) async throws -> Person {
        let name = name ?? unique()
        var draft = AccountDraft(username: name, email: EmailAddress("\(name)@site.test"))
        draft.passwordHash = hash
        let (account, accounts, roles) = (draft, accounts, composition.roles)
        let now = now
        let id = try await database.write { transaction in
            let member = try accounts.insertAccount(account, scope: Scope(), at: now, in: transaction)
            let held: [SystemRole] = role.map { $0 == .member ? [.member] : [.member, $0] } ?? []
            // Some routes read an override: what it allows everybody may do anyhow.
            try transaction.execute(
                """
                INSERT INTO user_overrides (user_id, permission, effect, set_at, version) VALUES (\(member.id), 'media.read', 'allow', \(now), 1)
                """)
            try roles.assignments.assignInitial(member.id, held, scope: Scope(), in: transaction)
            return member.id
        }
        return Person(id: id, name: name)
    }

    package struct Answer: Sendable {
        package let status: Int
        package let json: JSON
        package let headers: HTTPHeaders
        package let body: [UInt8]

        package var code: String { json["code"]?.string ?? "" }
        package func text(_ name: String) throws -> String { try #require(json[name]?.string, "\(name) of \(json.text)") }
        /// The name and value of the cookie that it sets.
        package var cookie: String { String((headers["Set-Cookie"] ?? "").prefix { $0 != ";" }) }
    }

    /// - Parameter path: as routes name it, with two slashes in front at the root. Every request comes from an address of its own.
    package func send(_ method: String, _ path: String, _ headers: HTTPHeaders = [:], body: [UInt8] = [], type: String = "application/json")
        async throws -> Answer
    {
        var headers = headers
        if let token = headers["Authorization"], let renewed = try await renewed(token) { headers["Authorization"] = renewed }
        headers["Host"] = "site.test"
        if !body.isEmpty { headers["Content-Type"] = type }
        let number = counter.add(1, ordering: .relaxed).newValue
        let request = HTTPRequest(
            method: HTTPMethod(rawValue: method), target: path.hasPrefix("//") ? String(path.dropFirst()) : "/api/v1\(path)",
            headers: headers, body: body,
            remoteAddress: "2001:db8:\(String(number >> 16, radix: 16)):\(String(number & 0xffff, radix: 16))::1")
        let response: HTTPResponse
        switch await composition.application.respond(to: request) {
        case .response(let whole): response = whole
        // A body that is made while it is sent: here its head alone.
        case .stream(let head, _): response = head
        default: throw SiteFault("\(method) \(path) is answered by a connection")
        }
        let isJSON = response.headers["Content-Type"]?.contains("json") ?? false
        return Answer(
            status: response.status, json: isJSON && !response.body.isEmpty ? try JSONParser.parse(response.body) : .null,
            headers: response.headers, body: response.body)
    }

    package func post(_ path: String, _ body: JSON, as token: String? = nil) async throws -> Answer {
        try await send("POST", path, token.map { ["Authorization": "Bearer \($0)"] } ?? [:], body: body.bytes)
    }

    /// The secret in the link of the last mail to an address.
    package func mailed(to address: String) async throws -> String {
        let keyring = composition.infrastructure.keyring
        return try await database.read { transaction in
            for row in try transaction.rows("SELECT id, email_cipher, content FROM mail_outbox ORDER BY id DESC LIMIT 100") {
                let id = row.int64(0)
                guard try keyring.fields.openText(row.blob(1), column: "mail_outbox.email", id: id) == address else { continue }
                let content = try JSONParser.parse(try keyring.fields.open(row.blob(2), column: "mail_outbox.content", id: id))
                return try #require(content["url"]?.string?.split(separator: "=").last.map(String.init))
            }
            throw SiteFault("there is no mail to \(address)")
        }
    }
}

/// Somebody with an account.
package struct Person: Sendable {
    package let id: UserID
    package let name: String
}

extension TestSite {
    /// A session by token and one by cookie.
    package func signIn(_ person: Person) async throws -> (bearer: String, cookie: String, csrf: String) {
        let body: JSON = ["username": .string(person.name), "password": .string(Self.password)]
        let tokens = try await post("/auth/login", body)
        let browser = try await send("POST", "/auth/login", ["X-Foyer-Session": "cookie"], body: body.bytes)
        let token = try tokens.text("access_token")
        remember(token, of: person)
        return (token, browser.cookie, try browser.text("csrf"))
    }

    private func remember(_ token: String, of person: Person) {
        bearers.withLock { $0["Bearer \(token)"] = Bearer(person: person, field: "Bearer \(token)", since: monotonicNanoseconds()) }
    }

    /// A loaded machine may take longer for a test than a token lives: one of eight minutes is replaced by another of the same person.
    ///
    /// - Returns: the `Authorization` to send; nil for a token that is not of `signIn`.
    private func renewed(_ field: String) async throws -> String? {
        guard let bearer = bearers.withLock({ $0[field] }) else { return nil }
        guard monotonicNanoseconds() - bearer.since > 480_000_000_000 else { return bearer.field }
        let body: JSON = ["username": .string(bearer.person.name), "password": .string(Self.password)]
        // Who may not come in any more keeps the old one.
        guard let token = try await post("/auth/login", body).json["access_token"]?.string else { return bearer.field }
        bearers.withLock { $0[field] = Bearer(person: bearer.person, field: "Bearer \(token)", since: monotonicNanoseconds()) }
        return "Bearer \(token)"
    }

    package func makeKey(_ scopes: [String], as token: String) async throws -> String {
        try await post("/api-keys", ["name": "key", "scopes": .array(scopes.map(JSON.string))], as: token).text("key")
    }
}

/// Why a test cannot go on.
package struct SiteFault: Error, CustomStringConvertible {
    package let description: String

    package init(_ fault: String) { description = fault }
}
