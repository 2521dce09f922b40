import Authorization
import Bus
import Database
import Kernel
import Seeded
import SiteSupport
import TestSupport
import Testing

@testable import Server

/// Random actions of many devices at once, with retries, absences and restarts: in the end every device has the server's state, and no message is lost or doubled.
@Suite struct ModelTests {
    private enum Act: CaseIterable {
        case send, sendAgain, sendOnce, call, edit, delete, react, pin, read, readBack, rename, add, leave, remove, hide, show
    }

    /// The messages that the server acknowledged, by key.
    private actor Acknowledged {
        private(set) var byKey: [String: (conversation: String, id: String)] = [:]

        func note(_ key: String, _ conversation: String, _ id: String) {
            if let known = byKey[key] { #expect(known.id == id, "\(key) is two messages") }
            byKey[key] = (conversation, id)
        }
    }

    private struct Step: Sendable {
        let act: Act
        let who: TestUser
        let other: TestUser
        let conversation: String
        let number: Int
        let seq: Int64
        /// One of the messages there.
        let message: String?
    }

    private func perform(_ step: Step, _ acknowledged: Acknowledged) async throws {
        let (who, id) = (step.who, step.conversation)
        func send(_ content: String, times: Int) async throws {
            let key = "\(who.id) \(step.number)"
            for _ in 0..<times {
                // As if the first answer was lost, the same key is sent again.
                let answer = try await who.say(content, in: id, key: key)
                if answer.status < 300 { await acknowledged.note(key, id, try answer.text("id")) }
                expect(answer)
            }
        }
        func expect(_ answer: TestSite.Answer) {
            #expect(answer.status < 500 && answer.status != 400 && answer.status != 429, "\(step.act): \(answer.json.text)")
        }
        func change(_ method: String, _ path: String, _ body: JSON? = nil) async throws { expect(try await who.send(method, path, body)) }
        let message = "/messages/\(step.message ?? id)"
        switch step.act {
        case .send: try await send("message \(step.number)", times: 1)
        case .sendAgain: try await send("message \(step.number)", times: 3)
        case .sendOnce:
            // Two devices' retries cross.
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<2 {
                    group.addTask {
                        let key = "\(who.id) \(step.number)"
                        let answer = try await who.say("message \(step.number)", in: id, key: key)
                        if answer.status < 300 { await acknowledged.note(key, id, try answer.text("id")) }
                        #expect(answer.status < 500, "\(answer.json.text)")
                    }
                }
                try await group.waitForAll()
            }
        case .call:
            try await send(step.number.isMultiple(of: 2) ? "<@everyone> \(step.number)" : "<@\(step.other.id)> \(step.number)", times: 1)
        case .edit: try await change("PATCH", message, ["content": .string("edited \(step.number) <@\(step.other.id)>")])
        case .delete: try await change("DELETE", message)
        case .react:
            let emoji = ["%F0%9F%91%8D", "%F0%9F%8E%89"][step.number % 2]
            try await change(step.number.isMultiple(of: 5) ? "DELETE" : "PUT", "\(message)/reactions/\(emoji)")
        case .pin: try await change(step.number.isMultiple(of: 3) ? "DELETE" : "PUT", "\(message)/pin")
        case .read: try await change("PUT", "/conversations/\(id)/read", ["seq": .integer(step.seq)])
        case .readBack: try await change("PUT", "/conversations/\(id)/read", ["seq": .integer(step.seq / 2)])
        case .rename: try await change("PATCH", "/conversations/\(id)", ["name": .string("Group \(step.number)")])
        case .add: try await change("PUT", "/conversations/\(id)/members/\(step.other.alias)")
        case .leave: try await change("DELETE", "/conversations/\(id)/members/me")
        case .remove: try await change("DELETE", "/conversations/\(id)/members/\(step.other.alias)")
        case .hide, .show: try await change("PATCH", "/users/me/privacy", ["receipts": .bool(step.act == .show)])
        }
    }

