internal import Database
internal import HTTP
internal import Kernel
internal import Web

/// `GET /media/{id}/poster.svg`
extension CatalogueRoutes {
    func readPoster(_ call: Call) async throws -> Reply {
        var query = try call.query
        let (version, languages) = (query.string("v", maximum: 20), Self.readLanguages(&query, call.scope))
        try query.finish()
        let (reference, scope) = (call.parameter("id"), call.scope)
        let (shown, maker) = try await database.read { [self] transaction -> (TitleRecord, String?) in
            let record = try record(reference, for: scope, languages, in: transaction)
            let maker = try transaction.row(
                """
                SELECT people.name FROM credits JOIN people ON people.id = credits.person_id
                WHERE credits.media_id = \(record.id) AND credits.part = 'crew' AND credits.role IN ('director', 'creator')
                ORDER BY credits.place LIMIT 1
                """)
            return (record, maker?.text(0))
        }
        let svg = Poster.svg(
            title: shown.title(languages), year: shown.year, genres: shown.genres, line: maker.map(Self.initials),
            isSeries: shown.kind == .series)
        // The picture at an address with the version never changes.
        let isNamed = version == String(shown.version)
        let headers: HTTPHeaders = [
            "Content-Type": "image/svg+xml", "ETag": "\"\(shown.version)-\(languages.site.rawValue)\"",
            "Cache-Control": isNamed ? "private, max-age=31536000, immutable" : "private, max-age=0, must-revalidate",
            "Vary": "Accept-Language",
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
        ]
        return Reply(status: 200, headers: headers, body: Array(svg.utf8)).compressible().unlessFresh(for: call.request)
    }

    /// `A. Tarkovski`; a short name, or one of a single word, stays whole.
    static func initials(_ name: String) -> String {
        let words = name.utf8.split(separator: UInt8(ascii: " ")).map { String(Substring($0)) }
        guard name.unicodeScalars.count > 16, words.count > 1, let last = words.last else { return name }
        return words.dropLast().compactMap { $0.unicodeScalars.first.map { "\($0)." } }.joined(separator: " ") + " " + last
    }
}
