import Authorization
import Crypto
import Database
import HTTP
import Kernel
import Pictures
import SiteSupport
import Synchronization
import Testing

@testable import Accounts

/// Makes what a line of the table is about: persons, and things that are theirs.
final class Targets: Sendable {
    let site: TestSite
    /// Who makes what others ask for.
    private let owner: String
    private let shared = Mutex<[String: String]>([:])
    private let gaps = Atomic<Int>(0)

    init(_ site: TestSite) async throws {
        self.site = site
        owner = try await site.signIn(try await site.add(.owner)).bearer
        _ = try await site.add(.member, named: "login")
        // Whoever calls this person finds them busy, so that nobody's call goes on.
        _ = try await site.add(.member, named: "busy")
        let caller = try await site.signIn(try await site.add(.member)).bearer
        let ringing = try await site.post("/calls", ["to": "u_busy"], as: caller)
        try #require(ringing.json["state"] == "ringing", "\(ringing.json.text)")
        let rules: JSON = ["rules": ["en": "Be kind.", "fr": "Soyez aimables."]]
        let answer = try await site.send("PATCH", "/settings", ["Authorization": "Bearer \(owner)"], body: rules.bytes)
        try #require(answer.status == 200, "\(answer.json.text)")
    }

    /// What stands at `{id}`.
    ///
    /// - Parameter isFresh: for a request that changes it; the others share one.
    func id(of line: PermissionLine, _ whose: Whose, for column: Column, _ actor: Actor?, isFresh: Bool) async throws -> String {
        if isFresh { return try await make(line, whose, column, actor) }
        let key = "\(kind(of: line)) \(line.path.hasSuffix("/restore")) \(whose) \(column) \(actor?.person.name ?? "")"
        if let known = shared.withLock({ $0[key] }) { return known }
        let made = try await make(line, whose, column, actor)
        shared.withLock { $0[key] = made }
        return made
    }

    private enum Kind {
        case person, session, key, role, invitation, registration, entry, picture, job, request, conversation, message, channel, category,
            sanction, reported, appealed, title, filmPerson, titleImport, sourceRun, memberImport, file, alert, webhook, delivery,
            provider, call, passkey, none
    }

    private func kind(of line: PermissionLine) -> Kind {
        let kinds: [(String, Kind)] = [
            ("/auth/sessions/", .session), ("/api-keys/", .key), ("/roles", .role), ("/invitations/", .invitation),
            ("/registrations/", .registration), ("/audit/", .entry), ("/avatars/", .picture), ("/users/bulk/", .job),
            ("/users/import/", .memberImport), ("/users/me/passkeys/", .passkey), ("/users/", .person),
            ("/friend-requests/", .request), ("/friends/", .person), ("/blocks/", .person),
            ("/conversations", .conversation), ("/messages/", .message), ("/channels", .channel),
            ("/calls/", .call), ("/channel-categories", .category), ("/alerts/", .alert), ("/webhooks/events", .none),
            ("/webhooks/", .webhook),
            ("/webhook-deliveries/", .delivery), ("/identity-providers/", .provider), ("/sanctions/preview", .person),
            ("/sanctions/", .sanction),
            ("/sanctions", .person), ("/moderation/purges", .person), ("/cases/", .reported), ("/appeals/", .appealed),
            ("/media/import/", .titleImport), ("/media/source/runs/", .sourceRun), ("/media/", .title), ("/people/", .filmPerson),
            ("/files/", .file), ("//files/", .file),
        ]
        if line.query.contains("presence:role:") { return .role }
        if line.query.contains("media:") { return .title }
        if line.query.contains("conversation:") || line.query.contains("typing:") { return .conversation }
        if line.query.contains("user") || line.query.contains("history:") { return .person }
        return kinds.first { line.path.hasPrefix($0.0) }?.1 ?? .none
    }

