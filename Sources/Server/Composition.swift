internal import Accounts
internal import Analytics
internal import Audit
internal import Bus
internal import Conversations
internal import Crypto
internal import Database
internal import Directory
internal import FeatureKit
internal import Files
internal import Friends
internal import History
internal import Jobs
internal import Kernel
internal import Mail
internal import Media
internal import Moderation
internal import Modules
internal import Notifications
internal import OpenID
internal import Outbound
internal import Passkeys
internal import Presence
internal import Privacy
internal import Profiles
internal import Realtime
internal import Roles
internal import Runtime
internal import Sanctions
internal import Transport
internal import Voice
internal import Web
internal import Webhooks

/// The features and the platform put together: the one place that knows them all, for `main` and for the tests.
final class Composition: Sendable {
    let infrastructure: Infrastructure
    let readiness = Readiness()
    let relay: OutboxRelay
    let jobs: JobQueue
    let runner: JobRunner
    let consumers: ConsumerService
    let gateway: Gateway
    let audit: AuditLog
    let auditFeature: AuditFeature
    let privacy: PrivacyFeature
    let directory = MemberDirectory()
    let roles: RolesFeature
    let presence: PresenceFeature
    let mail: MailFeature
    let accounts: AccountsFeature
    let friends: FriendsFeature
    let history: HistoryFeature
    let profiles: ProfilesFeature
    let notifications: NotificationsFeature
    let routes: [Route]
    let application: Application
    /// In the order of their dependencies, which is that of their start.
    let features: FeatureSet
    let files: FilesFeature
    let conversations: ConversationsFeature
    let moderation: ModerationFeature
    let analytics: AnalyticsFeature
    let media: MediaFeature
    let voice: VoiceFeature

    /// What the features of this program declare: a new feature stands here, and in `features`.
    static let declarations: [FeatureDeclaration] = [
        AuditFeature.declaration,
        RolesFeature.declaration,
        PresenceFeature.declaration,
        MailFeature.declaration,
        AccountsFeature.declaration,
        FriendsFeature.declaration,
        HistoryFeature.declaration,
        ProfilesFeature.declaration,
        NotificationsFeature.declaration,
        ModulesFeature.declaration,
        ConversationsFeature.declaration,
        ModerationFeature.declaration,
        AnalyticsFeature.declaration,
        MediaFeature.declaration,
        FilesFeature.declaration,
        WebhooksFeature.declaration,
        VoiceFeature.declaration,
        PrivacyFeature.declaration,
        OpenIDFeature.declaration,
        PasskeysFeature.declaration,
    ]

