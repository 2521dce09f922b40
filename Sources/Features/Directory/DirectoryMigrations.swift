package import Database
internal import Kernel

/// The table of people and of this installation.
package let directoryMigrations = [
    Migration(
        "0003_users",
        [
            """
            CREATE TABLE users (
                id BIGINT PRIMARY KEY,
                username TEXT NOT NULL UNIQUE,
                display_name TEXT NOT NULL,
                search_name TEXT NOT NULL DEFAULT '',
                email_cipher BYTEA,
                email_blind BYTEA UNIQUE,
                avatar_url TEXT,
                bio TEXT,
                locale TEXT NOT NULL,
                status TEXT NOT NULL CHECK (status IN ('online', 'idle', 'dnd', 'invisible')),
                status_message TEXT,
                status_emoji TEXT,
                status_expires_at BIGINT,
                activity TEXT,
                activity_name TEXT,
                presence_version BIGINT NOT NULL,
                last_seen_at BIGINT,
                tags TEXT NOT NULL,
                is_banned BOOLEAN NOT NULL,
                banned_until BIGINT,
                ban_reason TEXT,
                is_disabled BOOLEAN NOT NULL,
                deleted_at BIGINT,
                password_hash TEXT,
                created_at BIGINT NOT NULL,
                updated_at BIGINT NOT NULL,
                version BIGINT NOT NULL)
            """,
            "CREATE INDEX users_last_seen_at ON users (last_seen_at, id)",
            "CREATE INDEX users_is_banned ON users (is_banned, banned_until)",
            "CREATE INDEX users_created_at ON users (created_at, id)",
            "CREATE INDEX users_activity_name ON users (activity_name, id)",
            "CREATE TABLE site (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
            """
            CREATE TABLE nodes (id BIGINT PRIMARY KEY, holder TEXT NOT NULL, lease_until BIGINT NOT NULL, clock_high BIGINT NOT NULL)
            """,
        ]),
    // What an invisible person chooses; the other columns keep what they showed when they went, which is what others go on seeing.
    Migration("0008_hidden_choice", ["ALTER TABLE users ADD COLUMN hidden_choice TEXT"]),
    // So that those who are gone can be taken off a count without a look at everybody.
    Migration("0009_deleted_users", ["CREATE INDEX users_deleted ON users (deleted_at) WHERE deleted_at IS NOT NULL"]),
    // Who left may come back: deleted_at alone is the team's doing.
    Migration(
        "0010_leaving",
        [
            "ALTER TABLE users ADD COLUMN email_verified_at BIGINT",
            "ALTER TABLE users ADD COLUMN left_at BIGINT",
            "CREATE INDEX users_left_at ON users (left_at) WHERE left_at IS NOT NULL",
        ]),
    // Most people have no tag. PostgreSQL's entries are too small for all that somebody can have.
    Migration(
        "0012_tagged_users", [], sqlite: ["CREATE INDEX users_tagged ON users (tags, deleted_at, id) WHERE tags <> '[]'"],
        postgres: ["CREATE INDEX users_tagged ON users (id) WHERE tags <> '[]'"]),
    // The last changes of names, for those who keep names in memory.
    Migration(
        "0013_name_changes",
        [
            "CREATE TABLE name_changes (number BIGINT PRIMARY KEY, user_id BIGINT NOT NULL)",
            "CREATE TABLE name_changes_head (id BIGINT PRIMARY KEY, number BIGINT NOT NULL)",
            "INSERT INTO name_changes_head (id, number) VALUES (1, 0)",
        ]),
    // Names and tags as every search compares them; those of before are folded anew.
    Migration(
        "search_fold", ["ALTER TABLE users ADD COLUMN search_tags TEXT NOT NULL DEFAULT '[]'"],
        sqlite: ["CREATE INDEX users_search_tags ON users (search_tags, deleted_at, id) WHERE search_tags <> '[]'"],
        postgres: ["CREATE INDEX users_search_tags ON users (id) WHERE search_tags <> '[]'"], step: foldNamesAndTags),
    // The colour of a profile's banner, in degrees; NULL until its person chooses one.
    Migration("banner_hue", ["ALTER TABLE users ADD COLUMN banner_hue BIGINT CHECK (banner_hue BETWEEN 0 AND 359)"]),
]

/// Writes the folded names and tags of everybody.
@Sendable private func foldNamesAndTags(_ transaction: Transaction) throws {
    var last = UserID(rawValue: .min)
    while true {
        let rows = try transaction.rows("SELECT id, username, display_name, tags FROM users WHERE id > \(last) ORDER BY id LIMIT 1000")
        for row in rows {
            last = row.id(0)
            let tags = try JSONParser.parse(own: Array(row.text(3).utf8)).array?.compactMap(\.string) ?? []
            try transaction.execute(
                """
                UPDATE users SET search_name = \(Member.searchName(row.text(1), row.text(2))), search_tags = \(Member.searchTags(tags))
                WHERE id = \(last)
                """)
        }
        if rows.count < 1000 { return }
    }
}
