internal import Bus
internal import Database
internal import Directory
internal import FeatureKit
internal import Jobs
internal import Web

extension Site {
    /// The site's one order of migrations. A new one stands at the end.
    static let migrationOrder = MigrationOrder(
        [
            "0001_outbox",
            "0008_outbox_front",
            "0002_idempotency",
            "0003_users",
            "0008_hidden_choice",
            "0009_deleted_users",
            "0010_leaving",
            "0012_tagged_users",
            "0013_name_changes",
            "0004_audit",
            "0005_roles",
            "0011_role_sets",
            "0007_presence_history",
            "0050_mail_outbox",
            "0040_sessions",
            "0041_api_keys",
            "0042_second_factors",
            "0043_avatars",
            "0044_registrations",
            "0045_saved_filters",
            "0046_bulk_jobs",
            "permission_grants",
            "jobs",
            "outbox_consumers",
            "search_fold",
            "search_roles",
            "site_keys",
            "bulk_former_state",
            "address_proofs",
            "own_scopes",
            "outbox_audiences",
            "friends",
            "notifications",
            "conversations",
            "conversation_search",
            "banner_hue",
            "history",
            "profile_notes",
            "sanctions",
            "analytics",
            "media",
            "media_imports",
            "media_marks",
            "conversation_receipts",
            "notification_groups",
            "role_limits",
            "files",
            "hidden_messages",
            "moderation",
            "files_unsent",
            "conversation_receipts_told",
            "analytics_days",
            "alerts",
            "analytics_visits",
            "text_filters",
            "user_imports",
            "media_source",
            "webhooks",
            "privacy_exports",
            "moderation_measures",
            "report_filters",
            "audit_addresses",
            "recent_messages",
            "media_file_imports",
            "openid",
            "chosen_languages",
            "voice",
            "passkeys",
            "request_nonces",
            "signed_requests",
        ], unordered: 21)

    /// Every migration of the platform and of these features, in no order.
    static func migrations(of declarations: [FeatureDeclaration]) -> [Migration] {
        outboxMigrations + jobMigrations + webMigrations + directoryMigrations + SiteKeys.migrations + declarations.flatMap(\.migrations)
    }
}
