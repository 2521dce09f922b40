package import Database

/// The tables of conversations. Counts of what is unread are in none of them: they are derived from `last_seq`, the reader's place, gaps and mentions.
package let conversationsMigrations = [
    Migration(
        "conversations",
        [
            """
            CREATE TABLE conversations (
                id BIGINT PRIMARY KEY,
                kind TEXT NOT NULL CHECK (kind IN ('direct', 'group', 'channel')),
                direct_key TEXT UNIQUE,
                name TEXT,
                topic TEXT,
                icon_url TEXT,
                owner_id BIGINT,
                category_id BIGINT,
                visibility TEXT NOT NULL DEFAULT 'private' CHECK (visibility IN ('public', 'private')),
                slow_mode_s BIGINT NOT NULL DEFAULT 0,
                read_only BOOLEAN NOT NULL DEFAULT FALSE,
                announcement BOOLEAN NOT NULL DEFAULT FALSE,
                place BIGINT NOT NULL DEFAULT 0,
                last_seq BIGINT NOT NULL DEFAULT 0,
                last_message_id BIGINT NOT NULL,
                gap_count BIGINT NOT NULL DEFAULT 0,
                broadcast_count BIGINT NOT NULL DEFAULT 0,
                created_at BIGINT NOT NULL,
                deleted_at BIGINT,
                version BIGINT NOT NULL)
            """,
            "CREATE INDEX conversations_channels ON conversations (kind, place, id) WHERE deleted_at IS NULL AND kind = 'channel'",
            """
            CREATE TABLE members (conversation_id BIGINT NOT NULL REFERENCES conversations (id), user_id BIGINT NOT NULL,
                joined_at BIGINT NOT NULL, PRIMARY KEY (conversation_id, user_id))
            """,
            "CREATE INDEX members_user ON members (user_id, conversation_id)",
            // closed_seq: a direct conversation that its reader took off the list comes back with the next message.
            """
            CREATE TABLE read_states (user_id BIGINT NOT NULL, conversation_id BIGINT NOT NULL REFERENCES conversations (id),
                read_seq BIGINT NOT NULL, notify TEXT NOT NULL DEFAULT 'all' CHECK (notify IN ('all', 'mentions', 'nothing')),
                muted_until BIGINT, closed_seq BIGINT, PRIMARY KEY (user_id, conversation_id))
            """,
            "CREATE INDEX read_states_conversation ON read_states (conversation_id)",
            """
            CREATE TABLE message_edits (message_id BIGINT NOT NULL, version BIGINT NOT NULL, body_cipher BYTEA NOT NULL,
                written_at BIGINT NOT NULL, PRIMARY KEY (message_id, version))
            """,
            "CREATE TABLE message_gaps (conversation_id BIGINT NOT NULL, seq BIGINT NOT NULL, PRIMARY KEY (conversation_id, seq))",
            // The target is a person, a role, or 0 for everybody.
            """
            CREATE TABLE mentions (target_id BIGINT NOT NULL, conversation_id BIGINT NOT NULL, seq BIGINT NOT NULL, author_id BIGINT NOT NULL,
                PRIMARY KEY (target_id, conversation_id, seq))
            """,
            "CREATE INDEX mentions_message ON mentions (conversation_id, seq)",
            """
            CREATE TABLE reactions (message_id BIGINT NOT NULL, emoji TEXT NOT NULL, user_id BIGINT NOT NULL, reacted_at BIGINT NOT NULL,
                PRIMARY KEY (message_id, emoji, user_id))
            """,
            "CREATE INDEX reactions_user ON reactions (user_id)",
            """
            CREATE TABLE reaction_counts (message_id BIGINT NOT NULL, emoji TEXT NOT NULL, count BIGINT NOT NULL CHECK (count > 0),
                first_at BIGINT NOT NULL, PRIMARY KEY (message_id, emoji))
            """,
            """
            CREATE TABLE drafts (user_id BIGINT NOT NULL, conversation_id BIGINT NOT NULL REFERENCES conversations (id),
                body_cipher BYTEA, updated_at BIGINT NOT NULL, version BIGINT NOT NULL, PRIMARY KEY (user_id, conversation_id))
            """,
            "CREATE TABLE channel_categories (id BIGINT PRIMARY KEY, name TEXT NOT NULL, place BIGINT NOT NULL, version BIGINT NOT NULL)",
            // Of a channel or of a category, whose overwrites hold where its channels have none for a target.
            """
            CREATE TABLE channel_overwrites (channel_id BIGINT NOT NULL, target_kind TEXT NOT NULL CHECK (target_kind IN ('role', 'user')),
                target_id BIGINT NOT NULL, allow TEXT NOT NULL, deny TEXT NOT NULL, PRIMARY KEY (channel_id, target_kind, target_id))
            """,
        ],
        sqlite: [
            """
            CREATE TABLE messages (
                conversation_id INTEGER NOT NULL, seq INTEGER NOT NULL, id INTEGER NOT NULL, author_id INTEGER NOT NULL, client_key BLOB,
                content_hash BLOB NOT NULL, kind TEXT NOT NULL DEFAULT 'text', body_cipher BLOB, targets TEXT NOT NULL DEFAULT '[]',
                reply_to_id INTEGER, edited_at INTEGER, deleted_at INTEGER, deleted_by INTEGER, pinned_at INTEGER,
                reaction_version INTEGER NOT NULL DEFAULT 0, version INTEGER NOT NULL DEFAULT 1, PRIMARY KEY (conversation_id, seq))
            STRICT, WITHOUT ROWID
            """
        ] + messageIndexes,
        postgres: [
            """
            CREATE TABLE messages (
                conversation_id BIGINT NOT NULL, seq BIGINT NOT NULL, id BIGINT NOT NULL, author_id BIGINT NOT NULL, client_key BYTEA,
                content_hash BYTEA NOT NULL, kind TEXT NOT NULL DEFAULT 'text', body_cipher BYTEA, targets TEXT NOT NULL DEFAULT '[]',
                reply_to_id BIGINT, edited_at BIGINT, deleted_at BIGINT, deleted_by BIGINT, pinned_at BIGINT,
                reaction_version BIGINT NOT NULL DEFAULT 0, version BIGINT NOT NULL DEFAULT 1, PRIMARY KEY (conversation_id, seq))
            """
        ] + messageIndexes)
]

