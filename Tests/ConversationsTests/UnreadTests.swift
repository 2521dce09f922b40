import Database
import Kernel
import Seeded
import SiteSupport
import TestSupport
import Testing

/// What is unread is what a recount of the rows says, whatever happened.
@Suite struct UnreadTests {
    /// Looks at every message of the conversation.
    private func recount(_ site: TestSite, _ person: TestUser, _ conversation: String) async throws -> (unread: Int64, mentions: Int64) {
        let id = try #require(ConversationID(uuid: conversation))
        return try await site.database.read { transaction in
            let read =
                try transaction.row(
                    "SELECT read_seq FROM read_states WHERE user_id = \(person.id) AND conversation_id = \(id)")?.int64(0) ?? 0
            let rows = try transaction.rows(
                "SELECT seq, author_id, deleted_at, targets FROM messages WHERE conversation_id = \(id) AND kind = 'text'")
            let live = rows.filter { $0.int64(0) > read && $0.int64(1) != person.id.rawValue && $0.isNull(2) }
            let mentions = live.filter { row in
                guard let lists = try? JSONParser.parse(Array(row.text(3).utf8)).array else { return false }
                return lists.count == 3
                    && (lists[0].array?.contains(.integer(person.id.rawValue)) ?? false || lists[2].array?.isEmpty == false)
            }
            return (Int64(live.count), Int64(mentions.count))
        }
    }

    @Test(arguments: TestDatabase.all) func itEqualsARecountAfterAnything(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            var random = SeededRandom(20_261_129)
            var people: [TestUser] = []
            for _ in 0..<4 { people.append(try await TestUser(site)) }
            let id = try await people[0].begin(with: people[1], people[2], people[3]).text("id")
            var messages: [(id: String, author: Int)] = []
            for step in 0..<160 {
                let who = Int.random(in: 0..<4, using: &random)
                switch Int.random(in: 0..<10, using: &random) {
                case 0..<5:
                    let mention =
                        ["", " <@\(people[Int.random(in: 0..<4, using: &random)].id)>", " <@everyone>"].randomElement(using: &random) ?? ""
                    messages.append((try await people[who].say("\(step)\(mention)", in: id).text("id"), who))
                case 5..<7:
                    _ = try await people[who].read(id, upTo: Int64.random(in: 0...Int64(messages.count), using: &random))
                case 7:
                    guard let (message, author) = messages.randomElement(using: &random) else { continue }
                    _ = try await people[author].send("DELETE", "/messages/\(message)")
                case 8:
                    guard let (message, author) = messages.randomElement(using: &random) else { continue }
                    let text = "\(step) <@\(people[who].id)>"
                    _ = try await people[author].send("PATCH", "/messages/\(message)", ["content": .string(text)])
                default:
                    guard who > 0 else { continue }
                    _ = try await people[who].send("DELETE", "/conversations/\(id)")
                    #expect(try await people[0].send("PUT", "/conversations/\(id)/members/\(people[who].alias)").status == 200)
                }
                guard step.isMultiple(of: 8) else { continue }
                for person in people {
                    let (unread, mentions) = try await recount(site, person, id)
                    let shown = try await person.conversation(id)
                    try #require(shown["unread"] == .integer(unread), "step \(step)")
                    try #require(shown["mentions"] == .integer(mentions), "step \(step)")
                }
            }
            let sum = try await people[1].send("GET", "/unread").json
            #expect(sum["unread"] == .integer(try await recount(site, people[1], id).unread))
        }
    }

    @Test(arguments: TestDatabase.all) func readingMovesBothWaysAndTellsOnesDevices(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            let id = try await alice.direct(with: bob)
            var messages: [String] = []
            for number in 1...5 { messages.append(try await alice.say("\(number)", in: id).text("id")) }
            #expect(try await bob.unread(in: id) == 5)
            #expect(try await alice.unread(in: id) == 0)
            let read = try await bob.send("PUT", "/conversations/\(id)/read", ["message_id": .string(messages[2])])
            #expect(read.json == ["read_seq": 3, "unread": 2, "mentions": 0])
            _ = try await bob.read(id, upTo: 3)
            #expect(try await bob.delivered().filter { $0.type == "read.updated" }.count == 1)
            #expect(try await bob.read(id, upTo: 1)["unread"] == 4)
            #expect(try await bob.read(id, upTo: 1000)["read_seq"] == 5)
            #expect(try await bob.send("PUT", "/conversations/\(id)/read", ["message_id": .string(id)]).status == 422)
            #expect(try await bob.send("PUT", "/conversations/\(id)/read", [:]).status == 422)
            #expect(try await alice.delivered().allSatisfy { $0.type != "read.updated" })
        }
    }

    /// A million unread costs as much as one: no statement looks at the messages one by one.
    @Test func countingFollowsTheIndexes() async throws {
        try await TestSite.with(.sqlite) { site in
            let plan = try await site.database.read { transaction in
                try transaction.rows(
                    """
                    EXPLAIN QUERY PLAN SELECT COUNT(*) FROM messages INDEXED BY messages_author
                    WHERE author_id = \(Int64(1)) AND conversation_id = \(Int64(2)) AND seq > \(Int64(3)) AND deleted_at IS NULL
                    """
                ).map { $0.text(3) }.joined(separator: "\n")
            }
            #expect(plan.contains("COVERING INDEX messages_author (author_id=? AND conversation_id=? AND seq>?)"), "\(plan)")
        }
    }
}
