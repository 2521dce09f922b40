internal import HTTP
internal import Runtime
internal import Transport

/// What the plain port beside HTTPS answers: the site's public address, and tokens for a certificate authority (ACME http-01).
struct Redirect: HTTPResponder {
    /// `https://host` or `https://host:port`.
    private let address: String
    private let host: String
    /// Whether a name of another certificate's is ours too.
    private let covers: @Sendable (String) -> Bool
    private let tokens: String?

    /// - Throws: when there is no public address to send people to.
    init(_ settings: Settings, _ tls: TLSContext?) throws(Settings.Fault) {
        guard let url = settings.publicURL, url.hasPrefix("https://"), let host = Self.host(of: String(url.dropFirst("https://".count)))
        else { throw Settings.Fault("--redirect-listen needs --public-url with an https:// address, which is where it sends people.") }
        (address, self.host) = (url, host)
        covers = { name in tls?.covers(name) ?? false }
        tokens = settings.text("acme-folder")
    }

    func respond(to request: HTTPRequest) async -> HTTPOutcome { .response(answer(to: request)) }

    private func answer(to request: HTTPRequest) -> HTTPResponse {
        let isReading = request.method == .get || request.method == .head
        if isReading, let token = Self.token(in: request.rawPath) { return tokenAnswer(token) }
        guard let name = request.headers["Host"].flatMap(Self.host), name == host || covers(name) else {
            return HTTPResponse(status: 421, text: "No site of that name is here.\n")
        }
        // A client keeps its method and body at 308; at 301 too many do not.
        let path = request.rawPath.hasPrefix("/") ? request.rawPath : "/"
        let location = address + path + (request.query.map { "?\($0)" } ?? "")
        return HTTPResponse(status: isReading ? 301 : 308, headers: ["Location": location, "Cache-Control": "max-age=3600"])
    }

    /// The name alone, in lower case; nil when it is not one.
    private static func host(of authority: String) -> String? {
        var name = authority.lowercased()
        if let colon = name.utf8.lastIndex(of: UInt8(ascii: ":")), !name[colon...].contains("]") { name = String(name[..<colon]) }
        return name.isEmpty || name.contains("/") || name.contains("@") ? nil : name
    }

    // MARK: ACME

    /// RFC 8555, 8.3: base64url, so that no path can be spelled with it.
    private static func token(in path: String) -> String? {
        let prefix = "/.well-known/acme-challenge/"
        guard path.hasPrefix(prefix) else { return nil }
        let token = path.dropFirst(prefix.count)
        let isToken = token.utf8.allSatisfy { byte in
            switch UInt8(byte) {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        return isToken && (1...200).contains(token.utf8.count) ? String(token) : nil
    }

    private func tokenAnswer(_ token: String) -> HTTPResponse {
        guard let tokens, let proof = readFile("\(tokens)/\(token)"), proof.count <= 4096 else {
            return HTTPResponse(status: 404, text: "There is no such token.\n")
        }
        return HTTPResponse(headers: ["Content-Type": "application/octet-stream"], body: proof)
    }
}
