internal import Database

/// Imports of members, the rows of their files, and the people of an import that runs.
let importMigrations = [
    Migration(
        "user_imports",
        [
            """
            CREATE TABLE user_imports (
                id BIGINT PRIMARY KEY,
                author_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                state TEXT NOT NULL CHECK (state IN ('checking', 'preview', 'running', 'done', 'failed', 'cancelled')),
                name TEXT NOT NULL,
                encoding TEXT NOT NULL,
                separator TEXT NOT NULL,
                columns TEXT NOT NULL,
                mapping TEXT NOT NULL,
                role_names TEXT NOT NULL,
                given_roles TEXT NOT NULL,
                total BIGINT NOT NULL,
                invalid BIGINT NOT NULL,
                settled BIGINT NOT NULL,
                place BIGINT NOT NULL,
                skips_invalid BOOLEAN NOT NULL,
                invites BOOLEAN NOT NULL,
                failure TEXT,
                version BIGINT NOT NULL,
                request_id TEXT NOT NULL,
                address TEXT NOT NULL,
                user_agent TEXT NOT NULL,
                created_at BIGINT NOT NULL,
                started_at BIGINT,
                ended_at BIGINT)
            """,
            "CREATE INDEX user_imports_author ON user_imports (author_id, id)",
            "CREATE INDEX user_imports_state ON user_imports (state, created_at)",
            // The content of a row is sealed: it holds e-mail addresses.
            """
            CREATE TABLE user_import_rows (
                import_id BIGINT NOT NULL REFERENCES user_imports (id) ON DELETE CASCADE,
                number BIGINT NOT NULL,
                line BIGINT NOT NULL,
                content BYTEA NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('waiting', 'ready', 'invalid')),
                username TEXT NOT NULL,
                faults TEXT NOT NULL,
                PRIMARY KEY (import_id, number))
            """,
            "CREATE INDEX user_import_rows_state ON user_import_rows (import_id, state, number)",
            // Nobody else takes a name or an address that is held here.
            """
            CREATE TABLE user_import_people (
                id BIGINT PRIMARY KEY,
                import_id BIGINT NOT NULL REFERENCES user_imports (id) ON DELETE CASCADE,
                number BIGINT NOT NULL,
                username TEXT NOT NULL UNIQUE,
                display_name TEXT NOT NULL,
                search_name TEXT NOT NULL,
                email_cipher BYTEA NOT NULL,
                email_blind BYTEA NOT NULL UNIQUE,
                bio TEXT,
                locale TEXT NOT NULL,
                tags TEXT NOT NULL,
                search_tags TEXT NOT NULL,
                password_hash TEXT)
            """,
            "CREATE INDEX user_import_people_import ON user_import_people (import_id, number)",
            """
            CREATE TABLE user_import_roles (
                id BIGINT PRIMARY KEY,
                import_id BIGINT NOT NULL REFERENCES user_imports (id) ON DELETE CASCADE,
                user_id BIGINT NOT NULL,
                role_id BIGINT NOT NULL)
            """,
            "CREATE INDEX user_import_roles_import ON user_import_roles (import_id, role_id)",
        ])
]
