internal import Database
internal import Directory
internal import HTTP
internal import Kernel
internal import Web

/// The pages of titles at the web app's addresses, with metadata for search engines and link previews, and the sitemaps.
struct PageRoutes: Sendable {
    let catalogue: CatalogueRoutes
    let template: PageTemplate
    /// `https://foyer.example`; empty where the owner named none.
    let site: String

    /// Titles of one sitemap, each in two languages; the standard allows 50,000 addresses.
    private static let perMap = 25_000

    var routes: [Route] {
        [
            Route(.get, "//films/{slug}", .anyone, PageShapes.page) { try await page($0, .film) },
            Route(.get, "//series/{slug}", .anyone, PageShapes.page) { try await page($0, .series) },
            Route(.get, "//fr/films/{slug}", .anyone, PageShapes.prefixed) { try await page($0, .film, .french) },
            Route(.get, "//fr/series/{slug}", .anyone, PageShapes.prefixed) { try await page($0, .series, .french) },
            Route(.get, "//en/films/{slug}", .anyone, PageShapes.prefixed) { try await page($0, .film, .english) },
            Route(.get, "//en/series/{slug}", .anyone, PageShapes.prefixed) { try await page($0, .series, .english) },
            Route(.get, "//sitemap.xml", .anyone, PageShapes.index, handler: mapIndex),
            Route(.get, "//sitemaps/{page}", .anyone, PageShapes.map, handler: map),
            Route(.get, "//robots.txt", .anyone, PageShapes.robots, handler: robots),
        ]
    }

    /// - Parameter prefix: the language in front of the address; nil where the request's language decides.
    private func page(_ call: Call, _ kind: TitleKind, _ prefix: Language? = nil) async throws -> Reply {
        let part = call.parameter("slug")
        // `/films/browse` and others are pages of the web app alone: the server ignores their queries.
        guard let id = MediaID(uuid: String(own: Array(part.utf8.suffix(36)))), let fields = Self.fields(of: call) else {
            return html(template.bare)
        }
        let tag = fields.first { $0.name.hasSameBytes(as: "lang") }.flatMap { ReadingLanguages.isTag($0.value) ? $0.value : nil }
        let (scope, languages) = (call.scope, ReadingLanguages(prefix?.rawValue ?? tag, prefix ?? call.scope.language))
        guard scope.can(.mediaRead) else { return html(template.bare) }
        let answer = try await catalogue.database.read { transaction -> Reply? in
            guard let record = try record(id, languages, for: scope, in: transaction), record.kind == kind else { return nil }
            if let other = record.mergedInto {
                guard let target = try self.record(other, languages, for: scope, in: transaction) else { return nil }
                return moved(TitlePage.path(target, languages, isPrefixed: prefix != nil), prefix == nil ? tag : nil)
            }
            let slug = String(own: Array(part.utf8.dropLast(36)))
            // Behind a prefix the slug of that language is right, elsewhere that of any.
            let slugs = (prefix.map { [$0] } ?? Language.allCases).map { TitleText.slug(record.title(ReadingLanguages($0.rawValue, $0))) }
            guard slugs.contains(where: { slug == ($0.isEmpty ? "" : "\($0)-") }) else {
                return moved(TitlePage.path(record, languages, isPrefixed: prefix != nil), prefix == nil ? tag : nil)
            }
            let page = try page(record, languages, in: transaction)
            return html(template.page(languages.site, head: page.head, content: page.content))
        }
        guard let answer else { return html(template.bare, status: 404) }
        if answer.status != 200 { return answer }
        return answer.unlessFresh(for: call.request)
    }

    /// The fields of the query; nil for a malformed one.
    private static func fields(of call: Call) -> [(name: String, value: String)]? {
        guard let text = call.request.query, !text.isEmpty else { return [] }
        return PercentCoding.decodeForm(text)
    }

    /// A title that has a page: nil for an absent one, a hidden one, and one for adults while nobody is signed in.
    private func record(_ id: MediaID, _ languages: ReadingLanguages, for scope: Scope, in transaction: Transaction) throws -> TitleRecord?
    {
        guard let record = try TitleTable.record(id, languages: languages.chain, in: transaction), !record.isHidden,
            !record.isAdult || scope.userID != nil
        else { return nil }
        return record
    }

    private func page(_ record: TitleRecord, _ languages: ReadingLanguages, in transaction: Transaction) throws -> TitlePage {
        func names(_ part: String, _ limit: Int) throws -> [String] {
            try transaction.rows(
                """
                SELECT people.name FROM credits JOIN people ON people.id = credits.person_id
                WHERE credits.media_id = \(record.id) AND credits.part = \(part) ORDER BY credits.place LIMIT \(limit)
                """
            ).map { $0.text(0) }
        }
        let genres = try GenreTable.names(languages.site, in: transaction)
        let name = try SiteSettings().value("site_name", in: transaction)
        return TitlePage(
            record: record, languages: languages, site: site, siteName: name.flatMap { $0.isEmpty ? nil : $0 } ?? "Foyer",
            makers: try names("crew", 5), cast: try names("cast", 10), genres: record.genres.compactMap { genres[$0] })
    }

