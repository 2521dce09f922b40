/// One step of the schema's history, in PostgreSQL's words; never edited once released.
///
/// For SQLite the types are mapped (BIGINT → INTEGER, BYTEA → BLOB, BOOLEAN → INTEGER, JSONB → TEXT, DOUBLE PRECISION → REAL; in capitals) and STRICT is
/// appended to every CREATE TABLE. One text is one statement, without a `;` at its end. What one text cannot say (triggers) goes into the per-dialect lists, which run after `statements`.
public struct Migration: Sendable {
    /// Unique in the whole program: `friends`. `MigrationOrder` gives it its number.
    public let name: String
    public let statements: [String]
    public let sqlite: [String]
    public let postgres: [String]
    /// What runs behind the statements: a change of what is stored that SQL cannot say alike on both databases, such as a new fold of a text.
    public let step: (@Sendable (Transaction) throws -> Void)?

    public init(
        _ name: String, _ statements: [String], sqlite: [String] = [], postgres: [String] = [],
        step: (@Sendable (Transaction) throws -> Void)? = nil
    ) {
        (self.name, self.statements, self.sqlite, self.postgres, self.step) = (name, statements, sqlite, postgres, step)
    }
}
