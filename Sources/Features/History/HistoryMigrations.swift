package import Database

/// The table of people's actions.
package let historyMigrations = [
    Migration(
        "history",
        [
            // `family` is the part of `type` before the dot. `is_private`: only the person sees it, as a sign-in or an invisible status.
            """
            CREATE TABLE user_actions (id BIGINT PRIMARY KEY, user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                family TEXT NOT NULL, type TEXT NOT NULL, target_kind TEXT NOT NULL, target_id BIGINT, detail TEXT NOT NULL,
                is_private BOOLEAN NOT NULL, at BIGINT NOT NULL)
            """,
            "CREATE INDEX user_actions_user ON user_actions (user_id, at, id)",
            "CREATE INDEX user_actions_family ON user_actions (user_id, family, at, id)",
            "CREATE INDEX user_actions_person ON user_actions (target_id) WHERE target_kind = 'user'",
        ])
]
