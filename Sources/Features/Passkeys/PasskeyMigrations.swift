package import Database

/// The tables of passkeys, and of the challenges that are asked with.
package let passkeyMigrations = [
    Migration(
        "passkeys",
        [
            """
            CREATE TABLE passkeys (
                id BIGINT PRIMARY KEY,
                user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                credential_id BYTEA NOT NULL UNIQUE,
                public_key BYTEA NOT NULL,
                alg BIGINT NOT NULL,
                sign_count BIGINT NOT NULL,
                rp_id TEXT NOT NULL,
                user_handle BYTEA NOT NULL,
                aaguid BYTEA NOT NULL,
                transports TEXT NOT NULL,
                backup_eligible BOOLEAN NOT NULL,
                backed_up BOOLEAN NOT NULL,
                name TEXT NOT NULL,
                created_at BIGINT NOT NULL,
                last_used_at BIGINT)
            """,
            "CREATE INDEX passkeys_user ON passkeys (user_id, id)",
            """
            CREATE TABLE passkey_challenges (hash BYTEA PRIMARY KEY, purpose TEXT NOT NULL, session_id BIGINT, user_id BIGINT,
                user_handle BYTEA, expires_at BIGINT NOT NULL)
            """,
            "CREATE INDEX passkey_challenges_user ON passkey_challenges (user_id)",
            "CREATE INDEX passkey_challenges_expires_at ON passkey_challenges (expires_at)",
        ])
]
