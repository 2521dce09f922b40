import Authorization
import Database
import HTTP
import Kernel
import Seeded
import SiteSupport
import TestSupport
import Testing

@testable import Media
@testable import Server

/// Counters equal the marks, however many members change marks at once.
@Suite struct MarkModelTests {
    @Test(arguments: TestDatabase.all) func aHundredMembersToggleOneTitle(_ kind: TestDatabase) async throws {
        try await MarkSite.with(kind) { marks in
            let film = marks.films[0]
            // One after the other: signing in is held to a share of the processor.
            var members: [TestUser] = []
            for _ in 0..<100 { members.append(try await TestUser(marks.site)) }
            let offset = try await marks.site.offset
            let changes = try await withThrowingTaskGroup(of: Int.self) { group in
                for (number, member) in members.enumerated() {
                    group.addTask {
                        var (random, changes) = (SeededRandom(UInt64(number)), 0)
                        var own: [String: Bool] = [:]
                        for _ in 0..<6 {
                            let mark = ["like", "favorite"].randomElement(using: &random) ?? "like"
                            let isOn = Bool.random(using: &random)
                            let answer = try await member.mark(film, mark, isOn)
                            #expect(answer.status == 200 && answer.json["state"]?[mark] == .bool(isOn), "\(answer.json.text)")
                            if own[mark] ?? false != isOn { changes += 1 }
                            own[mark] = isOn
                        }
                        return changes
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(try await marks.differences == [])
            #expect(try await marks.site.count("user_actions WHERE family IN ('like', 'favorite')") == changes)
            #expect(try await marks.site.count("outbox WHERE type = 'media.state' AND event_offset > \(offset)") == changes)
            let counters = try await marks.counters(of: film)
            let (likes, favorites) = (
                try await marks.site.count("media_marks WHERE kind = 'like'"),
                try await marks.site.count("media_marks WHERE kind = 'favorite'")
            )
            #expect(counters == TitleCounters(favorites: favorites, likes: likes))
        }
    }

    /// One member’s marks as they should be.
    private struct Own: Sendable {
        var flags: [String: Bool] = [:]
        var rating: Double?
        var changes = 0
    }

    @Test(arguments: TestDatabase.all) func randomMarksAreCountedExactly(_ kind: TestDatabase) async throws {
        let seed = UInt64.random(in: 0 ... .max)
        try await MarkSite.with(kind) { marks in
            var members: [TestUser] = []
            for _ in 0..<10 { members.append(try await TestUser(marks.site)) }
            let people = members
            let owns = try await withThrowingTaskGroup(of: (UserID, [MediaID: Own]).self) { group in
                for (number, member) in people.enumerated() {
                    group.addTask {
                        var random = SeededRandom(seed &+ UInt64(number))
                        var own: [MediaID: Own] = [:]
                        for _ in 0..<40 {
                            let film = marks.films.randomElement(using: &random) ?? marks.films[0]
                            try await Self.act(member, film, &own[film, default: Own()], &random)
                        }
                        return (member.id, own)
                    }
                }
                return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            #expect(try await marks.differences == [], "seed \(seed)")
            for member in members {
                let changes = owns[member.id]?.values.reduce(0) { $0 + $1.changes }
                #expect(
                    try await marks.site.count("user_actions WHERE user_id = \(member.id) AND target_kind = 'media'") == changes,
                    "seed \(seed)")
                for (film, own) in owns[member.id] ?? [:] {
                    let state = try await member.send("GET", "/media/\(film)").json["state"]
                    for (flag, isOn) in own.flags { #expect(state?[flag] == .bool(isOn), "\(flag), seed \(seed)") }
                    #expect(state?["rating"] == (own.rating.map(JSON.number) ?? .null), "seed \(seed)")
                }
            }
            // Erasing a person removes their marks from the counters.
            let owner = try await marks.site.signIn(try await marks.site.add(.owner)).bearer
            for member in members.prefix(5) {
                let answer = try await marks.site.send("DELETE", "/users/\(member.id)?hard=true", ["Authorization": "Bearer \(owner)"])
                try #require(answer.status == 204, "\(answer.json.text)")
                for table: SQL in ["media_marks", "media_states", "plays", "user_actions"] {
                    #expect(try await marks.site.count("\(sql: table) WHERE user_id = \(member.id)") == 0)
                }
            }
            #expect(try await marks.differences == [], "seed \(seed)")
            for member in members.dropFirst(5) {
                _ = try await marks.site.send("DELETE", "/users/\(member.id)?hard=true", ["Authorization": "Bearer \(owner)"])
            }
            for film in marks.films { #expect(try await marks.counters(of: film) == TitleCounters()) }
            #expect(try await marks.site.count("media WHERE trend > 0 OR rating IS NOT NULL") == 0)
        }
    }

    private static func act(_ member: TestUser, _ film: MediaID, _ own: inout Own, _ random: inout SeededRandom) async throws {
        guard Int.random(in: 0..<5, using: &random) > 0 else {
            let stars: Double? = Bool.random(using: &random) ? Double(Int.random(in: 1...10, using: &random)) / 2 : nil
            let answer = try await member.rate(film, stars.map(JSON.number))
            #expect(answer.status == 200, "\(answer.json.text)")
            if stars != own.rating { own.changes += 1 }
            own.rating = stars
            return
        }
        let flag = ["like", "favorite", "watchlist", "seen", "hidden"].randomElement(using: &random) ?? "like"
        let isOn = Bool.random(using: &random)
        let answer = try await member.mark(film, flag, isOn)
        #expect(answer.status == 200, "\(answer.json.text)")
        if own.flags[flag] ?? false != isOn { own.changes += 1 }
        own.flags[flag] = isOn
    }

    @Test(arguments: TestDatabase.all) func marksMadeDuringAMergeEndOnTheRemainingTitle(_ kind: TestDatabase) async throws {
        try await MarkSite.with(kind) { marks in
            let (from, into) = (marks.films[0], marks.films[1])
            let owner = try await marks.site.signIn(try await marks.site.add(.owner)).bearer
            var members: [TestUser] = []
            for _ in 0..<12 { members.append(try await TestUser(marks.site)) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for member in members {
                    group.addTask {
                        for mark in ["like", "favorite", "watchlist", "seen"] {
                            let status = try await member.mark(from, mark).status
                            #expect(status == 200)
                        }
                    }
                }
                group.addTask {
                    let body: JSON = ["into": JSON(into)]
                    let answer = try await marks.site.send(
                        "POST", "/media/\(from)/merge", ["Authorization": "Bearer \(owner)"], body: body.bytes)
                    #expect(answer.status == 200, "\(answer.json.text.prefix(300))")
                }
                try await group.waitForAll()
            }
            #expect(try await marks.differences == [])
            for table: SQL in ["media_marks", "media_states", "media_counters", "plays"] {
                #expect(try await marks.site.count("\(sql: table) WHERE media_id = \(from)") == 0)
            }
            #expect(try await marks.counters(of: into) == TitleCounters(favorites: 12, likes: 12, watchlists: 12))
        }
    }

    @Test(arguments: TestDatabase.all) func aRestartKeepsAll(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let marks = try await MarkSite(site)
            let alice = try await TestUser(site)
            let film = marks.films[0]
            for mark in ["favorite", "seen"] { try #require(try await alice.mark(film, mark).status == 200) }
            let before = try await alice.rate(film, 3.5).json
            try await site.restart()
            #expect(try await alice.mark(film, "favorite").json == before)
            #expect(try await site.count("user_actions WHERE target_kind = 'media'") == 3)
        }
    }
}
