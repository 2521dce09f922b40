internal import HTTP
internal import Kernel

@testable internal import Web

extension FuzzTarget {
    /// Escapes and forms: what is decoded encodes to what decodes to the same, and a query's readers refuse in words.
    static let url = FuzzTarget(
        "url", files: ["Platform/HTTP/PercentCoding.swift", "Platform/HTTP/HTTPRequest.swift", "Platform/Web/Query.swift"],
        words: [
            "%41", "%00", "%C3%A9", "%ff", "+", "&", "=", "q=", "limit=", "cursor=5b315d", "since=2026-01-31T09:15:00Z", "active=true",
            "&\u{301}",
        ]
    ) { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        try hold(
            PercentCoding.decode(PercentCoding.encode(text)).map { $0.isSame(as: text) } == true, "encoded, it decodes to another text")
        if let decoded = PercentCoding.decode(text) {
            try hold(decoded.utf8.count <= text.utf8.count, "decoding made it longer")
            try hold(text.utf8.contains(UInt8(ascii: "%")) || decoded.isSame(as: text), "decoding changed what holds no escape")
        }
        let parts = bytes.split(separator: UInt8(ascii: "&"))
        guard let pairs = PercentCoding.decodeForm(text) else { return }
        try hold(pairs.count == parts.count, "\(parts.count) pairs were read as \(pairs.count)")
        let form = pairs.map { "\(PercentCoding.encode($0.name))=\(PercentCoding.encode($0.value))" }.joined(separator: "&")
        let again = PercentCoding.decodeForm(form) ?? []
        let isSame = again.elementsEqual(pairs) { $0.name.isSame(as: $1.name) && $0.value.isSame(as: $1.value) }
        try hold(isSame, "encoded, the pairs are others: \(form)")
        try checkQuery(pairs)
    }

    private static func checkQuery(_ pairs: [(name: String, value: String)]) throws {
        var query = Query(pairs)
        let text = query.string("q", maximum: 20)
        try hold((text?.unicodeScalars.count ?? 1) <= 20, "a text longer than allowed")
        let page = query.page()
        try hold((1...200).contains(page.limit), "a page of \(page.limit)")
        _ = query.time("since")
        _ = query.bool("active")
        do {
            if let keys = try page.keys(1) { try hold(keys.count == 1, "\(keys.count) keys of a cursor") }
            try query.finish()
            let names = Set(pairs.map(\.name))
            try hold(names.isSubset(of: ["q", "limit", "cursor", "count", "since", "active"]), "an unknown parameter was taken: \(names)")
        } catch let problem as Problem {
            try hold(problem.status == 422, "answered \(problem.status)")
        }
    }
}
