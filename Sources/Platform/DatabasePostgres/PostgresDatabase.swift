public import Database
public final class PostgresDatabase: Database {
    public var dialect: Dialect { .postgres }
    public static func open(url: String, writers: Int = 8, readers: Int = 4, queueLimit: Int = 2000) async throws(DatabaseError) -> PostgresDatabase { throw .unavailable("") }
    public func read<Result: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> Result) async throws -> Result { throw DatabaseError.retry }
    public func write<Result: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> Result) async throws -> Result { throw DatabaseError.retry }
    public func onCommit(_ body: @escaping @Sendable () -> Void) { }
    public func close() async {}
}
