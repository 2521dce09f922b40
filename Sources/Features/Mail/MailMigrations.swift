package import Database

/// Mails that wait for the server, each written in the transaction of its cause.
package let mailMigrations = [
    Migration(
        "0050_mail_outbox",
        [
            """
            CREATE TABLE mail_outbox (
                id BIGINT PRIMARY KEY,
                kind TEXT NOT NULL,
                email_cipher BYTEA,
                content BYTEA,
                created_at BIGINT NOT NULL,
                expires_at BIGINT NOT NULL,
                attempts BIGINT NOT NULL,
                next_attempt_at BIGINT,
                failed_at BIGINT,
                failure TEXT)
            """,
            "CREATE INDEX mail_outbox_next_attempt_at ON mail_outbox (next_attempt_at)",
            "CREATE INDEX mail_outbox_failed_at ON mail_outbox (failed_at)",
        ])
]
