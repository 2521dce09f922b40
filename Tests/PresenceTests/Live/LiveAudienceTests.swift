import Authorization
import Bus
import Database
import FeatureKit
import Kernel
import Realtime
import Roles
import Synchronization
import TestSupport
import Testing

@testable import Presence

/// Events that go to people, without a subscription; and topics whose readers an index in memory knows.
@Suite struct LiveAudienceTests {
    private func emit(
        _ type: String, to audience: [Audience], _ membership: MembershipChange? = nil, invalidates: Invalidation = .nobody,
        in site: LiveSite
    ) async throws {
        try await site.database.write { transaction in
            transaction.atCommit(
                OutboxEvent(
                    type, to: audience, members: ["text": "hello"], invalidates: invalidates, membership: membership, requestID: "r",
                    at: WallClock.system.now()))
        }
    }

    private func open(_ name: String, _ topics: [String], _ site: LiveSite) async throws -> (LiveSocket, session: JSON) {
        let socket = try await site.connect(name)
        let ready = try await socket.next("ready")
        for topic in topics {
            try socket.send(["type": "subscribe", "id": .string(topic), "topic": .string(topic)])
            _ = try await socket.next("subscribed") { $0["topic"]?.string == topic }
        }
        return (socket, ready["session"] ?? .null)
    }

    private func types(_ frames: [JSON]) -> [String] { frames.compactMap { $0["type"]?.string }.filter { $0.hasPrefix("message.") } }

    @Test(arguments: TestDatabase.all) func everySocketOfThePeopleGetsItOnItsOwnTopic(_ kind: TestDatabase) async throws {
        try await LiveSite.run(kind) { site in
            let (alice, bob) = (try await site.person("alice"), try await site.person("bob"))
            let sockets = try await [site.connect("alice"), site.connect("alice"), site.connect("bob")]
            for socket in sockets { _ = try await socket.next("ready") }
            try await emit("message.created", to: [.users([alice, bob])], in: site)
            let frames = [
                try await sockets[0].next("message.created"), try await sockets[1].next("message.created"),
                try await sockets[2].next("message.created"),
            ]
            #expect(frames.map { $0["topic"]?.string } == [alice, alice, bob].map { "user:\($0.uuid)" })
            #expect(frames.allSatisfy { $0["text"] == "hello" && $0["position"] == frames[0]["position"] })
        }
    }

    /// Bob is a member for a while; on his return he gets what was said while he was, and no more.
    @Test(arguments: TestDatabase.all) func whoLeftAConversationHearsNothingMore(_ kind: TestDatabase) async throws {
        try await LiveSite.run(kind) { site in
            let (alice, bob) = (try await site.person("alice"), try await site.person("bob"))
            let room = ConversationID(rawValue: 5)
            let members = Audience.members(of: room)
            let (first, second) = (try await site.connect("alice"), try await site.connect("bob"))
            let (_, ready) = (try await first.next("ready"), try await second.next("ready"))
            try await emit("message.a", to: [members], MembershipChange(room, joining: [alice, bob]), in: site)
            _ = try await second.next("message.a")
            let place = try #require(ready["durable"])
            second.cut()
            try await emit("message.b", to: [members], in: site)
            try await emit("message.left", to: [members], MembershipChange(room, leaving: [bob]), in: site)
            try await emit("message.c", to: [members], in: site)
            try await emit("message.end", to: [.users([alice, bob])], in: site)
            _ = try await first.next("message.end")
            #expect(types(first.received(on: "user:\(alice.uuid)")) == ["message.a", "message.b", "message.left", "message.c"])
            // One place for all durable topics.
            let back = try await site.connect("bob", resume: ["session": ready["session"] ?? "", "positions": ["durable": place]])
            _ = try await back.next("message.end")
            #expect(types(back.received(on: "user:\(bob.uuid)")) == ["message.a", "message.b", "message.left"])
        }
    }

