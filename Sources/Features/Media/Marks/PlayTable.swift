internal import Database
internal import Kernel

/// A person's progress in a series.
struct SeriesProgress: Sendable {
    var seen = 0
    var aired = 0
    /// The first aired episode after the last one seen, without season 0.
    var next: (season: Int, number: Int, id: EpisodeID)?
}

/// The table `plays`. A film or an episode is seen when it has a play.
enum PlayTable {
    /// The source of plays that members mark here, not of imported ones.
    private static let site = "site"

    /// Whether a film, or a series as a whole, has a play.
    static func hasSeen(_ title: MediaID, by user: UserID, in transaction: Transaction) throws -> Bool {
        try transaction.row("SELECT 1 FROM plays WHERE user_id = \(user) AND media_id = \(title) AND episode_id IS NULL") != nil
    }

    static func hasSeen(_ episode: EpisodeID, of title: MediaID, by user: UserID, in transaction: Transaction) throws -> Bool {
        try transaction.row("SELECT 1 FROM plays WHERE user_id = \(user) AND media_id = \(title) AND episode_id = \(episode)") != nil
    }

    /// - Parameter episode: nil for a film, or a series as a whole.
    /// - Returns: false when it was seen already.
    static func add(
        _ episode: EpisodeID?, of title: MediaID, by user: UserID, _ ids: IDGenerator, at now: Timestamp, in transaction: Transaction
    )
        throws -> Bool
    {
        let isSeen = try episode.map { try hasSeen($0, of: title, by: user, in: transaction) } ?? hasSeen(title, by: user, in: transaction)
        guard !isSeen else { return false }
        return try transaction.execute(
            """
            INSERT INTO plays (id, user_id, media_id, episode_id, watched_at, source, source_key)
            VALUES (\(ids.next(AnyEntity.self)), \(user), \(title), \(episode), \(now), \(site), \(episode?.uuid ?? title.uuid))
            ON CONFLICT DO NOTHING
            """) > 0
    }

    /// - Parameter episodes: not seen yet.
    static func add(
        _ episodes: [EpisodeID], of title: MediaID, by user: UserID, _ ids: IDGenerator, at now: Timestamp, in transaction: Transaction
    )
        throws
    {
        var batch = RowBatch(
            "INSERT INTO plays (id, user_id, media_id, episode_id, watched_at, source, source_key) VALUES ", " ON CONFLICT DO NOTHING",
            in: transaction)
        for episode in episodes {
            try batch.add(
                "(\(ids.next(AnyEntity.self)), \(user), \(title), \(episode), \(now), \(site), \(episode.uuid))")
        }
        try batch.finish()
    }

    /// - Returns: whether there was one.
    static func remove(_ episode: EpisodeID, of title: MediaID, by user: UserID, in transaction: Transaction) throws -> Bool {
        try transaction.execute("DELETE FROM plays WHERE user_id = \(user) AND media_id = \(title) AND episode_id = \(episode)") > 0
    }

    /// All of a title, its episodes included.
    static func removeAll(of title: MediaID, by user: UserID, in transaction: Transaction) throws -> Bool {
        try transaction.execute("DELETE FROM plays WHERE user_id = \(user) AND media_id = \(title)") > 0
    }

    /// The episodes aired by a day that the person has not seen, without specials.
    static func unseen(of title: MediaID, by user: UserID, on day: String, in transaction: Transaction) throws -> [EpisodeID] {
        try transaction.rows(
            """
            SELECT id FROM episodes WHERE media_id = \(title) AND season > 0 AND (aired_on IS NULL OR aired_on <= \(day))
                AND NOT EXISTS (SELECT 1 FROM plays WHERE user_id = \(user) AND plays.media_id = \(title) AND episode_id = episodes.id)
            ORDER BY season, number
            """
        ).map { $0.id(0) }
    }

    /// The titles with a play of the whole title, and the titles with any play.
    static func seen(of titles: [MediaID], by user: UserID, in transaction: Transaction) throws -> (
        whole: Set<MediaID>, begun: Set<MediaID>
    ) {
        let rows = try transaction.rows(
            """
            SELECT DISTINCT media_id, episode_id IS NULL FROM plays
            WHERE user_id = \(user) AND media_id IN (SELECT value FROM json_each(\(ids: titles)))
            """)
        return (Set(rows.filter { $0.bool(1) }.map { $0.id(0) }), Set(rows.map { $0.id(0) }))
    }

    /// A person's progress in some series.
    static func progress(in series: [MediaID], of user: UserID, on day: String, in transaction: Transaction) throws -> [MediaID:
        SeriesProgress]
    {
        guard !series.isEmpty else { return [:] }
        let rows = try transaction.rows(
            """
            SELECT media_id, season, number, id, aired_on IS NULL OR aired_on <= \(day), EXISTS
                (SELECT 1 FROM plays WHERE user_id = \(user) AND plays.media_id = episodes.media_id AND episode_id = episodes.id)
            FROM episodes WHERE media_id IN (SELECT value FROM json_each(\(ids: series))) AND season > 0 ORDER BY media_id, season, number
            """)
        return rows.reduce(into: [:]) { found, row in
            let (title, isAired, isSeen): (MediaID, Bool, Bool) = (row.id(0), row.bool(4), row.bool(5))
            var progress = found[title] ?? SeriesProgress()
            if isAired { progress.aired += 1 }
            if isAired, isSeen { progress.seen += 1 }
            if isSeen {
                progress.next = nil
            } else if isAired, progress.seen > 0, progress.next == nil {
                progress.next = (row.int(1), row.int(2), row.id(3))
            }
            found[title] = progress
        }
    }

    /// Episodes seen, by season.
    static func seasons(of title: MediaID, by user: UserID, in transaction: Transaction) throws -> [Int: Int] {
        try transaction.rows(
            """
            SELECT season, COUNT(DISTINCT episodes.id) FROM plays JOIN episodes ON episodes.id = plays.episode_id
            WHERE plays.user_id = \(user) AND plays.media_id = \(title) GROUP BY season
            """
        ).reduce(into: [:]) { $0[$1.int(0)] = $1.int(1) }
    }

    /// The series with episodes that the person has seen, the most recent first.
    static func latestSeries(of user: UserID, limit: Int, in transaction: Transaction) throws -> [MediaID] {
        try transaction.rows(
            """
            SELECT media_id, MAX(watched_at) AS latest FROM plays WHERE user_id = \(user) AND episode_id IS NOT NULL
            GROUP BY media_id ORDER BY latest DESC, media_id DESC LIMIT \(limit)
            """
        ).map { $0.id(0) }
    }
}
