package import Database

/// Notifications and the preferences for them.
package let notificationsMigrations = [
    Migration(
        "notifications",
        [
            // `place` orders a person's list; a row that is counted up gets a new one. Unread notifications of one group are one row.
            """
            CREATE TABLE notifications (id BIGINT PRIMARY KEY, user_id BIGINT NOT NULL, kind TEXT NOT NULL, group_key TEXT NOT NULL,
                count BIGINT NOT NULL, actor_id BIGINT, url TEXT NOT NULL, arguments_cipher BYTEA NOT NULL, place BIGINT NOT NULL,
                created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, read_at BIGINT)
            """,
            "CREATE UNIQUE INDEX notifications_unread ON notifications (user_id, group_key) WHERE read_at IS NULL",
            "CREATE UNIQUE INDEX notifications_place ON notifications (user_id, place)",
            "CREATE INDEX notifications_actor ON notifications (actor_id)",
            "CREATE INDEX notifications_updated ON notifications (updated_at)",
            // Without a row a kind has its defaults.
            """
            CREATE TABLE notification_preferences (user_id BIGINT NOT NULL, kind TEXT NOT NULL, in_app BOOLEAN NOT NULL,
                browser BOOLEAN NOT NULL, PRIMARY KEY (user_id, kind))
            """,
        ]),
    // For the notifications of one conversation or message.
    Migration("notification_groups", ["CREATE INDEX notifications_group ON notifications (group_key)"]),
]
