import Crypto
import Database
import HTTP
import Kernel
import SiteSupport
import TestSupport
import Testing

@testable import Server

/// Messages: sent once, in one order, changed and taken back.
@Suite struct MessageTests {
    @Test(arguments: TestDatabase.all) func theSameKeyIsTheSameMessage(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob, carol) = (try await TestUser(site), try await TestUser(site), try await TestUser(site))
            let id = try await alice.direct(with: bob)
            for number in 0..<5 {
                async let first = alice.say("Salut 👋", in: id, key: "k\(number)")
                async let second = alice.say("Salut 👋", in: id, key: "k\(number)")
                let answers = [try await first, try await second]
                #expect(answers.map(\.status).sorted() == [200, 201])
                #expect(try answers[0].text("id") == answers[1].text("id"))
                #expect(answers[0].json["key"] == .string("k\(number)"))
            }
            #expect(try await alice.contents(of: id).count == 5)
            #expect(try await bob.unread(in: id) == 5)
            #expect(try await alice.say("Other words", in: id, key: "k0").code == "key_reused")
            let other = try await alice.direct(with: carol)
            #expect(try await alice.say("Salut 👋", in: other, key: "k0").status == 422)
            // Somebody else's key is their own.
            #expect(try await bob.say("Salut 👋", in: id, key: "k0").status == 201)
            let message = try await alice.say("Salut 👋", in: id, key: "k0").text("id")
            #expect(try await alice.send("DELETE", "/messages/\(message)").status == 204)
            let tombstone = try await alice.say("Salut 👋", in: id, key: "k0")
            #expect(tombstone.status == 200 && tombstone.json["content"] == "" && tombstone.json["deleted_at"] != .null)
        }
    }

    @Test(arguments: TestDatabase.all) func idsGrowWithThePlacesWhoeverWrites(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            var people: [TestUser] = []
            for _ in 0..<4 { people.append(try await TestUser(site)) }
            let id = try await people[0].begin(with: people[1], people[2], people[3]).text("id")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for person in people {
                    group.addTask { for number in 0..<15 { _ = try await person.say("\(number)", in: id, key: "\(number)") } }
                }
                try await group.waitForAll()
            }
            let rows = try await site.database.read { try $0.rows("SELECT seq, id FROM messages ORDER BY id") }
            #expect(rows.map { $0.int64(0) } == Array(1...61))
            let told = try await people[3].delivered().filter { $0.type == "message.created" }.map {
                $0.members["message"]?["seq"]?.integer
            }
            #expect(told == Array(1...61))
            let pages = try await people[0].items("/conversations/\(id)/messages?limit=61").compactMap { $0["seq"]?.integer }
            #expect(pages == Array(1...61).reversed())
        }
    }

    @Test(arguments: TestDatabase.all) func historyHasNoEdge(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            let id = try await alice.direct(with: bob)
            var ids: [String] = []
            for number in 1...20 { ids.append(try await alice.say("\(number)", in: id).text("id")) }
            let path = "/conversations/\(id)/messages"
            func seqs(_ query: String) async throws -> [Int64] { try await bob.items(path + query).compactMap { $0["seq"]?.integer } }
            #expect(try await seqs("?limit=3") == [20, 19, 18])
            #expect(try await seqs("?limit=3&before=\(ids[9])") == [9, 8, 7])
            #expect(try await seqs("?limit=3&after=\(ids[9])") == [11, 12, 13])
            #expect(try await seqs("?limit=5&around=\(ids[9])") == [12, 11, 10, 9, 8])
            #expect(try await seqs("?limit=5&around=\(ids[19])") == [20, 19, 18, 17, 16])
            #expect(try await seqs("?limit=5&around=\(ids[0])") == [5, 4, 3, 2, 1])
            #expect(try await seqs("?limit=5&around_seq=10") == [12, 11, 10, 9, 8])
            #expect(try await seqs("?limit=5&around_seq=900") == [20, 19, 18, 17, 16])
            #expect(try await bob.send("GET", path + "?around_seq=0").status == 422)
            #expect(try await seqs("?after=\(ids[19])") == [])
            #expect(try await seqs("?limit=2&at=2015-06-01T00:00:00Z") == [2, 1])
            #expect(try await seqs("?limit=2&at=2090-01-01T00:00:00Z") == [20, 19])
            for query in ["?limit=7", "?limit=7&after=\(MessageIDs.first)"] {
                var (found, next): ([Int64], String?) = ([], nil)
                repeat {
                    let answer = try await bob.send("GET", path + (next.map { "?limit=7&cursor=\($0)" } ?? query))
                    found += (answer.json["items"]?.array ?? []).compactMap { $0["seq"]?.integer }
                    next = answer.json["next"]?.string
                } while next != nil
                #expect(found.sorted() == Array(1...20) && Set(found).count == found.count)
            }
            #expect(try await bob.send("GET", path + "?before=\(ids[1])&after=\(ids[0])").status == 422)
            #expect(try await bob.send("GET", path + "?before=nothing").status == 422)
        }
    }

    private enum MessageIDs { static let first = RowID(rawValue: 1).uuid }

    @Test(arguments: TestDatabase.all) func editsKeepVersionsAndDeletionsLeaveNothing(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            let id = try await alice.direct(with: bob)
            let message = try await alice.say("one", in: id).text("id")
            let reply = try await bob.say("what?", in: id, replyTo: message)
            #expect(reply.json["reply_to"]?["content"] == "one")
            #expect(try await bob.send("PUT", "/messages/\(message)/reactions/%F0%9F%91%8D").status == 200)
            #expect(try await bob.send("PATCH", "/messages/\(message)", ["content": "two"]).code == "not_author")
            let edited = try await alice.send("PATCH", "/messages/\(message)", ["content": "two"])
            #expect(edited.json["version"] == 2 && edited.json["edited_at"] != .null)
            #expect(edited.json["reactions"]?[0]?["count"] == 1)
            let stale = try await site.send(
                "PATCH", "/messages/\(message)", ["Authorization": "Bearer \(alice.token)", "If-Match": "\"1\""],
                body: Array(#"{"content": "three"}"#.utf8))
            #expect(stale.status == 412)
            #expect(try await bob.items("/messages/\(message)/history").map { $0["content"]?.string } == ["one", "two"])
            #expect(try await bob.send("DELETE", "/messages/\(message)").status == 403)
            #expect(try await alice.send("DELETE", "/messages/\(message)").status == 204)
            #expect(try await alice.send("DELETE", "/messages/\(message)").status == 204)
            #expect(try await alice.send("PATCH", "/messages/\(message)", ["content": "four"]).code == "message_deleted")
            #expect(try await bob.send("PUT", "/messages/\(message)/reactions/%F0%9F%91%8D").code == "message_deleted")
            let quoted = try await bob.send("GET", "/messages/\(try reply.text("id"))")
            #expect(quoted.json["reply_to"]?["content"] == "" && quoted.json["reply_to"]?["deleted"] == true)
            #expect(try await bob.items("/messages/\(message)/history").isEmpty)
            for table: SQL in [
                "message_edits", "reactions", "reaction_counts", "mentions", "messages WHERE seq = 1 AND body_cipher IS NOT NULL",
            ] {
                #expect(try await site.count(table) == 0)
            }
            let types = try await bob.delivered().map(\.type).filter { $0.hasPrefix("message.") || $0.hasPrefix("reaction.") }
            #expect(types == ["message.created", "message.created", "reaction.changed", "message.updated", "message.deleted"])
        }
    }

    @Test(arguments: TestDatabase.all) func reactionsAreCountedOnce(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            let id = try await alice.direct(with: bob)
            let message = try await alice.say("one", in: id).text("id")
            func react(_ person: TestUser, _ emoji: String, _ method: String = "PUT") async throws -> TestSite.Answer {
                let escaped = emoji.utf8.map { "%" + Hex.encode([$0]) }.joined()
                return try await person.send(method, "/messages/\(message)/reactions/\(escaped)")
            }
            let begun = ContinuousClock.now
            // Both spellings of one heart, twice each, at once.
            try await withThrowingTaskGroup(of: Int.self) { group in
                for (person, emoji) in [(alice, "❤"), (alice, "❤️"), (bob, "❤️"), (bob, "❤")] {
                    group.addTask { try await react(person, emoji).status }
                }
                for try await status in group { #expect(status == 200) }
            }
            let heart = try await react(bob, "❤️")
            #expect(heart.json["reactions"] == [["emoji": "❤️", "count": 2, "mine": true]])
            #expect(try await react(bob, "❤", "DELETE").json["reactions"] == [["emoji": "❤️", "count": 1, "mine": false]])
            #expect(try await react(alice, "❤", "DELETE").json["reactions"] == [])
            for text in [
                "a", "1", "👍👍", "🇫", "🇫🇫", "thumbsup", "👍\u{200D}", "👍🏽🏽", "😀🏽", "©\u{200D}©", "*", "\u{20E3}", "\u{FE0F}", "™a", "⚕\u{200D}👩",
            ] {
                #expect(try await react(bob, text).status == 422, "\(text)")
            }
            let many = ["👍🏽", "*️⃣", "🇫🇷", "👩‍🚀", "🏳️‍🌈", "👁️‍🗨️", "☝🏽", "©️", "😀", "😁", "😂", "🤣", "😃", "😄", "😅", "😆", "😉", "😊", "😋", "😎"]
            for emoji in many {
                let answer = try await react(bob, emoji)
                // Those of one millisecond stand in the order of their text.
                let isThere = answer.json["reactions"]?.array?.contains { $0["emoji"] == .string(emoji) }
                #expect(isThere == true, "\(emoji): \(answer.json.text)")
            }
            #expect(try await react(bob, "🥳").code == "too_many_emojis")
            #expect(try await react(alice, "😎").status == 200)
            // What came within half a second is told together.
            let early = try await alice.delivered().filter { $0.type == "reaction.changed" }.count
            let most = 2 * Int((ContinuousClock.now - begun) / .seconds(1)) + 3
            #expect(early <= most, "\(early) of at most \(most)")
            try await site.tellReactions()
            let told = try await alice.delivered().last { $0.type == "reaction.changed" }
            #expect(told?.members["reactions"]?.array?.count == 20)
            let shared = told?.members["reactions"]?.array?.first { $0["emoji"] == "😎" }
            #expect(shared?["users"] == [.string(bob.id.uuid), .string(alice.id.uuid)])
        }
    }

    @Test(arguments: TestDatabase.all) func nothingThatPeopleWroteLiesInClear(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            let id = try await alice.direct(with: bob)
            let word = "Quetzalcoatl"
            let message = try await alice.say("\(word) one", in: id, key: word).text("id")
            _ = try await alice.send("PATCH", "/messages/\(message)", ["content": .string("\(word) two")])
            _ = try await bob.send("PUT", "/conversations/\(id)/draft", ["content": .string(word)])
            let stored = try await site.database.read { transaction in
                var bytes: [[UInt8]] = []
                for query: SQL in [
                    "SELECT body_cipher FROM messages", "SELECT body_cipher FROM message_edits", "SELECT body_cipher FROM drafts",
                    "SELECT client_key FROM messages", "SELECT content_hash FROM messages",
                ] { bytes += try transaction.rows(query).map { $0.blob(0) } }
                return bytes + (try transaction.rows("SELECT members FROM outbox").map { Array($0.text(0).utf8) })
            }
            #expect(stored.count > 10)
            for bytes in stored { #expect(!String(decoding: bytes, as: UTF8.self).contains(word)) }
        }
    }

    @Test(arguments: TestDatabase.all) func textsHaveTheirLimits(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            let id = try await alice.direct(with: bob)
            #expect(try await alice.say(String(repeating: "é", count: 4000), in: id).status == 201)
            for text in ["", "  \n ", String(repeating: "é", count: 4001), "a\u{7}b"] {
                #expect(try await alice.say(text, in: id).status == 422)
            }
            let attached = try await alice.send(
                "POST", "/conversations/\(id)/messages", ["content": "x", "attachments": ["file"]])
            #expect(attached.status == 422)
            #expect(try await alice.say("x", in: id, replyTo: id).json["errors"]?[0]?["code"] == "unknown_message")
            let message = try await alice.say("v", in: id).text("id")
            for number in 0..<100 { _ = try await alice.send("PATCH", "/messages/\(message)", ["content": .string("v\(number)")]) }
            #expect(try await alice.send("PATCH", "/messages/\(message)", ["content": "once more"]).code == "too_many_edits")
            for number in 0..<50 {
                let pinned = try await alice.say("\(number)", in: id).text("id")
                #expect(try await bob.send("PUT", "/messages/\(pinned)/pin").status == 200)
            }
            #expect(try await alice.send("PUT", "/messages/\(message)/pin").code == "too_many_pins")
            #expect(try await alice.items("/conversations/\(id)/pins").count == 50)
        }
    }

    /// A block also holds for what reaches the other person without a new message.
    @Test(arguments: TestDatabase.all) func blockedPeopleNeitherEditNorReactNorPin(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            let id = try await alice.direct(with: bob)
            let (own, other) = (try await alice.say("mine", in: id).text("id"), try await bob.say("theirs", in: id).text("id"))
            #expect(try await bob.send("PUT", "/blocks/\(alice.alias)").status == 204)
            let offset = try await site.offset
            let attempts: [(String, String, JSON?)] = [
                ("PATCH", "/messages/\(own)", ["content": "changed"]), ("PUT", "/messages/\(other)/reactions/%F0%9F%91%8D", nil),
                ("PUT", "/messages/\(other)/pin", nil),
            ]
            for (method, path, body) in attempts {
                let answer = try await alice.send(method, path, body)
                #expect(answer.status == 403 && answer.json["code"] == "not_allowed", "\(method) \(path)")
            }
            #expect(try await bob.delivered(after: offset).isEmpty)
            // Taking something back stays possible.
            #expect(try await alice.send("DELETE", "/messages/\(own)").status == 204)
        }
    }
}
