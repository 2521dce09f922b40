import Database
import FeatureKit
import Kernel
import TestSupport
import Testing

@testable import Server

@Suite struct UpgradeTests {
    private var migrator: Migrator { get throws { try Migrator(Site.migrations, in: Site.migrationOrder) } }

    @Test func everyMigrationHasOneNumber() throws {
        #expect(try Site.migrationOrder.sorted(Site.migrations).count == Site.migrationOrder.names.count)
    }

    /// The first 21 are those of the databases that were stored before there was an order: their names and places never change.
    @Test func theOrderOfStoredDatabasesStays() {
        #expect(Site.migrationOrder.unordered == 21)
        #expect(Site.migrationOrder.names[20] == "0046_bulk_jobs" && Site.migrationOrder.names[21] == "permission_grants")
    }

    @Test(arguments: TestDatabase.all) func aStoredDatabaseIsUpgradedWithoutApplyingAnythingTwice(_ kind: TestDatabase) async throws {
        try await kind.with { database in
            try await StoredDatabase.restore(kind, into: database)
            let before = try await rows("SELECT name, applied_at, checksum FROM schema_migrations ORDER BY name", database)
            let people = try await rows("SELECT username, status, is_banned, tags FROM users ORDER BY username", database)
            let applied = try await migrator.run(on: database)
            #expect(applied == Array(Site.migrationOrder.names[21...]))
            let after = try await rows("SELECT name, applied_at, checksum FROM schema_migrations ORDER BY name", database)
            #expect(before.allSatisfy(after.contains) && after.count == Site.migrationOrder.names.count)
            #expect(try await rows("SELECT username, status, is_banned, tags FROM users ORDER BY username", database) == people)
            #expect(people.count == 5)
            #expect(try await migrator.run(on: database).isEmpty)
        }
    }

    /// Tables, columns and indexes are the same, whichever way a site came to them.
    @Test(arguments: TestDatabase.all) func anUpgradedSiteHasTheSchemaOfAFreshOne(_ kind: TestDatabase) async throws {
        let upgraded = try await kind.with { database in
            try await StoredDatabase.restore(kind, into: database)
            try await migrator.run(on: database)
            return try await schema(kind, database)
        }
        let fresh = try await kind.with { database in
            try await migrator.run(on: database)
            return try await schema(kind, database)
        }
        #expect(upgraded == fresh)
    }

    /// A migration that fails leaves the database as it was; the next start goes on from there.
    @Test(arguments: TestDatabase.all) func aFailedUpgradeChangesNothing(_ kind: TestDatabase) async throws {
        try await kind.with { database in
            try await StoredDatabase.restore(kind, into: database)
            let broken = Migration("broken", ["CREATE TABLE half (id BIGINT PRIMARY KEY)", "INSERT INTO half (id) VALUES ('x')"])
            let order = MigrationOrder(Site.migrationOrder.names + ["broken"], unordered: 21)
            let before = try await schema(kind, database)
            await #expect(throws: MigrationError.self) {
                try await Migrator(Site.migrations + [broken], in: order).run(on: database)
            }
            #expect(try await schema(kind, database) == before)
            #expect(try await migrator.run(on: database) == Array(Site.migrationOrder.names[21...]))
        }
    }

    private func rows(_ sql: SQL, _ database: any Database) async throws -> [String] {
        try await database.read { transaction in try transaction.rows(sql).map { "\($0)" } }
    }

    private func schema(_ kind: TestDatabase, _ database: any Database) async throws -> [String] {
        let sql: SQL =
            switch kind {
            case .sqlite:
                """
                SELECT m.name || ' ' || c.name || ' ' || c.type || ' ' || c."notnull" || ' ' || c.pk FROM sqlite_schema m, pragma_table_info(m.name) c
                WHERE m.type = 'table' UNION ALL SELECT type || ' ' || name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY 1
                """
            case .postgres:
                """
                SELECT table_name || ' ' || column_name || ' ' || data_type || ' ' || is_nullable FROM information_schema.columns
                WHERE table_schema = current_schema() UNION ALL SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()
                UNION ALL SELECT 'trigger ' || tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
                WHERE relnamespace = current_schema()::regnamespace AND NOT tgisinternal ORDER BY 1
                """
            }
        return try await database.read { try $0.rows(sql).map { $0.text(0) } }
    }
}