    private func make(_ line: PermissionLine, _ whose: Whose, _ column: Column, _ actor: Actor?) async throws -> String {
        if whose == .nobody || whose == .absent { return site.ids.next(User.self).uuid }
        switch kind(of: line) {
        case .person: return try await person(whose, column, actor).id.uuid
        case .session:
            let person = try await person(whose, column, actor)
            let body: JSON = ["username": .string(person.name), "password": .string(TestSite.password)]
            return try await site.post("/auth/login", body).text("session_id")
        case .key:
            let token = try await site.signIn(try await person(whose, column, actor)).bearer
            return try await site.post("/api-keys", ["name": "key", "scopes": ["media.read"]], as: token).text("id")
        case .passkey: return try await passkey(of: try await person(whose, column, actor))
        case .role:
            return try await role(
                whose, column, isDeleted: line.path.hasSuffix("/restore"), isForOrder: whose == .below && line.path.hasSuffix("/order"))
        case .title: return try await title()
        case .titleImport: return try await titleImport()
        case .memberImport:
            // Of somebody who has no other: how many are open is limited.
            let author = try await site.signIn(try await site.add(.admin)).bearer
            let body: JSON = [["username": .string(site.unique()), "email": .string("\(site.unique())@site.test")]]
            return try await site.post("/users/import", body, as: author).text("id")
        case .sourceRun: return try await sourceRun()
        case .filmPerson: return try await filmPerson()
        case .invitation: return try await site.post("/invitations", [:], as: owner).text("id")
        case .registration: return try await registration()
        case .entry:
            return try await site.database.read { transaction in
                let id: AuditEntryID? = try transaction.row("SELECT id FROM audit_log LIMIT 1")?.id(0)
                return try #require(id).uuid
            }
        case .picture:
            let token = try await site.signIn(try await site.add(.member)).bearer
            let answer = try await site.send(
                "PUT", "/users/me/avatar", ["Authorization": "Bearer \(token)"], body: Self.picture, type: "image/png")
            return String(try answer.text("avatar_url").split(separator: "/").dropLast().last ?? "")
        // Somebody else’s, whoever asks.
        case .job: return try await site.post("/users/bulk", ["action": "disable", "filter": ""], as: owner).text("id")
        case .request: return try await request(of: actor, isTheirs: line.path.hasSuffix("/cancel"))
        case .conversation: return try await group(with: actor)
        case .channel: return try await site.post("/channels", ["name": .string(site.unique())], as: owner).text("id")
        case .category: return try await site.post("/channel-categories", ["name": .string(site.unique())], as: owner).text("id")
        case .sanction: return try await warning(of: try await person(whose, column, actor))
        case .file:
            let person = try await add(actor)
            let token = try await site.signIn(person).bearer
            let answer = try await site.send(
                "POST", "/files", ["Authorization": "Bearer \(token)", "Tus-Resumable": "1.0.0", "Upload-Length": "0"])
            return String(answer.headers["Location"]?.split(separator: "/").last ?? "")
        case .reported: return try await report(of: try await person(whose, column, actor))
        case .appealed:
            let person = try await person(whose, column, actor)
            let (warning, token) = (try await warning(of: person), try await site.signIn(person).bearer)
            return try await site.post("/sanctions/\(warning)/appeal", ["text": "It was not me."], as: token).text("id")
        case .message:
            let group = try await group(with: actor)
            let body: JSON = ["content": "Hello"]
            let headers = actor.map { Credential.bearer.headers(of: $0) } ?? ["Authorization": "Bearer \(owner)"]
            return try await site.send("POST", "/conversations/\(group)/messages", headers, body: body.bytes).text("id")
        case .call: return try await call(of: actor, isTheirs: line.path.hasSuffix("/cancel"))
        case .webhook: return try await webhook()
        case .delivery: return try await site.post("/webhooks/\(try await webhook())/test", [:], as: owner).text("id")
        case .provider: return try await provider()
        case .alert:
            return try await site.post("/alerts", ["name": .string(site.unique()), "expression": "requests > 1"], as: owner).text("id")
        case .none:
            throw TableFault("line \(line.number): Targets does not know how to make what \(line.path) is about")
        }
    }

