public import Kernel

/// Brings a database's schema forward, in one transaction, to what this program knows; there is no way back.
///
/// Migrations run in the order given; only those that `schema_migrations` does not name yet, and only behind all that it names.
public struct Migrator: Sendable {
    private let migrations: [Migration]
    private let clock: WallClock
    private let unordered: Int

    /// All migrations of a site.
    ///
    /// - Throws: `MigrationError.order`.
    public init(_ migrations: [Migration], in order: MigrationOrder, clock: WallClock = .system) throws(MigrationError) {
        (self.migrations, self.clock, unordered) = (try order.sorted(migrations), clock, order.unordered)
    }

    /// A part of a site's migrations, in this order.
    public init(_ migrations: [Migration], clock: WallClock = .system) {
        precondition(Set(migrations.map(\.name)).count == migrations.count, "two migrations have the same name")
        (self.migrations, self.clock, unordered) = (migrations, clock, migrations.count)
    }

    /// - Returns: the names of what was applied now.
    /// - Throws: `MigrationError` when the database's history is not a part of this program's; nothing is changed then.
    @discardableResult
    public func run(on database: any Database) async throws -> [String] {
        try await database.write { transaction in
            try prepare(transaction)
            let waiting = try pending(transaction)
            for migration in waiting { try apply(migration, transaction) }
            return waiting.map(\.name)
        }
    }

    private func prepare(_ transaction: Transaction) throws {
        // A step over a large table takes its time.
        try transaction.liftDeadline()
        if transaction.dialect == .postgres {
            // Held until COMMIT: several processes may start at once.
            try transaction.execute("SELECT pg_advisory_xact_lock(7032214589313551)")
            for statement in Self.postgresFunctions { try transaction.execute(SQL(trusted: statement)) }
        }
        let table = """
            CREATE TABLE IF NOT EXISTS schema_migrations (name TEXT PRIMARY KEY, applied_at BIGINT NOT NULL, checksum TEXT NOT NULL)
            """
        try transaction.execute(SQL(trusted: Migration.statement(table, in: transaction.dialect)))
    }

    private func pending(_ transaction: Transaction) throws -> [Migration] {
        var known: [String: String] = [:]
        for migration in migrations { known[migration.name] = migration.checksum }
        var applied: Set<String> = []
        var unknown: [String] = []
        for row in try transaction.rows("SELECT name, checksum FROM schema_migrations ORDER BY name") {
            let name = row.text(0)
            applied.insert(name)
            guard let checksum = known[name] else {
                unknown.append(name)
                continue
            }
            guard checksum == row.text(1) else { throw MigrationError.changed(name) }
        }
        if !unknown.isEmpty { throw MigrationError.unknown(unknown) }
        let last = migrations.lastIndex { applied.contains($0.name) } ?? -1
        let waiting = migrations.enumerated().filter { !applied.contains($0.element.name) }
        if let late = waiting.first(where: { $0.offset >= unordered && $0.offset < last }) {
            throw MigrationError.order("\(late.element.name) stands before \(migrations[last].name), which this database holds already")
        }
        return waiting.map(\.element)
    }

    private func apply(_ migration: Migration, _ transaction: Transaction) throws {
        do {
            for statement in migration.statements(for: transaction.dialect) { try transaction.execute(SQL(trusted: statement)) }
            try migration.step?(transaction)
        } catch {
            throw MigrationError.failed(migration.name, error)
        }
        try transaction.execute(
            "INSERT INTO schema_migrations (name, applied_at, checksum) VALUES (\(migration.name), \(clock.now()), \(migration.checksum))")
    }

    /// `json_each(text)`, so that a list of ids binds as one parameter in the same words on both databases, and SQLite's `instr`: as fast as either
    /// finds a part of a text, where a prepared `LIKE … ESCAPE` escapes its pattern anew for every row of PostgreSQL.
    private static let postgresFunctions = [
        """
        CREATE OR REPLACE FUNCTION json_each(list text) RETURNS TABLE(value bigint) LANGUAGE sql IMMUTABLE STRICT ROWS 50
        AS 'SELECT element::bigint FROM json_array_elements_text(list::json) AS element'
        """,
        """
        CREATE OR REPLACE FUNCTION instr(whole text, part text) RETURNS integer LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
        AS 'SELECT strpos(whole, part)'
        """,
    ]
}

/// Why a schema is left as it is.
public enum MigrationError: Error, CustomStringConvertible {
    /// The database was used by a newer program.
    case unknown([String])
    /// A released migration was edited.
    case changed(String)
    case failed(String, any Error)
    /// The program's own migrations have no order.
    case order(String)

    public var description: String {
        switch self {
        case .unknown(let names):
            "The database holds migrations that this version of Foyer does not know (\(names.joined(separator: ", "))): it was used by a newer version. Install that version, or restore a backup made before the upgrade."
        case .changed(let name):
            "The migration \(name) that the database holds is not the one in this version of Foyer. Install the version that wrote it, or restore a backup."
        case .order(let fault): "The migrations of this program are not in order: \(fault)."
        case .failed(let name, let error): "The migration \(name) failed, nothing was changed: \(error)"
        }
    }
}

extension Migration {
    /// Over every text of the migration, in all dialects: FNV-1a, which tells accidents, not attacks.
    var checksum: String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for text in statements + ["sqlite"] + sqlite + ["postgres"] + postgres {
            for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
            hash = (hash ^ 0xFF) &* 0x100_0000_01B3
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    func statements(for dialect: Dialect) -> [String] {
        statements.map { Self.statement($0, in: dialect) } + (dialect == .sqlite ? sqlite : postgres)
    }

    /// PostgreSQL's words in the dialect's.
    static func statement(_ text: String, in dialect: Dialect) -> String {
        guard dialect == .sqlite else { return text }
        var result = ""
        var word = ""
        for character in text + " " {
            if character.isLetter || character.isNumber || character == "_" {
                word.append(character)
                continue
            }
            result += sqliteWords[word] ?? word
            word = ""
            result.append(character)
        }
        result.removeLast()
        result = result.trimmed
        return result.hasPrefix("CREATE TABLE") ? result + " STRICT" : result
    }

    /// `DOUBLE PRECISION` loses its second word: `REAL` is eight bytes there.
    private static let sqliteWords = [
        "BIGINT": "INTEGER", "BYTEA": "BLOB", "BOOLEAN": "INTEGER", "JSONB": "TEXT", "DOUBLE": "REAL", "PRECISION": "",
    ]
}
