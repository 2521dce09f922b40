internal import Crypto
internal import Database
internal import HTTP
internal import Jobs
internal import Kernel
internal import Web

/// `POST /privacy/export`, `GET /privacy/export` and the file: requested, made by a job, kept for a week.
extension PrivacyFeature {
    static let exportJob = "privacy.export"
    private static let lifetime: Int64 = 7 * 86_400
    /// Between two copies of one person, in seconds.
    private static let pause: Int64 = 3600
    /// How long a request may wait for its job, in seconds.
    private static let patience: Int64 = 86_400
    private static let partSize = 512 << 10
    private static let column = "privacy_export_parts.content"

    private struct Export {
        let id: RowID
        let isReady: Bool
        let createdAt: Timestamp
        let readyAt: Timestamp?
        let expiresAt: Timestamp?
        let size: Int

        init(_ row: Row) {
            (id, isReady, createdAt) = (row.id(0), row.text(1) == "ready", row.time(2))
            (readyAt, expiresAt, size) = (row.optionalTime(3), row.optionalTime(4), row.int(5))
        }

        var json: JSON {
            [
                "id": JSON(id), "state": isReady ? "ready" : "waiting", "created_at": JSON(createdAt), "ready_at": JSON(readyAt),
                "expires_at": JSON(expiresAt), "size": JSON(size),
                "json_url": isReady ? .string("/api/v1/privacy/export/\(id)/json") : .null,
                "html_url": isReady ? .string("/api/v1/privacy/export/\(id)/html") : .null,
            ]
        }
    }

    private static func latest(of user: UserID, at now: Timestamp, in transaction: Transaction) throws -> Export? {
        try transaction.row(
            """
            SELECT id, state, created_at, ready_at, expires_at, size FROM privacy_exports
            WHERE user_id = \(user) AND (expires_at IS NULL OR expires_at > \(now)) ORDER BY id DESC LIMIT 1
            """
        ).map(Export.init)
    }

    /// One copy at a time: a second request gets the one that waits, and starts its job again if that was given up.
    func askExport(_ call: Call) async throws -> Reply {
        let (user, now) = (try call.scope.requireWithoutAPIKey(), clock.now())
        return try await call.mutate(database) { [self] transaction in
            if let found = try Self.latest(of: user, at: now, in: transaction), found.isReady {
                let wait = (found.createdAt.adding(seconds: Self.pause).milliseconds - now.milliseconds + 999) / 1000
                guard wait <= 0 else { throw Problem.tooManyRequests(retryAfter: Int(wait)) }
            }
            let id = ids.next(AnyEntity.self)
            try transaction.execute(
                """
                INSERT INTO privacy_exports (id, user_id, state, created_at, size) VALUES (\(id), \(user), 'waiting', \(now), 0)
                ON CONFLICT DO NOTHING
                """)
            guard let export = try Self.latest(of: user, at: now, in: transaction) else { throw Problem.notFound }
            try queue.enqueue(Self.exportJob, key: export.id.uuid, payload: ["id": JSON(export.id)], in: transaction)
            return .json(202, export.json)
        }
    }

    func readExport(_ call: Call) async throws -> Reply {
        let (user, now) = (try call.scope.requireWithoutAPIKey(), clock.now())
        var query = try call.query
        try query.finish()
        return try await database.read { transaction in
            .json(200, try Self.latest(of: user, at: now, in: transaction)?.json ?? ["state": "none"])
        }
    }

    // MARK: Making it

    /// Collects the data of all features, and stores it sealed.
    func make(_ id: RowID) async throws {
        let now = clock.now()
        let owner = try await database.read(.system) {
            try $0.row("SELECT user_id FROM privacy_exports WHERE id = \(id) AND state = 'waiting'")?.id(0, User.self)
        }
        guard let owner else { return }
        let parts = try await database.read(.heavy) { [self] in try gather(owner, in: $0) }
        var object: JSONObject = ["made_at": JSON(now), "user_id": JSON(owner)]
        for member in parts.members { object.append(member.name, member.value) }
        let bytes = JSON.object(object).bytes
        try await database.write { [keyring] transaction in
            guard
                try transaction.execute(
                    """
                    UPDATE privacy_exports SET state = 'ready', ready_at = \(now), expires_at = \(now.adding(seconds: Self.lifetime)),
                        size = \(bytes.count) WHERE id = \(id) AND state = 'waiting'
                    """) == 1
            else { return }
            // Only the newest is kept.
            try transaction.execute("DELETE FROM privacy_exports WHERE user_id = \(owner) AND id < \(id)")
            for (number, start) in stride(from: 0, to: bytes.count, by: Self.partSize).enumerated() {
                let part = Array(bytes[start..<min(start + Self.partSize, bytes.count)])
                let sealed = keyring.fields.seal(part, column: Self.column, id: id.rawValue &+ Int64(number))
                try transaction.execute(
                    "INSERT INTO privacy_export_parts (export_id, part, content) VALUES (\(id), \(number), \(sealed))")
            }
        }
    }

    /// Deletes copies that expired, and requests whose job was given up.
    package func sweep() async throws {
        let now = clock.now()
        try await database.write { transaction in
            try transaction.execute("DELETE FROM privacy_exports WHERE expires_at <= \(now)")
            try transaction.execute(
                "DELETE FROM privacy_exports WHERE state = 'waiting' AND created_at <= \(now.adding(seconds: -Self.patience))")
        }
    }

    // MARK: Reading it

    func serveExport(_ call: Call) async throws -> Reply {
        let (user, now, reference, format) = (
            try call.scope.requireWithoutAPIKey(), clock.now(), call.parameter("id"), call.parameter("format")
        )
        var query = try call.query
        try query.finish()
        guard let id = RowID(uuid: reference), format == "json" || format == "html" else { throw Problem.notFound }
        let bytes = try await database.read(.heavy) { [keyring] transaction -> [UInt8] in
            let rows = try transaction.rows(
                """
                SELECT part, content FROM privacy_export_parts JOIN privacy_exports ON privacy_exports.id = privacy_export_parts.export_id
                WHERE export_id = \(id) AND user_id = \(user) AND expires_at > \(now) ORDER BY part
                """)
            guard !rows.isEmpty else { throw Problem.notFound }
            return try rows.reduce(into: []) { bytes, row in
                bytes += try keyring.fields.open(row.blob(1), column: Self.column, id: id.rawValue &+ row.int64(0))
            }
        }
        let body = format == "json" ? bytes : try ReadableCopy(titles: titles, language: call.scope.language).page(of: bytes)
        return Reply(
            status: 200,
            headers: [
                "Content-Type": format == "json" ? "application/json" : "text/html; charset=utf-8",
                "Content-Disposition": "attachment; filename=\"my-data.\(format)\"", "Cache-Control": "no-store",
            ], body: body)
    }
}
