internal import Authorization
internal import Bus
internal import Crypto
internal import Database
internal import Directory
internal import HTTP
internal import Jobs
internal import Kernel
internal import Mail
internal import Notifications
internal import Outbound
internal import Roles

/// Sends notices of alerts, one for each transition and channel, written in the transaction of the transition.
struct AlertNotices: Sendable {
    enum Kind: String, Sendable {
        case firing, resolved, flapping
        /// The state after flapping, instead of the notices that were left out.
        case digest
    }

    let cipher: FieldCipher
    let ids: IDGenerator
    let directory: MemberDirectory
    let roles: RolesFeature
    let centre: NotificationCentre
    let mail: MailOutbox?
    let emails: @Sendable (Member) -> String?
    let queue: JobQueue
    let client: HTTPClient
    let site: String

    static let job = "alerts.webhook"
    private static let target = "alert_notices.target"
    /// Recipients of one notice in the notification centre, and by mail.
    private static let (mostPeople, mostMails) = (200, 50)

    /// Transitions within half an hour that get a notice each.
    private static func limit(_ channel: AlertRule.Channel) -> Int { channel == .email ? 2 : 4 }

    /// Sends the notices of an evaluation: of a transition, of a firing that a silence delayed, or of the end of flapping.
    func follow(
        _ rule: AlertRule, _ expression: AlertExpression, _ place: AlertTable.Place, _ state: inout AlertState,
        _ transition: AlertState.Transition?, _ value: Double?, at now: Timestamp, in transaction: Transaction
    ) throws {
        let isSilenced = rule.isSilenced(at: now)
        let send = { (kind: Kind, state: AlertState, channels: [AlertRule.Channel]) in
            for channel in channels {
                try self.send(kind, rule, expression, place, state, value, by: channel, at: now, in: transaction)
            }
        }
        let publish = { (kind: Kind, state: AlertState) in self.publish(kind, rule, place, state, value, at: now, in: transaction) }
        switch transition {
        case .firing:
            state.isAnnounced = !isSilenced
            if !isSilenced { try announce(.firing, rule, &state, send, publish) }
        case .resolved:
            // A firing that was announced gets the notice of its end, silence or not.
            if state.isAnnounced { try announce(.resolved, rule, &state, send, publish) }
            state.isAnnounced = false
        case nil:
            if state.phase == .firing, !state.isAnnounced, !isSilenced {
                state.isAnnounced = true
                try announce(.firing, rule, &state, send, publish)
            }
            if state.isFlapping, state.recent.isEmpty {
                state.isFlapping = false
                try send(.digest, state, rule.channels)
                publish(.digest, state)
            }
        }
    }

    /// Sends the notices of a transition; above the limit of a channel one notice says that the alert flaps.
    private func announce(
        _ kind: Kind, _ rule: AlertRule, _ state: inout AlertState,
        _ send: (Kind, AlertState, [AlertRule.Channel]) throws -> Void, _ publish: (Kind, AlertState) -> Void
    ) throws {
        let count = state.recent.count
        try send(kind, state, rule.channels.filter { count <= Self.limit($0) })
        try send(.flapping, state, rule.channels.filter { count == Self.limit($0) + 1 })
        if count <= Self.limit(.webhook) { publish(kind, state) }
        // The event needs the digest as well, whatever channels the rule has.
        if count > (rule.channels.map(Self.limit) + [Self.limit(.webhook)]).min() ?? 0 { state.isFlapping = true }
    }

    /// Ends the firings that were announced, when the rule is deleted, disabled or has another expression.
    func settle(_ rule: AlertRule, at now: Timestamp, in transaction: Transaction) throws {
        let expression = AlertExpression(condition: .any([]), dimension: nil, duration: 0)
        for (place, state) in try AlertTable.states(in: transaction) where place.alert == rule.id && state.isAnnounced {
            for channel in rule.channels {
                try send(.resolved, rule, expression, place, state, nil, by: channel, at: now, in: transaction)
            }
            publish(.resolved, rule, place, state, nil, at: now, in: transaction)
        }
    }

    /// Writes the event `analytics.alert` to the outbox. It has no topic: webhooks read it, not the gateway.
    private func publish(
        _ kind: Kind, _ rule: AlertRule, _ place: AlertTable.Place, _ state: AlertState, _ value: Double?, at now: Timestamp,
        in transaction: Transaction
    ) {
        transaction.atCommit(
            OutboxEvent(
                AlertWords.eventType, to: [], members: AlertWords.event(kind, rule, place, state, value, at: now), requestID: "", at: now))
    }

