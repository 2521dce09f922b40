internal import Database
package import Friends
package import History
package import Kernel

/// Reads members' marks of titles for the catalogue's lists and pages.
package struct MediaMarks: Sendable {
    let ids: IDGenerator
    let clock: WallClock
    let history: History
    let cards: UserCards
    let friendships: Friendships

    package init(ids: IDGenerator, clock: WallClock = .system, history: History, friends: FriendsFeature) {
        (self.ids, self.clock, self.history, cards, friendships) = (ids, clock, history, friends.cards, friends.friendships)
        history.onNames(of: "media") { ids, reader, transaction in
            let languages = ReadingLanguages(nil, reader.language)
            let titles = try TitleTable.records(of: ids.map { MediaID(rawValue: $0) }, languages: languages.chain, in: transaction)
                .filter { !$0.value.isHidden || reader.can(.mediaManage) }
            return Dictionary(uniqueKeysWithValues: titles.map { ($0.key.rawValue, $0.value.title(languages)) })
        }
    }

    /// An episode has aired when its date is this day or an earlier one.
    var today: String { String(clock.now().rfc3339.prefix(10)) }

    func standings(of titles: [MediaID], for scope: Scope, in transaction: Transaction) throws -> [MediaID: TitleStanding] {
        guard !titles.isEmpty else { return [:] }
        let counters = try CounterTable.counters(of: titles, in: transaction)
        let own = try scope.userID.map { try states(of: titles, by: $0, in: transaction) } ?? [:]
        let next = own.values.compactMap { $0.progress?.next?.id }
        let names = try Self.names(of: next, scope.language, in: transaction)
        return titles.reduce(into: [:]) { standings, title in
            let state = scope.userID.map { _ in own[title] ?? MarkState() }
            standings[title] = TitleStanding(
                counters: counters[title] ?? TitleCounters(), state: state,
                nextEpisodeTitle: (state?.progress?.next?.id).flatMap { names[$0] })
        }
    }

    /// A person's marks of some titles. A title without marks and plays is missing.
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
            // A series is seen when all aired episodes are. Where no episodes are known, a play of the whole series counts.
            state.isSeen =
                progress[title].map { $0.aired > 0 ? $0.seen >= $0.aired : seen.whole.contains(title) } ?? seen.whole.contains(title)
            states[title] = state
        }
        return states
    }

    func page(of title: MediaID, _ kind: TitleKind, for scope: Scope, at now: Timestamp, in transaction: Transaction) throws
        -> TitleMarksPage
    {
        var page = TitleMarksPage()
        if let counters = try CounterTable.counters(of: [title], in: transaction)[title] { page.histogram = counters.histogram }
        guard let user = scope.userID else { return page }
        page.friends = try friendsWhoLiked(title, of: user, scope, at: now, in: transaction)
        if kind == .series { page.seen = try PlayTable.seasons(of: title, by: user, in: transaction) }
        return page
    }

    func seenEpisodes(of title: MediaID, season: Int, for scope: Scope, in transaction: Transaction) throws -> Set<Int> {
        guard let user = scope.userID else { return [] }
        return Set(
            try transaction.rows(
                """
                SELECT number FROM episodes WHERE media_id = \(title) AND season = \(season) AND EXISTS
                    (SELECT 1 FROM plays WHERE user_id = \(user) AND plays.media_id = \(title) AND episode_id = episodes.id)
                """
            ).map { $0.int(0) })
    }

    func rows(for scope: Scope, limit: Int, in transaction: Transaction) throws -> [(key: String, titles: [MediaID])] {
        guard let user = scope.userID else { return [] }
        let begun = try PlayTable.latestSeries(of: user, limit: limit * 3, in: transaction)
        let states = try states(of: begun, by: user, in: transaction)
        let open = begun.filter { states[$0]?.progress?.next != nil && states[$0]?.marks[.hidden] == nil }
        let kept = try MarkTable.kept(.watchlist, by: user, before: KeptPlace.newest, limit: limit, in: transaction)
        return [("continue", Array(open.prefix(limit))), ("watchlist", kept.map(\.title))]
    }

    /// The names of episodes in the reader’s language, else in any.
    private static func names(of episodes: [EpisodeID], _ language: Language, in transaction: Transaction) throws -> [EpisodeID: String] {
        guard !episodes.isEmpty else { return [:] }
        let rows = try transaction.rows(
            """
            SELECT episode_id, lang, title FROM episode_texts
            WHERE episode_id IN (SELECT value FROM json_each(\(ids: episodes))) AND title <> '' ORDER BY episode_id, lang
            """)
        let chain = ReadingLanguages(nil, language).chain
        return Dictionary(grouping: rows) { $0.id(0, CatalogueEpisode.self) }.compactMapValues { texts in
            (chain.lazy.compactMap { tag in texts.first { $0.text(1) == tag } }.first ?? texts.first)?.text(2)
        }
    }
}

/// One person's marks of a title.
struct MarkState: Sendable {
    var marks: [MarkKind: Mark] = [:]
    var isSeen = false
    var version: Int64 = 0
    /// Of a series with at least one episode seen.
    var progress: SeriesProgress?

    var json: JSONObject {
        [
            "favorite": .bool(marks[.favorite] != nil), "like": .bool(marks[.like] != nil), "watchlist": .bool(marks[.watchlist] != nil),
            "seen": .bool(isSeen), "hidden": .bool(marks[.hidden] != nil),
            "rating": marks[.rating]?.value.map(MarkKind.stars) ?? .null, "version": .integer(version),
        ]
    }
}

/// The place in front of the first item of a list.
enum KeptPlace {
    static let newest = (at: Int64.max, title: Int64.max)
}
