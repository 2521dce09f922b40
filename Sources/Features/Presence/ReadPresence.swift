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
        if Gateway.isUpgrade(call.request) { return try gateway.upgrade(call, topic: "presence") }
        try call.scope.require(.presenceRead)
        if let reply = try await readEvents(call) { return reply }
        let filter = try PresenceFilter(call)
        let position = service.broker.position(of: "presence")
        let candidates = filter.wantsPresent ? presentIDs(filter) : nil
        let found = try await database.read { [self] transaction in
            let condition = try condition(filter, in: transaction)
            var found = try page(filter, candidates, condition, in: transaction)
            if filter.page.wantsTotal { found.total = try total(filter, condition, in: transaction) }
            return found
        }
        var body: JSONObject = [
            "items": .array(found.items.map(JSON.object)), "next": JSON(found.next), "position": .string(position.description),
        ]
        if let total = found.total { body.append("total", JSON(total)) }
        return .json(200, .object(body)).compressible()
    }

    /// The events after a position, as a stream or by long polling; nil when the snapshot is asked for.
    private func readEvents(_ call: Call) async throws -> Reply? {
        let wantsStream = call.request.headers["Accept"]?.contains("text/event-stream") ?? false
        var query = try call.query
        let text = query.string("after") ?? (wantsStream ? call.request.headers["Last-Event-ID"] : nil)
        guard wantsStream || text != nil else { return nil }
        let seconds = query.integer("wait", 0...60) ?? 0
        let position = text.flatMap { Position($0) }
        if text != nil, position == nil {
            query.fail("after", "invalid", LocalizedText(en: "A position is expected.", fr: "Une position est attendue."))
        }
        try query.finish()
        if wantsStream { return try gateway.stream(call.scope, topic: "presence", after: position) }
        guard let position else { return nil }
        return try await gateway.poll(call.scope, topic: "presence", after: position, seconds: seconds)
    }

    private struct Found: Sendable {
        var items: [JSONObject] = []
        var next: String?
        var total: Int?
    }

    /// Those of the present whom the filter admits, in order, behind the cursor.
    private func presentIDs(_ filter: PresenceFilter) -> [UserID] {
        reader.present().filter { $0.key > filter.after && filter.admits($0.value) }.keys.sorted()
    }

    private func condition(_ filter: PresenceFilter, in transaction: Transaction) throws -> SQL {
        guard let role = filter.role else { return "users.deleted_at IS NULL" }
        return "users.deleted_at IS NULL AND \(sql: try assignments.holding(role: role, in: transaction))"
    }

    /// Looks through the candidates, or through everybody, in steps; a rare status among very many people ends early with a cursor.
    private func page(
        _ filter: PresenceFilter, _ candidates: [UserID]?, _ condition: SQL, in transaction: Transaction
    ) throws -> Found {
        var found = Found()
        var after = filter.after
        for step in 0..<20 {
            let part = candidates.map { Array($0.dropFirst(step * 500).prefix(500)) }
            let among: SQL = part.map { "users.id IN (SELECT value FROM json_each(\(ids: $0)))" } ?? "users.id > \(after)"
            let rows = try transaction.rows(
                "SELECT \(sql: Member.columns) FROM users WHERE \(sql: among) AND \(sql: condition) ORDER BY users.id LIMIT 500")
            for member in rows.map({ Member($0) }) {
                let view = service.view(of: member)
                if filter.admits(view.status) {
                    guard found.items.count < filter.page.limit else {
                        found.next = Page.cursor([JSON(after)])
                        return found
                    }
                    found.items.append(PresenceEvents.item(member, view))
                }
                after = member.id
            }
            let isEnd = part.map { $0.count < 500 } ?? (rows.count < 500)
            if isEnd { return found }
            after = part?.last ?? after
        }
        found.next = Page.cursor([JSON(after)])
        return found
    }

    private func total(_ filter: PresenceFilter, _ condition: SQL, in transaction: Transaction) throws -> Int {
        func count(_ users: [UserID]) throws -> Int {
            try transaction.row(
                "SELECT COUNT(*) FROM users WHERE users.id IN (SELECT value FROM json_each(\(ids: users))) AND \(sql: condition)")?.int(0)
                ?? 0
        }
        let present = reader.present()
        let here = try count(present.filter { filter.admits($0.value) }.map(\.key))
        guard filter.admits(.offline) else { return here }
        let all = try transaction.row("SELECT COUNT(*) FROM users WHERE \(sql: condition)")?.int(0) ?? 0
        return here + all - (try count(Array(present.keys)))
    }
}

/// The query of `GET /presence`.
struct PresenceFilter: Sendable {
    /// An id, or `role_<name>`.
    let role: String?
    let status: ShownStatus?
    let online: Bool?
    let page: Page
    let after: UserID

    init(_ call: Call) throws(Problem) {
        var query = try call.query
        role = query.string("role")
        status = query.choice("status", ShownStatus.self)
        online = query.bool("online")
        page = query.page()
        try query.finish()
        after = try page.key { $0.string.flatMap { UserID(uuid: $0) } } ?? UserID(rawValue: -1)
    }

    /// Whether nobody absent can be among the answer.
    var wantsPresent: Bool { online == true || status.map { $0 != .offline } ?? false }

    func admits(_ shown: ShownStatus) -> Bool {
        (status.map { $0 == shown } ?? true) && (online.map { $0 == (shown != .offline) } ?? true)
    }
}
