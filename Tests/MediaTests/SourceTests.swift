import Authorization
import Database
import HTTP
import Jobs
import Kernel
import Pictures
import SiteSupport
import Synchronization
import TestSupport
import Testing

@testable import Media
@testable import Server

/// Imports from TMDB, played by a server of the tests’ own.
@Suite struct SourceTests {
    private struct Bench {
        let site: TestSite
        let peer: TMDBPeer
        let admin: TestUser

        var source: MediaSource { site.composition.media.source }

        func setKey(_ key: String = TMDBPeer.key) async throws {
            let answer = try await admin.send("PUT", "/media/source", ["key": .string(key)])
            try #require(answer.status == 200, "\(answer.json.text)")
        }

        func start(_ count: Int, _ kind: String = "film") async throws -> String {
            let answer = try await admin.send(
                "POST", "/media/source/runs", ["list": "popular", "kind": .string(kind), "count": JSON(count)])
            try #require(answer.status == 202, "\(answer.json.text)")
            return try answer.text("id")
        }

        func run(_ id: String) async throws -> JSON { try await admin.send("GET", "/media/source/runs/\(id)").json }

        @discardableResult
        func perform(_ id: String) async throws -> JSON {
            _ = try await source.perform(try #require(RowID(uuid: id)))
            return try await run(id)
        }

        func film(_ number: Int) async throws -> JSON {
            let found = try await admin.items("/media?search=\("Le film \(number)".asQuery)&lang=en")
            let title = found.first { $0["original_title"]?.string == "Le film \(number)" }
            let id = try #require(title?["id"]?.string, "film \(number)")
            return try await admin.send("GET", "/media/\(id)?lang=en").json
        }
    }

    private static func with(_ kind: TestDatabase, settings: [String: String] = [:], _ body: (Bench) async throws -> Void) async throws {
        try await TMDBPeer.with { peer in
            peer.set { state in
                state.films = 60
                state.picture = Picture.sample("progressive.jpg")
            }
            let own = ["tmdb-url": "\(peer.url)/3", "tmdb-images-url": "\(peer.url)/t/p"].merging(settings) { _, given in given }
            try await TestSite.with(kind, settings: own) { site in
                try await body(Bench(site: site, peer: peer, admin: try await TestUser(site, .admin)))
            }
        }
    }

