import Database
import Glibc
import Kernel
import Seeded
import Synchronization
import TestSupport
import Testing

@testable import Directory

/// What is found in memory is what the database finds in the same transaction, whoever changed what meanwhile.
@Suite struct NameIndexTests {
    private static let syllables = ["ma", "ri", "é", "lo", "Ça", "_1", "💫", "x"]
    private static let parts = ["ma", "MA", "arim", "é", "É", "1", "\u{1F4AB}", "x\n", "lolo", "zz", "ça_"]

    private static func name(_ random: inout SeededRandom) -> String {
        (0..<Int.random(in: 2...5, using: &random)).map { _ in syllables.randomElement(using: &random)! }.joined()
    }

    /// Both answers of one transaction.
    private static func answers(_ index: NameIndex, _ part: String, in transaction: Transaction) throws -> (
        memory: [UserID], database: [UserID], matches: NameMatches
    ) {
        let matches = try index.matches(part, in: transaction)
        let ids = { (condition: SQL) in
            try transaction.rows("SELECT id FROM users WHERE \(sql: condition) ORDER BY id").map { $0.id(0, User.self) }
        }
        return (try ids(matches.condition), try ids(MemberDirectory.naming(part.searchFold)), matches)
    }

    /// Somebody comes, goes, or takes another name.
    private static func change(_ number: Int, _ random: inout SeededRandom, in database: any Database) async throws {
        let directory = MemberDirectory()
        let (id, name) = (UserID(rawValue: Int64.random(in: 1...40, using: &random)), name(&random))
        let isRemoved = Int.random(in: 0..<4, using: &random) == 0
        try await database.write { transaction in
            let now = Timestamp(milliseconds: Int64(number))
            guard try transaction.execute("UPDATE users SET version = version WHERE id = \(id)") == 1 else {
                let member = Member(id: id, username: "\(name)\(number)", displayName: name, at: now)
                // Another may have been quicker.
                if try transaction.row("SELECT 1 FROM users WHERE id = \(id)") == nil {
                    try directory.insert(member, emailBlind: nil, in: transaction)
                }
                return
            }
            if isRemoved { return try directory.delete(id, in: transaction) }
            var member = try directory.member(id, in: transaction)
            member.displayName = name
            try #require(try directory.update(member, at: now, in: transaction))
        }
    }

    @Test(arguments: TestDatabase.all) func twoNodesFindWhatTheDatabaseFinds(_ kind: TestDatabase) async throws {
        try await kind.with(directoryMigrations) { database in
            let nodes = [NameIndex(), NameIndex()]
            var random = SeededRandom(7)
            for number in 0..<300 {
                try await Self.change(number, &random, in: database)
                // The second is often some changes behind.
                let index = number.isMultiple(of: 7) ? nodes[1] : nodes[0]
                let part = Self.parts[number % Self.parts.count]
                try await database.read { transaction in
                    let (memory, found, matches) = try Self.answers(index, part, in: transaction)
                    #expect(memory == found && matches.count == found.count && matches.areListed, "\(number) \(part)")
                    #expect(try index.count(in: transaction) == transaction.row("SELECT COUNT(*) FROM users")?.int(0))
                }
            }
        }
    }

