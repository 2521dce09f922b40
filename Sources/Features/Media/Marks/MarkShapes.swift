internal import Kernel
internal import Web

/// Shapes of the routes of marks.
enum MarkShapes {
    /// The caller's marks of a title.
    static let state = Shape.object([
        "favorite": .bool, "like": .bool, "watchlist": .bool, "seen": .bool, "hidden": .bool,
        "rating": Shape.number.orNull.described("In stars, 0.5 to 5."),
        "version": Shape.integer.described("Grows with each change: drop events with a smaller version."),
    ])

    static let standing = Shape.named(
        "TitleState",
        .object([
            "id": .id, "state": state, "favorite_count": .integer, "like_count": .integer, "watchlist_count": .integer,
            "rating_average": Shape.number.orNull.described("In stars; null without ratings."), "rating_count": .integer,
        ]))

    private static let nothing = RouteShape.Body.optionalJSON(.object([:]))

    private static func change(
        _ summary: String, _ body: RouteShape.Body = nothing, parameters: KeyValuePairs<String, Shape> = [:]
    ) -> RouteShape {
        RouteShape(summary, parameters: parameters, body: body, answers: [.ok(standing)], guards: [.idempotencyKey])
    }

    static func put(_ kind: MarkKind) -> RouteShape {
        switch kind {
        case .favorite: change("Add a title to your favourites.")
        case .like: change("Like a title.")
        case .watchlist: change("Add a title to your watchlist.")
        case .hidden: change("Hide a title from your suggestions.")
        case .rating: rate
        }
    }

    static func delete(_ kind: MarkKind) -> RouteShape {
        switch kind {
        case .favorite: change("Remove a title from your favourites.")
        case .like: change("Remove your like of a title.")
        case .watchlist: change("Remove a title from your watchlist.")
        case .hidden: change("Allow a title in your suggestions again.")
        case .rating: change("Remove your rating of a title.")
        }
    }

    static let rate = change("Rate a title.", .json(.object(["value": Shape.number.described("0.5 to 5, in halves.")])))
    static let see = change("Mark a film, or all aired episodes of a series, as seen.")
    static let unsee = change("Mark a film, or all episodes of a series, as not seen.")

    private static let place: KeyValuePairs<String, Shape> = ["season": .integer(0...9999), "number": .integer(0...9999)]
    static let seeEpisode = change("Mark an episode as seen.", parameters: place)
    static let unseeEpisode = change("Mark an episode as not seen.", parameters: place)

    static func kept(_ list: KeptList) -> RouteShape {
        let item = Shape.object(["media": CatalogueShapes.title, "at": .timestamp, "value": Shape.number.optional])
        return .list(
            "List a member’s \(list.rawValue), the latest first, if the member shows them.", of: item, parameters: ["id": .userReference],
            query: ["lang": CatalogueShapes.language], refusals: [.forbidden("not_allowed")])
    }
}
