package import Database

/// What the team sets for the whole site while it runs: the table `site`, name by name, under one version.
package struct SiteSettings: Sendable {
    private static let version = "settings_version"

    package init() {}

    /// Nil where nothing was ever set, so that the program's own setting holds.
    package func value(_ name: String, in transaction: Transaction) throws -> String? {
        try transaction.row("SELECT value FROM site WHERE name = \(name)")?.text(0)
    }

    package func set(_ name: String, _ value: String, in transaction: Transaction) throws {
        try transaction.execute(
            "INSERT INTO site (name, value) VALUES (\(name), \(value)) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
    }

    /// How often the settings were changed: what `ETag` says.
    package func version(in transaction: Transaction) throws -> Int64 {
        try value(Self.version, in: transaction).flatMap { Int64($0) } ?? 0
    }

    /// Raises the version; whoever has it changes the settings alone until COMMIT.
    ///
    /// - Returns: the version before.
    package func lock(in transaction: Transaction) throws -> Int64 {
        let row = try transaction.row(
            """
            INSERT INTO site (name, value) VALUES (\(Self.version), '1')
            ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(site.value AS BIGINT) + 1 AS TEXT) RETURNING value
            """)
        return (row.flatMap { Int64($0.text(0)) } ?? 1) - 1
    }
}