    /// - Parameters:
    ///   - others: features beside the program's own, whose declarations the infrastructure was opened with.
    ///   - inspector: sees every request with its answer; the tests have one.
    init(
        _ infrastructure: Infrastructure, hasher: PasswordHasher = PasswordHasher(), others: [any Feature] = [],
        inspector: (@Sendable (Exchange) -> Void)? = nil
    ) async throws {
        let declarations = Self.declarations + others.map(\.declaration)
        let modules = ModuleSwitches(declarations)
        self.infrastructure = infrastructure
        let (settings, database, clock, log) = (infrastructure.settings, infrastructure.database, infrastructure.clock, infrastructure.log)
        let (ids, metrics) = (infrastructure.ids, infrastructure.metrics)
        let broker = MemoryBroker(epoch: String(clock.now().milliseconds, radix: 36), clock: clock)
        broker.count(in: metrics)
        relay = OutboxRelay(database: database, broker: broker, clock: clock, cipher: KeyringEventCipher(keyring: infrastructure.keyring)) {
            error in
            log.warning("the outbox relay waits for the database", [("cause", .string("\(error)"))])
        }
        try await relay.begin()
        jobs = JobQueue(database: database, clock: clock)
        gateway = Gateway(broker: broker, relay: relay, clock: clock, log: log, metrics: metrics, options: settings.gatewayOptions)
        audit = AuditLog(
            database: database, keyring: infrastructure.keyring, ids: ids, chainID: Int64(infrastructure.lease.node),
            roleID: { try RoleReference.id($0, in: $1) })
        auditFeature = AuditFeature(
            database: database, accessDatabase: infrastructure.access, audit: audit, ids: ids, headsPath: infrastructure.headsPath,
            log: log, metrics: metrics, clock: clock, actions: declarations.flatMap(\.auditActions), jobs: jobs)
        roles = RolesFeature(database: database, audit: audit, ids: ids, clock: clock, log: log)
        let sanctions = SanctionBook()
        presence = PresenceFeature(
            database: database, broker: broker, relay: relay, gateway: gateway, audit: audit, roles: roles, ids: ids, clock: clock,
            log: log,
            options: settings.presenceOptions, sanctions: sanctions)
        mail = MailFeature(
            database: database, keyring: infrastructure.keyring, ids: ids, clock: clock, log: log, metrics: metrics,
            options: try settings.mailOptions(), jobs: jobs)
        accounts = try AccountsFeature(
            database: database, keyring: infrastructure.keyring, ids: ids, clock: clock, log: log, policy: settings.accountPolicy,
            audit: audit,
            roles: roles, presence: presence.reader, choices: presence.choices, mail: mail, jobs: jobs, sanctions: sanctions,
            hasher: hasher,
            onSetUp: { [folder = infrastructure.folder] in FirstOwner.forgetLink(folder) })
        friends = FriendsFeature(
            database: database, keyring: infrastructure.keyring, cipher: KeyringEventCipher(keyring: infrastructure.keyring), ids: ids,
            clock: clock, presence: presence.reader, directory: directory, limits: settings.friendLimits, sanctions: sanctions,
            log: log)
        history = HistoryFeature(
            database: database, broker: broker, ids: ids, friendships: friends.friendships, directory: directory)
        profiles = ProfilesFeature(
            database: database, keyring: infrastructure.keyring, ids: ids, clock: clock, roles: roles, friends: friends,
            directory: directory)
        notifications = NotificationsFeature(
            database: database, broker: broker,
            centre: NotificationCentre(
                keyring: infrastructure.keyring, cipher: KeyringEventCipher(keyring: infrastructure.keyring), ids: ids, clock: clock,
                directory: directory, cards: friends.cards, friendships: friends.friendships,
                others: moderationNotices + AnalyticsFeature.noticeKinds + webhookNotices + VoiceFeature.noticeKinds),
            friendships: friends.friendships, presence: presence.reader, clock: clock, log: log,
            isOn: { modules.isOn("notifications") })
        files = FilesFeature(
            database: database, keyring: infrastructure.keyring, ids: ids, clock: clock, roles: roles, jobs: jobs,
            options: settings.fileOptions(in: infrastructure.folder))
        conversations = ConversationsFeature(
            database: database, keyring: infrastructure.keyring, eventCipher: KeyringEventCipher(keyring: infrastructure.keyring), ids: ids,
            clock: clock, audit: audit, roles: roles, friends: friends, gateway: gateway, broker: broker,
            relay: relay, jobs: jobs, budgets: MessageBudgets(settings.bool("rate-limit") ? RateLimiter(clock: clock) : nil),
            sanctions: sanctions, centre: notifications.centre, files: files, tellsOfMessages: { modules.isOn("notifications") })
        moderation = ModerationFeature(
            database: database, keyring: infrastructure.keyring, eventCipher: KeyringEventCipher(keyring: infrastructure.keyring), ids: ids,
            clock: clock, log: log, metrics: metrics, limiter: settings.bool("rate-limit") ? RateLimiter(clock: clock) : nil,
            audit: audit, journal: auditFeature, roles: roles, accounts: accounts, friends: friends, conversations: conversations,
            centre: notifications.centre, tellsPeople: { modules.isOn("notifications") })
        // For addresses that people chose: alerts and webhooks.
        let client = HTTPClient(threads: WebhooksFeature.parallel, admits: PublicAddresses(allowing: try settings.outboundAllow).admits)
        analytics = AnalyticsFeature(
            database: database, broker: broker, gateway: gateway, roles: roles, directory: directory, observer: presence.observer,
            ids: ids, node: infrastructure.lease.node, audit: audit, keyring: infrastructure.keyring, centre: notifications.centre,
            mail: mail.isOn ? mail.outbox : nil, emails: { [accounts] in accounts.email(of: $0) }, jobs: jobs,
            client: client, site: settings.publicURL ?? "",
            origins: try settings.snippetOrigins, isLimited: settings.bool("rate-limit"),
            machine: { [folder = infrastructure.folder.path] in ProcessMetrics.sample(folder: folder) }, clock: clock, log: log,
            metrics: metrics)
        media = MediaFeature(
            database: database, keyring: infrastructure.keyring, broker: broker, audit: audit, jobs: jobs, ids: ids, clock: clock, log: log,
            metrics: metrics,
            marks: MediaMarks(ids: ids, clock: clock, history: history.history, friends: friends),
            limitsMarks: settings.bool("rate-limit"),
            starter: settings.bool("starter-catalogue") ? settings.starterCatalogue.map(StarterCatalogue.init(path:)) : nil,
            source: settings.sourceOptions(in: infrastructure.folder), site: settings.publicURL, page: settings.webPage)
        privacy = PrivacyFeature(database: database, keyring: infrastructure.keyring, ids: ids, clock: clock, jobs: jobs)
        let webhooks = WebhooksFeature(
            database: database, keyring: infrastructure.keyring, ids: ids, clock: clock, log: log, audit: audit, roles: roles,
            directory: directory, centre: notifications.centre, mail: mail.isOn ? mail.outbox : nil,
            emails: { [accounts] in accounts.email(of: $0) }, jobs: jobs,
            client: client, site: settings.publicURL ?? "",
            mayReadChannel: { [conversations] in try conversations.mayRead($1, by: $0, in: $2) })
        let openID = OpenIDFeature(
            database: database, keyring: infrastructure.keyring, ids: ids, clock: clock, log: log, audit: audit, roles: roles,
            directory: directory, accounts: accounts,
            client: HTTPClient(threads: 8, admits: PublicAddresses(allowing: try settings.outboundAllow).admits),
            site: settings.publicURL, isSecure: settings.accountPolicy.isSecure)
        voice = VoiceFeature(
            database: database, broker: broker, cipher: KeyringEventCipher(keyring: infrastructure.keyring), ids: ids, clock: clock,
            roles: roles, friends: friends, conversations: conversations, sanctions: sanctions, centre: notifications.centre, relay: relay,
            options: settings.voiceOptions, log: log, tellsPeople: { modules.isOn("notifications") })
        let passkeys = PasskeysFeature(
            database: database, ids: ids, clock: clock, log: log, audit: audit, directory: directory, accounts: accounts,
            options: try settings.passkeyOptions, limiter: settings.bool("rate-limit") ? RateLimiter(clock: clock) : nil)
        accounts.onWaysIn { try passkeys.count(of: $0, in: $1) }
        accounts.onUnproven { try passkeys.endUnproven(of: $0, before: $1, in: $2) }
        accounts.use(passkeys: passkeys)
        let switches = ModulesFeature(
            database: database, audit: audit, authorizer: roles.authorizer, switches: modules, declarations: declarations,
            onSwitched: { [gateway] in gateway.rightsChanged(users: nil) })
        features = FeatureSet(
            [
                auditFeature,
                roles,
                presence,
                mail,
                accounts,
                friends,
                history,
                profiles,
                notifications,
                switches,
                files,
                conversations,
                moderation,
                analytics,
                media,
                webhooks,
                voice,
                privacy,
                openID,
                passkeys,
            ] + others,
            modules: modules)
        try features.check(declarations)
        runner = JobRunner(jobs, kinds: Self.platformJobs(infrastructure) + features.jobs, log: log, metrics: metrics)
        consumers = ConsumerService(
            database: database, cipher: KeyringEventCipher(keyring: infrastructure.keyring), consumers: features.consumers, clock: clock,
            log: log, metrics: metrics)
        try await roles.giveDeclared(declarations.flatMap(\.permissions))
        try await switches.load()
        let health = HealthRoutes(database: database, metrics: metrics, readiness: readiness)
        var options = try settings.applicationOptions()
        options.idempotencyCipher = KeyringIdempotencyCipher(keyring: infrastructure.keyring)
        options.inspector = inspector
        let served = health.routes + gateway.routes + features.routes
        routes = served + [APIDescription(version: Site.version, base: options.base, routes: served).route]
        application = Application(
            routes: routes, authenticator: accounts, observer: auditFeature.observer, meter: analytics.meter,
            files: settings.webFolder.flatMap(StaticFiles.init(directory:)), log: log, metrics: metrics, clock: clock,
            options: options)
        connect()
        try await accounts.rewriteAddresses()
        try await friends.loadHidden()
        try await media.loadStarter()
        try await passkeys.warnOfStrangers()
    }

