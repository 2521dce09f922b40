internal import Database
internal import Directory
internal import HTTP
internal import Kernel
internal import Runtime
internal import Synchronization
internal import Web

/// Every request of a signed-in person, written in batches off the request's path; not chained, and erased with age.
///
/// On SQLite it has a file of its own with a writer of its own, so that it never holds up what requests wait for; on PostgreSQL a table and connections.
final class AccessLog: Sendable {
    struct Entry: Sendable {
        let id: RowID
        let user: UserID
        let method: String
        let route: String
        let path: String
        let status: Int
        let ip: String
        let userAgent: String
        let requestID: String
    }

    let database: any Database
    /// Where the people are.
    private let people: any Database
    private let ids: IDGenerator
    private let waiting = Mutex<[Entry]>([])
    private let dropped: Counter
    private let retentionDays: Int
    /// Beyond so many that wait, new ones are dropped and counted.
    static let limit = 20_000
    static let batch = 500

    init(database: any Database, people: any Database, ids: IDGenerator, retentionDays: Int, metrics: Metrics) {
        (self.database, self.people, self.ids, self.retentionDays) = (database, people, ids, retentionDays)
        dropped = metrics.counter("foyer_access_log_dropped_total", "Entries of the access log that found its buffer full.")
    }

    /// Never waits.
    func note(_ request: HTTPRequest, route: String, status: Int, scope: Scope) {
        guard let user = scope.userID else { return }
        let entry = Entry(
            id: ids.next(), user: user, method: "\(request.method)", route: route, path: String(request.path.prefix(300)), status: status,
            ip: scope.address, userAgent: scope.userAgent, requestID: scope.requestID)
        let isKept = waiting.withLock { waiting in
            guard waiting.count < Self.limit else { return false }
            waiting.append(entry)
            return true
        }
        if !isKept { dropped.add() }
    }

    /// Writes what waits. What the database refuses waits on.
    func flush() async throws {
        var isEmpty = false
        while !isEmpty {
            let batch = waiting.withLock { waiting in
                let batch = Array(waiting.prefix(Self.batch))
                waiting.removeFirst(batch.count)
                return batch
            }
            isEmpty = batch.count < Self.batch
            guard !batch.isEmpty else { return }
            do {
                try await write(batch)
            } catch {
                waiting.withLock { $0.insert(contentsOf: batch, at: 0) }
                throw error
            }
        }
    }

    /// What waited of somebody who was deleted for good meanwhile is dropped; who is deleted during the write is erased after it.
    private func write(_ batch: [Entry]) async throws {
        let authors = Array(Set(batch.map(\.user)))
        let here = try await existing(authors)
        try await database.write { transaction in
            for entry in batch where here.contains(entry.user) {
                try transaction.execute(
                    """
                    INSERT INTO access_log (\(sql: Self.columns))
                    VALUES (\(entry.id), \(entry.user), \(entry.method), \(entry.route), \(entry.path), \(entry.status), \(entry.ip),
                        \(entry.userAgent), \(entry.requestID))
                    ON CONFLICT DO NOTHING
                    """)
            }
        }
        for gone in try await here.subtracting(existing(Array(here))) { try await erase(gone) }
    }

    private func existing(_ users: [UserID]) async throws -> Set<UserID> {
        try await people.read { Set(try MemberDirectory().members(users, in: $0).map(\.id)) }
    }

    /// Erases what is past its time, a thousand rows a transaction.
    func erase(before now: Timestamp) async throws {
        let last = Snowflake.first(at: now.adding(seconds: -Int64(retentionDays) * 86_400))
        var erased = 1000
        while erased == 1000 {
            erased = try await database.write { transaction in
                try transaction.execute(
                    "DELETE FROM access_log WHERE id IN (SELECT id FROM access_log WHERE id < \(last) ORDER BY id LIMIT 1000)")
            }
        }
    }

