package import Database
package import Friends
package import History
package import Kernel

/// What members say of titles, for the catalogue and for whoever shows it.
package struct MediaMarks: TitleMarks {
    let ids: IDGenerator
    let clock: WallClock
    let history: History
    let cards: UserCards
    let friendships: Friendships

    package init(ids: IDGenerator, clock: WallClock = .system, history: History, friends: FriendsFeature) {
        (self.ids, self.clock, self.history, cards, friendships) = (ids, clock, history, friends.cards, friends.friendships)
        history.onNames(of: "media") { ids, language, transaction in
            let languages = ReadingLanguages(nil, language)
            let titles = try TitleTable.records(of: ids.map { MediaID(rawValue: $0) }, languages: languages.chain, in: transaction)
            return Dictionary(uniqueKeysWithValues: titles.map { ($0.key.rawValue, $0.value.title(languages)) })
        }
    }

    /// The day by which an episode is out.
    var today: String { String(clock.now().rfc3339.prefix(10)) }

    package func standings(of titles: [MediaID], for scope: Scope, in transaction: Transaction) throws -> [MediaID: TitleStanding] {
        guard !titles.isEmpty else { return [:] }
        let counters = try CounterTable.counters(of: titles, in: transaction)
        let own = try scope.userID.map { try states(of: titles, by: $0, in: transaction) } ?? [:]
        var standings: [MediaID: TitleStanding] = [:]
        for title in titles {
            var standing = TitleStanding()
            if let counted = counters[title] {
                (standing.favorites, standing.likes, standing.watchlists) = (counted.favorites, counted.likes, counted.watchlists)
                (standing.average, standing.ratings) = (counted.average, counted.ratings)
            }
            if scope.userID != nil { standing.state = .object((own[title] ?? MarkState()).json) }
            if let progress = own[title]?.progress {
                standing.progress = (progress.seen, progress.aired)
                standing.next = try progress.next.map { next in
                    (next.season, next.number, try Self.name(of: next.id, scope.language, in: transaction))
                }
            }
            standings[title] = standing
        }
        return standings
    }

    /// What somebody says of some titles; those of which they say and saw nothing are missing.
    func states(of titles: [MediaID], by user: UserID, in transaction: Transaction) throws -> [MediaID: MarkState] {
        let marks = try MarkTable.marks(of: titles, by: user, in: transaction)
        let versions = try MarkTable.versions(of: titles, by: user, in: transaction)
        let seen = try PlayTable.seen(of: titles, by: user, in: transaction)
        let progress = try PlayTable.progress(in: Array(seen.begun), of: user, on: today, in: transaction)
        var states: [MediaID: MarkState] = [:]
        for title in Set(marks.keys).union(versions.keys).union(seen.begun) {
            var state = MarkState()
            state.marks = marks[title] ?? [:]
            state.version = versions[title] ?? 0
            state.progress = progress[title]
            // A series is seen when all that is out is; one whose episodes are not known, when it was said of the whole.
            state.isSeen =
                progress[title].map { $0.aired > 0 ? $0.seen >= $0.aired : seen.whole.contains(title) } ?? seen.whole.contains(title)
            states[title] = state
        }
        return states
    }

    package func page(of title: MediaID, _ kind: TitleKind, for scope: Scope, at now: Timestamp, in transaction: Transaction) throws
        -> TitleMarksPage
    {
        var page = TitleMarksPage()
        if let counters = try CounterTable.counters(of: [title], in: transaction)[title] { page.histogram = counters.histogram }
        guard let user = scope.userID else { return page }
        page.friends = try friendsWhoLiked(title, of: user, scope, at: now, in: transaction)
        if kind == .series { page.seen = try PlayTable.seasons(of: title, by: user, in: transaction) }
        return page
    }

    package func seenEpisodes(of title: MediaID, season: Int, for scope: Scope, in transaction: Transaction) throws -> Set<Int> {
        guard let user = scope.userID else { return [] }
        return Set(
            try transaction.rows(
                """
                SELECT number FROM episodes WHERE media_id = \(title) AND season = \(season) AND EXISTS
                    (SELECT 1 FROM plays WHERE user_id = \(user) AND plays.media_id = \(title) AND episode_id = episodes.id)
                """
            ).map { $0.int(0) })
    }

    package func rows(for scope: Scope, limit: Int, in transaction: Transaction) throws -> [(key: String, titles: [MediaID])] {
        guard let user = scope.userID else { return [] }
        let begun = try PlayTable.latestSeries(of: user, limit: limit * 3, in: transaction)
        let states = try states(of: begun, by: user, in: transaction)
        let open = begun.filter { states[$0]?.progress?.next != nil && states[$0]?.marks[.hidden] == nil }
        let kept = try MarkTable.kept(.watchlist, by: user, before: KeptPlace.newest, limit: limit, in: transaction)
        return [("continue", Array(open.prefix(limit))), ("watchlist", kept.map(\.title))]
    }

    /// What an episode is called, in the reader’s language or in any.
    private static func name(of episode: EpisodeID, _ language: Language, in transaction: Transaction) throws -> String? {
        let rows = try transaction.rows("SELECT lang, title FROM episode_texts WHERE episode_id = \(episode) AND title <> ''")
        let titles = Dictionary(rows.map { ($0.text(0), $0.text(1)) }, uniquingKeysWith: { first, _ in first })
        return ReadingLanguages(nil, language).chain.lazy.compactMap { titles[$0] }.first ?? titles.sorted { $0.key < $1.key }.first?.value
    }
}

/// What one person says of a title.
struct MarkState: Sendable {
    var marks: [MarkKind: Mark] = [:]
    var isSeen = false
    var version: Int64 = 0
    /// Of a series of which they saw something.
    var progress: SeriesProgress?

    var json: JSONObject {
        [
            "favorite": .bool(marks[.favorite] != nil), "like": .bool(marks[.like] != nil), "watchlist": .bool(marks[.watchlist] != nil),
            "seen": .bool(isSeen), "hidden": .bool(marks[.hidden] != nil),
            "rating": marks[.rating]?.value.map(MarkKind.stars) ?? .null, "version": .integer(version),
        ]
    }
}

/// Where a page of somebody’s list ends.
enum KeptPlace {
    static let newest = (at: Int64.max, title: Int64.max)
}
