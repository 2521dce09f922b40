internal import Crypto
internal import HTTP
internal import Kernel

/// The cookies that keep a sign-in in the browser that began it: one for each, so that two tabs do not disturb each other.
struct BrowserBinding: Sendable {
    /// Sign-ins on their way in one browser; the oldest makes room.
    static let limit = 8
    /// Seconds that a sign-in may take.
    static let lifetime: Int64 = 600

    private let prefix: String
    private let isSecure: Bool

    /// Over plain HTTP the name bears the instance, because cookies do not tell two ports of one host apart.
    init(instance: String, isSecure: Bool) {
        prefix = isSecure ? "__Host-foyer-openid-" : "foyer-openid-\(instance)-"
        self.isSecure = isSecure
    }

    /// A new one for a state or a ticket: what the browser keeps, and what the database keeps of it.
    ///
    /// - Returns: also the removals of the cookies beyond the limit.
    func bind(_ secret: String, in request: HTTPRequest) -> (hash: [UInt8], fields: [String]) {
        let value = Random.token()
        let excess = max(0, names(in: request).count - (Self.limit - 1))
        let removals = names(in: request).prefix(excess).map { field($0, "", seconds: 0) }
        return (SHA256.digest(value), removals + [field(name(of: secret), value, seconds: Self.lifetime)])
    }

    /// The hash of what this browser keeps for a state or a ticket; nil in another browser.
    func hash(for secret: String, in request: HTTPRequest) -> [UInt8]? {
        let name = name(of: secret)
        let found = pairs(in: request).first { $0.name.hasSameBytes(as: name) }
        return found.map { SHA256.digest($0.value) }
    }

    /// `Set-Cookie` that takes it away.
    func removal(for secret: String) -> String { field(name(of: secret), "", seconds: 0) }

    private func name(of secret: String) -> String { prefix + Hex.encode(SHA256.digest("binding\0\(secret)").prefix(8)) }

    private func field(_ name: String, _ value: String, seconds: Int64) -> String {
        "\(name)=\(value); Path=/; HttpOnly; SameSite=Lax; Max-Age=\(seconds)" + (isSecure ? "; Secure" : "")
    }

    private func names(in request: HTTPRequest) -> [String] {
        pairs(in: request).map(\.name).filter { name in
            name.utf8.starts(with: prefix.utf8) && name.utf8.count == prefix.utf8.count + 16
                && name.utf8.dropFirst(prefix.utf8.count).allSatisfy { "0123456789abcdef".utf8.contains($0) }
        }
    }

    /// By bytes, as the session's cookie is read.
    private func pairs(in request: HTTPRequest) -> [(name: String, value: String)] {
        request.headers.values("Cookie").flatMap { header in
            header.utf8.split(separator: UInt8(ascii: ";")).compactMap { pair in
                let halves = pair.drop { $0 == UInt8(ascii: " ") }.split(separator: UInt8(ascii: "="), maxSplits: 1)
                return halves.count == 2 ? (String(own: halves[0]), String(own: halves[1])) : nil
            }
        }
    }
}

/// The path of ours to which a sign-in leads back.
enum ReturnPath {
    static let maximum = 500

    /// `/` for whatever is no path of a page of ours: another site's address, or one of the API.
    static func read(_ text: String?) -> String {
        guard let text, text.utf8.count <= maximum, text.hasPrefix("/"), !text.hasPrefix("//"), !text.hasPrefix("/api/"),
            text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") })
        else { return "/" }
        return text
    }
}
