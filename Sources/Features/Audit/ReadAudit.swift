package import Database
internal import Directory
internal import Kernel
package import Web

/// `GET /audit`: newest first.
extension AuditFeature {
    func listEntries(_ call: Call) async throws -> Reply {
        var query = try call.query
        return try await entries(call, &query)
    }

    /// A page of the log, or of a part of it for readers of another feature.
    ///
    /// - Parameters:
    ///   - query: the parameters that the caller has not read itself.
    ///   - part: conditions on `audit_log`; other entries are left out.
    package func entries(
        _ call: Call, _ query: inout Query, where part: @escaping @Sendable (Transaction) throws -> [SQL] = { _ in [] }
    ) async throws -> Reply {
        let filter = AuditFilter(&query)
        let page = query.page()
        try query.finish()
        let before = try page.key(\.integer) ?? .max
        let (scope, roleID) = (call.scope, audit.roleID)
        return try await database.read(filter.isSearch || page.wantsTotal ? .heavy : .requests) { transaction in
            guard let filtered = try filter.conditions(scope, roleID: roleID, in: transaction) else {
                return .page([], next: nil, total: page.wantsTotal ? 0 : nil)
            }
            let conditions = try filtered + part(transaction)
            let floor = filter.isSearch ? try windowFloor(filter, below: before, transaction) : nil
            let all = conditions + (floor.map { ["id >= \($0)"] } ?? [])
            var rows: [AuditRow] = []
            try look(filter, all, below: before, atOnce: page.limit + 1, transaction) { row in
                rows.append(row)
                return rows.count <= page.limit
            }
            let shown = rows.prefix(page.limit)
            let last = rows.count > page.limit ? shown.last?.content.id.rawValue : floor
            return .page(
                try describe(Array(shown), transaction), next: last.map { Page.cursor([.integer($0)]) },
                total: page.wantsTotal ? try total(filter, conditions, transaction) : nil)
        }
    }

    func readEntry(_ call: Call) async throws -> Reply {
        guard let id = AuditEntryID(uuid: call.parameter("id")) else { throw Problem.notFound }
        let visible = AuditFilter.visible(to: call.scope) ?? "1 = 1"
        return try await database.read { transaction in
            guard let row = try transaction.row("SELECT \(sql: AuditRow.columns) FROM audit_log WHERE id = \(id) AND \(sql: visible)")
            else {
                throw Problem.notFound
            }
            return .json(200, try describe([AuditRow(row)], transaction)[0])
        }
    }

    /// Where a page that no index serves stops looking; the next page goes on from there. Nil when the log ends before.
    func windowFloor(_ filter: AuditFilter, below before: Int64, _ transaction: Transaction) throws -> Int64? {
        let window = filter.text == nil ? AuditFilter.window : AuditFilter.textWindow
        return try transaction.row("SELECT id FROM audit_log WHERE id < \(before) ORDER BY id DESC LIMIT 1 OFFSET \(window - 1)")?.int64(0)
    }

    /// Goes through the entries that the filter lets through, the newest first, until `take` says that it has enough.
    func look(
        _ filter: AuditFilter, _ conditions: [SQL], below before: Int64, atOnce: Int, _ transaction: Transaction, take: (AuditRow) -> Bool
    ) throws {
        let step = filter.text == nil ? atOnce : max(atOnce, 500)
        var below = before
        while true {
            let all = conditions + ["id < \(below)"]
            let rows = try transaction.rows(
                "SELECT \(sql: AuditRow.columns) FROM audit_log WHERE \(sql: all.all) ORDER BY id DESC LIMIT \(step)"
            ).map(AuditRow.init)
            for row in rows {
                below = row.content.id.rawValue
                if filter.admits(row.content), !take(row) { return }
            }
            if rows.count < step { return }
        }
    }

    /// Of a search: how many among the newest entries, `AuditFilter.window` of them.
    private func total(_ filter: AuditFilter, _ conditions: [SQL], _ transaction: Transaction) throws -> Int {
        var all = conditions
        if filter.isSearch, let floor = try windowFloor(filter, below: .max, transaction) { all.append("id >= \(floor)") }
        if filter.text != nil {
            var count = 0
            try look(filter, all, below: .max, atOnce: 500, transaction) { _ in
                count += 1
                return true
            }
            return count
        }
        return try transaction.row("SELECT COUNT(*) FROM audit_log WHERE \(sql: all.all)")?.int(0) ?? 0
    }

    func describe(_ rows: [AuditRow], _ transaction: Transaction) throws -> [JSON] {
        var ids = Set(rows.compactMap(\.content.actor))
        for row in rows where row.content.targetType == "user" {
            if let id = row.content.targetID.flatMap({ UserID(uuid: $0) }) { ids.insert(id) }
        }
        var people: [UserID: Member] = [:]
        for member in try MemberDirectory().members(Array(ids), in: transaction) { people[member.id] = member }
        return rows.map { $0.json(people) }
    }
}

extension AuditRow {
    /// - Parameter people: those who still are there.
    fileprivate func json(_ people: [UserID: Member]) -> JSON {
        let targetPerson = content.targetType == "user" ? content.targetID.flatMap { UserID(uuid: $0) }.flatMap { people[$0] } : nil
        var target: JSONObject = ["type": JSON(content.targetType), "id": JSON(content.targetID)]
        if let targetPerson {
            target.append("username", .string(targetPerson.username))
            target.append("display_name", .string(targetPerson.displayName))
        }
        return [
            "id": JSON(content.id), "timestamp": JSON(timestamp), "actor_user_id": JSON(content.actor),
            "actor": content.actor.flatMap { people[$0] }.map(Self.json) ?? .null,
            "action": .string(content.action), "target_type": JSON(content.targetType), "target_id": JSON(content.targetID),
            "target": content.targetType == nil ? .null : .object(target),
            "payload": payload, "result": .string(result), "reason": JSON(content.reason), "ip": JSON(content.ip),
            "user_agent": JSON(content.userAgent), "request_id": JSON(content.requestID), "chain_id": .integer(chainID),
            "seq": .integer(seq),
            "previous_hash": .string(Hex.encode(previousHash)), "hash": .string(Hex.encode(hash)),
            "signature": JSON(signature.map { Hex.encode($0) }), "key_id": JSON(keyID),
        ]
    }

    private static func json(_ member: Member) -> JSON {
        ["id": JSON(member.id), "username": .string(member.username), "display_name": .string(member.displayName)]
    }

    /// What we wrote is JSON; what somebody put in its place is shown as the text it is.
    private var payload: JSON {
        do { return try JSONParser.parse(own: Array(content.payload.utf8)) } catch { return .string(content.payload) }
    }
}
