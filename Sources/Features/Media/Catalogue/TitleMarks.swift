package import Database
package import Kernel

/// What the catalogue asks of marks: what the reader and everybody said of a title. The catalogue knows no table of theirs.
///
/// Who writes marks keeps `media.rating` (stars, 0.5 to 5; NULL while nobody rated) and `media.trend` in the same transaction and says
/// `MediaChange.note(title, in: transaction)`: the orders `rating` and `trending` come from there.
package protocol TitleMarks: Sendable {
    /// By title; who is missing has no marks at all.
    func standings(of titles: [MediaID], for scope: Scope, in transaction: Transaction) throws -> [MediaID: TitleStanding]
    /// What a title's own page shows beside.
    func page(of title: MediaID, _ kind: TitleKind, for scope: Scope, at now: Timestamp, in transaction: Transaction) throws
        -> TitleMarksPage
    /// The numbers of the episodes of a season that the reader has seen.
    func seenEpisodes(of title: MediaID, season: Int, for scope: Scope, in transaction: Transaction) throws -> Set<Int>
    /// The reader's own rows of the films' first page: `continue`, `watchlist`, at most `limit` titles each.
    func rows(for scope: Scope, limit: Int, in transaction: Transaction) throws -> [(key: String, titles: [MediaID])]
    /// Moves the marks of a title that turned out to be another: the older mark stays, the latest rating wins.
    func merge(_ title: MediaID, into other: MediaID, at now: Timestamp, in transaction: Transaction) throws
}

/// The counters of a title, and what the reader said of it.
package struct TitleStanding: Sendable {
    /// `{"favorite", "like", "watchlist", "seen", "hidden", "rating", "version"}`; null for a guest.
    package var state: JSON = .null
    package var favorites = 0
    package var likes = 0
    package var watchlists = 0
    /// In stars, 0.5 to 5; nil while nobody rated.
    package var average: Double?
    package var ratings = 0
    /// Of a series: aired episodes, and how many of them the reader has seen; nil for films and guests.
    package var progress: (seen: Int, aired: Int)?
    package var next: (season: Int, number: Int, title: String?)?

    package init() {}
}

/// What marks add to the page of a title.
package struct TitleMarksPage: Sendable {
    /// `[{"user", "favorite", "like", "rating"}]`
    package var friends: [JSON] = []
    /// How many gave each rating, from half a star to five.
    package var histogram = [Int](repeating: 0, count: 10)
    /// Episodes seen, by the number of the season.
    package var seen: [Int: Int] = [:]

    package init() {}
}

/// A catalogue in which nobody says anything.
package struct NoMarks: TitleMarks {
    package init() {}

    package func standings(of titles: [MediaID], for scope: Scope, in transaction: Transaction) -> [MediaID: TitleStanding] { [:] }
    package func page(of title: MediaID, _ kind: TitleKind, for scope: Scope, at now: Timestamp, in transaction: Transaction)
        -> TitleMarksPage
    { TitleMarksPage() }
    package func seenEpisodes(of title: MediaID, season: Int, for scope: Scope, in transaction: Transaction) -> Set<Int> { [] }
    package func rows(for scope: Scope, limit: Int, in transaction: Transaction) -> [(key: String, titles: [MediaID])] { [] }
    package func merge(_ title: MediaID, into other: MediaID, at now: Timestamp, in transaction: Transaction) {}
}
