internal import Audit
internal import Crypto
internal import Database
internal import DatabasePostgres
internal import DatabaseSQLite
internal import FeatureKit
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
    /// Where the access log is: a file of its own beside an SQLite database, connections of its own to PostgreSQL.
    let access: any Database
    let lease: NodeLease
    let ids: IDGenerator

    /// How many connections the databases may have open: to PostgreSQL; on SQLite all files are open by now.
    var databaseConnections: Int {
        guard database.dialect == .postgres else { return 0 }
        return DatabaseLimits.postgres.connections + Self.accessLimits.connections
    }

    private static let accessLimits = DatabaseLimits(requests: 1, heavy: 1, writes: 1)

    /// Where the heads of the audit log are kept, outside the database.
    var headsPath: String { folder.file("audit-heads.jsonl") }

    /// Opens the folder, the database at this version's schema and the keys that belong to it.
    ///
    /// - Parameters:
    ///   - order: of the features' migrations.
    ///   - mustExist: refuses a folder that holds no site, instead of making one.
    ///   - adjust: changes the limits of a database before it is opened; for tests on a slow machine.
    ///   - mayBeOneOfSeveral: for tests that compose two nodes over one broker and presence store.
    /// - Throws: `StartFailure`, a sentence that says what to do.
    static func open(
        _ settings: Settings, mustExist: Bool = false, mayBeOneOfSeveral: Bool = false, clock: WallClock = .system,
        declarations: [FeatureDeclaration] = Composition.declarations, order: MigrationOrder = Site.migrationOrder,
        adjust: (inout DatabaseLimits) -> Void = { _ in }
    ) async throws -> Infrastructure {
        let log = Log(level: Log.Level(rawValue: settings["log-level"]) ?? .info, clock: clock)
        for warning in settings.warnings { log.warning(warning) }
        if mustExist { try DataFolder.requireSite(settings) }
        let folder = try DataFolder(path: settings["data"])
        let database = try await openDatabase(settings, folder, "foyer.db", adjust: adjust)
        do {
            let keyring = try await SiteKeys.open(settings, folder, for: database)
            let applied = try await Migrator(Site.migrations(of: declarations), in: order, clock: clock).run(on: database)
            if !applied.isEmpty { log.info("schema brought up to date", [("migrations", .array(applied.map(JSON.string)))]) }
            let lease = try await NodeLease.take(
                in: database, place: folder.identity(), mayBeOneOfSeveral: mayBeOneOfSeveral, clock: clock)
            try await SiteKeys.remember(keyring, in: database)
            let ids = IDGenerator(clock: clock, node: lease.node, highWater: lease.highWater)
            let access = try await openAccessLog(settings, folder, clock, adjust)
            return Infrastructure(
                settings: settings, log: log, metrics: Metrics(), clock: clock, folder: folder, keyring: keyring, database: database,
                access: access, lease: lease, ids: ids)
        } catch {
            await database.close()
            throw startFailure(error)
        }
    }

    private static func startFailure(_ error: any Error) -> any Error {
        switch error {
        case is MigrationError: StartFailure("\(error)")
        case DatabaseError.readOnly(let cause): StartFailure("The database takes no writes: \(cause.trimmed)")
        case DatabaseError.unavailable(let cause), DatabaseError.timedOut(let cause):
            StartFailure("The database cannot be used: \(cause.trimmed)")
        default: error
        }
    }

    /// After so long, gives up what the databases have not done by then.
    func abort(after time: Duration) async throws {
        try await Task.sleep(for: time)
        database.abort()
        access.abort()
    }

    /// Finishes pending work, releases the node number, closes the databases and unlocks the folder.
    func close() async {
        await access.close()
        do { try await lease.release(in: database, ids: ids) } catch {
            log.warning("the node lease could not be given back", [("cause", .string("\(error)"))])
        }
        await database.close()
        folder.unlock()
    }

    private static func openAccessLog(
        _ settings: Settings, _ folder: DataFolder, _ clock: WallClock, _ adjust: (inout DatabaseLimits) -> Void
    ) async throws -> any Database {
        let access = try await openDatabase(settings, folder, "access.db", accessLimits, adjust: adjust)
        guard access.dialect == .sqlite else { return access }
        do {
            try await Migrator(accessLogMigrations, clock: clock).run(on: access)
            return access
        } catch {
            await access.close()
            throw error
        }
    }

    private static func openDatabase(
        _ settings: Settings, _ folder: DataFolder, _ file: String, _ special: DatabaseLimits? = nil,
        adjust: (inout DatabaseLimits) -> Void
    ) async throws -> any Database {
        let url = settings.text("database-url")
        var limits = special ?? (url == nil ? .sqlite : .postgres)
        adjust(&limits)
        do {
            guard let url else { return try await SQLiteDatabase.open(path: folder.file(file), limits: limits) }
            try DatabaseURL.check(url)
            return try await PostgresDatabase.open(url: url, limits: limits, checksServer: special == nil)
        } catch let error as DatabaseError {
            switch error {
            case .unavailable(let cause), .timedOut(let cause), .unsuitable(let cause), .other(_, let cause):
                throw StartFailure("The database cannot be opened: \(cause.trimmed)")
            default: throw StartFailure("The database cannot be opened: \(error).")
            }
        }
    }
}
