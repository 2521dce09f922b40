package import Database

/// Marks, their counters, and plays.
package let marksMigrations = [
    Migration(
        "media_marks",
        [
            """
            CREATE TABLE media_marks (user_id BIGINT NOT NULL, media_id BIGINT NOT NULL REFERENCES media (id),
                kind TEXT NOT NULL CHECK (kind IN ('favorite', 'like', 'watchlist', 'rating', 'hidden')), value BIGINT, at BIGINT NOT NULL,
                PRIMARY KEY (user_id, media_id, kind),
                CHECK ((kind = 'rating' AND value IS NOT NULL AND value BETWEEN 1 AND 10) OR (kind <> 'rating' AND value IS NULL)))
            """,
            "CREATE INDEX media_marks_kept ON media_marks (user_id, kind, at, media_id)",
            "CREATE INDEX media_marks_title ON media_marks (media_id, kind, user_id)",
            // The version of a person's marks of a title: each change raises it, and it stays when the last mark is removed.
            """
            CREATE TABLE media_states (user_id BIGINT NOT NULL, media_id BIGINT NOT NULL REFERENCES media (id), version BIGINT NOT NULL,
                PRIMARY KEY (user_id, media_id))
            """,
            "CREATE INDEX media_states_title ON media_states (media_id)",
            // Written in the transaction of each change. `r1` to `r10`: the number of ratings of that many half stars.
            """
            CREATE TABLE media_counters (media_id BIGINT PRIMARY KEY REFERENCES media (id),
                favorites BIGINT NOT NULL DEFAULT 0 CHECK (favorites >= 0), likes BIGINT NOT NULL DEFAULT 0 CHECK (likes >= 0),
                watchlists BIGINT NOT NULL DEFAULT 0 CHECK (watchlists >= 0),
                r1 BIGINT NOT NULL DEFAULT 0 CHECK (r1 >= 0), r2 BIGINT NOT NULL DEFAULT 0 CHECK (r2 >= 0),
                r3 BIGINT NOT NULL DEFAULT 0 CHECK (r3 >= 0), r4 BIGINT NOT NULL DEFAULT 0 CHECK (r4 >= 0),
                r5 BIGINT NOT NULL DEFAULT 0 CHECK (r5 >= 0), r6 BIGINT NOT NULL DEFAULT 0 CHECK (r6 >= 0),
                r7 BIGINT NOT NULL DEFAULT 0 CHECK (r7 >= 0), r8 BIGINT NOT NULL DEFAULT 0 CHECK (r8 >= 0),
                r9 BIGINT NOT NULL DEFAULT 0 CHECK (r9 >= 0), r10 BIGINT NOT NULL DEFAULT 0 CHECK (r10 >= 0))
            """,
            // One row for each time that a person watched a film or an episode. `watched_on` is a date without a time zone; NULL when unknown.
            """
            CREATE TABLE plays (id BIGINT PRIMARY KEY, user_id BIGINT NOT NULL, media_id BIGINT NOT NULL REFERENCES media (id),
                episode_id BIGINT, watched_on TEXT, watched_at BIGINT NOT NULL, source TEXT NOT NULL, source_key TEXT NOT NULL,
                UNIQUE (user_id, source, source_key))
            """,
            // Covers the row “continue watching”, which groups all plays of a person.
            "CREATE INDEX plays_seen ON plays (user_id, media_id, episode_id, watched_at)",
            "CREATE INDEX plays_title ON plays (media_id)",
            // The moment whose marks weigh exactly 1 in `media.trend`.
            "CREATE TABLE media_trend (id BIGINT PRIMARY KEY CHECK (id = 1), since BIGINT NOT NULL)",
        ])
]
