import Authorization
import Database
import HTTP
import Kernel
import SiteSupport
import TestSupport
import Testing

@testable import Media
@testable import Server

/// Edits, hidden titles and merges.
@Suite struct EditingTests {
    private struct Desk {
        let catalogue: CatalogueSite
        let token: String

        static func with(_ kind: TestDatabase, _ body: (Desk) async throws -> Void) async throws {
            try await CatalogueSite.with(kind) { catalogue in
                let admin = try await catalogue.site.add(.admin)
                try await body(Desk(catalogue: catalogue, token: try await catalogue.site.signIn(admin).bearer))
            }
        }

        func send(_ method: String, _ path: String, _ body: JSON? = nil, match: String? = nil) async throws -> TestSite.Answer {
            var headers: HTTPHeaders = ["Authorization": "Bearer \(token)"]
            if let match { headers["If-Match"] = match }
            return try await catalogue.site.send(method, path, headers, body: body?.bytes ?? [])
        }

        func id(_ search: String) async throws -> String {
            try #require(try await catalogue.items("?lang=en&limit=1&search=\(search.asQuery)").first?["id"]?.string)
        }

        func entries(_ action: String) async throws -> Int {
            try await catalogue.site.database.read { try $0.row("SELECT COUNT(*) FROM audit_log WHERE action = \(action)")?.int(0) ?? 0 }
        }
    }

    @Test(arguments: TestDatabase.all) func anEditIsShownUntilItIsRemoved(_ kind: TestDatabase) async throws {
        try await Desk.with(kind) { desk in
            let id = try await desk.id("Raging Bull")
            let changed = try await desk.send(
                "PATCH", "/media/\(id)",
                [
                    "lang": "fr", "title": "Le Taureau enragé", "overview": "Autre résumé.", "runtime_min": 130,
                    "genres": ["sport", "drama"],
                    "released_on": "1980-12-19", "certificate": "12", "country": "FR",
                ])
            try #require(changed.status == 200, "\(changed.json.text.prefix(400))")
            #expect(changed.headers["ETag"] == "\"2\"")
            let french = try await desk.catalogue.page("/\(id)?lang=fr").json
            #expect(french["title"] == "Le Taureau enragé")
            #expect(french["slug"] == "le-taureau-enrage")
            #expect(french["runtime_min"] == 130)
            #expect(french["released_on"] == "1980-12-19")
            #expect(french["certificate"] == "12")
            #expect(french["genres"]?[0]?["id"] == "sport")
            #expect(try await desk.catalogue.page("/\(id)?lang=en").json["title"] == "Raging Bull")
            // Found under both names, and in the genres that it has now.
            #expect(try await desk.catalogue.found("taureau enrage").first == id)
            #expect(try await desk.catalogue.found("raging bull").first == id)
            let biographies = try await desk.catalogue.all("&genre=biography").compactMap { $0["id"]?.string }
            #expect(!biographies.contains(id))
            let list = try await desk.send("GET", "/media/\(id)/overrides").json["items"]?.array ?? []
            #expect(list.count == 6)
            #expect(list.first { $0["field"] == "title" }?["imported"] == "Raging Bull")
            // The same again is no change.
            let same = try await desk.send("PATCH", "/media/\(id)", ["lang": "fr", "title": "Le Taureau enragé"])
            #expect(same.headers["ETag"] == "\"2\"")
            let back = try await desk.send("PATCH", "/media/\(id)", ["lang": "fr", "title": nil, "genres": nil])
            #expect(back.headers["ETag"] == "\"3\"")
            #expect(try await desk.catalogue.page("/\(id)?lang=fr").json["title"] == "Raging Bull")
            #expect(try await desk.catalogue.found("taureau enrage").first != id)
            let removed = try await desk.send("DELETE", "/media/\(id)/overrides/certificate?lang=FR")
            #expect(removed.headers["ETag"] == "\"4\"")
            #expect(try await desk.entries("media.update") == 3)
        }
    }

