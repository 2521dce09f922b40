internal import Kernel
internal import Web

/// What the routes of marks take and answer.
enum MarkShapes {
    /// What the caller says of a title.
    static let state = Shape.object([
        "favorite": .bool, "like": .bool, "watchlist": .bool, "seen": .bool, "hidden": .bool,
        "rating": Shape.number.orNull.described("In stars, 0.5 to 5."),
        "version": Shape.integer.described("Grows with each change; what is older is to be dropped."),
    ])

    static let standing = Shape.named(
        "TitleState",
        .object([
            "id": .id, "state": state, "favorite_count": .integer, "like_count": .integer, "watchlist_count": .integer,
            "rating_average": Shape.number.orNull.described("In stars; null while nobody rated."), "rating_count": .integer,
        ]))

    private static let nothing = RouteShape.Body.optionalJSON(.object([:]))

    private static func change(
        _ summary: String, _ body: RouteShape.Body = nothing, parameters: KeyValuePairs<String, Shape> = [:]
    ) -> RouteShape {
        RouteShape(summary, parameters: parameters, body: body, answers: [.ok(standing)], guards: [.idempotencyKey])
    }

    static func put(_ kind: MarkKind) -> RouteShape {
        switch kind {
        case .favorite: change("Add a title to one’s favourites.")
        case .like: change("Like a title.")
        case .watchlist: change("Add a title to what one wants to watch.")
        case .hidden: change("Keep a title from being suggested to oneself.")
        case .rating: rate
        }
    }

    static func delete(_ kind: MarkKind) -> RouteShape {
        switch kind {
        case .favorite: change("Take a title off one’s favourites.")
        case .like: change("Take back that one likes a title.")
        case .watchlist: change("Take a title off what one wants to watch.")
        case .hidden: change("Let a title be suggested to oneself again.")
        case .rating: change("Take back one’s rating of a title.")
        }
    }

    static let rate = change("Rate a title.", .json(.object(["value": Shape.number.described("0.5 to 5, in halves.")])))
    static let see = change("Say that one saw a film, or all of a series that is out.")
    static let unsee = change("Say that one did not see a film, or anything of a series.")

    private static let place: KeyValuePairs<String, Shape> = ["season": .integer(0...9999), "number": .integer(0...9999)]
    static let seeEpisode = change("Say that one saw an episode.", parameters: place)
    static let unseeEpisode = change("Say that one did not see an episode.", parameters: place)

    static func kept(_ list: KeptList) -> RouteShape {
        let item = Shape.object(["media": CatalogueShapes.title, "at": .timestamp, "value": Shape.number.optional])
        return .list(
            "List a member’s \(list.rawValue), the latest first, as far as they show them.", of: item, parameters: ["id": .userReference],
            query: ["lang": CatalogueShapes.language], refusals: [.forbidden("not_allowed")])
    }
}
