internal import Database
internal import Directory
internal import HTTP
internal import Images
internal import Kernel
internal import Runtime
internal import Synchronization
internal import Web

/// `GET /media/{id}/card.png`
extension CatalogueRoutes {
    func readCard(_ call: Call) async throws -> Reply {
        var query = try call.query
        let (version, languages) = (query.string("v", maximum: 20), Self.readLanguages(&query, call.scope))
        try query.finish()
        let (reference, scope) = (call.parameter("id"), call.scope)
        let (card, name, current) = try await database.read { [self] transaction -> (LinkCard, CardCache.Key, Int64) in
            let record = try record(reference, for: scope, languages, in: transaction)
            let genres = try GenreTable.names(languages.site, in: transaction)
            let makers = try transaction.rows(
                """
                SELECT people.name FROM credits JOIN people ON people.id = credits.person_id
                WHERE credits.media_id = \(record.id) AND credits.part = 'crew' AND credits.role IN ('director', 'creator')
                ORDER BY credits.place LIMIT 2
                """)
            let site = try SiteSettings().value("site_name", in: transaction)
            let card = LinkCard(
                title: record.title(languages), year: record.year, genres: record.genres,
                genreNames: record.genres.compactMap { genres[$0] },
                makers: makers.map { $0.text(0) }, siteName: site.flatMap { $0.isEmpty ? nil : $0 } ?? "Foyer")
            return (card, CardCache.Key(title: record.id, version: record.version, language: languages.site), record.version)
        }
        let headers: HTTPHeaders = [
            "Content-Type": "image/png", "ETag": "\"card-\(current)-\(languages.site.rawValue)\"",
            "Cache-Control": version == String(current) ? "private, max-age=31536000, immutable" : "private, max-age=0, must-revalidate",
            "Vary": "Accept-Language",
        ]
        let fresh = Reply(status: 200, headers: headers).unlessFresh(for: call.request)
        if fresh.status == 304 { return fresh }
        return Reply(status: 200, headers: headers, body: try await printed.bytes(name, for: .reader(scope)) { card.svg })
    }
}

/// The last pictures for link previews, because many sites fetch the preview of a shared link.
final class CardCache: Sendable {
    struct Key: Hashable {
        let title: MediaID
        let version: Int64
        let language: Language
    }

    private static let most = 64

    private let maker = PictureMaker(depth: 16)
    private let kept = Mutex<(bytes: [Key: [UInt8]], order: [Key])>(([:], []))

    /// - Throws: `QueueRefusal` when too many wait.
    func bytes(_ key: Key, for origin: WorkOrigin, _ draw: () -> String) async throws -> [UInt8] {
        if let known = kept.withLock({ $0.bytes[key] }) { return known }
        let bytes = try await maker.png(ofOwnDrawing: Array(draw().utf8), for: origin)
        kept.withLock { kept in
            if kept.bytes.updateValue(bytes, forKey: key) == nil { kept.order.append(key) }
            if kept.order.count > Self.most { kept.bytes[kept.order.removeFirst()] = nil }
        }
        return bytes
    }
}
