import Authorization
import Database
import HTTP
import Kernel
import SiteSupport
import TestSupport
import Testing

@testable import Media
@testable import Server

/// Marks of titles.
@Suite struct MarkTests {
    @Test(arguments: TestDatabase.all) func aRepeatedMarkChangesNothing(_ kind: TestDatabase) async throws {
        try await MarkSite.with(kind) { marks in
            let alice = try await TestUser(marks.site)
            let film = marks.films[0]
            var version: Int64 = 0
            for mark in ["favorite", "like", "watchlist", "seen", "hidden"] {
                for isOn in [true, false, true] {
                    let offset = try await marks.site.offset
                    let first = try await alice.mark(film, mark, isOn)
                    #expect(first.status == 200 && first.json["state"]?[mark] == .bool(isOn), "\(mark): \(first.json.text)")
                    let raised = first.json["state"]?["version"]?.integer ?? 0
                    #expect(raised > version)
                    version = raised
                    let again = try await alice.mark(film, mark, isOn)
                    #expect(again.status == 200 && again.json == first.json)
                    let events = try await alice.events(after: offset).filter { $0.type == "media.state" }
                    #expect(events.count == 1 && events[0].members["state"] == first.json["state"])
                    #expect(events.first?.members["id"] == JSON(film) && events.first?.members["like_count"] == first.json["like_count"])
                }
            }
            #expect(try await alice.history.count == 15)
            #expect(try await alice.history.prefix(3) == ["hidden.added", "hidden.removed", "hidden.added"])
            let counters = try await marks.counters(of: film)
            #expect(counters == TitleCounters(favorites: 1, likes: 1, watchlists: 1))
            #expect(try await marks.differences == [])
            // Nobody else sees hidden titles in the history.
            let bob = try await TestUser(marks.site)
            let shown = try await bob.items("/users/\(alice.alias)/history?limit=200")
            #expect(!shown.contains { $0["type"]?.string?.hasPrefix("hidden") ?? true })
            #expect(shown.first?["target"] == ["kind": "media", "id": JSON(film), "name": "Film 0"])
            for target in ["\(marks.site.ids.next(CatalogueTitle.self))", "x"] {
                #expect(try await alice.send("PUT", "/media/\(target)/like").status == 404)
            }
            #expect(try await alice.send("PUT", "/media/\(film)/like", ["x": 1]).status == 422)
            #expect(try await marks.site.send("PUT", "/media/\(film)/like").status == 401)
        }
    }

    @Test(arguments: TestDatabase.all) func aRatingIsInHalves(_ kind: TestDatabase) async throws {
        try await MarkSite.with(kind) { marks in
            let (alice, bob) = (try await TestUser(marks.site), try await TestUser(marks.site))
            let film = marks.films[0]
            for value: JSON in [0, 5.5, 0.25, 4.75, -1, "4", nil, true] {
                #expect(try await alice.rate(film, value).status == 422, "\(value.text)")
            }
            #expect(try await alice.send("PUT", "/media/\(film)/rating").status == 422)
            #expect(try await alice.rate(film, 4.5).json["state"]?["rating"] == 4.5)
            let again = try await alice.rate(film, 4.5)
            #expect(again.json["rating_count"] == 1 && again.json["rating_average"] == 4.5)
            let both = try await bob.rate(film, 3).json
            #expect(both["rating_count"] == 2 && both["rating_average"] == 3.75)
            #expect(try await alice.rate(film, 0.5).json["rating_average"] == 1.75)
            let histogram = try await alice.send("GET", "/media/\(film)").json["rating_histogram"]
            #expect(histogram == [1, 0, 0, 0, 0, 1, 0, 0, 0, 0])
            #expect(try await alice.rate(film, nil).json["rating_average"] == 3.0)
            #expect(try await bob.rate(film, nil).json["rating_average"]?.isNull == true)
            let history = try await alice.items("/users/me/history?type=rating")
            #expect(history.map { $0["type"] } == ["rating.removed", "rating.changed", "rating.added"])
            #expect(history[1]["detail"] == ["before": 4.5, "value": 0.5])
            let rating = try await marks.database.read { try $0.row("SELECT rating FROM media WHERE id = \(film)")?.isNull(0) }
            #expect(rating == true)
            #expect(try await marks.differences == [])
        }
    }

