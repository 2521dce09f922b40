import Kernel
import Synchronization
import Testing

@testable import Realtime

@Suite struct GreetingQueueTests {
    /// A clock that the test moves, and handshakes that end when it says so.
    private final class Stage: Sendable {
        let time = Mutex<Int64>(1000)
        let queue = Mutex<ConnectQueue?>(nil)
        let running = Mutex<[Int: CheckedContinuation<Void, Never>]>([:])
        let begun = Mutex<[Int]>([])

        init(_ limits: ConnectQueue.Limits) {
            let clock = WallClock { [unowned self] in Timestamp(milliseconds: time.withLock { $0 }) }
            queue.withLock { $0 = ConnectQueue(limits, clock: clock) }
        }

        var connectQueue: ConnectQueue { queue.withLock { $0! } }

        func finishHandshake(_ number: Int) -> Task<Int, any Error> {
            Task {
                try await connectQueue.run {
                    begun.withLock { $0.append(number) }
                    await withCheckedContinuation { end in running.withLock { $0[number] = end } }
                    return number
                }
            }
        }

        func end(_ number: Int) async {
            while true {
                if let end = running.withLock({ $0.removeValue(forKey: number) }) { return end.resume() }
                await Task.yield()
            }
        }

        /// Until so many run and so many wait.
        func settle(running count: Int, waiting: Int) async {
            while running.withLock({ $0.count }) != count || connectQueue.waiting != waiting { await Task.yield() }
        }

        func pass(milliseconds: Int64) {
            time.withLock { $0 += milliseconds }
            connectQueue.tick()
        }
    }

    private func limits(_ atOnce: Int, _ waiting: Int) -> ConnectQueue.Limits {
        var limits = ConnectQueue.Limits()
        (limits.atOnce, limits.waiting) = (atOnce, waiting)
        return limits
    }

    @Test func soManyAreGreetedAtOnceAndTheOthersInTheOrderInWhichTheyCame() async throws {
        let stage = Stage(limits(2, 10))
        var tasks: [Task<Int, any Error>] = []
        for number in 0..<5 {
            tasks.append(stage.finishHandshake(number))
            await stage.settle(running: min(2, number + 1), waiting: max(0, number - 1))
        }
        for number in 0..<5 { await stage.end(number) }
        for (number, task) in tasks.enumerated() { #expect(try await task.value == number) }
        #expect(stage.begun.withLock { $0 } == [0, 1, 2, 3, 4])
        #expect(stage.connectQueue.waiting == 0 && stage.connectQueue.refused == 0)
    }

    @Test func oneTooManyIsToldWhenToComeBack() async throws {
        let stage = Stage(limits(1, 1))
        let first = stage.finishHandshake(0)
        await stage.settle(running: 1, waiting: 0)
        let second = stage.finishHandshake(1)
        await stage.settle(running: 1, waiting: 1)
        let problem = await #expect(throws: Problem.self) { try await stage.finishHandshake(2).value }
        #expect(problem?.status == 503 && problem?.retryAfter == 1)
        #expect(stage.connectQueue.refused == 1)
        for number in 0..<2 { await stage.end(number) }
        _ = (try await first.value, try await second.value)
        // There is room again.
        let third = stage.finishHandshake(3)
        await stage.end(3)
        #expect(try await third.value == 3)
    }

    @Test func theTimeToComeBackFollowsFromThoseWhoWaitAndFromHowLongAGreetingTakes() async throws {
        let stage = Stage(limits(1, 100))
        // Greetings take four seconds each, until that is what is known of them.
        for number in 0..<200 {
            let task = stage.finishHandshake(number)
            await stage.settle(running: 1, waiting: 0)
            stage.time.withLock { $0 += 4000 }
            await stage.end(number)
            _ = try await task.value
        }
        let tasks = (0..<3).map { stage.finishHandshake(1000 + $0) }
        await stage.settle(running: 1, waiting: 2)
        #expect(stage.connectQueue.retryAfter == 12)
        for task in tasks { task.cancel() }
        for number in stage.begun.withLock({ $0.filter { $0 >= 1000 } }) { await stage.end(number) }
        for task in tasks { _ = await task.result }
    }

    @Test func whoHasWaitedTooLongIsSentAwayAndWhoLeavesMakesRoom() async throws {
        let stage = Stage(limits(1, 2))
        let first = stage.finishHandshake(0)
        await stage.settle(running: 1, waiting: 0)
        let late = stage.finishHandshake(1)
        await stage.settle(running: 1, waiting: 1)
        stage.pass(milliseconds: 9_000)
        let leaving = stage.finishHandshake(2)
        await stage.settle(running: 1, waiting: 2)
        leaving.cancel()
        await #expect(throws: CancellationError.self) { try await leaving.value }
        let patient = stage.finishHandshake(3)
        await stage.settle(running: 1, waiting: 2)
        stage.pass(milliseconds: 1_000)
        let problem = await #expect(throws: Problem.self) { try await late.value }
        #expect(problem?.code == "unavailable")
        await stage.end(0)
        await stage.end(3)
        _ = (try await first.value, try await patient.value)
        #expect(stage.begun.withLock { $0 } == [0, 3])
    }
}