    @Test(arguments: TestDatabase.all) func everyDeviceReachesTheStateOfTheServer(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            await site.composition.consumers.consumeCommitted()
            var random = SeededRandom(20_261_130)
            let owner = try await TestUser(site, .owner)
            var people: [TestUser] = [owner]
            for _ in 0..<4 { people.append(try await TestUser(site)) }
            let channel = try await owner.send("POST", "/channels", ["name": "general"]).text("id")
            for person in people { _ = try await person.read(channel, upTo: 0) }
            let conversations = [
                channel, try await people[1].direct(with: people[2]),
                try await people[0].begin(with: people[1], people[2], people[3], people[4]).text("id"),
                try await people[3].begin(with: people[4], people[1], named: "Film club").text("id"),
            ]
            var clients = people.map { ModelClient($0, channel: channel) }
            for index in clients.indices { try await clients[index].start() }
            let acknowledged = Acknowledged()
            let usual: [Act] = [.send, .send, .sendAgain, .sendOnce, .call, .edit, .react, .react, .read, .read]
            for round in 0..<24 {
                // Actions of several people at the same time.
                let steps = (0..<6).map { place -> Step in
                    let who = Int.random(in: 0..<5, using: &random)
                    let conversation = conversations[Int.random(in: 0..<4, using: &random)]
                    let known = clients[who].places[conversation]?.messages ?? [:]
                    let act = place < 4 ? usual.randomElement(using: &random) : Act.allCases.randomElement(using: &random)
                    return Step(
                        act: act ?? .send, who: people[who], other: people[Int.random(in: 0..<5, using: &random)],
                        conversation: conversation,
                        number: round * 6 + place, seq: Int64.random(in: 0...Int64(known.count), using: &random),
                        message: known.keys.sorted().randomElement(using: &random).flatMap { known[$0]?.id })
                }
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for step in steps { group.addTask { try await perform(step, acknowledged) } }
                    try await group.waitForAll()
                }
                if round % 8 == 7 { try await site.restart() }
                await site.composition.consumers.consumeCommitted()
                // A person who switches receipts on or off reads those of the others again.
                for step in steps where step.act == .hide || step.act == .show {
                    guard let index = people.firstIndex(where: { $0.id == step.who.id }) else { continue }
                    try await site.tellReactions()
                    try await site.announceReceipts()
                    try await clients[index].start()
                }
                // One device catches up; now and then one starts without any state.
                let index = round % clients.count
                if round % 7 == 6 { try await clients[index].start() } else { try await clients[index].catchUp() }
            }
            try await site.tellReactions()
            try await site.announceReceipts()
            await site.composition.consumers.consumeCommitted()
            for index in clients.indices {
                try await clients[index].catchUp()
                let fresh = try await clients[index].fresh()
                let known = clients[index].places
                #expect(Set(known.keys) == Set(fresh.keys))
                for (id, place) in fresh { #expect(known[id] == place, "\(clients[index].me) in \(id)") }
            }
            try await expectAll(acknowledged, of: conversations, in: site)
        }
    }

    /// Each acknowledged message is stored once, and places and ids grow together.
    private func expectAll(_ acknowledged: Acknowledged, of conversations: [String], in site: TestSite) async throws {
        let rows = try await site.database.read {
            try $0.rows("SELECT conversation_id, seq, id FROM messages ORDER BY conversation_id, seq").map {
                (ConversationID(rawValue: $0.int64(0)).uuid, $0.int64(1), $0.id(2, User.self).uuid)
            }
        }
        for id in conversations {
            let there = rows.filter { $0.0 == id }
            #expect(there.map(\.1) == Array(1...Int64(max(1, there.count))).prefix(there.count).map { $0 })
            #expect(there.map(\.2) == there.map(\.2).sorted())
        }
        let all = await acknowledged.byKey
        #expect(all.count > 25)
        for (key, message) in all {
            #expect(rows.filter { $0.2 == message.id && $0.0 == message.conversation }.count == 1, "\(key)")
        }
    }
}