    @Test(arguments: TestDatabase.all) func filmsAreImportedInFull(_ kind: TestDatabase) async throws {
        try await Self.with(kind) { bench in
            #expect(
                try await bench.admin.send("POST", "/media/source/runs", ["list": "popular", "kind": "film", "count": 5]).code == "no_key")
            try await bench.setKey()
            let source = try await bench.admin.send("GET", "/media/source").json
            #expect(source["is_set"] == true)
            #expect(source["key_end"] == "cdef")
            #expect(source["attribution"]?.string?.contains("TMDB") == true)
            let id = try await bench.start(30)
            #expect(
                try await bench.admin.send("POST", "/media/source/runs", ["list": "popular", "kind": "film", "count": 5]).code == "run_open"
            )
            let done = try await bench.perform(id)
            #expect(done["state"] == "done", "\(done.text)")
            #expect(done["added"] == 30)
            #expect(done["settled"] == 30)
            let film = try await bench.film(7)
            #expect(film["title"] == "Film 7")
            #expect(film["overview"] == "Overview 7, edition 1.")
            #expect(film["year"] == 1957)
            #expect(film["certificate"] == "12")
            #expect(film["genres"]?.array?.count == 1)
            #expect(film["credits"]?["crew"]?[0]?["person"]?["name"] == "Maker 7")
            #expect(film["external_ids"]?["imdb"] == "tt91000007")
            #expect(film["providers"]?[0]?["name"] == "A service")
            #expect(film["videos"]?[0]?["kind"] == "Trailer")
            let french = try await bench.admin.send("GET", "/media/\(try #require(film["id"]?.string))?lang=fr-CA").json
            #expect(french["title"] == "La vue 7")
            #expect(french["overview"] == "Résumé.")
            // One call a title, and one a page of the list.
            #expect(bench.peer.requests.count { $0.hasPrefix("/3/movie/") } == 32)
            // A picture of this site’s own.
            let poster = try #require(film["poster_url"]?.string)
            #expect(poster.hasSuffix(".webp"))
            let picture = try await bench.admin.send("GET", String(poster.dropFirst("/api/v1".utf8.count)))
            #expect(picture.status == 200)
            #expect(Array(picture.body[8..<12]) == Array("WEBP".utf8))
            #expect(try await bench.admin.send("GET", "/media/images/../../../../etc/passwd.webp").status == 404)
            // The key is nowhere in clear.
            let stored = try await bench.site.database.read { try $0.row("SELECT key_cipher FROM media_sources")?.blob(0) ?? [] }
            #expect(!String(decoding: stored, as: UTF8.self).contains(TMDBPeer.key))
        }
    }

    @Test(arguments: TestDatabase.all) func whatIsKilledGoesOnWithoutDuplicates(_ kind: TestDatabase) async throws {
        try await Self.with(kind) { bench in
            try await bench.setKey()
            let id = try await bench.start(50)
            let number = try #require(RowID(uuid: id))
            let source = bench.source
            let work = Task { _ = try await source.perform(number) }
            while try await bench.run(id)["settled"]?.integer ?? 0 < 8 { try await Task.sleep(for: .milliseconds(20)) }
            work.cancel()
            _ = await work.result
            let before = try await bench.run(id)
            #expect(before["state"] == "running")
            try await bench.site.restart()
            let done = try await bench.perform(id)
            #expect(done["state"] == "done")
            #expect(done["added"] == 50, "\(done.text)")
            #expect(try await bench.site.count("media") == 50)
            // Nobody is there twice: fifty actors, forty makers, and one who is in all of them.
            #expect(try await bench.site.count("people") == 50 + 40 + 1)
            #expect(bench.peer.count("page=1&") + bench.peer.count("page=1") >= 1)
        }
    }

    @Test(arguments: TestDatabase.all) func editsOutliveEveryImport(_ kind: TestDatabase) async throws {
        try await Self.with(kind) { bench in
            try await bench.setKey()
            _ = try await bench.perform(try await bench.start(3))
            let film = try await bench.film(2)
            let id = try #require(film["id"]?.string)
            #expect(try await bench.admin.send("PATCH", "/media/\(id)", ["lang": "en", "overview": "Ours."]).status == 200)
            for edition in 2...5 {
                bench.peer.set { $0.edition = edition }
                let done = try await bench.perform(try await bench.start(3))
                #expect(done["updated"] == 3, "\(done.text)")
                #expect(try await bench.film(2)["overview"] == "Ours.")
                #expect(try await bench.film(1)["overview"]?.string == "Overview 1, edition \(edition).")
            }
            #expect(try await bench.perform(try await bench.start(3))["unchanged"] == 3)
            #expect(try await bench.admin.send("DELETE", "/media/\(id)/overrides/overview?lang=en").status == 200)
            #expect(try await bench.film(2)["overview"] == "Overview 2, edition 5.")
        }
    }

    @Test func whatTheTeamHadBecomesTheSourcesTitle() async throws {
        try await Self.with(.sqlite, settings: ["starter-catalogue": "true"]) { bench in
            bench.peer.set { $0.films = 2 }
            let before = try await bench.site.count("media")
            try await bench.setKey()
            try await bench.site.database.write { transaction in
                let id: MediaID = bench.site.ids.next()
                try transaction.execute(
                    """
                    INSERT INTO media (id, kind, original_title, year, detail, version, created_at)
                    VALUES (\(id), 'film', 'Le film 1', 1951, 'full', 1, 0)
                    """)
                MediaChange.note(id, in: transaction)
            }
            let done = try await bench.perform(try await bench.start(2))
            #expect(done["added"] == 1)
            #expect(done["updated"] == 1)
            #expect(try await bench.site.count("media") == before + 2)
        }
    }

    // MARK: Faults

    @Test func eachFaultHasAStateOfItsOwn() async throws {
        try await Self.with(.sqlite) { bench in
            try await bench.setKey("a key that is wrong".replacing(" ", with: "-"))
            let id = try await bench.start(4)
            var run = try await bench.perform(id)
            #expect(run["state"] == "paused")
            #expect(run["fault"]?["code"] == "bad_key")
            #expect(bench.peer.requests.count == 1, "a wrong key is not tried again")
            #expect(try await bench.admin.send("GET", "/media/source").json["fault"]?["code"] == "bad_key")
            // The right key lets it go on.
            try await bench.setKey()
            run = try await bench.run(id)
            #expect(run["state"] == "running")
            bench.peer.set { state in
                state.faults = [
                    "/movie/1": TMDBPeer.Reply(body: Array("not JSON {".utf8)), "/movie/2": TMDBPeer.json(["id": 3, "title": "Another"]),
                    "/movie/3": TMDBPeer.Reply(status: 404, body: Array("{}".utf8)),
                ]
            }
            run = try await bench.perform(id)
            #expect(run["state"] == "done", "\(run.text)")
            #expect(run["added"] == 1)
            #expect(run["failed"] == 2)
            #expect(run["gone"] == 1)
            let faults = try await bench.site.database.read { transaction in
                try transaction.rows("SELECT external_id, fault FROM media_run_items WHERE fault IS NOT NULL ORDER BY external_id").map {
                    "\($0.text(0)) \($0.text(1))"
                }
            }
            #expect(faults == ["1 odd_answer", "2 odd_answer", "3 gone"])
        }
    }

    @Test(arguments: [
        ("failing", TMDBPeer.Reply(status: 503, body: Array("{}".utf8))),
        ("cut_answer", TMDBPeer.Reply(body: Array("{\"id\"".utf8), isCut: true)),
        ("limited", TMDBPeer.Reply(status: 429, headers: [("Retry-After", "120")], body: Array("{}".utf8))),
    ]) func aFailingListWaits(_ code: String, _ reply: TMDBPeer.Reply) async throws {
        try await Self.with(.sqlite) { bench in
            try await bench.setKey()
            bench.peer.set { $0.faults = ["/movie/popular": reply] }
            let id = try await bench.start(4)
            let result = try await bench.source.perform(try #require(RowID(uuid: id)))
            guard case .later(let time) = result else {
                Issue.record("\(result)")
                return
            }
            let pause = time.milliseconds - bench.site.now.milliseconds
            #expect(pause > (code == "limited" ? 110_000 : 5000))
            let run = try await bench.run(id)
            #expect(run["state"] == "running")
            #expect(run["fault"]?["code"]?.string == code)
            // The site does not notice.
            #expect(try await bench.admin.send("GET", "/media").status == 200)
            #expect(try await bench.admin.send("GET", "/media/home").status == 200)
            bench.peer.set { $0.faults = [:] }
            let done = try await bench.perform(id)
            #expect(done["state"] == "done")
            #expect(done["fault"]?.isNull == true)
        }
    }

    @Test func aDeadSourceIsUnreachable() async throws {
        try await TestSite.with(.sqlite, settings: ["tmdb-url": "http://127.0.0.1:1/3", "starter-catalogue": "true"]) { site in
            let admin = try await TestUser(site, .admin)
            #expect(try await admin.send("PUT", "/media/source", ["key": .string(TMDBPeer.key)]).status == 200)
            let id = try await admin.send("POST", "/media/source/runs", ["list": "popular", "kind": "film", "count": 4]).text("id")
            _ = try await site.composition.media.source.perform(try #require(RowID(uuid: id)))
            #expect(try await admin.send("GET", "/media/source/runs/\(id)").json["fault"]?["code"] == "unreachable")
            let title = try #require(try await admin.items("/media?limit=1").first)
            let film = try #require(title["id"]?.string)
            for path in ["/media/\(film)", "/media?search=stalker", "/media/home", "/media/genres"] {
                #expect(try await admin.send("GET", path).status == 200)
            }
            #expect(try await admin.send("PUT", "/media/\(film)/favorite").status == 200)
            #expect(try await admin.send("POST", "/media/source/runs/\(id)/cancel").json["state"] == "cancelled")
        }
    }

    @Test func aLimitedSourceIsNotAskedTwiceInARowTooSoon() async throws {
        try await Self.with(.sqlite) { bench in
            bench.peer.set { state in
                state.films = 90
                state.allowed = 15
            }
            try await bench.setKey()
            let done = try await bench.perform(try await bench.start(90))
            #expect(done["added"] == 90, "\(done.text)")
            #expect(bench.peer.refusals < 40, "\(bench.peer.refusals) refusals of \(bench.peer.requests.count)")
        }
    }

    // MARK: What changes

    @Test(arguments: TestDatabase.all) func changesAreFollowed(_ kind: TestDatabase) async throws {
        try await Self.with(kind) { bench in
            try await bench.setKey()
            _ = try await bench.perform(try await bench.start(4))
            bench.peer.set { state in
                state.edition = 2
                state.changed = ["2", "3", "55"]
                state.gone = ["3"]
                // Anna One was merged into another person at the source.
                state.castNumber = 950
            }
            try await bench.source.upkeep()
            let runs = try await bench.admin.items("/media/source/runs")
            let changes = try #require(runs.first { $0["list"] == "changes" && $0["kind"] == "film" })
            let done = try await bench.perform(try #require(changes["id"]?.string))
            #expect(done["state"] == "done", "\(done.text)")
            #expect(done["listed"] == 2, "only titles that the site has")
            #expect(try await bench.film(2)["overview"] == "Overview 2, edition 2.")
            #expect(try await bench.film(1)["overview"] == "Overview 1, edition 1.")
            // The page of what is gone stays.
            #expect(try await bench.film(3)["title"] == "Film 3")
            let until = try await bench.site.database.read { try $0.row("SELECT films_until FROM media_sources")?.optionalText(0) }
            #expect(until == String(bench.site.now.rfc3339.prefix(10)))
        }
    }

    @Test(arguments: TestDatabase.all) func aMergedPersonLeavesNobodyBehind(_ kind: TestDatabase) async throws {
        try await Self.with(kind) { bench in
            bench.peer.set { $0.films = 3 }
            try await bench.setKey()
            _ = try await bench.perform(try await bench.start(3))
            bench.peer.set { $0.castNumber = 950 }
            _ = try await bench.perform(try await bench.start(3))
            let people = try await bench.site.database.read { try $0.rows("SELECT id FROM people WHERE name = 'Anna One'").count }
            #expect(people == 1)
            #expect(try await bench.film(1)["credits"]?["cast"]?[0]?["person"]?["name"] == "Anna One")
        }
    }

    @Test(arguments: TestDatabase.all) func episodesKeepTheirPlaysWhenTheirNumbersMove(_ kind: TestDatabase) async throws {
        try await Self.with(kind) { bench in
            bench.peer.set { $0.series = ["5": TMDBPeer.series(5, [(101, 1), (102, 2), (103, 3)])] }
            try await bench.setKey()
            #expect(try await bench.perform(try await bench.start(5, "series"))["added"] == 1)
            let id = try #require(try await bench.admin.items("/media?type=series").first?["id"]?.string)
            #expect(try await bench.admin.send("PUT", "/media/\(id)/episodes/1/2/seen").status == 200)
            // The second becomes the first, the first the second; a new one comes between, and the third goes.
            bench.peer.set { $0.series = ["5": TMDBPeer.series(5, [(102, 1), (101, 2), (104, 3), (105, 4)])] }
            #expect(try await bench.perform(try await bench.start(5, "series"))["updated"] == 1)
            let season = try await bench.admin.send("GET", "/media/\(id)/seasons/1?lang=en").json["episodes"]?.array ?? []
            #expect(season.map { $0["title"]?.string ?? "" } == ["Part 102", "Part 101", "Part 104", "Part 105"])
            #expect(season.map { $0["seen"]?.bool ?? false } == [true, false, false, false])
            // Twice the same is no change.
            #expect(try await bench.perform(try await bench.start(5, "series"))["unchanged"] == 1)
        }
    }

    @Test(arguments: TestDatabase.all) func aLongSeriesIsWrittenAndShifted(_ kind: TestDatabase) async throws {
        try await Self.with(kind, settings: ["starter-catalogue": "false"]) { bench in
            let parts = (1...150).map { (id: Int64(1000 + $0), number: Int64($0)) }
            bench.peer.set { $0.series = ["5": TMDBPeer.series(5, parts)] }
            try await bench.setKey()
            #expect(try await bench.perform(try await bench.start(5, "series"))["added"] == 1)
            #expect(try await bench.site.count("episodes") == 150)
            // A new first episode moves all others.
            let shifted = [(id: 2000, number: 1)] + parts.map { (id: $0.id, number: $0.number + 1) }
            bench.peer.set { $0.series = ["5": TMDBPeer.series(5, shifted)] }
            #expect(try await bench.perform(try await bench.start(5, "series"))["updated"] == 1)
            #expect(try await bench.site.count("episodes") == 151)
            #expect(try await bench.site.count("episode_external") == 151)
        }
    }

    @Test func whatIsOldIsReadAgainOrDropped() async throws {
        let clock = Mutex<Int64>(0)
        try await TMDBPeer.with { peer in
            peer.set { state in
                state.films = 2
                state.series = ["5": TMDBPeer.series(5, [(101, 1)])]
            }
            let settings = ["tmdb-url": "\(peer.url)/3", "tmdb-images-url": "\(peer.url)/t/p"]
            let moved = WallClock(uptime: WallClock.system.uptime, now: { WallClock.system.now().adding(seconds: clock.withLock { $0 }) })
            try await TestSite.with(.sqlite, settings: settings, clock: moved) { site in
                let admin = try await TestUser(site, .admin)
                let bench = Bench(site: site, peer: peer, admin: admin)
                try await bench.setKey()
                _ = try await bench.perform(try await bench.start(2))
                #expect(try await bench.perform(try await bench.start(1, "series"))["added"] == 1)
                func episodes() async throws -> [String] {
                    try await site.database.read { transaction in
                        try transaction.rows("SELECT title, overview FROM episode_texts WHERE lang = 'en'").map {
                            "\($0.text(0))|\($0.text(1))"
                        }
                    }
                }
                #expect(try await episodes() == ["Part 101|About part 101."])
                clock.withLock { $0 = 151 * 86_400 }
                let later = Bench(site: site, peer: peer, admin: try await admin.signedInAgain())
                try await later.source.upkeep()
                let runs = try await later.admin.items("/media/source/runs")
                let refresh = try #require(runs.first { $0["list"] == "refresh" && $0["kind"] == "film" })
                #expect(try await later.perform(try #require(refresh["id"]?.string))["unchanged"] == 2)
                // Later the source is gone for good: what it said goes, too.
                clock.withLock { $0 = (151 + 181) * 86_400 }
                let last = Bench(site: site, peer: peer, admin: try await admin.signedInAgain())
                try await last.source.upkeep()
                let film = try await last.film(1)
                #expect(film["overview"]?.isNull == true)
                #expect(film["title"] == "Film 1")
                #expect(film["poster_url"]?.string?.contains("poster.svg") == true)
                #expect(try await episodes() == ["Part 101|"])
            }
        }
    }

    @Test func onlyTheTeamMayImport() async throws {
        try await Self.with(.sqlite) { bench in
            let member = try await TestUser(bench.site)
            #expect(try await member.send("GET", "/media/source").status == 403)
            #expect(try await member.send("PUT", "/media/source", ["key": .string(TMDBPeer.key)]).status == 403)
            #expect(try await bench.admin.send("PUT", "/media/source", ["key": "short"]).status == 422)
            #expect(try await bench.admin.send("PUT", "/media/source", ["key": "with a space in the middle of it"]).status == 422)
            #expect(try await bench.admin.send("DELETE", "/media/source").json["is_set"] == false)
        }
    }
}
