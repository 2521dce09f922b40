internal import Crypto
internal import Database
internal import Glibc
internal import Runtime

/// Which keys a database belongs to: their fingerprint is stored in it, and a start with others is refused.
enum SiteKeys {
    static let migrations = [
        Migration("site_keys", ["CREATE TABLE site_keys (id BIGINT PRIMARY KEY CHECK (id = 1), fingerprint TEXT NOT NULL)"])
    ]

    /// The keys of the database, made anew only where it has never been used. Called before anything is written to it.
    static func open(_ settings: Settings, _ folder: DataFolder, for database: any Database) async throws -> Keyring {
        let stored = try await storedFingerprint(in: database)
        let directory = directory(settings, folder)
        let keyring: Keyring
        do {
            keyring = try Keyring.load(directory: directory, mayMake: stored == .unused)
        } catch {
            throw StartFailure("\(error.description).")
        }
        guard case .known(let fingerprint) = stored, fingerprint != keyring.fingerprint else { return keyring }
        throw StartFailure(
            "The keys in \(directory) are not those of this database: nothing could be read with them. Put back the keys that belong to it from your backup, or name their folder with --keys-dir."
        )
    }

    /// Stores the fingerprint at the first start, and at the first one after an upgrade.
    static func remember(_ keyring: Keyring, in database: any Database) async throws {
        try await database.write { transaction in
            _ = try transaction.execute(
                "INSERT INTO site_keys (id, fingerprint) VALUES (1, \(keyring.fingerprint)) ON CONFLICT (id) DO NOTHING")
        }
    }

    /// As set, or beside the real data folder, however it was named. A folder that was made beside a link before this was so is still used.
    private static func directory(_ settings: Settings, _ folder: DataFolder) -> String {
        if let directory = settings.text("keys-dir") { return directory }
        let written = settings["data"].withoutTrailingSlash + ".keys"
        return !Keyring.exists(in: folder.path + ".keys") && Keyring.exists(in: written) ? written : folder.path + ".keys"
    }

    private enum Stored: Equatable {
        /// No program of ours has written to the database.
        case unused
        /// Written by a version that stored no fingerprint.
        case older
        case known(String)
    }

    private static func storedFingerprint(in database: any Database) async throws -> Stored {
        try await database.read { transaction in
            guard try hasTable("schema_migrations", transaction),
                try transaction.row("SELECT 1 FROM schema_migrations LIMIT 1") != nil
            else { return .unused }
            guard try hasTable("site_keys", transaction) else { return .older }
            return try transaction.row("SELECT fingerprint FROM site_keys WHERE id = 1").map { .known($0.text(0)) } ?? .older
        }
    }

    static func hasTable(_ name: String, _ transaction: Transaction) throws -> Bool {
        switch transaction.dialect {
        case .sqlite: try transaction.row("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = \(name)") != nil
        case .postgres: try transaction.row("SELECT to_regclass(\(name)::text) IS NOT NULL")?.bool(0) ?? false
        }
    }
}

extension String {
    fileprivate var withoutTrailingSlash: String { hasSuffix("/") && utf8.count > 1 ? String(dropLast()) : self }
}
