internal import Crypto
internal import HTTP
internal import Kernel

/// The browser's session cookie, and the value that proves that a mutation came from our own pages.
struct SessionCookie: Sendable {
    let name: String
    private let isSecure: Bool
    private let key: HMACKey

    /// Over plain HTTP the name bears the instance, because cookies do not tell two ports of one host apart.
    init(keyring: Keyring, isSecure: Bool) {
        name = isSecure ? "__Host-foyer" : "foyer-\(keyring.instance)"
        (self.isSecure, self.key) = (isSecure, keyring.sessions)
    }

    func value(in request: HTTPRequest) -> String? { Self.value(of: name, in: request) }

    /// Compares bytes: among characters U+037E equals the semicolon, and another cookie's value that holds one could pass for ours.
    static func value(of name: String, in request: HTTPRequest) -> String? {
        for header in request.headers.values("Cookie") {
            for pair in header.utf8.split(separator: UInt8(ascii: ";")) {
                let trimmed = pair.drop { $0 == UInt8(ascii: " ") }
                let value = trimmed.dropFirst(name.utf8.count + 1)
                if trimmed.starts(with: "\(name)=".utf8) { return String(Substring(value)) }
            }
        }
        return nil
    }

    /// `Set-Cookie` that keeps the session in the browser for `seconds`.
    func set(_ value: String, seconds: Int64) -> String {
        "\(name)=\(value); Path=/; HttpOnly; SameSite=Lax; Max-Age=\(seconds)" + (isSecure ? "; Secure" : "")
    }

    /// `Set-Cookie` that takes it away.
    var removal: String { self.set("", seconds: 0) }

    /// What `X-Foyer-CSRF` must hold where the cookie of this session authenticated a mutation.
    func csrf(for session: SessionID) -> String {
        Base64URL.encode(key.authenticate(Array("csrf\0".utf8) + withUnsafeBytes(of: session.rawValue.bigEndian, Array.init)))
    }

    func isValid(csrf value: String?, for session: SessionID) -> Bool {
        guard let value else { return false }
        return constantTimeEquals(Array(value.utf8), Array(csrf(for: session).utf8))
    }
}
