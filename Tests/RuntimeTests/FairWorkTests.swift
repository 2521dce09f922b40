import Synchronization
import Testing

@testable import Runtime

@Suite struct FairScheduleTests {
    private func share(_ principal: String, limit: Int = 100, cost: Double = 1) -> WorkOrigin.Share {
        WorkOrigin.Share(principal, limit: limit, cost: cost)
    }

    private func drain(_ schedule: inout FairSchedule<String>) -> [String] {
        var order: [String] = []
        while let job = schedule.next() { order.append(job) }
        return order
    }

    @Test func whoBringsMuchWaitsBehindThemselves() {
        var schedule = FairSchedule<String>(capacity: 100)
        for number in 0..<5 { _ = schedule.add("a\(number)", [share("a")]) }
        for number in 0..<2 { _ = schedule.add("b\(number)", [share("b")]) }
        #expect(drain(&schedule) == ["a0", "b0", "a1", "b1", "a2", "a3", "a4"])
    }

    @Test func whoeverComesLaterIsServedNext() {
        var schedule = FairSchedule<String>(capacity: 100)
        for number in 0..<50 { _ = schedule.add("a\(number)", [share("a")]) }
        for _ in 0..<20 { _ = schedule.next() }
        _ = schedule.add("b", [share("b")])
        #expect(schedule.next() == "b")
    }

    @Test func aPieceWithTwoPrincipalsWaitsForBoth() {
        var schedule = FairSchedule<String>(capacity: 100)
        for number in 0..<3 { _ = schedule.add("a\(number)", [share("network", cost: 0.5), share("a\(number)")]) }
        _ = schedule.add("b", [share("elsewhere"), share("b")])
        _ = schedule.add("account", [share("elsewhere too"), share("a0")])
        #expect(drain(&schedule) == ["a0", "b", "a1", "a2", "account"])
    }

    @Test func eachPrincipalHasABound() {
        var schedule = FairSchedule<String>(capacity: 100)
        var refused = 0
        for number in 0..<10 {
            if case .refused = schedule.add("a\(number)", [share("a", limit: 4)]) { refused += 1 }
        }
        #expect(refused == 6 && schedule.count == 4)
        _ = schedule.next()
        guard case .added = schedule.add("again", [share("a", limit: 4)]) else {
            Issue.record("a place that came free was not given")
            return
        }
    }

    /// A full queue pushes out whoever is furthest beyond their share, never somebody who comes with one piece.
    @Test func aFullQueueTakesFromWhoeverHasMost() {
        var schedule = FairSchedule<String>(capacity: 8)
        for number in 0..<8 { _ = schedule.add("a\(number)", [share("a")]) }
        guard case .refused = schedule.add("a8", [share("a")]), case .replaced("a7") = schedule.add("b", [share("b")]) else {
            Issue.record("the wrong piece was refused")
            return
        }
        #expect(schedule.count == 8)
        #expect(drain(&schedule).prefix(2) == ["a0", "b"])
    }
}

@Suite struct FairWorkersTests {
    /// Holds the thread until all that is to wait does.
    private final class Gate: Sendable {
        private let isOpen = Mutex(false)

        func open() { isOpen.withLock { $0 = true } }
        func pass() { while !isOpen.withLock({ $0 }) {} }
    }

    private final class Served: Sendable {
        private let names = Mutex<[String]>([])

        func add(_ name: String) { names.withLock { $0.append(name) } }
        var all: [String] { names.withLock { $0 } }
    }

    @Test func aFloodOfOneLeavesOthersTheirTurn() async throws {
        let workers = FairWorkers(named: "test", limit: 16)
        let (gate, order) = (Gate(), Served())
        let started = AsyncStream<Void>.makeStream()
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await workers.run(for: .server) {
                    started.continuation.finish()
                    gate.pass()
                    return true
                }
            }
            for await _ in started.stream {}
            for _ in 0..<40 {
                group.addTask {
                    do {
                        return try await workers.run(for: WorkOrigin(.unknown, [WorkOrigin.Share("flood", limit: 8)])) {
                            order.add("flood")
                            return true
                        }
                    } catch is QueueRefusal { return false }
                }
            }
            // The flood is refused beyond its bound; what is left of it waits.
            var refused = 0
            while refused < 32, let outcome = try await group.next() { if !outcome { refused += 1 } }
            for name in ["stranger", "member"] {
                let lane: WorkOrigin.Lane = name == "member" ? .known : .unknown
                group.addTask {
                    try await workers.run(for: WorkOrigin(lane, [WorkOrigin.Share(name, limit: 1)])) {
                        order.add(name)
                        return true
                    }
                }
            }
            while workers.waiting < 10 { await Task.yield() }
            gate.open()
            #expect(try await group.allSatisfy { $0 })
        }
        let served = order.all
        #expect(served.count == 10)
        #expect(try #require(served.firstIndex(of: "member")) <= 1)
        #expect(try #require(served.firstIndex(of: "stranger")) <= 3)
    }
}
