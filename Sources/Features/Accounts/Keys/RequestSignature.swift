internal import Crypto
package import HTTP
package import Kernel

/// The signature that a program puts on a request (RFC 9421): HMAC-SHA-256 over method, authority, path, query and the digest of the body.
///
/// Only the one canonical spelling of the fields is read, so that what is signed is what stands there.
package struct RequestSignature: Sendable {
    /// Why it is none.
    package enum Fault: String, Error, Sendable, CaseIterable {
        /// The fields are not there, or cannot be read.
        case malformed
        /// The list does not cover what it must.
        case components
        /// Another algorithm, or no nonce of a good length.
        case parameters
        /// Made too long ago, in the future, or ended.
        case time
        /// The body is another one.
        case digest
    }

    /// Bytes of one field at most.
    private static let fieldLimit = 4096
    private static let componentLimit = 24
    package static let nonceSizes = 8...128
    /// Seconds that `created` may be away from now, either way.
    package static let tolerance: Int64 = 300
    private static let required = ["@method", "@authority", "@path", "@query"]

    /// As requests name the key: what is shown of it.
    package let keyID: String
    package let nonce: String
    /// Until when a second request with the nonce must be refused.
    package let expiresAt: Timestamp
    /// What the signature is over.
    let base: [UInt8]
    let signature: [UInt8]

    /// Whether a request bears a signature by a key of ours.
    package static func isThere(_ request: HTTPRequest) -> Bool {
        let own = Array("keyid=\"\(KeySecret.prefix)".utf8)
        return request.headers.values("Signature-Input").contains { value in
            let bytes = Array(value.utf8.prefix(fieldLimit))
            return bytes.indices.contains { bytes[$0...].starts(with: own) }
        }
    }

    /// Checks everything but the signature itself.
    ///
    /// - Parameter authority: the site's, in lower case, without a standard port.
    package init(_ request: HTTPRequest, authority: String, at now: Timestamp) throws(Fault) {
        guard let inputs = Self.field("Signature-Input", request), let signatures = Self.field("Signature", request),
            let members = StructuredFields.members(inputs)
        else { throw .malformed }
        // A proxy may add a signature of its own.
        var own: (label: String, input: SignatureInput)?
        for (label, text) in members {
            guard let input = SignatureInput(text), input.keyID?.hasPrefix(KeySecret.prefix) == true else { continue }
            guard own == nil else { throw .malformed }
            own = (label, input)
        }
        guard let (label, input) = own, let keyID = input.keyID,
            let member = StructuredFields.members(signatures)?.first(where: { $0.name.hasSameBytes(as: label) }),
            let signature = StructuredFields.bytes(member.value)
        else { throw .malformed }
        guard input.algorithm?.hasSameBytes(as: "hmac-sha256") ?? true, let nonce = input.nonce,
            Self.nonceSizes.contains(nonce.utf8.count), let created = input.created
        else { throw .parameters }
        let seconds = now.milliseconds / 1000
        guard abs(seconds - created) <= Self.tolerance, input.expires.map({ $0 > seconds }) ?? true else { throw .time }
        let covered = input.components
        guard covered.count <= Self.componentLimit, Self.required.allSatisfy({ name in covered.contains { $0.hasSameBytes(as: name) } })
        else {
            throw .components
        }
        let coversBody = covered.contains { $0.hasSameBytes(as: "content-digest") }
        guard coversBody || !request.hasBody || request.body.isEmpty && request.bodyStream == nil else { throw .components }
        if coversBody {
            guard request.bodyStream == nil, let digest = Self.field("Content-Digest", request),
                let member = StructuredFields.members(digest)?.first(where: { $0.name.hasSameBytes(as: "sha-256") }),
                let value = StructuredFields.bytes(member.value), value == SHA256.digest(request.body)
            else { throw .digest }
        }
        (self.keyID, self.nonce, self.signature) = (keyID, nonce, signature)
        expiresAt = Timestamp(milliseconds: (created + Self.tolerance + 1) * 1000)
        base = try Self.base(input, request, authority)
    }

    package func isValid(_ secret: String) -> Bool {
        HMACKey(Array(secret.utf8)).isValid(signature, for: base)
    }

    /// RFC 9421 §2.5.
    private static func base(_ input: SignatureInput, _ request: HTTPRequest, _ authority: String) throws(Fault) -> [UInt8] {
        var lines = ""
        for (index, name) in input.components.enumerated() {
            guard !input.components[..<index].contains(where: { $0.hasSameBytes(as: name) }) else { throw .components }
            let value: String
            switch name {
            case "@method": value = request.method.rawValue
            case "@authority": value = authority
            case "@path": value = request.rawPath
            case "@query": value = "?" + (request.query ?? "")
            case "@target-uri", "@request-target", "@scheme", "@query-param", "@status": throw .components
            default:
                let values = request.headers.values(name)
                guard !name.utf8.starts(with: "@".utf8), !values.isEmpty else { throw .components }
                value = values.map(\.trimmed).joined(separator: ", ")
            }
            lines += "\"\(name)\": \(value)\n"
        }
        return Array((lines + "\"@signature-params\": \(input.text)").utf8)
    }

    /// A field that stands once and is short enough.
    private static func field(_ name: String, _ request: HTTPRequest) -> String? {
        let values = request.headers.values(name)
        guard values.count == 1, let value = values.first, value.utf8.count <= fieldLimit,
            value.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
        else { return nil }
        return value
    }
}

/// One member of `Signature-Input`: what is covered, and the parameters (RFC 9421 §2.3).
private struct SignatureInput {
    let text: String
    private(set) var components: [String] = []
    private(set) var created: Int64?
    private(set) var expires: Int64?
    private(set) var keyID: String?
    private(set) var nonce: String?
    private(set) var algorithm: String?

    init?(_ text: String) {
        self.text = text
        var reader = StructuredReader(text)
        guard reader.take("(") else { return nil }
        while !reader.take(")") {
            if !components.isEmpty { guard reader.take(" ") else { return nil } }
            guard let name = reader.string(), !name.isEmpty else { return nil }
            // A component with parameters of its own is another thing, which is not read.
            components.append(name)
        }
        var seen: [String] = []
        while reader.take(";") {
            guard let name = reader.key(), !seen.contains(where: { $0.hasSameBytes(as: name) }), reader.take("=") else { return nil }
            seen.append(name)
            switch name {
            case "created", "expires":
                guard let number = reader.integer() else { return nil }
                if name == "created" { created = number } else { expires = number }
            case "keyid", "nonce", "alg", "tag":
                guard let value = reader.string() else { return nil }
                switch name {
                case "keyid": keyID = value
                case "nonce": nonce = value
                case "alg": algorithm = value
                default: break
                }
            default: return nil
            }
        }
        guard reader.isAtEnd else { return nil }
    }
}
