internal import Crypto
internal import Kernel

/// What an API key's holder keeps: `fk_`, the key's id in 16 hexadecimal digits, and 256 random bits.
///
/// The database holds its SHA-256. A slow hash protects what people can remember, because that can be guessed; nobody guesses 256 random bits,
/// and a slow hash would only be paid at every request. The id finds the row without the hash, and tells its person which key was found in a leak.
struct KeySecret: Sendable {
    static let prefix = "fk_"
    private static let secretCount = 43

    let id: APIKeyID
    let text: String

    var hash: [UInt8] { SHA256.digest(text) }

    /// A new secret for a key, new or rotated.
    init(for id: APIKeyID) {
        self.id = id
        text = Self.shown(id) + Random.token()
    }

    /// Nil for what is no key of ours, whatever the database says.
    init?(_ text: some StringProtocol) {
        let digits = text.dropFirst(Self.prefix.count).prefix(16)
        guard Self.isKey(text), text.utf8.count == Self.prefix.count + 16 + Self.secretCount, let bytes = Hex.decode(digits) else {
            return nil
        }
        id = APIKeyID(rawValue: bytes.reduce(0) { $0 << 8 | Int64($1) })
        self.text = String(text)
    }

    /// The key that is shown so; nil for what is none.
    static func id(of shown: String) -> APIKeyID? {
        guard isKey(shown), shown.utf8.count == prefix.count + 16, let bytes = Hex.decode(shown.dropFirst(prefix.count)) else { return nil }
        return APIKeyID(rawValue: bytes.reduce(0) { $0 << 8 | Int64($1) })
    }

    /// What signs requests: 256 random bits. The text is the key of the HMAC.
    static func newSigningSecret() -> String { "fs_" + Random.token() }

    /// Whether a bearer token means to be an API key.
    static func isKey(_ token: some StringProtocol) -> Bool { token.hasPrefix(prefix) }

    /// The part that is no secret.
    static func shown(_ id: APIKeyID) -> String { prefix + Hex.encode(withUnsafeBytes(of: id.rawValue.bigEndian, Array.init)) }
}
