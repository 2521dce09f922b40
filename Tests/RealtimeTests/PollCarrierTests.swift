import Kernel
import Synchronization
import Testing
import Transport

@testable import Realtime

@Suite struct PollCarrierTests {
    /// A carrier on its loop, with a clock that the test moves.
    private final class Stage: Sendable {
        let carrier: PollTransport
        private let group = EventLoopGroup(count: 1, usesRing: false)
        private let time: Clock

        private final class Clock: Sendable {
            let milliseconds = Atomic<Int64>(0)
        }

        init(number: UInt64 = 0) {
            let time = Clock()
            self.time = time
            carrier = PollTransport(
                loop: group.loops[0], number: number, maximumBytes: 1 << 20,
                uptime: { Uptime(milliseconds: time.milliseconds.load(ordering: .relaxed)) }, ended: {})
        }

        func end() { group.stop() }

        func pass(milliseconds: Int64) { time.milliseconds.wrappingAdd(milliseconds, ordering: .relaxed) }

        var isGone: Bool {
            get async {
                await onLoop { stage in stage.carrier.isGone(at: Uptime(milliseconds: stage.time.milliseconds.load(ordering: .relaxed))) }
            }
        }

        func send(_ texts: String...) async {
            await onLoop { stage in for text in texts { stage.carrier.send(Array(text.utf8), places: [:]) } }
        }

        func abandon(_ request: PollTransport.Request) async { await onLoop { $0.carrier.abandon(request) } }

        func poll(_ request: PollTransport.Request = .init(), after number: UInt64?, milliseconds: Int = 0) async -> PollTransport.Answer? {
            await withCheckedContinuation { continuation in
                carrier.loop.execute {
                    self.carrier.poll(request, after: number, milliseconds: milliseconds) { continuation.resume(returning: $0) }
                }
            }
        }

        /// - Returns: what gives the answer, once the request waits.
        func waiting(_ request: PollTransport.Request, after number: UInt64?) async -> AsyncStream<PollTransport.Answer?> {
            let (answers, answered) = AsyncStream.makeStream(of: PollTransport.Answer?.self)
            await onLoop { stage in
                stage.carrier.poll(request, after: number, milliseconds: 60_000) { answer in
                    answered.yield(answer)
                    answered.finish()
                }
            }
            return answers
        }

        private func onLoop<Value: Sendable>(_ body: @escaping @Sendable (Stage) -> Value) async -> Value {
            await withCheckedContinuation { continuation in
                carrier.loop.execute { continuation.resume(returning: body(self)) }
            }
        }
    }

    private func text(_ answer: PollTransport.Answer?) -> [String]? { answer?.frames.map { String(decoding: $0, as: UTF8.self) } }

    /// Its first answer was lost: the place that is named again must not be taken for that answer's end.
    @Test func aSessionThatIsTakenUpGoesOnCounting() async {
        let stage = Stage(number: 2)
        await stage.send("ready", "resumed")
        #expect(text(await stage.poll(after: nil)) == ["ready", "resumed"])
        #expect(text(await stage.poll(after: 2)) == ["ready", "resumed"])
        #expect(await stage.poll(after: 4)?.frames.isEmpty == true)
        #expect(await stage.poll(after: 0) == nil)
        stage.end()
    }

    @Test func whoCountsFromTheLastNumberThereIsStopsNothing() async {
        let stage = Stage(number: .max)
        await stage.send("one")
        #expect(text(await stage.poll(after: .max)) == ["one"])
        #expect(await stage.poll(after: 0)?.frames.isEmpty == true)
        stage.end()
    }

    @Test func aRequestThatWasLostTakesNoneWithItThatCameLater() async {
        let stage = Stage()
        let (first, second) = (PollTransport.Request(), PollTransport.Request())
        let lost = await stage.waiting(first, after: 0)
        let kept = await stage.waiting(second, after: 0)
        await stage.abandon(first)
        await stage.send("one")
        for await answer in lost { #expect(answer?.frames.isEmpty == true) }
        for await answer in kept { #expect(text(answer) == ["one"]) }
        stage.end()
    }

    @Test func whoWaitedLongHasTheTimeToComeBack() async {
        let stage = Stage()
        let request = PollTransport.Request()
        let answers = await stage.waiting(request, after: 0)
        stage.pass(milliseconds: 25_000)
        #expect(await !stage.isGone)
        await stage.send("one")
        for await answer in answers { #expect(text(answer) == ["one"]) }
        stage.pass(milliseconds: 14_999)
        #expect(await !stage.isGone)
        stage.pass(milliseconds: 1)
        #expect(await stage.isGone)
        stage.end()
    }
}
