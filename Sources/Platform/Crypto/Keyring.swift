internal import Kernel

/// Every key of an instance, from one file that lives outside the database and its backups.
///
/// Nodes that serve one site share the folder. A lost file means lost e-mail addresses: it is backed up apart.
public struct Keyring: Sendable {
    /// Encrypts columns.
    public let fields: FieldCipher
    /// Finds what `fields` encrypted.
    public let blindIndex: BlindIndex
    /// Binds CSRF values, cookies and cursors to this site.
    public let sessions: HMACKey
    /// Names the site in cookie names; 8 hexadecimal digits, the same on every node.
    public let instance: String
    /// Signs the heads of the audit chain.
    public let audit: Ed25519Key
    public let auditKeyID: String
    /// Checks every signature that the chain ever bore.
    public let auditPublicKeys: [String: Ed25519PublicKey]
    private let tokenKeys: [String: ES256Key]
    private let tokenKeyID: String

    init(_ material: KeyMaterial) throws(CryptoError) {
        var fieldKeys: [UInt8: AEADKey] = [:]
        for (name, bytes) in material.fields.keys {
            guard let id = UInt8(name) else { throw .invalidKey }
            fieldKeys[id] = try AEADKey(bytes)
        }
        guard let currentField = UInt8(material.fields.current) else { throw .invalidKey }
        fields = try FieldCipher(keys: fieldKeys, current: currentField)
        blindIndex = try BlindIndex(key: material.blindIndex)
        sessions = HMACKey(material.sessions)
        instance = Hex.encode(sessions.authenticate(Array("instance".utf8)).prefix(4))
        var publicKeys: [String: Ed25519PublicKey] = [:]
        for (name, seed) in material.audit.keys { publicKeys[name] = try Ed25519Key(seed: seed).publicKey }
        guard let auditSeed = material.audit.keys[material.audit.current] else { throw .unknownKey(material.audit.current) }
        (audit, auditKeyID, auditPublicKeys) = (try Ed25519Key(seed: auditSeed), material.audit.current, publicKeys)
        var tokenKeys: [String: ES256Key] = [:]
        for (name, der) in material.tokens.keys { tokenKeys[name] = try ES256Key(der: der) }
        guard tokenKeys[material.tokens.current] != nil else { throw .unknownKey(material.tokens.current) }
        (self.tokenKeys, tokenKeyID) = (tokenKeys, material.tokens.current)
    }

    /// Fresh keys that live in memory alone: for tests.
    public static func ephemeral() throws(CryptoError) -> Keyring { try Keyring(KeyMaterial.generate()) }

    /// - Parameters:
    ///   - issuer: the site's public address.
    ///   - audience: who the tokens are for; ours is the API.
    public func tokenIssuer(issuer: String, audience: String) throws(CryptoError) -> TokenIssuer {
        try TokenIssuer(keys: tokenKeys, current: tokenKeyID, issuer: issuer, audience: audience)
    }

    /// Whether `signature` over `message` was made by the audit key of that id, current or retired.
    public func isValidAudit(_ signature: [UInt8], for message: [UInt8], keyID: String) -> Bool {
        auditPublicKeys[keyID]?.isValid(signature, for: message) ?? false
    }

    /// Tells these keys from others, without telling what they are; the same after a rotation, which keeps the keys that it is made of.
    public var fingerprint: String {
        let index = blindIndex.index("keys of this site", column: "fingerprint")
        return Hex.encode(sessions.authenticate(Array("fingerprint".utf8) + index).prefix(16))
    }

    /// Whether the folder holds keys.
    public static func exists(in directory: String) -> Bool { KeyFolder(path: directory).holdsFile }

    /// Reads the keys, and makes them at the first start: the folder 0700, the file 0600, written whole or not at all.
    ///
    /// Two nodes that start at once end with the same keys: the first file linked into place wins.
    /// - Parameter mayMake: whether this can be the first start; else keys that are not there are a fault, since new ones would not fit the database.
    /// - Throws: `KeyringFault` with a text that says what to do.
    public static func load(directory: String, mayMake: Bool = true) throws(KeyringFault) -> Keyring {
        let folder = KeyFolder(path: directory)
        guard mayMake || folder.holdsFile else {
            throw KeyringFault(
                "The database has been used, but its keys are not in \(directory): put them back from your backup, or name their folder with --keys-dir. Without them e-mail addresses, second factors and the audit log cannot be read"
            )
        }
        try folder.prepare()
        if let keyring = try folder.read() { return try keyring.opened(from: folder.file) }
        let material: KeyMaterial
        do {
            material = try KeyMaterial.generate()
        } catch {
            throw KeyringFault("cannot make keys: \(error)")
        }
        if try folder.write(material, replacing: false) { return try material.opened(from: folder.file) }
        guard let winner = try folder.read() else { throw KeyringFault("\(folder.file) came and went while starting: start again") }
        return try winner.opened(from: folder.file)
    }

    /// Adds new keys for tokens and columns and makes them current; the old ones go on being read.
    public static func rotate(directory: String) throws(KeyringFault) -> Keyring {
        let folder = KeyFolder(path: directory)
        try folder.prepare()
        guard var material = try folder.read() else { throw KeyringFault("\(folder.file) is not there: nothing to rotate") }
        do {
            try material.rotate()
        } catch {
            throw KeyringFault("cannot make keys: \(error)")
        }
        _ = try folder.write(material, replacing: true)
        return try material.opened(from: folder.file)
    }
}

/// Why the keys cannot be used, and what to do about it; for whoever starts the server.
public struct KeyringFault: Error, Sendable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}

extension KeyMaterial {
    fileprivate func opened(from file: String) throws(KeyringFault) -> Keyring {
        do {
            return try Keyring(self)
        } catch {
            throw KeyringFault("\(file) holds a key that cannot be used (\(error)): restore it from your backup")
        }
    }
}
