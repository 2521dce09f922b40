internal import Crypto
internal import Database
internal import Kernel

/// The table `avatars`: the picture of each person who uploaded one, at an address that changes with it and that nobody can guess.
///
/// In the database, and not in files: every node has it, a backup holds it, and a crash leaves both the picture and its address or neither.
struct AvatarStore: Sendable {
    /// In pixels, of both sides.
    static let sizes = [64, 256]

    private static let path = "/api/v1/avatars/"

    /// Puts it in the place of the one before.
    ///
    /// - Returns: the address of the large one.
    func put(_ pictures: [[UInt8]], of user: UserID, at now: Timestamp, in transaction: Transaction) throws -> String {
        let token = Random.token(byteCount: 18)
        try transaction.execute(
            """
            INSERT INTO avatars (user_id, token, small, large, created_at) VALUES (\(user), \(token), \(pictures[0]), \(pictures[1]), \(now))
            ON CONFLICT (user_id) DO UPDATE SET token = excluded.token, small = excluded.small, large = excluded.large,
                created_at = excluded.created_at
            """)
        return "\(Self.path)\(token)/\(Self.sizes[1])"
    }

    /// Removes a person's picture, unless this is its address.
    func forget(_ user: UserID, unlessAt address: String?, in transaction: Transaction) throws {
        guard let row = try transaction.row("SELECT token FROM avatars WHERE user_id = \(user)") else { return }
        if let address, address.hasPrefix("\(Self.path)\(row.text(0))/") { return }
        try transaction.execute("DELETE FROM avatars WHERE user_id = \(user)")
    }

    /// - Returns: nil for no picture, and for that of somebody who left or was deleted.
    func read(_ token: String, size: Int, in transaction: Transaction) throws -> [UInt8]? {
        let column: SQL = size == Self.sizes[0] ? "small" : "large"
        return try transaction.row(
            """
            SELECT avatars.\(sql: column) FROM avatars JOIN users ON users.id = avatars.user_id
            WHERE avatars.token = \(token) AND users.deleted_at IS NULL
            """
        )?.blob(0)
    }
}