    /// A case about a person whom a new member reported.
    private func report(of person: Person) async throws -> String {
        let token = try await site.signIn(try await site.add(.member)).bearer
        let body: JSON = ["target_type": "user", "target_id": .string("u_\(person.name)"), "category": "spam"]
        let answer = try await site.post("/reports", body, as: token)
        try #require(answer.status == 201, "\(answer.json.text)")
        return try await site.database.read { transaction in
            let id: RowID? = try transaction.row("SELECT id FROM cases WHERE target_id = \(person.id) AND state = 'open'")?.id(0)
            return try #require(id).uuid
        }
    }

    /// A warning of a person.
    private func warning(of person: Person) async throws -> String {
        let (id, now) = (site.ids.next(AnyEntity.self), site.now)
        _ = try await site.database.write { transaction in
            try transaction.execute(
                """
                INSERT INTO sanctions (id, user_id, kind, reason, issued_at, starts_at, source, version)
                VALUES (\(id), \(person.id), 'warn', 'spam', \(now), \(now), 'person', 1)
                """)
        }
        return id.uuid
    }

    /// A group that the one who asks is in.
    private func group(with actor: Actor?) async throws -> String {
        let person = try await add(actor)
        return try await site.post(
            "/conversations", ["members": [.string("u_\(person.name)")], "name": .string(site.unique())], as: owner
        ).text("id")
    }

    /// A friend request of somebody, or to them.
    private func request(of actor: Actor?, isTheirs: Bool) async throws -> String {
        let (one, other) = (try await add(actor), try await site.add(.member))
        let (from, to) = isTheirs ? (one, other) : (other, one)
        return try await site.post("/friend-requests", ["to": .string("u_\(to.name)")], as: try await site.signIn(from).bearer).text("id")
    }

    /// A call that rings: of somebody, or at them. The one that they are in ends.
    private func call(of actor: Actor?, isTheirs: Bool) async throws -> String {
        let (one, other) = (try await add(actor), try await site.add(.member))
        let token = try await site.signIn(one).bearer
        for live in try await site.send("GET", "/calls", ["Authorization": "Bearer \(token)"]).json["items"]?.array ?? [] {
            _ = try await site.post("/calls/\(try #require(live["id"]?.string))/leave", [:], as: token)
        }
        let (from, to) = isTheirs ? (one, other) : (other, one)
        return try await site.post("/calls", ["to": .string("u_\(to.name)")], as: try await site.signIn(from).bearer).text("id")
    }

    /// A series with an episode.
    private func title() async throws -> String {
        let (id, episode) = (site.ids.next(AnyEntity.self), site.ids.next(AnyEntity.self))
        try await site.database.write { transaction in
            try transaction.execute(
                """
                INSERT INTO media (id, kind, original_title, detail, version, created_at) VALUES (\(id), 'series', 'A title', 'full', 1, 0)
                """)
            try transaction.execute("INSERT INTO seasons (media_id, number) VALUES (\(id), 1)")
            try transaction.execute(
                "INSERT INTO episodes (id, media_id, season, number) VALUES (\(episode), \(id), 1, 1)")
        }
        return id.uuid
    }

    /// A sign-in provider that nobody asks.
    private func provider() async throws -> String {
        let (id, now, key) = (site.ids.next(AnyEntity.self), site.now, site.unique())
        let metadata: JSON = [
            "authorization_endpoint": "https://a.test/a", "token_endpoint": "https://a.test/t", "jwks_uri": "https://a.test/k",
        ]
        _ = try await site.database.write { transaction in
            try transaction.execute(
                """
                INSERT INTO identity_providers (id, key, name, issuer, client_id, scopes, metadata, checked_at, is_enabled, trusts_email, trusts_mfa,
                    role_rules, rules_author, created_at, version)
                VALUES (\(id), \(key), 'A provider', \(key), 'client', 'openid', \(metadata.text), \(now), FALSE, FALSE, FALSE, '[]', 1, \(now), 1)
                """)
        }
        return id.uuid
    }

