package import Database
internal import Kernel
internal import Synchronization

/// Everybody's folded names in memory, as the table `users` has them: a part of a name is found among 100,000 without a look at as many rows.
///
/// What is in memory belongs to one number of `name_changes_head`; a transaction that sees another one reads what changed in between.
package final class NameIndex: Sendable {
    private enum State {
        case unread
        case read(NameTable, number: Int64)
        case tooMany
    }

    /// Some 80 MB of names. Where there are more, the database searches.
    package static let most = 1_000_000
    /// How many people are named one by one; more are met soon enough in the order that is asked for.
    static let listed = 1000

    private let state = Mutex(State.unread)
    private let most: Int

    package init(most: Int = NameIndex.most) { self.most = most }

    /// Those who have this text in one of their names, as `searchFold` compares them.
    ///
    /// - Parameter transaction: one that only reads, so that nothing gets into memory that may be taken back.
    package func matches(_ text: String, in transaction: Transaction) throws -> NameMatches {
        let part = text.searchFold
        guard !part.isEmpty, let table = try table(in: transaction) else { return .unknown(text) }
        let found = table.find(part, most: Self.listed)
        guard let users = found.users else {
            return NameMatches(count: found.count, areListed: false, condition: MemberDirectory.naming(part))
        }
        return NameMatches(
            count: found.count, areListed: true, condition: "users.id IN (SELECT value FROM json_each(\(ids: users)))")
    }

    /// How many people there are, the deleted among them; nil when only the database can tell. Before anybody else asks, it reads the names.
    package func count(in transaction: Transaction) throws -> Int? { try table(in: transaction)?.count }

    /// The names as the transaction sees them; nil where only the database can tell.
    private func table(in transaction: Transaction) throws -> NameTable? {
        try state.withLock { state in
            // Before the names: a change that comes in between is read again with those behind it.
            let head = try NameChange.head(in: transaction)
            switch state {
            case .tooMany: return nil
            case .read(let table, let number) where number == head: return table
            // A snapshot from before a change that is in memory already.
            case .read(_, let number) where number > head: return nil
            case .read(var table, let number) where head - number <= NameChange.kept:
                state = .unread
                try Self.follow(&table, after: number, in: transaction)
                state = .read(table, number: head)
                return table
            case .read, .unread:
                let table = try Self.read(most: most, in: transaction)
                state = table.map { .read($0, number: head) } ?? .tooMany
                return table
            }
        }
    }

    private static func follow(_ table: inout NameTable, after number: Int64, in transaction: Transaction) throws {
        let changes = try transaction.rows(
            """
            SELECT name_changes.user_id, users.search_name FROM name_changes LEFT JOIN users ON users.id = name_changes.user_id
            WHERE name_changes.number > \(number) ORDER BY name_changes.number
            """)
        for change in changes { table.set(change.optionalText(1), of: change.id(0)) }
    }

    /// - Returns: nil when they are more than `most`.
    private static func read(most: Int, in transaction: Transaction) throws -> NameTable? {
        var (table, last) = (NameTable(), UserID(rawValue: .min))
        while true {
            let rows = try transaction.rows("SELECT id, search_name FROM users WHERE id > \(last) ORDER BY id LIMIT 1000")
            for row in rows {
                last = row.id(0)
                table.set(row.text(1), of: last)
            }
            if table.count > most { return nil }
            if rows.count < 1000 { return table }
        }
    }
}

/// What a search for a name found, as far as it is known without the database.
package struct NameMatches: Sendable {
    /// How many, the deleted among them; nil when only the database can tell.
    package let count: Int?
    /// Whether the condition names them one by one.
    package let areListed: Bool
    /// On `users`.
    package let condition: SQL

    /// For the database to find.
    package static func unknown(_ text: String) -> NameMatches {
        NameMatches(count: nil, areListed: false, condition: MemberDirectory.naming(text.searchFold))
    }
}
