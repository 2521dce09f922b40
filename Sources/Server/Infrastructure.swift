internal import Crypto
internal import Database
internal import DatabasePostgres
internal import DatabaseSQLite
internal import Kernel
internal import Runtime

/// What every feature stands on: the folder, the keys, the database at this version's schema, ids and the log.
struct Infrastructure: Sendable {
    let settings: Settings
    let log: Log
    let metrics: Metrics
    let clock: WallClock
    let folder: DataFolder
    let keyring: Keyring
    let database: any Database
    let lease: NodeLease
    let ids: IDGenerator

    /// Where the heads of the audit log are kept, outside the database.
    var headsPath: String { folder.file("audit-heads.jsonl") }

    /// - Throws: `StartFailure`, a sentence that says what to do.
    static func open(_ settings: Settings, clock: WallClock = .system) async throws -> Infrastructure {
        let log = Log(level: Log.Level(rawValue: settings["log-level"]) ?? .info, clock: clock)
        let folder = try DataFolder(path: settings["data"])
        let keyring: Keyring
        do {
            keyring = try Keyring.load(directory: settings.text("keys-dir") ?? folder.path.withoutTrailingSlash + ".keys")
        } catch {
            throw StartFailure(error.description)
        }
        let database = try await openDatabase(settings, folder)
        do {
            let applied = try await Migrator(Site.migrations, clock: clock).run(on: database)
            if !applied.isEmpty { log.info("schema brought up to date", [("migrations", .array(applied.map(JSON.string)))]) }
            let lease = try await NodeLease.take(in: database, clock: clock)
            let ids = IDGenerator(clock: clock, node: lease.node, highWater: lease.highWater)
            return Infrastructure(
                settings: settings, log: log, metrics: Metrics(), clock: clock, folder: folder, keyring: keyring, database: database,
                lease: lease,
                ids: ids)
        } catch {
            await database.close()
            throw error is MigrationError ? StartFailure("\(error)") : error
        }
    }

    private static func openDatabase(_ settings: Settings, _ folder: DataFolder) async throws -> any Database {
        do {
            guard let url = settings.text("database-url") else { return try await SQLiteDatabase.open(path: folder.file("foyer.db")) }
            guard url.hasPrefix("postgres://") || url.hasPrefix("postgresql://") else {
                throw Settings.Fault("--database-url must begin with postgres://; without it, SQLite in the data folder is used.")
            }
            return try await PostgresDatabase.open(url: url)
        } catch let error as DatabaseError {
            switch error {
            case .unavailable(let cause), .other(_, let cause): throw StartFailure("The database cannot be opened: \(cause.trimmed)")
            default: throw StartFailure("The database cannot be opened: \(error).")
            }
        }
    }
}

extension String {
    fileprivate var withoutTrailingSlash: String { hasSuffix("/") && count > 1 ? String(dropLast()) : self }
}