    @Test(arguments: TestDatabase.all) func onlyTheTeamSeesAHiddenTitle(_ kind: TestDatabase) async throws {
        try await Desk.with(kind) { desk in
            let id = try await desk.id("Alien")
            for _ in 0..<2 { #expect(try await desk.send("POST", "/media/\(id)/hide").status == 200) }
            #expect(try await desk.catalogue.page("/\(id)").status == 404)
            #expect(try await desk.send("GET", "/media/\(id)").status == 200)
            let found = try await desk.catalogue.found("alien")
            #expect(!found.contains(id))
            #expect(try await desk.catalogue.reader.send("GET", "/media/\(id)/poster.svg").status == 404)
            #expect(try await desk.send("POST", "/media/\(id)/unhide").status == 200)
            #expect(try await desk.catalogue.found("alien").first == id)
            #expect(try await desk.entries("media.hide") == 1)
            #expect(try await desk.entries("media.unhide") == 1)
        }
    }

    @Test(arguments: TestDatabase.all) func aMergedTitleRedirectsToTheOther(_ kind: TestDatabase) async throws {
        try await Desk.with(kind) { desk in
            let (one, two, three) = (try await desk.id("Alien"), try await desk.id("Heat"), try await desk.id("Vertigo"))
            let series = try #require(try await desk.catalogue.items("?type=series&limit=1").first?["id"]?.string)
            #expect(try await desk.send("POST", "/media/\(one)/merge", ["into": .string(one)]).status == 422)
            #expect(try await desk.send("POST", "/media/\(one)/merge", ["into": .string(series)]).code == "other_kind")
            #expect(try await desk.send("POST", "/media/\(one)/merge", ["into": "nothing"]).status == 422)
            let merged = try await desk.send("POST", "/media/\(one)/merge", ["into": .string(two)])
            try #require(merged.status == 200, "\(merged.json.text.prefix(300))")
            #expect(merged.json["id"] == .string(two))
            #expect(try await desk.send("POST", "/media/\(one)/merge", ["into": .string(two)]).status == 200)
            #expect(try await desk.send("POST", "/media/\(one)/merge", ["into": .string(three)]).code == "merged")
            #expect(try await desk.catalogue.page("/\(one)").headers["Location"] == "/api/v1/media/\(two)")
            #expect(try await desk.catalogue.found("alien").first == two)
            // The first address leads straight to the last title.
            #expect(try await desk.send("POST", "/media/\(two)/merge", ["into": .string(three)]).status == 200)
            #expect(try await desk.catalogue.page("/\(one)").headers["Location"] == "/api/v1/media/\(three)")
            #expect(try await desk.catalogue.all().count == 962)
        }
    }

    @Test func editsOfATitleHaveALimit() async throws {
        try await Desk.with(.sqlite) { desk in
            let id = try await desk.id("Heat")
            let title = try #require(MediaID(uuid: id))
            try await desk.catalogue.site.database.write { transaction in
                for number in 0..<OverrideTable.most {
                    try transaction.execute(
                        """
                        INSERT INTO media_overrides (media_id, lang, field, value, at)
                        VALUES (\(title), \(number == 0 ? "en" : "x\(number)"), 'title', 'x', 0)
                        """)
                }
            }
            #expect(try await desk.send("PATCH", "/media/\(id)", ["lang": "fr", "title": "y"]).code == "override_limit")
            #expect(try await desk.send("PATCH", "/media/\(id)", ["lang": "en", "title": "y"]).status == 200)
            #expect(try await desk.send("PATCH", "/media/\(id)", ["lang": "en", "title": nil]).status == 200)
            #expect(try await desk.send("PATCH", "/media/\(id)", ["lang": "fr", "title": "y"]).status == 200)
        }
    }

    @Test func invalidEditsAreRefused() async throws {
        try await Desk.with(.sqlite) { desk in
            let id = try await desk.id("Heat")
            let wrong: [JSON] = [
                ["title": ""], ["title": "two\nlines"], ["title": .string(String(repeating: "x", count: 301))], ["genres": ["nothing"]],
                ["genres": []], ["released_on": "1995-02-30"], ["released_on": "yesterday"], ["runtime_min": 0],
                ["lang": "français", "title": "x"],
                ["country": "fr", "certificate": "12"], ["rating": 5], ["overview": .string(String(repeating: "x", count: 5001))],
            ]
            for body in wrong { #expect(try await desk.send("PATCH", "/media/\(id)", body).status == 422, "\(body.text.prefix(80))") }
            #expect(try await desk.send("PATCH", "/media/\(id)", ["title": "x"], match: "\"9\"").status == 412)
            #expect(try await desk.send("DELETE", "/media/\(id)/overrides/nothing").status == 404)
            #expect(try await desk.catalogue.reader.send("PATCH", "/media/\(id)", ["title": "x"]).status == 403)
            #expect(try await desk.catalogue.page("/\(id)").json["version"] == 1)
        }
    }
}