    private func moved(_ path: String, _ language: String?) -> Reply {
        Reply(status: 301, headers: ["Location": path + (language.map { "?lang=\($0)" } ?? ""), "Cache-Control": "max-age=0"])
    }

    private func html(_ text: String, status: Int = 200) -> Reply {
        var reply = Reply(
            status: status,
            headers: [
                "Content-Type": "text/html; charset=utf-8", "Cache-Control": "private, max-age=0, must-revalidate",
                "Vary": "Accept-Language, Cookie",
                "Content-Security-Policy": StaticFiles.contentSecurityPolicy,
            ], body: Array(text.utf8)
        ).compressible()
        if status == 200 { reply.headers["ETag"] = StaticFiles.tag(of: reply.body) }
        return reply
    }

    // MARK: Sitemaps

    /// `GET /sitemap.xml`: the list of sitemaps.
    private func mapIndex(_ call: Call) async throws -> Reply {
        try requireGuests(call)
        let count = try await catalogue.database.read { try catalogue.index.table(in: $0).count }
        let maps = (0...max(0, count - 1) / Self.perMap).map { "<sitemap><loc>\("\(site)/sitemaps/\($0 + 1).xml".asXML)</loc></sitemap>" }
        return xml("<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\(maps.joined())</sitemapindex>")
    }

    /// `GET /sitemaps/1.xml`: titles in the order of their addition, so that new titles change only the last sitemap.
    private func map(_ call: Call) async throws -> Reply {
        try requireGuests(call)
        let name = call.parameter("page")
        guard name.hasSuffix(".xml"), let number = Int(Substring(name.utf8.dropLast(4))), (1...100_000).contains(number) else {
            throw Problem.notFound
        }
        let languages = Language.allCases.map { ReadingLanguages($0.rawValue, $0) }
        let chain = Set(languages.flatMap(\.chain)).sorted()
        let paths = try await catalogue.database.read(.heavy) { transaction -> [String] in
            let table = try catalogue.index.table(in: transaction)
            let ids = table.ids.dropFirst((number - 1) * Self.perMap).prefix(Self.perMap)
            var paths: [String] = []
            for start in stride(from: ids.startIndex, to: ids.endIndex, by: 1000) {
                let part = Array(ids[start..<min(start + 1000, ids.endIndex)])
                let records = try TitleTable.records(of: part, languages: chain, in: transaction)
                for record in part.compactMap({ records[$0] }) where record.isListed && !record.isAdult {
                    paths += languages.map { TitlePage.path(record, $0, isPrefixed: true) }
                }
            }
            return paths
        }
        if paths.isEmpty, number > 1 { throw Problem.notFound }
        let places = paths.map { "<url><loc>\("\(site)\($0)".asXML)</loc></url>" }.joined()
        return xml("<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\(places)</urlset>")
    }

    /// `GET /robots.txt`
    private func robots(_ call: Call) async throws -> Reply {
        var text =
            "User-agent: *\nAllow: /api/v1/media/*/card.png\nAllow: /api/v1/media/*/poster.svg\nAllow: /api/v1/media/images/\nDisallow: /api/\n"
        if !site.isEmpty { text += "Sitemap: \(site)/sitemap.xml\n" }
        return Reply(status: 200, headers: ["Content-Type": "text/plain; charset=utf-8"], body: Array(text.utf8))
    }

    /// Sitemaps exist where guests may read titles, and where the site has a public address.
    private func requireGuests(_ call: Call) throws {
        guard call.scope.can(.mediaRead), !site.isEmpty else { throw Problem.notFound }
    }

    private func xml(_ text: String) -> Reply {
        Reply(
            status: 200, headers: ["Content-Type": "application/xml; charset=utf-8"],
            body: Array("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\(text)".utf8)
        ).compressible()
    }
}

enum PageShapes {
    private static let slug = Shape.string(1...300).described("`stalker-` and the id.")

    static let page = RouteShape(
        "Open the page of a title: the web app, with metadata for search engines and link previews.", parameters: ["slug": slug],
        query: ["lang": .string(1...10).optional],
        answers: [.bytes("text/html").tagged, .page(404), .notModified, .moved])
    static let prefixed = RouteShape(
        "Open the page of a title in the language that the address begins with.", parameters: ["slug": slug],
        query: ["lang": .string(1...10).optional], answers: [.bytes("text/html").tagged, .page(404), .notModified, .moved])
    static let index = RouteShape(
        "List the sitemaps.", answers: [.bytes("application/xml")], refusals: [.init(404, "not_found")])
    static let map = RouteShape(
        "Read a sitemap of titles.", parameters: ["page": .string(5...12).described("1.xml")],
        answers: [.bytes("application/xml")])
    static let robots = RouteShape("Read the rules for crawlers.", answers: [.bytes("text/plain")])
}
