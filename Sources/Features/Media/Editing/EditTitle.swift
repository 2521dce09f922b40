internal import Audit
internal import Database
internal import FeatureKit
internal import HTTP
internal import Kernel
internal import Web

/// Routes by which the team edits, hides and merges titles.
struct EditingRoutes: Sendable {
    let catalogue: CatalogueRoutes
    let audit: AuditLog
    private var database: any Database { catalogue.database }

    var routes: [Route] {
        [
            Route(.patch, "/media/{id}", .may(.mediaManage), EditingShapes.edit, action: "media.update", handler: editTitle),
            Route(.get, "/media/{id}/overrides", .may(.mediaManage), EditingShapes.overrides, handler: listOverrides),
            Route(
                .delete, "/media/{id}/overrides/{field}", .may(.mediaManage), EditingShapes.remove, action: "media.update",
                handler: removeOverride),
            Route(.post, "/media/{id}/hide", .may(.mediaManage), EditingShapes.hide, action: "media.hide") {
                try await setHidden($0, true)
            },
            Route(.post, "/media/{id}/unhide", .may(.mediaManage), EditingShapes.hide, action: "media.unhide") {
                try await setHidden($0, false)
            },
            Route(.post, "/media/{id}/merge", .may(.mediaManage), EditingShapes.merge, action: "media.merge", handler: mergeTitle),
        ]
    }

    /// `PATCH /media/{id}`: null removes an edit.
    private func editTitle(_ call: Call) async throws -> Reply {
        let edit = try TitleEdit(call)
        return try await change(call, edit.changes)
    }

    /// `DELETE /media/{id}/overrides/{field}`
    private func removeOverride(_ call: Call) async throws -> Reply {
        var query = try call.query
        let lang = query.string("lang", maximum: 10) ?? ""
        try query.finish()
        guard let field = TitleField(rawValue: call.parameter("field")) else { throw Problem.notFound }
        return try await change(call, [TitleEdit.Change(field: field, lang: lang, value: nil)])
    }

    private func change(_ call: Call, _ changes: [TitleEdit.Change]) async throws -> Reply {
        let (reference, scope, now) = (call.parameter("id"), call.scope, call.clock.now())
        return try await call.mutate(database) { transaction in
            let (id, version) = try lock(reference, in: transaction)
            try call.checkIfMatch(version: version)
            var (before, after) = (JSONObject(), JSONObject())
            for change in changes {
                try Self.check(change, in: transaction)
                let old = try OverrideTable.value(change.field, change.lang, of: id, in: transaction)
                guard old.map({ !$0.hasSameBytes(as: change.value ?? "") }) ?? (change.value != nil) else { continue }
                try OverrideTable.set(change, of: id, by: scope.userID, at: now, in: transaction)
                let name = change.lang.isEmpty ? change.field.rawValue : "\(change.field.rawValue):\(change.lang)"
                before[name] = JSON(old.map { $0.cut(to: 100) })
                after[name] = JSON(change.value.map { $0.cut(to: 100) })
            }
            if !after.isEmpty {
                try touch(id, in: transaction)
                try record("media.update", id, ["before": .object(before), "after": .object(after)], scope, transaction)
            }
            return try reply(id, scope, now, transaction)
        }
    }

    private static func check(_ change: TitleEdit.Change, in transaction: Transaction) throws {
        guard change.field == .genres, let value = change.value else { return }
        let known = Set(try transaction.rows("SELECT id FROM genres").map { $0.text(0) })
        for genre in value.utf8.split(separator: UInt8(ascii: ",")).map({ String(Substring($0)) }) where !known.contains(genre) {
            throw EditProblems.unknownGenre(genre)
        }
    }

