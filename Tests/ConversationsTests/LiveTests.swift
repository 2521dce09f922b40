import Authorization
import Kernel
import Realtime
import SiteSupport
import TestSupport
import Testing

@testable import Conversations
@testable import Server

/// Typing and the activity of channels, which are not stored.
@Suite struct LiveTests {
    private let conversation = ConversationID(rawValue: 7)

    private func card(_ number: Int64) -> JSON { .integer(number) }

    @Test func typingIsOneFrameInThreeSeconds() {
        let board = TypingBoard()
        func at(_ time: Int64) -> Uptime { Uptime(milliseconds: time) }
        #expect(board.note(UserID(rawValue: 1), card(1), in: conversation, at: at(0)) == [card(1)])
        for person in 2...500 {
            #expect(board.note(UserID(rawValue: Int64(person)), card(Int64(person)), in: conversation, at: at(100)) == nil)
        }
        #expect(board.tick(at: at(200)).isEmpty)
        let frames = board.tick(at: at(3000))
        #expect(frames.count == 1 && frames.first?.1.count == TypingBoard.named)
        #expect(board.tick(at: at(6000)).isEmpty)
        // When everybody stops, one empty frame says so.
        #expect(board.tick(at: at(10_200)).map(\.1) == [[]])
        #expect(board.tick(at: at(20_000)).isEmpty)
        _ = board.note(UserID(rawValue: 1), card(1), in: conversation, at: at(30_000))
        board.stop(UserID(rawValue: 1), in: conversation)
        #expect(board.tick(at: at(33_000)).map(\.1) == [[]])
    }

    @Test func invisiblePeopleStopTyping() {
        let board = TypingBoard()
        let (one, two) = (UserID(rawValue: 1), UserID(rawValue: 2))
        _ = board.note(one, card(1), in: conversation, at: Uptime(milliseconds: 0))
        _ = board.note(two, card(2), in: conversation, at: Uptime(milliseconds: 100))
        board.stop(one)
        #expect(board.tick(at: Uptime(milliseconds: 3000)).map(\.1) == [[card(2)]])
    }

    /// The author's devices get a message in a channel whether or not it is on screen, so that they do not count it as unread.
    @Test(arguments: TestDatabase.all) func aMessageInAChannelReachesTheDevicesOfItsAuthor(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (owner, alice) = (try await TestUser(site, .owner), try await TestUser(site))
            let id = try await owner.send("POST", "/channels", ["name": "general"]).text("id")
            _ = try await alice.read(id, upTo: 0)
            let sent = try await alice.say("mine", in: id)
            _ = try await owner.say("theirs", in: id)
            let heard = try await alice.delivered().filter { $0.type == "message.created" }
            #expect(heard.map { $0.members["message"]?["id"] } == [sent.json["id"]])
            #expect(heard.first?.members["last_seq"] == 1)
            let events = try await site.events(after: 0, on: "conversation:\(id)").filter { $0.type == "message.created" }
            #expect(events.count == 2)
            #expect(try await alice.unread(in: id) == 1)
            #expect(try await alice.conversation(id)["gaps"] == 0)
        }
    }

    @Test func anAudienceGetsOnlyItsChannels() throws {
        let board = ActivityBoard()
        let (one, two) = (ConversationID(rawValue: 1), ConversationID(rawValue: 2))
        let alice = try #require(ActivityBoard.Reader(Scope(userID: UserID(rawValue: 1))))
        let bob = try #require(ActivityBoard.Reader(Scope(userID: UserID(rawValue: 2))))
        board.register(alice, "a", [one])
        board.register(bob, "b", [one, two])
        for seq in 1...1000 { board.note(two, ActivityBoard.Change(lastSeq: Int64(seq), gaps: 2, broadcasts: 1)) }
        let frames = board.takeFrames()
        #expect(frames.count == 1 && frames.first?.audience == "b")
        #expect(frames.first?.changes == [[JSON(two), 1000, 2, 1]])
        #expect(board.takeFrames().isEmpty)
        board.register(bob, "a", [one])
        #expect(board.audience(of: bob) == "a")
    }

    @Test(arguments: TestDatabase.all) func theActivityTopicFollowsWhatAReaderSees(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (owner, alice, bob) = (try await TestUser(site, .owner), try await TestUser(site), try await TestUser(site))
            func topic(_ person: TestUser) async throws -> String {
                let scope = Scope(userID: person.id, permissions: PermissionSet([.chatRead, .chatWrite]))
                let parts = try await site.composition.conversations.snapshot(for: scope)
                return try #require(parts.first?.1["activity"]?.string)
            }
            _ = try await owner.send("POST", "/channels", ["name": "general"])
            let before = try await topic(alice)
            #expect(try await topic(bob) == before)
            #expect(try await alice.send("GET", "/gateway?topic=\(before)").status == 200)
            let id = try await owner.send("POST", "/channels", ["name": "secret", "visibility": "private"]).text("id")
            #expect(try await topic(alice) == before)
            #expect(try await owner.send("PUT", "/channels/\(id)/overwrites/\(alice.alias)", ["allow": ["chat.read"]]).status == 200)
            let after = try await topic(alice)
            #expect(after != before)
            #expect(try await alice.send("GET", "/gateway?topic=\(before)").status == 404)
            #expect(try await bob.send("GET", "/gateway?topic=\(after)").status == 404)
        }
    }

    @Test(arguments: TestDatabase.all) func typingNeedsTheRightToWriteAndHidesInvisiblePeople(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob, eve) = (try await TestUser(site), try await TestUser(site), try await TestUser(site))
            let id = try await alice.direct(with: bob)
            #expect(try await eve.send("POST", "/conversations/\(id)/typing").status == 404)
            func head() async throws -> String {
                try await alice.send("GET", "/gateway?topic=typing:\(id)").json["position"]?.string ?? ""
            }
            let start = try await head()
            #expect(try await bob.send("POST", "/users/me/status", ["status": "invisible"]).status == 200)
            #expect(try await bob.send("POST", "/conversations/\(id)/typing").status == 204)
            #expect(try await head() == start)
            #expect(try await bob.send("POST", "/users/me/status", ["status": "online"]).status == 200)
            #expect(try await bob.send("POST", "/conversations/\(id)/typing").status == 204)
            let told = try await alice.items("/gateway?topic=typing:\(id)&after=\(start)")
            #expect(told.count == 1 && told.first?["users"]?[0]?["id"] == .string(bob.id.uuid))
            // A blocked person's typing is not shown.
            #expect(try await alice.send("PUT", "/blocks/\(bob.alias)").status == 204)
            let end = try await head()
            #expect(try await bob.send("POST", "/conversations/\(id)/typing").status == 204)
            #expect(try await head() == end)
        }
    }
}
