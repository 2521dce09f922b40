internal import Database
internal import Jobs
internal import Kernel
internal import Runtime

/// The job of a run. The outcome of each title is in the transaction that writes the title, so that the job continues after a crash.
extension MediaSource {
    static let runJob = "media.source_run"
    /// Titles asked for at once.
    private static let parallel = 4
    private static let perRound = 16
    /// Attempts at a title whose description cannot be read.
    private static let attempts = 3
    /// TMDB's lists end at this page.
    static let lastPage = 500
    /// Milliseconds between attempts while the source fails.
    private static let (firstPause, longestPause): (Int64, Int64) = (15_000, 900_000)

    var runKind: JobKind {
        JobKind(Self.runJob) { context in
            guard let id = context.job.payload["id"]?.string.flatMap({ RowID(uuid: $0) }) else { throw JobGivenUp("no run is named") }
            return try await perform(id)
        }
    }

    func perform(_ id: RowID) async throws -> JobResult {
        while let (run, key) = try await current(id) {
            guard let key else {
                try await pause(id, refused: nil)
                continue
            }
            do {
                if !run.isListed {
                    try await list(run, key)
                } else if try await !fetchNext(of: run, key) {
                    return .done
                }
                try await succeeded(run)
            } catch TMDBFault.badKey {
                try await pause(id, refused: key)
            } catch let fault as TMDBFault {
                return .later(try await missed(run, fault))
            } catch is QueueRefusal {
                return .later(try await missed(run, .resting))
            }
        }
        return .done
    }

    /// The run while it is to go on, and the key.
    private func current(_ id: RowID) async throws -> (SourceRun, String?)? {
        try await database.read { transaction in
            guard let run = try RunTable.read(id, in: transaction), run.state == .running else { return nil }
            return (run, try key.key(in: transaction))
        }
    }

    /// Pauses the run, unless the team set another key while the source refused this one.
    ///
    /// - Parameter refused: nil when there was no key.
    private func pause(_ id: RowID, refused: String?) async throws {
        let now = clock.now()
        try await database.write { transaction in
            guard try noteRefusal(of: refused, at: now, in: transaction) else { return }
            try transaction.execute(
                """
                UPDATE media_runs SET state = 'paused', fault = \(TMDBFault.badKey.code), fault_at = \(now)
                WHERE id = \(id) AND state = 'running'
                """)
        }
    }

    /// Notes that the source refused a key.
    ///
    /// - Parameter refused: nil when there was none.
    /// - Returns: false when the team has set another key meanwhile.
    private func noteRefusal(of refused: String?, at now: Timestamp, in transaction: Transaction) throws -> Bool {
        guard try key.key(isLocked: true, in: transaction) == refused else { return false }
        try SourceKey.note(.badKey, at: now, in: transaction)
        return true
    }

    private func succeeded(_ run: SourceRun) async throws {
        let now = clock.now()
        guard run.fault != nil || run.misses > 0 else {
            return try await database.write { try SourceKey.note(nil, at: now, in: $0) }
        }
        try await database.write { transaction in
            try SourceKey.note(nil, at: now, in: transaction)
            try transaction.execute("UPDATE media_runs SET misses = 0, fault = NULL, fault_at = NULL WHERE id = \(run.id)")
        }
    }

    /// Notes that the source failed.
    ///
    /// - Returns: when to try again.
    private func missed(_ run: SourceRun, _ fault: TMDBFault) async throws -> Timestamp {
        let now = clock.now()
        var pause = min(Self.longestPause, Self.firstPause << Int64(min(run.misses, 10)))
        if case .limited(let seconds) = fault { pause = min(3_600_000, Int64(seconds) * 1000) }
        // During a rest, the fault before it stays: it is the reason for the rest.
        let isRest = fault == .resting && run.fault != nil
        try await database.write { transaction in
            if !isRest { try SourceKey.note(fault, at: now, in: transaction) }
            try transaction.execute(
                """
                UPDATE media_runs SET misses = misses + 1, fault = \(isRest ? run.fault : fault.code), fault_at = \(now) WHERE id = \(run.id)
                """)
        }
        log.warning("the import from TMDB waits", [("cause", .string("\(fault)"))])
        return now.adding(milliseconds: pause)
    }

    // MARK: The list

    private func list(_ run: SourceRun, _ key: String) async throws {
        switch run.list {
        case .popular, .topRated, .upcoming: try await listPage(run, key)
        case .changes: try await listChanges(run, key)
        case .refresh: try await listOld(run)
        }
    }

