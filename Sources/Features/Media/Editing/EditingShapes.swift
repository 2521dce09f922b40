internal import Web

/// Shapes of the routes by which the team edits titles.
enum EditingShapes {
    private static let changes = Shape.object([
        "lang": .string(2...10).described("The language of `title` and `overview`; without it, the request’s language.").optional,
        "country": .string(2...2).described("Of `certificate`: FR.").optional,
        "title": .string(1...TitleEdit.longestTitle).optionalOrNull, "overview": .string(1...TitleEdit.longestOverview).optionalOrNull,
        "original_title": .string(1...TitleEdit.longestTitle).optionalOrNull,
        "released_on": .string(10...10).described("2026-01-31").optionalOrNull, "runtime_min": .integer(1...6000).optionalOrNull,
        "genres": Shape.list(of: .string(1...80), 1...TitleEdit.mostGenres).optionalOrNull, "certificate": .string(1...20).optionalOrNull,
    ])

    static let edit = RouteShape(
        "Edit a title. Edits replace imported values; null shows the imported value again.", body: .optionalJSON(changes),
        answers: [.ok(CatalogueShapes.detail).tagged], refusals: [.conflict("override_limit")], guards: [.idempotencyKey, .ifMatch])

    static let remove = RouteShape(
        "Remove an edit: the imported value is shown again.",
        parameters: ["field": .choice(TitleField.self)],
        query: ["lang": .string(1...10).described("The language, or the country of a certificate.").optional],
        answers: [.ok(CatalogueShapes.detail).tagged], refusals: [.conflict("override_limit")], guards: [.idempotencyKey, .ifMatch])

    static let overrides = RouteShape(
        "List the edits of a title with the imported values.",
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
        "Hide a title from everybody but the team, or unhide it.", answers: [.ok(CatalogueShapes.detail).tagged],
        guards: [.idempotencyKey])

    static let merge = RouteShape(
        "Merge a title into another. Marks move, and the address redirects.", body: .json(.object(["into": .id])),
        answers: [.ok(CatalogueShapes.detail).tagged], refusals: [.conflict("other_kind"), .conflict("merged")], guards: [.idempotencyKey])
}
