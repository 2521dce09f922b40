import Authorization
import Bus
import Database
import Kernel
import SiteSupport
import TestSupport
import Testing

@testable import Server

/// How far others have read: shown to those who show theirs.
@Suite struct ReceiptTests {
    private func receipts(_ person: Talker, _ id: String) async throws -> [String: Int64] {
        try await person.items("/conversations/\(id)/receipts").reduce(into: [:]) { found, item in
            found[item["user_id"]?.string ?? ""] = item["read_seq"]?.integer
        }
    }

    private func told(_ person: Talker) async throws -> [Int64] {
        try await person.events().filter { $0.type == "receipt.updated" }.compactMap { $0.members["read_seq"]?.integer }
    }

    @Test(arguments: TestDatabase.all) func theOtherSeesHowFarOneHasRead(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob, carol) = (try await Talker(site), try await Talker(site), try await Talker(site))
            let id = try await alice.direct(with: bob)
            for number in 1...4 { _ = try await alice.say("\(number)", in: id) }
            #expect(try await receipts(alice, id) == [bob.id.uuid: 0])
            _ = try await bob.read(id, upTo: 3)
            #expect(try await receipts(alice, id) == [bob.id.uuid: 3])
            // Marked as unread again, it was read all the same.
            _ = try await bob.read(id, upTo: 1)
            _ = try await bob.read(id, upTo: 3)
            #expect(try await receipts(alice, id) == [bob.id.uuid: 3])
            #expect(try await told(alice) == [3])
            #expect(try await told(bob).isEmpty)
            #expect(try await carol.send("GET", "/conversations/\(id)/receipts").status == 404)
        }
    }

    @Test(arguments: TestDatabase.all) func whoHidesTheirsSeesNone(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            await site.composition.consumers.consumeCommitted()
            let (alice, bob, carol) = (try await Talker(site), try await Talker(site), try await Talker(site))
            let id = try await alice.begin(with: bob, carol).text("id")
            let first = try #require(try await alice.say("one", in: id).json["seq"]?.integer)
            _ = try await bob.read(id, upTo: first)
            _ = try await carol.read(id, upTo: first)
            #expect(try await receipts(alice, id) == [bob.id.uuid: first, carol.id.uuid: first])
            #expect(try await bob.send("PATCH", "/users/me/privacy", ["receipts": false]).status == 200)
            await site.composition.consumers.consumeCommitted()
            #expect(try await receipts(alice, id) == [carol.id.uuid: first])
            #expect(try await receipts(bob, id).isEmpty)
            #expect(try await alice.events().contains { $0.type == "receipt.hidden" && $0.members["user_id"] == .string(bob.id.uuid) })
            let second = try #require(try await alice.say("two", in: id).json["seq"]?.integer)
            let offset = try await site.offset
            _ = try await bob.read(id, upTo: second)
            _ = try await carol.read(id, upTo: second)
            #expect(try await alice.events(after: offset).map(\.type) == ["receipt.updated"])
            #expect(try await bob.events(after: offset).map(\.type) == ["read.updated"])
            // One's own devices agree.
            #expect(try await bob.unread(in: id) == 0)
            // What was read unseen is not shown afterwards.
            #expect(try await bob.send("PATCH", "/users/me/privacy", ["receipts": true]).status == 200)
            #expect(try await receipts(alice, id) == [bob.id.uuid: 0, carol.id.uuid: second])
        }
    }

    @Test(arguments: TestDatabase.all) func theInvisibleAndTheBlockedAreNotSeenReading(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob, carol) = (try await Talker(site), try await Talker(site), try await Talker(site))
            let id = try await alice.begin(with: bob, carol).text("id")
            let seq = try #require(try await alice.say("one", in: id).json["seq"]?.integer)
            #expect(try await bob.send("POST", "/users/me/status", ["status": "invisible"]).status == 200)
            _ = try await bob.read(id, upTo: seq)
            #expect(try await receipts(alice, id)[bob.id.uuid] == 0)
            #expect(try await carol.send("PUT", "/blocks/\(alice.alias)").status == 204)
            _ = try await carol.read(id, upTo: seq)
            #expect(try await receipts(alice, id) == [bob.id.uuid: 0])
            #expect(try await receipts(carol, id) == [bob.id.uuid: 0])
            #expect(try await told(alice).isEmpty)
            #expect(try await told(bob) == [seq])
            let (owner, channel) = (try await Talker(site, .owner), "/channels")
            let open = try await owner.send("POST", channel, ["name": "general"]).text("id")
            _ = try await owner.say("one", in: open)
            _ = try await alice.read(open, upTo: 1)
            #expect(try await receipts(owner, open).isEmpty)
        }
    }
}
