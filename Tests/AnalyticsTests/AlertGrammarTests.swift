import Kernel
import Testing

@testable import Analytics

/// What an expression means, and where it is wrong.
@Suite struct AlertGrammarTests {
    private static func term(_ metric: AlertMetric, _ window: Int64? = nil, offset: Int64 = 0, _ labels: [AlertLabel] = []) -> AlertValue {
        .metric(AlertTerm(metric: metric, labels: labels, window: window, offset: offset))
    }

    @Test func theOwnersOwnWordsParse() throws {
        let expected = AlertCondition.all([
            .compare(Self.term(.errorsAPI), .above, .number(100)), .compare(Self.term(.latencyP95), .above, .number(500)),
        ])
        for text in [
            "erreurs_api > 100 ET latence_p95 > 500ms", "errors_api > 100 and latency_p95 > 500ms", "Errors_API>100 AND latency_p95>0,5s",
            "(errors_api > 100) and (latency_p95 > 500 ms)",
        ] {
            #expect(try AlertParser.parse(text).condition == expected, "\(text)")
        }
        let rate = try AlertParser.parse("error_rate > 1% for 1m")
        #expect(rate.condition == .compare(Self.term(.errorRate), .above, .number(0.01)) && rate.duration == 60_000)
        #expect(try AlertParser.parse("taux_erreur > 1 % pendant 1 min") == rate)
        #expect(try AlertParser.parse("error_rate > 0.01 for 60s") == rate)
    }

