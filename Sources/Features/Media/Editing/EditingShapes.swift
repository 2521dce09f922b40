internal import Web

/// What the routes of the team take and answer.
enum EditingShapes {
    private static let changes = Shape.object([
        "lang": .string(2...10).described("The language of `title` and `overview`; the request’s own without it.").optional,
        "country": .string(2...2).described("Of `certificate`: FR.").optional,
        "title": .string(1...TitleEdit.longestTitle).optionalOrNull, "overview": .string(1...TitleEdit.longestOverview).optionalOrNull,
        "original_title": .string(1...TitleEdit.longestTitle).optionalOrNull,
        "released_on": .string(10...10).described("2026-01-31").optionalOrNull, "runtime_min": .integer(1...6000).optionalOrNull,
        "genres": Shape.list(of: .string(1...80), 1...TitleEdit.mostGenres).optionalOrNull, "certificate": .string(1...20).optionalOrNull,
    ])

    static let edit = RouteShape(
        "Write over what was imported of a title; null shows it again.", body: .optionalJSON(changes),
        answers: [.ok(CatalogueShapes.detail).tagged], refusals: [.conflict("override_limit")], guards: [.idempotencyKey, .ifMatch])

    static let remove = RouteShape(
        "Take away what the team wrote over a field: what was imported is shown again.",
        parameters: ["field": .choice(TitleField.self)],
        query: ["lang": .string(1...10).described("The language, or the country of a certificate.").optional],
        answers: [.ok(CatalogueShapes.detail).tagged], refusals: [.conflict("override_limit")], guards: [.idempotencyKey, .ifMatch])

    static let overrides = RouteShape(
        "List what the team wrote over a title, beside what was imported.",
        answers: [
            .ok(
                .object([
                    "items": .list(
                        of: .object([
                            "field": .choice(TitleField.self), "lang": .text.orNull, "value": .text, "imported": .text.orNull,
                            "author_id": .id.orNull, "at": .timestamp,
                        ])), "version": .integer,
                ])
            ).tagged
        ])

    static let hide = RouteShape(
        "Hide a title from everybody but the team, or show it again.", answers: [.ok(CatalogueShapes.detail).tagged],
        guards: [.idempotencyKey])

    static let merge = RouteShape(
        "Say that a title is another: marks move, the address leads there.", body: .json(.object(["into": .id])),
        answers: [.ok(CatalogueShapes.detail).tagged], refusals: [.conflict("other_kind"), .conflict("merged")], guards: [.idempotencyKey])
}
