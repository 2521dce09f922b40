import Database
import HTTP
import Kernel
import SiteSupport
import TestSupport
import Testing

/// How many friends and requests one person has.
@Suite struct FriendLimitTests {
    private static let settings = ["rate-limit": "true", "friends": "2", "friend-requests-pending": "3", "friend-requests-daily": "6"]

    @Test(arguments: TestDatabase.all) func requestsAndFriendsAreBounded(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind, settings: Self.settings) { site in
            let alice = try await TestUser(site)
            var others: [TestUser] = []
            for _ in 0..<6 { others.append(try await TestUser(site)) }
            for other in others.prefix(3) { #expect(try await alice.ask(other).status == 201) }
            let fourth = try await alice.ask(others[3])
            #expect(fourth.status == 429 && fourth.code == "too_many_requests_pending" && fourth.headers["Retry-After"] != nil)
            // The same again, and an answer, cost nothing.
            #expect(try await alice.ask(others[0]).status == 200)
            for other in others.prefix(2) { #expect(try await other.ask(alice).json["state"] == "accepted") }
            let full = try await alice.ask(others[3])
            #expect(full.status == 409 && full.code == "friend_limit")
            let third = try await others[2].ask(alice)
            #expect(third.status == 409 && third.code == "friend_limit_of_other")
            #expect(try await alice.friends.count == 2)
            // What was refused by a limit is still asked for.
            #expect(try await alice.requests("out").count == 1)
        }
    }

    @Test(arguments: TestDatabase.all) func aDayHasSoManyRequests(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind, settings: Self.settings) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            for _ in 0..<6 {
                let id = try await alice.ask(bob).text("id")
                #expect(try await alice.answer(id, "cancel").status == 200)
            }
            let seventh = try await alice.ask(bob)
            #expect(seventh.status == 429 && seventh.code == "too_many_requests_today")
            let wait = try #require(seventh.headers["Retry-After"].flatMap { Int($0) })
            #expect((86_000...86_400).contains(wait))
            #expect(try await bob.ask(alice).status == 201)
        }
    }
}
