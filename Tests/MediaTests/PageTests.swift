import Database
import HTTP
import Kernel
import SiteSupport
import TestSupport
import Testing

@testable import Media
@testable import Server

/// The pages that search engines and link cards read.
@Suite struct PageTests {
    @Test func aTitleHasItsHead() async throws {
        try await CatalogueSite.with(.sqlite) { catalogue in
            let film = try #require(try await catalogue.items("?lang=fr&search=sueurs%20froides").first)
            let id = film["id"]?.string ?? ""
            let answer = try await catalogue.site.page("//films/sueurs-froides-\(id)?lang=fr")
            #expect(answer.status == 200)
            let html = answer.text
            #expect(html.contains("<title>Sueurs froides (1958) · Foyer</title>"))
            #expect(html.contains("<link rel=\"canonical\" href=\"https://site.test/fr/films/sueurs-froides-\(id)\">"))
            #expect(html.contains("hreflang=\"en\" href=\"https://site.test/en/films/vertigo-\(id)\""))
            #expect(html.contains("property=\"og:title\" content=\"Sueurs froides (1958)\""))
            #expect(html.contains("\"@type\":\"Movie\""))
            #expect(html.contains("Alfred Hitchcock"))
            #expect(answer.headers["Content-Security-Policy"]?.contains("script-src 'self'") == true)
            let tag = try #require(answer.headers["ETag"])
            #expect(try await catalogue.site.page("//films/sueurs-froides-\(id)?lang=fr", ["If-None-Match": tag]).status == 304)
            // Another language's name is as right; any other leads to the right one.
            #expect(try await catalogue.site.page("//films/vertigo-\(id)?lang=fr").status == 200)
            let moved = try await catalogue.site.page("//films/anything-\(id)?lang=fr")
            #expect(moved.status == 301)
            #expect(moved.headers["Location"] == "/films/sueurs-froides-\(id)?lang=fr")
            #expect(html.contains("hreflang=\"x-default\" href=\"https://site.test/films/sueurs-froides-\(id)\""))
            // The language in front decides, whatever the browser says.
            let french = try await catalogue.site.page("//fr/films/sueurs-froides-\(id)", ["Accept-Language": "en"])
            #expect(french.status == 200)
            #expect(french.text.contains("<title>Sueurs froides (1958) · Foyer</title>"))
            #expect(
                try await catalogue.site.page("//en/films/vertigo-\(id)", ["Accept-Language": "fr"]).text.contains("<title>Vertigo (1958)"))
            let corrected = try await catalogue.site.page("//fr/films/vertigo-\(id)")
            #expect(corrected.status == 301)
            #expect(corrected.headers["Location"] == "/fr/films/sueurs-froides-\(id)")
            // A picture that link previews can show.
            let picture = try #require(html.firstRange(of: "https://site.test/api/v1/media/\(id)/card.png"))
            #expect(html[picture.upperBound...].hasPrefix("?v="))
            let card = try await catalogue.reader.send("GET", "/media/\(id)/card.png?lang=fr")
            #expect(card.status == 200)
            #expect(card.headers["Content-Type"] == "image/png")
            #expect(Array(card.body.prefix(8)) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
            // Its size, in the head of the file.
            #expect(Array(card.body[16..<24]) == [0, 0, 0x04, 0xB0, 0, 0, 0x02, 0x76])
            #expect(try await catalogue.site.page("//series/sueurs-froides-\(id)").status == 404)
            #expect(try await catalogue.site.page("//films/browse").status == 200)
            #expect(try await catalogue.site.page("//films/x-\(catalogue.site.ids.next(AnyEntity.self).uuid)").status == 404)
        }
    }

    @Test func hiddenMergedAndHostileTitles() async throws {
        try await CatalogueSite.with(.sqlite) { catalogue in
            let titles = try await catalogue.items("?limit=3&type=film&lang=en")
            let ids = titles.compactMap { $0["id"]?.string.flatMap { MediaID(uuid: $0) } }
            try await catalogue.site.database.write { transaction in
                try transaction.execute("UPDATE media SET hidden_at = 1 WHERE id = \(ids[0])")
                try transaction.execute("UPDATE media SET merged_into = \(ids[2]) WHERE id = \(ids[1])")
                try transaction.execute(
                    """
                    UPDATE media_texts SET title = '</script><img src=x onerror=alert(1)>"&', overview = '</script><script>alert(1)</script>'
                    WHERE media_id = \(ids[2])
                    """)
                for id in ids { MediaChange.note(id, in: transaction) }
            }
            #expect(try await catalogue.site.page("//films/\(titles[0]["slug"]?.string ?? "")-\(ids[0].uuid)").status == 404)
            let moved = try await catalogue.site.page("//films/x-\(ids[1].uuid)")
            #expect(moved.status == 301)
            let target = try #require(moved.headers["Location"])
            #expect(target.hasSuffix(ids[2].uuid))
            let html = try await catalogue.site.page("/\(target)").text
            #expect(!html.contains("<img src=x"))
            #expect(!html.contains("<script>alert"))
            #expect(html.contains("\\u003c/script\\u003e"))
            // A redirect does not name a title that the team hid.
            try await catalogue.site.database.write { transaction in
                try transaction.execute("UPDATE media SET hidden_at = 1 WHERE id = \(ids[2])")
                MediaChange.note(ids[2], in: transaction)
            }
            #expect(try await catalogue.site.page("//films/x-\(ids[1].uuid)").status == 404)
        }
    }

    @Test func maps() async throws {
        try await CatalogueSite.with(.sqlite) { catalogue in
            let index = try await catalogue.site.page("//sitemap.xml")
            #expect(index.text.contains("<loc>https://site.test/sitemaps/1.xml</loc>"))
            let map = try await catalogue.site.page("//sitemaps/1.xml").text
            #expect(map.utf8.split(separator: UInt8(ascii: "<")).count { $0.starts(with: "loc>".utf8) } == 2 * 964)
            #expect(try await catalogue.site.page("//sitemaps/2.xml").status == 404)
            #expect(try await catalogue.site.page("//robots.txt").text.contains("Sitemap: https://site.test/sitemap.xml"))
        }
    }
}

extension TestSite {
    struct PageAnswer {
        let status: Int
        let headers: HTTPHeaders
        let text: String
    }

    /// A page as a browser gets it; with two slashes in front, at the root.
    func page(_ path: String, _ headers: HTTPHeaders = [:]) async throws -> PageAnswer {
        let answer = try await send("GET", path, headers)
        return PageAnswer(status: answer.status, headers: answer.headers, text: String(own: answer.body))
    }
}
