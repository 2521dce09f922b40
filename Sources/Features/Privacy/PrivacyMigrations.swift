package import Database

/// Copies of people's data, sealed, in parts.
package let privacyMigrations = [
    Migration(
        "privacy_exports",
        [
            """
            CREATE TABLE privacy_exports (
                id BIGINT PRIMARY KEY,
                user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                state TEXT NOT NULL CHECK (state IN ('waiting', 'ready')),
                created_at BIGINT NOT NULL,
                ready_at BIGINT,
                expires_at BIGINT,
                size BIGINT NOT NULL)
            """,
            "CREATE UNIQUE INDEX privacy_exports_waiting ON privacy_exports (user_id) WHERE state = 'waiting'",
            "CREATE INDEX privacy_exports_user ON privacy_exports (user_id, id)",
            "CREATE INDEX privacy_exports_expires_at ON privacy_exports (expires_at)",
            """
            CREATE TABLE privacy_export_parts (
                export_id BIGINT NOT NULL REFERENCES privacy_exports (id) ON DELETE CASCADE,
                part BIGINT NOT NULL,
                content BYTEA NOT NULL,
                PRIMARY KEY (export_id, part))
            """,
        ])
]