    /// Erases what one person did, waiting entries included.
    func erase(_ user: UserID) async throws {
        waiting.withLock { $0.removeAll { $0.user == user } }
        _ = try await database.write { try $0.execute("DELETE FROM access_log WHERE user_id = \(user)") }
    }

    /// Moves the rows that were written before the log had a file of its own, a batch at a time; a crash in between repeats a batch and doubles nothing.
    func takeOver(from main: any Database) async throws {
        guard !main.isShared else { return }
        var count = Self.batch
        while count == Self.batch {
            let rows = try await main.read(.heavy) { transaction in
                try transaction.rows("SELECT \(sql: Self.columns) FROM access_log ORDER BY id LIMIT \(Self.batch)").map(\.values)
            }
            guard let last = rows.last?[0] else { return }
            try await database.write { transaction in
                for row in rows {
                    let values = SQL.joined(row.map { "\($0)" }, separator: ", ")
                    try transaction.execute(
                        "INSERT INTO access_log (\(sql: Self.columns)) VALUES (\(sql: values)) ON CONFLICT DO NOTHING")
                }
            }
            count = try await main.write { try $0.execute("DELETE FROM access_log WHERE id <= \(last)") }
        }
    }

    static let columns: SQL = "id, user_id, method, route, path, status, ip, user_agent, request_id"
}

/// `GET /audit/access`: newest first.
extension AuditFeature {
    func listAccess(_ call: Call) async throws -> Reply {
        var query = try call.query
        let user = query.string("user")
        let (route, method) = (query.string("route"), query.string("method"))
        let (status, ip) = (query.integer("status", 100...599), query.string("ip"))
        let (from, to) = (query.time("from"), query.time("to"))
        let page = query.page()
        try query.finish()
        let before = try page.key(\.integer) ?? .max
        var parts: [SQL] = []
        if let user {
            guard let id = try await person(user, call.scope) else {
                return .page([], next: nil, total: page.wantsTotal ? 0 : nil)
            }
            parts.append("user_id = \(id)")
        }
        if let route { parts.append("route = \(route)") }
        if let method { parts.append("method = \(method.uppercased())") }
        if let status { parts.append("status = \(status)") }
        if let ip { parts.append("ip = \(ip)") }
        let isSearch = route != nil || method != nil || status != nil || ip != nil
        if let from { parts.append("id >= \(Snowflake.first(at: from))") }
        if let to { parts.append("id < \(Snowflake.first(at: to.adding(milliseconds: 1)))") }
        let conditions = parts
        return try await access.database.read(isSearch || page.wantsTotal ? .heavy : .requests) { transaction in
            let rows = try transaction.rows(
                """
                SELECT \(sql: AccessLog.columns) FROM access_log
                WHERE \(sql: (conditions + ["id < \(before)"]).all) ORDER BY id DESC LIMIT \(page.limit + 1)
                """)
            let shown = rows.prefix(page.limit)
            let next = rows.count > page.limit ? shown.last.map { Page.cursor([.integer($0.int64(0))]) } : nil
            let total = page.wantsTotal ? try transaction.row("SELECT COUNT(*) FROM access_log WHERE \(sql: conditions.all)")?.int(0) : nil
            return .page(shown.map(Self.access), next: next, total: total)
        }
    }

    private func person(_ name: String, _ scope: Scope) async throws -> UserID? {
        try await database.read { try AuditFilter.person(name, scope, $0) }
    }

    private static func access(_ row: Row) -> JSON {
        let (id, user) = (row.id(0, AnyEntity.self), row.id(1, User.self))
        return [
            "id": JSON(id), "at": JSON(id.timestamp), "user_id": JSON(user), "method": .string(row.text(2)), "route": .string(row.text(3)),
            "path": .string(row.text(4)), "status": .integer(row.int64(5)),
            "decision": .string(row.int(5) == 401 || row.int(5) == 403 ? "denied" : "allowed"), "ip": .string(row.text(6)),
            "user_agent": .string(row.text(7)), "request_id": .string(row.text(8)),
        ]
    }
}