    private func listPage(_ run: SourceRun, _ key: String) async throws {
        let names: [SourceList: (film: String, series: String)] = [
            .popular: ("popular", "popular"), .topRated: ("top_rated", "top_rated"), .upcoming: ("upcoming", "on_the_air"),
        ]
        let name = names[run.list] ?? ("popular", "popular")
        let page = run.page + 1
        let json = try await client.get(
            run.kind == .film ? "/movie/\(name.film)" : "/tv/\(name.series)", [("language", "en-US"), ("page", String(page))], key: key)
        let numbers = try Self.numbers(json)
        let pages = Int(clamping: json["total_pages"]?.integer ?? 0)
        try await write(run) { transaction in
            try RunTable.add(numbers, to: run, in: transaction)
            let count = try transaction.row("SELECT COUNT(*) FROM media_run_items WHERE run_id = \(run.id)")?.int(0) ?? 0
            let isLast = numbers.isEmpty || page >= min(pages, Self.lastPage) || count >= run.wanted
            try transaction.execute("UPDATE media_runs SET page = \(page), listed = \(isLast) WHERE id = \(run.id)")
        }
    }

    private static func numbers(_ json: JSON) throws(TMDBFault) -> [String] {
        guard let results = json["results"]?.array else { throw .odd("no results") }
        return results.prefix(1000).compactMap { each in each["id"]?.integer.flatMap { $0 > 0 ? String($0) : nil } }
    }

    /// Days of one request for changes.
    private static let daysOfChanges = 14

    /// The changes from a day on, a page of at most 14 days at a time. Only titles that the site has are asked for again.
    private func listChanges(_ run: SourceRun, _ key: String) async throws {
        let today = String(clock.now().rfc3339.prefix(10))
        let since = run.since ?? today
        let until = min(Self.day(since, plus: Self.daysOfChanges), today)
        let page = run.page + 1
        let json = try await client.get(
            run.kind == .film ? "/movie/changes" : "/tv/changes", [("start_date", since), ("end_date", until), ("page", String(page))],
            key: key)
        let numbers = try Self.numbers(json)
        let isLastPage = numbers.isEmpty || page >= min(Int(clamping: json["total_pages"]?.integer ?? 0), Self.lastPage)
        try await write(run) { transaction in
            try RunTable.add(try Self.known(numbers, run.kind, in: transaction), to: run, in: transaction)
            guard isLastPage else {
                try transaction.execute("UPDATE media_runs SET page = \(page) WHERE id = \(run.id)")
                return
            }
            try transaction.execute(
                "UPDATE media_runs SET page = 0, since = \(until), listed = \(until >= today) WHERE id = \(run.id)")
            if run.kind == .film {
                try transaction.execute("UPDATE media_sources SET films_until = \(until) WHERE id = 1")
            } else {
                try transaction.execute("UPDATE media_sources SET series_until = \(until) WHERE id = 1")
            }
        }
    }

    private static func known(_ numbers: [String], _ kind: TitleKind, in transaction: Transaction) throws -> [String] {
        try numbers.filter { number in
            try transaction.row(
                """
                SELECT 1 FROM media_external WHERE source = \(SourceWriter.tmdb) AND kind = \(kind.rawValue) AND external_id = \(number)
                """) != nil
        }
    }

    static func day(_ day: String, plus days: Int) -> String {
        guard let start = Timestamp(rfc3339: "\(day)T00:00:00Z") else { return day }
        return String(start.adding(seconds: Int64(days) * 86_400).rfc3339.prefix(10))
    }

    /// Stubs first, by popularity, then the titles whose description is older than 150 days.
    private func listOld(_ run: SourceRun) async throws {
        let before = clock.now().adding(seconds: -Self.refreshDays * 86_400)
        try await write(run) { transaction in
            let rows = try transaction.rows(
                """
                SELECT external_id FROM media_external JOIN media ON media.id = media_external.media_id
                WHERE source = \(SourceWriter.tmdb) AND media_external.kind = \(run.kind.rawValue) AND gone_at IS NULL AND merged_into IS NULL
                    AND (detail = 'stub' OR fetched_at < \(before))
                ORDER BY detail DESC, popularity DESC, media.id LIMIT \(run.wanted)
                """)
            try RunTable.add(rows.map { $0.text(0) }, to: run, in: transaction)
            try transaction.execute("UPDATE media_runs SET listed = TRUE WHERE id = \(run.id)")
        }
    }

