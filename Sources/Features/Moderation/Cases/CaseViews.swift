internal import Conversations
internal import Crypto
internal import Database
internal import Directory
internal import Friends
internal import Kernel
internal import Sanctions
internal import Web

/// A case as the team sees it: an item of the list, and the whole case.
extension ModerationFeature {
    private static let (reportsShown, sanctionsShown) = (100, 20)

    /// In the order of the cases.
    func views(of cases: [Case], for scope: Scope, at now: Timestamp, in transaction: Transaction) throws -> [JSONObject] {
        let people = Set(cases.flatMap { [$0.subject, $0.assignee, $0.decidedBy].compactMap { $0 } })
        let cards = try cards.cards(of: Array(people), for: scope, at: now, in: transaction)
        func card(_ user: UserID?) -> JSON { user.flatMap { cards[$0] } ?? .null }
        return cases.map { found in
            let holder = found.holder(at: now)
            return [
                "id": JSON(found.id), "kind": found.target == .appeal ? "appeal" : "report",
                "target_type": .string(found.target.rawValue), "target_id": .string(RowID(rawValue: found.targetID).uuid),
                "subject_id": JSON(found.subject), "subject": card(found.subject), "state": .string(found.state.rawValue),
                "severity": .integer(found.severity), "category": .string(found.category), "report_count": .integer(found.reportCount),
                "assignee": card(holder), "taken_at": holder == nil ? .null : JSON(found.takenAt), "opened_at": JSON(found.openedAt),
                "due_at": JSON(found.dueAt), "overdue": .bool(found.isOverdue(at: now)), "decided_at": JSON(found.decidedAt),
                "decided_by": card(found.decidedBy), "outcome": JSON(found.outcome?.rawValue), "reason": JSON(found.reason),
                "merged_into": JSON(found.mergedInto), "version": .integer(found.version),
            ]
        }
    }

    /// Tagged with its version.
    func detail(of found: Case, for scope: Scope, at now: Timestamp, in transaction: Transaction) throws -> Reply {
        .json(200, .object(try wholeView(of: found, for: scope, at: now, in: transaction))).tagged(version: found.version)
    }

    func wholeView(of found: Case, for scope: Scope, at now: Timestamp, in transaction: Transaction) throws -> JSONObject {
        var view = try views(of: [found], for: scope, at: now, in: transaction)[0]
        let merged = try CaseTable.merged(into: found.id, in: transaction)
        let all = [found] + merged
        view.append("reports", .array(try shownReports(of: all, for: scope, at: now, in: transaction)))
        view.append("evidence", .array(try openEvidence(of: all, in: transaction)))
        view.append("notes", .array(try shownNotes(of: found, for: scope, at: now, in: transaction)))
        view.append("acts", .array(try CaseActs.acts(of: found.id, in: transaction).map(\.json)))
        view.append("merged", .array(merged.map { JSON($0.id) }))
        view.append("target", try targetState(of: found, for: scope, at: now, in: transaction))
        view.append("sanctions", .array(try sanctions(of: found.subject, for: scope, at: now, in: transaction)))
        view.append("next_warning", try found.subject.map { try escalationView(of: .warn, for: $0, at: now, in: transaction) } ?? .null)
        view.append("appeal", try found.target == .appeal ? appealView(ofCase: found, for: scope, at: now, in: transaction) : .null)
        return view
    }

    private func shownReports(of cases: [Case], for scope: Scope, at now: Timestamp, in transaction: Transaction) throws -> [JSON] {
        let found = try reports.reports(of: cases.map(\.id), limit: Self.reportsShown, in: transaction)
        let cards = try cards.cards(of: Array(Set(found.compactMap(\.reporter))), for: scope, at: now, in: transaction)
        return found.map { report in
            [
                "id": JSON(report.id), "case_id": JSON(report.caseID), "reporter": report.reporter.flatMap { cards[$0] } ?? .null,
                "category": .string(report.category.rawValue), "text": JSON(report.text), "filter": JSON(report.filter),
                "created_at": JSON(report.createdAt),
            ]
        }
    }

    private func shownNotes(of found: Case, for scope: Scope, at now: Timestamp, in transaction: Transaction) throws -> [JSON] {
        let rows = try transaction.rows(
            "SELECT id, author_id, text_cipher, created_at FROM case_notes WHERE case_id = \(found.id) ORDER BY id LIMIT \(Self.notes)")
        let authors: [UserID] = rows.map { $0.id(1) }
        let cards = try cards.cards(of: Array(Set(authors)), for: scope, at: now, in: transaction)
        return try rows.map { row in
            [
                "id": JSON(row.id(0, AnyEntity.self)), "author": cards[row.id(1)] ?? .null,
                "text": .string(try keyring.fields.openText(row.blob(2), column: CaseNotes.column, id: row.int64(0))),
                "created_at": JSON(row.time(3)),
            ]
        }
    }

    /// The present state of the target: whether it exists, and who deleted it.
    private func targetState(of found: Case, for scope: Scope, at now: Timestamp, in transaction: Transaction) throws -> JSON {
        switch found.target {
        case .message:
            guard let state = try conversations.state(of: MessageID(rawValue: found.targetID), in: transaction) else { break }
            let card = try state.deletedBy.map { try cards.cards(of: [$0], for: scope, at: now, in: transaction)[$0] ?? .null } ?? .null
            return [
                "exists": .bool(state.deletedAt == nil), "hidden": .bool(state.isHidden), "conversation_id": JSON(state.conversation),
                "deleted_at": JSON(state.deletedAt), "deleted_by": card,
                "by_author": .bool(state.deletedBy != nil && state.deletedBy == state.author), "edited_at": JSON(state.editedAt),
            ]
        case .user:
            let member = try directory.members([UserID(rawValue: found.targetID)], in: transaction).first
            return Self.bare(exists: member.map { $0.deletedAt == nil } ?? false, member?.deletedAt)
        case .media, .review, .list, .appeal: return Self.bare(exists: true, nil)
        }
        return Self.bare(exists: false, nil)
    }

    private static func bare(exists: Bool, _ deletedAt: Timestamp?) -> JSON {
        [
            "exists": .bool(exists), "hidden": false, "conversation_id": nil, "deleted_at": JSON(deletedAt), "deleted_by": nil,
            "by_author": false, "edited_at": nil,
        ]
    }

    /// The person's sanctions, the newest first, so that nobody sanctions the same twice by mistake.
    private func sanctions(of user: UserID?, for scope: Scope, at now: Timestamp, in transaction: Transaction) throws -> [JSON] {
        guard let user else { return [] }
        let found = try transaction.rows(
            "SELECT \(sql: Sanction.columns) FROM sanctions WHERE user_id = \(user) ORDER BY id DESC LIMIT \(Self.sanctionsShown)"
        ).map(Sanction.init)
        return try views(found, for: scope, at: now, in: transaction).map { .object($0) }
    }
}
