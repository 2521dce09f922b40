internal import Crypto
internal import Kernel
internal import Passkeys

extension FuzzTarget {
    /// CBOR of authenticators (RFC 8949): what is read is written back as the same bytes, so no value has two forms; and what stands around it is never
    /// reached for.
    static let cbor = FuzzTarget(
        "cbor",
        files: [
            "Features/Passkeys/CBOR/CBOR.swift", "Features/Passkeys/CBOR/CBORReader.swift",
            "Features/Passkeys/WebAuthn/AuthenticatorData.swift",
        ], words: ["fmt", "none", "packed", "attStmt", "authData", "alg", "sig", "\u{1}\u{2}\u{3}&", "\u{A0}"]
    ) { bytes in
        // A cut behind any byte is no value, unless it is the value itself.
        var whole: CBOR?
        do { whole = try CBORReader.read(bytes) } catch {}
        if let whole {
            try hold(whole.encoded == bytes, "\(bytes) reads as \(whole), which is written \(whole.encoded)")
            try hold(depth(of: whole) <= CBORReader.maximumDepth, "deeper than allowed")
            try hold((try? CBORReader.read(bytes + [0])) == nil, "a byte behind the value is taken")
            if bytes.count > 1 {
                try hold((try? CBORReader.read(Array(bytes.dropLast()))) == nil, "a value without its last byte is taken")
            }
        }
        if let (value, count) = try? CBORReader.readFirst((bytes + [0xFF, 0xFF])[...]), count <= bytes.count {
            try hold(value.encoded == Array(bytes[..<count]), "the first value is not what its bytes say")
        }
        // Behind it: an authenticator's data, with a key in it or not.
        do {
            let data = try AuthenticatorData(bytes)
            try hold(data.bytes == bytes && data.rpIDHash.count == 32, "the authenticator data is not whole")
            if let credential = data.credential {
                try hold(
                    credential.aaguid.count == 16 && AuthenticatorData.credentialSizes.contains(credential.id.count), "a credential’s sizes"
                )
                _ = try? CredentialKey(credential.key.algorithm, der: credential.key.der)
            }
        } catch _ as WebAuthnFault {}
    }

    private static func depth(of value: CBOR) -> Int {
        switch value {
        case .array(let elements): 1 + (elements.map(depth).max() ?? 0)
        case .map(let entries): 1 + (entries.map { max(depth(of: $0.key), depth(of: $0.value)) }.max() ?? 0)
        default: 0
        }
    }
}
