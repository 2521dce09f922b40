import Authorization
import Bus
import Database
import Jobs
import Kernel
import SiteSupport
import TestSupport
import Testing

@testable import Server

extension TestSite {
    /// Waits until the collected receipts of groups are due, and announces them.
    func announceReceipts() async throws {
        for _ in 0..<400 {
            _ = await composition.runner.runDue()
            if try await count("jobs WHERE kind = 'conversations.receipts'") == 0 { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        Issue.record("the collected receipts are never announced")
    }
}

/// Read receipts: people who show theirs see those of the others.
@Suite struct ReceiptTests {
    private func receipts(_ person: TestUser, _ id: String) async throws -> [String: Int64] {
        try await person.items("/conversations/\(id)/receipts").reduce(into: [:]) { found, item in
            found[item["user_id"]?.string ?? ""] = item["read_seq"]?.integer
        }
    }

    private func updates(_ person: TestUser) async throws -> [Int64] {
        try await person.site.announceReceipts()
        return try await person.delivered().filter { $0.type == "receipt.updated" }.flatMap { event in
            (event.members["receipts"]?.array ?? []).compactMap { $0["read_seq"]?.integer }
        }
    }

    @Test(arguments: TestDatabase.all) func theOtherSeesHowFarOneHasRead(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob, carol) = (try await TestUser(site), try await TestUser(site), try await TestUser(site))
            let id = try await alice.direct(with: bob)
            for number in 1...4 { _ = try await alice.say("\(number)", in: id) }
            #expect(try await receipts(alice, id) == [bob.id.uuid: 0])
            _ = try await bob.read(id, upTo: 3)
            #expect(try await receipts(alice, id) == [bob.id.uuid: 3])
            // Marking as unread does not take the receipt back.
            _ = try await bob.read(id, upTo: 1)
            _ = try await bob.read(id, upTo: 3)
            #expect(try await receipts(alice, id) == [bob.id.uuid: 3])
            #expect(try await updates(alice) == [3])
            #expect(try await updates(bob).isEmpty)
            #expect(try await carol.send("GET", "/conversations/\(id)/receipts").status == 404)
        }
    }

    @Test(arguments: TestDatabase.all) func peopleWhoHideTheirReceiptsSeeNone(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            await site.composition.consumers.consumeCommitted()
            let (alice, bob, carol) = (try await TestUser(site), try await TestUser(site), try await TestUser(site))
            let id = try await alice.begin(with: bob, carol).text("id")
            let first = try #require(try await alice.say("one", in: id).json["seq"]?.integer)
            _ = try await bob.read(id, upTo: first)
            _ = try await carol.read(id, upTo: first)
            #expect(try await receipts(alice, id) == [bob.id.uuid: first, carol.id.uuid: first])
            #expect(try await bob.send("PATCH", "/users/me/privacy", ["receipts": false]).status == 200)
            await site.composition.consumers.consumeCommitted()
            #expect(try await receipts(alice, id) == [carol.id.uuid: first])
            #expect(try await receipts(bob, id).isEmpty)
            #expect(try await alice.delivered().contains { $0.type == "receipt.hidden" && $0.members["user_id"] == .string(bob.id.uuid) })
            let second = try #require(try await alice.say("two", in: id).json["seq"]?.integer)
            let offset = try await site.offset
            _ = try await bob.read(id, upTo: second)
            _ = try await carol.read(id, upTo: second)
            try await site.announceReceipts()
            #expect(try await alice.delivered(after: offset).map(\.type) == ["receipt.updated"])
            #expect(try await bob.delivered(after: offset).map(\.type) == ["read.updated"])
            // Bob's own devices know that he has read it.
            #expect(try await bob.unread(in: id) == 0)
            // A place that was read while receipts were hidden is not shown later.
            #expect(try await bob.send("PATCH", "/users/me/privacy", ["receipts": true]).status == 200)
            #expect(try await receipts(alice, id) == [bob.id.uuid: 0, carol.id.uuid: second])
        }
    }

    /// 50 people who read one message are one event, not 49 × 49 deliveries.
    @Test(arguments: TestDatabase.all) func aGroupThatReadsAtOnceIsOneEvent(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob, carol, dave) = (
                try await TestUser(site), try await TestUser(site), try await TestUser(site), try await TestUser(site)
            )
            let id = try await alice.begin(with: bob, carol, dave).text("id")
            #expect(try await dave.send("PUT", "/blocks/\(carol.alias)").status == 204)
            let seq = try #require(try await alice.say("one", in: id).json["seq"]?.integer)
            let offset = try await site.offset
            for person in [bob, carol, dave] {
                _ = try await person.read(id, upTo: seq - 1)
                _ = try await person.read(id, upTo: seq)
            }
            #expect(try await site.count("outbox WHERE type = 'receipt.updated'") == 0)
            try await site.announceReceipts()
            // One for those who see the same people, one each for the two between whom a block stands.
            #expect(try await site.count("outbox WHERE type = 'receipt.updated'") == 3)
            func people(_ person: TestUser) async throws -> [[String]] {
                try await person.delivered(after: offset).filter { $0.type == "receipt.updated" }.map { event in
                    (event.members["receipts"]?.array ?? []).compactMap { $0["user_id"]?.string }
                }
            }
            let (all, toCarol) = ([bob, carol, dave].map(\.id.uuid).sorted(), [bob, carol].map(\.id.uuid).sorted())
            #expect(try await people(alice) == [all])
            #expect(try await people(bob) == [all])
            #expect(try await people(carol) == [toCarol])
            #expect(try await people(dave) == [[bob, dave].map(\.id.uuid).sorted()])
            // Nothing moved: nothing is sent.
            _ = try await bob.read(id, upTo: seq)
            try await site.announceReceipts()
            #expect(try await site.count("outbox WHERE type = 'receipt.updated'") == 3)
        }
    }

    @Test(arguments: TestDatabase.all) func invisibleAndBlockedPeopleGiveNoReceipts(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob, carol) = (try await TestUser(site), try await TestUser(site), try await TestUser(site))
            let id = try await alice.begin(with: bob, carol).text("id")
            let seq = try #require(try await alice.say("one", in: id).json["seq"]?.integer)
            #expect(try await bob.send("POST", "/users/me/status", ["status": "invisible"]).status == 200)
            _ = try await bob.read(id, upTo: seq)
            #expect(try await receipts(alice, id)[bob.id.uuid] == 0)
            #expect(try await carol.send("PUT", "/blocks/\(alice.alias)").status == 204)
            _ = try await carol.read(id, upTo: seq)
            #expect(try await receipts(alice, id) == [bob.id.uuid: 0])
            #expect(try await receipts(carol, id) == [bob.id.uuid: 0])
            #expect(try await updates(alice).isEmpty)
            #expect(try await updates(bob) == [seq])
            let (owner, channel) = (try await TestUser(site, .owner), "/channels")
            let open = try await owner.send("POST", channel, ["name": "general"]).text("id")
            _ = try await owner.say("one", in: open)
            _ = try await alice.read(open, upTo: 1)
            #expect(try await receipts(owner, open).isEmpty)
        }
    }
}