private let messageIndexes = [
    "CREATE UNIQUE INDEX messages_id ON messages (id)",
    "CREATE UNIQUE INDEX messages_key ON messages (author_id, client_key) WHERE client_key IS NOT NULL",
    // Covers the count of a reader's own live messages after a place.
    "CREATE INDEX messages_author ON messages (author_id, conversation_id, seq, deleted_at)",
    "CREATE INDEX messages_pinned ON messages (conversation_id, pinned_at) WHERE pinned_at IS NOT NULL",
]

/// Keyed hashes of the words of messages.
package let searchMigrations = [
    Migration(
        "conversation_search", [],
        sqlite: [
            """
            CREATE TABLE message_terms (term INTEGER NOT NULL, message_id INTEGER NOT NULL, conversation_id INTEGER NOT NULL,
                PRIMARY KEY (term, message_id)) STRICT, WITHOUT ROWID
            """,
            "CREATE INDEX message_terms_conversation ON message_terms (conversation_id, term, message_id)",
        ],
        postgres: [
            """
            CREATE TABLE message_terms (term BIGINT NOT NULL, message_id BIGINT NOT NULL, conversation_id BIGINT NOT NULL,
                PRIMARY KEY (term, message_id) INCLUDE (conversation_id))
            """,
            "CREATE INDEX message_terms_conversation ON message_terms (conversation_id, term, message_id)",
        ])
]

/// Read receipts, the receipts that were announced last, and when the reactions of a message were announced last.
package let receiptMigrations = [
    Migration(
        "conversation_receipts",
        [
            "ALTER TABLE read_states ADD COLUMN receipt_seq BIGINT NOT NULL DEFAULT 0",
            "ALTER TABLE messages ADD COLUMN reactions_told_at BIGINT NOT NULL DEFAULT 0",
        ]),
    Migration(
        "conversation_receipts_told", ["ALTER TABLE read_states ADD COLUMN receipt_told_seq BIGINT NOT NULL DEFAULT 0"]),
]
