package import Database

/// The table of automatic changes: who was shown how, when, and why.
package let presenceMigrations = [
    Migration(
        "0007_presence_history",
        [
            """
            CREATE TABLE presence_history (id BIGINT PRIMARY KEY, user_id BIGINT NOT NULL, from_status TEXT NOT NULL, to_status TEXT NOT NULL,
                cause TEXT NOT NULL, at BIGINT NOT NULL)
            """,
            "CREATE INDEX presence_history_user ON presence_history (user_id, id)",
            "CREATE INDEX presence_history_at ON presence_history (at)",
        ])
]
