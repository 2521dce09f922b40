import Authorization
import Crypto
import Database
import Kernel
import Runtime
import SiteSupport
import TestSupport
import Testing

@testable import Conversations
@testable import Server

/// People who go, what a report keeps, and what one may spend.
@Suite struct ErasureTests {
    @Test(arguments: TestDatabase.all) func whoGoesLeavesTombstonesAndNothingElse(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (owner, alice, bob) = (try await TestUser(site, .owner), try await TestUser(site), try await TestUser(site))
            let direct = try await alice.direct(with: bob)
            let group = try await alice.begin(with: bob, owner, named: "g").text("id")
            _ = try await alice.say("mine", in: direct)
            let kept = try await bob.say("yours", in: direct).text("id")
            _ = try await alice.send("PUT", "/messages/\(kept)/reactions/%F0%9F%91%8D")
            _ = try await bob.send("PUT", "/messages/\(kept)/reactions/%F0%9F%91%8D")
            _ = try await alice.say("hello all", in: group)
            _ = try await alice.send("PUT", "/conversations/\(group)/draft", ["content": "half"])
            let exported = try await site.database.read { try site.composition.conversations.export(alice.id, in: $0) }
            #expect(exported["messages"]?.array?.count == 2 && exported["drafts"]?.array?.count == 1)
            #expect(exported["reactions"]?.array?.count == 1 && exported["conversations"]?.array?.count == 2)

            #expect(try await owner.send("DELETE", "/users/\(alice.alias)?hard=true").status == 204)
            let feature = site.composition.conversations
            while try await site.database.write({ try feature.wipeMessages(of: alice.id, in: $0) }) {}
            let messages = try await bob.items("/conversations/\(direct)/messages")
            #expect(messages.map { $0["content"]?.string } == ["yours", ""])
            #expect(messages[1]["author"] == .null && messages[1]["deleted_at"] != .null)
            #expect(messages[0]["reactions"]?[0]?["count"] == 1)
            #expect(try await bob.conversation(group)["owner_id"] == .string(owner.id.uuid))
            #expect(try await bob.conversation(group)["member_count"] == 2)
            for table: SQL in ["members", "read_states", "drafts", "reactions"] {
                #expect(try await site.count("\(sql: table) WHERE user_id = \(alice.id)") == 0)
            }
            #expect(try await site.count("messages WHERE author_id = \(alice.id) AND body_cipher IS NOT NULL") == 0)
            #expect(try await site.database.read { try feature.export(alice.id, in: $0) }.isEmpty)
        }
    }

    @Test(arguments: TestDatabase.all) func aReportKeepsWhatIsDeletedSince(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob, eve) = (try await TestUser(site), try await TestUser(site), try await TestUser(site))
            let id = try await alice.direct(with: bob)
            for number in 0..<4 { _ = try await bob.say("before \(number)", in: id) }
            let message = try await alice.say("rude", in: id).text("id")
            _ = try await alice.send("PATCH", "/messages/\(message)", ["content": "polite"])
            _ = try await bob.say("after", in: id)
            let feature = site.composition.conversations
            @Sendable func scope(_ person: TestUser) -> Scope { Scope(userID: person.id, permissions: PermissionSet([.chatRead])) }
            let evidence = try await site.database.read { try feature.evidence(of: message, for: scope(bob), in: $0) }
            await #expect(throws: Problem.self) {
                _ = try await site.database.read { try feature.evidence(of: message, for: scope(eve), in: $0) }
            }
            _ = try await alice.send("DELETE", "/messages/\(message)")
            let kept = try feature.open(evidence: evidence.sealed, of: evidence.message)
            #expect(kept["message"]?["content"] == "polite" && evidence.author == alice.id)
            #expect(kept["versions"]?.array?.compactMap { $0["content"]?.string } == ["rude", "polite"])
            #expect(kept["before"]?.array?.count == 4 && kept["after"]?.array?.count == 1)
            #expect(!String(decoding: evidence.sealed, as: UTF8.self).contains("polite"))
        }
    }

    @Test func strangersAndFloodsAreHeldBack() throws {
        let clock = WallClock(uptime: { Uptime(milliseconds: 0) }, now: { Timestamp(milliseconds: 0) })
        let budgets = MessageBudgets(RateLimiter(clock: clock))
        let (user, one, two) = (UserID(rawValue: 1), ConversationID(rawValue: 1), ConversationID(rawValue: 2))
        func count(_ spend: () throws -> Void) -> Int {
            for number in 0..<1000 {
                do { try spend() } catch { return number }
            }
            return 1000
        }
        #expect(count { try budgets.spendMessage(of: user, in: one, amongFriends: true) } == 300)
        #expect(count { try budgets.spendMessage(of: user, in: two, amongFriends: false) } == 30)
        #expect(count { try budgets.spendReaction(of: user) } == 100)
        #expect(count { try budgets.spendConversation(of: user, withStranger: true) } == 10)
        #expect(count { try budgets.spendConversation(of: user, withStranger: false) } == 40)
        #expect(throws: Problem.self) { try budgets.spendMessage(of: user, in: one, amongFriends: true) }
        #expect(count { try MessageBudgets(nil).spendMessage(of: user, in: one, amongFriends: false) } == 1000)
    }
}
