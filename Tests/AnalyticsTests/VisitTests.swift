import Authorization
import Database
import HTTP
import Kernel
import SiteSupport
import TestSupport
import Testing

@testable import Analytics
@testable import Server

/// What the site snippet reports, over the real composition.
@Suite struct VisitTests {
    static let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
    static let chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36"

    struct Shop: Sendable {
        let site: TestSite
        let time: TestClock
        let reader: Person

        /// From the address 203.0.113.`host`.
        func send(
            _ page: String, _ events: [JSON], agent: String = firefox, host: Int = 7, origin: String? = "https://shop.example",
            extra: HTTPHeaders = [:], type: String = "text/plain;charset=UTF-8"
        ) async throws -> TestSite.Answer {
            var headers: HTTPHeaders = ["User-Agent": agent, "X-Forwarded-For": "203.0.113.\(host)"]
            if let origin { headers["Origin"] = origin }
            for field in extra { headers[field.name] = field.value }
            let body: JSON = ["page": .string(page), "events": .array(events)]
            return try await site.send("POST", "/analytics/collect", headers, body: body.bytes, type: type)
        }

        func view(_ number: Int = 0, _ path: String = "/", age: Int = 0, referrer: String? = nil) -> JSON {
            ["n": JSON(number), "type": "view", "age": JSON(age), "path": .string(path), "referrer": JSON(referrer)]
        }

        func figures(_ query: String = "") async throws -> JSON {
            let token = try await site.signIn(reader).bearer
            return try await site.send("GET", "/analytics/visits\(query)", ["Authorization": "Bearer \(token)"]).json
        }
    }

    static func with(_ kind: TestDatabase, settings: [String: String] = [:], _ body: (Shop) async throws -> Void) async throws {
        let time = TestClock()
        // TestSite sends every request from an address of its own below this network.
        let basic = ["snippet-origins": "https://shop.example", "trusted-proxies": "2001:db8::/32"]
        try await TestSite.with(kind, settings: basic.merging(settings) { $1 }, clock: time.clock) { site in
            let reader = try await site.add(.staff)
            try await site.composition.analytics.begin()
            try await body(Shop(site: site, time: time, reader: reader))
        }
    }

    @Test(arguments: TestDatabase.all)
    func viewsVisitsAndVisitorsAreCounted(kind: TestDatabase) async throws {
        try await Self.with(kind) { shop in
            let first = shop.view(0, "/film?utm_source=letter&token=secret#top", referrer: "www.search.example")
            #expect(try await shop.send("loaded01", [first, shop.view(1, "/cart")]).status == 204)
            // The same again counts nothing; what is new in it does.
            #expect(try await shop.send("loaded01", [first, shop.view(2, "/cart")]).status == 204)
            // The same visitor on another page within half an hour, and another one of the same network with another browser.
            #expect(try await shop.send("loaded02", [shop.view(0, "/cart", referrer: "shop.example")]).status == 204)
            #expect(try await shop.send("loaded03", [shop.view()], agent: Self.chrome, host: 8).status == 204)
            let now = try await shop.figures()
            #expect(now["views"] == 5 && now["visits"] == 2 && now["visitors"] == 2)
            #expect(now["paths"]?[0]?["value"] == "/cart" && now["paths"]?[0]?["count"] == 3)
            #expect(now["paths"]?.array?.contains { $0["value"] == "/film" } == true && !now.text.contains("secret"))
            #expect(now["referrers"]?.array?.count == 1 && now["referrers"]?[0]?["value"] == "search.example")
            #expect(now["sources"]?[0]?["value"] == "letter" && now["browsers"]?.array?.count == 2)
            // After half an hour it is another visit of the same visitor.
            shop.time.advance(1_900_000)
            #expect(try await shop.send("loaded04", [shop.view()]).status == 204)
            let later = try await shop.figures()
            #expect(later["visits"] == 3 && later["visitors"] == 2 && later["days"]?.array?.count == 7)
            // The windows and the key events have them, too.
            let events = try await shop.site.database.read { transaction in
                try transaction.rows("SELECT DISTINCT session_id FROM analytics_events WHERE event_type = 'page.view'").count
            }
            #expect(events == 3)
        }
    }

    @Test(arguments: TestDatabase.all)
    func midnightSplitsNobodyAndKeysAreDestroyed(kind: TestDatabase) async throws {
        try await Self.with(kind) { shop in
            let midnight = shop.time.now.floored(to: 86_400_000) + 86_400_000
            shop.time.advance(midnight - shop.time.now - 60_000)
            #expect(try await shop.send("loaded01", [shop.view()]).status == 204)
            shop.time.advance(120_000)
            #expect(try await shop.send("loaded02", [shop.view()]).status == 204)
            #expect(try await shop.figures()["visits"] == 1)
            let keys = { () async throws -> Int in try await shop.site.count("analytics_visitor_keys") }
            #expect(try await keys() == 1)
            shop.time.advance(86_400_000)
            #expect(try await shop.send("loaded03", [shop.view()]).status == 204)
            shop.time.advance(86_400_000)
            let now = Timestamp(milliseconds: shop.time.now)
            try await shop.site.database.write { try VisitTable.forget(at: now, in: $0) }
            #expect(try await keys() == 1)
            #expect(try await shop.site.count("analytics_visitors") == 1)
            // The figures stay.
            #expect(try await shop.figures()["visitors"] == 2)
        }
    }

