internal import Kernel

/// The signature of a webhook's request, as the Standard Webhooks specification 1.0 says: HMAC-SHA-256 of `id.timestamp.body`.
public struct WebhookSignature: Sendable {
    private let key: HMACKey

    private static let prefix = "whsec_"
    /// Bytes of a secret that the specification allows.
    private static let sizes = 24...64

    /// - Parameter secret: `whsec_` and 24 to 64 bytes in standard base64; nil for anything else.
    public init?(secret: String) {
        guard secret.utf8.count <= 100, secret.hasPrefix(Self.prefix) else { return nil }
        let encoded = secret.dropFirst(Self.prefix.count)
        guard encoded.utf8.allSatisfy({ $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "_") }) else { return nil }
        let text = encoded.prefix { $0 != "=" }.map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 }
        guard let bytes = Base64URL.decode(String(text)), Self.sizes.contains(bytes.count), Self.base64(bytes) == encoded else {
            return nil
        }
        key = HMACKey(bytes)
    }

    /// A secret of 32 random bytes.
    public static func newSecret() -> String { prefix + base64(Random.bytes(32)) }

    /// - Parameters:
    ///   - id: the `webhook-id`, without a dot.
    ///   - timestamp: the `webhook-timestamp`, in seconds.
    /// - Returns: one entry of `webhook-signature`.
    public func sign(id: String, timestamp: String, body: [UInt8]) -> String {
        "v1," + Self.base64(key.authenticate(Array("\(id).\(timestamp).".utf8) + body))
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        let text = String(Base64URL.encode(bytes).map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 })
        return text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
    }
}
