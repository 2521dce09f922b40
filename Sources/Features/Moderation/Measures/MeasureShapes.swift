internal import Friends
internal import Kernel
internal import Sanctions
internal import Web

/// What the routes of lockdowns, raid mode and purges take and answer.
enum MeasureShapes {
    private static let card = UserCards.shape.orNull

    private static let measure = Shape.object([
        "id": .id, "channels": Shape.list(of: .id).described("Empty: all channels."), "reason": .text.orNull, "started_by": card,
        "started_at": .timestamp, "ends_at": .timestamp,
    ])

    static let lockdowns = RouteShape("List the lockdowns in force.", answers: [.ok(.object(["items": .list(of: measure)]))])

    static let lock = RouteShape(
        "Lock channels for a time: only people who moderate or manage them can write.",
        body: .json(
            .object([
                "channels": Shape.list(of: .string(1...100), 0...Measure.channelLimit).optionalOrNull.described("Left out: all channels."),
                "duration_s": .integer(Measure.seconds), "reason": Shape.string(0...SanctionLimits.reason).optionalOrNull,
            ])),
        answers: [.created(measure)], refusals: [.conflict("too_many_lockdowns")], guards: [.idempotencyKey])

    static let unlock = RouteShape("End a lockdown.", answers: [.noContent], guards: [.idempotencyKey])

    private static let rule = Shape.object([
        "enabled": .bool, "joins": .integer(RaidRule.counts), "joins_within_s": .integer(RaidRule.spans),
        "accounts": Shape.integer(RaidRule.counts).described("New accounts that write the same."),
        "accounts_within_s": .integer(RaidRule.spans), "duration_s": .integer(Measure.seconds),
        "age_s": Shape.integer(RaidRule.ages).described("Accounts younger than this are new."),
        "slow_mode_s": .integer(RaidRule.pauses), "holds": .bool, "door": .choice(RaidRule.Door.self),
    ])

    private static let raid = Shape.object(["active": measure.orNull, "rule": rule])

    static let readRaid = RouteShape("Read the raid in force and the rule that begins one.", answers: [.ok(raid)])

    static let putRaid = RouteShape(
        "Set when raid mode begins by itself, and what it does.", body: .json(rule.patch.with(["enabled": .bool])), answers: [.ok(raid)],
        guards: [.idempotencyKey])

    static let startRaid = RouteShape(
        "Begin raid mode.", body: .optionalJSON(.object(["duration_s": Shape.integer(Measure.seconds).optionalOrNull])),
        answers: [.ok(raid)],
        guards: [.idempotencyKey])

    static let endRaid = RouteShape(
        "End raid mode.", query: ["restore": Shape.bool.described("Show the held messages again.").optional], answers: [.ok(raid)],
        guards: [.idempotencyKey])

    private static let purge = Shape.object([
        "id": .id, "user": card, "actor": card, "from": .timestamp, "to": .timestamp, "created_at": .timestamp,
        "count": .integer, "undone_at": .timestamp.orNull,
    ])

    static let purges = RouteShape(
        "List the last purges.", query: ["user": Shape.userReference.optional], answers: [.ok(.object(["items": .list(of: purge)]))],
        refusals: [.init(404, "not_found")])

    private static let done = purge.with(["more": Shape.bool.described("Whether further messages are left.")])

    static let hide = RouteShape(
        "Hide up to \(ModerationFeature.purged) messages that somebody wrote in channels within a time, the newest first.",
        body: .json(.object(["user_id": .string(1...200), "from": .timestamp, "to": Shape.timestamp.optionalOrNull])),
        answers: [.created(done)], refusals: SanctionShapes.manageRefusals, guards: [.idempotencyKey])

    static let undo = RouteShape(
        "Show the messages of a purge again.", answers: [.ok(done)], refusals: SanctionShapes.manageRefusals, guards: [.idempotencyKey])
}
