package import Database

/// The table of private notes.
package let profilesMigrations = [
    Migration(
        "profile_notes",
        [
            """
            CREATE TABLE user_notes (id BIGINT PRIMARY KEY, owner_id BIGINT NOT NULL, user_id BIGINT NOT NULL, content_cipher BYTEA NOT NULL,
                updated_at BIGINT NOT NULL, CHECK (owner_id <> user_id))
            """,
            "CREATE UNIQUE INDEX user_notes_owner ON user_notes (owner_id, user_id)",
            "CREATE INDEX user_notes_user ON user_notes (user_id)",
        ])
]
