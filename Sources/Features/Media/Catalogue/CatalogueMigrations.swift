package import Database

/// The catalogue: titles, texts, people, seasons, and the team's edits.
package let catalogueMigrations = [
    Migration(
        "media",
        [
            "CREATE TABLE collections (id BIGINT PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
            // `rating` (in stars) and `trend` follow from members' marks; `version` grows with each change of what is shown.
            """
            CREATE TABLE media (
                id BIGINT PRIMARY KEY,
                kind TEXT NOT NULL CHECK (kind IN ('film', 'series')),
                original_title TEXT NOT NULL CHECK (original_title <> ''),
                original_language TEXT NOT NULL DEFAULT '',
                released_on TEXT,
                year BIGINT,
                ended_year BIGINT,
                runtime_min BIGINT CHECK (runtime_min > 0),
                countries TEXT NOT NULL DEFAULT '',
                season_count BIGINT,
                collection_id BIGINT REFERENCES collections (id),
                poster_path TEXT,
                backdrop_path TEXT,
                popularity DOUBLE PRECISION NOT NULL DEFAULT 0,
                adult BOOLEAN NOT NULL DEFAULT FALSE,
                detail TEXT NOT NULL CHECK (detail IN ('stub', 'full')),
                fetched_at BIGINT,
                gone_at BIGINT,
                hidden_at BIGINT,
                merged_into BIGINT REFERENCES media (id),
                trend DOUBLE PRECISION NOT NULL DEFAULT 0,
                rating DOUBLE PRECISION,
                version BIGINT NOT NULL,
                created_at BIGINT NOT NULL,
                CHECK (merged_into <> id))
            """,
            "CREATE INDEX media_merged ON media (merged_into) WHERE merged_into IS NOT NULL",
            "CREATE INDEX media_hidden ON media (original_title) WHERE hidden_at IS NOT NULL",
            // An empty text is an absent one.
            """
            CREATE TABLE media_texts (media_id BIGINT NOT NULL REFERENCES media (id), lang TEXT NOT NULL, title TEXT NOT NULL DEFAULT '',
                overview TEXT NOT NULL DEFAULT '', PRIMARY KEY (media_id, lang))
            """,
            "CREATE TABLE media_titles (media_id BIGINT NOT NULL REFERENCES media (id), title TEXT NOT NULL, PRIMARY KEY (media_id, title))",
            // TMDB numbers films and series apart.
            """
            CREATE TABLE media_external (source TEXT NOT NULL, kind TEXT NOT NULL, external_id TEXT NOT NULL,
                media_id BIGINT NOT NULL REFERENCES media (id), PRIMARY KEY (source, kind, external_id))
            """,
            "CREATE INDEX media_external_media ON media_external (media_id)",
            // Values that the team edited, shown in place of the imported ones, which stay. `lang` is empty for fields without a language.
            """
            CREATE TABLE media_overrides (media_id BIGINT NOT NULL REFERENCES media (id), lang TEXT NOT NULL, field TEXT NOT NULL,
                value TEXT NOT NULL, author_id BIGINT, at BIGINT NOT NULL, PRIMARY KEY (media_id, lang, field))
            """,
            "CREATE TABLE genres (id TEXT PRIMARY KEY, name_en TEXT NOT NULL, name_fr TEXT NOT NULL)",
            """
            CREATE TABLE media_genres (media_id BIGINT NOT NULL REFERENCES media (id), genre_id TEXT NOT NULL REFERENCES genres (id),
                place BIGINT NOT NULL, PRIMARY KEY (media_id, genre_id))
            """,
            "CREATE TABLE keywords (id BIGINT PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
            """
            CREATE TABLE media_keywords (media_id BIGINT NOT NULL REFERENCES media (id), keyword_id BIGINT NOT NULL REFERENCES keywords (id),
                PRIMARY KEY (media_id, keyword_id))
            """,
            "CREATE INDEX media_keywords_keyword ON media_keywords (keyword_id, media_id)",
            """
            CREATE TABLE people (id BIGINT PRIMARY KEY, name TEXT NOT NULL, born_on TEXT, died_on TEXT, photo_path TEXT,
                created_at BIGINT NOT NULL)
            """,
            "CREATE INDEX people_name ON people (name)",
            """
            CREATE TABLE people_texts (person_id BIGINT NOT NULL REFERENCES people (id), lang TEXT NOT NULL, biography TEXT NOT NULL,
                PRIMARY KEY (person_id, lang))
            """,
            """
            CREATE TABLE people_external (source TEXT NOT NULL, external_id TEXT NOT NULL, person_id BIGINT NOT NULL REFERENCES people (id),
                PRIMARY KEY (source, external_id))
            """,
            "CREATE INDEX people_external_person ON people_external (person_id)",
            // `role`: the character, or the job as one of `director`, `creator`, `writer` … or in the source's words.
            """
            CREATE TABLE credits (media_id BIGINT NOT NULL REFERENCES media (id), part TEXT NOT NULL CHECK (part IN ('cast', 'crew')),
                place BIGINT NOT NULL, person_id BIGINT NOT NULL REFERENCES people (id), role TEXT NOT NULL DEFAULT '',
                PRIMARY KEY (media_id, part, place))
            """,
            "CREATE INDEX credits_person ON credits (person_id, media_id)",
            """
            CREATE TABLE seasons (media_id BIGINT NOT NULL REFERENCES media (id), number BIGINT NOT NULL CHECK (number >= 0),
                episode_count BIGINT NOT NULL DEFAULT 0, aired_on TEXT, PRIMARY KEY (media_id, number))
            """,
            """
            CREATE TABLE season_texts (media_id BIGINT NOT NULL REFERENCES media (id), number BIGINT NOT NULL, lang TEXT NOT NULL,
                title TEXT NOT NULL DEFAULT '', overview TEXT NOT NULL DEFAULT '', PRIMARY KEY (media_id, number, lang))
            """,
            """
            CREATE TABLE episodes (id BIGINT PRIMARY KEY, media_id BIGINT NOT NULL REFERENCES media (id), season BIGINT NOT NULL,
                number BIGINT NOT NULL, aired_on TEXT, runtime_min BIGINT, UNIQUE (media_id, season, number),
                FOREIGN KEY (media_id, season) REFERENCES seasons (media_id, number))
            """,
            """
            CREATE TABLE episode_texts (episode_id BIGINT NOT NULL REFERENCES episodes (id), lang TEXT NOT NULL,
                title TEXT NOT NULL DEFAULT '', overview TEXT NOT NULL DEFAULT '', PRIMARY KEY (episode_id, lang))
            """,
            """
            CREATE TABLE episode_external (source TEXT NOT NULL, external_id TEXT NOT NULL,
                episode_id BIGINT NOT NULL REFERENCES episodes (id), PRIMARY KEY (source, external_id))
            """,
            """
            CREATE TABLE releases (media_id BIGINT NOT NULL REFERENCES media (id), country TEXT NOT NULL, released_on TEXT,
                certificate TEXT NOT NULL DEFAULT '', PRIMARY KEY (media_id, country))
            """,
            """
            CREATE TABLE providers (media_id BIGINT NOT NULL REFERENCES media (id), country TEXT NOT NULL, kind TEXT NOT NULL,
                name TEXT NOT NULL, fetched_at BIGINT NOT NULL, PRIMARY KEY (media_id, country, kind, name))
            """,
            """
            CREATE TABLE videos (media_id BIGINT NOT NULL REFERENCES media (id), site TEXT NOT NULL, video_key TEXT NOT NULL,
                name TEXT NOT NULL, kind TEXT NOT NULL, PRIMARY KEY (media_id, site, video_key))
            """,
            // The changes that the index in memory follows.
            "CREATE TABLE media_changes_head (id BIGINT PRIMARY KEY CHECK (id = 1), number BIGINT NOT NULL)",
            "INSERT INTO media_changes_head (id, number) VALUES (1, 0)",
            "CREATE TABLE media_changes (number BIGINT PRIMARY KEY, media_id BIGINT NOT NULL)",
            // Catalogues that are loaded once, such as the starter.
            "CREATE TABLE media_loads (name TEXT PRIMARY KEY, at BIGINT NOT NULL)",
            standardGenres,
        ])
]

/// The genres of every new site. Their ids are part of addresses.
private let standardGenres = """
    INSERT INTO genres (id, name_en, name_fr) VALUES
    ('action', 'Action', 'Action'), ('adventure', 'Adventure', 'Aventure'), ('animation', 'Animation', 'Animation'),
    ('biography', 'Biography', 'Biographie'), ('comedy', 'Comedy', 'Comédie'), ('crime', 'Crime', 'Policier'),
    ('documentary', 'Documentary', 'Documentaire'), ('drama', 'Drama', 'Drame'), ('family', 'Family', 'Famille'),
    ('fantasy', 'Fantasy', 'Fantastique'), ('history', 'History', 'Histoire'), ('horror', 'Horror', 'Horreur'),
    ('music', 'Music', 'Musique'), ('mystery', 'Mystery', 'Mystère'), ('romance', 'Romance', 'Romance'),
    ('science-fiction', 'Science fiction', 'Science-fiction'), ('sport', 'Sport', 'Sport'), ('thriller', 'Thriller', 'Thriller'),
    ('war', 'War', 'Guerre'), ('western', 'Western', 'Western')
    """
