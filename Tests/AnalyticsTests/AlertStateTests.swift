import Kernel
import Seeded
import Testing

@testable import Analytics

/// The state machine by itself.
@Suite struct AlertStateTests {
    private static let minute = AlertState.Terms(duration: 60_000)

    /// Steps every five seconds from zero; what came of each.
    private static func run(_ verdicts: [Bool?], _ terms: AlertState.Terms = minute, from state: AlertState? = nil) -> (
        AlertState, [(at: Int64, AlertState.Transition)]
    ) {
        var state = state ?? AlertState(at: Timestamp(milliseconds: 0))
        var transitions: [(at: Int64, AlertState.Transition)] = []
        let start = state.lastEvaluation.milliseconds
        for (index, verdict) in verdicts.enumerated() {
            let at = start + Int64(index + 1) * 5000
            if let transition = state.step(verdict, at: Timestamp(milliseconds: at), terms) { transitions.append((at, transition)) }
        }
        return (state, transitions)
    }

    private static func times(_ verdict: Bool?, _ count: Int) -> [Bool?] { Array(repeating: verdict, count: count) }

    @Test func pendingFiresAfterItsTimeAndResolvesAfterTheSame() {
        let (state, transitions) = Self.run(Self.times(true, 30) + Self.times(false, 30))
        #expect(transitions.map(\.at) == [65_000, 215_000] && transitions.map(\.1) == [.firing, .resolved])
        #expect(state.phase == .resolved && state.since.milliseconds == 215_000 && state.sequence == 2)
    }

    @Test func aFalseInBetweenEndsPending() {
        let (state, transitions) = Self.run((0..<100).map { $0.isMultiple(of: 2) })
        #expect(transitions.isEmpty && state.phase == .ok)
        #expect(Self.run(Self.times(true, 12) + [false] + Self.times(true, 12)).1.isEmpty)
    }

    @Test func firingSurvivesAShortCalm() {
        let (state, transitions) = Self.run(Self.times(true, 14) + Self.times(false, 11) + Self.times(true, 2) + Self.times(false, 11))
        #expect(transitions.map(\.1) == [.firing] && state.phase == .firing)
    }

    @Test func withoutADurationItFiresAtOnce() {
        let (state, transitions) = Self.run([true], AlertState.Terms(duration: 0))
        #expect(transitions.map(\.1) == [.firing] && state.phase == .firing)
        #expect(AlertState.Terms(duration: 0).resolveAfter == 30_000 && AlertState.Terms(duration: 60_000).resolveAfter == 60_000)
    }

    @Test func fireResolveFireIsTwice() {
        let once = Self.times(true, 14) + Self.times(false, 14)
        #expect(Self.run(once + once).1.map(\.1) == [.firing, .resolved, .firing, .resolved])
    }

    @Test func noDataFollowsThePolicy() {
        let (kept, transitions) = Self.run(Self.times(true, 14) + Self.times(nil, 120))
        #expect(kept.phase == .firing && transitions.count == 1)
        let clear = AlertState.Terms(duration: 60_000, noData: .clear)
        #expect(Self.run(Self.times(true, 14) + Self.times(nil, 14), clear).0.phase == .resolved)
        let fire = AlertState.Terms(duration: 60_000, noData: .fire)
        #expect(Self.run(Self.times(nil, 14), fire).0.phase == .firing)
    }

    @Test(arguments: [5000, 60_000, 600_000] as [Int64])
    func aRestartNeitherLosesNorDoubles(gap: Int64) {
        // Firing: stays so.
        var (state, _) = Self.run(Self.times(true, 14))
        let back = Timestamp(milliseconds: state.lastEvaluation.milliseconds + gap)
        #expect(state.step(true, at: back, Self.minute) == nil && state.phase == .firing)
        // The same moment again says nothing.
        #expect(state.step(false, at: back, Self.minute) == nil)
        // Pending: goes on after a short gap, begins anew after a long one.
        (state, _) = Self.run(Self.times(true, 8))
        #expect(state.phase == .pending)
        let then = Timestamp(milliseconds: state.lastEvaluation.milliseconds + gap)
        let transition = state.step(true, at: then, Self.minute)
        switch gap {
        case 5000: #expect(transition == nil && state.phase == .pending && state.since.milliseconds == 5000)
        case 60_000: #expect(transition == .firing)
        default: #expect(transition == nil && state.phase == .pending && state.since == then)
        }
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func itIsWhatTheRulesSay(seed: UInt64) {
        var random = SeededRandom(seed)
        var verdicts: [Bool] = []
        while verdicts.count < 400 {
            verdicts += Array(repeating: Bool.random(using: &random), count: Int.random(in: 1...25, using: &random))
        }
        // Read the other way round: firing begins with the end of thirteen trues in a row, and ends with thirteen falses.
        var (expected, isFiring, run): ([Int64], Bool, Int) = ([], false, 0)
        for (index, verdict) in verdicts.enumerated() {
            run = index > 0 && verdicts[index - 1] == verdict ? run + 1 : 1
            if verdict != isFiring, run >= 13 {
                isFiring = verdict
                expected.append(Int64(index + 1) * 5000)
            }
        }
        #expect(Self.run(verdicts).1.map(\.at) == expected)
    }
}
