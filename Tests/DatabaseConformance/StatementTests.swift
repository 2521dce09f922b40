import Database
import Kernel
import TestSupport
import Testing

@Suite struct StatementTests {
    @Test(arguments: TestDatabase.all) func everyTypeComesBackAsItWent(_ kind: TestDatabase) async throws {
        try await kind.with(conformanceTables) { database in
            let text = "héé — 雪 \u{1F600} ' \" \\ \n $1"
            let bytes: [UInt8] = [0, 1, 0x5C, 0x27, 0xFF, 0]
            try await database.write { transaction in
                for (id, number) in [Int64.min, -1, 0, Int64.max].enumerated() {
                    try transaction.execute(
                        """
                        INSERT INTO types (id, n, r, t, b, f, j) VALUES (\(id), \(number), \(-0.1), \(text), \(bytes), \(id == 0), \("{\"a\": 1}"))
                        """)
                }
            }
            let rows = try await database.read { try $0.rows("SELECT n, r, t, b, f, j ->> 'a' FROM types ORDER BY id") }
            #expect(rows.map { $0.int64(0) } == [Int64.min, -1, 0, Int64.max])
            #expect(rows.allSatisfy { $0.double(1) == -0.1 && $0.text(2) == text && $0.blob(3) == bytes })
            #expect(rows.map { $0.bool(4) } == [true, false, false, false])
        }
    }

    @Test(arguments: TestDatabase.all) func nullAndEmptyAreNotTheSame(_ kind: TestDatabase) async throws {
        try await kind.with(conformanceTables) { database in
            try await database.write { transaction in
                try transaction.execute(
                    "INSERT INTO types (id, n, r, t, b) VALUES (1, \(nil as Int64?), \(nil as Double?), \(nil as String?), \(nil as [UInt8]?))"
                )
                try transaction.execute("INSERT INTO types (id, t, b) VALUES (2, \(""), \([UInt8]()))")
            }
            let rows = try await database.read { try $0.rows("SELECT n, r, t, b FROM types ORDER BY id") }
            #expect((0..<4).allSatisfy { rows[0].isNull($0) })
            #expect(rows[1].optionalText(2) == "" && rows[1].optionalBlob(3) == [])
            let counts = try await database.read {
                try $0.row("SELECT COUNT(*), SUM(id), MAX(n) FROM types WHERE \(nil as Int64?)::bigint IS NULL OR id = \(1)")
            }
            #expect(counts?.int(0) == 2 && counts?.int(1) == 3 && counts?.optionalInt64(2) == nil)
        }
    }

    @Test(arguments: TestDatabase.all) func returnsRowsAndCounts(_ kind: TestDatabase) async throws {
        try await kind.with(conformanceTables) { database in
            try await database.write { transaction in
                let row = try transaction.row("INSERT INTO parents (id, name) VALUES (\(7), \("ann")) RETURNING id, name")
                #expect(row?.int(0) == 7 && row?.text(1) == "ann")
                let again = try transaction.row(
                    "INSERT INTO parents (id, name) VALUES (8, \("ann")) ON CONFLICT (name) DO UPDATE SET age = \(5) RETURNING id, age")
                #expect(again?.int(0) == 7 && again?.int(1) == 5)
                #expect(try transaction.execute("INSERT INTO parents (id, name) VALUES (9, \("ann")) ON CONFLICT DO NOTHING") == 0)
                #expect(try transaction.execute("UPDATE parents SET age = 6") == 1)
                #expect(try transaction.execute("DELETE FROM parents WHERE id = \(99)") == 0)
            }
        }
    }

    @Test(arguments: TestDatabase.all) func oneValueMayStandTwiceAndInAnyOrder(_ kind: TestDatabase) async throws {
        try await kind.with(conformanceTables) { database in
            let filter: SQL = "age > \(1) AND name <> \("x$y")"
            let more: SQL = "id IN (SELECT value FROM json_each(\(ids: [RowID(rawValue: 1), RowID(rawValue: 3)])))"
            try await database.write { transaction in
                for id in 1...3 { try transaction.execute("INSERT INTO parents (id, name, age) VALUES (\(id), \("p\(id)"), \(id + 1))") }
            }
            let query: SQL =
                "SELECT id FROM parents WHERE \(sql: SQL.joined([filter, more], separator: " AND ")) AND age < \(100) ORDER BY id LIMIT \(5)"
            let ids = try await database.read { try $0.rows(query).map { $0.int(0) } }
            #expect(ids == [1, 3])
        }
    }

    @Test(arguments: TestDatabase.all) func namesTheConstraintThatRefused(_ kind: TestDatabase) async throws {
        try await kind.with(conformanceTables) { database in
            _ = try await database.write { try $0.execute("INSERT INTO parents (id, name, age) VALUES (1, 'ann', 3)") }
            func error(_ statement: SQL) async throws -> DatabaseError? {
                do {
                    _ = try await database.write { try $0.execute(statement) }
                    return nil
                } catch let error as DatabaseError { return error }
            }
            guard case .unique(let name)? = try await error("INSERT INTO parents (id, name) VALUES (2, 'ann')") else {
                Issue.record("no unique error")
                return
            }
            #expect(name == (kind == .sqlite ? "parents.name" : "parents_name_key"))
            #expect(try await error("INSERT INTO parents (id, name) VALUES (1, 'bob')")?.isUnique == true)
            #expect(try await error("INSERT INTO children (id, parent_id) VALUES (1, 99)") == .foreignKey)
            #expect(try await error("INSERT INTO parents (id, name, age) VALUES (3, 'x', -1)") == .check(constraint: "old_enough"))
            #expect(try await error("INSERT INTO parents (id, name) VALUES (3, \(nil as String?))") == .notNull)
            guard case .other? = try await error("SELECT nothing FROM nowhere") else {
                Issue.record("no error for a statement that is wrong")
                return
            }
            guard case .other? = try await error("INSERT INTO parents (id, name) VALUES (4, \("a\u{0}b"))") else {
                Issue.record("a text with NUL was taken")
                return
            }
        }
    }

    @Test(arguments: TestDatabase.all) func doubleQuotesNeverMakeAText(_ kind: TestDatabase) async throws {
        try await kind.with(conformanceTables) { database in
            _ = try await database.read { try $0.rows(#"SELECT "name" FROM parents"#) }
            await #expect(throws: DatabaseError.self) { _ = try await database.read { try $0.rows(#"SELECT "nope" FROM parents"#) } }
        }
    }

    @Test(arguments: TestDatabase.all) func manyTextsStayWithinTheCache(_ kind: TestDatabase) async throws {
        try await kind.with(conformanceTables) { database in
            let sums = try await database.read { transaction in
                try (1...300).map { count in
                    let terms = SQL.joined((1...count).map { "\($0)::bigint" }, separator: " + ")
                    return try transaction.row("SELECT \(sql: terms)")?.int(0) ?? 0
                }
            }
            #expect(sums == (1...300).map { $0 * ($0 + 1) / 2 })
        }
    }
}
