internal import Database

/// Calls, and who was in them on which device. The unique indexes hold the rules: one call at a time in a conversation, one ringing at a person, and
/// one that a person takes part in.
let voiceMigrations = [
    Migration(
        "voice",
        [
            """
            CREATE TABLE calls (
                id BIGINT PRIMARY KEY,
                conversation_id BIGINT NOT NULL,
                caller_id BIGINT NOT NULL,
                callee_id BIGINT NOT NULL CHECK (callee_id <> caller_id),
                client_key TEXT,
                state TEXT NOT NULL CHECK (state IN ('ringing', 'active', 'declined', 'missed', 'cancelled', 'busy', 'ended')),
                created_at BIGINT NOT NULL,
                rings_until BIGINT NOT NULL,
                answered_at BIGINT,
                ended_at BIGINT,
                ended_by BIGINT,
                CHECK ((ended_at IS NULL) = (state IN ('ringing', 'active'))),
                CHECK ((answered_at IS NULL) = (state NOT IN ('active', 'ended'))))
            """,
            "CREATE UNIQUE INDEX calls_live ON calls (conversation_id) WHERE ended_at IS NULL",
            "CREATE UNIQUE INDEX calls_ringing ON calls (callee_id) WHERE state = 'ringing'",
            "CREATE UNIQUE INDEX calls_key ON calls (caller_id, client_key) WHERE client_key IS NOT NULL",
            "CREATE INDEX calls_caller ON calls (caller_id, id)",
            "CREATE INDEX calls_callee ON calls (callee_id, id)",
            // A device in a call. Without joined_at it waits for the answer.
            """
            CREATE TABLE voice_sessions (
                id BIGINT PRIMARY KEY,
                call_id BIGINT NOT NULL,
                conversation_id BIGINT NOT NULL,
                user_id BIGINT NOT NULL,
                session_id BIGINT NOT NULL,
                started_at BIGINT NOT NULL,
                joined_at BIGINT,
                left_at BIGINT,
                lease_until BIGINT NOT NULL,
                renews BOOLEAN NOT NULL DEFAULT FALSE,
                packets_lost BIGINT NOT NULL DEFAULT 0,
                packets_received BIGINT NOT NULL DEFAULT 0,
                jitter_total_ms BIGINT NOT NULL DEFAULT 0,
                round_trip_total_ms BIGINT NOT NULL DEFAULT 0,
                samples BIGINT NOT NULL DEFAULT 0)
            """,
            "CREATE UNIQUE INDEX voice_sessions_live ON voice_sessions (user_id) WHERE left_at IS NULL",
            "CREATE INDEX voice_sessions_lease ON voice_sessions (lease_until) WHERE left_at IS NULL",
            "CREATE INDEX voice_sessions_call ON voice_sessions (call_id)",
            "CREATE INDEX voice_sessions_user ON voice_sessions (user_id, id)",
        ])
]
