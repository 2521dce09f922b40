internal import Crypto
internal import Kernel

/// What `credential.toJSON()` of a browser gives (WebAuthn L3 §5.1.8), before it is looked at closely: bytes, bounded in length.
struct CredentialInput: Sendable {
    let id: [UInt8]
    let clientData: [UInt8]
    /// At registration.
    let attestation: [UInt8]
    let transports: [String]
    /// At a sign-in.
    let authenticatorData: [UInt8]
    let signature: [UInt8]
    let userHandle: [UInt8]?

    /// Those that WebAuthn names; what else a browser says is left out.
    static let knownTransports = ["ble", "hybrid", "internal", "nfc", "smart-card", "usb"]
    /// Bytes at most: RSA of 4096 bits.
    private static let signatureSizes = 1...512
    private static let authenticatorDataSizes = 37...2048
    private static let handleSizes = 1...64

    /// - Throws: 422 at `/credential`.
    init(registration value: JSON?) throws(Problem) {
        let response = try Self.response(of: value)
        id = try Self.id(value)
        clientData = try Self.bytes(response["clientDataJSON"], ClientData.sizes)
        attestation = try Self.bytes(response["attestationObject"], Attestation.sizes)
        let named = (response["transports"]?.array ?? []).prefix(16).compactMap(\.string)
        transports = Self.knownTransports.filter { known in named.contains { $0.hasSameBytes(as: known) } }
        (authenticatorData, signature, userHandle) = ([], [], nil)
    }

    /// - Throws: 422 at `/credential`.
    init(assertion value: JSON?) throws(Problem) {
        let response = try Self.response(of: value)
        id = try Self.id(value)
        clientData = try Self.bytes(response["clientDataJSON"], ClientData.sizes)
        authenticatorData = try Self.bytes(response["authenticatorData"], Self.authenticatorDataSizes)
        signature = try Self.bytes(response["signature"], Self.signatureSizes)
        let handle = response["userHandle"] ?? .null
        userHandle = try handle.isNull ? nil : Self.bytes(handle, Self.handleSizes)
        (attestation, transports) = ([], [])
    }

    private static func response(of value: JSON?) throws(Problem) -> JSONObject {
        guard let object = value?.object, object["type"]?.string?.hasSameBytes(as: "public-key") == true,
            let response = object["response"]?.object
        else { throw malformed }
        return response
    }

    private static func id(_ value: JSON?) throws(Problem) -> [UInt8] {
        try bytes(value?["id"], AuthenticatorData.credentialSizes)
    }

    private static func bytes(_ value: JSON?, _ sizes: ClosedRange<Int>) throws(Problem) -> [UInt8] {
        // Four characters are three bytes.
        guard let text = value?.string, text.utf8.count <= (sizes.upperBound * 4 + 2) / 3, let bytes = Base64URL.decode(text),
            sizes.contains(bytes.count)
        else { throw malformed }
        return bytes
    }

    static let malformed = Problem.invalid(
        "/credential", "credential_malformed",
        LocalizedText(
            en: "This is not what a browser gives for a passkey.", fr: "Ce n’est pas ce qu’un navigateur renvoie pour une clé d’accès."))
}
