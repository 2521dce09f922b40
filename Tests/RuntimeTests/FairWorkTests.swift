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

/// Opened once.
private final class Gate: Sendable {
    private let state = Mutex(false)

    var isOpen: Bool { state.withLock { $0 } }
    func open() { state.withLock { $0 = true } }
    /// Holds the thread until it is open.
    func pass() { while !isOpen {} }
}

private final class Served: Sendable {
    private let names = Mutex<[String]>([])

    func add(_ name: String) { names.withLock { $0.append(name) } }
    var all: [String] { names.withLock { $0 } }
}

@Suite struct FairWorkersTests {
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

@Suite struct FairTurnsTests {
    /// Takes the only turn, lets others line up, and returns the order in which they had theirs.
    private func order(_ names: [String], limit: Int = 100, share: Int = 100) async throws -> (served: [String], refused: Int) {
        let turns = FairTurns(1, limit: limit)
        let (served, refused) = (Served(), Served())
        let (hasTurn, gate) = (Gate(), Gate())
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await turns.take(for: .server) {
                    hasTurn.open()
                    while !gate.isOpen { await Task.yield() }
                }
            }
            while !hasTurn.isOpen { await Task.yield() }
            for (index, name) in names.enumerated() {
                group.addTask {
                    let origin = WorkOrigin(.known, [WorkOrigin.Share(String(name.prefix(1)), limit: share)])
                    do {
                        try await turns.take(for: origin) { served.add(name) }
                    } catch is QueueRefusal {
                        refused.add(name)
                    }
                }
                while turns.waiting + refused.all.count <= index { await Task.yield() }
            }
            gate.open()
            try await group.waitForAll()
        }
        return (served.all, refused.all.count)
    }

    @Test func principalsAreServedByTurns() async throws {
        #expect(try await order(["a0", "a1", "a2", "b0", "c0"]).served == ["a0", "b0", "c0", "a1", "a2"])
    }

    @Test func whatWaitsIsBounded() async throws {
        let outcome = try await order(["a0", "a1", "a2", "b0"], share: 2)
        #expect(outcome.served == ["a0", "b0", "a1"] && outcome.refused == 1)
        let full = try await order(["a0", "a1", "b0"], limit: 2)
        #expect(full.served == ["a0", "b0"] && full.refused == 1)
    }

    @Test func aFailureFreesItsTurn() async throws {
        let turns = FairTurns(1, limit: 1)
        await #expect(throws: CancellationError.self) { try await turns.take(for: .server) { throw CancellationError() } }
        #expect(try await turns.take(for: .server) { 1 } == 1)
    }
}
