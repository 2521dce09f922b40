internal import Database
internal import Kernel

/// The SQL of `channel_overwrites`.
enum OverwriteTable {
    /// The overwrites of some channels and of their categories.
    struct Found {
        var byPlace: [Int64: [ChannelOverwrite]] = [:]

        func own(_ record: ConversationRecord) -> [ChannelOverwrite] { byPlace[record.id.rawValue] ?? [] }
        func inherited(_ record: ConversationRecord) -> [ChannelOverwrite] { record.categoryID.flatMap { byPlace[$0.rawValue] } ?? [] }

        func permissions(in record: ConversationRecord, _ rights: ChannelRights) -> PermissionSet {
            rights.permissions(visibility: record.visibility, own: own(record), inherited: inherited(record))
        }
    }

    static func overwrites(of records: [ConversationRecord], in transaction: Transaction) throws -> Found {
        guard !records.isEmpty else { return Found() }
        return try overwrites(of: records.map { RowID(rawValue: $0.id.rawValue) } + records.compactMap(\.categoryID), in: transaction)
    }

    /// - Parameter places: ids of channels and categories.
    static func overwrites(of places: [RowID], in transaction: Transaction) throws -> Found {
        var found = Found()
        let rows = try transaction.rows(
            """
            SELECT channel_id, target_kind, target_id, allow, deny FROM channel_overwrites
            WHERE channel_id IN (SELECT value FROM json_each(\(ids: places))) ORDER BY channel_id, target_kind, target_id
            """)
        for row in rows {
            let target: ChannelOverwrite.Target = row.text(1) == "role" ? .role(row.id(2)) : .user(row.id(2))
            found.byPlace[row.int64(0), default: []].append(
                ChannelOverwrite(target: target, allow: keys(row.text(3)), deny: keys(row.text(4))))
        }
        return found
    }

    /// A key that this version of Foyer does not know gives nothing.
    private static func keys(_ text: String) -> PermissionSet {
        PermissionSet(text.split(separator: ",").compactMap { Permission(key: String($0)) })
    }

    static func put(_ overwrite: ChannelOverwrite, of place: RowID, in transaction: Transaction) throws {
        let (allow, deny) = (overwrite.allow.keys.joined(separator: ","), overwrite.deny.keys.joined(separator: ","))
        try transaction.execute(
            """
            INSERT INTO channel_overwrites (channel_id, target_kind, target_id, allow, deny)
            VALUES (\(place), \(overwrite.target.kind), \(overwrite.target.id), \(allow), \(deny))
            ON CONFLICT (channel_id, target_kind, target_id) DO UPDATE SET allow = excluded.allow, deny = excluded.deny
            """)
    }

    static func remove(_ target: ChannelOverwrite.Target, of place: RowID, in transaction: Transaction) throws -> Bool {
        try transaction.execute(
            "DELETE FROM channel_overwrites WHERE channel_id = \(place) AND target_kind = \(target.kind) AND target_id = \(target.id)") == 1
    }
}

extension ChannelOverwrite.Target {
    var kind: String { if case .role = self { "role" } else { "user" } }

    var id: Int64 {
        switch self {
        case .role(let role): role.rawValue
        case .user(let user): user.rawValue
        }
    }
}