    /// What came while one was away comes in one order over all durable topics.
    @Test(arguments: TestDatabase.all) func onePlaceStandsForAllDurableTopics(_ kind: TestDatabase) async throws {
        try await LiveSite.run(kind) { site in
            let owner = try await site.person("owner", [.owner])
            let (socket, session) = try await open("owner", ["roles", "users"], site)
            try await emit("message.0", to: [.topic("users")], in: site)
            let last = try await socket.next("message.0")
            socket.cut()
            let topics: [Audience] = [.topic("roles"), .users([owner]), .topic("users"), .topic("roles"), .users([owner])]
            for (number, topic) in topics.enumerated() { try await emit("message.\(number + 1)", to: [topic], in: site) }
            let back = try await site.connect("owner", resume: ["session": session, "positions": ["durable": last["position"] ?? ""]])
            _ = try await back.next("message.5")
            #expect(types(try await back.everything()) == (1...4).map { "message.\($0)" })
        }
    }

    /// A message clears nobody from the members in memory; what names a person clears that one.
    @Test func anEventClearsThoseWhomItInvalidates() async throws {
        try await LiveSite.run(.sqlite) { site in
            let (alice, bob) = (try await site.person("alice"), try await site.person("bob"))
            let known = site.roles.known
            func settle(_ invalidates: Invalidation) async throws -> [Bool] {
                for user in [alice, bob] { _ = try await known.member(user) }
                try await emit("message.x", to: [.users([alice])], invalidates: invalidates, in: site)
                let head = try await site.database.read {
                    try $0.row("SELECT next_offset - 1 FROM outbox_head WHERE id = 1")?.int64(0) ?? 0
                }
                while site.presence.service.broker.position(of: "roles").offset < head { try await Task.sleep(for: .milliseconds(1)) }
                return [alice, bob].map(known.isKnown)
            }
            #expect(try await settle(.nobody) == [true, true])
            #expect(try await settle(.users([bob])) == [true, false])
            #expect(try await settle(.everybody) == [false, false])
        }
    }

    // MARK: An index in memory

    /// Who may read `room:<name>`, as a feature keeps it: loaded before it is asked, asked again when it changes.
    private final class Rooms: Sendable {
        private let stored = Mutex<[String: Set<UserID>]>([:])
        private let index = Mutex<[String: Set<UserID>]>([:])

        func set(_ room: String, _ readers: Set<UserID>) {
            stored.withLock { $0[room] = readers }
            index.withLock { $0[room] = nil }
        }

        var rule: TopicRule {
            TopicRule(
                "room:",
                prepare: { [self] _, room in
                    let readers = stored.withLock { $0[room] }
                    index.withLock { $0[room] = readers }
                },
                check: { [self] scope, room, _ throws(Problem) in
                    let user = try scope.requireUser()
                    guard index.withLock({ $0[room]?.contains(user) ?? false }) else { throw .notFound }
                })
        }
    }

    private struct RoomsFeature: Feature {
        static let declaration = FeatureDeclaration("rooms", title: LocalizedText(en: "Users", fr: "Membres"), module: .core)
        let rooms: Rooms
        var topics: [TopicRule] { [rooms.rule] }
    }

    @Test(arguments: TestDatabase.all) func aRuleReadsAnIndexThatIsLoadedBefore(_ kind: TestDatabase) async throws {
        let rooms = Rooms()
        try await LiveSite.run(kind, features: [RoomsFeature(rooms: rooms)]) { site in
            let (alice, bob) = (try await site.person("alice"), try await site.person("bob"))
            rooms.set("a", [alice])
            let (socket, session) = try await open("alice", ["room:a"], site)
            let other = try await site.connect("bob")
            _ = try await other.next("ready")
            try other.send(["type": "subscribe", "id": 1, "topic": "room:a"])
            #expect(try await other.next("error")["code"] == "not_found")
            try await emit("message.1", to: [.topic("room:a")], in: site)
            let last = try await socket.next("message.1")
            // Who comes back is asked again, and what the rule reads is loaded before.
            socket.cut()
            rooms.set("a", [alice, bob])
            let back = try await site.connect(
                "alice", resume: ["session": session, "positions": ["room:a": last["position"] ?? ""]])
            #expect(try await back.next("resumed")["subscriptions"]?.array?.contains("room:a") ?? false)
            // Who is shut out loses the subscription as soon as the index says so.
            rooms.set("a", [bob])
            site.gateway.rightsChanged(users: [alice])
            #expect(try await back.next("error")["code"] == "subscription_revoked")
            try await emit("message.2", to: [.topic("room:a")], in: site)
            try await emit("message.end", to: [.users([alice])], in: site)
            _ = try await back.next("message.end")
            #expect(back.received(on: "room:a").isEmpty)
        }
    }
}
