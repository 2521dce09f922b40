import HTTP
import Kernel
import SiteSupport
import TestSupport
import Testing

/// A site with the starter catalogue, and somebody who reads it.
struct CatalogueSite {
    let site: TestSite
    let reader: TestUser

    static func with(_ kind: TestDatabase, _ body: (CatalogueSite) async throws -> Void) async throws {
        try await TestSite.with(kind, settings: ["starter-catalogue": "true"]) { site in
            try await body(CatalogueSite(site: site, reader: try await TestUser(site)))
        }
    }

    func page(_ query: String) async throws -> TestSite.Answer { try await reader.send("GET", "/media\(query)") }

    func items(_ query: String) async throws -> [JSON] {
        let answer = try await page(query)
        try #require(answer.status == 200, "\(query): \(answer.json.text.prefix(300))")
        return answer.json["items"]?.array ?? []
    }

    /// What a search finds, the first ten ids.
    func found(_ text: String, _ language: String = "en") async throws -> [String] {
        try await items("?limit=10&lang=\(language)&search=\(text.asQuery)").compactMap { $0["id"]?.string }
    }

    /// Every title, in pages.
    func all(_ query: String = "", limit: Int = 200) async throws -> [JSON] {
        var (all, next): ([JSON], String?) = ([], nil)
        repeat {
            let answer = try await page("?limit=\(limit)\(query)\(next.map { "&cursor=\($0)" } ?? "")")
            try #require(answer.status == 200)
            all += answer.json["items"]?.array ?? []
            next = answer.json["next"]?.string
        } while next != nil
        return all
    }
}

extension String {
    /// As a value in a query string.
    var asQuery: String {
        utf8.map { byte in
            let isPlain = (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            return isPlain ? String(Unicode.Scalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }.joined()
    }
}
