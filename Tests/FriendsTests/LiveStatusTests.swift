import Bus
import Database
import Directory
import FeatureKit
import Kernel
import Realtime
import SiteSupport
import TestSupport
import Testing

@testable import Friends
@testable import Server

/// Whose live status one may follow: that of those who show themselves.
@Suite struct LiveStatusTests {
    @Test(arguments: TestDatabase.all) func whoHidesIsNotFollowed(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob, carol) = (try await TestUser(site), try await TestUser(site), try await TestUser(site))
            try await alice.befriend(bob)
            let rule = try #require(site.composition.features.topics.first { $0.name == "presence" })
            let visible = try #require(rule.visible)
            var told = try await site.offset
            func follows(_ reader: TestUser, _ person: TestUser) -> Bool {
                visible(Scope(userID: reader.id), [person.id]) == [person.id]
            }
            /// What the relay and the service do in a running site.
            func settle() async throws {
                for user in [alice, bob, carol] {
                    for event in try await user.socialEvents(after: told) {
                        site.composition.friends.observe(
                            OutboxRecord(
                                offset: 1, audience: [.users([user.id])], type: event.type, members: event.members.object ?? [:],
                                at: site.now))
                    }
                }
                told = try await site.offset
                for user in [alice, bob, carol] {
                    let friends = try await site.database.read { try FriendTable.list(of: user.id, in: $0) }
                    site.composition.friends.hidden.set(Set(friends), of: user.id)
                }
            }
            #expect(follows(alice, bob) && follows(carol, bob))
            try await bob.privacy(["profile": "friends"])
            try await settle()
            #expect(follows(alice, bob) && !follows(carol, bob) && follows(bob, bob))
            #expect(visible(Scope(userID: carol.id, permissions: PermissionSet([.presenceRead])), [bob.id]) == [bob.id])
            try await carol.befriend(bob)
            try await settle()
            #expect(follows(carol, bob))
            _ = try await bob.send("DELETE", "/friends/\(carol.alias)")
            try await settle()
            #expect(!follows(carol, bob))
            try await bob.privacy(["profile": "nobody"])
            try await settle()
            #expect(!follows(alice, bob))
            try await bob.privacy(["profile": "members"])
            try await bob.block(alice)
            try await settle()
            #expect(!follows(alice, bob) && follows(carol, bob))
            // What a start reads is the same.
            let again = HiddenPeople()
            try await site.database.read { try again.load(in: $0) }
            #expect(again.visible([bob.id], to: alice.id).isEmpty)
            #expect(again.visible([bob.id], to: carol.id) == [bob.id])
            try await bob.unblock(alice)
            try await settle()
            #expect(follows(alice, bob))
        }
    }
}
