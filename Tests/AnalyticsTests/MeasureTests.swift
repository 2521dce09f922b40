import Kernel
import Seeded
import Testing
import Web

@testable import Analytics

/// Measures and windows without a site.
@Suite struct MeasureTests {
    /// A request that ended at a moment.
    static func measure(
        at milliseconds: Int64, microseconds: UInt64 = 1000, status: Int = 200, user: Int64? = nil, route: String = "/users",
        agent: String = "", client: String? = nil
    ) -> RequestMeasure {
        RequestMeasure(
            method: "GET", route: route, status: status, nanoseconds: microseconds * 1000, user: user.map { UserID(rawValue: $0) },
            session: user.map { SessionID(rawValue: $0 + 1_000_000) }, rank: 10, userAgent: agent, client: client,
            at: Timestamp(milliseconds: milliseconds))
    }

    static let start: Int64 = 1_790_000_040_000
    static func time(_ milliseconds: Int64) -> Timestamp { Timestamp(milliseconds: start + milliseconds) }

    @Test func bucketsHoldTheirMiddleWithinTwoPercent() {
        for value in [0, 1, 31, 32, 33, 63, 64, 100, 999, 1000, 123_456, 4_294_967_295] as [UInt32] {
            let middle = LatencyHistogram.middle(of: LatencyHistogram.bucket(of: value))
            #expect(abs(middle - Double(value)) <= Double(value) * 0.016, "\(value) → \(middle)")
        }
        #expect(LatencyHistogram.bucket(of: .max) < 900)
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func mergedPercentilesAreExactWithinTwoPercent(seed: UInt64) {
        var random = SeededRandom(seed)
        var (histograms, values): ([LatencyHistogram], [UInt64]) = ([LatencyHistogram(), LatencyHistogram()], [])
        for index in 0..<Int.random(in: 1...3000, using: &random) {
            // Two nodes: one of some milliseconds, one of about a second.
            let half = index % 2
            let value = half == 0 ? UInt64.random(in: 50...20_000, using: &random) : UInt64.random(in: 800_000...1_200_000, using: &random)
            histograms[half].add(microseconds: value)
            values.append(value)
        }
        var merged = histograms[0]
        merged.merge(histograms[1])
        values.sort()
        #expect(merged.count == values.count)
        for share in [0.5, 0.95, 0.99] {
            let exact = Double(values[max(0, Int((share * Double(values.count)).rounded(.up)) - 1)])
            let found = merged.quantile(share) ?? -1
            #expect(abs(found - exact) <= exact * 0.02, "p\(share): \(found), not \(exact)")
        }
        var other = histograms[1]
        other.merge(histograms[0])
        #expect(other == merged)
    }

    @Test func aClosedSecondIsInItsLargerWindows() throws {
        let store = WindowStore(begin: Self.time(0)) { (7, $0.count) }
        store.add([
            Self.measure(at: Self.start + 100, microseconds: 2000, user: 1), Self.measure(at: Self.start + 999, status: 500, user: 2),
            Self.measure(at: Self.start + 1000, status: 404), Self.measure(at: Self.start + 4999, status: 503, user: 1),
        ])
        // A second stays open for 300 ms after its end.
        #expect(store.close(at: Self.time(1299)).isEmpty)
        #expect(store.close(at: Self.time(1300)).map(\.resolution) == [.second, .five, .minute])
        let first = try #require(store.windows(.second, from: Self.start, count: 1).first)
        let window = try #require(first.window)
        #expect((window.total.requests, window.total.errors, window.total.clientErrors) == (2, 1, 0))
        #expect(window.total.errorRate == 0.5 && window.total.members == [1, 2] && !first.isPartial)
        #expect((window.sockets, window.sessions) == (7, 2))
        #expect(store.windows(.five, from: Self.start, count: 1).first?.isPartial == true)
        _ = store.close(at: Self.time(5300))
        let five = try #require(store.windows(.five, from: Self.start, count: 1).first)
        #expect(!five.isPartial)
        #expect((five.window?.total.requests, five.window?.total.errors, five.window?.total.clientErrors) == (4, 2, 1))
        #expect(five.window?.total.members == [1, 2] && five.window?.sessions == 2)
        // The seconds add up to the five seconds.
        var sum = MeasureWindow()
        for placed in store.windows(.second, from: Self.start, count: 5) { sum.merge(try #require(placed.window)) }
        #expect(sum.total == five.window?.total && sum.endpoints == five.window?.endpoints && sum.segments == five.window?.segments)
    }

    @Test func aLateMeasureChangesClosedWindows() {
        let store = WindowStore(begin: Self.time(0))
        _ = store.close(at: Self.time(70_300))
        store.add([Self.measure(at: Self.start + 3500)])
        let changes = store.close(at: Self.time(70_400))
        #expect(changes.map(\.start) == [Self.start + 3000, Self.start, Self.start])
        #expect(changes.allSatisfy { !$0.isOpen })
        for resolution in [Resolution.second, .five, .minute] {
            let start = resolution.start(of: Self.start + 3500)
            #expect(store.windows(resolution, from: start, count: 1).first?.window?.total.requests == 1)
        }
    }

    @Test func unknownIsNullAndQuietIsZero() throws {
        let store = WindowStore(begin: Self.time(0))
        _ = store.close(at: Self.time(2300))
        // The first window is before the start of the process; the second one had no requests.
        let windows = store.windows(.second, from: Self.start - 1000, count: 2)
        let (before, quiet) = (LiveView.window(windows[0], nil), LiveView.window(windows[1], nil))
        #expect(before["requests"]?.isNull == true && before["events"]?.isNull == true && before["partial"] == true)
        #expect(quiet["requests"] == 0 && quiet["errors"] == 0 && quiet["partial"] == false)
        #expect(
            quiet["error_rate"]?.isNull == true && quiet["latency"]?["p95"]?.isNull == true && quiet["latency"]?["mean"]?.isNull == true)
    }

    @Test func aMachineThatSleptMeasuredNothing() {
        let store = WindowStore(begin: Self.time(0))
        _ = store.close(at: Self.time(5300))
        _ = store.close(at: Self.time(3_605_300))
        #expect(store.windows(.second, from: Self.start + 4000, count: 1).first?.window != nil)
        #expect(store.windows(.second, from: Self.start + 3_600_000, count: 1).first?.window == nil)
    }

    @Test func packingLosesNothing() throws {
        var window = MeasureWindow()
        for index in 0..<500 {
            let agent = index % 2 == 0 ? "Mozilla/5.0 (X11; Linux x86_64) Firefox/140" : "Mozilla/5.0 (iPhone) Mobile"
            let measure = Self.measure(
                at: Self.start, microseconds: UInt64(index * index), status: index % 7 == 0 ? 500 : 200, user: Int64(index % 60),
                route: "/route/\(index % 9)", agent: agent, client: "web/1.\(index % 3)")
            var names = SegmentNames()
            names.roles = [10: "member"]
            window.add(measure, segments: names.segments(of: measure))
        }
        (window.seenSessions, window.sockets, window.sessions, window.seconds) = ([], 12, 9, 60)
        window.events = ["auth.login": 3, "message.created": 40]
        let packed = RollupCodec.pack(window)
        #expect(RollupCodec.unpack(packed) == window)
        #expect(packed.count < 8000)
        for end in stride(from: 0, to: packed.count, by: 37) { _ = RollupCodec.unpack(Array(packed[..<end])) }
        #expect(RollupCodec.unpack([1, 2, 3]) == nil)
    }

    @Test func devicesAreRecognized() {
        let agents: [(String, ClientClass)] = [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", .desktop),
            ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148 Safari/604.1", .mobile),
            ("Mozilla/5.0 (Linux; Android 14; SM-X710) Chrome/130.0 Safari/537.36", .tablet),
            ("Mozilla/5.0 (Linux; Android 14; Pixel 8) Chrome/130.0 Mobile Safari/537.36", .mobile),
            ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", .bot),
            ("Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/130.0 Safari/537.36", .bot), ("", .other), ("curl/8.5.0", .bot),
        ]
        for (agent, expected) in agents { #expect(ClientClass(userAgent: agent) == expected, "\(agent)") }
        #expect(ClientClass.version("web/1.2.3") == "web/1.2.3" && ClientClass.version("a b") == nil && ClientClass.version("") == nil)
    }

    @Test func clientsCannotCreateManySeries() {
        let store = WindowStore(begin: Self.time(0))
        store.add((0..<200).map { Self.measure(at: Self.start, client: "app/\($0)") })
        _ = store.close(at: Self.time(1300))
        let segments = store.windows(.second, from: Self.start, count: 1).first?.window?.segments ?? [:]
        let versions = segments.filter { $0.key.dimension == .version }
        #expect(versions.count == 21 && versions.values.reduce(0) { $0 + $1.requests } == 200)
        #expect(segments[Segment(dimension: .version, value: "other")]?.requests == 180)
    }

    @Test func daysBeginInTheTimeZoneOfTheSite() {
        // Paris: summer time ended on 25 October 2026 at 01:00 UTC.
        let change = Timestamp(rfc3339: "2026-10-25T01:00:00Z")?.milliseconds ?? 0
        let paris = SiteCalendar { $0 < change ? 7_200_000 : 3_600_000 }
        func time(_ text: String) -> Int64 { Timestamp(rfc3339: text)?.milliseconds ?? 0 }
        #expect(paris.day(of: time("2026-10-24T22:30:00Z")) == time("2026-10-24T22:00:00Z"))
        #expect(paris.day(of: time("2026-10-25T22:59:00Z")) == time("2026-10-24T22:00:00Z"))
        #expect(paris.next(after: time("2026-10-24T22:00:00Z")) == time("2026-10-25T23:00:00Z"))
        #expect(paris.previous(before: time("2026-10-25T23:00:00Z")) == time("2026-10-24T22:00:00Z"))
        let tehran = SiteCalendar { _ in 12_600_000 }
        #expect(tehran.day(of: time("2026-11-28T21:00:00Z")) == time("2026-11-28T20:30:00Z"))
    }
}
