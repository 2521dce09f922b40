import HTTP
import Kernel
import SiteSupport
import TestSupport
import Testing

@testable import Media

/// Generated posters.
@Suite struct PosterTests {
    @Test func theSameTitleGivesTheSamePoster() {
        func poster(_ title: String, _ year: Int?) -> String {
            Poster.svg(title: title, year: year, genres: ["drama"], line: "A. Varda", isSeries: false)
        }
        #expect(poster("Cléo de 5 à 7", 1962) == poster("Cléo de 5 à 7", 1962))
        #expect(poster("Cléo de 5 à 7", 1962) != poster("Cléo de 5 à 7", 1963))
    }

    /// Mulberry32 over FNV-1a, as the browser has it.
    @Test func randomNumbersAreThoseOfTheBrowser() {
        var random = PosterRandom("Stalker1979")
        let numbers = (0..<3).map { _ in (random.next() * 1e6).rounded() }
        #expect(numbers == [711_018, 642_524, 84_894])
    }

    @Test func titlesAreEscapedAndBounded() throws {
        let titles = [
            "<script>alert(1)</script>", "\"'&<>]]>", String(repeating: "long ", count: 60), "", " ", "é\u{301}\u{301}", "千と千尋の神隠し",
            "\u{FFFE}\u{1}x", "🎬🎬🎬", String(repeating: "W", count: 300),
        ]
        for title in titles {
            for genres in [
                ["drama"], ["science-fiction"], ["crime"], ["comedy"], ["romance"], ["horror"], ["animation"], ["documentary"], [],
            ] {
                let svg = Poster.svg(title: title, year: nil, genres: genres, line: title, isSeries: true)
                #expect(!svg.contains("<script"), "\(title)")
                #expect(!svg.contains("nan") && !svg.contains("inf\""), "\(title)")
                #expect(svg.utf8.count < 60_000, "\(title) \(svg.utf8.count)")
                #expect(svg.hasSuffix("</svg>"))
            }
        }
    }

    @Test func aPosterIsKeptByItsVersion() async throws {
        try await CatalogueSite.with(.sqlite) { catalogue in
            let title = try #require(try await catalogue.items("?limit=1").first)
            let path = try #require(title["poster_url"]?.string?.dropFirst("/api/v1".count))
            let answer = try await catalogue.reader.send("GET", String(path))
            #expect(answer.status == 200)
            #expect(answer.headers["Content-Type"] == "image/svg+xml")
            #expect(answer.headers["Cache-Control"]?.contains("immutable") == true)
            let tag = try #require(answer.headers["ETag"])
            let bare = "/media/\(title["id"]?.string ?? "")/poster.svg"
            #expect(try await catalogue.site.send("GET", bare).headers["Cache-Control"]?.contains("must-revalidate") == true)
            #expect(try await catalogue.site.send("GET", bare, ["If-None-Match": tag]).status == 304)
        }
    }
}
