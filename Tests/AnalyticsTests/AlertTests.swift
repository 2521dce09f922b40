import Authorization
import Database
import FeatureKit
import HTTP
import Kernel
import SiteSupport
import TestSupport
import Testing
import Web

@testable import Analytics
@testable import Server

/// Alerts over the real composition, with a clock of the test's own.
@Suite struct AlertTests {
    /// A site with somebody who may set up alerts, and its traffic.
    struct World: Sendable {
        let site: TestSite
        let time: TestClock
        let person: Person
        var analytics: AnalyticsFeature { site.composition.analytics }

        init(_ site: TestSite, _ time: TestClock) async throws {
            (self.site, self.time) = (site, time)
            let person = try await site.add(.admin)
            self.person = person
            _ = try await site.database.write { transaction in
                try transaction.execute("UPDATE users SET email_verified_at = \(Timestamp(milliseconds: time.now)) WHERE id = \(person.id)")
            }
            try await site.composition.analytics.begin()
        }

        func send(_ method: String, _ path: String, _ body: JSON? = nil) async throws -> TestSite.Answer {
            // Anew each time: tokens live for minutes, and these tests for hours.
            let token = try await site.signIn(person).bearer
            return try await site.send(method, path, ["Authorization": "Bearer \(token)"], body: body?.bytes ?? [])
        }

        /// Lets five seconds pass, with requests of that status.
        func pass(_ steps: Int, status: Int? = nil, count: Int = 10, _ feature: AnalyticsFeature? = nil) async throws {
            let feature = feature ?? analytics
            for _ in 0..<steps {
                for _ in 0..<5 {
                    if let status { for _ in 0..<count { feature.meter.note(MeasureTests.measure(at: time.now, status: status)) } }
                    time.advance(1000)
                    feature.collector.tick()
                }
                try await feature.evaluation.evaluate()
            }
        }

        func alert(_ id: String) async throws -> JSON { try await send("GET", "/alerts/\(id)").json }

        /// The states in the events `analytics.alert`, in their order.
        func published() async throws -> [String] {
            try await site.database.read { transaction in
                try transaction.rows("SELECT members FROM outbox WHERE type = 'analytics.alert' ORDER BY event_offset").map {
                    try JSONParser.parse(own: Array($0.text(0).utf8))["state"]?.string ?? ""
                }
            }
        }

        func notices(_ channel: String) async throws -> [String] {
            try await site.database.read { transaction in
                try transaction.rows("SELECT kind FROM alert_notices WHERE channel = \(channel) ORDER BY id").map { $0.text(0) }
            }
        }
    }

    static func with(_ kind: TestDatabase, settings: [String: String] = [:], _ body: (World) async throws -> Void) async throws {
        let time = TestClock()
        try await TestSite.with(kind, settings: settings, clock: time.clock) { site in try await body(try await World(site, time)) }
    }

    private static let rule: JSON = ["name": "Errors", "expression": "error_rate > 1% for 1m", "channels": ["in_app", "email"]]

