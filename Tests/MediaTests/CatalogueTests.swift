import Database
import Glibc
import HTTP
import Kernel
import SiteSupport
import TestSupport
import Testing

@testable import Media
@testable import Server

/// Lists, pages and counts of the catalogue.
@Suite struct CatalogueTests {
    @Test(arguments: TestDatabase.all) func theStarterIsLoadedOnce(_ kind: TestDatabase) async throws {
        try await CatalogueSite.with(kind) { catalogue in
            #expect(try await catalogue.site.count("media") == 964)
            let first = try #require(try await catalogue.items("?limit=1").first?["id"]?.string.flatMap { MediaID(uuid: $0) })
            // What the owner hides stays hidden, whatever starts again.
            try await catalogue.site.database.write { transaction in
                try transaction.execute("UPDATE media SET hidden_at = 1 WHERE id = \(first)")
                MediaChange.note(first, in: transaction)
            }
            try await catalogue.site.composition.media.loadStarter()
            #expect(try await catalogue.site.count("media") == 964)
            #expect(try await catalogue.all().count == 963)
            #expect(try await catalogue.page("/\(first.uuid)").status == 404)
        }
    }

    @Test func anInvalidStarterIsAFault() throws {
        let folder = try TestFolder()
        defer { try? TestFolder.remove(folder.path) }
        let path = "\(folder.path)/starter.json"
        #expect(throws: StarterCatalogue.Fault.self) { try StarterCatalogue(path: path).read() }
        for text in ["[{", "{}", ""] {
            let file = try #require(fopen(path, "w"))
            fputs(text, file)
            fclose(file)
            #expect(throws: StarterCatalogue.Fault.self, "\(text)") { try StarterCatalogue(path: path).read() }
        }
    }

    @Test func aSiteWithoutTheStarterIsEmpty() async throws {
        try await TestSite.with(.sqlite) { site in
            let reader = try await TestUser(site)
            #expect(try await reader.items("/media").isEmpty)
            #expect(try await reader.send("GET", "/media/home").json["rows"]?.array?.isEmpty == true)
            #expect(try await reader.items("/media/genres").count == 20)
        }
    }

    @Test(arguments: TestDatabase.all) func everyOrderPagesThroughAllOnce(_ kind: TestDatabase) async throws {
        try await CatalogueSite.with(kind) { catalogue in
            for sort in ["popularity", "title", "released", "rating", "trending"] {
                for language in sort == "title" ? ["en", "fr"] : ["en"] {
                    let all = try await catalogue.all("&sort=\(sort)&lang=\(language)", limit: 97)
                    #expect(Set(all.compactMap { $0["id"]?.string }).count == 964, "\(sort)")
                    #expect(all.count == 964, "\(sort)")
                }
            }
            let years = try await catalogue.all("&sort=released").compactMap { $0["year"]?.integer }
            #expect(years == years.sorted(by: >))
            let titles = try await catalogue.all("&sort=title&lang=en").compactMap { $0["title"]?.string }
            let keys = titles.map { CatalogueTable.sortTitle($0, .english) }
            #expect(keys == keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
        }
    }

    @Test(arguments: TestDatabase.all) func aChangeIsSeenInEveryOrder(_ kind: TestDatabase) async throws {
        try await CatalogueSite.with(kind) { catalogue in
            _ = try await catalogue.items("")
            let last = try #require(try await catalogue.all("&sort=popularity").last?["id"]?.string.flatMap { MediaID(uuid: $0) })
            try await catalogue.site.database.write { transaction in
                try transaction.execute("UPDATE media SET rating = 4.5, trend = 3, version = version + 1 WHERE id = \(last)")
                MediaChange.note(last, in: transaction)
            }
            #expect(try await catalogue.items("?sort=rating").first?["id"] == JSON(last))
            #expect(try await catalogue.items("?sort=trending").first?["id"] == JSON(last))
            let rows = try await catalogue.reader.send("GET", "/media/home").json["rows"]?.array ?? []
            #expect(rows.compactMap { $0["key"]?.string } == ["trending", "popular", "top_rated"])
            #expect(rows.first?["items"]?[0]?["id"] == JSON(last))
            #expect(try await catalogue.all("&sort=title").count == 964)
        }
    }

    /// Every facet against a count of the pages that the filter gives.
    @Test func facetsAreWhatTheFiltersGive() async throws {
        try await CatalogueSite.with(.sqlite) { catalogue in
            for query in ["", "&type=series", "&genre=drama", "&year=1990s", "&type=film&genre=crime&year=1970s", "&search=love"] {
                let answer = try await catalogue.page("?facets=true&count=true&limit=1\(query)").json
                let facets = try #require(answer["facets"])
                let all = try await catalogue.all(query).count
                #expect(answer["total"] == JSON(all), "\(query)")
                func others(_ name: String) -> String {
                    query.split(separator: "&").filter { !$0.hasPrefix("\(name)=") }.map { "&\($0)" }.joined()
                }
                for (name, list, key) in [("genre", "genres", "id"), ("year", "decades", "value"), ("type", "kinds", "value")] {
                    let told = facets[list]?.array ?? []
                    for value in told.prefix(query.isEmpty ? 40 : 4) {
                        let found = try await catalogue.all("\(others(name))&\(name)=\(value[key]?.string ?? "")").count
                        #expect(value["count"] == JSON(found), "\(query) \(name) \(value.text)")
                    }
                }
            }
        }
    }

