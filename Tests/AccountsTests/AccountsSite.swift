import Accounts
import Audit
import Authorization
import Bus
import Crypto
import Database
import Directory
import HTTP
import Kernel
import Mail
import Outbound
import Presence
import Realtime
import Roles
import Runtime
import Sanctions
import Synchronization
import TestSupport
import Testing
import Transport
import Web

/// A whole site of accounts behind the real router, on a real database, with an owner and whoever the test adds.
struct AccountsSite: Sendable {
    let database: any Database
    let keyring: Keyring
    let accounts: AccountsFeature
    let roles: RolesFeature
    let presence: PresenceFeature
    let clock: SteppedClock
    let mail: MailFeature
    let revoked: Revoked
    let migrations: [Migration]
    private let application: Application

    static let ownerPassword = "owner's long passphrase"

    /// Runs the body on a fresh site that `root` owns, whose clock the test moves.
    ///
    /// - Parameter seen: what the site has for a database instead.
    static func with(
        _ kind: TestDatabase, policy: AccountPolicy = openPolicy, sendsMail: Bool = false, hasOwner: Bool = true,
        hasher: PasswordHasher = PasswordHasher(cost: .trifling), seen: (any Database) -> any Database = { $0 },
        _ body: (AccountsSite) async throws -> Void
    )
        async throws
    {
        try await kind.with { database in
            let site = try AccountsSite(seen(database), policy: policy, sendsMail: sendsMail, hasher: hasher)
            try await Migrator(site.migrations).run(on: database)
            if hasOwner {
                let made = try await site.accounts.makeOwner(email: "root@site.test", username: "root", password: ownerPassword)
                try #require(made == .made(username: "root"))
            }
            try await body(site)
        }
    }

    static var openPolicy: AccountPolicy {
        var policy = AccountPolicy()
        policy.registration = .open
        return policy
    }

    /// - Parameter sharing: another node of the same site: the same keys, database and clock.
    init(
        _ database: any Database, policy: AccountPolicy, sendsMail: Bool = false, sharing other: AccountsSite? = nil,
        hasher: PasswordHasher = PasswordHasher(cost: .trifling)
    ) throws {
        let clock = other?.clock ?? SteppedClock()
        let keyring = try other?.keyring ?? Keyring.ephemeral()
        (self.database, self.clock, self.keyring) = (database, clock, keyring)
        let ids = IDGenerator(clock: clock.wall, node: other == nil ? 1 : 2)
        let audit = AuditLog(database: database, keyring: keyring, ids: ids)
        roles = RolesFeature(database: database, audit: audit, ids: ids, clock: clock.wall)
        let broker = MemoryBroker(epoch: "test")
        let relay = OutboxRelay(database: database, broker: broker, clock: clock.wall) { _ in }
        let metrics = Metrics()
        let gateway = Gateway(broker: broker, relay: relay, clock: clock.wall, log: .silent, metrics: metrics)
        presence = PresenceFeature(
            database: database, broker: broker, relay: relay, gateway: gateway, audit: audit, roles: roles, ids: ids, clock: clock.wall,
            log: .silent)
        // Its service does not run: what it would send is read from its table.
        let server = try MailServer(url: "smtp://127.0.0.1:1", isEncrypted: false, authority: nil)
        let from = try #require(MailAddress("foyer@site.test"))
        mail = MailFeature(
            database: database, keyring: keyring, ids: ids, clock: clock.wall, log: .silent, metrics: metrics,
            options: sendsMail ? MailFeature.Options(server: server, from: from, site: "https://site.test") : nil)
        accounts = try AccountsFeature(
            database: database, keyring: keyring, ids: ids, clock: clock.wall, log: .silent, policy: policy, audit: audit, roles: roles,
            presence: presence.reader, choices: presence.choices, mail: mail, hasher: hasher)
        migrations =
            outboxMigrations + webMigrations + directoryMigrations + auditMigrations + rolesMigrations + presenceMigrations
            + mailMigrations + accountMigrations + sanctionMigrations
        let revoked = Revoked()
        self.revoked = revoked
        accounts.onRevoked { revoked.add($0) }
        var options = Application.Options.inspected
        options.limits.isOn = false
        application = Application(
            routes: accounts.routes + roles.routes, authenticator: accounts, log: .silent, metrics: metrics, clock: clock.wall,
            options: options)
    }
}

