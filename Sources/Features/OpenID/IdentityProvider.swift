internal import Crypto
internal import Database
internal import Kernel

/// One row of `identity_providers`: an OpenID provider with which people sign in.
struct IdentityProvider: Sendable {
    let id: RowID
    /// Names it in addresses: `google`. It never changes, since the provider knows the address.
    let key: String
    var name: String
    /// It never changes either: people are known by it.
    let issuer: String
    var clientID: String
    /// Nil for a public client.
    var secret: String?
    var scopes: [String]
    var metadata: ProviderMetadata
    var checkedAt: Timestamp
    var isEnabled: Bool
    /// An address that the provider verified is believed.
    var trustsEmail: Bool
    /// A second factor that the provider asked for is believed.
    var trustsFactor: Bool
    var rules: [RoleRule]
    /// With whose rights roles are given.
    var rulesAuthor: UserID
    let createdAt: Timestamp
    var version: Int64 = 1

    static let defaultScopes = ["openid", "email", "profile"]

    /// What those with `identity.manage` see: never the secret.
    func view(redirectURI: String, logoutURI: String) -> JSON {
        [
            "id": JSON(id), "key": .string(key), "name": .string(name), "issuer": .string(issuer), "client_id": .string(clientID),
            "has_secret": .bool(secret != nil), "scopes": .array(scopes.map(JSON.string)), "enabled": .bool(isEnabled),
            "trusts_email": .bool(trustsEmail), "trusts_mfa": .bool(trustsFactor), "role_rules": .array(rules.map(\.json)),
            "redirect_uri": .string(redirectURI), "backchannel_logout_uri": .string(logoutURI), "checked_at": JSON(checkedAt),
            "created_at": JSON(createdAt), "version": .integer(version),
        ]
    }

    /// What the audit log keeps.
    var audited: JSON {
        [
            "key": .string(key), "name": .string(name), "issuer": .string(issuer), "client_id": .string(clientID),
            "has_secret": .bool(secret != nil), "scopes": .array(scopes.map(JSON.string)), "enabled": .bool(isEnabled),
            "trusts_email": .bool(trustsEmail), "trusts_mfa": .bool(trustsFactor), "role_rules": .array(rules.map(\.json)),
        ]
    }
}

/// The table `identity_providers`.
struct ProviderTable: Sendable {
    /// Providers of a site.
    static let limit = 20

    let cipher: FieldCipher

    private static let secretColumn = "identity_providers.secret"
    private static let columns: SQL = """
        id, key, name, issuer, client_id, secret_cipher, scopes, metadata, checked_at, is_enabled, trusts_email, trusts_mfa, role_rules, rules_author,
        created_at, version
        """

    private func read(_ row: Row) throws -> IdentityProvider {
        let id = row.id(0, AnyEntity.self)
        guard let metadata = ProviderMetadata(stored: try JSONParser.parse(own: Array(row.text(7).utf8))) else {
            throw Problem.internalError("the metadata of identity provider \(id) cannot be read")
        }
        let rules = try JSONParser.parse(own: Array(row.text(12).utf8)).array ?? []
        return IdentityProvider(
            id: id, key: row.text(1), name: row.text(2), issuer: row.text(3), clientID: row.text(4),
            secret: try row.optionalBlob(5).map { try cipher.openText($0, column: Self.secretColumn, id: id.rawValue) },
            scopes: row.text(6).utf8.split(separator: UInt8(ascii: " ")).map { String(own: $0) }, metadata: metadata,
            checkedAt: row.time(8), isEnabled: row.bool(9), trustsEmail: row.bool(10), trustsFactor: row.bool(11),
            rules: rules.compactMap(RoleRule.init(stored:)), rulesAuthor: row.id(13), createdAt: row.time(14), version: row.int64(15))
    }

    func all(in transaction: Transaction) throws -> [IdentityProvider] {
        try transaction.rows("SELECT \(sql: Self.columns) FROM identity_providers ORDER BY id LIMIT \(Self.limit)").map(read)
    }

    func find(_ id: RowID, locked: Bool = false, in transaction: Transaction) throws -> IdentityProvider? {
        let lock: SQL = locked && transaction.dialect == .postgres ? "FOR UPDATE" : ""
        return try transaction.row("SELECT \(sql: Self.columns) FROM identity_providers WHERE id = \(id) \(sql: lock)").map(read)
    }

    /// One that people may sign in with now.
    func enabled(_ key: String, in transaction: Transaction) throws -> IdentityProvider? {
        try transaction.row("SELECT \(sql: Self.columns) FROM identity_providers WHERE key = \(key) AND is_enabled").map(read)
    }

    func enabled(issuer: String, in transaction: Transaction) throws -> IdentityProvider? {
        try transaction.row("SELECT \(sql: Self.columns) FROM identity_providers WHERE issuer = \(issuer) AND is_enabled").map(read)
    }

    func count(in transaction: Transaction) throws -> Int { try transaction.row("SELECT COUNT(*) FROM identity_providers")?.int(0) ?? 0 }

    private func sealed(_ provider: IdentityProvider) -> [UInt8]? {
        provider.secret.map { cipher.seal($0, column: Self.secretColumn, id: provider.id.rawValue) }
    }

    private static func list(_ rules: [RoleRule]) -> String { JSON.array(rules.map(\.json)).text }

    func insert(_ provider: IdentityProvider, in transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO identity_providers (\(sql: Self.columns))
            VALUES (\(provider.id), \(provider.key), \(provider.name), \(provider.issuer), \(provider.clientID), \(sealed(provider)),
                \(provider.scopes.joined(separator: " ")), \(provider.metadata.json.text), \(provider.checkedAt), \(provider.isEnabled),
                \(provider.trustsEmail), \(provider.trustsFactor), \(Self.list(provider.rules)), \(provider.rulesAuthor),
                \(provider.createdAt), \(provider.version))
            """)
    }

    func update(_ provider: IdentityProvider, in transaction: Transaction) throws {
        try transaction.execute(
            """
            UPDATE identity_providers SET name = \(provider.name), client_id = \(provider.clientID), secret_cipher = \(sealed(provider)),
                scopes = \(provider.scopes.joined(separator: " ")), metadata = \(provider.metadata.json.text),
                checked_at = \(provider.checkedAt), is_enabled = \(provider.isEnabled), trusts_email = \(provider.trustsEmail),
                trusts_mfa = \(provider.trustsFactor), role_rules = \(Self.list(provider.rules)), rules_author = \(provider.rulesAuthor),
                version = \(provider.version)
            WHERE id = \(provider.id)
            """)
    }

    /// Writes what the provider says of itself now; its version stays, since nobody edited it.
    func update(_ metadata: ProviderMetadata, of id: RowID, at now: Timestamp, in transaction: Transaction) throws {
        try transaction.execute(
            "UPDATE identity_providers SET metadata = \(metadata.json.text), checked_at = \(now) WHERE id = \(id)")
    }

    func delete(_ id: RowID, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM identity_providers WHERE id = \(id)")
    }
}
