import Authorization
import FeatureKit
import Kernel
import Notifications
import Presence
import Realtime
import SiteSupport
import TestSupport
import Testing

@testable import Server

/// The notification that a friend came online.
@Suite struct ArrivalTests {
    @Test func friendsOnlineAreNotifiedOnce() async throws {
        try await TestSite.with(.sqlite) { site in
            let (alice, bob, carol) = (try await TestUser(site), try await TestUser(site), try await TestUser(site))
            for friend in [bob, carol] { try await alice.befriend(friend) }
            for friend in [alice, bob, carol] { _ = try await friend.send("POST", "/notifications/read", ["all": true]) }
            let (presence, notifications) = (site.composition.presence, site.composition.notifications)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await presence.run() }
                group.addTask { try await notifications.run() }
                func connect(_ number: UInt64, _ friend: TestUser) async throws {
                    presence.observer.connected(ConnectionID(rawValue: number), user: friend.id, session: nil)
                    try await until { presence.reader.present()[friend.id] != nil }
                }
                try await connect(1, bob)
                try await connect(2, alice)
                try await until { try await bob.items("/notifications?unread=true").count == 1 }
                let told = try #require(try await bob.items("/notifications?unread=true").first)
                #expect(told["kind"] == "friend.online" && told["actor"]?["id"]?.string == alice.id.uuid)
                #expect(told["title"]?.string == "\(alice.person.name) is online")
                // Carol is offline and gets nothing. Alice's second connection is not announced.
                #expect(try await carol.items("/notifications?unread=true").isEmpty)
                presence.observer.connected(ConnectionID(rawValue: 3), user: alice.id, session: nil)
                try await connect(4, carol)
                try await until { try await alice.items("/notifications?unread=true").count == 1 }
                #expect(try await bob.items("/notifications?unread=true").count == 1)
                group.cancelAll()
                do { try await group.waitForAll() } catch is CancellationError {}
            }
        }
    }

    private func until(_ condition: () async throws -> Bool) async throws {
        for _ in 0..<600 {
            if try await condition() { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        Issue.record("the condition was never met")
    }
}
