package import Database

/// Reports, their cases, appeals, and escalation rules.
package let moderationMigrations = [
    Migration(
        "moderation",
        [
            // target_id: the id of a person, a message or an appeal. `cases_open` allows one open case a target.
            """
            CREATE TABLE cases (
                id BIGINT PRIMARY KEY,
                target_type TEXT NOT NULL CHECK (target_type IN ('user', 'message', 'media', 'review', 'list', 'appeal')),
                target_id BIGINT NOT NULL,
                subject_id BIGINT,
                state TEXT NOT NULL CHECK (state IN ('open', 'decided', 'merged')),
                severity BIGINT NOT NULL CHECK (severity BETWEEN 1 AND 4),
                category TEXT NOT NULL,
                report_count BIGINT NOT NULL DEFAULT 0,
                assignee_id BIGINT,
                taken_at BIGINT,
                opened_at BIGINT NOT NULL,
                due_at BIGINT NOT NULL,
                decided_at BIGINT,
                decided_by BIGINT,
                outcome TEXT CHECK (outcome IN ('acted', 'dismissed')),
                reason TEXT,
                merged_into BIGINT,
                version BIGINT NOT NULL,
                CHECK ((state = 'decided') = (decided_at IS NOT NULL)),
                CHECK ((state = 'merged') = (merged_into IS NOT NULL)))
            """,
            "CREATE UNIQUE INDEX cases_open ON cases (target_type, target_id) WHERE state = 'open'",
            "CREATE INDEX cases_queue ON cases (state, severity DESC, due_at, id)",
            "CREATE INDEX cases_subject ON cases (subject_id, id)",
            "CREATE INDEX cases_assignee ON cases (assignee_id, id) WHERE state = 'open'",
            "CREATE INDEX cases_merged ON cases (merged_into) WHERE merged_into IS NOT NULL",
            "CREATE INDEX cases_decided ON cases (decided_at) WHERE decided_at IS NOT NULL",
            // reporter_id is null once the reporter is deleted for good.
            """
            CREATE TABLE reports (
                id BIGINT PRIMARY KEY,
                case_id BIGINT NOT NULL,
                reporter_id BIGINT,
                target_type TEXT NOT NULL,
                target_id BIGINT NOT NULL,
                category TEXT NOT NULL,
                text_cipher BYTEA,
                created_at BIGINT NOT NULL)
            """,
            "CREATE UNIQUE INDEX reports_reporter ON reports (case_id, reporter_id) WHERE reporter_id IS NOT NULL",
            "CREATE INDEX reports_by ON reports (reporter_id, id) WHERE reporter_id IS NOT NULL",
            """
            CREATE TABLE case_evidence (id BIGINT PRIMARY KEY, case_id BIGINT NOT NULL, target_version BIGINT NOT NULL, sealed BYTEA NOT NULL,
                taken_at BIGINT NOT NULL)
            """,
            "CREATE INDEX case_evidence_case ON case_evidence (case_id, id)",
            """
            CREATE TABLE case_notes (id BIGINT PRIMARY KEY, case_id BIGINT NOT NULL, author_id BIGINT NOT NULL, text_cipher BYTEA NOT NULL,
                created_at BIGINT NOT NULL)
            """,
            "CREATE INDEX case_notes_case ON case_notes (case_id, id)",
            // The effects of decisions, kept so that they can be undone.
            """
            CREATE TABLE case_acts (id BIGINT PRIMARY KEY, case_id BIGINT NOT NULL, kind TEXT NOT NULL, outcome TEXT NOT NULL,
                sanction_id BIGINT, message_id BIGINT, at BIGINT NOT NULL, undone_at BIGINT)
            """,
            "CREATE INDEX case_acts_case ON case_acts (case_id, id)",
            """
            CREATE TABLE appeals (
                id BIGINT PRIMARY KEY,
                sanction_id BIGINT NOT NULL UNIQUE,
                user_id BIGINT NOT NULL,
                case_id BIGINT NOT NULL,
                text_cipher BYTEA NOT NULL,
                created_at BIGINT NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('open', 'accepted', 'rejected')),
                decided_by BIGINT,
                decided_at BIGINT,
                answer TEXT,
                version BIGINT NOT NULL)
            """,
            "CREATE INDEX appeals_user ON appeals (user_id, id)",
            """
            CREATE TABLE escalations (
                id BIGINT PRIMARY KEY,
                kind TEXT NOT NULL CHECK (kind IN ('warn', 'mute', 'kick', 'ban')),
                count BIGINT NOT NULL CHECK (count BETWEEN 2 AND 100),
                within_s BIGINT NOT NULL,
                result_kind TEXT NOT NULL CHECK (result_kind IN ('mute', 'kick', 'ban')),
                duration_s BIGINT,
                author_id BIGINT,
                created_at BIGINT NOT NULL,
                version BIGINT NOT NULL)
            """,
            // The primary key lets a sanction count once a rule.
            """
            CREATE TABLE escalation_uses (rule_id BIGINT NOT NULL, trigger_id BIGINT NOT NULL, result_id BIGINT NOT NULL,
                PRIMARY KEY (rule_id, trigger_id))
            """,
            "CREATE INDEX escalation_uses_result ON escalation_uses (result_id)",
            "CREATE INDEX escalation_uses_trigger ON escalation_uses (trigger_id)",
            """
            INSERT INTO escalations (id, kind, count, within_s, result_kind, duration_s, created_at, version)
            VALUES (1, 'warn', 3, 2592000, 'mute', 86400, 0, 1)
            """,
        ]),
    // Which filter reported.
    Migration("report_filters", ["ALTER TABLE reports ADD COLUMN filter_name TEXT"]),
]
