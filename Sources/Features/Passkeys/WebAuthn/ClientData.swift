internal import Crypto
internal import Kernel

/// What a browser says of the ceremony, as the authenticator signed it (WebAuthn §5.8.1).
package struct ClientData: Sendable {
    /// Bytes at most.
    package static let sizes = 1...4096

    /// SHA-256 of the bytes, which the signature covers.
    package let hash: [UInt8]
    package let type: String
    /// The challenge, decoded.
    package let challenge: [UInt8]
    package let origin: String
    package let isCrossOrigin: Bool

    package init(_ bytes: [UInt8]) throws(WebAuthnFault) {
        guard Self.sizes.contains(bytes.count) else { throw .malformed("the client data has no good length") }
        let json: JSON
        do { json = try JSONParser.parse(bytes, maximumDepth: 4) } catch { throw .malformed("the client data is no JSON") }
        guard let type = json["type"]?.string, let origin = json["origin"]?.string,
            let challenge = json["challenge"]?.string.flatMap({ Base64URL.decode($0) })
        else { throw .malformed("the client data lacks a member") }
        let crossOrigin = json["crossOrigin"] ?? .null
        guard crossOrigin.isNull || crossOrigin.bool != nil else { throw .malformed("crossOrigin is no boolean") }
        hash = SHA256.digest(bytes)
        (self.type, self.origin, self.challenge) = (type, origin, challenge)
        isCrossOrigin = crossOrigin.bool == true || json["topOrigin"].map { !$0.isNull } == true
    }

    /// - Parameter type: `webauthn.create` or `webauthn.get`.
    func check(_ type: String, _ relyingParty: RelyingParty) throws(WebAuthnFault) {
        guard self.type.hasSameBytes(as: type) else { throw .type }
        guard origin.hasSameBytes(as: relyingParty.origin) else { throw .origin }
        guard !isCrossOrigin else { throw .crossOrigin }
    }
}

/// Whom passkeys are for (WebAuthn §4, “Relying Party Identifier”): the site under its public address.
package struct RelyingParty: Sendable, Equatable {
    /// The host of the address, or a domain that it is below of.
    package let id: String
    /// `https://foyer.example`
    package let origin: String

    package init(id: String, origin: String) { (self.id, self.origin) = (id, origin) }

    var idHash: [UInt8] { SHA256.digest(id) }

    func check(_ data: AuthenticatorData, needsVerification: Bool) throws(WebAuthnFault) {
        guard data.rpIDHash == idHash else { throw .rpID }
        guard data.isUserPresent else { throw .notPresent }
        guard data.isUserVerified || !needsVerification else { throw .notVerified }
        guard data.isBackupEligible || !data.isBackedUp else { throw .backup }
    }
}