    @Test func whoAsksNotToBeCountedIsNot() async throws {
        try await Self.with(.sqlite) { shop in
            for extra in [["Sec-GPC": "1"], ["DNT": "1"]] as [HTTPHeaders] {
                #expect(try await shop.send("loaded01", [shop.view()], extra: extra).status == 204)
            }
            #expect(try await shop.send("loaded02", [shop.view()], agent: "Examplebot/1.0").status == 204)
            #expect(try await shop.figures()["views"] == 0)
            #expect(try await shop.site.count("analytics_page_loads") == 0)
            for origin in ["https://other.example", "null", "https://shop.example.evil.example", nil] {
                let answer = try await shop.send("loaded03", [shop.view()], origin: origin)
                #expect(answer.status == 403 && answer.code == "origin")
            }
            // The site's own pages may.
            #expect(try await shop.send("loaded04", [shop.view()], origin: "https://site.test").status == 204)
            #expect(try await shop.figures()["views"] == 1)
        }
    }

    @Test func reportsAreBounded() async throws {
        try await Self.with(.sqlite) { shop in
            let wrong: [[JSON]] = [
                [], Array(repeating: shop.view(), count: 51), [["n": 1000, "type": "view", "age": 0, "path": "/"]],
                [["n": 0, "type": "view", "age": 86_400_001, "path": "/"]], [["n": 0, "type": "view", "age": -1, "path": "/"]],
                [["n": 0, "type": "vital", "age": 0, "path": "/", "name": "FPS", "value": 1]],
                [["n": 0, "type": "vital", "age": 0, "path": "/", "name": "LCP", "value": "fast"]],
                [["n": 0, "type": "event", "age": 0, "path": "/", "name": "buy", "data": ["deep": ["er": 1]]]],
                [
                    [
                        "n": 0, "type": "event", "age": 0, "path": "/", "name": "buy",
                        "data": ["text": .string(String(repeating: "x", count: 1100))],
                    ]
                ],
                [["n": 0, "type": "view", "age": 0, "path": "/", "cookie": "x"]], [["n": 0, "type": "view", "age": 0]],
            ]
            for events in wrong {
                #expect(try await shop.send("loaded01", events).status == 422, "\(JSON.array(events).text.prefix(200))")
            }
            #expect(try await shop.send("UPPER-CASE", [shop.view()]).status == 422)
            #expect(try await shop.send("loaded01", [shop.view()], type: "application/x-www-form-urlencoded").status == 415)
            // Five errors of a page, however many it has; control characters are spaces.
            let errors = (0..<9).map { number -> JSON in
                ["n": JSON(number), "type": "error", "age": 0, "path": "/", "message": "boom\u{7}at\nline", "source": "app.js:3"]
            }
            #expect(try await shop.send("loaded02", errors).status == 204)
            let vitals = (0..<8).map { number -> JSON in
                ["n": JSON(20 + number), "type": "vital", "age": 0, "path": "/", "name": "LCP", "value": JSON(number * 100)]
            }
            let shift: JSON = ["n": 40, "type": "vital", "age": 0, "path": "/", "name": "CLS", "value": .number(0.05)]
            let own: JSON = ["n": 41, "type": "event", "age": 500, "path": "/", "name": "buy", "data": ["price": 12, "gift": true]]
            #expect(try await shop.send("loaded02", vitals + [shift, own]).status == 204)
            let figures = try await shop.figures("?days=1&limit=5")
            #expect(figures["errors"] == 5 && figures["messages"]?[0]?["value"] == "boom at line" && figures["messages"]?[0]?["count"] == 5)
            #expect(figures["vitals"]?["lcp"]?["count"] == 8 && figures["events"]?[0]?["value"] == "buy")
            let typical = try #require(LiveTests.number(figures["vitals"]?["lcp"]?["p75"]))
            #expect(abs(typical - 500) <= 10)
            let moved = try #require(LiveTests.number(figures["vitals"]?["cls"]?["p75"]))
            #expect(abs(moved - 0.05) <= 0.002)
        }
    }

    @Test func aDayHasAThousandValuesAndTheRest() async throws {
        try await Self.with(.sqlite) { shop in
            try await shop.site.database.write { transaction in
                for index in 0..<1003 {
                    try VisitTable.add([VisitTable.Count(kind: "path", value: "/\(index)"): 1], day: 0, in: transaction)
                }
                let rows = try transaction.row("SELECT COUNT(*) FROM analytics_page_counts WHERE kind = 'path'")?.int(0)
                #expect(rows == 1001)
                #expect(try VisitTable.top("path", since: 0, limit: 1, in: transaction).first?.count == 3)
            }
        }
    }

    @Test func oneAddressIsLimited() async throws {
        try await Self.with(.sqlite, settings: ["rate-limit": "true"]) { shop in
            var refused = 0
            for number in 0..<70 where try await shop.send("loaded01", [shop.view(number)]).status == 429 { refused += 1 }
            #expect((8...10).contains(refused))
            // Another one is not.
            #expect(try await shop.send("loaded02", [shop.view()], host: 9).status == 204)
        }
    }

    @Test(arguments: [
        ("/a?utm_source=x&b=1", "/a", ["source"]), ("/a", "/a", []), ("a/b", "/", []), ("/a?utm_source=%zz", "/a", []),
        ("/a#b?utm_source=x", "/a", []), ("/?utm_medium=mail&utm_medium=other", "/", ["medium"]),
        ("/a?utm_source=%00&utm_term=%00x", "/a", ["term"]),
    ])
    func addressesAreCut(address: String, path: String, names: [String]) {
        let (found, campaign) = PageAddress.split(address)
        #expect(found == path && campaign.map(\.0) == names)
    }
}
