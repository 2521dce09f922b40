package import Database
internal import Kernel

/// The tables of roles, who has them, overrides, and the one row that every change of rights locks.
///
/// The system roles have the fixed ids 1 to 6, whose UUIDs are the same on every site.
package let rolesMigrations = [
    Migration(
        "0005_roles",
        [
            "CREATE TABLE authz_state (id BIGINT PRIMARY KEY, version BIGINT NOT NULL, roles_version BIGINT NOT NULL)",
            "INSERT INTO authz_state (id, version, roles_version) VALUES (1, 1, 1)",
            """
            CREATE TABLE roles (
                id BIGINT PRIMARY KEY,
                name TEXT NOT NULL,
                name_folded TEXT NOT NULL,
                description TEXT NOT NULL,
                color TEXT,
                icon TEXT,
                priority BIGINT NOT NULL CHECK (priority BETWEEN 0 AND 1000),
                permissions TEXT NOT NULL,
                denied TEXT NOT NULL,
                inherits TEXT NOT NULL,
                is_system BOOLEAN NOT NULL,
                deleted_at BIGINT,
                version BIGINT NOT NULL,
                created_at BIGINT NOT NULL,
                updated_at BIGINT NOT NULL)
            """,
            "CREATE UNIQUE INDEX roles_name ON roles (name_folded) WHERE deleted_at IS NULL",
            "CREATE INDEX roles_priority ON roles (priority, id)",
            """
            CREATE TABLE role_versions (
                role_id BIGINT NOT NULL REFERENCES roles (id),
                version BIGINT NOT NULL,
                actor_user_id BIGINT,
                at BIGINT NOT NULL,
                diff TEXT NOT NULL,
                snapshot TEXT NOT NULL,
                PRIMARY KEY (role_id, version))
            """,
            """
            CREATE TABLE user_roles (
                id BIGINT PRIMARY KEY,
                user_id BIGINT NOT NULL REFERENCES users (id),
                role_id BIGINT NOT NULL REFERENCES roles (id),
                assigned_by BIGINT,
                assigned_at BIGINT NOT NULL,
                reason TEXT,
                expires_at BIGINT,
                revoked_by BIGINT,
                revoked_at BIGINT,
                revoke_reason TEXT)
            """,
            "CREATE UNIQUE INDEX user_roles_active ON user_roles (user_id, role_id) WHERE revoked_at IS NULL",
            "CREATE INDEX user_roles_holders ON user_roles (role_id, user_id, expires_at) WHERE revoked_at IS NULL",
            "CREATE INDEX user_roles_expiry ON user_roles (expires_at) WHERE revoked_at IS NULL AND expires_at IS NOT NULL",
            // With revoked_at second: otherwise SQLite walks all that a person ever held to find what they hold now.
            "CREATE INDEX user_roles_history ON user_roles (user_id, revoked_at, assigned_at)",
            """
            CREATE TABLE user_overrides (
                user_id BIGINT NOT NULL REFERENCES users (id),
                permission TEXT NOT NULL,
                effect TEXT NOT NULL CHECK (effect IN ('allow', 'deny')),
                reason TEXT,
                set_by BIGINT,
                set_at BIGINT NOT NULL,
                version BIGINT NOT NULL,
                PRIMARY KEY (user_id, permission))
            """,
            "CREATE INDEX user_overrides_permission ON user_overrides (permission, effect)",
            """
            CREATE TABLE user_override_versions (
                user_id BIGINT NOT NULL REFERENCES users (id),
                permission TEXT NOT NULL,
                version BIGINT NOT NULL,
                actor_user_id BIGINT,
                at BIGINT NOT NULL,
                effect TEXT,
                reason TEXT,
                PRIMARY KEY (user_id, permission, version))
            """,
            """
            INSERT INTO roles (id, name, name_folded, description, priority, permissions, denied, inherits, is_system, version, created_at, updated_at) VALUES
            (1, 'owner', 'owner', '', 1000, '["*"]', '[]', '[]', TRUE, 1, 0, 0),
            (2, 'admin', 'admin', '', 900, '["*"]', '[]', '[]', TRUE, 1, 0, 0),
            (3, 'mod', 'mod', '', 500, '["users.read","users.update","roles.read","presence.read","presence.manage","presence.history","moderation.*","chat.moderate","chat.mention_everyone","voice.moderate"]', '[]', '[5]', TRUE, 1, 0, 0),
            (4, 'staff', 'staff', '', 100, '["users.read","roles.read","presence.read","analytics.read","moderation.reports"]', '[]', '[5]', TRUE, 1, 0, 0),
            (5, 'member', 'member', '', 10, '["chat.read","chat.write","voice.join","media.read","media.write","friends.write"]', '[]', '[6]', TRUE, 1, 0, 0),
            (6, 'guest', 'guest', '', 0, '["media.read"]', '[]', '[]', TRUE, 1, 0, 0)
            """,
        ],
        sqlite: [
            "UPDATE roles SET created_at = CAST(strftime('%s', 'now') AS INTEGER) * 1000, updated_at = CAST(strftime('%s', 'now') AS INTEGER) * 1000",
            systemVersions,
        ],
        postgres: [
            "UPDATE roles SET created_at = (extract(epoch FROM now()) * 1000)::bigint, updated_at = (extract(epoch FROM now()) * 1000)::bigint",
            systemVersions,
        ]),
    roleSetsMigration,
    // Which declared permissions were given to their first holders, so that none is given a second time.
    Migration(
        "permission_grants", ["CREATE TABLE permission_grants (permission TEXT PRIMARY KEY, given_at BIGINT NOT NULL)"]),
    // Names as every search compares them.
    Migration("search_roles", ["ALTER TABLE roles ADD COLUMN search_name TEXT NOT NULL DEFAULT ''"]) { transaction in
        for row in try transaction.rows("SELECT id, name FROM roles") {
            try transaction.execute("UPDATE roles SET search_name = \(row.text(1).searchFold) WHERE id = \(row.id(0, Role.self))")
        }
    },
    // Null: the next lower role of a person decides, then the settings of the site.
    Migration("role_limits", ["ALTER TABLE roles ADD COLUMN file_bytes BIGINT", "ALTER TABLE roles ADD COLUMN quota_bytes BIGINT"]),
]

/// Version 1 of the system roles, so that they can be rolled back to what they were.
private let systemVersions = """
    INSERT INTO role_versions (role_id, version, actor_user_id, at, diff, snapshot)
    SELECT id, 1, NULL, created_at, '{}',
        '{"name":"' || name || '","description":"","color":null,"icon":null,"priority":' || priority || ',"permissions":' || permissions
        || ',"denied":[],"inherits":' || CASE inherits WHEN '[5]' THEN '["00000000-0000-8000-9400-000000000000"]'
        WHEN '[6]' THEN '["00000000-0000-8000-9800-000000000000"]' ELSE '[]' END || '}'
    FROM roles
    """
