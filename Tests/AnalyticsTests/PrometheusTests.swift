import Glibc
import Kernel
import Seeded
import TestSupport
import Testing

@testable import Analytics

/// The states of alerts beside those of Prometheus, for the same rules and series: `promtool test rules` is the judge.
@Suite(.enabled(if: Prometheus.isThere, "promtool is not installed: scripts/setup test")) struct PrometheusTests {
    /// A series of 5 s: requests and errors of each step; nil for no data.
    typealias Step = (requests: Int, errors: Int)?

    /// The windows of a series.
    struct Series: AlertData {
        let steps: [Step]

        func window(from start: Int64, to end: Int64) -> MeasureWindow? {
            // The window before a moment is the step that Prometheus scrapes at it.
            let index = Int(end / 5000) - 1
            guard steps.indices.contains(index), let step = steps[index] else { return nil }
            var window = MeasureWindow()
            for number in 0..<step.requests {
                window.add(MeasureTests.measure(at: 0, status: number < step.errors ? 500 : 200), segments: [])
            }
            return window
        }

        func sample(at time: Int64) -> MachineSample? { nil }
    }

    private static let rules: [(ours: String, theirs: String)] = [
        ("requests[5s] > 10", "requests > 10"), ("errors_api[5s] >= 3 and requests[5s] < 15", "errors >= 3 and requests < 15"),
        ("errors_api[5s] > 4 or requests[5s] == 0", "errors > 4 or requests == 0"),
        ("errors_api[5s] / requests[5s] > 25%", "errors / (requests > 0) > 0.25"),
        ("2 * errors_api[5s] + 1 > requests[5s]", "2 * errors + 1 > requests"),
    ]

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func statesAreThoseOfPrometheus(seed: UInt64) throws {
        var random = SeededRandom(seed)
        let duration = [0, 15, 60][Int(seed) % 3]
        let resolveAfter = [30, 60][Int(seed) % 2]
        var steps: [Step] = []
        while steps.count < 240 {
            let requests = Int.random(in: 0...20, using: &random)
            let step: Step =
                Int.random(in: 0..<12, using: &random) == 0 ? nil : (requests, Int.random(in: 0...max(0, requests), using: &random))
            steps += Array(repeating: step, count: Int.random(in: 1...20, using: &random))
        }
        var file = Prometheus.File(steps: steps)
        for (index, rule) in Self.rules.enumerated() {
            let expression = try AlertParser.parse(rule.ours + (duration > 0 ? " for \(duration)s" : ""))
            let evaluator = AlertEvaluator(expression: expression, data: Series(steps: steps))
            let terms = AlertState.Terms(duration: expression.duration, resolveAfter: Int64(resolveAfter) * 1000, noData: .clear)
            var state = AlertState(at: Timestamp(milliseconds: 0))
            var (pending, firing): ([Int], [Int]) = ([], [])
            for step in 1...steps.count {
                let at = Int64(step) * 5000
                _ = state.step(evaluator.outcomes(at: at)[""]?.holds, at: Timestamp(milliseconds: at), terms)
                if state.phase == .firing { firing.append(step) }
                if state.phase == .pending { pending.append(step) }
            }
            #expect(!firing.isEmpty || duration == 60, "seed \(seed), rule \(index): it never fires, so that nothing is tested")
            file.add("rule\(index)", rule.theirs, for: duration, keep: resolveAfter, pending: pending, firing: firing)
        }
        let (status, output) = try Prometheus.test(file)
        #expect(status == 0, "seed \(seed):\n\(output.prefix(2000))")
    }
}

/// Prometheus' own test of rules.
enum Prometheus {
    private static let program: String? = ["/usr/bin/promtool", "/usr/local/bin/promtool"].first { (path: String) in access(path, X_OK) == 0
    }

    static var isThere: Bool { program != nil }

    /// A file of rules, and one of what is to become of them.
    struct File {
        let steps: [PrometheusTests.Step]
        private(set) var rules = ""
        private(set) var expectations = ""

        init(steps: [PrometheusTests.Step]) { self.steps = steps }

        mutating func add(_ name: String, _ expression: String, for duration: Int, keep: Int, pending: [Int], firing: [Int]) {
            rules += """
                  - alert: \(name)
                    expr: \(expression)
                    for: \(duration)s
                    keep_firing_for: \(keep)s

                """
            for (state, moments) in [("pending", Set(pending)), ("firing", Set(firing))] as [(String, Set<Int>)] {
                for step in 1...steps.count {
                    let samples =
                        moments.contains(step)
                        ? "[{labels: 'ALERTS{alertname=\"\(name)\", alertstate=\"\(state)\"}', value: 1}]" : "[]"
                    expectations += """
                              - expr: ALERTS{alertname="\(name)", alertstate="\(state)"}
                                eval_time: \(step * 5)s
                                exp_samples: \(samples)

                        """
                }
            }
        }

        /// The values of a series; there is none at the moment 0, which is not evaluated here.
        private func values(_ of: ((requests: Int, errors: Int)) -> Int) -> String {
            (["_"] + steps.map { step in step.map { String(of($0)) } ?? "stale" }).joined(separator: " ")
        }

        var test: String {
            """
            rule_files: [rules.yml]
            evaluation_interval: 5s
            tests:
              - interval: 5s
                input_series:
                  - series: requests
                    values: '\(values(\.requests))'
                  - series: errors
                    values: '\(values(\.errors))'
                promql_expr_test:
            \(expectations)
            """
        }
    }

    static func test(_ file: File) throws -> (status: Int32, output: String) {
        let folder = try TestFolder()
        defer { try? TestFolder.remove(folder.path) }
        try write("groups:\n- name: all\n  interval: 5s\n  rules:\n\(file.rules)", to: "\(folder.path)/rules.yml")
        try write(file.test, to: "\(folder.path)/test.yml")
        let pipe = try #require(popen("\(program ?? "") test rules \(folder.path)/test.yml 2>&1", "r"))
        var (output, buffer): ([UInt8], [UInt8]) = ([], [UInt8](repeating: 0, count: 65_536))
        while true {
            let count = fread(&buffer, 1, buffer.count, pipe)
            if count == 0 { break }
            output += buffer[..<count]
        }
        return (pclose(pipe), String(decoding: output, as: UTF8.self))
    }

    private static func write(_ text: String, to path: String) throws {
        let file = try #require(fopen(path, "w"))
        fputs(text, file)
        fclose(file)
    }
}
