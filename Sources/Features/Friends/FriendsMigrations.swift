package import Database

/// Requests, friendships, blocks and what each person lets others do.
package let friendsMigrations = [
    Migration(
        "friends",
        [
            // `is_hidden`: the person who was asked never learns of it.
            """
            CREATE TABLE friend_requests (id BIGINT PRIMARY KEY, from_id BIGINT NOT NULL, to_id BIGINT NOT NULL, low BIGINT NOT NULL,
                high BIGINT NOT NULL, state TEXT NOT NULL CHECK (state IN ('pending', 'ignored', 'accepted', 'refused', 'cancelled')),
                is_hidden BOOLEAN NOT NULL, note_cipher BYTEA, created_at BIGINT NOT NULL, decided_at BIGINT, CHECK (low < high),
                CHECK ((from_id = low AND to_id = high) OR (from_id = high AND to_id = low)))
            """,
            "CREATE UNIQUE INDEX friend_requests_open ON friend_requests (low, high) WHERE state IN ('pending', 'ignored')",
            "CREATE INDEX friend_requests_from ON friend_requests (from_id, created_at)",
            "CREATE INDEX friend_requests_out ON friend_requests (from_id, id) WHERE state IN ('pending', 'ignored')",
            "CREATE INDEX friend_requests_to ON friend_requests (to_id, id)",
            "CREATE INDEX friend_requests_pair ON friend_requests (low, high)",
            "CREATE INDEX friend_requests_closed ON friend_requests (decided_at) WHERE state IN ('accepted', 'cancelled')",
            """
            CREATE TABLE friends (low BIGINT NOT NULL, high BIGINT NOT NULL, since BIGINT NOT NULL, PRIMARY KEY (low, high),
                CHECK (low < high))
            """,
            "CREATE UNIQUE INDEX friends_high ON friends (high, low)",
            """
            CREATE TABLE blocks (blocker_id BIGINT NOT NULL, blocked_id BIGINT NOT NULL, since BIGINT NOT NULL,
                PRIMARY KEY (blocker_id, blocked_id), CHECK (blocker_id <> blocked_id))
            """,
            "CREATE INDEX blocks_blocked ON blocks (blocked_id, blocker_id)",
            // Without a row a person has the defaults.
            """
            CREATE TABLE privacy (user_id BIGINT PRIMARY KEY, profile TEXT NOT NULL, befriend TEXT NOT NULL, write_to TEXT NOT NULL,
                call_to TEXT NOT NULL, history TEXT NOT NULL, receipts BOOLEAN NOT NULL, version BIGINT NOT NULL)
            """,
        ])
]
