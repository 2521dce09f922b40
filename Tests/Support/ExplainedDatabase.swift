public import Database
internal import Synchronization

/// A database that keeps how it means to run each statement it is given, before it runs it.
///
/// The statements are the product's own, as requests cause them: nothing is copied into a test. What a commit group writes at its end is not among them.
public final class ExplainedDatabase: Database {
    private let database: any Database
    private let kept = Mutex<[QueryPlan]>([])

    public init(_ database: any Database) { self.database = database }

    /// The plans so far.
    public var plans: [QueryPlan] { kept.withLock { $0 } }

    public var dialect: Dialect { database.dialect }

    public func read<Result: Sendable>(
        _ lane: ReadLane, _ body: @escaping @Sendable (Transaction) throws -> Result
    ) async throws -> Result {
        try await database.read(lane) { try self.explained(body, $0) }
    }

    public func write<Result: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> Result) async throws -> Result {
        try await database.write { try self.explained(body, $0) }
    }

    public func onCommit(_ body: @escaping @Sendable () -> Void) { database.onCommit(body) }

    public func close() async { await database.close() }

    public func abort() { database.abort() }

    private func explained<Result>(_ body: (Transaction) throws -> Result, _ transaction: Transaction) throws -> Result {
        let watched = Transaction(
            dialect: transaction.dialect, runner: Planner(transaction) { plan in self.kept.withLock { $0.append(plan) } })
        let result = try body(watched)
        for write in watched.takeDeferred() { transaction.atCommit(write) }
        for action in watched.takeCommittedActions() { transaction.afterCommit(action) }
        return result
    }
}

/// How a database runs one statement.
public struct QueryPlan: Sendable, CustomStringConvertible {
    public let statement: String
    public let dialect: Dialect
    /// As the database words them, the outermost first.
    public let steps: [String]

    public var description: String { ([statement] + steps).joined(separator: "\n    ") }

    /// Those of the tables that are read from end to end, or sorted whole for one page.
    public func scanned(_ tables: [String]) -> [String] {
        tables.filter { dialect == .sqlite ? isScannedBySQLite($0) : isScannedByPostgres($0) }
    }

    private var isPage: Bool { statement.contains("ORDER BY") && statement.contains("LIMIT") }

    /// Without a sort of its own `SCAN` is a walk along the rows or an index, which a page may take as far as it goes.
    private func isScannedBySQLite(_ table: String) -> Bool {
        let sorts = steps.contains { $0.hasPrefix("USE TEMP B-TREE FOR ORDER BY") }
        return steps.contains { step in
            guard step == "SCAN \(table)" || step.hasPrefix("SCAN \(table) ") else { return false }
            return sorts || !isPage
        }
    }

    /// `Index Scan using i on t` without an `Index Cond` is such a walk.
    private func isScannedByPostgres(_ table: String) -> Bool {
        let sorts = steps.contains { $0.contains("Sort  (") }
        return steps.indices.contains { index in
            let words = steps[index].split(separator: " ")
            guard let on = words.firstIndex(of: "on"), words.dropFirst(on + 1).first ?? "" == table else { return false }
            if steps[index].contains("Seq Scan") { return true }
            guard steps[index].contains("Index"), !steps[index].contains("Bitmap") else { return false }
            let isSearch = index + 1 < steps.count && steps[index + 1].contains("Index Cond:")
            return !isSearch && (sorts || !isPage)
        }
    }
}

/// Asks for the plan of each statement, then runs it.
private final class Planner: StatementRunner {
    private let transaction: Transaction
    private let keep: (QueryPlan) -> Void

    init(_ transaction: Transaction, keep: @escaping (QueryPlan) -> Void) { (self.transaction, self.keep) = (transaction, keep) }

    func rows(_ sql: SQL) throws(DatabaseError) -> [Row] {
        try explain(sql)
        return try transaction.rows(sql)
    }

    func run(_ sql: SQL) throws(DatabaseError) -> Int {
        try explain(sql)
        return try transaction.execute(sql)
    }

    private func explain(_ sql: SQL) throws(DatabaseError) {
        guard ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"].contains(where: { sql.text.hasPrefix($0) }) else { return }
        let steps =
            switch transaction.dialect {
            case .sqlite: try transaction.rows("EXPLAIN QUERY PLAN \(sql: sql)").map { $0.text(3) }
            case .postgres: try transaction.rows("EXPLAIN \(sql: sql)").map { $0.text(0) }
            }
        keep(QueryPlan(statement: sql.text, dialect: transaction.dialect, steps: steps))
    }
}
