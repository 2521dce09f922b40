internal import Audit
internal import Bus
internal import Crypto
internal import Database
internal import Kernel
internal import Web

/// `POST` and `DELETE /cases/{id}/take`, `POST /cases/{id}/notes`
extension ModerationFeature {
    /// Taking one's own case again prolongs it; for a case that somebody else has taken, see `caseToChange`.
    func takeCase(_ call: Call) async throws -> Reply {
        let (scope, now, reference) = (call.scope, clock.now(), call.parameter("id"))
        let user = try scope.requireUser()
        return try await call.mutate(database) { [self] transaction in
            var found = try caseToChange(call, reference, taking: true, at: now, in: transaction)
            let isNew = found.holder(at: now) != user
            (found.assignee, found.takenAt) = (user, now)
            try CaseTable.update(&found, in: transaction)
            if isNew { try record("case.take", found, [:], scope: scope, in: transaction) }
            announceCase(found, isNew: false, scope: scope, at: now, in: transaction)
            return try detail(of: found, for: scope, at: now, in: transaction)
        }
    }

    func releaseCase(_ call: Call) async throws -> Reply {
        let (scope, now, reference) = (call.scope, clock.now(), call.parameter("id"))
        return try await call.mutate(database) { [self] transaction in
            var found = try caseToChange(call, reference, taking: true, at: now, in: transaction)
            if found.assignee != nil {
                (found.assignee, found.takenAt) = (nil, nil)
                try CaseTable.update(&found, in: transaction)
                try record("case.release", found, [:], scope: scope, in: transaction)
                announceCase(found, isNew: false, scope: scope, at: now, in: transaction)
            }
            return try detail(of: found, for: scope, at: now, in: transaction)
        }
    }

    static let (noteLength, notes) = (2000, 200)

    /// Adds a note for the team, to a decided case too.
    func noteOnCase(_ call: Call) async throws -> Reply {
        var input = try Input(try call.body())
        let given = input.string("text", length: 1...Self.noteLength, required: true)
        try input.finish()
        let text = try input.required(given)
        let (scope, now, reference) = (call.scope, clock.now(), call.parameter("id"))
        let user = try scope.requireUser()
        return try await call.mutate(database) { [self] transaction in
            var found = try caseToRead(reference, scope, locked: true, in: transaction)
            let count = try transaction.row("SELECT COUNT(*) FROM case_notes WHERE case_id = \(found.id)")?.int(0) ?? 0
            guard count < Self.notes else { throw ModerationProblems.tooManyNotes }
            let id: RowID = ids.next()
            let sealed = keyring.fields.seal(text, column: CaseNotes.column, id: id.rawValue)
            try transaction.execute(
                """
                INSERT INTO case_notes (id, case_id, author_id, text_cipher, created_at)
                VALUES (\(id), \(found.id), \(user), \(sealed), \(now))
                """)
            // A note of the assignee prolongs the assignment.
            if found.holder(at: now) == user { found.takenAt = now }
            try CaseTable.update(&found, in: transaction)
            announceCase(found, isNew: false, scope: scope, at: now, in: transaction)
            return try detail(of: found, for: scope, at: now, in: transaction)
        }
    }

    func record(_ action: String, _ found: Case, _ payload: JSONObject, scope: Scope, in transaction: Transaction) throws {
        var payload = payload
        payload.append("user_id", JSON(found.subject))
        payload.append("target_type", .string(found.target.rawValue))
        try audit.record(
            action, target: ("case", found.id.uuid), payload: .object(payload), result: .success, scope: scope, in: transaction)
    }

    /// Announces a change to the team, without content: clients read the case again, if they may.
    func announceCase(_ found: Case, isNew: Bool, scope: Scope, at now: Timestamp, in transaction: Transaction) {
        announceToTeam(
            isNew ? "case.created" : "case.updated", ["case_id": JSON(found.id), "version": .integer(found.version)], scope: scope, at: now,
            in: transaction)
    }
}

enum CaseNotes {
    static let column = "case_notes.text"
}

extension ModerationProblems {
    static let tooManyNotes = Problem.conflict(
        "too_many_notes", LocalizedText(en: "This case has 200 notes.", fr: "Ce dossier compte 200 notes."))
}
