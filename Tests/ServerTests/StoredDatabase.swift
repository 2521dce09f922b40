import Database
import Glibc
import TestSupport

/// A database of 28 November 2026, statement by statement, as a site of that day left it: with members, roles, an override, a ban, an invitation, an act upon
/// many that waits, audit entries and events.
enum StoredDatabase {
    static func restore(_ kind: TestDatabase, into database: any Database) async throws {
        let statements = try text(of: "Fixtures/database-2026-11-28-\(kind.rawValue).sql").split(separator: "\n-- next\n")
        try await database.write { transaction in
            // Made by the opening of a test's database.
            try transaction.execute("DROP TABLE schema_migrations")
            // Rows stand before those that they refer to.
            if kind == .sqlite { try transaction.execute("PRAGMA defer_foreign_keys = ON") }
            for statement in statements { try transaction.execute(SQL(trusted: String(statement))) }
        }
    }

    private struct Missing: Error { let path: String }

    private static func text(of name: String) throws -> String {
        let path = #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/" + name
        guard let file = fopen(path, "r") else { throw Missing(path: path) }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes[..<count], as: UTF8.self)
    }
}
