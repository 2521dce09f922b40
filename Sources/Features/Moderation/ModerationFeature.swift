// Owns the team's work: sanctions, reports, cases and appeals. Refuses to know what people may do: Roles does; what they say: Conversations does.
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

/// Sanctions and who is told of them.
package struct ModerationFeature: Feature {
    let database: any Database
    let ids: IDGenerator
    let clock: WallClock
    let audit: AuditLog
    let roles: RolesFeature
    let accounts: AccountsFeature
    let conversations: ConversationsFeature
    let centre: NotificationCentre
    let tellsPeople: @Sendable () -> Bool
    let cards: UserCards
    let directory = MemberDirectory()
    /// Seals events that hold what somebody wrote.
    let eventCipher: any EventCipher
    let log: Log

    /// - Parameter tellsPeople: whether the notification centre is on.
    package init(
        database: any Database, keyring: Keyring, eventCipher: any EventCipher, ids: IDGenerator, clock: WallClock = .system, log: Log,
        audit: AuditLog, roles: RolesFeature, accounts: AccountsFeature, friends: FriendsFeature, conversations: ConversationsFeature,
        centre: NotificationCentre, tellsPeople: @escaping @Sendable () -> Bool
    ) {
        (self.database, self.ids, self.clock, self.log, self.audit, self.roles) = (database, ids, clock, log, audit, roles)
        (self.accounts, self.conversations, self.centre, self.tellsPeople) = (accounts, conversations, centre, tellsPeople)
        (cards, self.eventCipher) = (friends.cards, eventCipher)
        let feature = self
        accounts.sanctions.onChange { try feature.tell($0, in: $1) }
    }

    package static let declaration = FeatureDeclaration(
        "moderation", title: LocalizedText(en: "Moderation", fr: "Modération"), module: .core, auditActions: moderationAuditActions)

    package var routes: [Route] {
        [
            Route(.get, "/sanctions", .may(.moderationReports), SanctionShapes.list) { try await listSanctions($0) },
            Route(.post, "/sanctions", .signedIn, SanctionShapes.impose, action: "sanction.create") { try await imposeSanction($0) },
            Route(.get, "/sanctions/{id}", .may(.moderationReports), SanctionShapes.read) { try await readSanction($0) },
            Route(.delete, "/sanctions/{id}", .may(.moderationReports), SanctionShapes.lift, action: "sanction.end") {
                try await liftSanction($0)
            },
            Route(.post, "/sanctions/{id}/acknowledge", .signedIn, SanctionShapes.acknowledge) { try await acknowledgeSanction($0) },
            Route(.get, "/users/me/sanctions", .signedIn, SanctionShapes.listOwn) { try await listOwnSanctions($0) },
        ]
    }

    package var topics: [TopicRule] { [TopicRule(Self.topic, requires: .moderationReports)] }

    /// What holds against the person, and what they have not read yet.
    package func snapshot(for scope: Scope) async throws -> [(String, JSON)] {
        guard let user = scope.userID else { return [] }
        let now = clock.now()
        let mine = try await database.read { transaction in
            try transaction.rows(
                """
                SELECT \(sql: Sanction.columns) FROM sanctions WHERE user_id = \(user)
                    AND (acknowledged_at IS NULL AND kind IN ('warn', 'mute', 'kick') AND issued_at > \(now.adding(seconds: -30 * 86_400))
                        AND ended_at IS NULL OR \(sql: Self.inForce(true, at: now)) AND kind = 'mute')
                ORDER BY id DESC LIMIT 20
                """
            ).map(Sanction.init)
        }
        return [("moderation", ["sanctions": .array(mine.map { .object(ownView($0, at: now)) })])]
    }

    package func export(_ person: UserID, in transaction: Transaction) throws -> JSONObject {
        let now = clock.now()
        let mine = try transaction.rows(
            "SELECT \(sql: Sanction.columns) FROM sanctions WHERE user_id = \(person) ORDER BY id DESC LIMIT 1000"
        ).map(Sanction.init)
        return mine.isEmpty ? [:] : ["sanctions": .array(mine.map { .object(ownView($0, at: now)) })]
    }
}