    @Test func allOfTheGrammarParses() throws {
        let by = try AlertParser.parse("latency_p99 > 2s by role for 5m")
        #expect(by.dimension == .role && by.duration == 300_000)
        let labels = try AlertParser.parse("events{type=\"auth.login\"}[5m] > 10 or not requests{route=\"/users\", method != get} > 3")
        #expect(labels.terms.count == 2 && labels.terms[0].window == 300_000)
        #expect(
            labels.terms[1].labels == [
                AlertLabel(name: "route", isNegated: false, values: ["/users"]),
                AlertLabel(name: "method", isNegated: true, values: ["get"]),
            ])
        #expect(try AlertParser.parse("requests < requests offset 1h * 50%").terms[1].offset == 3_600_000)
        #expect(
            try AlertParser.parse("errors_api / requests > 2%").condition
                == .compare(.divide(Self.term(.errorsAPI), Self.term(.requests)), .above, .number(0.02)))
        // Products before sums, and before or.
        #expect(
            try AlertParser.parse("errors_api + signups * 2 > 3").condition
                == .compare(.add(Self.term(.errorsAPI), .multiply(Self.term(.signups), .number(2))), .above, .number(3)))
        #expect(
            try AlertParser.parse("sockets > 1 or sockets > 2 and sockets > 3").condition
                == .any([
                    .compare(Self.term(.sockets), .above, .number(1)),
                    .all([.compare(Self.term(.sockets), .above, .number(2)), .compare(Self.term(.sockets), .above, .number(3))]),
                ]))
        #expect(try AlertParser.parse("memory > 500MB and disk_free < 10% and cpu >= 90%").terms.count == 3)
        #expect(
            try AlertParser.parse("requests{device in (mobile, tablet)} > 1k").condition
                == .compare(
                    Self.term(.requests, nil, [AlertLabel(name: "device", isNegated: false, values: ["mobile", "tablet"])]), .above,
                    .number(1000)))
    }

    @Test(arguments: [
        ("errors_apu > 1", "metric", 0), ("error_rate > 1ms", "unit", 13), ("latency_p95 > 500", "unit", 14),
        ("error_rate > 5", "unit", 13),
        ("requests > 1%", "unit", 11), ("requests >", "expected", 10), ("requests > 10 &", "character", 14),
        ("requests 10", "comparison", 9),
        ("requests > 10 for", "duration", 17), ("requests > 10 for 100%", "duration", 18), ("requests > 10 then", "unexpected", 14),
        ("(requests > 10", "expected", 14), ("events{kind=\"a\"} > 1", "label", 7), ("events{type=\"a} > 1", "quote", 12),
        ("sockets{role=mod} > 1", "label", 8), ("requests > 10 by colour", "dimension", 17), ("requests[1s] > 10", "duration", 9),
        ("requests > 3 bananas", "unexpected", 13), ("", "expected", 0), ("requests + error_rate > 1", "unit", 9),
        ("requests{role=mod, device=mobile} > 1", "labels", 34),
    ])
    func faultsPointAtTheCharacter(text: String, code: String, position: Int) {
        do throws(AlertFault) {
            _ = try AlertParser.parse(text)
            Issue.record("\(text) parses")
        } catch {
            #expect(error.code == code && error.position == position, "\(text): \(error.code) at \(error.position)")
        }
    }

    @Test func whatIsTooDeepIsRefused() {
        let text = String(repeating: "(", count: 100) + "requests" + String(repeating: ")", count: 100) + " > 1"
        do throws(AlertFault) {
            _ = try AlertParser.parse(text)
            Issue.record("it parses")
        } catch { #expect(error.code == "too_deep") }
        let chain = String(repeating: "not ", count: 100) + "requests > 1"
        do throws(AlertFault) {
            _ = try AlertParser.parse(chain)
            Issue.record("it parses")
        } catch { #expect(error.code == "too_deep") }
    }

    // MARK: Evaluation

    /// Windows of five seconds that the test makes.
    private struct Data: AlertData {
        var windows: [Int64: MeasureWindow] = [:]

        func window(from start: Int64, to end: Int64) -> MeasureWindow? {
            let parts = windows.filter { $0.key >= start && $0.key < end }.values
            guard let first = parts.first else { return nil }
            return parts.dropFirst().reduce(into: first) { $0.merge($1) }
        }

        func sample(at time: Int64) -> MachineSample? {
            var sample = MachineSample()
            sample.diskFree = 0.05
            return sample
        }
    }

    @Test func noDataIsNeitherTrueNorFalse() throws {
        var data = Data()
        data.windows[0] = MeasureWindow()
        func holds(_ text: String) throws -> Bool?? {
            AlertEvaluator(expression: try AlertParser.parse(text), data: data).outcomes(at: 5000)[""]?.holds
        }
        // Nobody asked: there is no rate, above or below.
        #expect(try holds("error_rate > 1%") == .some(nil) && holds("error_rate < 1%") == .some(nil))
        #expect(try holds("not error_rate > 1%") == .some(nil))
        // But it is known that there was no request.
        #expect(try holds("requests == 0") == .some(true))
        #expect(try holds("requests == 0 or error_rate > 1%") == .some(true))
        #expect(try holds("requests > 0 and error_rate > 1%") == .some(false))
        #expect(try holds("errors_api / requests > 1%") == .some(nil))
        #expect(try holds("disk_free < 10%") == .some(true))
        data = Data()
        #expect(try holds("requests == 0") == .some(nil))
    }

    @Test func fewRequestsLookFurtherBack() throws {
        var data = Data()
        for index in 0..<12 {
            var window = MeasureWindow()
            window.add(MeasureTests.measure(at: 0, status: index < 6 ? 200 : 500), segments: [])
            data.windows[Int64(index) * 5000] = window
        }
        let rule = try AlertParser.parse("error_rate > 60% for 1m")
        // Ten seconds hold two requests and twenty four: forty hold eight, of which six failed.
        #expect(AlertEvaluator(expression: rule, data: data).outcomes(at: 60_000)[""]?.value == 0.75)
        data.windows = data.windows.filter { $0.key >= 50_000 || $0.key == 0 }
        #expect(AlertEvaluator(expression: rule, data: data).outcomes(at: 60_000)[""]?.value == 2.0 / 3)
    }
}