    @Test(arguments: TestDatabase.all) func nothingIsMissedWhileManyChangeNames(_ kind: TestDatabase) async throws {
        try await kind.with(directoryMigrations) { database in
            let index = NameIndex()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<4 {
                    group.addTask {
                        var random = SeededRandom(UInt64(writer))
                        for turn in 0..<60 {
                            do {
                                try await Self.change(writer * 1000 + turn, &random, in: database)
                            } catch DatabaseError.unique {
                                // Two made the same person at once.
                            }
                        }
                    }
                }
                for reader in 0..<4 {
                    group.addTask {
                        for turn in 0..<100 {
                            let part = Self.parts[(reader + turn) % Self.parts.count]
                            try await database.read { transaction in
                                let (memory, found, _) = try Self.answers(index, part, in: transaction)
                                #expect(memory == found, "\(part)")
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    /// A reader who began before a change that is in memory already is answered from what they see.
    @Test(arguments: TestDatabase.all) func aSnapshotFromBeforeStaysOne(_ kind: TestDatabase) async throws {
        try await kind.with(directoryMigrations) { database in
            let index = NameIndex()
            let (hasBegun, hasChanged) = (Flag(), Flag())
            let directory = MemberDirectory()
            let id = UserID(rawValue: 1)
            try await database.write { transaction in
                try directory.insert(
                    Member(id: id, username: "ada", displayName: "Ada", at: Timestamp(milliseconds: 1)), emailBlind: nil, in: transaction)
            }
            async let before = database.read { transaction in
                _ = try NameChange.head(in: transaction)
                hasBegun.raise()
                while !hasChanged.isUp { usleep(1000) }
                return try Self.answers(index, "ada", in: transaction)
            }
            while !hasBegun.isUp { try await Task.sleep(for: .milliseconds(1)) }
            try await database.write { transaction in
                var member = try directory.member(id, in: transaction)
                (member.username, member.displayName) = ("bea", "Bea")
                try #require(try directory.update(member, at: Timestamp(milliseconds: 2), in: transaction))
            }
            let after = try await database.read { try Self.answers(index, "ada", in: $0) }
            hasChanged.raise()
            let (memory, found, matches) = try await before
            #expect(memory == [id] && found == [id] && matches.count == nil)
            #expect(after.memory.isEmpty && after.matches.count == 0)
        }
    }

    @Test(arguments: TestDatabase.all) func manyAreCountedAndTooManyAreLeftToTheDatabase(_ kind: TestDatabase) async throws {
        try await kind.with(directoryMigrations) { database in
            let (index, small) = (NameIndex(), NameIndex(most: 1500))
            let check = { (index: NameIndex, part: String, count: Int?, areListed: Bool) in
                try await database.read { transaction in
                    let (memory, found, matches) = try Self.answers(index, part, in: transaction)
                    #expect(memory == found && matches.count == count && matches.areListed == areListed, "\(part)")
                }
            }
            try await Crowd(1001).fill(.users, in: database)
            try await check(index, "crowd", 1001, false)
            try await check(index, "crowd100", 3, true)
            try await check(small, "crowd", 1001, false)
            // More than are kept one by one, and more than the small one holds.
            try await database.write { transaction in
                try transaction.execute("DELETE FROM users WHERE id = 1001")
                try transaction.execute("UPDATE name_changes_head SET number = number + 1000000")
            }
            try await check(index, "crowd", 1000, true)
            _ = try await database.write { try $0.execute("DELETE FROM users") }
            try await Crowd(1501).fill(.users, in: database)
            try await check(index, "crowd", 1501, false)
            try await check(small, "crowd", nil, false)
            try await check(small, "crowd150", nil, false)
        }
    }

    @Test(arguments: TestDatabase.all) func theLastChangesAloneAreKept(_ kind: TestDatabase) async throws {
        try await kind.with(directoryMigrations) { database in
            try await Crowd(20).fill(.users, in: database)
            try await database.write { transaction in
                for number in 1...30 { try transaction.execute("INSERT INTO name_changes (number, user_id) VALUES (\(number), 1001)") }
                var member = try MemberDirectory().member(UserID(rawValue: 1001), in: transaction)
                member.displayName = "Zoé"
                try #require(try MemberDirectory().update(member, at: Timestamp(milliseconds: 1), in: transaction))
            }
            let numbers = try await database.read { try $0.rows("SELECT number FROM name_changes").map { $0.int64(0) } }
            #expect(numbers == [1_000_001])
        }
    }

    /// What an edit leaves as it was is no change of a name.
    @Test(arguments: TestDatabase.all) func anotherEditIsNoChangeOfName(_ kind: TestDatabase) async throws {
        try await kind.with(directoryMigrations) { database in
            try await Crowd(1).fill(.users, in: database)
            let heads = try await database.write { transaction in
                let before = try NameChange.head(in: transaction)
                var member = try MemberDirectory().member(UserID(rawValue: 1001), in: transaction)
                member.tags = ["beta"]
                try #require(try MemberDirectory().update(member, at: Timestamp(milliseconds: 1), in: transaction))
                return before
            }
            #expect(try await database.read { try NameChange.head(in: $0) } == heads)
        }
    }
}

private final class Flag: Sendable {
    private let state = Atomic(false)
    var isUp: Bool { state.load(ordering: .sequentiallyConsistent) }
    func raise() { state.store(true, ordering: .sequentiallyConsistent) }
}

@Suite struct NameTableTests {
    /// Against a look at each name: names that end like others begin, that are renamed, and that go.
    @Test func findsWhatALookAtEachNameFinds() {
        var random = SeededRandom(11)
        var (table, names) = (NameTable(), [UserID: String]())
        for turn in 0..<6000 {
            let user = UserID(rawValue: Int64.random(in: 1...700, using: &random))
            let name =
                Int.random(in: 0..<5, using: &random) == 0
                ? nil : String((0..<Int.random(in: 1...6, using: &random)).map { _ in "aab\n".randomElement(using: &random)! })
            table.set(name, of: user)
            names[user] = name
            guard turn.isMultiple(of: 50) else { continue }
            for part in ["a", "b", "ab", "aab", "ba", "\n", "aaaaaaa", "a\u{0}a"] {
                let expected = Set(names.filter { $0.value.utf8.contains(part.utf8) }.keys)
                let (count, users) = table.find(part, most: 1000)
                #expect(count == expected.count && users.map(Set.init) == expected && users?.count == count, "\(turn) \(part)")
            }
            #expect(table.count == names.count)
        }
        let all = table.find("a", most: 3)
        #expect(all.count > 3 && all.users == nil)
    }
}
