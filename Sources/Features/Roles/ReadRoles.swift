internal import Authorization
internal import Database
internal import Kernel
internal import Web

extension RolesFeature {
    /// The registry, with its texts in both languages.
    func listPermissions(_ call: Call) throws -> Reply {
        var query = try call.query
        let wantsTotal = query.bool("count") ?? false
        try query.finish()
        let items: [JSON] = Permission.all.map { definition in
            [
                "key": .string(definition.key), "module": .string(definition.module),
                "description": ["en": .string(definition.description.english), "fr": .string(definition.description.french)],
            ]
        }
        return .page(items, next: nil, total: wantsTotal ? items.count : nil).compressible()
    }

    /// The highest first.
    func listRoles(_ call: Call) async throws -> Reply {
        var query = try call.query
        let isSystem = query.bool("is_system")
        let isDeleted = query.bool("deleted") ?? false
        let search = query.string("search")?.searchFold
        let page = query.page()
        try query.finish()
        let cursor = try page.keys(2).map { keys in
            guard let priority = keys[0].integer, let id = keys[1].string.flatMap(RoleID.init(uuid:)) else { throw Self.cursorFault }
            return (priority, id)
        }
        let now = call.clock.now()
        return try await database.read { transaction in
            var filter: SQL = isDeleted ? "deleted_at IS NOT NULL" : "deleted_at IS NULL"
            if let isSystem { filter = "\(sql: filter) AND is_system = \(isSystem)" }
            if let search { filter = "\(sql: filter) AND instr(search_name, \(search)) > 0" }
            let total = page.wantsTotal ? try transaction.row("SELECT COUNT(*) FROM roles WHERE \(sql: filter)")?.int(0) : nil
            if let (priority, id) = cursor {
                filter = "\(sql: filter) AND (priority < \(priority) OR priority = \(priority) AND id > \(id))"
            }
            let roles = try transaction.rows(
                "SELECT \(sql: RoleRecord.columns) FROM roles WHERE \(sql: filter) ORDER BY priority DESC, id LIMIT \(page.limit + 1)"
            ).map { RoleRecord($0) }
            let shown = roles.prefix(page.limit)
            let counts = try RoleStore.memberCounts(of: shown.map(\.id), at: now, in: transaction)
            let next = roles.count > page.limit ? shown.last.map { Page.cursor([JSON($0.definition.priority), JSON($0.id)]) } : nil
            return .page(shown.map { $0.json(memberCount: counts[$0.id] ?? 0) }, next: next, total: total).compressible()
        }
    }

    func readRole(_ call: Call) async throws -> Reply {
        let reference = call.parameter("id")
        let now = call.clock.now()
        return try await database.read { transaction in
            guard let role = try RoleStore.find(reference, in: transaction), role.deletedAt == nil else { throw Problem.notFound }
            let count = try RoleStore.memberCounts(of: [role.id], at: now, in: transaction)[role.id] ?? 0
            return .json(200, role.json(memberCount: count)).tagged(version: role.version)
        }
    }

    /// The newest version first; a deleted role keeps its history under its id.
    func roleHistory(_ call: Call) async throws -> Reply {
        var query = try call.query
        let page = query.page()
        try query.finish()
        let before = try page.key(\.integer) ?? Int64.max
        let reference = call.parameter("id")
        return try await database.read { transaction in
            guard let role = try RoleStore.find(reference, in: transaction) else { throw Problem.notFound }
            let rows = try transaction.rows(
                """
                SELECT version, actor_user_id, at, diff, snapshot FROM role_versions
                WHERE role_id = \(role.id) AND version < \(before) ORDER BY version DESC LIMIT \(page.limit + 1)
                """)
            let items: [JSON] = try rows.prefix(page.limit).map { row in
                [
                    "version": .integer(row.int64(0)), "actor_user_id": JSON(row.optionalID(1, User.self)), "at": JSON(row.time(2)),
                    "diff": try JSONParser.parse(own: Array(row.text(3).utf8)),
                    "snapshot": try JSONParser.parse(own: Array(row.text(4).utf8)),
                ]
            }
            let total = page.wantsTotal ? Int(role.version) : nil
            return .page(items, next: rows.count > page.limit ? Page.cursor([.integer(rows[page.limit - 1].int64(0))]) : nil, total: total)
        }
    }

    private static let cursorFault = Problem.invalid(
        "?cursor", "invalid",
        LocalizedText(en: "This cursor is not one of this list.", fr: "Ce curseur n’appartient pas à cette liste."))
}
