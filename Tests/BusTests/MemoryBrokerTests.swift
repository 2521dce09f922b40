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

    private func publish(_ count: Int, on broker: MemoryBroker) {
        for number in 0..<count { broker.publish([Event("presence.update", members: ["n": JSON(number)])], to: "presence") }
    }

    @Test func eventsAreFlatAndCarryTheirPlace() throws {
        let broker = MemoryBroker(epoch: "e1")
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
        let broker = MemoryBroker(epoch: "e1", bounds: .init(events: 10))
        publish(25, on: broker)
        for offset in Int64(15)...25 {
            #expect(offsets(broker.replay("presence", after: Position(epoch: "e1", offset: offset))) == Array((offset + 1)..<26))
        }
        #expect(isLost(broker.replay("presence", after: Position(epoch: "e1", offset: 14))))
    }

    @Test func anotherEpochOrAPlaceNeverReachedIsLost() {
        let broker = MemoryBroker(epoch: "e2")
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
        let broker = MemoryBroker(epoch: "e1", bounds: bounds)
        broker.begin(durableEpoch: "site", head: 0)
        for number in 1...3000 {
            broker.publish([changed(number % 1000, at: Int64(number))])
            broker.publish([update(number % 1000)], to: "presence")
        }
        #expect(offsets(broker.replay("presence", after: Position(epoch: "e1", offset: 0)))?.count == 3000)
        #expect(offsets(broker.replay("users", after: Position(epoch: "site", offset: 0)))?.count == 3000)
        let own = "user:\(UserID(rawValue: Int64(7) << 20).uuid)"
        #expect(offsets(broker.replay(own, after: Position(epoch: "site", offset: 7))) == [1007, 2007])
        #expect(broker.figures.events == 6000 && broker.figures.durable == 3000)
        #expect(broker.figures.bytes <= bounds.bytes)
    }

    @Test func bytesAreBoundedAndTheOldestOfAllTopicsGivesWay() {
        var bounds = MemoryBroker.Bounds()
        bounds.bytes = 100_000
        let broker = MemoryBroker(epoch: "e1", bounds: bounds)
        broker.begin(durableEpoch: "site", head: 0)
        broker.publish([changed(1, at: 1)])
        broker.publish([update(1)], to: "presence:role:a")
        for number in 1...1000 {
            broker.publish([update(number)], to: "presence")
            #expect(broker.figures.bytes <= 100_000)
        }
        #expect((50...300).contains(broker.figures.events) && broker.figures.durable == 0)
        // What was quiet for as long has given way as well.
        #expect(isLost(broker.replay("presence:role:a", after: Position(epoch: "e1", offset: 0))))
        #expect(offsets(broker.replay("presence:role:a", after: Position(epoch: "e1", offset: 1))) == [])
        #expect(isLost(broker.replay("presence", after: Position(epoch: "e1", offset: 0))))
        let kept = Int64(1000 - broker.figures.events)
        #expect(offsets(broker.replay("presence", after: Position(epoch: "e1", offset: kept))) == Array((kept + 1)...1000))
        guard case .beyondMemory = broker.replay("users", after: Position(epoch: "site", offset: 0)) else {
            Issue.record("what gave way was given")
            return
        }
        #expect(offsets(broker.replay("users", after: Position(epoch: "site", offset: 1))) == [])
    }

    @Test func whatIsOldGivesWayToWhatComes() {
        let now = Mutex<Int64>(0)
        var bounds = MemoryBroker.Bounds()
        bounds.age = 1000
        let broker = MemoryBroker(epoch: "e1", bounds: bounds, clock: WallClock { Timestamp(milliseconds: now.withLock { $0 }) })
        for number in 0..<10 {
            now.withLock { $0 = Int64(number) * 300 }
            broker.publish([update(number)], to: "presence")
        }
        // Those of 1,800 ms and later, at 2,700.
        #expect(broker.figures.events == 4)
        #expect(offsets(broker.replay("presence", after: Position(epoch: "e1", offset: 6))) == [7, 8, 9, 10])
        #expect(isLost(broker.replay("presence", after: Position(epoch: "e1", offset: 5))))
    }

    /// What a gap made worthless is not counted any more.
    @Test func aGapLeavesTheOtherTopics() {
        let broker = MemoryBroker(epoch: "e1")
        for number in 0..<3 { broker.publish([update(number)], to: "presence") }
        broker.publish([update(1)], to: "presence:role:a")
        let bytes = broker.figures.bytes
        broker.receive([update(9)], on: "presence", after: 8, epoch: "e1")
        #expect(broker.figures.events == 2 && broker.figures.bytes < bytes)
        #expect(offsets(broker.replay("presence", after: Position(epoch: "e1", offset: 8))) == [9])
        #expect(isLost(broker.replay("presence", after: Position(epoch: "e1", offset: 3))))
        #expect(offsets(broker.replay("presence:role:a", after: Position(epoch: "e1", offset: 0))) == [1])
        broker.receive([update(9)], on: "presence", after: 0, epoch: "e2")
        #expect(broker.figures.events == 1)
    }

    @Test func manyPublishersGiveOneOrder() async {
        let broker = MemoryBroker(epoch: "e1")
        let seen = Mutex<[Int64]>([])
        broker.attach { publications in seen.withLock { $0 += publications.map(\.position.offset) } }
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 { group.addTask { publish(100, on: broker) } }
        }
        #expect(seen.withLock { $0 } == Array(1...800))
    }
}
