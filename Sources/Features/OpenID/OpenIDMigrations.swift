package import Database

/// Providers, who is linked to them, and sign-ins on their way.
package let openIDMigrations = [
    Migration(
        "openid",
        [
            // metadata: what the provider's discovery said when it was last read. role_rules: JSON, given with the rights of rules_author.
            """
            CREATE TABLE identity_providers (
                id BIGINT PRIMARY KEY,
                key TEXT NOT NULL UNIQUE,
                name TEXT NOT NULL,
                issuer TEXT NOT NULL UNIQUE,
                client_id TEXT NOT NULL,
                secret_cipher BYTEA,
                scopes TEXT NOT NULL,
                metadata TEXT NOT NULL,
                checked_at BIGINT NOT NULL,
                is_enabled BOOLEAN NOT NULL,
                trusts_email BOOLEAN NOT NULL,
                trusts_mfa BOOLEAN NOT NULL,
                role_rules TEXT NOT NULL,
                rules_author BIGINT NOT NULL,
                created_at BIGINT NOT NULL,
                version BIGINT NOT NULL)
            """,
            // A person at a provider is issuer and subject (OpenID Connect Core §5.7). label: what the person knows them by, sealed.
            """
            CREATE TABLE external_identities (
                id BIGINT NOT NULL UNIQUE,
                issuer TEXT NOT NULL,
                subject TEXT NOT NULL,
                user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                label_cipher BYTEA,
                created_at BIGINT NOT NULL,
                last_used_at BIGINT,
                PRIMARY KEY (issuer, subject),
                UNIQUE (user_id, issuer))
            """,
            // link_user, link_session: who links a provider while signed in.
            """
            CREATE TABLE sign_in_attempts (
                state_hash BYTEA PRIMARY KEY,
                id BIGINT NOT NULL,
                provider_id BIGINT NOT NULL REFERENCES identity_providers (id) ON DELETE CASCADE,
                nonce TEXT NOT NULL,
                verifier_cipher BYTEA NOT NULL,
                browser_hash BYTEA NOT NULL,
                return_to TEXT NOT NULL,
                link_user BIGINT REFERENCES users (id) ON DELETE CASCADE,
                link_session BIGINT,
                expires_at BIGINT NOT NULL)
            """,
            "CREATE INDEX sign_in_attempts_expires_at ON sign_in_attempts (expires_at)",
            // A sign-in that needs a second factor, or the choices of somebody new. content: what the provider said, sealed.
            """
            CREATE TABLE sign_in_tickets (
                hash BYTEA PRIMARY KEY,
                id BIGINT NOT NULL,
                provider_id BIGINT NOT NULL REFERENCES identity_providers (id) ON DELETE CASCADE,
                browser_hash BYTEA NOT NULL,
                content BYTEA NOT NULL,
                user_id BIGINT REFERENCES users (id) ON DELETE CASCADE,
                expires_at BIGINT NOT NULL)
            """,
            "CREATE INDEX sign_in_tickets_expires_at ON sign_in_tickets (expires_at)",
            "CREATE INDEX sign_in_tickets_user ON sign_in_tickets (user_id)",
            // Sessions that a provider answers for: it may end them.
            """
            CREATE TABLE external_sessions (
                session_id BIGINT PRIMARY KEY REFERENCES sessions (id) ON DELETE CASCADE,
                issuer TEXT NOT NULL,
                subject TEXT NOT NULL,
                sid TEXT)
            """,
            "CREATE INDEX external_sessions_subject ON external_sessions (issuer, subject)",
            "CREATE INDEX external_sessions_sid ON external_sessions (issuer, sid)",
            // Who asked to join with a proof of a provider.
            """
            CREATE TABLE external_registrations (
                registration_id BIGINT PRIMARY KEY,
                issuer TEXT NOT NULL,
                subject TEXT NOT NULL,
                label_cipher BYTEA,
                created_at BIGINT NOT NULL,
                UNIQUE (issuer, subject))
            """,
            // Roles that a rule gave: they go when the claim goes. A role that somebody gave by hand is not here.
            """
            CREATE TABLE external_roles (
                user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                role_id BIGINT NOT NULL,
                provider_id BIGINT NOT NULL,
                PRIMARY KEY (user_id, role_id, provider_id))
            """,
            "CREATE INDEX external_roles_provider ON external_roles (provider_id)",
            // Logout tokens that were used: each once.
            "CREATE TABLE logout_tokens (hash BYTEA PRIMARY KEY, expires_at BIGINT NOT NULL)",
            "CREATE INDEX logout_tokens_expires_at ON logout_tokens (expires_at)",
        ])
]