    /// The arrows that go against the order of dependencies: what happens in one feature and concerns the open sockets.
    private func connect() {
        relay.observe { [roles] record in roles.known.observe(record) }
        voice.observer.pass(to: analytics.observer)
        gateway.open(
            features: features, authenticator: accounts, observer: voice.observer, meter: analytics.meter,
            clock: infrastructure.clock, ids: roles.ids(behind:for:), known: roles.known
        ) { [accounts] scope in
            try await accounts.profile(of: scope)
        }
        relay.observe { [friends] record in friends.observe(record) }
        relay.observe { [history, gateway] record in
            let readers = history.observe(record)
            if !readers.isEmpty { gateway.rightsChanged(users: readers) }
        }
        profiles.onFigures { [media, features] user, transaction in
            features.modules.isOn("media") ? try media.figures(of: user, in: transaction) : []
        }
        presence.onVisible { [friends] reader, people in friends.visible(people, to: reader) }
        friends.onHiding { [gateway] readers in gateway.rightsChanged(users: readers) }
        accounts.onProfile { [friends] in try friends.friendships.profiles(of: $0, for: $1, in: $2) }
        friends.friendships.onNotice { [notifications] in try notifications.tell($0, in: $1) }
        privacy.open(features, platform: platformPersonalData)
        accounts.onErase { [features] in try features.erase($0, in: $1) }
        accounts.onRevoked { [gateway, voice] revocation in
            gateway.close(sessions: [revocation.sessionID], code: revocation.reason.closeCode)
            voice.observer.ended(revocation.sessionID)
        }
        roles.authorizer.onChange { [gateway] change in
            switch change.concerned {
            case .everybody: gateway.rightsChanged(users: nil)
            case .users(let users): gateway.rightsChanged(users: Set(users))
            }
        }
    }

