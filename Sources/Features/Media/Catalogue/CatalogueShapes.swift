package import Web

/// Shapes of the routes of the catalogue.
package enum CatalogueShapes {
    private static let named = Shape.object(["id": .text, "name": .text])

    private static let state = Shape.object([
        "favorite": .bool, "like": .bool, "watchlist": .bool, "seen": .bool, "hidden": .bool,
        "rating": .nullable(.number).described("In stars, 0.5 to 5."), "version": .integer,
    ])

    private static let titleFields = Shape.object([
        "id": .id, "kind": .choice(TitleKind.self), "slug": .text.described("The readable part of its address; may be empty."),
        "title": .text, "original_title": .text, "year": .integer.orNull, "released_on": .text.orNull.described("A day: 2026-01-31."),
        "runtime_min": .integer.orNull, "overview": .text.orNull, "genres": .list(of: named), "poster_url": .text,
        "backdrop_url": .text.orNull, "state": state.orNull.described("The reader’s own marks; null without a person."),
        "favorite_count": .integer, "like_count": .integer, "watchlist_count": .integer,
        "rating_average": .nullable(.number).described("In stars."), "rating_count": .integer,
        "progress": Shape.object(["seen": .integer, "aired": .integer]).optionalOrNull,
        "next_episode": Shape.object(["season": .integer, "number": .integer, "title": .text.orNull]).optionalOrNull,
    ])

    /// A title as lists show it.
    package static let title = Shape.named("Title", titleFields)

    private static let person = Shape.object(["id": .id, "name": .text, "slug": .text])

    private static let season = Shape.object([
        "number": .integer, "title": .text.orNull, "overview": .text.orNull, "aired_on": .text.orNull, "episode_count": .integer,
        "seen_count": .integer,
    ])

    static let detail = Shape.named(
        "TitleDetail",
        titleFields.with([
            "original_language": .text.orNull, "countries": .list(of: .text), "ended_year": .integer.orNull,
            "season_count": .integer.orNull, "certificate": .text.orNull.described("Of the country that fits the reader’s language best."),
            "credits": .object([
                "cast": .list(of: .object(["person": person, "character": .text.orNull])),
                "crew": .list(of: .object(["person": person, "job": .text])),
            ]),
            "keywords": .list(of: named), "collection": named.orNull, "seasons": .list(of: season), "alternative_titles": .list(of: .text),
            "external_ids": .map(.text), "similar": .list(of: title), "friends": .list(of: .any),
            "rating_histogram": .list(of: .integer, 10...10),
            "videos": .list(of: .object(["name": .text, "kind": .text, "site": .text, "url": .text])),
            "releases": .list(of: .object(["country": .text, "released_on": .text.orNull, "certificate": .text.orNull])),
            "providers": .list(of: .object(["country": .text, "kind": .text, "name": .text])), "version": .integer,
        ]))

    static let language = Shape.string(1...10).described("A language tag; without it, the request’s language.").optional

    private static let facets = Shape.object([
        "genres": .list(of: .object(["id": .text, "name": .text, "count": .integer])),
        "decades": .list(of: .object(["value": .text, "count": .integer])),
        "kinds": .list(of: .object(["value": .choice(TitleKind.self), "count": .integer])),
    ])

    static let list = RouteShape(
        "List or search films and series. A search tolerates typing errors and lists the best matches first.",
        query: [
            "type": .choice(TitleKind.self).optional, "search": .string(1...200).optional,
            "genre": .string(1...80).described("Its id.").optional, "year": .string(1...5).described("1994, or a decade: 1990s.").optional,
            "sort": .choice(TitleSort.self).optional, "adult": .bool.described("Adult titles, too; for members.").optional,
            "facets": .bool.optional, "lang": language, "limit": .integer(1...200).optional, "cursor": .string(max: 512).optional,
            "count": .bool.optional,
        ],
        answers: [
            .ok(
                .object([
                    "items": .list(of: title), "next": .text.orNull, "total": .integer.optional,
                    "facets": facets.optional.described("The number of titles for each value of a filter, with the other filters applied."),
                ]))
        ])

    static let read = RouteShape(
        "Read a title in full. A merged title redirects to the one it was merged into.", query: ["lang": language],
        answers: [.ok(detail).tagged, .moved])

    static let readSeason = RouteShape(
        "Read the episodes of a season.", parameters: ["number": .integer(0...9999)], query: ["lang": language],
        answers: [
            .ok(
                .object([
                    "number": .integer, "title": .text.orNull, "overview": .text.orNull,
                    "episodes": .list(
                        of: .object([
                            "id": .id, "number": .integer, "title": .text.orNull, "overview": .text.orNull, "aired_on": .text.orNull,
                            "runtime_min": .integer.orNull, "seen": .bool,
                        ])),
                ]))
        ])

    static let poster = RouteShape(
        "Draw a poster from the title, year and genres.",
        query: ["v": .string(1...20).described("The version of the title in the address.").optional, "lang": language],
        answers: [.bytes("image/svg+xml").tagged, .notModified])

    static let card = RouteShape(
        "Draw the picture of a title for link previews, 1200 by 630.",
        query: ["v": .string(1...20).described("The version of the title in the address.").optional, "lang": language],
        answers: [.bytes("image/png").tagged, .notModified])

    static let readPerson = RouteShape(
        "Read a person of films and series, with their titles.", query: ["lang": language],
        answers: [
            .ok(
                .object([
                    "id": .id, "name": .text, "slug": .text, "biography": .text.orNull, "born_on": .text.orNull, "died_on": .text.orNull,
                    "credits": .list(of: .object(["media": title, "character": .text.orNull, "job": .text.orNull])),
                ]))
        ])

    static let genres = RouteShape(
        "List the genres with the number of titles of each.", query: ["lang": language],
        answers: [.ok(.whole(of: .object(["id": .text, "name": .text, "count": .integer])))])

    static let home = RouteShape(
        "Read the rows of the films’ first page. Empty rows are left out.", query: ["lang": language],
        answers: [.ok(.object(["rows": .list(of: .object(["key": .text, "items": .list(of: title)]))]))])
}
