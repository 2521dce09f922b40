public import Database
internal import HTTP
internal import Kernel
internal import Synchronization

/// Remembers the answers of mutations for a day, each in the transaction of its change.
final class Idempotency: Sendable {
    struct Key: Hashable, Sendable {
        let principal: Int64
        let route: String
        let text: String
        let bodyHash: String
    }

    static let retention: Int64 = 24 * 3600

    private struct Place: Hashable {
        let principal: Int64
        let route: String
        let text: String
    }

    private let inFlight = Mutex<Set<Place>>([])
    private let idempotencyCipher: any IdempotencyCipher

    init(idempotencyCipher: any IdempotencyCipher) { self.idempotencyCipher = idempotencyCipher }

    /// - Parameter body: without the key, which may stand in it.
    func fingerprint(target: String, body: [UInt8]) -> String { idempotencyCipher.fingerprint(Array(target.utf8) + [0] + body) }

    func once(
        _ key: Key, in database: any Database, language: Language, requestID: String, at now: Timestamp,
        before: @escaping @Sendable (Transaction) throws -> Void, _ body: @escaping @Sendable (Transaction) throws -> Reply
    ) async throws -> Reply {
        let place = Place(principal: key.principal, route: key.route, text: key.text)
        guard inFlight.withLock({ $0.insert(place).inserted }) else { throw Self.underWay }
        defer { _ = inFlight.withLock { $0.remove(place) } }
        do {
            return try await database.write { [self] transaction in
                guard try Self.claim(key, in: transaction) else { throw Self.underWay }
                try before(transaction)
                if let earlier = try Self.find(key, at: now, in: transaction) { return try replay(earlier, key) }
                let reply = try body(transaction)
                if (200..<300).contains(reply.status) { try keep(reply, key, at: now, in: transaction) }
                return reply
            }
        } catch let problem as Problem
            where Self.isSettled(problem.status) && !["idempotency_key_reused", "already_done", Self.underWay.code].contains(problem.code)
        {
            let reply = Reply(problem, language: language, requestID: requestID)
            do {
                try await database.write { [self] transaction in
                    if try Self.find(key, at: now, in: transaction) == nil { try keep(reply, key, at: now, in: transaction) }
                }
            } catch let error as DatabaseError where error.isUnique {
                // Another node remembered its own answer to the same request first.
            }
            throw problem
        } catch DatabaseError.unique(constraint: let constraint) where constraint.contains("idempotency_keys") {
            throw Self.underWay
        }
    }

    /// Keeps the key from other nodes until the transaction ends.
    ///
    /// - Returns: false when another node is at it: its change and ours would meet at some other constraint, and be told as somebody else's.
    private static func claim(_ key: Key, in transaction: Transaction) throws -> Bool {
        // SQLite has one writer anyway: who comes second finds the answer of the first.
        guard transaction.dialect == .postgres else { return true }
        let name = "idempotency \(key.principal) \(key.route) \(key.text)"
        // These locks are of the whole database, which sites may share, each in a schema of its own.
        return try transaction.row(
            "SELECT pg_try_advisory_xact_lock(hashtextextended(current_schema() || ' ' || CAST(\(name) AS TEXT), 0))")?.bool(0) ?? false
    }

    /// 4xx that another try would give again; 401, 403 and 429 are not.
    private static func isSettled(_ status: Int) -> Bool { [400, 404, 409, 410, 412, 415, 422].contains(status) }

    private static func find(_ key: Key, at now: Timestamp, in transaction: Transaction) throws -> Row? {
        try transaction.row(
            """
            SELECT body_hash, status, headers, body, secret_id FROM idempotency_keys
            WHERE principal = \(key.principal) AND route = \(key.route) AND key = \(key.text) AND created_at > \(now.adding(seconds: -retention))
            """)
    }

    private func replay(_ row: Row, _ key: Key) throws -> Reply {
        guard row.text(0) == key.bodyHash else {
            throw Problem(
                422, "idempotency_key_reused",
                LocalizedText(
                    en: "This idempotency key was used for another request.",
                    fr: "Cette clé d’idempotence a déjà servi pour une autre demande."))
        }
        if let id = row.optionalText(4) {
            throw Problem(
                409, "already_done",
                LocalizedText(
                    en: "This was done already; its answer held a secret, which is shown once.",
                    fr: "C’est déjà fait ; la réponse contenait un secret, montré une seule fois."), extensions: [("id", .string(id))])
        }
        var reply = Reply(status: row.int(1), body: try idempotencyCipher.open(row.blob(3), for: key.principal))
        // By bytes: a mark at the beginning of a value makes another character of what stands in front of it.
        for line in row.text(2).utf8.split(separator: UInt8(ascii: "\n")) {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
            reply.headers.append(String(Substring(line[..<colon])), String(Substring(line[colon...].dropFirst(2))))
        }
        reply.headers["Idempotent-Replayed"] = "true"
        return reply
    }

    private func keep(_ reply: Reply, _ key: Key, at now: Timestamp, in transaction: Transaction) throws {
        let headers = reply.headers.filter { $0.name.lowercased() != "set-cookie" }.map { "\($0.name): \($0.value)" }.joined(
            separator: "\n")
        let body = idempotencyCipher.seal(reply.secretID == nil ? reply.body : [], for: key.principal)
        try transaction.execute(
            """
            DELETE FROM idempotency_keys WHERE principal = \(key.principal) AND route = \(key.route) AND key = \(key.text)
            """)
        try transaction.execute(
            """
            INSERT INTO idempotency_keys (principal, route, key, body_hash, status, headers, body, secret_id, created_at)
            VALUES (\(key.principal), \(key.route), \(key.text), \(key.bodyHash), \(reply.status), \(headers), \(body), \(reply.secretID), \(now))
            """)
    }

    private static let underWay = Problem(
        409, "in_flight",
        LocalizedText(
            en: "The same request is still under way.", fr: "La même demande est encore en cours."), retryAfter: 1)
}

/// The tables of the Web layer.
public let webMigrations = [
    Migration(
        "0002_idempotency",
        [
            """
            CREATE TABLE idempotency_keys (principal BIGINT NOT NULL, route TEXT NOT NULL, key TEXT NOT NULL, body_hash TEXT NOT NULL,
                status BIGINT NOT NULL, headers TEXT NOT NULL, body BYTEA NOT NULL, secret_id TEXT, created_at BIGINT NOT NULL,
                PRIMARY KEY (principal, route, key))
            """,
            "CREATE INDEX idempotency_keys_created_at ON idempotency_keys (created_at)",
        ]),
    Migration(
        "request_nonces",
        [
            """
            CREATE TABLE request_nonces (key_id BIGINT NOT NULL, nonce TEXT NOT NULL, claim BIGINT NOT NULL, expires_at BIGINT NOT NULL,
                PRIMARY KEY (key_id, nonce))
            """,
            "CREATE INDEX request_nonces_expires_at ON request_nonces (expires_at)",
        ]),
]
