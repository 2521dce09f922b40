// Owns the team's work: reports, cases, appeals, escalation rules. Does not own rights (Roles), messages (Conversations), or the table of sanctions (Sanctions).
package import Accounts
package import Audit
package import Bus
package import Conversations
package import Crypto
package import Database
internal import Directory
package import FeatureKit
package import Friends
internal import HTTP
package import Kernel
package import Notifications
package import Realtime
package import Roles
package import Runtime
internal import Sanctions
package import Web

/// The routes, jobs and events of sanctions, reports, cases, appeals and escalation rules.
package struct ModerationFeature: Feature {
    let database: any Database
    let ids: IDGenerator
    let clock: WallClock
    let audit: AuditLog
    let auditFeature: AuditFeature
    let keyring: Keyring
    let reports: ReportTable
    let appeals: AppealTable
    /// Nil where limits are off.
    let limiter: RateLimiter?
    let overdue = OverdueCount()
    let penalties = FilterPenalties()
    var appealToken: AppealToken { accounts.appealToken }
    let roles: RolesFeature
    let accounts: AccountsFeature
    let conversations: ConversationsFeature
    let centre: NotificationCentre
    let tellsPeople: @Sendable () -> Bool
    let cards: UserCards
    let directory = MemberDirectory()
    /// Encrypts events that carry texts of people.
    let eventCipher: any EventCipher
    let log: Log

    /// - Parameter tellsPeople: whether the notification centre is on.
    package init(
        database: any Database, keyring: Keyring, eventCipher: any EventCipher, ids: IDGenerator, clock: WallClock = .system, log: Log,
        metrics: Metrics, limiter: RateLimiter?, audit: AuditLog, journal: AuditFeature, roles: RolesFeature, accounts: AccountsFeature,
        friends: FriendsFeature, conversations: ConversationsFeature,
        centre: NotificationCentre, tellsPeople: @escaping @Sendable () -> Bool
    ) {
        (self.database, self.ids, self.clock, self.log, self.roles) = (database, ids, clock, log, roles)
        (auditFeature, self.audit, self.keyring, self.limiter) = (journal, audit, keyring, limiter)
        (reports, appeals) = (ReportTable(cipher: keyring.fields), AppealTable(cipher: keyring.fields))
        (self.accounts, self.conversations, self.centre, self.tellsPeople) = (accounts, conversations, centre, tellsPeople)
        (cards, self.eventCipher) = (friends.cards, eventCipher)
        let feature = self
        overdue.register(in: metrics)
        accounts.sanctions.onChange { try feature.tell($0, in: $1) }
        connectFilters()
        connectMeasures()
    }

    package static let declaration = FeatureDeclaration(
        "moderation", title: LocalizedText(en: "Moderation", fr: "Modération"), module: .core,
        migrations: moderationMigrations,
        permissions: [.moderationFilters], auditActions: moderationAuditActions)

    package var routes: [Route] { sanctionRoutes + caseRoutes + ruleRoutes + filterRoutes + measureRoutes }

    private var sanctionRoutes: [Route] {
        [
            Route(.get, "/sanctions", .may(.moderationReports), SanctionShapes.list) { try await listSanctions($0) },
            Route(.post, "/sanctions", .signedIn, SanctionShapes.impose, action: "sanction.create") { try await imposeSanction($0) },
            Route(.get, "/sanctions/{id}", .may(.moderationReports), SanctionShapes.read) { try await readSanction($0) },
            Route(.delete, "/sanctions/{id}", .may(.moderationReports), SanctionShapes.lift, action: "sanction.end") {
                try await liftSanction($0)
            },
            Route(.post, "/sanctions/{id}/acknowledge", .signedIn, SanctionShapes.acknowledge) { try await acknowledgeSanction($0) },
            Route(.get, "/users/me/sanctions", .signedIn, SanctionShapes.listOwn) { try await listOwnSanctions($0) },
            Route(.get, "/sanctions/preview", .may(.moderationReports), CaseShapes.preview) { try await previewSanction($0) },
            Route(.post, "/sanctions/{id}/appeal", .anyone, CaseShapes.appealSanction) { try await appealSanction($0) },
            Route(.post, "/appeals/{id}/decide", .may(.moderationReports), CaseShapes.decideAppeal, action: "appeal.decide") {
                try await decideAppeal($0)
            },
        ]
    }

    private var caseRoutes: [Route] {
        [
            Route(.post, "/reports", .signedIn, CaseShapes.reportSomething) { try await reportSomething($0) },
            Route(.post, "/messages/{id}/report", .signedIn, CaseShapes.reportMessage) { try await reportMessage($0) },
            Route(.get, "/users/me/reports", .signedIn, CaseShapes.ownReports) { try await listOwnReports($0) },
            Route(.get, "/reports", .may(.moderationReports), CaseShapes.list) { try await listCases($0) },
            Route(.get, "/cases", .may(.moderationReports), CaseShapes.list) { try await listCases($0) },
            Route(.post, "/cases/decide", .may(.moderationReports), CaseShapes.decideMany, action: "case.decide") {
                try await decideMany($0)
            },
            Route(.get, "/cases/{id}", .may(.moderationReports), CaseShapes.read) { try await readCase($0) },
            Route(.post, "/cases/{id}/take", .may(.moderationReports), CaseShapes.take, action: "case.take") { try await takeCase($0) },
            Route(.delete, "/cases/{id}/take", .may(.moderationReports), CaseShapes.release, action: "case.release") {
                try await releaseCase($0)
            },
            Route(.post, "/cases/{id}/notes", .may(.moderationReports), CaseShapes.note) { try await noteOnCase($0) },
            Route(.post, "/cases/{id}/decide", .may(.moderationReports), CaseShapes.decide, action: "case.decide") {
                try await decideCase($0)
            },
            Route(.post, "/cases/{id}/merge", .may(.moderationReports), CaseShapes.merge, action: "case.merge") { try await mergeCase($0) },
            Route(.delete, "/cases/{id}/merge", .may(.moderationReports), CaseShapes.split, action: "case.split") {
                try await splitCase($0)
            },
        ]
    }

    private var ruleRoutes: [Route] {
        [
            Route(.get, "/moderation/escalations", .may(.moderationReports), CaseShapes.readEscalations) { try await readEscalations($0) },
            Route(
                .put, "/moderation/escalations", .may(.settingsManage), CaseShapes.writeEscalations, action: "escalation.update"
            ) { try await writeEscalations($0) },
            Route(.get, "/moderation/journal", .may(.moderationReports), Self.journalShape) { try await readJournal($0) },
        ]
    }

    private var measureRoutes: [Route] {
        [
            Route(.get, "/moderation/lockdowns", .may(.moderationReports), MeasureShapes.lockdowns) { try await listLockdowns($0) },
            Route(.post, "/moderation/lockdowns", .may(.chatModerate), MeasureShapes.lock, action: "lockdown.start") {
                try await startLockdown($0)
            },
            Route(.delete, "/moderation/lockdowns/{id}", .may(.chatModerate), MeasureShapes.unlock, action: "lockdown.end") {
                try await endLockdown($0)
            },
            Route(.get, "/moderation/raid", .may(.moderationReports), MeasureShapes.readRaid) { try await readRaid($0) },
            Route(.put, "/moderation/raid", .may(.moderationFilters), MeasureShapes.putRaid, action: "raid.rule") { try await putRaid($0) },
            Route(.post, "/moderation/raid", .may(.moderationFilters), MeasureShapes.startRaid, action: "raid.start") {
                try await startRaid($0)
            },
            Route(.delete, "/moderation/raid", .may(.moderationFilters), MeasureShapes.endRaid, action: "raid.end") {
                try await endRaid($0)
            },
            Route(.get, "/moderation/purges", .may(.moderationReports), MeasureShapes.purges) { try await listPurges($0) },
            Route(.post, "/moderation/purges", .may(.chatModerate), MeasureShapes.hide, action: "message.purge") { try await purge($0) },
            Route(.delete, "/moderation/purges/{id}", .may(.chatModerate), MeasureShapes.undo, action: "message.unpurge") {
                try await undoPurge($0)
            },
        ]
    }

    private var filterRoutes: [Route] {
        [
            Route(.get, "/moderation/filters", .may(.moderationReports), FilterShapes.list) { try await listFilters($0) },
            Route(.put, "/moderation/filters/{name}", .may(.moderationFilters), FilterShapes.put, action: "filter.update") {
                try await putFilter($0)
            },
            Route(.delete, "/moderation/filters/{name}", .may(.moderationFilters), FilterShapes.delete, action: "filter.delete") {
                try await deleteFilter($0)
            },
            Route(.get, "/moderation/filters/{name}/versions", .may(.moderationReports), FilterShapes.versions) {
                try await listFilterVersions($0)
            },
            Route(.post, "/moderation/filters/try", .may(.moderationFilters), FilterShapes.tryText) { try await tryFilter($0) },
            Route(.post, "/moderation/filters/dry-run", .may(.moderationFilters), FilterShapes.dryRun) { try await dryRunFilter($0) },
        ]
    }

    package var topics: [TopicRule] { [TopicRule(Self.topic, requires: .moderationReports)] }

    /// The person's mutes in force and sanctions not acknowledged; for the team also how many open cases they may see.
    package func snapshot(for scope: Scope) async throws -> [(String, JSON)] {
        guard let user = scope.userID else { return [] }
        let now = clock.now()
        let (mine, waiting) = try await database.read { [self] transaction -> ([JSON], (Int64, Int64)?) in
            let mine = try transaction.rows(
                """
                SELECT \(sql: Sanction.columns) FROM sanctions WHERE user_id = \(user)
                    AND (acknowledged_at IS NULL AND kind IN ('warn', 'mute', 'kick') AND issued_at > \(now.adding(seconds: -30 * 86_400))
                        AND ended_at IS NULL OR \(sql: Self.inForce(true, at: now)) AND kind = 'mute')
                ORDER BY id DESC LIMIT 20
                """
            ).map(Sanction.init)
            let row =
                scope.can(.moderationReports)
                ? try transaction.row(
                    """
                    SELECT COUNT(*), COALESCE(SUM(CASE WHEN due_at < \(now) THEN 1 ELSE 0 END), 0) FROM cases
                    WHERE state = 'open' AND \(sql: visible(to: scope, in: transaction))
                    """) : nil
            return (try ownViews(mine, at: now, in: transaction), row.map { ($0.int64(0), $0.int64(1)) })
        }
        var members: JSONObject = ["sanctions": .array(mine)]
        if let (open, overdue) = waiting { members.append("cases", ["open": .integer(open), "overdue": .integer(overdue)]) }
        return [("moderation", .object(members))]
    }
}
