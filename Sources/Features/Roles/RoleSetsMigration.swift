internal import Database

/// Who holds which set of roles, and how many hold each set: kept by the database itself at every change of `user_roles`.
///
/// A set is spelt as the ids of a person's roles that are not revoked, with commas between them; who has none has no row. Whether the time of an
/// assignment is over is no part of it, since that changes without a write: who asks looks after those few, until their roles are revoked.
let roleSetsMigration = Migration(
    "0011_role_sets",
    [
        "CREATE TABLE role_holders (user_id BIGINT PRIMARY KEY, roles TEXT NOT NULL)",
        "CREATE TABLE role_sets (roles TEXT NOT NULL PRIMARY KEY, member_count BIGINT NOT NULL)",
    ],
    sqlite: [
        """
        INSERT INTO role_holders (user_id, roles) SELECT user_id, group_concat(role_id, ',')
        FROM (SELECT user_id, role_id FROM user_roles WHERE revoked_at IS NULL ORDER BY user_id, role_id) AS held GROUP BY user_id
        """,
        counted, indexed,
        following("insert", "INSERT ON user_roles WHEN NEW.revoked_at IS NULL", "NEW"),
        following("update", "UPDATE OF role_id, revoked_at ON user_roles", "NEW"),
        following("delete", "DELETE ON user_roles WHEN OLD.revoked_at IS NULL", "OLD"),
        """
        CREATE TRIGGER user_roles_keep_their_person BEFORE UPDATE OF user_id ON user_roles
        BEGIN SELECT RAISE(ABORT, 'an assignment stays with its person'); END
        """,
    ],
    postgres: [
        """
        INSERT INTO role_holders (user_id, roles) SELECT user_id, string_agg(role_id::text, ',' ORDER BY role_id)
        FROM user_roles WHERE revoked_at IS NULL GROUP BY user_id
        """,
        counted, indexed, followed,
        """
        CREATE TRIGGER role_sets_follow_insert AFTER INSERT ON user_roles REFERENCING NEW TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION role_sets_follow()
        """,
        """
        CREATE TRIGGER role_sets_follow_update AFTER UPDATE ON user_roles REFERENCING NEW TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION role_sets_follow()
        """,
        """
        CREATE TRIGGER role_sets_follow_delete AFTER DELETE ON user_roles REFERENCING OLD TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION role_sets_follow()
        """,
        """
        CREATE FUNCTION user_roles_keep_their_person() RETURNS trigger LANGUAGE plpgsql
        AS 'BEGIN RAISE EXCEPTION ''an assignment stays with its person''; END'
        """,
        """
        CREATE TRIGGER user_roles_keep_their_person BEFORE UPDATE OF user_id ON user_roles
        FOR EACH ROW EXECUTE FUNCTION user_roles_keep_their_person()
        """,
    ])

private let counted = "INSERT INTO role_sets (roles, member_count) SELECT roles, COUNT(*) FROM role_holders GROUP BY roles"
private let indexed = "CREATE INDEX role_holders_roles ON role_holders (roles, user_id)"

/// SQLite, after each row: out of the set they were counted in, into the one they hold now.
private func following(_ name: String, _ event: String, _ row: String) -> String {
    """
    CREATE TRIGGER role_sets_follow_\(name) AFTER \(event) BEGIN
        UPDATE role_sets SET member_count = member_count - 1 WHERE roles = (SELECT roles FROM role_holders WHERE user_id = \(row).user_id);
        DELETE FROM role_sets WHERE roles = (SELECT roles FROM role_holders WHERE user_id = \(row).user_id) AND member_count = 0;
        DELETE FROM role_holders WHERE user_id = \(row).user_id;
        INSERT INTO role_holders (user_id, roles) SELECT user_id, group_concat(role_id, ',')
            FROM (SELECT user_id, role_id FROM user_roles WHERE user_id = \(row).user_id AND revoked_at IS NULL ORDER BY role_id) AS held
            GROUP BY user_id;
        INSERT INTO role_sets (roles, member_count) SELECT roles, 1 FROM role_holders WHERE user_id = \(row).user_id
            ON CONFLICT (roles) DO UPDATE SET member_count = member_count + 1;
    END
    """
}

/// PostgreSQL, after each statement. Who changes the same people at the same time waits at their rows, and then sees what the other wrote.
private let followed = """
    CREATE FUNCTION role_sets_follow() RETURNS trigger LANGUAGE plpgsql AS '
    DECLARE
        people bigint[] := ARRAY(SELECT DISTINCT user_id FROM changed);
        former text[];
    BEGIN
        INSERT INTO role_holders (user_id, roles) SELECT person, '''' FROM unnest(people) AS person ORDER BY person ON CONFLICT (user_id) DO NOTHING;
        PERFORM 1 FROM role_holders WHERE user_id = ANY (people) ORDER BY user_id FOR UPDATE;
        former := ARRAY(SELECT DISTINCT roles FROM role_holders WHERE user_id = ANY (people));
        WITH fresh AS (
            SELECT person, COALESCE((SELECT string_agg(role_id::text, '','' ORDER BY role_id) FROM user_roles
                WHERE user_id = person AND revoked_at IS NULL), '''') AS roles FROM unnest(people) AS person),
        moved AS (
            SELECT person, role_holders.roles AS left_set, fresh.roles AS joined_set FROM fresh JOIN role_holders ON user_id = person
            WHERE role_holders.roles <> fresh.roles),
        placed AS (UPDATE role_holders SET roles = joined_set FROM moved WHERE user_id = person AND joined_set <> ''''),
        dropped AS (DELETE FROM role_holders USING fresh WHERE user_id = person AND fresh.roles = '''')
        INSERT INTO role_sets AS sets (roles, member_count)
        SELECT roles, SUM(step) FROM (SELECT left_set AS roles, -1 AS step FROM moved UNION ALL SELECT joined_set, 1 FROM moved) AS steps
        WHERE roles <> '''' GROUP BY roles HAVING SUM(step) <> 0 ORDER BY roles
        ON CONFLICT (roles) DO UPDATE SET member_count = sets.member_count + excluded.member_count;
        DELETE FROM role_sets WHERE roles = ANY (former) AND member_count = 0;
        RETURN NULL;
    END'
    """