    @Test func textsFollowTheLanguage() async throws {
        try await CatalogueSite.with(.sqlite) { catalogue in
            let french = try #require(try await catalogue.items("?lang=fr&search=sueurs%20froides").first)
            #expect(french["title"] == "Sueurs froides")
            #expect(french["slug"] == "sueurs-froides")
            #expect(french["original_title"] == "Vertigo")
            let id = french["id"]?.string ?? ""
            let english = try await catalogue.page("/\(id)?lang=en-GB").json
            #expect(english["title"] == "Vertigo")
            #expect(english["overview"]?.string != french["overview"]?.string)
            #expect(try await catalogue.page("/\(id)?lang=de").json["title"] == "Vertigo")
        }
    }

    @Test(arguments: TestDatabase.all) func aTitleTellsAllThatIsKnown(_ kind: TestDatabase) async throws {
        try await CatalogueSite.with(kind) { catalogue in
            let id = try #require(try await catalogue.items("?lang=en&search=the%20godfather").first?["id"]?.string)
            let answer = try await catalogue.page("/\(id)?lang=en")
            let film = answer.json
            #expect(answer.headers["ETag"] == "\"1\"")
            #expect(film["credits"]?["crew"]?[0]?["person"]?["name"] == "Francis Ford Coppola")
            #expect(film["credits"]?["crew"]?[0]?["job"] == "director")
            #expect(film["external_ids"]?["imdb"] == "tt0068646")
            #expect(film["state"]?["favorite"] == false && film["state"]?["version"] == 0)
            #expect(try await catalogue.site.send("GET", "/media/\(id)").json["state"]?.isNull == true)
            #expect(film["rating_histogram"]?.array?.count == 10)
            let similar = film["similar"]?.array ?? []
            #expect(similar.count == 12)
            #expect(similar.prefix(2).contains { $0["title"]?.string?.hasPrefix("The Godfather") ?? false })
            #expect(!similar.contains { $0["id"]?.string == id })
            let person = try #require(film["credits"]?["crew"]?[0]?["person"]?["id"]?.string)
            let page = try await catalogue.reader.send("GET", "/people/\(person)?lang=fr")
            #expect(page.json["name"] == "Francis Ford Coppola")
            #expect(page.json["credits"]?.array?.contains { $0["media"]?["id"]?.string == id } == true)
            for path in ["/media/\(catalogue.site.ids.next(AnyEntity.self).uuid)", "/media/nothing", "/people/nothing", "/people/\(id)"] {
                #expect(try await catalogue.reader.send("GET", path).status == 404, "\(path)")
            }
        }
    }

    @Test(arguments: TestDatabase.all) func seasonsHaveTheirEpisodes(_ kind: TestDatabase) async throws {
        try await CatalogueSite.with(kind) { catalogue in
            let series = try await catalogue.all("&type=series")
            #expect(series.count == 164)
            var found = 0
            for title in series.prefix(40) {
                let id = title["id"]?.string ?? ""
                let seasons = try await catalogue.page("/\(id)").json["seasons"]?.array ?? []
                guard let first = seasons.first, let number = first["number"]?.integer else { continue }
                found += 1
                let season = try await catalogue.page("/\(id)/seasons/\(number)")
                #expect(season.json["episodes"]?.array?.count == first["episode_count"]?.integer.map(Int.init))
                #expect(season.json["episodes"]?[0]?["seen"] == false)
                #expect(try await catalogue.page("/\(id)/seasons/999").status == 404)
            }
            #expect(found > 0)
        }
    }

    @Test func adultAndMergedTitles() async throws {
        try await CatalogueSite.with(.sqlite) { catalogue in
            let titles = try await catalogue.items("?limit=2").compactMap { $0["id"]?.string.flatMap { MediaID(uuid: $0) } }
            try await catalogue.site.database.write { transaction in
                try transaction.execute("UPDATE media SET adult = TRUE WHERE id = \(titles[0])")
                try transaction.execute("UPDATE media SET merged_into = \(titles[0]) WHERE id = \(titles[1])")
                for title in titles { MediaChange.note(title, in: transaction) }
            }
            #expect(try await catalogue.all().count == 962)
            #expect(try await catalogue.all("&adult=true").count == 963)
            #expect(try await catalogue.page("/\(titles[0].uuid)").status == 200)
            #expect(try await catalogue.site.send("GET", "/media/\(titles[0].uuid)").status == 404)
            #expect(try await catalogue.site.send("GET", "/media?adult=true&count=true&limit=1").json["total"] == 962)
            let moved = try await catalogue.page("/\(titles[1].uuid)")
            #expect(moved.status == 301)
            #expect(moved.headers["Location"] == "/api/v1/media/\(titles[0].uuid)")
        }
    }

    @Test func aTitleThatIsGoneFromTheTableIsGone() async throws {
        try await CatalogueSite.with(.sqlite) { catalogue in
            let id = try #require(try await catalogue.items("?limit=1").first?["id"]?.string.flatMap { MediaID(uuid: $0) })
            try await catalogue.site.database.write { transaction in
                for table in [
                    "media_texts", "media_external", "media_genres", "media_keywords", "credits", "releases", "episodes", "seasons",
                ] as [SQL] {
                    try transaction.execute("DELETE FROM \(sql: table) WHERE media_id = \(id)")
                }
                try transaction.execute("DELETE FROM media WHERE id = \(id)")
                MediaChange.note(id, in: transaction)
            }
            #expect(try await catalogue.all().count == 963)
        }
    }
}
