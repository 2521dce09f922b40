internal import Bus
internal import Database
internal import Directory
internal import HTTP
internal import Kernel
internal import Realtime
internal import Roles
internal import Synchronization
internal import Web

extension PresenceFeature {
    /// `GET /presence`: a page of the snapshot; upgraded to a WebSocket, as `text/event-stream` or with `after` and `wait`, the events.
    ///
    /// The position is read before the page: every event after it is newer than what the page shows, or shows the same again.
    func readPresence(_ call: Call) async throws -> Reply {
        var query = try call.query
        let filter = PresenceFilter(&query)
        if Gateway.isUpgrade(call.request) {
            query.refuseOfAnotherForm(["after", "wait", "limit", "cursor", "count"])
            try query.finish()
            return try gateway.upgrade(call, topic: "presence", filter: filter.json)
        }
        try call.scope.require(.presenceRead)
        if let reply = try await readEvents(call, filter, &query) { return reply }
        let page = query.page()
        query.refuseOfAnotherForm(["wait"])
        try query.finish()
        let after = try page.key { $0.string.flatMap { UserID(uuid: $0) } } ?? UserID(rawValue: -1)
        let position = service.broker.position(of: "presence")
        let here = service.present { filter.admits($0, name: $1) }
        let scope = call.scope
        let found = try await database.read { [self] transaction in
            let condition = try condition(filter, scope, in: transaction)
            var found = try self.page(filter, page, after: after, here, condition, in: transaction)
            if page.wantsTotal {
                found.total = try total(filter, here, condition, in: transaction)
                found.counts = try counts(filter, condition, in: transaction)
            }
            return found
        }
        var body: JSONObject = [
            "items": .array(found.items.map { .object($0.item) }), "next": JSON(found.next), "position": .string(position.description),
        ]
        if let total = found.total { body.append("total", JSON(total)) }
        if let counts = found.counts { body.append("counts", .object(counts)) }
        return .json(200, .object(body)).compressible()
    }

    /// The events after a position, as a stream or by long polling; nil when the snapshot is asked for.
    private func readEvents(_ call: Call, _ filter: PresenceFilter, _ query: inout Query) async throws -> Reply? {
        let wantsStream = call.request.headers["Accept"]?.contains("text/event-stream") ?? false
        let text = query.string("after") ?? (wantsStream ? call.request.headers["Last-Event-ID"] : nil)
        guard wantsStream || text != nil else { return nil }
        let seconds = query.integer("wait", 0...60) ?? 0
        let position = text.flatMap { Position($0) }
        if text != nil, position == nil {
            query.fail("after", "invalid", LocalizedText(en: "A position is expected.", fr: "Une position est attendue."))
        }
        query.refuseOfAnotherForm(["limit", "cursor", "count"])
        try query.finish()
        let wish = try await gateway.wish(call.scope, topic: "presence", filter: filter.json)
        if wantsStream { return try gateway.stream(call.scope, wish, after: position) }
        guard let position else { return nil }
        return try await gateway.poll(call.scope, wish, after: position, seconds: seconds)
    }

    private struct Found: Sendable {
        var items: [(user: UserID, item: JSONObject)] = []
        var next: String?
        var total: Int?
        var counts: JSONObject?
    }

    /// What of the filter is of the person, not of what they show.
    private func condition(_ filter: PresenceFilter, _ scope: Scope, in transaction: Transaction) throws -> SQL {
        var condition: SQL = "users.deleted_at IS NULL"
        if let role = filter.role { condition = "\(sql: condition) AND \(sql: try assignments.holding(role: role, in: transaction))" }
        if let people = filter.people {
            var ids: [UserID] = []
            for name in people {
                do { ids.append(try directory.resolve(name, scope: scope, in: transaction)) } catch is Problem { continue }
            }
            condition = "\(sql: condition) AND users.id IN (SELECT value FROM json_each(\(ids: ids)))"
        }
        return condition
    }

    /// Of those who are not there, all that a search can find is their names.
    private func named(_ filter: PresenceFilter) -> SQL { filter.text.map(MemberDirectory.naming) ?? "1 = 1" }

    /// Looks through the candidates, or through everybody, in steps; a rare status among very many people ends early with a cursor.
    private func page(
        _ filter: PresenceFilter, _ page: Page, after start: UserID, _ here: [UserID], _ condition: SQL, in transaction: Transaction
    ) throws -> Found {
        var found = Found()
        var after = start
        let candidates = filter.wantsPresent ? here.filter { $0 > start }.sorted() : nil
        let everybody: SQL =
            filter.text == nil
            ? condition
            : "\(sql: condition) AND (\(sql: named(filter)) OR users.id IN (SELECT value FROM json_each(\(ids: here))))"
        for step in 0..<20 {
            let part = candidates.map { Array($0.dropFirst(step * 500).prefix(500)) }
            let among: SQL = part.map { "users.id IN (SELECT value FROM json_each(\(ids: $0)))" } ?? "users.id > \(after)"
            let rows = try transaction.rows(
                """
                SELECT \(sql: Member.columns) FROM users
                WHERE \(sql: among) AND \(sql: candidates == nil ? everybody : condition) ORDER BY users.id LIMIT 500
                """)
            for member in rows.map({ Member($0) }) {
                let view = service.view(of: member)
                if filter.admits(view, name: member.searchName) {
                    guard found.items.count < page.limit else {
                        found.next = Page.cursor([JSON(after)])
                        return try withRoles(found, in: transaction)
                    }
                    found.items.append((member.id, PresenceEvents.item(member, view)))
                }
                after = member.id
            }
            let isEnd = part.map { $0.count < 500 } ?? (rows.count < 500)
            if isEnd { return try withRoles(found, in: transaction) }
            after = part?.last ?? after
        }
        found.next = Page.cursor([JSON(after)])
        return try withRoles(found, in: transaction)
    }

    private func total(_ filter: PresenceFilter, _ here: [UserID], _ condition: SQL, in transaction: Transaction) throws -> Int {
        let found = try count(condition, among: here, in: transaction)
        guard !filter.wantsPresent else { return found }
        let absent: SQL = "\(sql: condition) AND \(sql: named(filter))"
        return found + (try count(absent, in: transaction))
            - (try count(absent, among: service.present { _, _ in true }, in: transaction))
    }

    /// How many of those whom the filter admits show each status of somebody present.
    private func counts(_ filter: PresenceFilter, _ condition: SQL, in transaction: Transaction) throws -> JSONObject {
        var counts = JSONObject()
        for status in ShownStatus.allCases where status != .offline {
            let those = service.present { $0.status == status && filter.admits($0, name: $1) }
            counts.append(status.rawValue, JSON(try count(condition, among: those, in: transaction)))
        }
        return counts
    }

    private func count(_ condition: SQL, among users: [UserID]? = nil, in transaction: Transaction) throws -> Int {
        let among: SQL = users.map { "users.id IN (SELECT value FROM json_each(\(ids: $0)))" } ?? "1 = 1"
        return try transaction.row("SELECT COUNT(*) FROM users WHERE \(sql: among) AND \(sql: condition)")?.int(0) ?? 0
    }

    /// The roles of those who were found, read once.
    private func withRoles(_ found: Found, in transaction: Transaction) throws -> Found {
        var found = found
        let roles = try assignments.roles(of: found.items.map(\.user), in: transaction)
        for (index, item) in found.items.enumerated() {
            found.items[index].item.append("roles", .array((roles[item.user] ?? []).map { JSON($0.id) }))
        }
        return found
    }
}
