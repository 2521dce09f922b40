/// Keeps what is remembered of requests and answers from whoever has the database alone: a body may hold a password, an answer an e-mail address.
public protocol IdempotencyCipher: Sendable {
    /// Tells two requests apart, and nothing else to whoever lacks the key.
    func fingerprint(_ request: [UInt8]) -> String

    /// - Parameter principal: who asked; the answer opens for nobody else.
    func seal(_ answer: [UInt8], for principal: Int64) -> [UInt8]

    /// - Throws: on what was not sealed for this principal.
    func open(_ sealed: [UInt8], for principal: Int64) throws -> [UInt8]
}

/// Hides nothing: for tests, and for sites that have no keys.
struct NoIdempotencyCipher: IdempotencyCipher {
    /// FNV-1a, 128 bits.
    func fingerprint(_ request: [UInt8]) -> String {
        var hash: UInt128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d
        for byte in request { hash = (hash ^ UInt128(byte)) &* 0x0000_0000_0100_0000_0000_0000_0000_013b }
        return String(hash, radix: 16)
    }

    func seal(_ answer: [UInt8], for principal: Int64) -> [UInt8] { answer }
    func open(_ sealed: [UInt8], for principal: Int64) -> [UInt8] { sealed }
}
