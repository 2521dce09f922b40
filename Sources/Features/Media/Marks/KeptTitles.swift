internal import Database
internal import Directory
internal import Friends
internal import Kernel
internal import Web

/// A member's lists of marked titles.
enum KeptList: String, CaseIterable, Sendable {
    case favorites, likes, ratings, watchlist

    var kind: MarkKind {
        switch self {
        case .favorites: .favorite
        case .likes: .like
        case .ratings: .rating
        case .watchlist: .watchlist
        }
    }
}

/// `GET /users/{id}/favorites`, `…/likes`, `…/ratings`, `…/watchlist`
extension MarkRoutes {
    func listKept(_ call: Call, _ list: KeptList) async throws -> Reply {
        var query = try call.query
        let language = CatalogueRoutes.readLanguages(&query, call.scope)
        let page = query.page()
        try query.finish()
        let place = try page.keys(2).map { keys throws(Problem) in
            guard let at = keys[0].integer, let id = keys[1].integer else { throw Page.strange }
            return (at: at, title: id)
        }
        let (reference, scope) = (call.parameter("id"), call.scope)
        return try await database.read { [self] transaction in
            let user = try marks.friendships.personShowingHistory(
                reference, to: scope, orElse: Self.notShown, directory: directory, in: transaction)
            let found = try MarkTable.kept(
                list.kind, by: user, before: place ?? KeptPlace.newest, limit: page.limit + 1, in: transaction)
            let shown = found.prefix(page.limit)
            let cards = try titles.cards(of: shown.map(\.title), for: scope, language: language.chain[0], in: transaction)
            let items = shown.compactMap { title, mark -> JSON? in
                guard let card = cards[title] else { return nil }
                var item: JSONObject = ["media": card, "at": JSON(mark.at)]
                if let value = mark.value { item.append("value", MarkKind.stars(value)) }
                return .object(item)
            }
            let next =
                found.count > page.limit ? shown.last.map { Page.cursor([JSON($0.mark.at.milliseconds), JSON($0.title.rawValue)]) } : nil
            return .page(items, next: next, total: page.wantsTotal ? try MarkTable.count(list.kind, by: user, in: transaction) : nil)
        }
    }

    private static let notShown = Problem.forbidden(
        "not_allowed",
        LocalizedText(en: "This person does not show you their lists.", fr: "Cette personne ne vous montre pas ses listes."))
}