    private func send(
        _ kind: Kind, _ rule: AlertRule, _ expression: AlertExpression, _ place: AlertTable.Place, _ state: AlertState, _ value: Double?,
        by channel: AlertRule.Channel, at now: Timestamp, in transaction: Transaction
    ) throws {
        let id = ids.next(AnyEntity.self)
        let shown = value.map { AlertWords.value($0, expression.condition.threshold?.term.metric ?? expression.terms.first?.metric) }
        let body = AlertWords.webhook(kind, rule, place, state, value, id, at: now, site: site)
        let isHook = channel == .webhook && rule.webhookURL != nil
        let target: JSON = ["url": JSON(rule.webhookURL), "secret": JSON(rule.webhookSecret), "body": .string(body.text)]
        let sealed = isHook ? cipher.seal(target.bytes, column: Self.target, id: id.rawValue) : nil
        // The unique key makes one notice of a transition for each channel.
        let isNew = try transaction.execute(
            """
            INSERT INTO alert_notices (id, alert_id, series, sequence, kind, channel, target, created_at, sent_at)
            VALUES (\(id), \(place.alert), \(place.series), \(state.sequence), \(kind.rawValue), \(channel.rawValue), \(sealed), \(now),
                \(isHook ? nil : now))
            ON CONFLICT DO NOTHING
            """)
        guard isNew == 1 else { return }
        switch channel {
        case .webhook: if isHook { try transaction.enqueue(Self.job, key: id.uuid, on: queue) }
        case .inApp:
            for person in try people(rule, limit: Self.mostPeople, in: transaction) {
                try centre.notify(AlertWords.notification(kind, rule, place, shown, to: person.id), in: transaction)
            }
        case .email:
            guard let mail else { return }
            for person in try people(rule, limit: Self.mostMails, in: transaction) {
                guard let address = emails(person) else { continue }
                try mail.post(
                    AlertWords.letter(kind, rule, place, shown, state, person.locale, site: site), to: address, kind: "alert",
                    lifetime: 86_400, in: transaction)
            }
        }
    }

    /// The people who may set up alerts, and the author while they may read statistics.
    private func people(_ rule: AlertRule, limit: Int, in transaction: Transaction) throws -> [Member] {
        var people = try roles.assignments.holders(of: .alertsManage, limit: limit, in: transaction)
        if let author = rule.author, !people.contains(author),
            try roles.authorizer.rights(of: author, in: transaction).can(.analyticsRead)
        {
            people.append(author)
        }
        return try directory.members(people, in: transaction).filter { $0.deletedAt == nil && !$0.isDisabled }
    }

    /// Sends one webhook, with the same id at each attempt, so that a receiver recognises a repetition.
    func deliver(_ key: String, database: any Database, at now: Timestamp) async throws {
        guard let id = RowID(uuid: key) else { return }
        let sealed = try await database.read { transaction in
            try transaction.row("SELECT target FROM alert_notices WHERE id = \(id) AND sent_at IS NULL")?.optionalBlob(0)
        }
        guard let sealed else { return }
        let target = try JSONParser.parse(own: try cipher.open(sealed, column: Self.target, id: id.rawValue))
        guard let url = target["url"]?.string, let body = target["body"]?.string else { throw JobGivenUp("the webhook cannot be read") }
        let stamp = String(now.milliseconds / 1000)
        var request = HTTPClient.Request("POST", url, body: Array(body.utf8), responseLimit: 4096)
        request.cutsResponse = true
        request.headers = [
            "Content-Type": "application/json", "User-Agent": "Foyer", "webhook-id": id.uuid, "webhook-timestamp": stamp,
        ]
        if let secret = target["secret"]?.string, let signature = WebhookSignature(secret: secret) {
            request.headers["webhook-signature"] = signature.sign(id: id.uuid, timestamp: stamp, body: request.body)
        }
        let response: HTTPClient.Response
        do { response = try await client.send(request) } catch let failure as DeliveryFailure where failure.kind == .refusedForGood {
            throw JobGivenUp(failure.description)
        }
        // 410: the address is gone for good.
        if response.status == 410 { throw JobGivenUp("the receiver answered 410") }
        guard response.isSuccess else { throw DeliveryFailure("the receiver answered \(response.status)", .refusedForNow) }
        _ = try await database.write { try $0.execute("UPDATE alert_notices SET sent_at = \(now), target = NULL WHERE id = \(id)") }
    }
}
