internal import Crypto
internal import Kernel
internal import Web

/// What is remembered of requests and answers, under the site's own keys.
struct KeyringIdempotencyCipher: IdempotencyCipher {
    let keyring: Keyring

    func fingerprint(_ request: [UInt8]) -> String {
        Hex.encode(keyring.sessions.authenticate(Array("idempotency\0".utf8) + request).prefix(16))
    }

    func seal(_ answer: [UInt8], for principal: Int64) -> [UInt8] {
        keyring.fields.seal(answer, column: "idempotency_keys.body", id: principal)
    }

    func open(_ sealed: [UInt8], for principal: Int64) throws -> [UInt8] {
        try keyring.fields.open(sealed, column: "idempotency_keys.body", id: principal)
    }
}
