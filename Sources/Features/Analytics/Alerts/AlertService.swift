internal import Database
internal import Kernel
internal import Runtime
internal import Synchronization

/// Evaluates all rules every five seconds, on windows that are closed, by their times.
final class AlertService: Sendable {
    private struct Memory {
        /// The last outcome of each series, and why a rule could not be evaluated.
        var outcomes: [AlertTable.Place: AlertOutcome] = [:]
        var errors: [AlertID: AlertFault] = [:]
        var samples: [(at: Int64, sample: MachineSample)] = []
        var parsed: [String: Result<AlertExpression, AlertFault>] = [:]
        var last: Int64 = 0
    }

    private let database: any Database
    private let store: WindowStore
    private let table: AlertTable
    private let notices: AlertNotices
    private let ids: IDGenerator
    private let machine: @Sendable () -> MachineSample
    private let memory = Mutex(Memory())

    /// Milliseconds between two evaluations.
    static let step: Int64 = 5000

    init(
        database: any Database, store: WindowStore, table: AlertTable, notices: AlertNotices, ids: IDGenerator,
        machine: @escaping @Sendable () -> MachineSample
    ) {
        (self.database, self.store, self.table, self.notices) = (database, store, table, notices)
        (self.ids, self.machine) = (ids, machine)
    }

    func outcome(of place: AlertTable.Place) -> AlertOutcome? { memory.withLock { $0.outcomes[place] } }
    func error(of alert: AlertID) -> AlertFault? { memory.withLock { $0.errors[alert] } }

    /// Evaluates the newest closed moment, once. Moments that were missed are not made up for.
    func evaluate() async throws {
        let moment = store.open.floored(to: Self.step)
        guard memory.withLock({ $0.last < moment }) else { return }
        let (rules, queue) = try await database.read { [table] transaction in
            let now = Timestamp(milliseconds: moment)
            let due = try transaction.row("SELECT COUNT(*) FROM jobs WHERE state = 'waiting' AND run_at <= \(now)")?.int(0) ?? 0
            return (try table.rules("is_enabled", in: transaction), due)
        }
        sample(at: moment, queue)
        memory.withLock { $0.last = moment }
        guard !rules.isEmpty else { return }
        let expressions = rules.map { ($0, parse($0.expression)) }
        let data = try await data(for: expressions.compactMap { expression(in: $0.1) }, at: moment)
        var outcomes: [AlertTable.Place: AlertOutcome] = [:]
        var errors: [AlertID: AlertFault] = [:]
        for (rule, parsed) in expressions {
            switch parsed {
            case .success(let expression):
                for (series, outcome) in AlertEvaluator(expression: expression, data: data).outcomes(at: moment) {
                    outcomes[AlertTable.Place(alert: rule.id, series: series)] = outcome
                }
            case .failure(let fault): errors[rule.id] = fault
            }
        }
        let found = outcomes
        let failed = errors
        memory.withLock { ($0.outcomes, $0.errors) = (found, failed) }
        try await write(rules, found, at: Timestamp(milliseconds: moment))
    }

    private func expression(in parsed: Result<AlertExpression, AlertFault>) -> AlertExpression? {
        if case .success(let expression) = parsed { expression } else { nil }
    }

    private func parse(_ text: String) -> Result<AlertExpression, AlertFault> {
        memory.withLock { memory in
            if let known = memory.parsed[text] { return known }
            if memory.parsed.count > 500 { memory.parsed = [:] }
            let parsed: Result<AlertExpression, AlertFault>
            do throws(AlertFault) { parsed = .success(try AlertParser.parse(text)) } catch { parsed = .failure(error) }
            memory.parsed[text] = parsed
            return parsed
        }
    }

    /// Claims the moment and writes the states and their notices, in one transaction.
    private func write(_ rules: [AlertRule], _ outcomes: [AlertTable.Place: AlertOutcome], at moment: Timestamp) async throws {
        try await database.write { [self] transaction in
            guard let before = try AlertTable.takeTurn(moment, in: transaction) else { return }
            // The rules may have changed since they were read.
            let current = Dictionary(uniqueKeysWithValues: try table.rules("is_enabled", in: transaction).map { ($0.id, $0) })
            var states = try AlertTable.states(in: transaction)
            for (place, outcome) in outcomes {
                guard let rule = current[place.alert], rules.contains(where: { $0.id == rule.id && $0.expression == rule.expression })
                else {
                    continue
                }
                guard case .success(let expression) = parse(rule.expression) else { continue }
                let known = states.removeValue(forKey: place)
                try step(rule, expression, place, known, outcome, before, moment, in: transaction)
            }
            // Known series without data at this moment.
            for (place, state) in states {
                guard let rule = current[place.alert], case .success(let expression) = parse(rule.expression) else { continue }
                guard expression.dimension != nil, !place.series.isEmpty else { continue }
                try step(rule, expression, place, state, AlertOutcome(), before, moment, in: transaction)
            }
        }
    }

    private func step(
        _ rule: AlertRule, _ expression: AlertExpression, _ place: AlertTable.Place, _ known: AlertState?, _ outcome: AlertOutcome,
        _ before: Timestamp, _ moment: Timestamp, in transaction: Transaction
    ) throws {
        let start = known ?? AlertState(at: moment)
        var state = known?.evaluated(through: before) ?? start
        let transition = state.step(outcome.holds, at: moment, rule.terms(expression))
        if let transition {
            try AlertTable.record(
                ids.next(), place, state.sequence, transition.rawValue, value: outcome.value, at: moment, in: transaction)
        }
        try notices.follow(rule, expression, place, &state, transition, outcome.value, at: moment, in: transaction)
        if known == nil || state.differs(from: start) { try AlertTable.put(state, at: place, in: transaction) }
    }

    // MARK: Data

    private func sample(at moment: Int64, _ queue: Int) {
        var sample = machine()
        sample.queueDepth = Double(queue)
        let taken = sample
        memory.withLock { memory in
            memory.samples.append((moment, taken))
            if memory.samples.count > 1500 { memory.samples.removeFirst(60) }
        }
    }

    /// The data of the expressions: windows of memory, and stored minutes for spans that reach further back.
    func data(for expressions: [AlertExpression], at moment: Int64) async throws -> RecentData {
        let samples = memory.withLock { $0.samples }
        var minutes: [Int64: MeasureWindow] = [:]
        for expression in expressions {
            for term in expression.terms where term.offset + expression.window(of: term) > AlertExpression.longestWindow - 60_000 {
                let end = moment - term.offset
                let start = (end - max(expression.window(of: term), expression.duration)).floored(to: 60_000)
                let stored = try await database.read(.heavy) { try RollupTable.windows(.minute, from: start, to: end, in: $0) }
                minutes.merge(stored) { $1 }
            }
        }
        return RecentData(store: store, samples: samples, minutes: minutes)
    }
}

extension AlertState {
    /// Whether the state must be stored. A new time of evaluation alone need not: `alert_clock` holds it for all alerts.
    func differs(from other: AlertState) -> Bool {
        (phase, since, held, clearSince) != (other.phase, other.since, other.held, other.clearSince)
            || (sequence, isAnnounced, isFlapping) != (other.sequence, other.isAnnounced, other.isFlapping) || recent != other.recent
    }

    /// The state with the time of the last evaluation of all alerts.
    func evaluated(through moment: Timestamp) -> AlertState {
        AlertState(
            phase: phase, since: since, lastEvaluation: max(lastEvaluation, moment), held: held, clearSince: clearSince, sequence: sequence,
            isAnnounced: isAnnounced, recent: recent, isFlapping: isFlapping)
    }
}
