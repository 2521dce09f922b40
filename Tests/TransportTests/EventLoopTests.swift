import Glibc
import Synchronization
import Testing
import Transport

@Suite struct EventLoopTests {
    private static func withLoop(_ body: (EventLoop) async throws -> Void) async rethrows {
        let loop = EventLoop(label: "test")
        loop.start()
        defer { loop.stop() }
        try await body(loop)
    }

    @Test func runsWhatItIsGivenInOrder() async {
        await Self.withLoop { loop in
            let order = await withCheckedContinuation { continuation in
                let log = LoopLog()
                for index in 0..<10_000 { loop.execute { log.entries.append(index) } }
                loop.execute {
                    log.entries.append(-1)
                    loop.atEndOfTurn { log.entries.append(-3) }
                    loop.execute {
                        log.entries.append(-2)
                        loop.execute { continuation.resume(returning: log.entries) }
                    }
                }
            }
            // What the last job queued ran behind the turn's end, or before it; never out of its own order.
            #expect(order.filter { $0 != -3 } == Array(0..<10_000) + [-1, -2])
        }
    }

    @Test func isAnActorsExecutor() async {
        await Self.withLoop { loop in
            let resident = Resident(loop)
            #expect(await resident.isHome())
            let value = await withCheckedContinuation { continuation in
                loop.execute { continuation.resume(returning: resident.assumeIsolated { $0.visit() }) }
            }
            #expect(value == 2)
        }
    }

    @Test func keepsATaskThatPrefersIt() async {
        await Self.withLoop { loop in
            let places = await Task(executorPreference: loop) { [loop] in
                var places = [loop.isCurrent]
                await Task.yield()
                places.append(loop.isCurrent)
                return places
            }.value
            #expect(places == [true, true])
        }
    }

    @Test func firesTimersInOrderAndNotWhenCancelled() async {
        await Self.withLoop { loop in
            let fired = await withCheckedContinuation { continuation in
                let log = LoopLog()
                loop.execute {
                    loop.schedule(after: 60) { continuation.resume(returning: log.entries) }
                    let doomed = loop.schedule(after: 30) { log.entries.append(99) }
                    for delay in [20, 5, 10] {
                        loop.schedule(after: delay) {
                            log.entries.append(delay)
                            doomed.cancel()
                        }
                    }
                    for delay in 0..<500 { loop.schedule(after: delay) { log.entries.append(1000) }.cancel() }
                }
            }
            #expect(fired == [5, 10, 20])
        }
    }

    @Test func repeatsUntilCancelled() async {
        await Self.withLoop { loop in
            let count = await withCheckedContinuation { continuation in
                let log = LoopLog()
                loop.execute {
                    let begun = loop.now
                    log.timer = loop.schedule(after: 5, repeating: 5) {
                        log.entries.append(loop.now - begun)
                        if log.entries.count == 4 {
                            log.timer?.cancel()
                            loop.schedule(after: 30) { continuation.resume(returning: log.entries.count) }
                        }
                    }
                }
            }
            #expect(count == 4)
        }
    }

    @Test func survivesManyThreads() async {
        await Self.withLoop { loop in
            let total = LoopLog()
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        for _ in 0..<2000 { loop.execute { total.entries.append(1) } }
                    }
                }
            }
            let count = await withCheckedContinuation { continuation in
                loop.execute { continuation.resume(returning: total.entries.count) }
            }
            #expect(count == 16_000)
        }
    }

    @Test func deliversSignals() async throws {
        try await Self.withLoop { loop in
            let ready = Gate()
            let stream = Signals.stream(of: [.hangUp], on: loop)
            loop.execute { ready.open() }
            try await ready.wait()
            kill(getpid(), SIGHUP)
            var received: Signals.Signal?
            for await signal in stream {
                received = signal
                break
            }
            #expect(received == .hangUp)
        }
    }
}

/// Confined to the loop of a test.
private final class LoopLog: @unchecked Sendable {
    // SAFETY: every test touches it on its one loop only.
    var entries: [Int] = []
    var timer: TimerToken?
}

private actor Resident {
    private let loop: EventLoop
    private var visits = 0

    init(_ loop: EventLoop) { self.loop = loop }

    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    func isHome() -> Bool {
        visits += 1
        return loop.isCurrent
    }

    func visit() -> Int {
        visits += 1
        return visits
    }
}
