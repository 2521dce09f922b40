import Authorization
import Bus
import Kernel
import SiteSupport
import TestSupport
import Testing

@testable import Server

/// Notifications of messages, mentions and reactions, and when they are removed.
@Suite struct NotifyTests {
    private func told(_ person: TestUser, unread: Bool = true) async throws -> [String] {
        await person.site.composition.consumers.consumeCommitted()
        return try await person.items("/notifications?unread=\(unread)").map { "\($0["kind"]?.string ?? "") \($0["count"]?.integer ?? 0)" }
            .filter { $0.hasPrefix("message.") }.sorted()
    }

    @Test(arguments: TestDatabase.all) func messagesMentionsAndReactionsCauseNotifications(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob, carol) = (try await TestUser(site), try await TestUser(site), try await TestUser(site))
            // A consumer begins at the end of the outbox, so it runs once before the first message.
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
            let alice = try await TestUser(site)
            var others: [TestUser] = []
            for _ in 0..<8 { others.append(try await TestUser(site)) }
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
            let told = try await alice.delivered().filter { $0.type == "reaction.changed" }
            #expect(told.count <= halves + 2 && told.count < 16)
            #expect(told.last?.members["reactions"]?.array?.map { $0["count"] } == [8, 8])
            #expect(try await self.told(alice) == ["message.reaction 16"])
        }
    }

    @Test(arguments: TestDatabase.all) func notificationsQuoteOnlyWhatTheirOwnerReads(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            await site.composition.consumers.consumeCommitted()
            let (alice, bob, carol) = (try await TestUser(site), try await TestUser(site), try await TestUser(site))
            let group = try await alice.begin(with: bob, carol, named: "Film club").text("id")
            _ = try await carol.send("PUT", "/blocks/\(bob.alias)")
            _ = try await bob.say("blocked words", in: group)
            let first = try await alice.say("one", in: group).text("id")
            let second = try await alice.say("two", in: group).text("id")
            #expect(try await told(carol) == ["message.direct 2"])
            // With both messages deleted, the blocked person's message does not take their place.
            for message in [first, second] { _ = try await alice.send("DELETE", "/messages/\(message)") }
            #expect(try await told(carol, unread: false).isEmpty)
            // Leaving a group removes the notifications that quote it.
            _ = try await alice.say("<@\(carol.id)> three", in: group)
            _ = try await alice.say("four", in: group)
            #expect(try await told(carol) == ["message.direct 1", "message.mention 1"])
            #expect(try await carol.send("DELETE", "/conversations/\(group)").status == 204)
            #expect(try await told(carol, unread: false).isEmpty)
        }
    }

    @Test(arguments: TestDatabase.all) func inChannelsNamedReadersAreNotified(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (owner, alice, bob) = (try await TestUser(site, .owner), try await TestUser(site), try await TestUser(site))
            await site.composition.consumers.consumeCommitted()
            let open = try await owner.send("POST", "/channels", ["name": "general"]).text("id")
            let closed = try await owner.send("POST", "/channels", ["name": "team", "visibility": "private"]).text("id")
            _ = try await owner.say("hello all", in: open)
            _ = try await owner.say("<@\(alice.id)> look", in: open)
            _ = try await owner.say("<@\(alice.id)> <@\(bob.id)> secret", in: closed)
            #expect(try await told(alice) == ["message.mention 1"])
            #expect(try await told(bob).isEmpty)
            // After one of two mentions is deleted, the notification quotes the other. After both it is removed.
            let second = try await owner.say("<@\(alice.id)> again", in: open).text("id")
            #expect(try await told(alice) == ["message.mention 2"])
            _ = try await owner.send("DELETE", "/messages/\(second)")
            #expect(try await told(alice) == ["message.mention 1"])
            #expect(try await alice.items("/notifications").map { $0["body"]?.string?.hasSuffix("look") } == [true])
            let first = try await owner.items("/conversations/\(open)/messages").first { $0["content"]?.string?.hasSuffix("look") == true }
            _ = try await owner.send("DELETE", "/messages/\(first?["id"]?.string ?? "")")
            #expect(try await told(alice, unread: false).isEmpty)
            // A mention by a blocked person causes no notification.
            _ = try await bob.send("PUT", "/blocks/\(alice.alias)")
            _ = try await alice.say("<@\(bob.id)>", in: open)
            #expect(try await told(bob).isEmpty)
            #expect(try await bob.mentions(in: open) == 0)
        }
    }
}
