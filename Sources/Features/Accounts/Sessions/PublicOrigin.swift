internal import HTTP
internal import Kernel

/// Whether a browser's request comes from our own pages, by its Origin (RFC 6454).
struct PublicOrigin: Sendable {
    /// `https://foyer.example`, beside whatever host the request was sent to.
    private let origin: String?

    init(publicURL: String?) {
        origin = publicURL.map(Self.origin)
    }

    /// Login and set-up: a missing Origin is a client that is no browser, and carries no cookie of somebody else.
    ///
    /// - Throws: 403 for any other origin, `null` included.
    func checkIfPresent(_ request: HTTPRequest) throws(Problem) {
        let values = request.headers.values("Origin")
        if values.isEmpty { return }
        guard values.count == 1, let value = values.first?.lowercased(), isOurs(value, host: request.headers["Host"]) else {
            throw Problem(
                403, "origin_refused",
                LocalizedText(
                    en: "This request comes from another site. If it is yours, set FOYER_PUBLIC_URL to the address people use.",
                    fr: "Cette requête vient d’un autre site. Si c’est le vôtre, indiquez son adresse dans FOYER_PUBLIC_URL."))
        }
    }

    private func isOurs(_ value: String, host: String?) -> Bool {
        if value == origin { return true }
        guard let host = host?.lowercased(), let separator = value.range(of: "://") else { return false }
        return value[separator.upperBound...] == host
    }

    private static func origin(of url: String) -> String {
        guard let separator = url.range(of: "://") else { return url.lowercased() }
        let authority = url[separator.upperBound...].prefix { $0 != "/" }
        return (url[..<separator.upperBound] + authority).lowercased()
    }
}

extension StringProtocol {
    /// Where `pattern` first stands.
    fileprivate func range(of pattern: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(pattern) { return start..<index(start, offsetBy: pattern.count) }
            start = index(after: start)
        }
        return nil
    }
}
