package import Crypto

/// What an authenticator signs of itself (WebAuthn §6.1).
package struct AuthenticatorData: Sendable {
    /// The bytes that are signed.
    package let bytes: [UInt8]
    /// SHA-256 of the RP ID.
    package let rpIDHash: [UInt8]
    package let flags: UInt8
    package let signCount: Int64
    /// At registration.
    package let credential: AttestedCredential?

    package struct AttestedCredential: Sendable {
        /// 16 bytes: the model of the authenticator, all zero when it does not say.
        package let aaguid: [UInt8]
        package let id: [UInt8]
        package let key: CredentialKey
    }

    /// Somebody was there.
    package var isUserPresent: Bool { flags & 0x01 != 0 }
    /// The person proved to the authenticator who they are.
    package var isUserVerified: Bool { flags & 0x04 != 0 }
    /// The key may be copied to the person's other devices.
    package var isBackupEligible: Bool { flags & 0x08 != 0 }
    /// It has been copied.
    package var isBackedUp: Bool { flags & 0x10 != 0 }

    private static let (attestedFlag, extensionsFlag): (UInt8, UInt8) = (0x40, 0x80)

    /// Longest id of a credential (WebAuthn §4).
    package static let credentialSizes = 1...1023

    package init(_ bytes: [UInt8]) throws(WebAuthnFault) {
        guard bytes.count >= 37 else { throw .malformed("the authenticator data is short") }
        self.bytes = bytes
        rpIDHash = Array(bytes[0..<32])
        flags = bytes[32]
        signCount = bytes[33..<37].reduce(0) { $0 << 8 | Int64($1) }
        var rest = bytes[37...]
        if flags & Self.attestedFlag != 0 {
            credential = try Self.credential(&rest)
        } else {
            credential = nil
        }
        if flags & Self.extensionsFlag != 0 {
            let (extensions, count) = try Self.cbor(rest)
            guard extensions.map != nil else { throw .malformed("the extensions are no map") }
            rest = rest.dropFirst(count)
        }
        guard rest.isEmpty else { throw .malformed("bytes follow the authenticator data") }
    }

    private static func credential(_ rest: inout ArraySlice<UInt8>) throws(WebAuthnFault) -> AttestedCredential {
        guard rest.count >= 18 else { throw .malformed("the credential is short") }
        let start = rest.startIndex
        let aaguid = Array(rest[start..<start + 16])
        let count = Int(rest[start + 16]) << 8 | Int(rest[start + 17])
        rest = rest.dropFirst(18)
        guard credentialSizes.contains(count), rest.count >= count else { throw .malformed("the credential’s id has no good length") }
        let id = Array(rest.prefix(count))
        rest = rest.dropFirst(count)
        let (key, keyCount) = try cbor(rest)
        rest = rest.dropFirst(keyCount)
        return AttestedCredential(aaguid: aaguid, id: id, key: try CredentialKey.of(cose: key))
    }

    private static func cbor(_ bytes: ArraySlice<UInt8>) throws(WebAuthnFault) -> (CBOR, Int) {
        do { return try CBORReader.readFirst(bytes) } catch { throw .malformed("CBOR: \(error)") }
    }
}

/// Why what a browser sent is refused: for the log and for tests; a person learns a sentence.
package enum WebAuthnFault: Error, Sendable, Equatable {
    case malformed(String)
    /// A key of another kind than was asked for, or no key at all.
    case key
    case type
    case origin
    /// Asked for from within another site's page.
    case crossOrigin
    case rpID
    case notPresent
    case notVerified
    /// A key that cannot be backed up says that it is, or it changed whether it can be.
    case backup
    case attestation
    case signature
}

extension CredentialKey {
    private static let (kty, alg): (Int64, Int64) = (1, 3)

    /// The key of a COSE structure (RFC 9053 §7): −7 on P-256, −8 on Ed25519, −257 (RFC 8812). One that says more than that is refused.
    package static func of(cose key: CBOR) throws(WebAuthnFault) -> CredentialKey {
        guard let number = key[alg]?.integer, let algorithm = Algorithm(rawValue: number) else { throw .key }
        do {
            switch algorithm {
            case .es256:
                guard holds(key, kty: 2, [-1, -2, -3]), key[-1]?.integer == 1, let x = key[-2]?.bytes, let y = key[-3]?.bytes else { break }
                return try .p256(x: x, y: y)
            case .ed25519:
                guard holds(key, kty: 1, [-1, -2]), key[-1]?.integer == 6, let point = key[-2]?.bytes else { break }
                return try .ed25519(point)
            case .rs256:
                guard holds(key, kty: 3, [-1, -2]), let modulus = key[-1]?.bytes, let exponent = key[-2]?.bytes else { break }
                return try .rsa(modulus: modulus, exponent: exponent)
            }
        } catch {
            throw .key
        }
        throw .key
    }

    private static func holds(_ key: CBOR, kty type: Int64, _ members: [Int64]) -> Bool {
        let labels = (key.map ?? []).compactMap(\.key.integer)
        return key[kty]?.integer == type && labels.count == key.map?.count && Set(labels) == Set([kty, alg] + members)
    }
}