extension AccountsSite {
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
        func text(_ name: String) -> String { json[name]?.string ?? "" }
        var items: [JSON] { json["items"]?.array ?? [] }
        var usernames: [String] { items.compactMap { $0["username"]?.string } }
        /// The value of the session cookie that the answer sets, with its name.
        var cookie: String { String((headers["Set-Cookie"] ?? "").prefix { $0 != ";" }) }
    }

    func send(
        _ method: HTTPMethod, _ path: String, token: String? = nil, _ body: JSON? = nil, headers: HTTPHeaders = [:],
        from address: String = "192.0.2.1"
    ) async throws -> Answer {
        var headers = headers
        if let token { headers["Authorization"] = "Bearer \(token)" }
        if body != nil { headers["Content-Type"] = "application/json" }
        if !headers.contains("Host") { headers["Host"] = "site.test" }
        let request = HTTPRequest(
            method: method, target: "/api/v1\(path)", headers: headers, body: body?.bytes ?? [], remoteAddress: address)
        let response = try await respond(request)
        return Answer(
            status: response.status, json: response.body.isEmpty ? .null : try JSONParser.parse(response.body), headers: response.headers)
    }

    func respond(_ request: HTTPRequest) async throws -> HTTPResponse {
        guard case .response(let response) = await application.respond(to: request) else { throw Unexpected("no response") }
        return response
    }

    func login(_ name: String, _ password: String? = nil, headers: HTTPHeaders = [:], from address: String = "192.0.2.1") async throws
        -> Answer
    {
        try await send(
            .post, "/auth/login", ["username": .string(name), "password": .string(password ?? Self.password(of: name))], headers: headers,
            from: address)
    }

    /// An access token of somebody who must be able to sign in.
    func token(_ name: String) async throws -> String {
        let answer = try await login(name)
        try #require(answer.status == 200, "\(answer.json.text)")
        return answer.text("access_token")
    }

    static func password(of name: String) -> String { name == "root" ? ownerPassword : "passphrase of \(name)" }

    /// What somebody says who wants to be a member.
    static func newcomer(_ name: String, _ more: JSONObject = [:]) -> JSON {
        var body: JSONObject = [
            "username": .string(name), "email": .string("\(name)@site.test"), "password": .string(password(of: name)),
        ]
        for (field, value) in more { body[field] = value }
        return .object(body)
    }

    /// Opens the link of a mail with the password that somebody chose.
    func verify(_ token: JSON, _ name: String, password: String? = nil, from address: String = "192.0.2.1") async throws -> Answer {
        try await send(
            .post, "/auth/email/verify", ["token": token, "password": .string(password ?? Self.password(of: name))], from: address)
    }

    /// A member made by the owner, with roles besides `member`.
    @discardableResult
    func add(_ name: String, roles: [String] = [], _ more: JSONObject = [:]) async throws -> JSON {
        var fields: JSONObject = ["roles": .array(roles.map { .string($0) })]
        for (field, value) in more { fields[field] = value }
        let answer = try await send(.post, "/users", token: try await token("root"), Self.newcomer(name, fields))
        try #require(answer.status == 201, "\(answer.json.text)")
        return answer.json
    }

    /// The actions on the audit log about somebody, in order.
    func audited(_ user: String) async throws -> [String] {
        try await database.read { transaction in
            try transaction.rows("SELECT action FROM audit_log WHERE target_id = \(user) ORDER BY seq").map { $0.text(0) }
        }
    }

    /// A mail that waits to be sent.
    struct Mail: Sendable {
        let kind: String
        let to: String
        let subject: String
        /// The secret behind the `#` of its link.
        let token: String?
    }

    /// The mails that wait, in order.
    func mails() async throws -> [Mail] {
        try await database.read { [keyring] transaction in
            try transaction.rows("SELECT id, kind, email_cipher, content FROM mail_outbox ORDER BY id").map { row in
                let id = row.int64(0)
                let content = try JSONParser.parse(try keyring.fields.open(row.blob(3), column: "mail_outbox.content", id: id))
                let url = content["url"]?.string ?? ""
                return Mail(
                    kind: row.text(1), to: try keyring.fields.openText(row.blob(2), column: "mail_outbox.email", id: id),
                    subject: content["subject"]?.string ?? "",
                    token: url.contains("#token=") ? url.split(separator: "=").last.map { String($0) } : nil)
            }
        }
    }

    /// Every text, and every blob as if it were one, of a table.
    func everything(in table: String) async throws -> [String] {
        try await database.read { transaction in
            try transaction.rows(SQL(trusted: "SELECT * FROM \(table)")).flatMap(\.values).map { value in
                switch value {
                case .text(let text): text
                case .blob(let bytes): String(decoding: bytes, as: UTF8.self)
                default: ""
                }
            }
        }
    }

    /// The types of all events since the start that name the person.
    /// The events of a person with what they say.
    func told(of user: String) async throws -> [(type: String, members: JSON)] {
        try await database.read { transaction in
            try transaction.rows("SELECT type, members FROM outbox ORDER BY event_offset").compactMap { row in
                let members = try JSONParser.parse(Array(row.text(1).utf8))
                return members["user_id"]?.string == user ? (row.text(0), members) : nil
            }
        }
    }

    func events(of user: String) async throws -> [String] {
        try await database.read { transaction in
            try transaction.rows("SELECT type, members FROM outbox ORDER BY event_offset").compactMap { row in
                let members = try JSONParser.parse(Array(row.text(1).utf8))
                return members["user_id"]?.string == user ? row.text(0) : nil
            }
        }
    }
}

/// The sessions that ended, as the gateway hears of them.
final class Revoked: Sendable {
    private let list = Mutex<[SessionRevocation]>([])

    func add(_ revocation: SessionRevocation) { list.withLock { $0.append(revocation) } }

    var reasons: [String] { list.withLock { $0.map(\.reason.rawValue) } }
    var codes: [UInt16] { list.withLock { $0.map(\.reason.closeCode.rawValue) } }
}

struct Unexpected: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// A clock that stands still until it is told to go on.
final class SteppedClock: Sendable {
    private let time = Mutex(Timestamp(milliseconds: 1_800_000_000_000))
    /// How far the time of day was set ahead of the uptime.
    private let set = Mutex<Int64>(0)

    var wall: WallClock {
        WallClock {
            Uptime(milliseconds: self.time.withLock { $0.milliseconds })
        } now: {
            self.time.withLock { $0 }.adding(seconds: self.set.withLock { $0 })
        }
    }

    func advance(seconds: Int64) { time.withLock { $0 = $0.adding(seconds: seconds) } }

    /// Sets the time of day alone, as somebody does who sets the machine's clock.
    func set(aheadBy seconds: Int64) { set.withLock { $0 = seconds } }
}