    /// `POST /media/{id}/hide` and `unhide`: only the team sees a hidden title. Its marks stay.
    private func setHidden(_ call: Call, _ hides: Bool) async throws -> Reply {
        let (reference, scope, now) = (call.parameter("id"), call.scope, call.clock.now())
        return try await call.mutate(database) { transaction in
            let (id, _) = try lock(reference, in: transaction)
            let changed =
                hides
                ? try transaction.execute("UPDATE media SET hidden_at = \(now) WHERE id = \(id) AND hidden_at IS NULL")
                : try transaction.execute("UPDATE media SET hidden_at = NULL WHERE id = \(id) AND hidden_at IS NOT NULL")
            if changed > 0 {
                try touch(id, in: transaction)
                try record(hides ? "media.hide" : "media.unhide", id, [:], scope, transaction)
            }
            return try reply(id, scope, now, transaction)
        }
    }

    /// `GET /media/{id}/overrides`
    private func listOverrides(_ call: Call) async throws -> Reply {
        var query = try call.query
        try query.finish()
        guard let id = MediaID(uuid: call.parameter("id")) else { throw Problem.notFound }
        return try await database.read { transaction in
            guard let row = try transaction.row("SELECT version FROM media WHERE id = \(id)") else { throw Problem.notFound }
            let items: [JSON] = try OverrideTable.all(of: id, in: transaction).map { entry in
                [
                    "field": .string(entry.field.rawValue), "lang": JSON(entry.lang.isEmpty ? nil : entry.lang),
                    "value": .string(entry.value),
                    "imported": JSON(try OverrideTable.imported((entry.field, entry.lang), of: id, in: transaction)),
                    "author_id": JSON(entry.author), "at": JSON(entry.at),
                ]
            }
            return .json(200, ["items": .array(items), "version": JSON(row.int64(0))]).tagged(version: row.int64(0))
        }
    }

    // MARK: Shared steps

    /// Locks the title until the transaction ends.
    func lock(_ reference: String, in transaction: Transaction) throws -> (id: MediaID, version: Int64) {
        guard let id = MediaID(uuid: reference), let row = try lockedRow(id, in: transaction) else { throw Problem.notFound }
        return (id, row.int64(0))
    }

    func lockedRow(_ id: MediaID, in transaction: Transaction) throws -> Row? {
        let lock: SQL = transaction.dialect == .postgres ? "FOR UPDATE" : ""
        return try transaction.row("SELECT version, kind, merged_into FROM media WHERE id = \(id) \(sql: lock)")
    }

    func touch(_ id: MediaID, in transaction: Transaction) throws {
        try transaction.execute("UPDATE media SET version = version + 1 WHERE id = \(id)")
        MediaChange.note(id, in: transaction)
    }

    func record(_ action: String, _ id: MediaID, _ payload: JSON, _ scope: Scope, _ transaction: Transaction) throws {
        try audit.record(action, target: ("media", id.uuid), payload: payload, result: .success, scope: scope, in: transaction)
    }

    /// The title as it is now.
    func reply(_ id: MediaID, _ scope: Scope, _ now: Timestamp, _ transaction: Transaction) throws -> Reply {
        let languages = ReadingLanguages(nil, scope.language)
        guard let record = try TitleTable.record(id, languages: languages.chain, in: transaction) else { throw Problem.notFound }
        return try .json(200, catalogue.view(record, for: scope, languages, at: now, isWriting: true, in: transaction)).tagged(
            version: record.version)
    }

    static let auditActions = [
        AuditAction("media.update", target: "media", en: "{actor} edited a film or series", fr: "{actor} a modifié un film ou une série"),
        AuditAction("media.hide", target: "media", en: "{actor} hid a film or series", fr: "{actor} a masqué un film ou une série"),
        AuditAction(
            "media.unhide", target: "media", en: "{actor} showed a hidden film or series again",
            fr: "{actor} a de nouveau affiché un film ou une série"),
        AuditAction(
            "media.merge", target: "media", en: "{actor} merged a film or series into another",
            fr: "{actor} a fusionné un film ou une série avec un autre titre"),
    ]
}
