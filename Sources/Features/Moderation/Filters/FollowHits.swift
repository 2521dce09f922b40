internal import Accounts
internal import Authorization
internal import Conversations
internal import Crypto
internal import Database
internal import Directory
internal import Kernel
internal import Notifications
internal import Roles
internal import Runtime
internal import Sanctions

/// What follows from the hits of filters: reports, hidden messages, sanctions.
extension ModerationFeature {
    func connectFilters() {
        let feature = self
        accounts.sanctions.filters.connect(
            roles: { user, transaction in
                try feature.roles.authorizer.rights(of: user, in: transaction).roles.map { RowID(rawValue: $0.rawValue) }
            },
            digest: { [keyring] text in
                keyring.blindIndex.index(text, column: "recent_messages.digest").prefix(8).reduce(Int64(0)) { $0 << 8 | Int64($1) }
            }, onHits: { try feature.follow($0, in: $1) }, onRefusal: { feature.penalties.add($0) })
    }

    /// For a text that was let through, in its transaction.
    private func follow(_ text: FilteredText, in transaction: Transaction) throws {
        let hides = text.message != nil && text.hits.contains { $0.filter.does(.hide) }
        if !text.isPrivate, let hit = text.hits.first(where: { $0.filter.does(.hide) || $0.filter.does(.report) }) {
            try report(text, hit, hides: hides, in: transaction)
        }
        // A sanction locks the person: in a transaction of its own, since this one holds a conversation.
        guard Self.punishes(text) else { return }
        transaction.afterCommit { [penalties] in penalties.add(text) }
    }

    /// Opens a case without a reporter, or adds to the open one; a hidden message is restored when the team dismisses the case.
    private func report(_ text: FilteredText, _ hit: FilterHit, hides: Bool, in transaction: Transaction) throws {
        let (scope, now) = (text.scope, clock.now())
        let category = ReportCategory(rawValue: hit.filter.category) ?? .other
        let target: Reportable = text.message == nil ? .user : .message
        let evidence = try evidence(
            of: target, text.message?.uuid ?? text.author.uuid, for: scope, at: now, in: transaction)
        var found = try openCase(of: evidence, category, at: now, in: transaction)
        // Each change of a profile or status could add one.
        guard hides || found.reportCount < Self.automaticReports else { return }
        var report = Report(
            id: ids.next(), caseID: found.id, reporter: nil, target: found.target, targetID: found.targetID, category: category,
            text: hit.found, createdAt: now)
        report.filter = hit.filter.name
        try reports.insert(report, in: transaction)
        try keep(evidence, in: found, at: now, transaction)
        try add(category, to: &found, in: transaction)
        announceCase(found, isNew: found.reportCount == 1, scope: Self.system(scope), at: now, in: transaction)
        guard hides, let message = text.message else { return }
        guard try conversations.hide(message, by: nil, scope: scope, at: now, in: transaction) else { return }
        let act = CaseActs.Done(id: ids.next(), kind: .hide, outcome: "done", sanction: nil, message: message, undoneAt: nil)
        try CaseActs.insert(act, of: found.id, at: now, in: transaction)
        guard tellsPeople() else { return }
        try centre.notify(
            NotificationDraft(
                to: text.author, kind: "message.held", groupKey: "held:\(message)", url: Self.ownPage,
                arguments: ["text": .string(hit.filter.name)], requestID: scope.requestID), in: transaction)
    }

    /// The scope of an automatic act, without a person.
    static func system(_ scope: Scope) -> Scope {
        var scope = scope
        (scope.userID, scope.sessionID, scope.key) = (nil, nil, nil)
        return scope
    }

    /// Reports of one case, beyond which filters add none.
    private static let automaticReports: Int64 = 100
    /// Warnings that filters give a person within an hour.
    private static let automaticWarnings = 10

    private static func punishes(_ text: FilteredText) -> Bool { text.hits.contains { $0.filter.does(.warn) || $0.filter.does(.mute) } }

    /// Warns or mutes for hits, at most once of each kind a text, with the rights that the filter's author has now.
    func punish(_ text: FilteredText, in transaction: Transaction) throws {
        let now = clock.now()
        for (action, kind) in [(TextFilter.Action.warn, SanctionKind.warn), (.mute, .mute)] {
            guard let hit = text.hits.first(where: { $0.filter.does(action) }) else { continue }
            guard let author = hit.filter.author, try mayAct(for: author, kind, on: text.author, in: transaction) else { continue }
            guard let member = try directory.members([text.author], in: transaction).first else { return }
            let locked = try directory.lockedMember(member.id, includingDeleted: true, in: transaction)
            let end = kind == .mute ? now.adding(seconds: hit.filter.seconds) : nil
            guard try isNeeded(kind, of: text.author, until: end, at: now, in: transaction) else { continue }
            var sanction = Sanction(
                kind, of: text.author, id: ids.next(), reason: Self.reason(hit, locked.locale), by: nil, at: now, until: end)
            (sanction.source, sanction.sourceID) = (.filter, RowID(rawValue: hit.filter.id.rawValue))
            try impose(sanction, on: locked, scope: Self.system(text.scope), in: transaction)
        }
    }

    /// False for a warning when filters have given many within an hour, and for a mute when a longer one is in force.
    private func isNeeded(_ kind: SanctionKind, of user: UserID, until end: Timestamp?, at now: Timestamp, in transaction: Transaction)
        throws
        -> Bool
    {
        guard kind == .mute else {
            let row = try transaction.row(
                """
                SELECT COUNT(*) FROM sanctions WHERE user_id = \(user) AND id >= \(Snowflake.first(at: now.adding(seconds: -3600)))
                    AND kind = 'warn' AND source = 'filter'
                """)
            return (row?.int(0) ?? 0) < Self.automaticWarnings
        }
        guard let mute = try accounts.sanctions.mute(of: user, at: now, in: transaction) else { return true }
        guard let end, let current = mute.expiresAt else { return false }
        return end > current
    }

    /// Shown to the person, in their language.
    private static func reason(_ hit: FilterHit, _ language: Language) -> String {
        let text =
            switch language {
            case .english: "Automatic filter “\(hit.filter.name)”: \(hit.found)"
            case .french: "Filtre automatique « \(hit.filter.name) » : \(hit.found)"
            }
        return text.cut(to: SanctionLimits.reason - 1)
    }

    /// Imposes the sanctions for the texts of `penalties`, until the server stops.
    func imposePenalties() async throws {
        for await text in penalties.texts {
            do {
                try await database.write { [self] in try punish(text, in: $0) }
            } catch let error where !(error is CancellationError) {
                log.warning("the sanction of a filter could not be imposed", [("cause", .string("\(error)"))])
            }
        }
    }
}

/// Texts whose authors are to be warned or muted, in the memory of this node until their sanction is imposed.
///
/// A refused text has no transaction that commits, so a crash before its sanction is imposed loses the sanction.
final class FilterPenalties: Sendable {
    let texts: AsyncStream<FilteredText>
    private let continuation: AsyncStream<FilteredText>.Continuation

    init() {
        // When more texts wait, the oldest are dropped.
        (texts, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1000))
    }

    func add(_ text: FilteredText) {
        guard text.hits.contains(where: { $0.filter.does(.warn) || $0.filter.does(.mute) }) else { return }
        continuation.yield(text)
    }
}
