// Owns calls between two people: ringing, answering, who is in one on which device, signals between the two, and measured quality.
// The media goes from device to device and never through the server. Refuses to know conversations and notifications beyond their facades.
package import Bus
package import Conversations
package import Database
internal import Directory
package import FeatureKit
package import Friends
internal import HTTP
package import Jobs
package import Kernel
package import Notifications
package import Realtime
package import Roles
package import Runtime
package import Sanctions
package import Web

/// How calls behave.
package struct VoiceOptions: Sendable {
    /// Milliseconds that a call rings.
    package var ringing: Int64 = 45_000
    /// STUN and TURN addresses, such as `turn:turn.foyer.example:3478`.
    package var servers: [String] = []
    /// The secret shared with coturn (`static-auth-secret`); nil without one.
    package var secret: String?
    /// How many calls a person may start; nil for no limit.
    package var calls: RateLimiter.Budget? = .steady("calls", burst: 10, perSecond: 0.1)

    package init() {}
}

/// Calls between two people, peer to peer.
package struct VoiceFeature: Feature {
    let database: any Database
    let broker: any Broker
    let cipher: any EventCipher
    let ids: IDGenerator
    let clock: WallClock
    let directory = MemberDirectory()
    let roles: RolesFeature
    let conversations: ConversationsFeature
    let cards: UserCards
    let friendships: Friendships
    let sanctions: SanctionBook
    let centre: NotificationCentre
    let options: VoiceOptions
    let limiter: RateLimiter
    let log: Log
    let tellsPeople: @Sendable () -> Bool
    let watch = CallWatch()

    /// Milliseconds that a device stays in a call without a sign of life.
    static let lease: Int64 = 12_000
    /// Bytes of a signal: a session description with video is a fifth of it.
    static let signalBytes = 48 << 10
    /// Signals of one device.
    static let signals = RateLimiter.Budget.steady("voice.signal", burst: 200, perSecond: 20)
    /// Renewals of one device; one every 4 s is enough.
    static let renewals = RateLimiter.Budget.steady("voice.renew", burst: 20, perSecond: 2)
    /// Days that calls and their quality are kept.
    static let retentionDays: Int64 = 90

    /// - Parameter tellsPeople: whether the notification centre is on.
    package init(
        database: any Database, broker: any Broker, cipher: any EventCipher, ids: IDGenerator, clock: WallClock = .system,
        roles: RolesFeature, friends: FriendsFeature, conversations: ConversationsFeature, sanctions: SanctionBook,
        centre: NotificationCentre, relay: OutboxRelay, options: VoiceOptions, log: Log, tellsPeople: @escaping @Sendable () -> Bool
    ) {
        (self.database, self.broker, self.cipher, self.ids, self.clock) = (database, broker, cipher, ids, clock)
        (self.roles, self.conversations, self.sanctions, self.centre) = (roles, conversations, sanctions, centre)
        (cards, friendships, self.options, self.log, self.tellsPeople) = (friends.cards, friends.friendships, options, log, tellsPeople)
        limiter = RateLimiter(clock: clock)
        roles.authorizer.onChange { [watch] _ in watch.rightsChanged() }
        relay.observe { [watch] record in watch.observe(record) }
    }

    package static let declaration = FeatureDeclaration(
        "voice", title: LocalizedText(en: "Calls", fr: "Appels"), migrations: voiceMigrations, permissions: voicePermissions,
        settings: voiceSettings)

    package static let noticeKinds = [
        NotificationKind("call.missed") { text in
            text.count == 1
                ? LocalizedText(en: "You missed a call from \(text.actor)", fr: "Vous avez manqué un appel de \(text.actor)")
                : LocalizedText(
                    en: "You missed \(text.count) calls from \(text.actor)", fr: "Vous avez manqué \(text.count) appels de \(text.actor)")
        }
    ]

    /// Hears of the gateway's connections, and of sessions that end.
    package var observer: CallWatch { watch }

    package var routes: [Route] {
        [
            Route(.post, "/calls", .may(.voiceJoin), CallShapes.start) { try await startCall($0) },
            Route(.get, "/calls", .signedIn, CallShapes.list) { try await listCalls($0) },
            Route(.get, "/calls/{id}", .signedIn, CallShapes.read) { try await readCall($0) },
            Route(.post, "/calls/{id}/accept", .may(.voiceJoin), CallShapes.accept) { try await acceptCall($0) },
            Route(.post, "/calls/{id}/decline", .signedIn, CallShapes.decline) { try await endCall($0, .decline) },
            Route(.post, "/calls/{id}/cancel", .signedIn, CallShapes.cancel) { try await endCall($0, .cancel) },
            Route(.post, "/calls/{id}/leave", .signedIn, CallShapes.leave) { try await endCall($0, .leave) },
            Route(.post, "/calls/{id}/renew", .signedIn, CallShapes.renew) { try await renewLease($0) },
            Route(.post, "/calls/{id}/signal", .signedIn, CallShapes.signal, bodyAtMost: Self.signalBytes + 1024) {
                try await sendSignal($0)
            },
            Route(.get, "/voice/ice", .may(.voiceJoin), CallShapes.servers) { try await listServers($0) },
            Route(.get, "/voice/sessions", .signedIn, CallShapes.sessions) { try await listSessions($0) },
        ]
    }

    package var commands: [Command] {
        [Command("voice.signal") { try await sendSignal($0) }, Command("voice.renew") { try await renewLease($0) }]
    }

    /// Signals to one device. They hold network addresses, so they are in memory alone.
    package var topics: [TopicRule] {
        [
            TopicRule("voice:", compresses: false, durability: .volatile(MemoryBudget(events: 20_000, bytes: 16 << 20))) {
                scope, argument, _ throws(Problem) in
                _ = try scope.requireUser()
                guard let device = scope.sessionID, device.uuid == argument else { throw .notFound }
            }
        ]
    }

    package func snapshot(for scope: Scope) async throws -> [(String, JSON)] {
        guard let user = scope.userID, scope.can(.voiceJoin) else { return [] }
        let now = clock.now()
        let calls = try await database.read { transaction in
            try CallTable.live(of: user, in: transaction).map { try ownView($0, for: scope, at: now, in: transaction) }
        }
        return [("voice", ["calls": .array(calls)])]
    }

    package var jobs: [JobKind] {
        [
            JobKind("voice.sweep", schedule: .every(3_600_000)) { [database, clock] _ in
                let limit = RowID(rawValue: Snowflake.first(at: clock.now().adding(seconds: -Self.retentionDays * 86_400)))
                try await database.write { transaction in
                    try transaction.execute("DELETE FROM voice_sessions WHERE id < \(limit) AND left_at IS NOT NULL")
                    try transaction.execute("DELETE FROM calls WHERE id < \(limit) AND ended_at IS NOT NULL")
                }
                return .done
            }
        ]
    }

    package func run() async throws { try await watchCalls() }
}
