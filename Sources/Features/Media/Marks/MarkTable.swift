internal import Database
internal import Kernel

/// A mark as it is stored.
struct Mark: Sendable, Hashable {
    /// Of a rating, in half stars.
    let value: Int?
    let at: Timestamp
}

/// The tables `media_marks` and `media_states`.
enum MarkTable {
    static func mark(_ kind: MarkKind, of title: MediaID, by user: UserID, in transaction: Transaction) throws -> Mark? {
        try transaction.row(
            "SELECT value, at FROM media_marks WHERE user_id = \(user) AND media_id = \(title) AND kind = \(kind.rawValue)"
        ).map { Mark(value: $0.optionalInt64(0).map(Int.init), at: $0.time(1)) }
    }

    static func put(_ kind: MarkKind, _ mark: Mark, of title: MediaID, by user: UserID, in transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO media_marks (user_id, media_id, kind, value, at)
            VALUES (\(user), \(title), \(kind.rawValue), \(mark.value), \(mark.at))
            ON CONFLICT (user_id, media_id, kind) DO UPDATE SET value = excluded.value, at = excluded.at
            """)
    }

    static func delete(_ kind: MarkKind, of title: MediaID, by user: UserID, in transaction: Transaction) throws {
        try transaction.execute(
            "DELETE FROM media_marks WHERE user_id = \(user) AND media_id = \(title) AND kind = \(kind.rawValue)")
    }

    /// A person's marks of some titles.
    static func marks(of titles: [MediaID], by user: UserID, in transaction: Transaction) throws -> [MediaID: [MarkKind: Mark]] {
        let rows = try transaction.rows(
            """
            SELECT media_id, kind, value, at FROM media_marks
            WHERE user_id = \(user) AND media_id IN (SELECT value FROM json_each(\(ids: titles)))
            """)
        return rows.reduce(into: [:]) { marks, row in
            guard let kind = MarkKind(rawValue: row.text(1)) else { return }
            marks[row.id(0), default: [:]][kind] = Mark(value: row.optionalInt64(2).map(Int.init), at: row.time(3))
        }
    }

    static func versions(of titles: [MediaID], by user: UserID, in transaction: Transaction) throws -> [MediaID: Int64] {
        try transaction.rows(
            """
            SELECT media_id, version FROM media_states
            WHERE user_id = \(user) AND media_id IN (SELECT value FROM json_each(\(ids: titles)))
            """
        ).reduce(into: [:]) { $0[$1.id(0)] = $1.int64(1) }
    }

    /// Raises the version of a person's marks of a title. It starts from the time, so that it exceeds what clients know even after an older
    /// database was restored.
    static func raise(_ title: MediaID, of user: UserID, at now: Timestamp, in transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO media_states (user_id, media_id, version) VALUES (\(user), \(title), \(now))
            ON CONFLICT (user_id, media_id) DO UPDATE SET version =
                CASE WHEN media_states.version >= excluded.version THEN media_states.version + 1 ELSE excluded.version END
            """)
    }

    /// A page of one of a person's lists, the latest first.
    static func kept(
        _ kind: MarkKind, by user: UserID, before place: (at: Int64, title: Int64), limit: Int, in transaction: Transaction
    ) throws -> [(title: MediaID, mark: Mark)] {
        try transaction.rows(
            """
            SELECT media_id, value, at FROM media_marks
            WHERE user_id = \(user) AND kind = \(kind.rawValue) AND (at, media_id) < (\(place.at), \(place.title))
            ORDER BY at DESC, media_id DESC LIMIT \(limit)
            """
        ).map { ($0.id(0), Mark(value: $0.optionalInt64(1).map(Int.init), at: $0.time(2))) }
    }

    static func count(_ kind: MarkKind, by user: UserID, in transaction: Transaction) throws -> Int {
        try transaction.row("SELECT COUNT(*) FROM media_marks WHERE user_id = \(user) AND kind = \(kind.rawValue)")?.int(0) ?? 0
    }
}