    private static func platformJobs(_ infrastructure: Infrastructure) -> [JobKind] {
        let answers = IdempotencySweeper(database: infrastructure.database, clock: infrastructure.clock)
        return [
            JobKind("web.answer_sweep", schedule: .every(3_600_000)) { _ in
                try await answers.sweep()
                return .done
            }
        ]
    }

    var probe: HealthProbe {
        HealthProbe(
            database: infrastructure.database, folder: infrastructure.folder.path, readiness: readiness, log: infrastructure.log)
    }

    /// The background work of the platform and of every feature.
    var services: [@Sendable () async throws -> Void] {
        let platform: [@Sendable () async throws -> Void] = [
            { [probe] in try await probe.run() }, { [relay] in try await relay.run() }, { [gateway] in try await gateway.run() },
            { [runner] in try await runner.run() }, { [consumers] in try await consumers.run() },
        ]
        return platform + features.features.map { feature in { @Sendable in try await feature.run() } }
    }

    /// Puts the server's own counters among the metrics.
    func count(_ server: HTTPServer) {
        let metrics = infrastructure.metrics
        metrics.gauge("foyer_connections", "Open connections.") { Double(server.snapshot.connections) }
        metrics.gauge("foyer_websockets", "Open WebSockets.") { Double(server.snapshot.webSockets) }
        metrics.register("foyer_received_bytes_total", "counter", "Bytes received.") {
            [(labels: "", value: Double(server.snapshot.bytesReceived))]
        }
        metrics.register("foyer_sent_bytes_total", "counter", "Bytes sent.") { [(labels: "", value: Double(server.snapshot.bytesSent))] }
        metrics.register("foyer_compressed_messages_total", "counter", "Messages compressed, each once for all its sockets.") {
            [(labels: "", value: Double(server.snapshot.messagesCompressed))]
        }
        metrics.register("foyer_connection_closes_total", "counter", "Closed connections by reason.") {
            server.snapshot.closes.map { (labels: "reason=\"\($0.key)\"", value: Double($0.value)) }.sorted { $0.labels < $1.labels }
        }
        ProcessMetrics.register(in: metrics)
    }
}
