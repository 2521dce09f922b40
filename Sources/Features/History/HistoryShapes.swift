internal import Kernel
internal import Web

/// Shapes of the route of histories.
enum HistoryShapes {
    static let action = Shape.named(
        "UserAction",
        .object([
            "id": .id, "type": .text.described("The family and the event: `favorite.added`."), "at": .timestamp,
            "target": .object(["kind": .text, "id": .id.orNull, "name": .text.orNull]),
            "detail": .map(.any),
        ]))

    enum Format: String, CaseIterable { case csv, json }

    /// The most types of a filter.
    static let maximumTypes = 20

    static let read = RouteShape(
        "Read a person’s history, the newest first, if the person shows it; with `format`, the whole history as a file.",
        parameters: ["id": .userReference],
        query: [
            "type": .string(max: 1280).described("Types or families (`favorite`), separated by commas.").optional,
            "from": .timestamp.optional,
            "to": .timestamp.described("Exclusive.").optional, "format": .choice(Format.self).optional,
            "limit": .integer(1...200).optional, "cursor": .string(max: 512).optional, "count": .bool.optional,
        ], answers: [.ok(.page(of: action)), .bytes("text/csv")], refusals: [.forbidden("not_allowed")])
}
