// Owns webhooks: subscriptions to events of the site, their deliveries and retries. Refuses to know the features whose events it sends.
package import Audit
package import Bus
package import Crypto
package import Database
package import Directory
package import FeatureKit
internal import HTTP
package import Jobs
package import Kernel
package import Mail
package import Notifications
package import Outbound
package import Roles
package import Runtime
package import Web

/// Sends events of the site to addresses that its team chose.
package struct WebhooksFeature: Feature {
    let database: any Database
    let ids: IDGenerator
    let clock: WallClock
    let log: Log
    let audit: AuditLog
    let roles: RolesFeature
    let directory: MemberDirectory
    let centre: NotificationCentre
    /// Nil where no mail can be sent.
    let mail: MailOutbox?
    let emails: @Sendable (Member) -> String?
    let queue: JobQueue
    let client: HTTPClient
    /// The public address of the site; empty without one.
    let site: String
    let mayReadChannel: @Sendable (UserID, ConversationID, Transaction) throws -> Bool
    let table: WebhookTable

    /// - Parameter mayReadChannel: whether a person may read a channel at this moment.
    package init(
        database: any Database, keyring: Keyring, ids: IDGenerator, clock: WallClock = .system, log: Log, audit: AuditLog,
        roles: RolesFeature,
        directory: MemberDirectory, centre: NotificationCentre, mail: MailOutbox?, emails: @escaping @Sendable (Member) -> String?,
        jobs: JobQueue, client: HTTPClient, site: String,
        mayReadChannel: @escaping @Sendable (UserID, ConversationID, Transaction) throws -> Bool
    ) {
        (self.database, self.ids, self.clock, self.log, self.audit, self.roles) = (database, ids, clock, log, audit, roles)
        (self.directory, self.centre, self.mail, self.emails, queue) = (directory, centre, mail, emails, jobs)
        (self.site, self.mayReadChannel) = (site, mayReadChannel)
        self.client = client
        table = WebhookTable(cipher: keyring.fields)
    }

    /// Webhooks that one process sends to at once.
    package static let parallel = 64

    package static let declaration = FeatureDeclaration(
        "webhooks", title: LocalizedText(en: "Webhooks", fr: "Webhooks"), migrations: webhooksMigrations,
        auditActions: [
            AuditAction("webhook.create", target: "webhook", en: "{actor} created a webhook", fr: "{actor} a créé un webhook"),
            AuditAction("webhook.update", target: "webhook", en: "{actor} changed a webhook", fr: "{actor} a modifié un webhook"),
            AuditAction("webhook.delete", target: "webhook", en: "{actor} deleted a webhook", fr: "{actor} a supprimé un webhook"),
            AuditAction(
                "webhook.rotate", target: "webhook", en: "{actor} renewed the secret of a webhook",
                fr: "{actor} a renouvelé le secret d’un webhook"),
            AuditAction("webhook.resume", target: "webhook", en: "{actor} resumed a webhook", fr: "{actor} a réactivé un webhook"),
        ])

    package var routes: [Route] {
        [
            Route(.get, "/webhooks", .may(.webhooksManage), WebhookShapes.list, handler: listWebhooks),
            Route(.post, "/webhooks", .may(.webhooksManage), WebhookShapes.create, action: "webhook.create", handler: createWebhook),
            Route(.get, "/webhooks/events", .may(.webhooksManage), WebhookShapes.listEvents, handler: listEvents),
            Route(.get, "/webhooks/{id}", .may(.webhooksManage), WebhookShapes.read, handler: readWebhook),
            Route(.patch, "/webhooks/{id}", .may(.webhooksManage), WebhookShapes.edit, action: "webhook.update", handler: editWebhook),
            Route(.delete, "/webhooks/{id}", .may(.webhooksManage), WebhookShapes.delete, action: "webhook.delete", handler: deleteWebhook),
            Route(
                .post, "/webhooks/{id}/rotate", .may(.webhooksManage), WebhookShapes.rotate, action: "webhook.rotate", handler: rotateSecret
            ),
            Route(.post, "/webhooks/{id}/test", .may(.webhooksManage), WebhookShapes.test, handler: testWebhook),
            Route(
                .post, "/webhooks/{id}/resume", .may(.webhooksManage), WebhookShapes.resume, action: "webhook.resume",
                handler: resumeWebhook),
            Route(.get, "/webhooks/{id}/deliveries", .may(.webhooksManage), WebhookShapes.deliveries, handler: listDeliveries),
            Route(.get, "/webhook-deliveries/{id}", .may(.webhooksManage), WebhookShapes.readDelivery, handler: readDelivery),
            Route(.post, "/webhook-deliveries/{id}/replay", .may(.webhooksManage), WebhookShapes.replay, handler: replayDelivery),
        ]
    }

    package var consumers: [Consumer] { [recorder] }

    package var jobs: [JobKind] {
        [
            sender,
            JobKind("webhooks.sweep", schedule: .every(600_000)) { [self] _ in
                try await sweep()
                return .done
            },
        ]
    }

    /// Deletes their webhooks, which send with the rights of their author.
    package func erase(_ person: UserID, in transaction: Transaction) throws {
        for webhook in try table.all(of: person, in: transaction) { try table.delete(webhook.id, in: transaction) }
    }

    package func export(_ person: UserID, in transaction: Transaction) throws -> JSONObject {
        let own = try table.all(of: person, in: transaction)
        guard !own.isEmpty else { return [:] }
        return [
            "webhooks": .array(
                own.map { ["url": .string($0.url), "name": .string($0.name), "events": $0.eventsJSON, "created_at": JSON($0.createdAt)] })
        ]
    }
}

extension Permission {
    static let webhooksManage = Permission(known: "webhooks.manage")
}
