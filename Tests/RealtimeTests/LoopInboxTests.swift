import Bus
import Kernel
import Testing

@testable import Realtime

/// What waits for a loop is bounded, and what finds no room is told of.
@Suite struct LoopInboxTests {
    private let text = String(repeating: "a", count: 1000)

    private func delivery(_ topic: String, _ offset: Int64) -> LoopInbox.Post {
        let event = Event("t", members: ["text": .string(text)])
        return .delivery(Delivery([Publication(event, topic: topic, position: Position(epoch: "e", offset: offset))], compresses: false))
    }

    private func offsets(_ inbox: LoopInbox, on topic: String) -> [Int64] {
        inbox.posts.flatMap { post -> [Int64] in
            guard case .delivery(let delivery) = post, delivery.topic == topic else { return [] }
            return delivery.items.map(\.publication.position.offset)
        }
    }

    @Test func whatFindsNoRoomIsLostAndTheRestOfItsTopicWithIt() {
        var inbox = LoopInbox(limit: 4000)
        var dropped = 0
        for offset in Int64(1)...5 { dropped += inbox.add(delivery("a", offset)) }
        #expect(inbox.bytes <= 4000 && dropped == 2 && offsets(inbox, on: "a") == [1, 2, 3])
        // The place is where the listeners go on; another topic has no room either, yet its loss is its own.
        let other = inbox.add(delivery("b", 9))
        #expect(other == 1)
        let taken = inbox.take()
        #expect(taken.lostTopics == ["a": Position(epoch: "e", offset: 5), "b": Position(epoch: "e", offset: 9)])
        #expect(inbox.isEmpty && inbox.bytes == 0)
        let next = inbox.add(delivery("a", 6))
        #expect(next == 0 && inbox.lostTopics.isEmpty)
    }

    /// What is small enough to fit behind a loss must not overtake it.
    @Test func nothingOfATopicComesBehindItsLoss() {
        var inbox = LoopInbox(limit: 3000)
        for offset in Int64(1)...3 { _ = inbox.add(delivery("a", offset)) }
        let small = Delivery(
            [Publication(Event("s", members: [:]), topic: "a", position: Position(epoch: "e", offset: 4))], compresses: false)
        #expect(inbox.bytes + small.bytes <= 3000)
        let late = inbox.add(.delivery(small))
        #expect(late == 1)
        #expect(offsets(inbox, on: "a") == [1, 2] && inbox.lostTopics["a"]?.offset == 4)
    }

    @Test func anEventAsLongAsTheBoundIsTakenWhenNothingWaits() {
        var inbox = LoopInbox(limit: 10)
        let dropped = [inbox.add(delivery("a", 1)), inbox.add(delivery("a", 2))]
        #expect(dropped == [0, 1])
        #expect(offsets(inbox, on: "a") == [1])
    }

    @Test func aGapIsToldEvenWithoutRoom() {
        var inbox = LoopInbox(limit: 10)
        _ = inbox.add(delivery("a", 1))
        _ = inbox.add(.interruption("b", Position(epoch: "f", offset: 7)))
        let taken = inbox.take()
        #expect(taken.lostTopics == ["b": Position(epoch: "f", offset: 7)])
    }
}
