import Database
import HTTP
import Kernel
import SiteSupport
import TestSupport
import Testing

@testable import Friends
@testable import Server

/// Blocks, which nobody but the blocker may notice, and what is left after them.
@Suite struct BlockTests {
    @Test(arguments: TestDatabase.all) func aRequestToABlockerLooksPending(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            try await bob.block(alice)
            let start = try await site.offset
            let asked = try await alice.ask(bob, note: "hello")
            #expect(asked.status == 201 && asked.json["state"] == "pending")
            #expect(try await alice.ask(bob).status == 200)
            #expect(try await alice.requests("out").count == 1)
            #expect(try await bob.requests("in").isEmpty)
            #expect(try await bob.socialEvents(after: start).isEmpty)
            #expect(try await bob.answer(try asked.text("id"), "accept").status == 404)
            // Unblocking gives nothing back.
            try await bob.unblock(alice)
            #expect(try await bob.requests("in").isEmpty)
            #expect(try await bob.friends.isEmpty)
            #expect(try await alice.answer(try asked.text("id"), "cancel").status == 200)
        }
    }

    /// mezonai/mezon#12295, ir-engine/etherealengine-archive#8604
    @Test(arguments: TestDatabase.all) func aBlockEndsAllAndUnblockingGivesNothingBack(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            try await alice.befriend(bob)
            let start = try await site.offset
            try await bob.block(alice)
            #expect(try await alice.socialEvents(after: start).map(\.type) == ["friend.removed"])
            #expect(try await bob.socialEvents(after: start).map(\.type) == ["friend.removed", "block.changed"])
            #expect(try await alice.friends.isEmpty)
            #expect(try await bob.friends.isEmpty)
            #expect(try await bob.items("/blocks").map { $0["user"]?["id"]?.string } == [alice.id.uuid])
            #expect(try await alice.items("/blocks").isEmpty)
            try await bob.block(alice)
            #expect(try await bob.socialEvents(after: start).count == 2)
            let refused = try await bob.ask(alice)
            #expect(refused.status == 409 && refused.code == "blocked_by_you")
            try await bob.unblock(alice)
            #expect(try await alice.friends.isEmpty)
            #expect(try await bob.friends.isEmpty)
        }
    }

    /// Whoever is blocked sees a person who is away, with the names that they know.
    @Test(arguments: TestDatabase.all) func aBlockShowsNobodyWhoIsThere(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            let said = try await bob.send("POST", "/users/me/status", ["status_message": "at work"])
            #expect(said.status == 200)
            #expect(try await alice.send("GET", "/users/\(bob.id)").json["status_message"] == "at work")
            try await bob.block(alice)
            let seen = try await alice.send("GET", "/users/\(bob.id)")
            #expect(seen.status == 200 && seen.json["status_message"]?.isNull == true && seen.json["status"] == "offline")
            #expect(seen.json["username"]?.string == bob.person.name)
        }
    }

    private enum Act: CaseIterable {
        case ask, accept, refuse, ignore, cancel, remove, block, unblock
    }

    /// What is between two people, as the rules say.
    private struct Model {
        var areFriends = false
        /// Who asked, and whether the other ignores it or never learns of it.
        var asked: (by: Int, isIgnored: Bool, isHidden: Bool)?
        var blocks: Set<Int> = []

        /// - Returns: whether it is done.
        mutating func act(_ act: Act, by one: Int) -> Bool {
            let other = 1 - one
            switch act {
            case .ask:
                guard !areFriends, !blocks.contains(one) else { return false }
                if let asked, asked.by == other { (areFriends, self.asked) = (true, nil) }
                if !areFriends, asked == nil { asked = (one, false, blocks.contains(other)) }
                return true
            case .accept, .refuse, .ignore:
                guard let open = asked, open.by == other, !open.isHidden else { return false }
                if act == .accept { areFriends = true }
                asked = act == .ignore ? (other, true, false) : nil
                return true
            case .cancel:
                guard asked?.by == one else { return false }
                asked = nil
                return true
            case .remove: areFriends = false
            case .block:
                guard blocks.insert(one).inserted else { return true }
                areFriends = false
                asked = nil
            case .unblock: blocks.remove(one)
            }
            return true
        }
    }

    /// All walks of three acts by both sides, against the rules.
    @Test(arguments: TestDatabase.all) func everyWalkIsAsTheRulesSay(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let steps = Act.allCases.flatMap { act in [0, 1].map { (act, $0) } }
            let people = [try await TestUser(site), try await TestUser(site)]
            let firsts = kind == .sqlite ? Act.allCases : [.ask, .block]
            for first in firsts.map({ ($0, 0) }) {
                for second in steps {
                    for third in [(Act.ask, 0), (Act.ask, 1)] {
                        try await site.database.write { transaction in
                            for table: SQL in ["friend_requests", "friends", "blocks"] {
                                try transaction.execute("DELETE FROM \(sql: table)")
                            }
                        }
                        var model = Model()
                        var last: String?
                        for (act, one) in [first, second, third] {
                            let path = "\(first) \(second) \(third)"
                            let (known, isDone) = (last, model.act(act, by: one))
                            let answer = try await perform(act, people[one], people[1 - one], last: known)
                            #expect((200..<300).contains(answer?.status ?? 404) == isDone, "\(path): \(act) \(answer?.json.text ?? "")")
                            if act == .ask, let id = answer?.json["id"]?.string { last = id }
                        }
                        try await check(model, people, "\(first) \(second) \(third)")
                    }
                }
            }
        }
    }

    private func perform(_ act: Act, _ one: TestUser, _ other: TestUser, last: String?) async throws -> TestSite.Answer? {
        switch act {
        case .ask: return try await one.ask(other)
        case .remove: return try await one.send("DELETE", "/friends/\(other.alias)")
        case .block: return try await one.send("PUT", "/blocks/\(other.alias)")
        case .unblock: return try await one.send("DELETE", "/blocks/\(other.alias)")
        case .accept, .refuse, .ignore, .cancel:
            guard let last else { return nil }
            // The same answer once more is no fault, but nothing is done.
            let before = try await one.site.database.read {
                try $0.rows("SELECT state FROM friend_requests ORDER BY id").map { $0.text(0) }
            }
            let answer = try await one.answer(last, "\(act)")
            let after = try await one.site.database.read { try $0.rows("SELECT state FROM friend_requests ORDER BY id").map { $0.text(0) } }
            if act == .ignore, answer.status == 200 { return answer }
            return before == after ? nil : answer
        }
    }

    private func check(_ model: Model, _ people: [TestUser], _ path: String) async throws {
        for one in [0, 1] {
            let (me, other) = (people[one], people[1 - one])
            let state = try await me.site.database.read { transaction in
                try Friendships().state(of: other.id, for: me.id, in: transaction)
            }
            let isReceived = model.asked.map { $0.by != one && !$0.isIgnored && !$0.isHidden } ?? false
            let expected: FriendState =
                model.blocks.contains(one)
                ? .blocked : model.areFriends ? .friends : model.asked?.by == one ? .requested : isReceived ? .received : .none
            #expect(state == expected, "\(path): state for \(one)")
            #expect(try await me.friends == (model.areFriends ? [other.id.uuid] : []), "\(path): friends of \(one)")
            let isAsked = model.asked.map { $0.by != one && !$0.isIgnored && !$0.isHidden } ?? false
            #expect(try await me.requests("in").count == (isAsked ? 1 : 0), "\(path): asked of \(one)")
            #expect(try await me.requests("out").count == (model.asked?.by == one ? 1 : 0), "\(path): asked by \(one)")
            #expect(try await me.items("/blocks").count == (model.blocks.contains(one) ? 1 : 0), "\(path): blocked by \(one)")
        }
    }
}
