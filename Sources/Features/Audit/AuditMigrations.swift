package import Database

/// The audit log, append-only by the database's own rules, and the access log, which is not.
///
/// `audit_log` has no foreign keys: an entry outlives all that it names. Its `payload` is a text, never JSONB, whose bytes the server would reorder.
///
/// On SQLite the access log has moved to a file of its own (`accessLogMigrations`); the table here is what older versions wrote to, and is emptied.
package let auditMigrations = [
    Migration(
        "0004_audit",
        [
            "CREATE TABLE audit_chains (chain_id BIGINT PRIMARY KEY, seq BIGINT NOT NULL, hash BYTEA NOT NULL)",
            """
            CREATE TABLE audit_log (
                id BIGINT PRIMARY KEY,
                chain_id BIGINT NOT NULL,
                seq BIGINT NOT NULL,
                actor_user_id BIGINT,
                action TEXT NOT NULL,
                target_type TEXT,
                target_id TEXT,
                payload TEXT NOT NULL,
                result TEXT NOT NULL CHECK (result IN ('success', 'fail')),
                reason TEXT,
                timestamp BIGINT NOT NULL,
                ip TEXT,
                user_agent TEXT,
                request_id TEXT,
                prev_hash BYTEA NOT NULL,
                hash BYTEA NOT NULL,
                signature BYTEA,
                key_id TEXT,
                UNIQUE (chain_id, seq))
            """,
            "CREATE INDEX audit_log_actor ON audit_log (actor_user_id, id)",
            "CREATE INDEX audit_log_action ON audit_log (action, id)",
            "CREATE INDEX audit_log_target ON audit_log (target_id, id)",
            "CREATE INDEX audit_log_failures ON audit_log (id) WHERE result = 'fail'",
            """
            CREATE TABLE audit_denials (minute BIGINT NOT NULL, actor_user_id BIGINT NOT NULL, action TEXT NOT NULL, target_id TEXT NOT NULL,
                PRIMARY KEY (minute, actor_user_id, action, target_id))
            """,
            """
            CREATE TABLE access_log (
                id BIGINT PRIMARY KEY,
                user_id BIGINT NOT NULL,
                method TEXT NOT NULL,
                route TEXT NOT NULL,
                path TEXT NOT NULL,
                status BIGINT NOT NULL,
                ip TEXT NOT NULL,
                user_agent TEXT NOT NULL,
                request_id TEXT NOT NULL)
            """,
            "CREATE INDEX access_log_user ON access_log (user_id, id)",
        ],
        sqlite: [
            """
            CREATE TRIGGER audit_log_never_changes BEFORE UPDATE ON audit_log
            BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END
            """,
            """
            CREATE TRIGGER audit_log_never_shrinks BEFORE DELETE ON audit_log
            BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END
            """,
        ],
        postgres: [
            """
            CREATE FUNCTION audit_log_is_append_only() RETURNS trigger LANGUAGE plpgsql
            AS 'BEGIN RAISE EXCEPTION ''audit_log is append-only''; END'
            """,
            """
            CREATE TRIGGER audit_log_never_changes BEFORE UPDATE OR DELETE ON audit_log
            FOR EACH ROW EXECUTE FUNCTION audit_log_is_append_only()
            """,
            """
            CREATE TRIGGER audit_log_never_empties BEFORE TRUNCATE ON audit_log
            FOR EACH STATEMENT EXECUTE FUNCTION audit_log_is_append_only()
            """,
        ]),
    Migration("audit_addresses", ["CREATE INDEX audit_log_ip ON audit_log (ip, id)"]),
]

/// The access log in a database of its own: on SQLite.
package let accessLogMigrations = [
    Migration(
        "0001_access_log",
        [
            """
            CREATE TABLE access_log (
                id BIGINT PRIMARY KEY,
                user_id BIGINT NOT NULL,
                method TEXT NOT NULL,
                route TEXT NOT NULL,
                path TEXT NOT NULL,
                status BIGINT NOT NULL,
                ip TEXT NOT NULL,
                user_agent TEXT NOT NULL,
                request_id TEXT NOT NULL)
            """,
            "CREATE INDEX access_log_user ON access_log (user_id, id)",
        ])
]
