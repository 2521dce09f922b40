import Kernel
import Synchronization
import Testing

@testable import Bus

@Suite struct MemoryBrokerTests {
    private func offsets(_ replay: Replay) -> [Int64]? {
        guard case .events(let publications) = replay else { return nil }
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
        let broker = MemoryBroker(epoch: "e1", limit: 10)
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
        let seen = Mutex<[Fact]>([])
        broker.attach { publications in seen.withLock { $0 += publications.flatMap(\.facts) } }
        let members: JSONObject = ["action": "role.update", "seq": 4, "reason": nil, "target_id": "r1"]
        broker.publish([OutboxRecord(offset: 1, topics: ["audit"], type: "audit.entry", members: members, at: Timestamp(milliseconds: 0))])
        #expect(seen.withLock { $0 } == [Fact("action", "role.update"), Fact("target_id", "r1")])
    }

    @Test func durableEventsKeepTheOutboxesOffsets() {
        let broker = MemoryBroker(epoch: "e1", limit: 3)
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
