internal import Kernel

/// The state of one series of an alert: a state machine without clock and storage.
struct AlertState: Sendable, Hashable {
    enum Phase: String, Sendable, CaseIterable {
        case ok, pending, firing, resolved
    }

    enum NoData: String, Sendable, CaseIterable {
        /// The state stays as it is.
        case keep
        /// As if the condition held.
        case fire
        /// As if it did not.
        case clear
    }

    /// The durations of a rule, and how it treats missing data.
    struct Terms: Sendable, Hashable {
        /// Milliseconds that the condition must hold before it fires, and must not hold before it is resolved.
        let duration: Int64
        let resolveAfter: Int64
        let noData: NoData

        init(duration: Int64, resolveAfter: Int64? = nil, noData: NoData = .keep) {
            (self.duration, self.noData) = (duration, noData)
            self.resolveAfter = resolveAfter ?? max(duration, 30_000)
        }
    }

    enum Transition: String, Sendable {
        case firing, resolved
    }

    private(set) var phase = Phase.ok
    private(set) var since: Timestamp
    private(set) var lastEvaluation: Timestamp
    /// Evaluations at which the condition held since the state became pending.
    private(set) var held = 0
    /// When the condition of a firing alert ceased to hold.
    private(set) var clearSince: Timestamp?
    /// The number of transitions, which identifies the latest one.
    private(set) var sequence: Int64 = 0
    /// Whether the notices of this firing were sent.
    var isAnnounced = false
    /// The transitions of the last half hour.
    private(set) var recent: [Timestamp] = []
    /// Whether it changes too often for a notice of each transition.
    var isFlapping = false

    init(at now: Timestamp) { (since, lastEvaluation) = (now, now) }

    init(
        phase: Phase, since: Timestamp, lastEvaluation: Timestamp, held: Int, clearSince: Timestamp?, sequence: Int64, isAnnounced: Bool,
        recent: [Timestamp], isFlapping: Bool
    ) {
        (self.phase, self.since, self.lastEvaluation, self.held) = (phase, since, lastEvaluation, held)
        (self.clearSince, self.sequence, self.isAnnounced) = (clearSince, sequence, isAnnounced)
        (self.recent, self.isFlapping) = (recent, isFlapping)
    }

    /// Milliseconds in which transitions are counted, and of the longest gap between evaluations that a pending state survives.
    static let (flappingSpan, longestGap): (Int64, Int64) = (1_800_000, 60_000)

    /// Takes the outcome of one evaluation; an older one than the last changes nothing.
    ///
    /// - Parameter holds: nil where there was no data.
    /// - Returns: the transition, if there is one to announce.
    mutating func step(_ holds: Bool?, at now: Timestamp, _ terms: Terms) -> Transition? {
        guard now > lastEvaluation || sequence == 0 && phase == .ok else { return nil }
        let gap = now.milliseconds - lastEvaluation.milliseconds
        lastEvaluation = now
        recent.removeAll { now.milliseconds - $0.milliseconds >= Self.flappingSpan }
        // What happened in the gap is unknown: the duration begins again.
        if phase == .pending, gap > Self.longestGap { enter(.ok, at: now) }
        guard let holds = holds ?? terms.noData.verdict else { return nil }
        switch (phase, holds) {
        case (.ok, false), (.resolved, false): return nil
        case (.ok, true), (.resolved, true):
            enter(.pending, at: now)
            held = 1
            return terms.duration == 0 ? transition(to: .firing, at: now) : nil
        case (.pending, false):
            enter(.ok, at: now)
            return nil
        case (.pending, true):
            held += 1
            let isLong = now.milliseconds - since.milliseconds >= terms.duration
            return isLong && held >= 2 ? transition(to: .firing, at: now) : nil
        case (.firing, true):
            clearSince = nil
            return nil
        case (.firing, false):
            let start = clearSince ?? now
            clearSince = start
            return now.milliseconds - start.milliseconds >= terms.resolveAfter ? transition(to: .resolved, at: now) : nil
        }
    }

    private mutating func transition(to next: Transition, at now: Timestamp) -> Transition {
        enter(next == .firing ? .firing : .resolved, at: now)
        sequence += 1
        recent.append(now)
        return next
    }

    private mutating func enter(_ next: Phase, at now: Timestamp) {
        (phase, since, held, clearSince) = (next, now, 0, nil)
    }
}

extension AlertState.NoData {
    /// Nil keeps the state.
    var verdict: Bool? {
        switch self {
        case .keep: nil
        case .fire: true
        case .clear: false
        }
    }
}