    /// A row that no key belongs to.
    private func passkey(of person: Person) async throws -> String {
        let id = site.ids.next(AnyEntity.self)
        _ = try await site.database.write { transaction in
            try transaction.execute(
                """
                INSERT INTO passkeys (id, user_id, credential_id, public_key, alg, sign_count, rp_id, user_handle, aaguid, transports,
                    backup_eligible, backed_up, name, created_at)
                VALUES (\(id), \(person.id), \(Random.bytes(16)), \(Random.bytes(16)), -7, 0, 'site.test', \(Random.bytes(64)),
                    \(Random.bytes(16)), '', \(false), \(false), 'Phone', 0)
                """)
        }
        return id.uuid
    }

    private func webhook() async throws -> String {
        // A public address that is never called here: no job runs.
        try await site.post("/webhooks", ["url": "http://1.1.1.1/hook", "events": ["user.created"]], as: owner).text("id")
    }

    /// An import in preview, of another person who has no other import.
    private func titleImport() async throws -> String {
        let (id, author) = (site.ids.next(AnyEntity.self), site.ids.next(User.self))
        _ = try await site.database.write { transaction in
            try transaction.execute(
                """
                INSERT INTO media_imports (id, author_id, state, columns, mapping, language, total, created_at)
                VALUES (\(id), \(author), 'preview', '[]', '{}', 'en', 0, 0)
                """)
        }
        return id.uuid
    }

    /// An import from TMDB that is done.
    private func sourceRun() async throws -> String {
        let id = site.ids.next(AnyEntity.self)
        _ = try await site.database.write { transaction in
            try transaction.execute(
                """
                INSERT INTO media_runs (id, list, kind, wanted, state, created_at) VALUES (\(id), 'popular', 'film', 1, 'done', 0)
                """)
        }
        return id.uuid
    }

    private func filmPerson() async throws -> String {
        let id = site.ids.next(AnyEntity.self)
        _ = try await site.database.write { transaction in
            try transaction.execute("INSERT INTO people (id, name, created_at) VALUES (\(id), 'Somebody', 0)")
        }
        return id.uuid
    }

    private func add(_ actor: Actor?) async throws -> Person {
        if let actor { return actor.person }
        return try await site.add(.member)
    }

    /// Somebody as far above or below as is asked.
    private func person(_ whose: Whose, _ column: Column, _ actor: Actor?) async throws -> Person {
        if whose == .own, let actor { return actor.person }
        let ladder: [SystemRole?] = [nil, .member, .staff, .mod, .admin, .owner]
        let place = ladder.firstIndex { $0?.rawValue == column.rawValue } ?? 1
        let role = ladder[min(ladder.count - 1, place + (whose == .below ? -1 : whose == .above ? 1 : 0))]
        let person = try await site.add(role)
        try await begin(factorOf: person.id)
        return person
    }

    private func role(_ whose: Whose, _ column: Column, isDeleted: Bool, isForOrder: Bool) async throws -> String {
        if whose == .system { return RoleID(rawValue: 4).uuid }
        let rank = SystemRole(rawValue: column.rawValue)?.priority ?? 0
        if whose == .equal, rank == 1000 { return RoleID(rawValue: 1).uuid }
        let id = try await makeRole(max(1, isForOrder ? rank - gap() : rank + (whose == .below ? -10 : whose == .above ? 1 : 0)))
        if isDeleted { _ = try await site.send("DELETE", "/roles/\(id)", ["Authorization": "Bearer \(owner)"]) }
        return id
    }

    private func makeRole(_ priority: Int) async throws -> String {
        let body: JSON = ["name": .string(site.unique()), "priority": JSON(priority), "permissions": []]
        return try await site.post("/roles", body, as: owner).text("id")
    }

