/// One step of the schema's history, in PostgreSQL's words; never edited once released.
///
/// For SQLite the types are mapped (BIGINT → INTEGER, BYTEA → BLOB, BOOLEAN → INTEGER, JSONB → TEXT, DOUBLE PRECISION → REAL; in capitals) and STRICT is
/// appended to every CREATE TABLE. One text is one statement, without a `;` at its end. What one text cannot say (triggers) goes into the per-dialect lists, which run after `statements`.
public struct Migration: Sendable {
    /// Unique in the whole program: `0001_users`. The order is that of the list given to `Migrator`.
    public let name: String
    public let statements: [String]
    public let sqlite: [String]
    public let postgres: [String]

    public init(_ name: String, _ statements: [String], sqlite: [String] = [], postgres: [String] = []) {
        (self.name, self.statements, self.sqlite, self.postgres) = (name, statements, sqlite, postgres)
    }
}
