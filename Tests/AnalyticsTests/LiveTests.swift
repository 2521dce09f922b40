import Authorization
import Bus
import Database
import FeatureKit
import HTTP
import Kernel
import SiteSupport
import Synchronization
import TestSupport
import Testing
import Web

@testable import Analytics
@testable import Server

/// A clock that a test moves.
final class TestClock: Sendable {
    private let milliseconds: Mutex<Int64>

    init(_ milliseconds: Int64 = MeasureTests.start) { self.milliseconds = Mutex(milliseconds) }

    var clock: WallClock { WallClock { Timestamp(milliseconds: self.milliseconds.withLock { $0 }) } }
    func advance(_ delta: Int64) { milliseconds.withLock { $0 += delta } }
    var now: Int64 { milliseconds.withLock { $0 } }
}

/// The API over the real composition.
@Suite struct LiveTests {
    @Test(arguments: TestDatabase.all)
    func aHundredRequestsAreCountedExactly(kind: TestDatabase) async throws {
        let time = TestClock()
        try await TestSite.with(kind, clock: time.clock) { site in
            let reader = try await site.signIn(try await site.add(.staff)).bearer
            let analytics = site.composition.analytics
            try await analytics.begin()
            time.advance(2000)
            analytics.collector.tick()
            let second = Resolution.second.start(of: time.now)
            for index in 1...100 {
                analytics.meter.note(
                    MeasureTests.measure(
                        at: second + 10, microseconds: UInt64(index) * 1000, status: index <= 3 ? 500 : index <= 10 ? 404 : 200,
                        user: Int64(index % 4), route: "/known"))
            }
            time.advance(1400)
            analytics.collector.tick()
            let answer = try await site.send("GET", "/analytics/live?interval=1s&last=5", ["Authorization": "Bearer \(reader)"])
            #expect(answer.status == 200)
            let window = try #require(
                answer.json["windows"]?.array?.first { $0["start"]?.string == Timestamp(milliseconds: second).rfc3339 })
            #expect(window["requests"] == 100 && window["errors"] == 3 && window["client_errors"] == 7)
            #expect(window["error_rate"] == .number(0.03) && window["active_users"] == 4 && window["latency"]?["mean"] == .number(50.5))
            for (name, exact) in [("p50", 50.0), ("p95", 95), ("p99", 99)] {
                let found = try #require(Self.number(window["latency"]?[name]))
                #expect(abs(found - exact) <= exact * 0.02, "\(name): \(found)")
            }
            let endpoint = try #require(answer.json["endpoints"]?.array?.first { $0["route"] == "/known" })
            #expect(endpoint["requests"] == 100 && endpoint["errors"] == 3 && endpoint["method"] == "GET")
            // Filtered by route and by role.
            for filter in ["route=/known", "route=GET%20/known"] {
                let part = try await site.send(
                    "GET", "/analytics/live?interval=1m&filter=\(filter)", ["Authorization": "Bearer \(reader)"])
                #expect(part.json["total"]?["requests"] == 100 && part.json["total"]?["active_users"]?.isNull == true)
            }
            let members = try await site.send(
                "GET", "/analytics/live?interval=5s&filter=role=member", ["Authorization": "Bearer \(reader)"])
            #expect(members.json["total"]?["requests"] == 100 && members.json["total"]?["active_users"] == 4)
            let series = try await site.send("GET", "/analytics/live?interval=5s&by=role", ["Authorization": "Bearer \(reader)"])
            let rows = try #require(series.json["series"]?.array)
            let parts = rows.compactMap { $0["total"]?["requests"]?.integer }.reduce(0, +)
            #expect(parts == series.json["total"]?["requests"]?.integer && rows.contains { $0["value"] == "guest" })
        }
    }

    static func number(_ value: JSON?) -> Double? {
        switch value {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    @Test(arguments: TestDatabase.all)
    func requestsKeyEventsAndRollupsAreKept(kind: TestDatabase) async throws {
        let time = TestClock()
        try await TestSite.with(kind, clock: time.clock) { site in
            let analytics = site.composition.analytics
            try await analytics.begin()
            await site.composition.consumers.consumeCommitted()
            let person = try await site.add(.staff)
            let reader = try await site.signIn(person).bearer
            let headers: HTTPHeaders = ["Authorization": "Bearer \(reader)"]
            let owner = try await site.signIn(try await site.add(.owner)).bearer
            let account: JSON = ["username": "newcomer", "email": "newcomer@site.test", "password": "a passphrase of some length"]
            try #require(try await site.post("/users", account, as: owner).status == 201)
            _ = try await site.send("GET", "/no/such/path/\(site.unique())", headers)
            await site.composition.consumers.consumeCommitted()
            time.advance(1400)
            await analytics.settle()
            let live = try await site.send("GET", "/analytics/live?interval=1m&last=3", headers)
            #expect(live.json["total"]?["events"]?["auth.login"] == 4)
            #expect(live.json["total"]?["events"]?["user.created"] == 3)
            let routes = try #require(live.json["endpoints"]?.array).map { "\($0["method"]?.string ?? "") \($0["route"]?.string ?? "")" }
            #expect(routes.contains("POST /auth/login") && routes.contains("GET unmatched") && !routes.contains { $0.contains("/no/such") })
            let admin = try await site.send("GET", "/analytics/admin", headers)
            #expect(admin.status == 200 && admin.json["today"]?["signups"] == 3)
            #expect(admin.json["now"]?["active_users"] == 2 && admin.json["role_changes"]?.array?.count == 24)
            let events = try await site.send("GET", "/analytics/events?type=auth.login&user=u_\(person.name)&count=true", headers)
            #expect(events.json["total"] == 2 && events.json["items"]?[0]?["user_name"]?.string == person.name)
            // An export needs a permission of its own.
            #expect(try await site.send("GET", "/analytics/events?format=csv", headers).status == 403)
            #expect(try await site.send("GET", "/analytics/live?format=csv", ["Authorization": "Bearer \(owner)"]).status == 200)
            // A new process continues the minute.
            let before = try #require(analytics.store.windows(.minute, from: Resolution.minute.start(of: time.now), count: 1).first?.window)
            await analytics.settle()
            let other = RollupWriter(
                database: site.database, store: WindowStore(begin: Timestamp(milliseconds: time.now)), ordinals: MemberOrdinals(),
                node: site.composition.infrastructure.lease.node, calendar: .local)
            try await other.restore(at: Timestamp(milliseconds: time.now))
            #expect(before.total.requests > 0)
            try await Self.hoursAndDays(site, analytics, time)
            // After erasure no event names the person.
            try await site.database.write { try analytics.erase(person.id, in: $0) }
            #expect(try await site.send("GET", "/analytics/events?user=\(person.id.uuid)&count=true", headers).json["total"] == 0)
        }
    }

    private static func hoursAndDays(_ site: TestSite, _ analytics: AnalyticsFeature, _ time: TestClock) async throws {
        let day = Resolution.day.start(of: time.now) - Resolution.day.milliseconds
        try await site.database.write { transaction in
            for minute in 0..<180 {
                var window = MeasureWindow()
                for user in 0..<3 { window.add(MeasureTests.measure(at: day, user: Int64(minute / 60 + user)), segments: []) }
                (window.seconds, window.seenSessions) = (60, [])
                try RollupTable.put(.minute, day + Int64(minute) * 60_000, node: 0, window, in: transaction)
                // Another node, at the same time.
                try RollupTable.put(.minute, day + Int64(minute) * 60_000, node: 9, window, in: transaction)
            }
        }
        try await analytics.writer.roll(at: Timestamp(milliseconds: time.now))
        try await analytics.writer.roll(at: Timestamp(milliseconds: time.now))
        let (hours, days) = try await site.database.read { transaction in
            (
                try RollupTable.windows(.hour, from: day, to: day + 86_400_000, in: transaction),
                try RollupTable.windows(.day, from: day, to: day + 86_400_000, in: transaction)
            )
        }
        #expect(hours.count == 3 && hours[day]?.total.requests == 360 && hours[day]?.total.members == [0, 1, 2])
        #expect(hours[day]?.seconds == 3600)
        #expect(days[day]?.total.requests == 1080 && days[day]?.total.members == [0, 1, 2, 3, 4])
    }

    @Test func theTopicSendsWindowsAndEvents() async throws {
        let time = TestClock()
        try await TestSite.with(.sqlite, clock: time.clock) { site in
            let analytics = site.composition.analytics
            await site.composition.consumers.consumeCommitted()
            let before = analytics.broker.position(of: "analytics")
            analytics.meter.note(MeasureTests.measure(at: time.now))
            _ = try await site.signIn(try await site.add(.member))
            await site.composition.consumers.consumeCommitted()
            time.advance(1400)
            analytics.collector.tick()
            guard case .events(let told, _) = analytics.broker.replay("analytics", after: before) else {
                Issue.record("no replay")
                return
            }
            let events = try told.map { try JSONParser.parse($0.payload) }
            let windows = events.filter { $0["type"] == "analytics.window" }
            #expect(windows.compactMap { $0["interval"]?.string } == ["1s", "5s", "1m"])
            #expect(windows.first?["window"]?["events"]?["auth.login"] == 2)
            #expect(events.contains { $0["type"] == "analytics.event" && $0["event"]?["event_type"] == "auth.login" })
        }
    }

    @Test func invalidQueriesAreRefused() async throws {
        try await TestSite.with(.sqlite) { site in
            let token = try await site.signIn(try await site.add(.staff)).bearer
            for query in ["interval=2s", "last=0", "last=5000", "filter=nothing", "filter=role=mod&by=role", "by=colour", "compare=ever"] {
                let answer = try await site.send("GET", "/analytics/live?\(query)", ["Authorization": "Bearer \(token)"])
                #expect(answer.status == 422, "\(query): \(answer.status)")
            }
        }
    }

    @Test func cellsOfAFileAreNoFormulas() {
        let file = CSVFile.reply(["a", "b"], [[.string("=cmd()"), .null], [.integer(-1), .string("x")]], named: "test")
        #expect(String(decoding: file.body, as: UTF8.self) == "a,b\r\n\"'=cmd()\",\r\n\"'-1\",x\r\n")
    }

    /// Nobody fills the disk by writing messages: a day has a limit for each type.
    @Test(arguments: TestDatabase.all) func aDayKeepsALimitedNumberOfEachType(kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let day = Resolution.day.start(of: MeasureTests.start)
            let kept = try await site.database.write { transaction in
                try [(0, "a"), (1, "a"), (2, "a"), (3, "b"), (86_400_000, "a")].map { delta, type in
                    let event = AnalyticsEvent(
                        id: site.composition.analytics.ids.next(), type: type, user: nil, session: nil, metadata: [:],
                        at: Timestamp(milliseconds: day + Int64(delta)))
                    return try EventTable.add(event, limit: 2, in: transaction)
                }
            }
            #expect(kept == [true, true, false, true, true])
            #expect(try await site.database.read { try EventTable.count("event_type IN ('a', 'b')", in: $0) } == 4)
            _ = try await site.database.write { try EventTable.forget(before: day + 2 * 86_400_000, in: $0) }
            let days = try await site.database.read { try $0.row("SELECT COUNT(*) FROM analytics_days WHERE day < \(day + 1)")?.int(0) }
            #expect(days == 0)
        }
    }

    /// In India a day begins at half past an hour of UTC: no hour may count twice, and none half.
    @Test(arguments: TestDatabase.all) func aDayMayBeginBetweenTwoHours(kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let day = Resolution.day.start(of: MeasureTests.start) + 1_800_000
            let requests = try await site.database.write { transaction -> Int? in
                for minute in -60..<180 {
                    var window = MeasureWindow()
                    window.add(MeasureTests.measure(at: day), segments: [])
                    window.seconds = 60
                    try RollupTable.put(.minute, day + Int64(minute) * 60_000, node: 0, window, in: transaction)
                }
                for hour: Int64 in [-1, 0, 1] {
                    let start = day - 1_800_000 + hour * 3_600_000
                    guard let sum = try RollupTable.sum(.minute, from: start, to: start + 3_600_000, in: transaction) else { continue }
                    try RollupTable.put(.hour, start, node: 0, sum, in: transaction)
                }
                return try RollupTable.sum(from: day, to: day + 86_400_000, in: transaction)?.total.requests
            }
            #expect(requests == 180)
        }
    }
}
