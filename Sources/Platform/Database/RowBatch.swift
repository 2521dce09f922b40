/// Inserts rows of one table, many in each statement.
public struct RowBatch {
    private let head: SQL
    private let tail: SQL
    private let transaction: Transaction
    private var rows: [SQL] = []

    /// Rows of one statement: the time in which SQLite finds parameters by name grows with the square of their number.
    private static let size = 64

    /// - Parameters:
    ///   - head: up to the word `VALUES`.
    ///   - tail: what follows the rows, as `ON CONFLICT …`.
    public init(_ head: SQL, _ tail: SQL = "", in transaction: Transaction) {
        (self.head, self.tail, self.transaction) = (head, tail, transaction)
    }

    /// - Parameter row: the values in brackets.
    public mutating func add(_ row: SQL) throws {
        rows.append(row)
        if rows.count == Self.size { try finish() }
    }

    /// Writes what is left; needed once after the last row.
    public mutating func finish() throws {
        guard !rows.isEmpty else { return }
        try transaction.execute("\(sql: head)\(sql: SQL.joined(rows, separator: ", "))\(sql: tail)")
        rows = []
    }
}
