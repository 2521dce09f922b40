import Database
import TestSupport
import Testing

@Suite struct MigratorTests {
    let first = Migration("0001_a", ["CREATE TABLE a (id BIGINT PRIMARY KEY)", "INSERT INTO a (id) VALUES (1)"])
    let second = Migration(
        "0002_b", ["CREATE TABLE b (id BIGINT PRIMARY KEY, a_id BIGINT REFERENCES a(id))", "INSERT INTO b VALUES (1, 1)"])

    @Test(arguments: TestDatabase.all) func goesForwardOnce(_ kind: TestDatabase) async throws {
        try await kind.with { database in
            #expect(try await Migrator([first]).run(on: database) == ["0001_a"])
            #expect(try await Migrator([first, second]).run(on: database) == ["0002_b"])
            #expect(try await Migrator([first, second]).run(on: database) == [])
            let names = try await database.read { try $0.rows("SELECT name FROM schema_migrations ORDER BY name").map { $0.text(0) } }
            #expect(names == ["0001_a", "0002_b"])
        }
    }

    @Test(arguments: TestDatabase.all) func refusesAHistoryThatIsNotItsOwn(_ kind: TestDatabase) async throws {
        try await kind.with([first, second]) { database in
            let later = Migration("0003_c", ["CREATE TABLE c (id BIGINT PRIMARY KEY)"])
            await #expect { try await Migrator([first, later]).run(on: database) } throws: {
                "\($0)".contains("0002_b") && "\($0)".contains("newer")
            }
            let edited = Migration("0002_b", ["CREATE TABLE b (id BIGINT PRIMARY KEY)"])
            await #expect { try await Migrator([first, edited, later]).run(on: database) } throws: { "\($0)".contains("0002_b") }
            let count = try await database.read { try $0.row("SELECT COUNT(*) FROM schema_migrations")?.int(0) }
            #expect(count == 2)
        }
    }

    @Test(arguments: TestDatabase.all) func aFailureLeavesTheSchemaAsItWas(_ kind: TestDatabase) async throws {
        try await kind.with([first]) { database in
            let broken = Migration("0003_broken", ["CREATE TABLE d (id BIGINT PRIMARY KEY)", "INSERT INTO d VALUES ('x')"])
            await #expect { try await Migrator([first, second, broken]).run(on: database) } throws: { "\($0)".contains("0003_broken") }
            let applied = try await Migrator([first, second]).run(on: database)
            #expect(applied == ["0002_b"])
        }
    }

    @Test(arguments: TestDatabase.all) func startsAtOnceFromSeveralPlaces(_ kind: TestDatabase) async throws {
        try await kind.with { database in
            let applied = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<8 { group.addTask { [first, second] in try await Migrator([first, second]).run(on: database).count } }
                return try await group.reduce(0, +)
            }
            #expect(applied == 2)
        }
    }
}