    /// Distinct, so that roles in a wanted order have room between them.
    private func gap() -> Int { 20 + 2 * (gaps.add(1, ordering: .relaxed).newValue % 40) }

    /// Somebody who waits for the team.
    private func registration() async throws -> String {
        let name = try await register()
        return try await site.database.write { transaction in
            try transaction.execute(
                "UPDATE registrations SET state = 'pending', needs_approval = \(true), expires_at = NULL WHERE username = \(name)")
            let id: RegistrationID? = try transaction.row("SELECT id FROM registrations WHERE username = \(name)")?.id(0)
            return try #require(id).uuid
        }
    }

    private func register() async throws -> String {
        let name = site.unique()
        let answer = try await site.post(
            "/auth/register",
            [
                "username": .string(name), "email": .string("\(name)@site.test"), "password": .string(TestSite.password),
                "rules_version": 1,
            ])
        try #require(answer.status == 202, "\(answer.json.text)")
        return name
    }

    static let picture = Picture.png(width: 8, height: 8) { x, y in [UInt8(x * 30), UInt8(y * 30), 0] }
}

// MARK: What is sent

extension Targets {
    /// Puts what the words in braces stand for in their place.
    func fill(_ body: String, _ line: PermissionLine, _ column: Column, _ actor: Actor?, id: String, isFresh: Bool) async throws -> [UInt8]
    {
        var text = body
        func put(_ word: String, _ value: () async throws -> String) async throws {
            if text.contains("{\(word)}") { text = text.replacing("{\(word)}", with: try await value()) }
        }
        let rank = SystemRole(rawValue: column.rawValue)?.priority ?? 0
        text = text.replacing("\"{rank}\"", with: String(rank))
        try await put("id") { id }
        try await put("title") { try await title() }
        try await put("unique") { site.unique() }
        try await put("stranger") { "u_\(try await site.add(.member).name)" }
        try await put("password") { TestSite.password }
        try await put("own_role") { "role_\(column)" }
        try await put("role") {
            if isFresh { return try await makeRole(max(20, rank - 300 + gap())) }
            if let known = shared.withLock({ $0["role"] }) { return known }
            let made = try await makeRole(20)
            shared.withLock { $0["role"] = made }
            return made
        }
        try await put("refresh") {
            let body: JSON = ["username": .string(actor?.person.name ?? "login"), "password": .string(TestSite.password)]
            return try await site.post("/auth/login", body).text("refresh_token")
        }
        try await put("invitation") { try await site.post("/invitations", [:], as: owner).text("token") }
        try await put("mailed") { try await site.mailed(to: "\(try await register())@site.test") }
        try await put("reset") { try await resetSecret() }
        try await put("code") {
            guard let actor, isFresh else { return "000000" }
            return try await code(of: actor.person.id, isConfirmed: line.method == "DELETE")
        }
        return Array(text.utf8)
    }

    private func resetSecret() async throws -> String {
        let person = try await site.add(.member)
        _ = try await site.post("/auth/password/forgot", ["email": .string("\(person.name)@site.test")])
        try await site.accounts.grantWishes()
        return try await site.mailed(to: "\(person.name)@site.test")
    }

    private static let secret = [UInt8](repeating: 7, count: 20)

    /// Shows somebody the secret of a second factor.
    private func begin(factorOf user: UserID) async throws {
        let (factors, now) = (site.accounts.factors, site.now)
        try await site.database.write { try factors.begin(Self.secret, of: user, at: now, in: $0) }
    }

    /// A code that holds now, of a factor that is begun, or in use.
    private func code(of user: UserID, isConfirmed: Bool) async throws -> String {
        try await begin(factorOf: user)
        let (factors, now) = (site.accounts.factors, site.now)
        let step = TOTP.step(atMilliseconds: now.milliseconds)
        if isConfirmed {
            try await site.database.write { try factors.confirm(user, step: step - 2, [], at: now, in: $0) }
        }
        return try TOTP.code(secret: Self.secret, step: step)
    }
}
