package import Crypto

/// A new credential as a browser hands it over (WebAuthn §7.1).
package struct Attestation: Sendable {
    /// Bytes at most: what authenticators send has less than two thousand, certificates included.
    package static let sizes = 1...16_384

    package let data: AuthenticatorData
    package let credential: AuthenticatorData.AttestedCredential

    /// Checks everything but the challenge.
    ///
    /// - Parameter object: the `attestationObject`.
    package init(_ object: [UInt8], _ clientData: ClientData, for relyingParty: RelyingParty) throws(WebAuthnFault) {
        try clientData.check("webauthn.create", relyingParty)
        guard Self.sizes.contains(object.count) else { throw .malformed("the attestation has no good length") }
        let value: CBOR
        do { value = try CBORReader.read(object) } catch { throw .malformed("CBOR: \(error)") }
        guard let entries = value.map, entries.count == 3, let format = value["fmt"]?.text, let statement = value["attStmt"],
            statement.map != nil, let bytes = value["authData"]?.bytes
        else { throw .malformed("the attestation lacks a member") }
        data = try AuthenticatorData(bytes)
        guard let credential = data.credential else { throw .malformed("there is no credential") }
        self.credential = credential
        try relyingParty.check(data, needsVerification: true)
        try Self.check(format, statement, data, credential, clientData)
    }

    /// `none` and `packed` by the key itself (§8.2, §8.7): which maker a key is from is nobody's business here.
    private static func check(
        _ format: String, _ statement: CBOR, _ data: AuthenticatorData, _ credential: AuthenticatorData.AttestedCredential,
        _ clientData: ClientData
    ) throws(WebAuthnFault) {
        switch format {
        case "none":
            guard statement.map?.isEmpty == true else { throw .attestation }
        case "packed":
            guard statement.map?.count == 2, statement["alg"]?.integer == credential.key.algorithm.rawValue,
                let signature = statement["sig"]?.bytes
            else { throw .attestation }
            guard credential.key.isValid(signature, for: data.bytes + clientData.hash) else { throw .signature }
        default: throw .attestation
        }
    }
}

/// A proof that somebody has a credential, as a browser hands it over (WebAuthn §7.2).
package struct Assertion: Sendable {
    package let clientData: ClientData
    package let data: AuthenticatorData

    /// Checks everything but the challenge, the counter, and whose it is.
    package init(
        authenticatorData: [UInt8], clientData: ClientData, signature: [UInt8], by key: CredentialKey, for relyingParty: RelyingParty,
        needsVerification: Bool
    ) throws(WebAuthnFault) {
        try clientData.check("webauthn.get", relyingParty)
        self.clientData = clientData
        data = try AuthenticatorData(authenticatorData)
        guard data.credential == nil else { throw .malformed("an assertion holds no credential") }
        try relyingParty.check(data, needsVerification: needsVerification)
        guard key.isValid(signature, for: authenticatorData + clientData.hash) else { throw .signature }
    }
}