    /// Writes only while the run is running.
    private func write(_ run: SourceRun, _ body: @escaping @Sendable (Transaction) throws -> Void) async throws {
        try await database.write { transaction in
            guard try RunTable.read(run.id, isLocked: true, in: transaction)?.state == .running else { return }
            try body(transaction)
        }
    }

    // MARK: Titles

    /// - Returns: false at the end of the run.
    private func fetchNext(of run: SourceRun, _ key: String) async throws -> Bool {
        let items = try await database.read { try RunTable.waiting(of: run.id, limit: Self.perRound, in: $0) }
        guard !items.isEmpty else {
            let now = clock.now()
            try await write(run) { transaction in
                try RunTable.end(run, as: .done, at: now, in: transaction)
                try RunTable.deleteOld(keeping: 20, in: transaction)
            }
            return false
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (place, item) in items.enumerated() {
                if place >= Self.parallel { try await group.next() }
                group.addTask { try await take(item.number, attempts: item.attempts, of: run, key) }
            }
            try await group.waitForAll()
        }
        return true
    }

    private func take(_ number: String, attempts: Int, of run: SourceRun, _ key: String) async throws {
        do {
            let title = try await fetch(run.kind, number, key: key)
            let guess = try await guess(title)
            let now = clock.now()
            let written = try await database.write { transaction -> MediaID? in
                guard try RunTable.read(run.id, isLocked: true, in: transaction)?.state == .running else { return nil }
                let (id, outcome) = try writer.write(title, guess: guess, at: now, in: transaction)
                try RunTable.settle(number, of: run.id, as: "\(outcome)", in: transaction)
                return id
            }
            if let written { await takeImages(of: written) }
        } catch let fault as TMDBFault where fault.isOfOneTitle {
            let now = clock.now()
            try await write(run) { transaction in
                if fault == .gone { try markGone(run.kind, number, at: now, in: transaction) }
                let state = fault == .gone ? "gone" : attempts + 1 >= Self.attempts ? "failed" : "waiting"
                try RunTable.settle(number, of: run.id, as: state, fault: fault.code, in: transaction)
            }
        }
    }

    /// A picture that cannot be fetched does not fail the run: the daily upkeep tries again.
    private func takeImages(of title: MediaID) async {
        do { _ = try await images.fetch(title) } catch {
            if !Task.isCancelled { log.warning("a picture could not be kept", [("cause", .string("\(error)"))]) }
        }
    }

    /// The source no longer has the title: its page and its marks stay.
    private func markGone(_ kind: TitleKind, _ number: String, at now: Timestamp, in transaction: Transaction) throws {
        try transaction.execute(
            """
            UPDATE media SET gone_at = \(now) WHERE gone_at IS NULL AND id IN (SELECT media_id FROM media_external
                WHERE source = \(SourceWriter.tmdb) AND kind = \(kind.rawValue) AND external_id = \(number))
            """)
    }

    // MARK: One title

    static let titleJob = "media.source_title"

    /// Fetches one title that somebody opened.
    var titleKind: JobKind {
        JobKind(Self.titleJob, retries: .init(attempts: 4, first: 30_000)) { context in
            guard let id = context.job.payload["id"]?.string.flatMap({ MediaID(uuid: $0) }) else { throw JobGivenUp("no title is named") }
            let found = try await database.read { transaction -> (String, TitleKind, String)? in
                guard let key = try key.key(in: transaction),
                    let row = try transaction.row(
                        """
                        SELECT media_external.kind, external_id FROM media_external JOIN media ON media.id = media_id
                        WHERE media_id = \(id) AND source = \(SourceWriter.tmdb) AND detail = 'stub' AND gone_at IS NULL
                        """)
                else { return nil }
                return (key, TitleKind(rawValue: row.text(0)) ?? .film, row.text(1))
            }
            guard let (key, kind, number) = found else { return .done }
            do {
                let (title, now) = (try await fetch(kind, number, key: key), clock.now())
                try await database.write { _ = try writer.write(title, guess: nil, at: now, in: $0) }
                await takeImages(of: id)
            } catch TMDBFault.gone {
                let now = clock.now()
                try await database.write { try markGone(kind, number, at: now, in: $0) }
            } catch TMDBFault.badKey {
                let now = clock.now()
                _ = try await database.write { try noteRefusal(of: key, at: now, in: $0) }
            }
            return .done
        }
    }
}
