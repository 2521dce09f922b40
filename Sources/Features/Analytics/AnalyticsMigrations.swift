package import Database

/// Rollups, the ordinals of the members in them, and key events.
package let analyticsMigrations = [
    Migration(
        "analytics",
        [
            // resolution: milliseconds; content: one packed window.
            """
            CREATE TABLE analytics_rollups (resolution BIGINT NOT NULL, start_at BIGINT NOT NULL, node BIGINT NOT NULL,
                content BYTEA NOT NULL, PRIMARY KEY (resolution, start_at, node))
            """,
            "CREATE TABLE analytics_members (user_id BIGINT PRIMARY KEY, ordinal BIGINT NOT NULL)",
            "CREATE UNIQUE INDEX analytics_members_ordinal ON analytics_members (ordinal)",
            "CREATE TABLE analytics_ordinals (id BIGINT PRIMARY KEY CHECK (id = 1), next BIGINT NOT NULL)",
            "INSERT INTO analytics_ordinals (id, next) VALUES (1, 0)",
            """
            CREATE TABLE analytics_events (id BIGINT PRIMARY KEY, event_type TEXT NOT NULL, user_id BIGINT, session_id BIGINT,
                metadata TEXT NOT NULL, created_at BIGINT NOT NULL)
            """,
            "CREATE INDEX analytics_events_type ON analytics_events (event_type, id)",
            "CREATE INDEX analytics_events_user ON analytics_events (user_id, id)",
        ]),
    // How many key events of a type a day (UTC) has: rows beyond the limit of a day are counted only.
    Migration(
        "analytics_days",
        [
            """
            CREATE TABLE analytics_days (day BIGINT NOT NULL, event_type TEXT NOT NULL, count BIGINT NOT NULL, PRIMARY KEY (day, event_type))
            """
        ]),
]
