package import Database

/// Webhooks, their deliveries and the attempts of these.
package let webhooksMigrations = [
    Migration(
        "webhooks",
        [
            // failing_since: the first failure after the last success. retry_at: no request before, while the target does not answer.
            """
            CREATE TABLE webhooks (
                id BIGINT PRIMARY KEY,
                url TEXT NOT NULL,
                name TEXT NOT NULL,
                events TEXT NOT NULL,
                secret_cipher BYTEA NOT NULL,
                previous_secret_cipher BYTEA,
                previous_until BIGINT,
                state TEXT NOT NULL CHECK (state IN ('active', 'paused')),
                pause_reason TEXT CHECK (pause_reason IN ('by_hand', 'failing', 'gone')),
                failing_since BIGINT,
                failures BIGINT NOT NULL,
                retry_at BIGINT,
                created_by BIGINT NOT NULL,
                created_at BIGINT NOT NULL,
                version BIGINT NOT NULL,
                CHECK ((state = 'paused') = (pause_reason IS NOT NULL)))
            """,
            // event_offset: of the event in the outbox; negative for a test. The unique key makes one delivery of an event for each webhook.
            """
            CREATE TABLE webhook_deliveries (
                id BIGINT PRIMARY KEY,
                webhook_id BIGINT NOT NULL,
                event_offset BIGINT NOT NULL,
                event_type TEXT NOT NULL,
                body TEXT NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'failed', 'skipped')),
                attempts BIGINT NOT NULL,
                tries BIGINT NOT NULL,
                next_at BIGINT NOT NULL,
                last_status BIGINT,
                last_ms BIGINT,
                last_error TEXT,
                replayed_at BIGINT,
                created_at BIGINT NOT NULL,
                settled_at BIGINT,
                UNIQUE (webhook_id, event_offset))
            """,
            "CREATE INDEX webhook_deliveries_pending ON webhook_deliveries (webhook_id, event_offset) WHERE state = 'pending'",
            "CREATE INDEX webhook_deliveries_log ON webhook_deliveries (webhook_id, id)",
            """
            CREATE TABLE webhook_attempts (
                delivery_id BIGINT NOT NULL,
                attempt BIGINT NOT NULL,
                at BIGINT NOT NULL,
                status BIGINT,
                ms BIGINT NOT NULL,
                error TEXT,
                answer TEXT,
                PRIMARY KEY (delivery_id, attempt))
            """,
        ])
]
