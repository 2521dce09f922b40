internal import Crypto
internal import Kernel

/// The bytes that the chain is made of: every field with its kind and length, so that no two entries have the same bytes.
enum AuditHash {
    private static let entryTag = "foyer.audit.entry.1"
    private static let headTag = "foyer.audit.head.1"
    private static let genesisTag = "foyer.audit.genesis.1"

    /// What stands for the hash before a chain's first entry.
    static func genesis(of chainID: Int64) -> [UInt8] {
        var bytes: [UInt8] = []
        put(genesisTag, &bytes)
        put(chainID, &bytes)
        return SHA256.digest(bytes)
    }

    static func hash(of entry: AuditContent, chainID: Int64, seq: Int64, previous: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(512 + entry.payload.utf8.count)
        put(entryTag, &bytes)
        put(previous, &bytes)
        put(chainID, &bytes)
        put(seq, &bytes)
        put(entry.id.rawValue, &bytes)
        put(entry.actor?.rawValue, &bytes)
        put(entry.action, &bytes)
        put(entry.targetType, &bytes)
        put(entry.targetID, &bytes)
        put(entry.payload, &bytes)
        put(entry.result, &bytes)
        put(entry.reason, &bytes)
        put(entry.timestamp.milliseconds, &bytes)
        put(entry.ip, &bytes)
        put(entry.userAgent, &bytes)
        put(entry.requestID, &bytes)
        return SHA256.digest(bytes)
    }

    /// What a head's signature is over.
    static func signedMessage(chainID: Int64, seq: Int64, hash: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        put(headTag, &bytes)
        put(chainID, &bytes)
        put(seq, &bytes)
        put(hash, &bytes)
        return bytes
    }

    // MARK: A field: its kind, its length, its bytes

    private static func put(_ value: Int64?, _ bytes: inout [UInt8]) {
        guard let value else {
            bytes.append(0)
            return
        }
        bytes.append(1)
        putBigEndian(UInt64(bitPattern: value), &bytes)
    }

    private static func put(_ value: String?, _ bytes: inout [UInt8]) {
        guard let value else {
            bytes.append(0)
            return
        }
        bytes.append(2)
        putBigEndian(UInt64(value.utf8.count), &bytes)
        bytes.append(contentsOf: value.utf8)
    }

    private static func put(_ value: [UInt8], _ bytes: inout [UInt8]) {
        bytes.append(3)
        putBigEndian(UInt64(value.count), &bytes)
        bytes.append(contentsOf: value)
    }

    private static func putBigEndian(_ value: UInt64, _ bytes: inout [UInt8]) {
        for shift in stride(from: UInt64(56), through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
    }
}
