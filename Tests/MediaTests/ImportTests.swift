import Authorization
import Database
import FeatureKit
import HTTP
import Kernel
import SiteSupport
import TestSupport
import Testing

@testable import Media
@testable import Server

/// Imports of titles from files.
@Suite struct ImportTests {
    private static let table = #"""
        Type;Titre;Year;Director;Genres;Durée;IMDb ID
        film;Le Titre nouveau;2031;Quelqu’un d’Autre;"Drame, Policier";95;tt99999901
        film;"Un titre; avec des ""guillemets""";2032;Une Autre;Comédie, Inconnu;100;
        film;Raging Bull;1980;;;131;
        film;;2030;;;;
        film;Mauvaise année;deux mille;;;;
        film;Le Titre nouveau;2031;;;;

        """#

    private struct Bench {
        let site: TestSite
        let token: String

        func send(_ method: String, _ path: String, _ body: String = "", type: String = "application/json") async throws -> TestSite.Answer
        {
            try await site.send(method, path, ["Authorization": "Bearer \(token)"], body: Array(body.utf8), type: type)
        }

        /// Runs the import's job to its end.
        func run(_ id: String) async throws {
            let number = try #require(RowID(uuid: id))
            while try await site.composition.media.importJob.step(number) {}
        }
    }

    private static func with(_ kind: TestDatabase, starter: Bool = true, _ body: (Bench) async throws -> Void) async throws {
        try await TestSite.with(kind, settings: ["starter-catalogue": starter ? "true" : "false"]) { site in
            try await body(Bench(site: site, token: try await site.signIn(try await site.add(.admin)).bearer))
        }
    }

    @Test(arguments: TestDatabase.all) func aTableIsCheckedMappedAndWritten(_ kind: TestDatabase) async throws {
        try await Self.with(kind) { bench in
            let brought = try await bench.send("POST", "/media/import", Self.table, type: "text/csv")
            try #require(brought.status == 202, "\(brought.json.text.prefix(400))")
            let id = try brought.text("id")
            #expect(brought.json["total"] == 6)
            #expect(brought.json["invalid"] == 3)
            #expect(brought.json["mapping"]?["title"] == "Titre")
            #expect(brought.json["mapping"]?["runtime_min"] == "Durée")
            let preview = brought.json["preview"]?.array ?? []
            #expect(preview[2]["media_id"]?.string != nil)
            #expect(preview[0]["media_id"]?.isNull == true)
            #expect(preview[1]["unknown_genres"]?[0] == "Inconnu")
            #expect(preview[5]["faults"]?[0]?["code"] == "duplicate")
            #expect(try await bench.send("POST", "/media/import/\(id)/commit").code == "invalid_rows")
            // Without the column of years the fifth row is right.
            let mapped = try await bench.send("PATCH", "/media/import/\(id)", #"{"mapping": {"directors": null}}"#)
            #expect(mapped.json["mapping"]?["directors"] == nil)
            #expect(try await bench.send("PATCH", "/media/import/\(id)", #"{"mapping": {"title": "Nothing"}}"#).status == 422)
            let again = try await bench.send("PATCH", "/media/import/\(id)", #"{"mapping": {"directors": "Director"}}"#)
            #expect(again.json["invalid"] == 3)
            #expect(try await bench.send("POST", "/media/import/\(id)/commit", #"{"skip_invalid": true}"#).status == 202)
            #expect(try await bench.send("POST", "/media/import/\(id)/commit").code == "import_started")
            try await bench.run(id)
            let done = try await bench.send("GET", "/media/import/\(id)").json
            #expect(done["state"] == "done")
            #expect(done["added"] == 2)
            #expect(done["updated"] == 1)
            let found = try await bench.send("GET", "/media?search=\("le titre nouveau".asQuery)").json["items"]?[0]
            #expect(found?["year"] == 2031)
            #expect(found?["genres"]?.array?.count == 2)
            let bull = try await bench.send("GET", "/media?search=raging%20bull").json["items"]?[0]
            #expect(bull?["runtime_min"] == 131)
            let invalid = try await bench.send("GET", "/media/import/\(id)/rows?invalid=true&count=true").json
            #expect(invalid["total"] == 3)
        }
    }

    @Test(arguments: TestDatabase.all) func aSecondRunAddsNothing(_ kind: TestDatabase) async throws {
        try await Self.with(kind, starter: false) { bench in
            let list = #"""
                [{"kind": "film", "title": {"original": "Ett drama", "fr": "Un drame", "en": "A drama"}, "year": 2001, "genres": ["drama"],
                  "cast": ["Somebody", "Somebody Else"], "keywords": ["sea"], "tmdb_id": 7, "overview": {"fr": "Résumé.", "en": "Summary."}},
                 {"kind": "series", "title": "Ett drama", "year": 2001, "tmdb_id": 7}]
                """#
            for run in 0..<2 {
                let id = try await bench.send("POST", "/media/import", list).text("id")
                #expect(try await bench.send("POST", "/media/import/\(id)/commit").status == 202)
                // As after a crash: what is written is not written again.
                _ = try await bench.site.composition.media.importJob.step(try #require(RowID(uuid: id)))
                try await bench.run(id)
                let done = try await bench.send("GET", "/media/import/\(id)").json
                #expect(done["added"] == (run == 0 ? 2 : 0), "\(done.text)")
                #expect(done["unchanged"] == (run == 0 ? 0 : 2), "\(done.text)")
            }
            #expect(try await bench.site.count("media") == 2)
            #expect(try await bench.site.count("people") == 2)
        }
    }

    @Test func editsSurviveAnImport() async throws {
        try await Self.with(.sqlite, starter: false) { bench in
            func bring(_ title: String) async throws {
                let id = try await bench.send(
                    "POST", "/media/import", #"[{"title_en": "\#(title)", "original_title": "One", "year": 2001, "imdb_id": "tt1234567"}]"#
                )
                .text("id")
                #expect(try await bench.send("POST", "/media/import/\(id)/commit").status == 202)
                try await bench.run(id)
            }
            try await bring("Imported")
            let id = try #require(try await bench.send("GET", "/media").json["items"]?[0]?["id"]?.string)
            #expect(try await bench.send("PATCH", "/media/\(id)", #"{"lang": "en", "title": "Written"}"#).status == 200)
            try await bring("Imported anew")
            #expect(try await bench.send("GET", "/media/\(id)?lang=en").json["title"] == "Written")
            #expect(try await bench.send("DELETE", "/media/\(id)/overrides/title?lang=en").status == 200)
            #expect(try await bench.send("GET", "/media/\(id)?lang=en").json["title"] == "Imported anew")
        }
    }

    @Test(arguments: TestDatabase.all) func importsOfOnePersonAreLimited(_ kind: TestDatabase) async throws {
        try await Self.with(kind, starter: false) { bench in
            let file = #"[{"title": "x"}]"#
            let answers = try await withThrowingTaskGroup(of: TestSite.Answer.self) { group in
                for _ in 0..<8 { group.addTask { try await bench.send("POST", "/media/import", file) } }
                return try await group.reduce(into: [TestSite.Answer]()) { $0.append($1) }
            }
            let open = answers.filter { $0.status == 202 }
            #expect(open.count == 3)
            #expect(answers.filter { $0.code == "open_imports" }.count == 5)
            for answer in open { #expect(try await bench.send("POST", "/media/import/\(answer.text("id"))/cancel").status == 200) }
            for _ in 0..<6 {
                let id = try await bench.send("POST", "/media/import", file).text("id")
                #expect(try await bench.send("POST", "/media/import/\(id)/cancel").status == 200)
            }
            // The sixth deleted the older ones and was cancelled itself.
            #expect(try await bench.site.count("media_imports") == ImportRoutes.mostEnded + 1)
            #expect(try await bench.site.count("media_import_rows") == ImportRoutes.mostEnded + 1)
        }
    }

    @Test func anImportLeavesHiddenTitlesHidden() async throws {
        try await Self.with(.sqlite, starter: false) { bench in
            func bring() async throws -> JSON {
                let id = try await bench.send("POST", "/media/import", #"[{"title": "One", "year": 2001}]"#).text("id")
                #expect(try await bench.send("POST", "/media/import/\(id)/commit").status == 202)
                try await bench.run(id)
                return try await bench.send("GET", "/media/import/\(id)").json
            }
            #expect(try await bring()["added"] == 1)
            let id = try #require(try await bench.send("GET", "/media").json["items"]?[0]?["id"]?.string)
            #expect(try await bench.send("POST", "/media/\(id)/hide").status == 200)
            #expect(try await bring()["unchanged"] == 1)
            #expect(try await bench.site.count("media") == 1)
        }
    }

    @Test(arguments: TestDatabase.all) func textsThatNoDatabaseStoresAreRefused(_ kind: TestDatabase) async throws {
        try await Self.with(kind, starter: false) { bench in
            let file = #"[{"title": "One", "overview": "a\u0000b"}, {"title": "Two", "countries": ["\u0000A", "fr"]}]"#
            let brought = try await bench.send("POST", "/media/import", file)
            #expect(brought.json["invalid"] == 1)
            #expect(brought.json["preview"]?[0]?["faults"]?[0]?["code"] == "control_character")
            let id = try brought.text("id")
            #expect(try await bench.send("POST", "/media/import/\(id)/commit", #"{"skip_invalid": true}"#).status == 202)
            try await bench.run(id)
            #expect(try await bench.send("GET", "/media/import/\(id)").json["added"] == 1)
        }
    }

    @Test func longNamesOfNestedObjectsAreNoColumns() async throws {
        try await Self.with(.sqlite, starter: false) { bench in
            let long = String(repeating: "n", count: 90)
            let file = #"[{"title": "One", "facts": {"year": 2001, "\#(long)": {"\#(long)": 1}}}]"#
            let brought = try await bench.send("POST", "/media/import", file)
            #expect(brought.json["columns"] == ["facts_year", "title"])
        }
    }

    @Test func anErasedPersonHasNoImports() async throws {
        try await TestSite.with(.sqlite, settings: ["starter-catalogue": "false"]) { site in
            let admin = try await site.add(.admin)
            let bench = Bench(site: site, token: try await site.signIn(admin).bearer)
            #expect(try await bench.send("POST", "/media/import", #"[{"title": "x"}]"#).status == 202)
            let features = site.composition.features
            try await site.database.write { try features.erase(admin.id, in: $0) }
            #expect(try await site.count("media_imports") == 0)
            #expect(try await site.count("media_import_rows") == 0)
        }
    }

    @Test func invalidFilesAreRefused() async throws {
        try await Self.with(.sqlite, starter: false) { bench in
            for (body, type, code) in [
                ("", "text/csv", "empty_file"), ("title", "text/csv", "empty_file"), ("title\n\"open", "text/csv", "invalid_file"),
                ("[]", "application/json", "empty_file"), ("[1]", "application/json", "invalid_file"),
                ("{}", "application/json", "empty_file"),
                (String(repeating: "a,", count: 200) + "\n1", "text/csv", "invalid_file"),
                ("title\n" + String(repeating: "x", count: 20_001), "text/csv", "invalid_file"),
                ("title\n" + String(repeating: "x\n", count: 10_001), "text/csv", "too_many_rows"),
            ] {
                #expect(try await bench.send("POST", "/media/import", body, type: type).code == code, "\(body.prefix(30))")
            }
            #expect(try await bench.send("POST", "/media/import", "<x/>", type: "text/xml").status == 415)
            for _ in 0..<3 { #expect(try await bench.send("POST", "/media/import", #"[{"title": "x"}]"#).status == 202) }
            let fourth = try await bench.send("POST", "/media/import", #"[{"title": "x"}]"#)
            #expect(fourth.code == "open_imports")
        }
    }
}
