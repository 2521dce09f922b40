import Database
import TestSupport
import Testing

@Suite struct MigrationOrderTests {
    private func migration(_ name: String) -> Migration { Migration(name, ["CREATE TABLE \(name) (id BIGINT PRIMARY KEY)"]) }

    @Test func aNameOrAMigrationThatIsMissingOrTwiceIsRefused() throws {
        let (a, b) = (migration("a"), migration("b"))
        #expect(try MigrationOrder(["b", "a"]).sorted([a, b]).map(\.name) == ["b", "a"])
        for (names, migrations) in [(["a"], [a, b]), (["a", "b"], [a]), (["a", "b", "a"], [a, b]), (["a", "b"], [a, b, a])] {
            #expect(throws: MigrationError.self, "\(names)") { try MigrationOrder(names).sorted(migrations) }
        }
    }

    @Test(arguments: TestDatabase.all) func aMigrationBeforeAnAppliedOneIsRefused(_ kind: TestDatabase) async throws {
        try await kind.with { database in
            let (a, b, c) = (migration("a"), migration("b"), migration("c"))
            try await Migrator([a, c], in: MigrationOrder(["a", "c"])).run(on: database)
            await #expect(throws: MigrationError.self) {
                try await Migrator([a, b, c], in: MigrationOrder(["a", "b", "c"])).run(on: database)
            }
            // Those that are older than the order may be late.
            let late = try await Migrator([a, b, c], in: MigrationOrder(["a", "b", "c"], unordered: 2)).run(on: database)
            #expect(late == ["b"])
            #expect(try await Migrator([a, b, c], in: MigrationOrder(["a", "b", "c"])).run(on: database).isEmpty)
        }
    }
}
