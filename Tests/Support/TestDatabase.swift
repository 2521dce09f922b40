public import Database
internal import DatabasePostgres
internal import DatabaseSQLite
internal import Glibc

/// A driver under test; every suite that touches a database runs once for each.
///
/// ```swift
/// @Test(arguments: TestDatabase.all) func keepsRows(_ kind: TestDatabase) async throws {
///     try await kind.with(migrations) { database in … }
/// }
/// ```
public enum TestDatabase: String, Sendable, CaseIterable {
    case sqlite
    case postgres

    public static var all: [TestDatabase] { allCases }

    /// Runs the body on a fresh database with these migrations, and removes it.
    public func with<Result>(
        _ migrations: [Migration] = [], limits: LimitsChange = LimitsChange { _ in }, _ body: (any Database) async throws -> Result
    ) async throws -> Result {
        await Turnstile.shared.enter()
        defer { Turnstile.shared.leave() }
        let place = try await fresh()
        let outcome: Swift.Result<Result, any Error>
        do {
            let database = try await place.open("foyer.db", limits)
            do {
                try await Migrator(migrations).run(on: database)
                outcome = .success(try await body(database))
            } catch {
                outcome = .failure(error)
            }
            await database.close()
        } catch {
            outcome = .failure(error)
        }
        try await place.remove()
        return try outcome.get()
    }

    /// Waits until so few tests have a database that one more may have it.
    public static func inTurn<Result>(_ body: () async throws -> Result) async rethrows -> Result {
        await Turnstile.shared.enter()
        defer { Turnstile.shared.leave() }
        return try await body()
    }

    /// A place for one database, which can be opened, closed and opened again. Called `inTurn`.
    public func fresh() async throws -> TestPlace {
        switch self {
        case .sqlite: TestPlace(kind: self, location: try TestFolder().path)
        case .postgres: try await TestPlace.postgresSchema()
        }
    }
}

/// What a test wants other limits than the usual ones for.
public struct LimitsChange {
    let apply: (inout DatabaseLimits) -> Void

    public init(_ apply: @escaping (inout DatabaseLimits) -> Void) { self.apply = apply }
}

/// Where one test's database lives.
public struct TestPlace: Sendable {
    public let kind: TestDatabase
    /// A folder, or the URL with the schema in its search path.
    public let location: String
    var schema = ""

    /// - Parameter name: of the file on SQLite; on PostgreSQL there is one database, whatever is asked for.
    public func open(
        _ name: String = "foyer.db", _ change: LimitsChange = LimitsChange { _ in }
    ) async throws -> any Database {
        var limits = kind == .sqlite ? DatabaseLimits.sqlite : DatabaseLimits(requests: 2, heavy: 1, writes: 4)
        limits.allowASlowMachine()
        change.apply(&limits)
        return switch kind {
        case .sqlite: try await SQLiteDatabase.open(path: "\(location)/\(name)", limits: limits)
        case .postgres: try await PostgresDatabase.open(url: location, limits: limits)
        }
    }

    public func remove() async throws {
        switch kind {
        case .sqlite: try TestFolder.remove(location)
        case .postgres:
            let name = schema
            try await Self.onServer { try $0.execute(SQL(trusted: "DROP SCHEMA \(name) CASCADE")) }
        }
    }

    static func postgresSchema() async throws -> TestPlace {
        let url = try Self.serverURL()
        let schema = "t_\(UInt64.random(in: 0 ..< .max))"
        try await onServer { try $0.execute(SQL(trusted: "CREATE SCHEMA \(schema)")) }
        let separator = url.contains("?") ? "&" : "?"
        return TestPlace(kind: .postgres, location: "\(url)\(separator)options=-csearch_path%3D\(schema)", schema: schema)
    }

    private static func onServer(_ body: @escaping @Sendable (Transaction) throws -> Int) async throws {
        _ = try await server.value.write(body)
    }

    /// One connection for all the schemas of a run; it ends with the process.
    private static let server = Task {
        try await PostgresDatabase.open(url: try serverURL(), limits: DatabaseLimits(requests: 1, heavy: 1, writes: 1))
    }

    public static func serverURL() throws -> String {
        guard let value = getenv("FOYER_TEST_POSTGRES_URL") else { throw NoPostgres() }
        return String(cString: value)
    }
}

/// The tests of the databases need a server, and never skip.
struct NoPostgres: Error, CustomStringConvertible {
    var description: String {
        "FOYER_TEST_POSTGRES_URL is not set: run the tests through `scripts/with-postgres swift test`, which starts a PostgreSQL of its own."
    }
}

extension DatabaseLimits {
    /// Many tests share the machine: what is not about a deadline has two minutes.
    public mutating func allowASlowMachine() {
        (system.deadline, requests.deadline, heavy.deadline, writes.deadline) = (120_000, 120_000, 120_000, 120_000)
    }
}
