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

/// Tells people of alerts: once for each transition and channel, written with the transition.
struct AlertNotices: Sendable {
    enum Kind: String, Sendable {
        case firing, resolved, flapping
        /// What was not told while it flapped.
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
    /// Who is told in the centre, and by mail, at most.
    private static let (mostPeople, mostMails) = (200, 50)

    /// How many transitions within half an hour are told one by one.
    private static func calm(_ channel: AlertRule.Channel) -> Int { channel == .email ? 2 : 4 }

    /// Does what an evaluation calls for: tells of a transition, of one that a silence held back, or of the end of a flapping.
    func follow(
        _ rule: AlertRule, _ expression: AlertExpression, _ place: AlertTable.Place, _ state: inout AlertState,
        _ transition: AlertState.Transition?, _ value: Double?, at now: Timestamp, in transaction: Transaction
    ) throws {
        let isSilenced = rule.isSilenced(at: now)
        let tell = { (kind: Kind, state: AlertState, channels: [AlertRule.Channel]) in
            for channel in channels {
                try self.tell(kind, rule, expression, place, state, value, by: channel, at: now, in: transaction)
            }
        }
        switch transition {
        case .firing:
            state.isAnnounced = !isSilenced
            if !isSilenced { try tellOrCount(.firing, rule, &state, tell) }
        case .resolved:
            // The end of what was told is always told.
            if state.isAnnounced { try tellOrCount(.resolved, rule, &state, tell) }
            state.isAnnounced = false
        case nil:
            if state.phase == .firing, !state.isAnnounced, !isSilenced {
                state.isAnnounced = true
                try tellOrCount(.firing, rule, &state, tell)
            }
            if state.isFlapping, state.recent.isEmpty {
                state.isFlapping = false
                try tell(.digest, state, rule.channels)
            }
        }
    }

    private func tellOrCount(
        _ kind: Kind, _ rule: AlertRule, _ state: inout AlertState,
        _ tell: (Kind, AlertState, [AlertRule.Channel]) throws -> Void
    ) throws {
        let count = state.recent.count
        try tell(kind, state, rule.channels.filter { count <= Self.calm($0) })
        let tired = rule.channels.filter { count == Self.calm($0) + 1 }
        try tell(.flapping, state, tired)
        if rule.channels.contains(where: { count > Self.calm($0) }) { state.isFlapping = true }
    }

    /// Somebody ended a rule, or asks for something else: what was announced is over.
    func settle(_ rule: AlertRule, at now: Timestamp, in transaction: Transaction) throws {
        let expression = AlertExpression(condition: .any([]), dimension: nil, duration: 0)
        for (place, state) in try AlertTable.states(in: transaction) where place.alert == rule.id && state.isAnnounced {
            for channel in rule.channels {
                try tell(.resolved, rule, expression, place, state, nil, by: channel, at: now, in: transaction)
            }
        }
    }

    private func tell(
        _ kind: Kind, _ rule: AlertRule, _ expression: AlertExpression, _ place: AlertTable.Place, _ state: AlertState, _ value: Double?,
        by channel: AlertRule.Channel, at now: Timestamp, in transaction: Transaction
    ) throws {
        let id = ids.next(AnyEntity.self)
        let shown = value.map { AlertWords.value($0, expression.condition.threshold?.term.metric ?? expression.terms.first?.metric) }
        let body = AlertWords.webhook(kind, rule, place, state, value, id, at: now, site: site)
        let isHook = channel == .webhook && rule.webhookURL != nil
        let target: JSON = ["url": JSON(rule.webhookURL), "secret": JSON(rule.webhookSecret), "body": .string(body.text)]
        let sealed = isHook ? cipher.seal(target.bytes, column: Self.target, id: id.rawValue) : nil
        // A crash, another process or a second look at the same moment finds the row there.
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

    /// The author and those who may set up alerts.
    private func people(_ rule: AlertRule, limit: Int, in transaction: Transaction) throws -> [Member] {
        var people = try roles.assignments.holders(of: .alertsManage, limit: limit, in: transaction)
        if let author = rule.author, !people.contains(author) { people.append(author) }
        return try directory.members(people, in: transaction).filter { $0.deletedAt == nil && !$0.isDisabled }
    }

    /// Sends one webhook; the same id every time, so that a receiver can tell a repetition.
    func deliver(_ key: String, database: any Database, at now: Timestamp) async throws {
        guard let id = RowID(uuid: key) else { return }
        let sealed = try await database.read { transaction in
            try transaction.row("SELECT target FROM alert_notices WHERE id = \(id) AND sent_at IS NULL")?.optionalBlob(0)
        }
        guard let sealed else { return }
        let target = try JSONParser.parse(own: try cipher.open(sealed, column: Self.target, id: id.rawValue))
        guard let url = target["url"]?.string, let body = target["body"]?.string else { throw JobGivenUp("the webhook cannot be read") }
        let stamp = String(now.milliseconds / 1000)
        var request = HTTPClient.Request("POST", url, body: Array(body.utf8))
        request.headers = [
            "Content-Type": "application/json", "User-Agent": "Foyer", "webhook-id": id.uuid, "webhook-timestamp": stamp,
        ]
        if let secret = target["secret"]?.string, let signature = WebhookSignature(secret: secret) {
            request.headers["webhook-signature"] = signature.sign(id: id.uuid, timestamp: stamp, body: body)
        }
        let response: HTTPClient.Response
        do { response = try await client.send(request) } catch let failure as DeliveryFailure where failure.kind == .refusedForGood {
            throw JobGivenUp(failure.description)
        }
        // 410: the receiver wants no more of them.
        if response.status == 410 { throw JobGivenUp("the receiver answered 410") }
        guard response.isSuccess else { throw DeliveryFailure("the receiver answered \(response.status)", .refusedForNow) }
        _ = try await database.write { try $0.execute("UPDATE alert_notices SET sent_at = \(now), target = NULL WHERE id = \(id)") }
    }
}

/// Signatures as the Standard Webhooks specification says.
struct WebhookSignature: Sendable {
    private let key: HMACKey

    static let prefix = "whsec_"

    /// - Parameter secret: `whsec_` and base64; nil for what is none, or of less than 24 bytes.
    init?(secret: String) {
        guard secret.hasPrefix(Self.prefix) else { return nil }
        let text = secret.dropFirst(Self.prefix.count).prefix { $0 != "=" }.map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 }
        guard let bytes = Base64URL.decode(String(text)), (24...64).contains(bytes.count) else { return nil }
        key = HMACKey(bytes)
    }

    static func newSecret() -> String { prefix + base64(Random.bytes(32)) }

    func sign(id: String, timestamp: String, body: String) -> String {
        "v1," + Self.base64(key.authenticate(Array("\(id).\(timestamp).\(body)".utf8)))
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        let text = String(Base64URL.encode(bytes).map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 })
        return text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
    }
}