    @Test(arguments: TestDatabase.all)
    func anAlertFiresAndIsResolvedAndTellsOnce(kind: TestDatabase) async throws {
        try await Self.with(kind) { world in
            let made = try await world.send("POST", "/alerts", Self.rule)
            try #require(made.status == 201, "\(made.json.text)")
            let id = try made.text("id")
            #expect(made.json["state"] == "ok" && made.json["threshold"] == .number(0.01) && made.json["unit"] == "ratio")
            try await world.pass(3, status: 200)
            #expect(try await world.alert(id)["state"] == "ok")
            let start = world.time.now
            try await world.pass(3, status: 500)
            let pending = try await world.alert(id)
            #expect(try pending["state"] == "pending" && #require(LiveTests.number(pending["value"])) > 0.9)
            var fired: Int64?
            for _ in 0..<15 where fired == nil {
                try await world.pass(1, status: 500)
                if try await world.alert(id)["state"] == "firing" { fired = world.time.now - start }
            }
            let after = try #require(fired)
            #expect((60_000...70_000).contains(after), "\(after)")
            #expect(try await world.notices("in_app") == ["firing"])
            #expect(try await world.notices("email") == ["firing"])
            let told = try await world.send("GET", "/notifications?unread=true")
            #expect(told.json["items"]?[0]?["title"]?.string?.hasPrefix("Alert “Errors” is firing: 9") == true)
            #expect(try await world.site.count("mail_outbox WHERE kind = 'alert'") == 1)
            // It goes on: nothing more is sent.
            try await world.pass(10, status: 500)
            #expect(try await world.notices("in_app") == ["firing"])
            #expect(try await world.published() == ["firing"])
            try await world.pass(15, status: 200)
            #expect(try await world.alert(id)["state"] == "resolved")
            #expect(try await world.notices("email") == ["firing", "resolved"])
            #expect(try await world.published() == ["firing", "resolved"])
            let history = try await world.send("GET", "/alerts/history?count=true")
            #expect(
                history.json["items"]?.array?.compactMap { $0["state"]?.string } == ["resolved", "firing"] && history.json["total"] == 2)
        }
    }

    @Test(arguments: TestDatabase.all)
    func aRestartInEveryState(kind: TestDatabase) async throws {
        try await Self.with(kind) { world in
            let id = try await world.send("POST", "/alerts", Self.rule).text("id")
            /// The same database, another process: nothing in memory.
            func restarted() -> AnalyticsFeature { world.site.composition.analytics.anew(at: Timestamp(milliseconds: world.time.now)) }
            try await world.pass(3, status: 500)
            #expect(try await world.alert(id)["state"] == "pending")
            let since = try await world.alert(id)["since"]
            world.time.advance(5000)
            let second = restarted()
            try await world.pass(2, status: 500, second)
            #expect(try await world.alert(id)["state"] == "pending")
            #expect(try await world.alert(id)["since"] == since)
            try await world.pass(10, status: 500, second)
            #expect(try await world.alert(id)["state"] == "firing")
            #expect(try await world.notices("in_app") == ["firing"])
            for gap in [5000, 60_000, 600_000] as [Int64] {
                world.time.advance(gap)
                let next = restarted()
                // Without data, then with.
                try await world.pass(2, next)
                try await world.pass(5, status: 500, next)
                #expect(try await world.alert(id)["state"] == "firing")
                #expect(try await world.notices("in_app") == ["firing"])
            }
            let last = restarted()
            // Two processes at once: each moment counts once.
            try await world.pass(16, status: 200, last)
            try await world.analytics.evaluation.evaluate()
            #expect(try await world.alert(id)["state"] == "resolved")
            #expect(try await world.notices("in_app") == ["firing", "resolved"])
        }
    }

    @Test func aSilenceHidesFiringAndNotItsRecord() async throws {
        try await Self.with(.sqlite) { world in
            let id = try await world.send("POST", "/alerts", Self.rule).text("id")
            let until = Timestamp(milliseconds: world.time.now + 150_000)
            let silenced = try await world.send("POST", "/alerts/\(id)/silence", ["until": JSON(until)])
            #expect(silenced.json["silenced_until"] == JSON(until))
            try await world.pass(15, status: 500)
            #expect(try await world.alert(id)["state"] == "firing")
            #expect(try await world.notices("in_app").isEmpty)
            #expect(try await world.published().isEmpty)
            #expect(try await world.send("GET", "/alerts/history").json["items"]?.array?.count == 1)
            // It ends, and the alert still fires.
            try await world.pass(20, status: 500)
            #expect(try await world.notices("in_app") == ["firing"])
            // What was announced is said to be over, silence or not.
            let later = Timestamp(milliseconds: world.time.now + 3_600_000)
            _ = try await world.send("POST", "/alerts/\(id)/silence", ["until": JSON(later)])
            try await world.pass(16, status: 200)
            #expect(try await world.notices("in_app") == ["firing", "resolved"])
            // What was never announced has no end to tell of.
            try await world.pass(16, status: 500)
            try await world.pass(16, status: 200)
            #expect(try await world.notices("in_app") == ["firing", "resolved"])
        }
    }

    @Test func flappingIsToldOnceAndThenTogether() async throws {
        try await Self.with(.sqlite) { world in
            let body: JSON = [
                "name": "Flapping", "expression": "error_rate[5s] > 1%", "channels": ["in_app", "email"], "resolve_after_s": 5,
            ]
            let id = try await world.send("POST", "/alerts", body).text("id")
            for _ in 0..<30 {
                try await world.pass(2, status: 500, count: 2)
                try await world.pass(3, status: 200, count: 2)
            }
            #expect(try await world.send("GET", "/alerts/history?count=true").json["total"] == 60)
            #expect(try await world.notices("email") == ["firing", "resolved", "flapping"])
            #expect(try await world.notices("in_app") == ["firing", "resolved", "firing", "resolved", "flapping"])
            #expect(try await world.published() == ["firing", "resolved", "firing", "resolved"])
            #expect(try await world.alert(id)["flapping"] == true)
            try await world.pass(370, status: 200, count: 1)
            #expect(try await world.notices("email") == ["firing", "resolved", "flapping", "digest"])
            #expect(try await world.published() == ["firing", "resolved", "firing", "resolved", "resolved"])
            #expect(try await world.alert(id)["flapping"] == false)
        }
    }

    @Test func aStateForEachValue() async throws {
        try await Self.with(.sqlite) { world in
            let id = try await world.send(
                "POST", "/alerts", ["name": "Roles", "expression": "errors_api[10s] > 5 by device", "channels": ["in_app"]]
            ).text("id")
            for _ in 0..<5 {
                for _ in 0..<10 {
                    world.analytics.meter.note(MeasureTests.measure(at: world.time.now, status: 500, agent: "Mozilla/5.0 (iPhone) Mobile"))
                    world.analytics.meter.note(MeasureTests.measure(at: world.time.now, status: 200, agent: "Mozilla/5.0 (X11; Linux)"))
                }
                world.time.advance(1000)
                world.analytics.collector.tick()
            }
            world.time.advance(1000)
            world.analytics.collector.tick()
            try await world.analytics.evaluation.evaluate()
            let series = try await world.alert(id)["series"]?.array ?? []
            #expect(series.first { $0["series"] == "mobile" }?["state"] == "firing")
            #expect(series.first { $0["series"] == "desktop" }?["state"] == "ok")
        }
    }

    @Test func rulesAreCheckedAndChanged() async throws {
        try await Self.with(.sqlite) { world in
            let wrong = try await world.send("POST", "/alerts", ["name": "A", "expression": "error_rate > 1ms"])
            #expect(
                wrong.status == 422 && wrong.json["errors"]?[0]?["pointer"] == "/expression" && wrong.json["errors"]?[0]?["code"] == "unit")
            #expect(wrong.json["position"] == 13 && wrong.json["length"] == 3)
            #expect(
                try await world.send("POST", "/alerts", ["name": "A", "expression": "requests > 1", "channels": ["pigeon"]]).status == 422)
            #expect(
                try await world.send("POST", "/alerts", ["name": "A", "expression": "requests > 1", "channels": ["webhook"]]).status == 422)
            for address in [
                "http://127.0.0.1:9/x", "http://localhost/x", "http://[::1]/", "http://169.254.169.254/", "ftp://x", "http://a@b/",
            ] {
                let body: JSON = ["name": "A", "expression": "requests > 1", "channels": ["webhook"], "webhook_url": .string(address)]
                #expect(try await world.send("POST", "/alerts", body).status == 422, "\(address)")
            }
            let made = try await world.send("POST", "/alerts", Self.rule)
            let id = try made.text("id")
            // The same name again changes it.
            let again = try await world.send(
                "POST", "/alerts", ["name": "errors", "expression": "erreurs_api > 100 ET latence_p95 > 500ms"])
            #expect(again.status == 200 && again.json["id"] == made.json["id"] && again.json["version"] == 2)
            let other = try await world.send("POST", "/alerts", ["name": "Other", "expression": "requests > 1"]).text("id")
            #expect(try await world.send("PATCH", "/alerts/\(other)", ["name": "ERRORS"]).code == "name_taken")
            #expect(try await world.send("PATCH", "/alerts/\(other)", ["enabled": false]).json["enabled"] == false)
            #expect(try await world.send("DELETE", "/alerts/\(other)").status == 204)
            #expect(try await world.send("GET", "/alerts").json["items"]?.array?.count == 1)
            #expect(try await world.send("GET", "/alerts/\(id)").status == 200)
            #expect(try await world.send("GET", "/alerts/\(other)").status == 404)
        }
    }

    @Test func theAddressOfAWebhookIsShownToPeopleWhoMayChangeIt() async throws {
        try await Self.with(.sqlite) { world in
            let id = try await world.send("POST", "/alerts", Self.rule).text("id")
            let body: JSON = [
                "name": "Errors", "expression": "requests > 1", "channels": ["webhook"], "webhook_url": "https://1.1.1.1/hook",
            ]
            // An existing alert that gets a webhook shows the new secret, this once.
            let saved = try await world.send("POST", "/alerts", body)
            #expect(saved.status == 200 && saved.json["webhook_secret"]?.string?.hasPrefix("whsec_") == true, "\(saved.json.text)")
            let again = try await world.send("POST", "/alerts", body)
            #expect(again.status == 200 && again.json["webhook_secret"] == nil)
            #expect(try await world.alert(id)["webhook_url"] == "https://1.1.1.1/hook")
            let token = try await world.site.signIn(try await world.site.add(.staff)).bearer
            for path in ["/alerts", "/alerts/\(id)"] {
                let seen = try await world.site.send("GET", path, ["Authorization": "Bearer \(token)"])
                #expect(seen.status == 200 && seen.json.text.contains("Errors") && !seen.json.text.contains("1.1.1.1"))
            }
        }
    }

    @Test(arguments: TestDatabase.all)
    func twoWhoSaveAtOnceMakeOneAlert(kind: TestDatabase) async throws {
        try await Self.with(kind) { world in
            let token = try await world.site.signIn(world.person).bearer
            let save: @Sendable (String) async throws -> TestSite.Answer = { name in
                try await world.site.post("/alerts", ["name": .string(name), "expression": "requests > 1"], as: token)
            }
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for name in ["Same", "same", "SAME", "Same"] { group.addTask { try await save(name).status } }
                return try await group.reduce(into: [Int]()) { $0.append($1) }.sorted()
            }
            #expect(statuses == [200, 200, 200, 201])
            for number in 2...AnalyticsFeature.mostAlerts - 1 {
                let status = try await save("Alert \(number)").status
                #expect(status == 201)
            }
            let last = try await withThrowingTaskGroup(of: TestSite.Answer.self) { group in
                for name in ["One more", "Another"] { group.addTask { try await save(name) } }
                return try await group.reduce(into: [String]()) { $0.append($1.status == 201 ? "" : $1.code) }.sorted()
            }
            #expect(last == ["", "too_many_alerts"])
        }
    }

    @Test func aPreviewTellsWhenItWouldHaveFired() async throws {
        try await Self.with(.sqlite) { world in
            let now = Resolution.minute.start(of: world.time.now)
            try await world.site.database.write { transaction in
                for minute in 1...600 {
                    var window = MeasureWindow()
                    let isBad = (300..<310).contains(minute)
                    for index in 0..<20 {
                        window.add(MeasureTests.measure(at: 0, status: isBad && index < 10 ? 500 : 200), segments: [])
                    }
                    (window.seconds, window.seenSessions) = (60, [])
                    try RollupTable.put(.minute, now - Int64(minute) * 60_000, node: 5, window, in: transaction)
                }
            }
            let answer = try await world.send("POST", "/alerts/preview", ["expression": "error_rate > 1% for 2m", "hours": 12])
            let fires = try #require(answer.json["fires"]?.array)
            #expect(fires.count == 1 && answer.json["has_data"] == true && answer.json["threshold"] == .number(0.01))
            let from = try #require(fires[0]["from"]?.string.flatMap { Timestamp(rfc3339: $0) })
            #expect(abs(now - 307 * 60_000 - from.milliseconds) <= 120_000)
        }
    }

    @Test func deletingWhatFiresSaysThatItIsOver() async throws {
        try await Self.with(.sqlite) { world in
            let id = try await world.send("POST", "/alerts", Self.rule).text("id")
            try await world.pass(15, status: 500)
            #expect(try await world.notices("in_app") == ["firing"])
            #expect(try await world.send("DELETE", "/alerts/\(id)").status == 204)
            #expect(try await world.notices("in_app") == ["firing", "resolved"])
            #expect(try await world.published() == ["firing", "resolved"])
        }
    }
}
