package import Database

/// The tables of files. Names and keys are sealed; the bytes are in the folder of `FileStore`.
package let filesMigrations = [
    Migration(
        "files",
        [
            // Under way: so many of `length` bytes are on the disk, in parts whose last number is `parts`.
            """
            CREATE TABLE uploads (id BIGINT PRIMARY KEY, owner_id BIGINT NOT NULL, name_cipher BYTEA NOT NULL, key_cipher BYTEA NOT NULL,
                length BIGINT NOT NULL CHECK (length >= 0), received BIGINT NOT NULL DEFAULT 0 CHECK (received >= 0 AND received <= length),
                parts BIGINT NOT NULL DEFAULT 0, created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL)
            """,
            "CREATE INDEX uploads_owner ON uploads (owner_id)",
            "CREATE INDEX uploads_expires ON uploads (expires_at)",
            """
            CREATE TABLE upload_parts (upload_id BIGINT NOT NULL REFERENCES uploads (id) ON DELETE CASCADE, part BIGINT NOT NULL,
                bytes BIGINT NOT NULL, PRIMARY KEY (upload_id, part))
            """,
            """
            CREATE TABLE files (id BIGINT PRIMARY KEY, owner_id BIGINT NOT NULL, name_cipher BYTEA NOT NULL, key_cipher BYTEA NOT NULL,
                media_type TEXT NOT NULL, size BIGINT NOT NULL CHECK (size >= 0), width BIGINT, height BIGINT, preview_size BIGINT,
                created_at BIGINT NOT NULL, sent_at BIGINT)
            """,
            "CREATE INDEX files_owner ON files (owner_id, id)",
            "CREATE INDEX files_unsent ON files (created_at) WHERE sent_at IS NULL",
            // Used once: a file stands in one message.
            """
            CREATE TABLE message_files (message_id BIGINT NOT NULL, place BIGINT NOT NULL, file_id BIGINT NOT NULL UNIQUE REFERENCES files (id),
                PRIMARY KEY (message_id, place))
            """,
            // What each person's uploads and files take together: reserved when an upload begins.
            "CREATE TABLE file_usage (user_id BIGINT PRIMARY KEY, bytes BIGINT NOT NULL CHECK (bytes >= 0))",
            // What is to be taken off the disk: all of a file's folder, or the parts of its upload.
            """
            CREATE TABLE file_removals (file_id BIGINT NOT NULL, what TEXT NOT NULL CHECK (what IN ('all', 'parts')), doomed_at BIGINT NOT NULL,
                PRIMARY KEY (file_id, what))
            """,
        ]),
    // A person’s uploads and unsent files are counted together.
    Migration("files_unsent", ["CREATE INDEX files_unsent_owner ON files (owner_id) WHERE sent_at IS NULL"]),
]
