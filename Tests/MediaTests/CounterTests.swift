import Bus
import Database
import Kernel
import SiteSupport
import TestSupport
import Testing

@testable import Media
@testable import Server

/// Counters, trends, and the nightly recount.
@Suite struct CounterTests {
    @Test func aTitleIsDueOnceASecond() {
        let board = CounterBoard()
        let (one, two) = (MediaID(rawValue: 1), MediaID(rawValue: 2))
        func take(_ time: Int64) -> [MediaID] { board.take(at: Uptime(milliseconds: time)) }
        #expect(take(0) == [])
        for _ in 0..<3 { board.note(one) }
        #expect(take(10) == [one])
        board.note(one)
        board.note(two)
        #expect(take(500) == [two] && take(1009) == [] && take(1010) == [one] && take(1500) == [] && take(5000) == [])
        board.note(one)
        #expect(take(5001) == [one])
    }

    @Test(arguments: TestDatabase.all) func countersArePublishedToTheTopicOfTheTitle(_ kind: TestDatabase) async throws {
        try await MarkSite.with(kind) { marks in
            let (alice, bob) = (try await TestUser(marks.site), try await TestUser(marks.site))
            let topic = "/gateway?topic=media:\(marks.films[0])"
            let position = try await alice.send("GET", topic).text("position")
            for mark in ["like", "favorite", "hidden"] { try #require(try await bob.mark(marks.films[0], mark).status == 200) }
            try await marks.site.composition.media.publishCounters()
            let events = try await alice.items("\(topic)&after=\(position)")
            #expect(events.count == 1 && events.first?["type"] == "media.counters")
            #expect(events.first?["id"] == JSON(marks.films[0]) && events.first?["like_count"] == 1 && events.first?["favorite_count"] == 1)
            #expect(events.first?["rating_average"]?.isNull == true && events.first?["watchlist_count"] == 0)
        }
    }

    @Test(arguments: TestDatabase.all) func theRecountReportsDifferencesAndChangesNothing(_ kind: TestDatabase) async throws {
        try await MarkSite.with(kind) { marks in
            let alice = try await TestUser(marks.site)
            try #require(try await alice.mark(marks.films[0], "like").status == 200)
            _ = try await marks.database.write { try $0.execute("UPDATE media_counters SET likes = 7") }
            let found = try await marks.differences
            #expect(found.map(\.title) == [marks.films[0]] && found.first?.kept.likes == 7 && found.first?.counted.likes == 1)
            #expect(try await marks.counters(of: marks.films[0]).likes == 7)
        }
    }

    @Test(arguments: TestDatabase.all) func recentMarksWeighMore(_ kind: TestDatabase) async throws {
        try await MarkSite.with(kind) { marks in
            let alice = try await TestUser(marks.site)
            let films = marks.films
            func trending() async throws -> [JSON] {
                let rows = try await alice.send("GET", "/media/home").json["rows"]?.array ?? []
                return rows.first { $0["key"] == "trending" }?["items"]?.array?.compactMap { $0["id"] } ?? []
            }
            #expect(try await trending() == [])
            try #require(try await alice.mark(films[1], "watchlist").status == 200)
            try #require(try await alice.mark(films[2], "favorite").status == 200)
            try #require(try await alice.mark(films[3], "favorite").status == 200)
            try #require(try await alice.mark(films[3], "hidden").status == 200)
            #expect(try await trending() == [JSON(films[2]), JSON(films[1])])
            // A mark of nine days ago weighs an eighth.
            let (nine, id): (Int64, MediaID) = (9 * 86_400_000, films[2])
            let stored = try await marks.database.read { try $0.row("SELECT since FROM media_trend")?.time(0) }
            let since = try #require(stored)
            let old = Trend.weight(3, at: marks.site.now.adding(milliseconds: -nine), since: since)
            #expect(abs(old / Trend.weight(3, at: marks.site.now, since: since) - 0.125) < 0.01)
            try await marks.database.write { transaction in
                try transaction.execute("UPDATE media SET trend = \(old) WHERE id = \(id)")
                MediaChange.note(id, in: transaction)
            }
            #expect(try await trending() == [JSON(films[1]), JSON(films[2])])
            let later = marks.site.now.adding(milliseconds: 7 * 86_400_000)
            try await marks.database.write { try Trend.rebase(at: later, in: $0) }
            #expect(try await trending() == [JSON(films[1]), JSON(films[2])])
            try #require(try await alice.mark(films[1], "watchlist", false).status == 200)
            #expect(try await trending() == [JSON(films[2])])
        }
    }
}
