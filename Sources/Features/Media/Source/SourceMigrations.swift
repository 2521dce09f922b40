package import Database

/// The key of the source, its import runs, and fetched descriptions and pictures.
package let sourceMigrations = [
    Migration(
        "media_source",
        [
            // `films_until` and `series_until`: the day up to which the source's changes were read.
            """
            CREATE TABLE media_sources (
                id BIGINT PRIMARY KEY CHECK (id = 1),
                key_cipher BYTEA,
                key_end TEXT NOT NULL DEFAULT '',
                fault TEXT,
                fault_at BIGINT,
                succeeded_at BIGINT,
                films_until TEXT,
                series_until TEXT)
            """,
            "INSERT INTO media_sources (id) VALUES (1)",
            // `page`: the last page of the list that was read; `listed` is true when there are no more.
            """
            CREATE TABLE media_runs (
                id BIGINT PRIMARY KEY,
                list TEXT NOT NULL CHECK (list IN ('popular', 'top_rated', 'upcoming', 'changes', 'refresh')),
                kind TEXT NOT NULL CHECK (kind IN ('film', 'series')),
                wanted BIGINT NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('running', 'paused', 'done', 'cancelled')),
                page BIGINT NOT NULL DEFAULT 0,
                listed BOOLEAN NOT NULL DEFAULT FALSE,
                since TEXT,
                misses BIGINT NOT NULL DEFAULT 0,
                fault TEXT,
                fault_at BIGINT,
                author_id BIGINT,
                created_at BIGINT NOT NULL,
                ended_at BIGINT)
            """,
            "CREATE UNIQUE INDEX media_runs_open ON media_runs (list, kind) WHERE state IN ('running', 'paused')",
            """
            CREATE TABLE media_run_items (
                run_id BIGINT NOT NULL REFERENCES media_runs (id),
                external_id TEXT NOT NULL,
                place BIGINT NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('waiting', 'added', 'updated', 'unchanged', 'gone', 'failed')),
                attempts BIGINT NOT NULL DEFAULT 0,
                fault TEXT,
                PRIMARY KEY (run_id, external_id))
            """,
            "CREATE INDEX media_run_items_state ON media_run_items (run_id, state, place)",
            // A digest of the last description of a title.
            "CREATE TABLE media_fetches (media_id BIGINT PRIMARY KEY REFERENCES media (id), digest TEXT NOT NULL)",
            "CREATE INDEX media_fetched ON media (fetched_at) WHERE fetched_at IS NOT NULL",
            // `small` and `large` are names of files; NULL where the picture at the path cannot be used.
            """
            CREATE TABLE media_images (
                media_id BIGINT NOT NULL REFERENCES media (id),
                part TEXT NOT NULL CHECK (part IN ('poster', 'backdrop')),
                path TEXT NOT NULL,
                small TEXT,
                large TEXT,
                bytes BIGINT NOT NULL DEFAULT 0,
                fetched_at BIGINT NOT NULL,
                PRIMARY KEY (media_id, part))
            """,
            "CREATE INDEX media_images_fetched ON media_images (fetched_at)",
        ]),
    Migration(
        "media_file_imports",
        [
            // Files that the terminal imports: the number of rows that are written.
            """
            CREATE TABLE media_file_imports (
                digest TEXT PRIMARY KEY,
                done BIGINT NOT NULL,
                added BIGINT NOT NULL,
                updated BIGINT NOT NULL,
                unchanged BIGINT NOT NULL,
                invalid BIGINT NOT NULL,
                at BIGINT NOT NULL)
            """
        ]),
]
