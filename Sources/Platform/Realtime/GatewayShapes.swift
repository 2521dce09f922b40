internal import Web

/// What the routes of the gateway take and answer.
enum GatewayShapes {
    static let connect = RouteShape(
        "Open the gateway: a WebSocket, `text/event-stream`, or long polling with `wait`; with `topic` one topic’s events.",
        query: [
            "topic": .text.described("One topic alone.").optional,
            "filter": .string(max: 4096).described("What of the topic is wanted, as JSON.").optional,
            "topics": .string(max: 4096).described("What the session listens to from its start, apart by commas.").optional,
            "after": .string(max: ResumeToken.maximumLength).described("Where the client stands.").optional,
            "wait": .integer(0...60).described("Seconds to wait for an event.").optional,
        ],
        headers: ["Last-Event-ID": .text.optional],
        answers: [
            .ok(.object(["items": .list(of: .map(.any)), "next": .nullable(.text), "position": .text])), .bytes("text/event-stream"),
            .webSocket,
        ],
        refusals: [
            .init(401, "unauthenticated"), .init(401, "invalid_token"), .init(401, "invalid_key"), .forbidden("permission_denied"),
            .forbidden("origin"), .init(404, "not_found"), .init(404, "unknown_topic"), .init(426, "upgrade_required"),
            .init(429, "too_many_sessions"),
        ])

    static let receive = RouteShape(
        "Send frames to a session without a WebSocket: one, or some as `frames`.", parameters: ["session": .text], body: .json(.map(.any)),
        answers: [.noContent], refusals: [.init(404, "unknown_session")])
}
