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
    Migration(
        "alerts",
        [
            // webhook: its address and secret, sealed.
            """
            CREATE TABLE alerts (id BIGINT PRIMARY KEY, name_key TEXT NOT NULL, name TEXT NOT NULL, expression TEXT NOT NULL,
                severity TEXT NOT NULL, channels TEXT NOT NULL, webhook BYTEA, is_enabled BOOLEAN NOT NULL, resolve_after_s BIGINT,
                no_data TEXT NOT NULL, author_id BIGINT, silenced_until BIGINT, version BIGINT NOT NULL, created_at BIGINT NOT NULL,
                updated_at BIGINT NOT NULL)
            """,
            "CREATE UNIQUE INDEX alerts_name ON alerts (name_key)",
            """
            CREATE TABLE alert_states (alert_id BIGINT NOT NULL, series TEXT NOT NULL, phase TEXT NOT NULL, since BIGINT NOT NULL,
                evaluated_at BIGINT NOT NULL, held BIGINT NOT NULL, clear_since BIGINT, sequence BIGINT NOT NULL,
                is_announced BOOLEAN NOT NULL, recent TEXT NOT NULL, is_flapping BOOLEAN NOT NULL, PRIMARY KEY (alert_id, series))
            """,
            "CREATE TABLE alert_clock (id BIGINT PRIMARY KEY CHECK (id = 1), evaluated_at BIGINT NOT NULL)",
            "INSERT INTO alert_clock (id, evaluated_at) VALUES (1, 0)",
            """
            CREATE TABLE alert_transitions (id BIGINT PRIMARY KEY, alert_id BIGINT NOT NULL, series TEXT NOT NULL,
                sequence BIGINT NOT NULL, state TEXT NOT NULL, value DOUBLE PRECISION, at BIGINT NOT NULL)
            """,
            "CREATE UNIQUE INDEX alert_transitions_sequence ON alert_transitions (alert_id, series, sequence)",
            "CREATE INDEX alert_transitions_at ON alert_transitions (at)",
            // target: what a webhook sends where, sealed, until it is sent.
            """
            CREATE TABLE alert_notices (id BIGINT PRIMARY KEY, alert_id BIGINT NOT NULL, series TEXT NOT NULL, sequence BIGINT NOT NULL,
                kind TEXT NOT NULL, channel TEXT NOT NULL, target BYTEA, created_at BIGINT NOT NULL, sent_at BIGINT)
            """,
            "CREATE UNIQUE INDEX alert_notices_once ON alert_notices (alert_id, series, sequence, kind, channel)",
            "CREATE INDEX alert_notices_created_at ON alert_notices (created_at)",
        ]),
    Migration(
        "analytics_visits",
        [
            // The key of a day (UTC), sealed, that gives visitors their names.
            "CREATE TABLE analytics_visitor_keys (day BIGINT PRIMARY KEY, content BYTEA NOT NULL)",
            """
            CREATE TABLE analytics_visitors (visitor BYTEA PRIMARY KEY, day BIGINT NOT NULL, visit_id BIGINT NOT NULL,
                visits BIGINT NOT NULL, seen_at BIGINT NOT NULL)
            """,
            // seen: a bit for each event of the page that was taken.
            """
            CREATE TABLE analytics_page_loads (id TEXT PRIMARY KEY, visit_id BIGINT NOT NULL, seen BYTEA NOT NULL, errors BIGINT NOT NULL,
                seen_at BIGINT NOT NULL)
            """,
            "CREATE INDEX analytics_page_loads_seen_at ON analytics_page_loads (seen_at)",
            // day: its start in the time zone of the site.
            """
            CREATE TABLE analytics_page_counts (day BIGINT NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL, count BIGINT NOT NULL,
                PRIMARY KEY (day, kind, value))
            """,
        ]),
]
