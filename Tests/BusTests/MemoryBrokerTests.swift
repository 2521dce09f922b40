import Kernel
import Synchronization
import Testing

@testable import Bus

@Suite struct MemoryBrokerTests {
    private func offsets(_ replay: Replay) -> [Int64]? {
        guard case .events(let publications, _) = replay else { return nil }
        return publications.map(\.position.offset)
    }

    private func isLost(_ replay: Replay) -> Bool { if case .lost = replay { true } else { false } }

    /// `presence` and a family beside it, each with a budget of its own.
    private func volatile(events: Int = 20_000, bytes: Int = 8 << 20) -> [VolatileTopics] {
        ["presence:role:", "presence"].map { VolatileTopics($0, budget: MemoryBudget(events: events, bytes: bytes)) }
    }

    private func publish(_ count: Int, on broker: MemoryBroker) {
        for number in 0..<count { broker.publish([Event("presence.update", members: ["n": JSON(number)])], to: "presence") }
    }

    @Test func eventsAreFlatAndCarryTheirPlace() throws {
        let broker = MemoryBroker(epoch: "e1", volatile: volatile())
        let seen = Mutex<[Publication]>([])
        broker.attach { publications in seen.withLock { $0 += publications } }
        broker.publish([Event("presence.update", members: ["status": "dnd"]), Event("presence.activity", members: [:])], to: "presence")
        let texts = seen.withLock { $0.map { String(decoding: $0.payload, as: UTF8.self) } }
        #expect(
            texts == [
                #"{"type":"presence.update","status":"dnd","topic":"presence","position":"e1:1"}"#,
                #"{"type":"presence.activity","topic":"presence","position":"e1:2"}"#,
            ])
    }

    @Test func aReaderGetsExactlyWhatItMissed() {
        let broker = MemoryBroker(epoch: "e1", volatile: volatile(events: 10))
        publish(25, on: broker)
        for offset in Int64(15)...25 {
            #expect(offsets(broker.replay("presence", after: Position(epoch: "e1", offset: offset))) == Array((offset + 1)..<26))
        }
        #expect(isLost(broker.replay("presence", after: Position(epoch: "e1", offset: 14))))
    }

    @Test func anotherEpochOrAPlaceNeverReachedIsLost() {
        let broker = MemoryBroker(epoch: "e2", volatile: volatile())
        publish(3, on: broker)
        #expect(isLost(broker.replay("presence", after: Position(epoch: "e1", offset: 1))))
        #expect(isLost(broker.replay("presence", after: Position(epoch: "e2", offset: 4))))
    }

    @Test func theTextsOfADurableEventAreItsFacts() {
        let broker = MemoryBroker(epoch: "e1")
        let seen = Mutex<[FilterAttribute]>([])
        broker.attach { publications in seen.withLock { $0 += publications.flatMap(\.attributes) } }
        let members: JSONObject = ["action": "role.update", "seq": 4, "reason": nil, "target_id": "r1"]
        broker.publish([OutboxRecord(offset: 1, topics: ["audit"], type: "audit.entry", members: members, at: Timestamp(milliseconds: 0))])
        #expect(seen.withLock { $0 } == [FilterAttribute("action", "role.update"), FilterAttribute("target_id", "r1")])
    }

    @Test func durableEventsKeepTheOutboxesOffsets() {
        let broker = MemoryBroker(epoch: "e1", bounds: .init(events: 3))
        broker.begin(durableEpoch: "site", head: 100)
        let at = Timestamp(milliseconds: 0)
        for offset in Int64(101)...105 {
            let topics = offset.isMultiple(of: 2) ? ["roles"] : ["roles", "users"]
            broker.publish([OutboxRecord(offset: offset, topics: topics, type: "role.created", members: [:], at: at)])
        }
        #expect(broker.position(of: "users").description == "site:105")
        #expect(offsets(broker.replay("users", after: Position(epoch: "site", offset: 102))) == [103, 105])
        guard case .beyondMemory = broker.replay("users", after: Position(epoch: "site", offset: 101)) else {
            Issue.record("the ring gave what it cannot know")
            return
        }
    }

    @Test func anEventForPeopleIsOnePublicationAndReplaysOnTheirTopics() {
        let broker = MemoryBroker(epoch: "e1")
        broker.begin(durableEpoch: "site", head: 0)
        let (ann, bob) = (UserID(rawValue: 1), UserID(rawValue: 2))
        let seen = Mutex<[Publication]>([])
        broker.attach { publications in seen.withLock { $0 += publications } }
        let at = Timestamp(milliseconds: 0)
        broker.publish([
            OutboxRecord(offset: 1, audience: [.topic("users"), .users([ann, bob])], type: "note", members: ["n": 1], at: at),
            OutboxRecord(offset: 2, audience: [.users([bob])], type: "note", members: [:], at: at),
        ])
        let heard = seen.withLock { $0 }
        #expect(heard.map(\.topic) == ["users", "", ""] && heard.map(\.recipients) == [[], [ann, bob], [bob]])
        let text = String(decoding: heard[1].addressed(to: bob).payload, as: UTF8.self)
        #expect(text == "{\"type\":\"note\",\"n\":1,\"topic\":\"user:\(bob.uuid)\",\"position\":\"site:1\"}")
        let start = Position(epoch: "site", offset: 0)
        #expect(offsets(broker.replay(Audience.topic(of: bob), after: start)) == [1, 2])
        guard case .events(let missed, _) = broker.replay(Audience.topic(of: ann), after: start) else {
            Issue.record("nothing was given")
            return
        }
        #expect(missed.map(\.topic) == [Audience.topic(of: ann)])
    }

    // MARK: What is kept

    private func update(_ number: Int) -> Event {
        let id = UserID(rawValue: Int64(number) << 20).uuid
        let members: JSONObject = [
            "user_id": .string(id), "status": "dnd", "status_message": .string("a message of some length, as people write"),
            "status_emoji": nil,
            "activity_name": nil, "activity": nil, "last_seen_at": nil, "version": .integer(Int64(number)),
        ]
        let role = UserID(rawValue: 1).uuid
        return Event(
            "presence.update", members: members, of: [UserID(rawValue: Int64(number) << 20)],
            attributes: [FilterAttribute("status", "dnd"), FilterAttribute("role", role)])
    }

    private func changed(_ number: Int, at offset: Int64) -> OutboxRecord {
        let id = UserID(rawValue: Int64(number) << 20).uuid
        let members: JSONObject = [
            "user_id": .string(id), "status": "dnd", "status_message": .string("a message of some length, as people write"),
            "status_emoji": nil,
            "status_expires_at": nil, "activity_name": nil, "activity": nil, "version": .integer(offset),
            "request_id": .string(id), "at": "2026-01-31T09:15:00.000Z",
        ]
        return OutboxRecord(
            offset: offset, topics: ["users", "user:\(id)"], type: "status.changed", members: members, at: Timestamp(milliseconds: 0))
    }

    /// Three seconds of them in a tenth of the room.
    @Test func halfAMinuteOfAThousandChangesASecondIsKept() {
        var bounds = MemoryBroker.Bounds()
        bounds.bytes /= 10
        let broker = MemoryBroker(epoch: "e1", bounds: bounds, volatile: volatile(bytes: bounds.bytes))
        broker.begin(durableEpoch: "site", head: 0)
        for number in 1...3000 {
            broker.publish([changed(number % 1000, at: Int64(number))])
            broker.publish([update(number % 1000)], to: "presence")
        }
        #expect(offsets(broker.replay("presence", after: Position(epoch: "e1", offset: 0)))?.count == 3000)
        #expect(offsets(broker.replay("users", after: Position(epoch: "site", offset: 0)))?.count == 3000)
        let own = "user:\(UserID(rawValue: Int64(7) << 20).uuid)"
        #expect(offsets(broker.replay(own, after: Position(epoch: "site", offset: 7))) == [1007, 2007])
        #expect(broker.figures.map(\.events) == [3000, 0, 3000] && broker.figures.allSatisfy { $0.bytes <= bounds.bytes })
    }

    /// A burst of presence takes its own events' room, and nobody else's.
    @Test func bytesAreBoundedForEachClassAndTheOldestOfTheClassGivesWay() {
        let broker = MemoryBroker(epoch: "e1", volatile: volatile(bytes: 100_000))
        broker.begin(durableEpoch: "site", head: 0)
        broker.publish([changed(1, at: 1)])
        broker.publish([update(1)], to: "presence:role:a")
        for number in 1...1000 {
            broker.publish([update(number)], to: "presence")
            #expect(broker.figures.allSatisfy { $0.bytes <= $0.limit })
        }
        let kept = broker.figures[2].events
        #expect((50...300).contains(kept) && broker.figures.map(\.events) == [1, 1, kept])
        #expect(offsets(broker.replay("users", after: Position(epoch: "site", offset: 0))) == [1])
        #expect(offsets(broker.replay("presence:role:a", after: Position(epoch: "e1", offset: 0))) == [1])
        #expect(isLost(broker.replay("presence", after: Position(epoch: "e1", offset: 0))))
        let first = Int64(1000 - kept)
        #expect(offsets(broker.replay("presence", after: Position(epoch: "e1", offset: first))) == Array((first + 1)...1000))
    }

    @Test func durableEventsGiveWayToDurableOnesAlone() {
        var bounds = MemoryBroker.Bounds()
        bounds.bytes = 100_000
        let broker = MemoryBroker(epoch: "e1", bounds: bounds, volatile: volatile())
        broker.begin(durableEpoch: "site", head: 0)
        broker.publish([update(1)], to: "presence")
        for number in 1...1000 {
            broker.publish([changed(number, at: Int64(number))])
            #expect(broker.figures[0].bytes <= 100_000)
        }
        #expect((20...300).contains(broker.figures[0].events) && broker.figures.map(\.events)[1...] == [0, 1])
        guard case .beyondMemory = broker.replay("users", after: Position(epoch: "site", offset: 0)) else {
            Issue.record("what gave way was given")
            return
        }
        #expect(offsets(broker.replay("users", after: Position(epoch: "site", offset: 1000))) == [])
    }

    /// A family has any number of topics: one that has no event left is forgotten, and no place of it is taken for one of those that follow.
    @Test func aTopicWithoutEventsIsForgottenAndGoesOnBehindItsPlace() {
        let families = [VolatileTopics("typing:", budget: MemoryBudget(events: 2))]
        let broker = MemoryBroker(epoch: "e1", volatile: families)
        func typing(_ topic: String) { broker.publish([Event("typing", members: [:])], to: "typing:\(topic)") }
        for _ in 0..<5 { typing("a") }
        for _ in 0..<2 { typing("b") }
        #expect(broker.position(of: "typing:a").offset == 5 && broker.position(of: "typing:c").offset == 5)
        // Forgotten with all its events: whoever had them all is told nothing, whoever had not is told that something is missing.
        #expect(offsets(broker.replay("typing:a", after: Position(epoch: "e1", offset: 5))) == [])
        #expect(isLost(broker.replay("typing:a", after: Position(epoch: "e1", offset: 4))))
        typing("a")
        #expect(offsets(broker.replay("typing:a", after: Position(epoch: "e1", offset: 5))) == [6])
        #expect(broker.figures.map(\.events) == [0, 2])
    }

    @Test func whatIsOldGivesWayToWhatComes() {
        let now = Mutex<Int64>(0)
        var bounds = MemoryBroker.Bounds()
        bounds.age = 1000
        let broker = MemoryBroker(
            epoch: "e1", bounds: bounds, volatile: volatile(), clock: WallClock { Timestamp(milliseconds: now.withLock { $0 }) })
        for number in 0..<10 {
            now.withLock { $0 = Int64(number) * 300 }
            broker.publish([update(number)], to: "presence")
        }
        // Those of 1,800 ms and later, at 2,700.
        #expect(broker.figures.map(\.events) == [0, 0, 4])
        #expect(offsets(broker.replay("presence", after: Position(epoch: "e1", offset: 6))) == [7, 8, 9, 10])
        #expect(isLost(broker.replay("presence", after: Position(epoch: "e1", offset: 5))))
    }

    /// What a gap made worthless is not counted any more.
    @Test func aGapLeavesTheOtherTopics() {
        let broker = MemoryBroker(epoch: "e1", volatile: volatile())
        for number in 0..<3 { broker.publish([update(number)], to: "presence") }
        broker.publish([update(1)], to: "presence:role:a")
        let bytes = broker.figures[2].bytes
        broker.receive([update(9)], on: "presence", after: 8, epoch: "e1")
        #expect(broker.figures.map(\.events) == [0, 1, 1] && broker.figures[2].bytes < bytes)
        #expect(offsets(broker.replay("presence", after: Position(epoch: "e1", offset: 8))) == [9])
        #expect(isLost(broker.replay("presence", after: Position(epoch: "e1", offset: 3))))
        #expect(offsets(broker.replay("presence:role:a", after: Position(epoch: "e1", offset: 0))) == [1])
        broker.receive([update(9)], on: "presence", after: 0, epoch: "e2")
        #expect(broker.figures.map(\.events) == [0, 0, 1])
    }

    @Test func manyPublishersGiveOneOrder() async {
        let broker = MemoryBroker(epoch: "e1", volatile: volatile())
        let seen = Mutex<[Int64]>([])
        broker.attach { publications in seen.withLock { $0 += publications.map(\.position.offset) } }
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 { group.addTask { publish(100, on: broker) } }
        }
        #expect(seen.withLock { $0 } == Array(1...800))
    }
}
