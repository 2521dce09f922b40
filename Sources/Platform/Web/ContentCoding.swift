internal import Compression
internal import HTTP
internal import Kernel

/// Answers in gzip, to those who take it.
///
/// Only what says so itself: where a secret and something that a stranger chose share a body, its compressed length tells of the secret (BREACH).
enum ContentCoding {
    /// Below this many bytes the head is most of the answer.
    static let minimum = 1024
    /// Codings that are read of a field.
    private static let most = 20

    static func apply(to reply: Reply, for request: HTTPRequest) async -> Reply {
        // With a tag it is a resource that is edited under that tag, not a list.
        guard reply.isCompressible, reply.body.count >= minimum, !reply.headers.contains("ETag") else { return reply }
        var coded = reply
        coded.headers["Vary"] = "Accept-Encoding"
        guard acceptsGzip(request) else { return coded }
        coded.body = await compressed(reply.body)
        coded.headers["Content-Encoding"] = "gzip"
        return coded
    }

    /// Away from the loop: a large list takes milliseconds.
    @concurrent private static func compressed(_ body: [UInt8]) async -> [UInt8] { Deflater.gzip(body) }

    /// `gzip` or `*` with a weight above 0 (RFC 9110, 12.5.3).
    static func acceptsGzip(_ request: HTTPRequest) -> Bool {
        guard let field = request.headers["Accept-Encoding"] else { return false }
        var wildcard = false
        for item in field.utf8.split(separator: UInt8(ascii: ","), maxSplits: Self.most).prefix(Self.most) {
            let parts = item.split(separator: UInt8(ascii: ";"), maxSplits: 4).map { String(Substring($0)).trimmed.lowercased() }
            let isWanted = !parts.dropFirst().contains { $0.hasPrefix("q=") && (Double($0.dropFirst(2)) ?? 0) <= 0 }
            if parts.first == "gzip" || parts.first == "x-gzip" { return isWanted }
            if parts.first == "*" { wildcard = isWanted }
        }
        return wildcard
    }
}
