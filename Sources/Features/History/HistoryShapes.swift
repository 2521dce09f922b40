internal import Kernel
internal import Web

/// What the route of histories takes and answers.
enum HistoryShapes {
    static let action = Shape.named(
        "UserAction",
        .object([
            "id": .id, "type": .text.described("A family, a dot and what happened: `favorite.added`."), "at": .timestamp,
            "target": .object(["kind": .text, "id": .id.orNull, "name": .text.orNull]),
            "detail": .map(.any),
        ]))

    enum Format: String, CaseIterable { case csv, json }

    /// How many types one can ask for.
    static let maximumTypes = 20

    static let read = RouteShape(
        "Read what somebody did, the newest first, as far as they show it; with `format` all of it as a file.",
        parameters: ["id": .userReference],
        query: [
            "type": .string(max: 1280).described("Types or families (`favorite`), apart by commas.").optional, "from": .timestamp.optional,
            "to": .timestamp.described("Outside.").optional, "format": .choice(Format.self).optional,
            "limit": .integer(1...200).optional, "cursor": .string(max: 512).optional, "count": .bool.optional,
        ], answers: [.ok(.page(of: action)), .bytes("text/csv")], refusals: [.forbidden("not_allowed")])
}
