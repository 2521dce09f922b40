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
            #expect(try await told(bob, unread: false).filter { $0.hasPrefix("message.mention") && $0.hasSuffix(" 1") }.count <= 1)
            #expect(try await told(bob).isEmpty)
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
            // Whom one blocks says nothing to one.
            _ = try await bob.send("PUT", "/blocks/\(alice.alias)")
            _ = try await alice.say("<@\(bob.id)>", in: open)
            #expect(try await told(bob).isEmpty)
            #expect(try await bob.mentions(in: open) == 0)
        }
    }
}
