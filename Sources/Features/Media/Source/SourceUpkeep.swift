internal import Database
internal import Jobs
internal import Kernel
internal import Runtime
internal import Synchronization

/// The daily job that TMDB's terms require: it reads changes, and drops what is older than six months.
extension MediaSource {
    /// Days after which a title is read again.
    static let refreshDays: Int64 = 150
    /// Days after which texts and pictures go if the title could not be read again.
    static let keptDays: Int64 = 180
    private static let perRun = 10_000

    /// After TMDB's own day has ended.
    var upkeepKind: JobKind {
        JobKind("media.source_upkeep", schedule: .daily(minute: 8 * 60 + 30)) { _ in
            try await upkeep()
            return .done
        }
    }

    func upkeep() async throws {
        let now = clock.now()
        let isOn = try await database.read { try SourceKey.standing(in: $0).isSet }
        if isOn {
            try await database.write { transaction in
                // A run whose job failed too often goes on.
                for run in try RunTable.open(in: transaction) where run.state == .running { try enqueue(run.id, in: transaction) }
                for kind in TitleKind.allCases {
                    try start(.changes, kind, wanted: Self.perRun, since: try since(kind, now, in: transaction), in: transaction)
                    try start(.refresh, kind, wanted: Self.perRun, in: transaction)
                }
            }
        }
        try await dropOld(now)
        try await fetchMissingImages()
        try await images.sweep()
    }

    private func since(_ kind: TitleKind, _ now: Timestamp, in transaction: Transaction) throws -> String {
        let row = try transaction.row("SELECT films_until, series_until FROM media_sources WHERE id = 1")
        return row?.optionalText(kind == .film ? 0 : 1) ?? String(now.adding(seconds: -86_400).rfc3339.prefix(10))
    }

    /// Starts a run, unless one of this list and kind is open.
    @discardableResult
    func start(
        _ list: SourceList, _ kind: TitleKind, wanted: Int, since: String? = nil, by author: UserID? = nil, in transaction: Transaction
    ) throws -> RowID? {
        let (id, now) = (ids.next(AnyEntity.self), clock.now())
        guard try RunTable.insert(id, list, kind, wanted: wanted, since: since, by: author, at: now, in: transaction) else { return nil }
        try enqueue(id, in: transaction)
        return id
    }

    /// Adds the job of a run, unless it waits already.
    func enqueue(_ run: RowID, in transaction: Transaction) throws {
        try transaction.enqueue(Self.runJob, key: run.uuid, payload: ["id": JSON(run)], on: jobs)
    }

    /// Drops texts and pictures that could not be read again in time; facts stay.
    private func dropOld(_ now: Timestamp) async throws {
        let before = now.adding(seconds: -Self.keptDays * 86_400)
        while true {
            let count = try await database.write { transaction -> Int in
                let rows = try transaction.rows(
                    "SELECT id FROM media WHERE fetched_at < \(before) AND fetched_at IS NOT NULL ORDER BY fetched_at LIMIT 200")
                for row in rows {
                    let id: MediaID = row.id(0)
                    try transaction.execute("UPDATE media_texts SET overview = '' WHERE media_id = \(id)")
                    try transaction.execute("UPDATE season_texts SET overview = '' WHERE media_id = \(id)")
                    try transaction.execute(
                        """
                        UPDATE episode_texts SET overview = '' WHERE episode_id IN (SELECT id FROM episodes WHERE media_id = \(id))
                        """)
                    try transaction.execute("DELETE FROM media_images WHERE media_id = \(id)")
                    try transaction.execute("DELETE FROM media_fetches WHERE media_id = \(id)")
                    try transaction.execute(
                        """
                        UPDATE media SET poster_path = NULL, backdrop_path = NULL, fetched_at = NULL, detail = 'stub', version = version + 1
                        WHERE id = \(id)
                        """)
                    MediaChange.note(id, in: transaction)
                }
                return rows.count
            }
            if count == 0 { return }
        }
    }

    private func fetchMissingImages() async throws {
        var last = MediaID(rawValue: .min)
        while true {
            let ids = try await database.read(.heavy) { [last] transaction -> [MediaID] in
                try transaction.rows(
                    """
                    SELECT id FROM media WHERE id > \(last) AND fetched_at IS NOT NULL AND (poster_path IS NOT NULL OR backdrop_path IS NOT NULL)
                        AND ((poster_path IS NOT NULL AND NOT EXISTS (SELECT 1 FROM media_images images
                                WHERE images.media_id = media.id AND images.part = 'poster' AND images.path = media.poster_path))
                            OR (backdrop_path IS NOT NULL AND NOT EXISTS (SELECT 1 FROM media_images images
                                WHERE images.media_id = media.id AND images.part = 'backdrop' AND images.path = media.backdrop_path)))
                    ORDER BY id LIMIT 100
                    """
                ).map { $0.id(0) }
            }
            for id in ids {
                // The source fails, or the folder is full: tomorrow may do better.
                guard try await images.fetch(id) else { return }
            }
            guard let end = ids.last else { return }
            last = end
        }
    }
}

/// Titles without details that somebody opened, to be fetched soon. When the set is full, a title is added the next time it is opened.
final class WantedTitles: Sendable {
    private static let most = 500
    private let titles = Mutex<Set<MediaID>>([])

    func add(_ title: MediaID) { titles.withLock { if $0.count < Self.most { $0.insert(title) } } }

    func take() -> [MediaID] {
        titles.withLock { titles in
            defer { titles = [] }
            return titles.sorted()
        }
    }
}

extension MediaSource {
    /// Adds jobs for the titles that were opened.
    func takeWanted() async throws {
        let titles = wanted.take()
        guard !titles.isEmpty else { return }
        try await database.write { transaction in
            let standing = try SourceKey.standing(in: transaction)
            guard standing.isSet, standing.fault != TMDBFault.badKey.code else { return }
            for title in titles {
                try transaction.enqueue(Self.titleJob, key: title.uuid, payload: ["id": JSON(title)], on: jobs)
            }
        }
    }
}

extension MediaFeature {
    /// Adds the jobs of opened titles every two seconds.
    func runSource() async throws {
        while true {
            try await Task.sleep(for: .seconds(2))
            do { try await source.takeWanted() } catch let error where !(error is CancellationError) {
                log.warning("titles could not be asked for", [("cause", .string("\(error)"))])
            }
        }
    }
}
