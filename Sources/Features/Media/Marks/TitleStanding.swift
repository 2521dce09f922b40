internal import Kernel

/// The counters of a title, and the reader's own marks of it.
struct TitleStanding: Sendable {
    var counters = TitleCounters()
    /// Nil for a guest.
    var state: MarkState?
    /// The name of the episode that the reader watches next.
    var nextEpisodeTitle: String?
}

/// What the page of a title shows of marks, beside `TitleStanding`.
struct TitleMarksPage: Sendable {
    /// `[{"user", "favorite", "like", "rating"}]`
    var friends: [JSON] = []
    /// The number of ratings of half a star, one star … five stars.
    var histogram = [Int](repeating: 0, count: 10)
    /// The reader's number of episodes seen, by season.
    var seen: [Int: Int] = [:]
}
