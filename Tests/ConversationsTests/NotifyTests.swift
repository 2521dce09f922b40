import Authorization
import Bus
import Kernel
import SiteSupport
import TestSupport
import Testing

@testable import Server

/// Who hears of a message, a mention and a reaction, and when it is gone again.
@Suite struct NotifyTests {
    private func told(_ person: Talker, unread: Bool = true) async throws -> [String] {
        await person.site.composition.consumers.consumeCommitted()
        return try await person.items("/notifications?unread=\(unread)").map { "\($0["kind"]?.string ?? "") \($0["count"]?.integer ?? 0)" }
            .filter { $0.hasPrefix("message.") }.sorted()
    }

    @Test(arguments: TestDatabase.all) func messagesMentionsAndReactionsAreTold(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob, carol) = (try await Talker(site), try await Talker(site), try await Talker(site))
            // The consumers begin with what comes after their first start.
            await site.composition.consumers.consumeCommitted()
            let id = try await alice.direct(with: bob)
            let message = try await alice.say("one", in: id).text("id")
            _ = try await alice.say("two", in: id)
            #expect(try await told(bob) == ["message.direct 2"])
            #expect(try await told(alice).isEmpty)
            _ = try await alice.say("<@\(bob.id)>", in: id)
            #expect(try await told(bob) == ["message.direct 2", "message.mention 1"])
            _ = try await bob.read(id, upTo: 3)
            #expect(try await told(bob).isEmpty)
            _ = try await bob.send("PUT", "/messages/\(message)/reactions/%F0%9F%91%8D")
            #expect(try await told(alice) == ["message.reaction 1"])
            _ = try await bob.send("DELETE", "/messages/\(message)/reactions/%F0%9F%91%8D")
            try await site.tellReactions()
            #expect(try await told(alice).isEmpty)

            let group = try await alice.begin(with: bob, carol, named: "Film club").text("id")
            _ = try await bob.send("PATCH", "/conversations/\(group)/settings", ["notify": "mentions"])
            _ = try await carol.send("PATCH", "/conversations/\(group)/settings", ["muted_until": "2090-01-01T00:00:00Z"])
            _ = try await alice.say("hello", in: group)
            #expect(try await told(bob).isEmpty)
            let all = try await alice.say("<@everyone> now", in: group).text("id")
            #expect(try await told(bob) == ["message.mention 1"])
            #expect(try await told(carol).isEmpty)
            _ = try await alice.send("DELETE", "/messages/\(all)")
            #expect(try await told(bob).isEmpty)
        }
    }

    @Test(arguments: TestDatabase.all) func manyReactionsAreFewEvents(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            await site.composition.consumers.consumeCommitted()
            let alice = try await Talker(site)
            var others: [Talker] = []
            for _ in 0..<8 { others.append(try await Talker(site)) }
            let id = try await alice.begin(with: others[0], others[1], others[2], others[3], others[4], others[5], others[6], others[7])
                .text("id")
            let message = try await alice.say("one", in: id).text("id")
            let begin = ContinuousClock.now
            try await withThrowingTaskGroup(of: Void.self) { group in
                for person in others {
                    group.addTask {
                        for emoji in ["%F0%9F%91%8D", "%F0%9F%8E%89"] {
                            let status = try await person.send("PUT", "/messages/\(message)/reactions/\(emoji)").status
                            #expect(status == 200)
                        }
                    }
                }
                try await group.waitForAll()
            }
            try await site.tellReactions()
            let halves = Int((ContinuousClock.now - begin) / .milliseconds(500))
            let told = try await alice.events().filter { $0.type == "reaction.changed" }
            #expect(told.count <= halves + 2 && told.count < 16)
            #expect(told.last?.members["reactions"]?.array?.map { $0["count"] } == [8, 8])
            #expect(try await self.told(alice) == ["message.reaction 16"])
        }
    }

    @Test(arguments: TestDatabase.all) func inChannelsThoseAreToldWhoAreNamedAndMayRead(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (owner, alice, bob) = (try await Talker(site, .owner), try await Talker(site), try await Talker(site))
            await site.composition.consumers.consumeCommitted()
            let open = try await owner.send("POST", "/channels", ["name": "general"]).text("id")
            let closed = try await owner.send("POST", "/channels", ["name": "team", "visibility": "private"]).text("id")
            _ = try await owner.say("hello all", in: open)
            _ = try await owner.say("<@\(alice.id)> look", in: open)
            _ = try await owner.say("<@\(alice.id)> <@\(bob.id)> secret", in: closed)
            #expect(try await told(alice) == ["message.mention 1"])
            #expect(try await told(bob).isEmpty)
            // What is deleted is forgotten in the centre, too: of two the other is told of, of one nothing is left.
            let second = try await owner.say("<@\(alice.id)> again", in: open).text("id")
            #expect(try await told(alice) == ["message.mention 2"])
            _ = try await owner.send("DELETE", "/messages/\(second)")
            #expect(try await told(alice) == ["message.mention 1"])
            #expect(try await alice.items("/notifications").map { $0["body"]?.string?.hasSuffix("look") } == [true])
            let first = try await owner.items("/conversations/\(open)/messages").first { $0["content"]?.string?.hasSuffix("look") == true }
            _ = try await owner.send("DELETE", "/messages/\(first?["id"]?.string ?? "")")
            #expect(try await told(alice, unread: false).isEmpty)
            // Whom one blocks says nothing to one.
            _ = try await bob.send("PUT", "/blocks/\(alice.alias)")
            _ = try await alice.say("<@\(bob.id)>", in: open)
            #expect(try await told(bob).isEmpty)
            #expect(try await bob.mentions(in: open) == 0)
        }
    }
}
