internal import Friends
internal import Kernel
internal import Sanctions
internal import Web

/// What the routes of calls take and answer.
enum CallShapes {
    private static let members = Shape.object([
        "id": .id, "conversation_id": .id, "state": .choice(CallRecord.State.self), "caller": UserCards.shape.orNull,
        "callee": UserCards.shape.orNull, "created_at": .timestamp, "rings_until": .timestamp, "answered_at": .timestamp.orNull,
        "ended_at": .timestamp.orNull, "ended_by": Shape.id.orNull,
        "devices": Shape.list(
            of: .object(["id": .id, "user_id": .id, "joined_at": .timestamp.orNull, "may_speak": .bool, "may_video": .bool])
        ).described("The devices in the call."),
    ])
    static let call = Shape.named("Call", members)

    private static let own = members.with([
        "device": Shape.object([
            "id": .id, "topic": Shape.text.described("The gateway topic of signals to this device."),
            "lease_s": Shape.integer.described("A device that renews, and then does not for so long, has left."),
        ]).orNull.described("This device, when it is in the call.")
    ])

    static let start = RouteShape(
        "Call somebody: every device of theirs rings. The call that is on between the two is answered again, and accepted where they call already.",
        body: .json(
            .object([
                "to": Shape.userReference.optional, "conversation_id": Shape.id.optional,
                "key": Shape.string(1...100).optional.described("Retries with the same key are one call."),
            ])), answers: [.created(own), .ok(own)],
        refusals: [
            .forbidden("not_allowed"), .forbidden("no_device"), .muted, .conflict("in_call"), .init(404, "not_found"),
            .init(422, "key_reused"),
        ],
        guards: [.idempotencyKey])
    static let list = RouteShape("List one’s calls that are on: ringing, or answered.", answers: [.ok(.whole(of: own))])
    static let read = RouteShape("Read a call.", answers: [.ok(own)])
    static let accept = RouteShape(
        "Answer a call on this device; the others stop ringing.", answers: [.ok(own)],
        refusals: [
            .forbidden("not_yours"), .forbidden("not_allowed"), .forbidden("no_device"), .muted, .conflict("call_over"),
            .conflict("in_call"),
            .conflict("answered_elsewhere"),
        ], guards: [.idempotencyKey])
    static let decline = RouteShape(
        "Refuse a call.", answers: [.ok(own)], refusals: [.forbidden("not_yours"), .conflict("call_over")], guards: [.idempotencyKey])
    static let cancel = RouteShape(
        "Give up a call that nobody has answered.", answers: [.ok(own)],
        refusals: [.forbidden("not_yours"), .conflict("call_over")], guards: [.idempotencyKey])
    static let leave = RouteShape(
        "Leave a call, which ends it; before the answer this refuses or cancels it.", answers: [.ok(own)], guards: [.idempotencyKey])

    private static let count = Shape.integer(0...(1 << 40))
    private static let quality = Shape.object([
        "packets_lost": count, "packets_received": count, "jitter_ms": .integer(0...60_000), "rtt_ms": .integer(0...60_000),
    ])
    static let renew = RouteShape(
        "Say that this device is still there, with what it measured.",
        body: .json(.object(["device_id": .id, "quality": quality.optionalOrNull])), answers: [.noContent],
        refusals: [.conflict("call_over"), .conflict("not_in_call")])
    static let signal = RouteShape(
        "Send a signal of WebRTC to the other device of the call.",
        body: .json(.object(["device_id": .id, "data": .any])), answers: [.noContent],
        refusals: [.conflict("call_over"), .conflict("not_in_call"), .conflict("no_peer")])

    static let servers = RouteShape(
        "List the STUN and TURN servers for this device, with credentials that hold for minutes.",
        answers: [
            .ok(
                .object([
                    "ice_servers": .list(
                        of: .object([
                            "urls": .list(of: .text), "username": Shape.text.optional, "credential": Shape.text.optional,
                        ])), "expires_at": .timestamp.orNull,
                ]))
        ])

    static let sessions = RouteShape.list(
        "List the calls that somebody took part in, the newest first; those of others need `voice.moderate`.",
        of: .object([
            "id": .id, "call_id": .id, "conversation_id": .id, "user_id": .id, "joined_at": .timestamp, "left_at": .timestamp.orNull,
            "packets_lost": .integer, "packets_received": .integer, "jitter_ms": Shape.integer.orNull, "rtt_ms": Shape.integer.orNull,
        ]), query: ["active": Shape.bool.optional, "user": Shape.userReference.optional], refusals: [.init(404, "not_found")])
}