    @Test(arguments: TestDatabase.all) func aSeriesIsSeenByItsEpisodes(_ kind: TestDatabase) async throws {
        try await MarkSite.with(kind) { marks in
            let alice = try await TestUser(marks.site)
            let series = marks.series
            func card() async throws -> JSON { try await alice.send("GET", "/media/\(series)").json }
            #expect(try await card()["progress"]?.isNull == true)
            // A special counts for nothing.
            #expect(try await alice.see(series, 0, 1).status == 200)
            #expect(try await alice.see(series, 1, 1).json["state"]?["seen"] == false)
            #expect(try await alice.see(series, 1, 3).status == 200)
            var now = try await card()
            #expect(now["progress"] == ["seen": 2, "aired": 5])
            #expect(now["next_episode"] == ["season": 2, "number": 1, "title": "Épisode 2.1"])
            #expect(now["seasons"]?.array?.map { $0["seen_count"] } == [1, 2, 0])
            let episodes = try await alice.send("GET", "/media/\(series)/seasons/1").json["episodes"]?.array
            #expect(episodes?.map { $0["seen"] } == [true, false, true])
            #expect(try await alice.send("GET", "/media/home").json["rows"]?[0]?["key"] == "continue")
            #expect(try await alice.mark(series, "seen").json["state"]?["seen"] == true)
            now = try await card()
            #expect(now["progress"] == ["seen": 5, "aired": 5] && now["next_episode"]?.isNull == true)
            #expect(try await alice.see(series, 2, 2, false).json["state"]?["seen"] == false)
            #expect(try await alice.mark(series, "seen", false).json["state"]?["seen"] == false)
            #expect(try await marks.site.count("plays") == 0)
            for place in [(3, 1), (1, 4)] { #expect(try await alice.see(series, place.0, place.1).status == 404) }
            #expect(try await alice.history == ["seen.removed", "seen.removed", "seen.added", "seen.added", "seen.added", "seen.added"])
            let latest = try await alice.items("/users/me/history?type=seen")
            #expect(latest[1]["detail"] == ["season": 2, "number": 2] && latest[0]["detail"] == [:])
        }
    }

    @Test(arguments: TestDatabase.all) func listsOfMarksArePaged(_ kind: TestDatabase) async throws {
        try await MarkSite.with(kind) { marks in
            let (alice, bob) = (try await TestUser(marks.site), try await TestUser(marks.site))
            for (number, film) in marks.films.enumerated() {
                for mark in ["favorite", "like", "watchlist"] { try #require(try await alice.mark(film, mark).status == 200) }
                try #require(try await alice.rate(film, .number(Double(number + 1) / 2)).status == 200)
            }
            try #require(try await bob.mark(marks.films[4], "like").status == 200)
            for list in ["favorites", "likes", "ratings", "watchlist"] {
                var (seen, cursor): ([JSON], String?) = ([], nil)
                repeat {
                    let page = try await bob.send(
                        "GET", "/users/\(alice.alias)/\(list)?limit=2&count=true" + (cursor.map { "&cursor=\($0)" } ?? ""))
                    try #require(page.status == 200, "\(page.json.text)")
                    #expect(page.json["total"] == 5)
                    seen += page.json["items"]?.array ?? []
                    cursor = page.json["next"]?.string
                } while cursor != nil
                #expect(seen.map { $0["media"]?["id"] } == marks.films.reversed().map { JSON($0) })
                // The state inside is the reader's.
                #expect(seen[0]["media"]?["state"]?["like"] == true && seen[0]["media"]?["state"]?["favorite"] == false)
                #expect(seen[0]["value"] == (list == "ratings" ? 2.5 : nil))
            }
            let profile = try await bob.send("GET", "/users/\(alice.alias)/profile").json
            #expect(profile["counts"] == ["favorites": 5, "likes": 5, "ratings": 5, "watchlist": 5, "friends": 0])
            try await alice.privacy(["history": "friends"])
            #expect(try await bob.send("GET", "/users/\(alice.alias)/likes").code == "not_allowed")
            #expect(try await alice.items("/users/me/likes").count == 5)
            try await alice.privacy(["profile": "nobody"])
            #expect(try await bob.send("GET", "/users/\(alice.alias)/likes").status == 404)
            try await alice.privacy(["profile": "members", "history": "members"])
            try await alice.block(bob)
            for list in ["favorites", "likes", "ratings", "watchlist"] {
                #expect(try await bob.send("GET", "/users/\(alice.alias)/\(list)").code == "not_allowed", "\(list)")
            }
        }
    }

    @Test(arguments: TestDatabase.all) func onlyFriendsWhoShowTheirHistoryAreNamed(_ kind: TestDatabase) async throws {
        try await MarkSite.with(kind) { marks in
            let site = marks.site
            let alice = try await TestUser(site)
            var friends: [String: TestUser] = [:]
            for name in ["open", "closed", "hidden", "blocking", "blocked", "stranger", "leaver", "silent"] {
                let friend = try await TestUser(site)
                friends[name] = friend
                if name != "stranger" { try await alice.befriend(friend) }
                if name != "silent" { try #require(try await friend.mark(marks.films[0], "like").status == 200) }
                try #require(try await friend.mark(marks.films[0], "hidden").status == 200)
            }
            let open = try #require(friends["open"])
            try #require(try await open.rate(marks.films[0], 4).status == 200)
            try await friends["closed"]?.privacy(["history": "nobody"])
            try await friends["hidden"]?.privacy(["profile": "nobody"])
            try await friends["blocking"]?.block(alice)
            if let blocked = friends["blocked"] { try await alice.block(blocked) }
            let owner = try await site.signIn(try await site.add(.owner)).bearer
            if let leaver = friends["leaver"] {
                _ = try await site.send("DELETE", "/users/\(leaver.id)", ["Authorization": "Bearer \(owner)"])
            }
            let shown = try await alice.send("GET", "/media/\(marks.films[0])").json["friends"]?.array ?? []
            #expect(shown.compactMap { $0["user"]?["id"]?.string } == [open.id.uuid])
            #expect(shown.first?["like"] == true && shown.first?["favorite"] == false && shown.first?["rating"] == 4.0)
        }
    }

    @Test(arguments: TestDatabase.all) func aHiddenTitleTakesNoMarks(_ kind: TestDatabase) async throws {
        try await MarkSite.with(kind) { marks in
            let alice = try await TestUser(marks.site)
            let (hidden, merged, other) = (marks.films[0], marks.films[1], marks.films[2])
            try await marks.database.write { transaction in
                try transaction.execute("UPDATE media SET hidden_at = 1 WHERE id = \(hidden)")
                try transaction.execute("UPDATE media SET merged_into = \(other) WHERE id = \(merged)")
            }
            #expect(try await alice.mark(hidden, "like").status == 404)
            #expect(try await alice.mark(merged, "like").json["id"] == JSON(other))
        }
    }

    @Test(arguments: TestDatabase.all) func aHiddenTitleHasNoNameInHistories(_ kind: TestDatabase) async throws {
        try await MarkSite.with(kind) { marks in
            let (alice, bob) = (try await TestUser(marks.site), try await TestUser(marks.site))
            let owner = try await marks.site.signIn(try await marks.site.add(.owner)).bearer
            let film = marks.films[0]
            try #require(try await alice.mark(film, "like").status == 200)
            try await marks.database.write { _ = try $0.execute("UPDATE media SET hidden_at = 1 WHERE id = \(film)") }
            let path = "/users/\(alice.alias)/history?type=like"
            for reader in [alice, bob] {
                let items = try await reader.items(path)
                #expect(items.count == 1 && items[0]["target"]?["name"]?.isNull == true)
            }
            let team = try await marks.site.send("GET", path, ["Authorization": "Bearer \(owner)"]).json["items"]?[0]
            #expect(team?["target"]?["name"] == "Film 0")
            #expect(try await bob.items("/users/\(alice.alias)/likes").isEmpty)
        }
    }

    @Test func aRatingChangedInTheSameMillisecondIsOrdered() async throws {
        let start = WallClock.system.now()
        try await MarkSite.with(.sqlite, clock: WallClock(uptime: WallClock.system.uptime, now: { start })) { marks in
            let alice = try await TestUser(marks.site)
            for (film, stars) in [(marks.films[0], 1.0), (marks.films[1], 3.0)] {
                try #require(try await alice.rate(film, .number(stars)).status == 200)
            }
            func first() async throws -> JSON? { try await alice.items("/media?sort=rating").first?["id"] }
            #expect(try await first() == JSON(marks.films[1]))
            try #require(try await alice.rate(marks.films[0], 5).status == 200)
            #expect(try await first() == JSON(marks.films[0]))
        }
    }

    @Test(arguments: TestDatabase.all) func marksMoveWhenTitlesAreMerged(_ kind: TestDatabase) async throws {
        try await MarkSite.with(kind) { marks in
            let (alice, bob) = (try await TestUser(marks.site), try await TestUser(marks.site))
            let (one, two) = (marks.films[0], marks.films[1])
            for film in [one, two] { try #require(try await alice.mark(film, "like").status == 200) }
            try #require(try await bob.mark(one, "favorite").status == 200)
            try #require(try await bob.mark(one, "seen").status == 200)
            try #require(try await alice.rate(two, 1).status == 200)
            try await Task.sleep(for: .milliseconds(2))
            try #require(try await alice.rate(one, 5).status == 200)
            let (store, now) = (marks.site.composition.media.marks, marks.site.now)
            try await marks.database.write { try store.merge(one, into: two, at: now, in: $0) }
            #expect(try await marks.differences == [])
            let counters = try await marks.counters(of: two)
            #expect(counters.likes == 1 && counters.favorites == 1 && counters.average == 5)
            let state = try await bob.send("GET", "/media/\(two)").json["state"]
            #expect(state?["favorite"] == true && state?["seen"] == true)
            #expect(try await marks.site.count("media_marks WHERE media_id = \(one)") == 0)
        }
    }

    @Test(arguments: TestDatabase.all) func marksHaveALimit(_ kind: TestDatabase) async throws {
        // A clock that stands still gives nothing back.
        let clock = WallClock(uptime: { Uptime(milliseconds: 1_000_000) }, now: { WallClock.system.now() })
        try await MarkSite.with(kind, settings: ["rate-limit": "true"], clock: clock) { marks in
            let alice = try await TestUser(marks.site)
            for number in 0..<300 {
                try #require(try await alice.mark(marks.films[0], "like", number.isMultiple(of: 2)).status == 200)
            }
            let refused = try await alice.mark(marks.films[0], "like")
            #expect(refused.status == 429 && refused.headers["Retry-After"] == "1")
        }
    }
}
