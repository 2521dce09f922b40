internal import Authorization
internal import Crypto
internal import Database
internal import Kernel
internal import Web

/// One row of `api_keys`.
struct KeyRecord: Sendable {
    static let maximumCount = 50
    static let nameLength = 1...64

    let id: APIKeyID
    let userID: UserID
    var name: String
    /// What was asked for; what it may do is that, as far as its person may.
    var scopes: [PermissionPattern]
    var hash: [UInt8]
    /// The secret before the last rotation, and until when it is good.
    var previous: (hash: [UInt8], expiresAt: Timestamp)?
    let createdAt: Timestamp
    var rotatedAt: Timestamp?
    /// Noted about once a minute.
    let lastUsedAt: Timestamp?
    var expiresAt: Timestamp?
    var version: Int64
    /// Sealed; nil for a key whose requests need no signature.
    var signing: (secret: [UInt8], previous: [UInt8]?)?
    /// The networks that it may be used from; empty for any.
    var addresses: [String] = []
    private(set) var lastUsedAddress: String?
    private(set) var useCount: Int64 = 0

    static let signingColumn = "api_keys.signing_secret"
    static let addressLimit = 20

    var requiresSignature: Bool { signing != nil }

    /// In the order of `init(_:from:)`.
    static let columns: SQL = """
        api_keys.id, api_keys.user_id, api_keys.name, api_keys.scopes, api_keys.hash, api_keys.previous_hash, api_keys.previous_expires_at,
        api_keys.created_at, api_keys.rotated_at, api_keys.last_used_at, api_keys.expires_at, api_keys.version,
        api_keys.signing_secret, api_keys.previous_signing_secret, api_keys.addresses, api_keys.last_used_address, api_keys.use_count
        """

    init(_ row: Row, from first: Int = 0) {
        (id, userID, name) = (row.id(first), row.id(first + 1), row.text(first + 2))
        scopes = Self.scopes(row.text(first + 3))
        hash = row.blob(first + 4)
        if let old = row.optionalBlob(first + 5), let end = row.optionalTime(first + 6) { previous = (old, end) }
        (createdAt, rotatedAt, lastUsedAt) = (row.time(first + 7), row.optionalTime(first + 8), row.optionalTime(first + 9))
        (expiresAt, version) = (row.optionalTime(first + 10), row.int64(first + 11))
        signing = row.optionalBlob(first + 12).map { ($0, row.optionalBlob(first + 13)) }
        addresses = row.text(first + 14).split(separator: ",").map(String.init)
        (lastUsedAddress, useCount) = (row.optionalText(first + 15), row.int64(first + 16))
    }

    init(_ secret: KeySecret, of user: UserID, name: String, scopes: [PermissionPattern], expiresAt: Timestamp?, at now: Timestamp) {
        (id, userID, self.name, self.scopes, self.expiresAt) = (secret.id, user, name, scopes.normalized, expiresAt)
        (hash, createdAt, lastUsedAt, version) = (secret.hash, now, nil, 1)
    }

    /// What we stored is a list of patterns; a damaged one holds nothing.
    private static func scopes(_ text: String) -> [PermissionPattern] {
        do {
            return (try JSONParser.parse(own: Array(text.utf8)).array ?? []).compactMap { $0.string.flatMap(PermissionPattern.init) }
        } catch {
            return []
        }
    }

    func mayBeUsed(from address: String) -> Bool {
        guard !addresses.isEmpty else { return true }
        guard let address = NetworkAddress(address) else { return false }
        return addresses.contains { NetworkBlock($0)?.contains(address) ?? false }
    }

    var addressesJSON: JSON { .array(addresses.map(JSON.string)) }

    var scopesJSON: JSON { .array(scopes.map { .string($0.text) }) }

    func hasExpired(at now: Timestamp) -> Bool { expiresAt.map { $0 <= now } ?? false }

    /// Until when this secret is good: `.some(nil)` without an end, nil when it is not this key's, or not any more.
    func end(of secret: KeySecret, at now: Timestamp) -> Timestamp?? {
        if hasExpired(at: now) { return nil }
        let given = secret.hash
        if constantTimeEquals(given, hash) { return .some(expiresAt) }
        guard let previous, constantTimeEquals(given, previous.hash), previous.expiresAt > now else { return nil }
        return .some(min(previous.expiresAt, expiresAt ?? previous.expiresAt))
    }

    func json(at now: Timestamp) -> JSON {
        let overlap = previous.flatMap { $0.expiresAt > now ? $0.expiresAt : nil }
        return [
            "id": JSON(id), "user_id": JSON(userID), "name": .string(name), "prefix": .string(KeySecret.shown(id)), "scopes": scopesJSON,
            "expired": .bool(hasExpired(at: now)), "expires_at": JSON(expiresAt), "created_at": JSON(createdAt),
            "rotated_at": JSON(rotatedAt), "previous_expires_at": JSON(overlap), "last_used_at": JSON(lastUsedAt),
            "last_used_address": JSON(lastUsedAddress), "use_count": .integer(useCount), "requires_signature": .bool(requiresSignature),
            "addresses": addressesJSON, "version": .integer(version),
        ]
    }

    /// What the audit log keeps of it.
    var audited: JSON {
        [
            "name": .string(name), "scopes": scopesJSON, "expires_at": JSON(expiresAt), "requires_signature": .bool(requiresSignature),
            "addresses": addressesJSON,
        ]
    }
}
