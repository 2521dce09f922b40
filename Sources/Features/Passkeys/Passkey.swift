internal import Crypto
internal import Database
internal import Kernel

/// One row of `passkeys`.
struct Passkey: Sendable {
    /// The most that a person has.
    static let maximumCount = 20
    static let nameLength = 1...64

    let id: RowID
    let userID: UserID
    let credentialID: [UInt8]
    let publicKey: [UInt8]
    let algorithm: Int64
    let signCount: Int64
    /// The site that it is good for; of another address of the site it is no more than a line in a list.
    let relyingPartyID: String
    private(set) var userHandle: [UInt8]
    let aaguid: [UInt8]
    /// As browsers name them: `internal`, `usb`.
    let transports: [String]
    /// It may be copied to the person's other devices; an authenticator never changes its word on that.
    let isBackupEligible: Bool
    let isBackedUp: Bool
    var name: String
    let createdAt: Timestamp
    let lastUsedAt: Timestamp?

    /// In the order of `init(_:)`.
    static let columns: SQL = """
        passkeys.id, passkeys.user_id, passkeys.credential_id, passkeys.public_key, passkeys.alg, passkeys.sign_count, passkeys.rp_id,
        passkeys.user_handle, passkeys.aaguid, passkeys.transports, passkeys.backup_eligible, passkeys.backed_up, passkeys.name,
        passkeys.created_at, passkeys.last_used_at
        """

    init(_ row: Row) {
        (id, userID, credentialID, publicKey) = (row.id(0), row.id(1), row.blob(2), row.blob(3))
        (algorithm, signCount, relyingPartyID, userHandle) = (row.int64(4), row.int64(5), row.text(6), row.blob(7))
        aaguid = row.blob(8)
        transports = row.text(9).split(separator: ",").map(String.init)
        (isBackupEligible, isBackedUp, name) = (row.bool(10), row.bool(11), row.text(12))
        (createdAt, lastUsedAt) = (row.time(13), row.optionalTime(14))
    }

    /// A credential that was just registered.
    init(
        id: RowID, of user: UserID, _ attestation: Attestation, handle: [UInt8], transports: [String], name: String,
        relyingParty: RelyingParty, at now: Timestamp
    ) {
        let (credential, data) = (attestation.credential, attestation.data)
        (self.id, userID, credentialID, publicKey) = (id, user, credential.id, credential.key.der)
        (algorithm, signCount, relyingPartyID) = (credential.key.algorithm.rawValue, data.signCount, relyingParty.id)
        (userHandle, aaguid, self.transports, self.name) = (handle, credential.aaguid, transports, name)
        (isBackupEligible, isBackedUp, createdAt, lastUsedAt) = (data.isBackupEligible, data.isBackedUp, now, nil)
    }

    /// The same, whose device knows its person by this handle.
    func known(by handle: [UInt8]) -> Passkey {
        var passkey = self
        passkey.userHandle = handle
        return passkey
    }

    /// - Throws: `CryptoError` when the row is damaged.
    var key: CredentialKey {
        get throws {
            guard let algorithm = CredentialKey.Algorithm(rawValue: algorithm) else { throw CryptoError.invalidKey }
            return try CredentialKey(algorithm, der: publicKey)
        }
    }

    /// - Parameter relyingParty: nil where there are no passkeys any more.
    func json(_ relyingParty: RelyingParty?) -> JSON {
        [
            "id": JSON(id), "name": .string(name), "created_at": JSON(createdAt), "last_used_at": JSON(lastUsedAt),
            "transports": .array(transports.map(JSON.string)), "aaguid": .string(Self.uuid(aaguid)), "synced": .bool(isBackedUp),
            "rp_id": .string(relyingPartyID), "usable": .bool(relyingPartyID == relyingParty?.id),
        ]
    }

    /// What the audit log keeps of it.
    var audited: JSON { ["name": .string(name), "rp_id": .string(relyingPartyID), "backup_eligible": .bool(isBackupEligible)] }

    /// The credential descriptor that a browser gets (WebAuthn §5.8.3).
    var descriptor: JSON {
        [
            "type": "public-key", "id": .string(Base64URL.encode(credentialID)), "transports": .array(transports.map(JSON.string)),
        ]
    }

    private static func uuid(_ bytes: [UInt8]) -> String {
        let digits = Array(Hex.encode(bytes).utf8)
        return [digits[0..<8], digits[8..<12], digits[12..<16], digits[16..<20], digits[20..<32]].map { String(own: $0) }.joined(
            separator: "-")
    }
}
