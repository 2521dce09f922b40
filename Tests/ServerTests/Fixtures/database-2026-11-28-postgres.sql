CREATE OR REPLACE FUNCTION audit_log_is_append_only() RETURNS trigger
    LANGUAGE plpgsql
    AS $$BEGIN RAISE EXCEPTION 'audit_log is append-only'; END$$
-- next
CREATE OR REPLACE FUNCTION instr(whole text, part text) RETURNS integer
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$SELECT strpos(whole, part)$$
-- next
CREATE OR REPLACE FUNCTION json_each(list text) RETURNS TABLE(value bigint)
    LANGUAGE sql IMMUTABLE STRICT ROWS 50
    AS $$SELECT element::bigint FROM json_array_elements_text(list::json) AS element$$
-- next
CREATE OR REPLACE FUNCTION role_sets_follow() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    people bigint[] := ARRAY(SELECT DISTINCT user_id FROM changed);
    former text[];
BEGIN
    INSERT INTO role_holders (user_id, roles) SELECT person, '' FROM unnest(people) AS person ORDER BY person ON CONFLICT (user_id) DO NOTHING;
    PERFORM 1 FROM role_holders WHERE user_id = ANY (people) ORDER BY user_id FOR UPDATE;
    former := ARRAY(SELECT DISTINCT roles FROM role_holders WHERE user_id = ANY (people));
    WITH fresh AS (
        SELECT person, COALESCE((SELECT string_agg(role_id::text, ',' ORDER BY role_id) FROM user_roles
            WHERE user_id = person AND revoked_at IS NULL), '') AS roles FROM unnest(people) AS person),
    moved AS (
        SELECT person, role_holders.roles AS left_set, fresh.roles AS joined_set FROM fresh JOIN role_holders ON user_id = person
        WHERE role_holders.roles <> fresh.roles),
    placed AS (UPDATE role_holders SET roles = joined_set FROM moved WHERE user_id = person AND joined_set <> ''),
    dropped AS (DELETE FROM role_holders USING fresh WHERE user_id = person AND fresh.roles = '')
    INSERT INTO role_sets AS sets (roles, member_count)
    SELECT roles, SUM(step) FROM (SELECT left_set AS roles, -1 AS step FROM moved UNION ALL SELECT joined_set, 1 FROM moved) AS steps
    WHERE roles <> '' GROUP BY roles HAVING SUM(step) <> 0 ORDER BY roles
    ON CONFLICT (roles) DO UPDATE SET member_count = sets.member_count + excluded.member_count;
    DELETE FROM role_sets WHERE roles = ANY (former) AND member_count = 0;
    RETURN NULL;
END$$
-- next
CREATE OR REPLACE FUNCTION user_roles_keep_their_person() RETURNS trigger
    LANGUAGE plpgsql
    AS $$BEGIN RAISE EXCEPTION 'an assignment stays with its person'; END$$
-- next
CREATE TABLE access_log (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    method text NOT NULL,
    route text NOT NULL,
    path text NOT NULL,
    status bigint NOT NULL,
    ip text NOT NULL,
    user_agent text NOT NULL,
    request_id text NOT NULL
)
-- next
CREATE TABLE api_keys (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    name text NOT NULL,
    scopes text NOT NULL,
    hash bytea NOT NULL,
    previous_hash bytea,
    previous_expires_at bigint,
    created_at bigint NOT NULL,
    rotated_at bigint,
    last_used_at bigint,
    expires_at bigint,
    version bigint NOT NULL
)
-- next
CREATE TABLE audit_chains (
    chain_id bigint NOT NULL,
    seq bigint NOT NULL,
    hash bytea NOT NULL
)
-- next
CREATE TABLE audit_denials (
    minute bigint NOT NULL,
    actor_user_id bigint NOT NULL,
    action text NOT NULL,
    target_id text NOT NULL
)
-- next
CREATE TABLE audit_log (
    id bigint NOT NULL,
    chain_id bigint NOT NULL,
    seq bigint NOT NULL,
    actor_user_id bigint,
    action text NOT NULL,
    target_type text,
    target_id text,
    payload text NOT NULL,
    result text NOT NULL,
    reason text,
    "timestamp" bigint NOT NULL,
    ip text,
    user_agent text,
    request_id text,
    prev_hash bytea NOT NULL,
    hash bytea NOT NULL,
    signature bytea,
    key_id text,
    CONSTRAINT audit_log_result_check CHECK ((result = ANY (ARRAY['success'::text, 'fail'::text])))
)
-- next
CREATE TABLE authz_state (
    id bigint NOT NULL,
    version bigint NOT NULL,
    roles_version bigint NOT NULL
)
-- next
CREATE TABLE avatars (
    user_id bigint NOT NULL,
    token text NOT NULL,
    small bytea NOT NULL,
    large bytea NOT NULL,
    created_at bigint NOT NULL
)
-- next
CREATE TABLE bulk_items (
    job_id bigint NOT NULL,
    user_id bigint NOT NULL,
    outcome text,
    fault text
)
-- next
CREATE TABLE bulk_jobs (
    id bigint NOT NULL,
    author_id bigint NOT NULL,
    spec text NOT NULL,
    undoes bigint,
    state text NOT NULL,
    total bigint NOT NULL,
    changed bigint NOT NULL,
    unchanged bigint NOT NULL,
    failed bigint NOT NULL,
    created_at bigint NOT NULL,
    ended_at bigint,
    undone_by bigint,
    request_id text NOT NULL,
    address text NOT NULL,
    user_agent text NOT NULL
)
-- next
CREATE TABLE idempotency_keys (
    principal bigint NOT NULL,
    route text NOT NULL,
    key text NOT NULL,
    body_hash text NOT NULL,
    status bigint NOT NULL,
    headers text NOT NULL,
    body bytea NOT NULL,
    secret_id text,
    created_at bigint NOT NULL
)
-- next
CREATE TABLE invitations (
    id bigint NOT NULL,
    hash bytea NOT NULL,
    created_by bigint NOT NULL,
    note text,
    roles text NOT NULL,
    max_uses bigint,
    uses bigint NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint,
    revoked_at bigint,
    CONSTRAINT invitations_check CHECK (((uses >= 0) AND ((max_uses IS NULL) OR (uses <= max_uses))))
)
-- next
CREATE TABLE known_addresses (
    user_id bigint NOT NULL,
    address bytea NOT NULL,
    last_used_at bigint NOT NULL,
    otp_failures bigint DEFAULT 0 NOT NULL,
    otp_failed_at bigint DEFAULT 0 NOT NULL
)
-- next
CREATE TABLE mail_outbox (
    id bigint NOT NULL,
    kind text NOT NULL,
    email_cipher bytea,
    content bytea,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    attempts bigint NOT NULL,
    next_attempt_at bigint,
    failed_at bigint,
    failure text
)
-- next
CREATE TABLE mail_tokens (
    hash bytea NOT NULL,
    purpose text NOT NULL,
    subject_id bigint NOT NULL,
    email_blind bytea NOT NULL,
    email_cipher bytea,
    expires_at bigint NOT NULL
)
-- next
CREATE TABLE mail_wishes (
    id bigint NOT NULL,
    kind text NOT NULL,
    email_cipher bytea NOT NULL,
    request_id text NOT NULL,
    created_at bigint NOT NULL
)
-- next
CREATE TABLE name_changes (
    number bigint NOT NULL,
    user_id bigint NOT NULL
)
-- next
CREATE TABLE name_changes_head (
    id bigint NOT NULL,
    number bigint NOT NULL
)
-- next
CREATE TABLE nodes (
    id bigint NOT NULL,
    holder text NOT NULL,
    lease_until bigint NOT NULL,
    clock_high bigint NOT NULL
)
-- next
CREATE TABLE outbox (
    event_offset bigint NOT NULL,
    topics text NOT NULL,
    type text NOT NULL,
    members text NOT NULL,
    request_id text NOT NULL,
    created_at bigint NOT NULL
)
-- next
CREATE TABLE outbox_epoch (
    id bigint NOT NULL,
    epoch text NOT NULL
)
-- next
CREATE TABLE outbox_head (
    id bigint NOT NULL,
    next_offset bigint NOT NULL
)
-- next
CREATE TABLE presence_history (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    from_status text NOT NULL,
    to_status text NOT NULL,
    cause text NOT NULL,
    at bigint NOT NULL
)
-- next
CREATE TABLE recovery_codes (
    user_id bigint NOT NULL,
    hash bytea NOT NULL
)
-- next
CREATE TABLE refresh_tokens (
    hash bytea NOT NULL,
    session_id bigint NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    used_at bigint
)
-- next
CREATE TABLE registrations (
    id bigint NOT NULL,
    username text NOT NULL,
    display_name text,
    email_cipher bytea NOT NULL,
    email_blind bytea NOT NULL,
    locale text NOT NULL,
    password_hash text NOT NULL,
    state text NOT NULL,
    needs_approval boolean NOT NULL,
    invitation_id bigint,
    message text,
    rules_version bigint,
    ip text NOT NULL,
    created_at bigint NOT NULL,
    verified_at bigint,
    expires_at bigint,
    decided_by bigint,
    decided_at bigint,
    reason text,
    CONSTRAINT registrations_state_check CHECK ((state = ANY (ARRAY['unverified'::text, 'pending'::text, 'refused'::text])))
)
-- next
CREATE TABLE role_holders (
    user_id bigint NOT NULL,
    roles text NOT NULL
)
-- next
CREATE TABLE role_sets (
    roles text NOT NULL,
    member_count bigint NOT NULL
)
-- next
CREATE TABLE role_versions (
    role_id bigint NOT NULL,
    version bigint NOT NULL,
    actor_user_id bigint,
    at bigint NOT NULL,
    diff text NOT NULL,
    snapshot text NOT NULL
)
-- next
CREATE TABLE roles (
    id bigint NOT NULL,
    name text NOT NULL,
    name_folded text NOT NULL,
    description text NOT NULL,
    color text,
    icon text,
    priority bigint NOT NULL,
    permissions text NOT NULL,
    denied text NOT NULL,
    inherits text NOT NULL,
    is_system boolean NOT NULL,
    deleted_at bigint,
    version bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    CONSTRAINT roles_priority_check CHECK (((priority >= 0) AND (priority <= 1000)))
)
-- next
CREATE TABLE rules_acceptances (
    user_id bigint NOT NULL,
    version bigint NOT NULL,
    accepted_at bigint NOT NULL
)
-- next
CREATE TABLE saved_filters (
    user_id bigint NOT NULL,
    filters text NOT NULL,
    version bigint NOT NULL
)
-- next
CREATE TABLE schema_migrations (
    name text NOT NULL,
    applied_at bigint NOT NULL,
    checksum text NOT NULL
)
-- next
CREATE TABLE session_revocation_head (
    id bigint NOT NULL,
    next_seq bigint NOT NULL
)
-- next
CREATE TABLE session_revocations (
    seq bigint NOT NULL,
    session_id bigint NOT NULL,
    user_id bigint NOT NULL,
    reason text NOT NULL,
    created_at bigint NOT NULL
)
-- next
CREATE TABLE sessions (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    cookie_hash bytea,
    created_at bigint NOT NULL,
    last_used_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    ip text NOT NULL,
    user_agent text NOT NULL,
    label text NOT NULL,
    revoked_at bigint,
    revoke_reason text
)
-- next
CREATE TABLE setup_tokens (
    hash bytea NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL
)
-- next
CREATE TABLE site (
    name text NOT NULL,
    value text NOT NULL
)
-- next
CREATE TABLE site_rules (
    version bigint NOT NULL,
    english text NOT NULL,
    french text NOT NULL,
    created_by bigint,
    created_at bigint NOT NULL
)
-- next
CREATE TABLE totp_factors (
    user_id bigint NOT NULL,
    secret bytea NOT NULL,
    created_at bigint NOT NULL,
    confirmed_at bigint,
    last_step bigint NOT NULL,
    failures bigint NOT NULL,
    failed_at bigint NOT NULL
)
-- next
CREATE TABLE user_override_versions (
    user_id bigint NOT NULL,
    permission text NOT NULL,
    version bigint NOT NULL,
    actor_user_id bigint,
    at bigint NOT NULL,
    effect text,
    reason text
)
-- next
CREATE TABLE user_overrides (
    user_id bigint NOT NULL,
    permission text NOT NULL,
    effect text NOT NULL,
    reason text,
    set_by bigint,
    set_at bigint NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT user_overrides_effect_check CHECK ((effect = ANY (ARRAY['allow'::text, 'deny'::text])))
)
-- next
CREATE TABLE user_roles (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    role_id bigint NOT NULL,
    assigned_by bigint,
    assigned_at bigint NOT NULL,
    reason text,
    expires_at bigint,
    revoked_by bigint,
    revoked_at bigint,
    revoke_reason text
)
-- next
CREATE TABLE users (
    id bigint NOT NULL,
    username text NOT NULL,
    display_name text NOT NULL,
    search_name text DEFAULT ''::text NOT NULL,
    email_cipher bytea,
    email_blind bytea,
    avatar_url text,
    bio text,
    locale text NOT NULL,
    status text NOT NULL,
    status_message text,
    status_emoji text,
    status_expires_at bigint,
    activity text,
    activity_name text,
    presence_version bigint NOT NULL,
    last_seen_at bigint,
    tags text NOT NULL,
    is_banned boolean NOT NULL,
    banned_until bigint,
    ban_reason text,
    is_disabled boolean NOT NULL,
    deleted_at bigint,
    password_hash text,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    version bigint NOT NULL,
    hidden_choice text,
    email_verified_at bigint,
    left_at bigint,
    CONSTRAINT users_status_check CHECK ((status = ANY (ARRAY['online'::text, 'idle'::text, 'dnd'::text, 'invisible'::text])))
)
-- next
INSERT INTO access_log VALUES (1576355848639217664, 1576355847989100544, 'POST', '/users', '/api/v1/users', 201, '127.0.0.1', 'Python-urllib/3.11', '9h4ec3uso1wdvjoyeogegkpk')
-- next
INSERT INTO access_log VALUES (1576355848853127168, 1576355847989100544, 'POST', '/users', '/api/v1/users', 201, '127.0.0.1', 'Python-urllib/3.11', '65idp7sh8pz1jm1iu2ui3stfu')
-- next
INSERT INTO access_log VALUES (1576355849062842368, 1576355847989100544, 'POST', '/users', '/api/v1/users', 201, '127.0.0.1', 'Python-urllib/3.11', '189xfswh8k24kgdt7jhug5q2a')
-- next
INSERT INTO access_log VALUES (1576355849268363264, 1576355847989100544, 'POST', '/users', '/api/v1/users', 201, '127.0.0.1', 'Python-urllib/3.11', 'b6yck9rlmj9utwxyqrmb72ui4')
-- next
INSERT INTO access_log VALUES (1576355849276751872, 1576355847989100544, 'POST', '/users/{id}/roles', '/api/v1/users/u_ada/roles', 422, '127.0.0.1', 'Python-urllib/3.11', '1d5xen8388csslgwfzv4ohjoz')
-- next
INSERT INTO access_log VALUES (1576355849352249344, 1576355847989100544, 'POST', '/users/{id}/roles', '/api/v1/users/u_ada/roles', 200, '127.0.0.1', 'Python-urllib/3.11', '9eeork7erpjt2fxikizlzq99')
-- next
INSERT INTO access_log VALUES (1576355849398386688, 1576355847989100544, 'POST', '/roles', '/api/v1/roles', 201, '127.0.0.1', 'Python-urllib/3.11', '78cxa1ke40araari4td6irx3b')
-- next
INSERT INTO access_log VALUES (1576355849473884160, 1576355847989100544, 'POST', '/users/{id}/ban', '/api/v1/users/u_bob/ban', 200, '127.0.0.1', 'Python-urllib/3.11', 'e8aisx8lfcpzbuzqjv0lbmjmz')
-- next
INSERT INTO access_log VALUES (1576355849515827200, 1576355847989100544, 'DELETE', '/users/{id}', '/api/v1/users/u_dina', 204, '127.0.0.1', 'Python-urllib/3.11', '2wtdfuol6kbwxcjf01jvpc633')
-- next
INSERT INTO access_log VALUES (1576355849540993024, 1576355847989100544, 'POST', '/invitations', '/api/v1/invitations', 201, '127.0.0.1', 'Python-urllib/3.11', '248eqt3hf329x1f6mqepx28jl')
-- next
INSERT INTO access_log VALUES (1576355849574547456, 1576355847989100544, 'PATCH', '/settings', '/api/v1/settings', 200, '127.0.0.1', 'Python-urllib/3.11', '5wz72t0lbr70y3d3q4izixlvk')
-- next
INSERT INTO access_log VALUES (1576355849612296192, 1576355847989100544, 'PUT', '/users/{id}/overrides/{permission}', '/api/v1/users/u_cleo/overrides/chat.write', 200, '127.0.0.1', 'Python-urllib/3.11', 'crz5kzvqf2g1h431pyc59cf6x')
-- next
INSERT INTO access_log VALUES (1576355849654239232, 1576355847989100544, 'POST', '/users/{id}/status', '/api/v1/users/u_ada/status', 200, '127.0.0.1', 'Python-urllib/3.11', '6ftpo3qndx4vao6zutchg8rfj')
-- next
INSERT INTO access_log VALUES (1576355849691987968, 1576355847989100544, 'GET', '/users/{id}', '/api/v1/users/u_ada', 200, '127.0.0.1', 'Python-urllib/3.11', '5qmvcmxwdpuc97nawq5qfyapu')
-- next
INSERT INTO access_log VALUES (1576355849721348096, 1576355847989100544, 'GET', '/users/{id}', '/api/v1/users/u_cleo', 200, '127.0.0.1', 'Python-urllib/3.11', 'aq1g9ehsbahar8njc8gyi1e2f')
-- next
INSERT INTO access_log VALUES (1576355849742319616, 1576355847989100544, 'POST', '/users/bulk', '/api/v1/users/bulk', 201, '127.0.0.1', 'Python-urllib/3.11', 'eavx23i8stt46mtztdfdjnc4k')
-- next
INSERT INTO audit_chains VALUES (0, 19, '\x71e1968bc66eb1abcde130f257ce8c49135f3a4dbb655815d3c00e839a0335ad')
-- next
INSERT INTO audit_log VALUES (1576355848035237888, 0, 1, NULL, 'role.assign', 'user', '15e0574a-b700-8000-8000-000000000000', '{"before":null,"after":{"role_id":"00000000-0000-8000-9400-000000000000","role":"member","expires_at":null}}', 'success', NULL, 1795902921447, NULL, NULL, 'start', '\x7ac14589b260a256581972152ea7f2f49dae17507ab820b70907ee7937684ba1', '\x6754f04fd6a437d8f480882dcece4f33425cef52d0ca42ae3351001441cf2bb2', NULL, NULL)
-- next
INSERT INTO audit_log VALUES (1576355848043626496, 0, 2, NULL, 'role.assign', 'user', '15e0574a-b700-8000-8000-000000000000', '{"before":null,"after":{"role_id":"00000000-0000-8000-8400-000000000000","role":"owner","expires_at":null}}', 'success', NULL, 1795902921449, NULL, NULL, 'start', '\x6754f04fd6a437d8f480882dcece4f33425cef52d0ca42ae3351001441cf2bb2', '\x45c8dcfc45623446ff9105612be03061117efe8880f971080f305d4cb4ac3ed0', '\xbe41e7e564e0881570568b62f4acde5eb72f75bad99b4281ce6ea7f44ad4a53ee7a952abb35c1e3970e7ecdea72f827ad8bd02eba1c028a7e081aa071d6ade04', '861c98d2c21d373d')
-- next
INSERT INTO audit_log VALUES (1576355848391753728, 0, 3, 1576355847989100544, 'auth.login', 'user', '15e0574a-b700-8000-8000-000000000000', '{"after":{"session_id":"15e0574a-ce80-8000-8000-000000000000"}}', 'success', NULL, 1795902921532, '127.0.0.1', 'Python-urllib/3.11', '9y92agw3v9vbot2vyon9svagu', '\x45c8dcfc45623446ff9105612be03061117efe8880f971080f305d4cb4ac3ed0', '\x3cbd04ce8f84986c833826b2a80846ecb0b719dd440ec297ae5e7dacd6672faf', '\x06fc6947fc1cbb73d2463258d4096a1f0e473e661a8110f435bb86b311650632b754d902b6bda2f671d714493e5914ef60590d6365d379375b81000e08f4370e', '861c98d2c21d373d')
-- next
INSERT INTO audit_log VALUES (1576355848605663232, 0, 4, 1576355847989100544, 'role.assign', 'user', '15e0574a-d9c0-8000-8000-000000000000', '{"before":null,"after":{"role_id":"00000000-0000-8000-9400-000000000000","role":"member","expires_at":null}}', 'success', NULL, 1795902921583, '127.0.0.1', 'Python-urllib/3.11', '9h4ec3uso1wdvjoyeogegkpk', '\x3cbd04ce8f84986c833826b2a80846ecb0b719dd440ec297ae5e7dacd6672faf', '\xb124e5cdaf72fa5a685bf6c86f0fc667ea31cbba3579dd9c7865cec67bcd4935', NULL, NULL)
-- next
INSERT INTO audit_log VALUES (1576355848605663233, 0, 5, 1576355847989100544, 'user.create', 'user', '15e0574a-d9c0-8000-8000-000000000000', '{"before":null,"after":{"username":"ada","display_name":"ada"}}', 'success', NULL, 1795902921583, '127.0.0.1', 'Python-urllib/3.11', '9h4ec3uso1wdvjoyeogegkpk', '\xb124e5cdaf72fa5a685bf6c86f0fc667ea31cbba3579dd9c7865cec67bcd4935', '\x2ce8bd60bb0d5c09db4bae4e5dad7f6a01053b27ed18ddd1194e0b16cf4e0d9d', '\xf7aaef3dc362d789bed5e0e7ed5fc225f0a307368f8bbc2ecf5055b201cc79710f07e71c37d0524d60ae4e226018ae246c1df405598726c7324d6b158bd78903', '861c98d2c21d373d')
-- next
INSERT INTO audit_log VALUES (1576355848815378432, 0, 6, 1576355847989100544, 'role.assign', 'user', '15e0574a-e640-8000-8000-000000000000', '{"before":null,"after":{"role_id":"00000000-0000-8000-9400-000000000000","role":"member","expires_at":null}}', 'success', NULL, 1795902921633, '127.0.0.1', 'Python-urllib/3.11', '65idp7sh8pz1jm1iu2ui3stfu', '\x2ce8bd60bb0d5c09db4bae4e5dad7f6a01053b27ed18ddd1194e0b16cf4e0d9d', '\x23a0d6b97f59ea82f9d689d2401e2f5dbae7f86710b1e95b564243d8fe47917b', NULL, NULL)
-- next
INSERT INTO audit_log VALUES (1576355848819572736, 0, 7, 1576355847989100544, 'user.create', 'user', '15e0574a-e640-8000-8000-000000000000', '{"before":null,"after":{"username":"bob","display_name":"bob"}}', 'success', NULL, 1795902921634, '127.0.0.1', 'Python-urllib/3.11', '65idp7sh8pz1jm1iu2ui3stfu', '\x23a0d6b97f59ea82f9d689d2401e2f5dbae7f86710b1e95b564243d8fe47917b', '\x61838d97e2c4fd83ee6831955a3dc1dfe6d906dbc53a86673b7490105348c0eb', '\x446f8048a1c182e549eedd5e1e515bd25af33721d8b431ff41ff82d7cf21deb64347b2231ead6881012668c5a36f550b6f12b9a22820c1d75b460c5b0ac62901', '861c98d2c21d373d')
-- next
INSERT INTO audit_log VALUES (1576355849029287936, 0, 8, 1576355847989100544, 'role.assign', 'user', '15e0574a-f300-8000-8000-000000000000', '{"before":null,"after":{"role_id":"00000000-0000-8000-9400-000000000000","role":"member","expires_at":null}}', 'success', NULL, 1795902921684, '127.0.0.1', 'Python-urllib/3.11', '189xfswh8k24kgdt7jhug5q2a', '\x61838d97e2c4fd83ee6831955a3dc1dfe6d906dbc53a86673b7490105348c0eb', '\xde1580692091d291e41f50ff649006550c78a8ce208f2defb0993efc4f72824f', NULL, NULL)
-- next
INSERT INTO audit_log VALUES (1576355849029287937, 0, 9, 1576355847989100544, 'user.create', 'user', '15e0574a-f300-8000-8000-000000000000', '{"before":null,"after":{"username":"cleo","display_name":"cleo"}}', 'success', NULL, 1795902921684, '127.0.0.1', 'Python-urllib/3.11', '189xfswh8k24kgdt7jhug5q2a', '\xde1580692091d291e41f50ff649006550c78a8ce208f2defb0993efc4f72824f', '\x2fafdf122c6ef0ed7960969842d293047810e2ca86851df292b622b8c87803c1', '\xb1a292f55ac5f3b1ad87828dbe08ba8151f9e2adb50134a754e40aa3f9cb15895a66884071d439c556dd8c1acaf7afc32a71333c96442d8dad32447182316b0d', '861c98d2c21d373d')
-- next
INSERT INTO audit_log VALUES (1576355849230614528, 0, 10, 1576355847989100544, 'role.assign', 'user', '15e0574a-ffc0-8000-8000-000000000000', '{"before":null,"after":{"role_id":"00000000-0000-8000-9400-000000000000","role":"member","expires_at":null}}', 'success', NULL, 1795902921732, '127.0.0.1', 'Python-urllib/3.11', 'b6yck9rlmj9utwxyqrmb72ui4', '\x2fafdf122c6ef0ed7960969842d293047810e2ca86851df292b622b8c87803c1', '\xa9734010c7ded2778f66aaaaf312bcd087c75b1b7a8c620f7d3524cf55d4c2fb', NULL, NULL)
-- next
INSERT INTO audit_log VALUES (1576355849234808832, 0, 11, 1576355847989100544, 'user.create', 'user', '15e0574a-ffc0-8000-8000-000000000000', '{"before":null,"after":{"username":"dina","display_name":"dina"}}', 'success', NULL, 1795902921733, '127.0.0.1', 'Python-urllib/3.11', 'b6yck9rlmj9utwxyqrmb72ui4', '\xa9734010c7ded2778f66aaaaf312bcd087c75b1b7a8c620f7d3524cf55d4c2fb', '\x350b299ba87e6eee7fc05ddff69c065186c22f176c9fbee2af4be6218e36e4fd', '\x541cee9300010721b46c53c24521c98638ec6fc7dca4e339f5637302ce77dc803ef253333740b95f1749cdadf0f834682c95543dad7da18f3a641be23737e803', '861c98d2c21d373d')
-- next
INSERT INTO audit_log VALUES (1576355849327083520, 0, 12, 1576355847989100544, 'role.assign', 'user', '15e0574a-d9c0-8000-8000-000000000000', '{"before":null,"after":{"role_id":"00000000-0000-8000-8c00-000000000000","role":"mod","expires_at":null}}', 'success', NULL, 1795902921755, '127.0.0.1', 'Python-urllib/3.11', '9eeork7erpjt2fxikizlzq99', '\x350b299ba87e6eee7fc05ddff69c065186c22f176c9fbee2af4be6218e36e4fd', '\x7a32e6d3608ce94d9860c1d9a5becd86131cdcf0d8bf3c3caea030487cb35b85', '\x0779bdfd52e765d2c9eaf656dfdf69a7c27db48b125cded1836c2f8efb1a749601d4f4bb5163d789a5b1c3cff2fc7c6dfefd7d68bbb79e92137cb8ed520ecc00', '861c98d2c21d373d')
-- next
INSERT INTO audit_log VALUES (1576355849381609472, 0, 13, 1576355847989100544, 'role.create', 'role', '15e0574b-0980-8000-8000-000000000000', '{"before":null,"after":{"name":"cooks","description":"","color":null,"icon":null,"priority":50,"permissions":["chat.read"],"denied":[],"inherits":[]}}', 'success', NULL, 1795902921768, '127.0.0.1', 'Python-urllib/3.11', '78cxa1ke40araari4td6irx3b', '\x7a32e6d3608ce94d9860c1d9a5becd86131cdcf0d8bf3c3caea030487cb35b85', '\x0e598a1acfa1404075c812d2852fa9b6a8b67b0a815abf1a5fa6cc14ad2333f3', '\xfc8b53b5862643a46b14fba515e957ca2ffbb5cd183164d68418c7a1ba10fbfc6d4420590fe7486528c68c5e1429581d148f77998257a7cba946c922e807450d', '861c98d2c21d373d')
-- next
INSERT INTO audit_log VALUES (1576355849440329728, 0, 14, 1576355847989100544, 'user.ban', 'user', '15e0574a-e640-8000-8000-000000000000', '{"before":{"is_banned":false,"banned_until":null},"after":{"is_banned":true,"banned_until":null},"reason":"spam","duration_s":null,"evidence":[]}', 'success', NULL, 1795902921782, '127.0.0.1', 'Python-urllib/3.11', 'e8aisx8lfcpzbuzqjv0lbmjmz', '\x0e598a1acfa1404075c812d2852fa9b6a8b67b0a815abf1a5fa6cc14ad2333f3', '\xf73814055bad0c16e472d0dd5d9e628267816a35286cd3fa0d8901eadccc0b9e', '\xeaba6a388be8ff8fa5b35ef8f98684ac6da63592720509b21ddda26a1bd2b3d21f8515f4a52575ab880bc5be2ee54965d60205e481ca15ad7a092796904fdc08', '861c98d2c21d373d')
-- next
INSERT INTO audit_log VALUES (1576355849503244288, 0, 15, 1576355847989100544, 'user.delete', 'user', '15e0574a-ffc0-8000-8000-000000000000', '{"before":{"username":"dina","display_name":"dina"},"after":null,"hard":false}', 'success', NULL, 1795902921797, '127.0.0.1', 'Python-urllib/3.11', '2wtdfuol6kbwxcjf01jvpc633', '\xf73814055bad0c16e472d0dd5d9e628267816a35286cd3fa0d8901eadccc0b9e', '\x77e6bddb4a7eecb9f58095bfa456147315e56060b60fdddecfe41a6a36bc5d0b', '\x0fc25e668beda75d6c904756ae98bc32cbb1cb6580e7b3a2e843f47992cff350a7a83177e86e0e7642cec63b1624f29cfd99684e9bb4798cdb15497dff885309', '861c98d2c21d373d')
-- next
INSERT INTO audit_log VALUES (1576355849528410112, 0, 16, 1576355847989100544, 'invitation.create', 'invitation', '15e0574b-1280-8000-8000-000000000000', '{"before":null,"after":{"note":"friends","roles":[],"max_uses":3,"expires_at":null}}', 'success', NULL, 1795902921803, '127.0.0.1', 'Python-urllib/3.11', '248eqt3hf329x1f6mqepx28jl', '\x77e6bddb4a7eecb9f58095bfa456147315e56060b60fdddecfe41a6a36bc5d0b', '\xd161684febc691a95011dcc8ed8771694b2f7f736c7701974b3e2a8b63b2bc8c', '\xe75912ea799085d14c7974e3a6699285dfa4d0b0ff0410268fc0b79cba8249d6b2e2a286ceb11e36fc787b6690af6800d783e970016cd769703168efec1d3c01', '861c98d2c21d373d')
-- next
INSERT INTO audit_log VALUES (1576355849566158848, 0, 17, 1576355847989100544, 'settings.update', 'settings', 'site', '{"before":{"registration_mode":"closed"},"after":{"registration_mode":"open"}}', 'success', NULL, 1795902921812, '127.0.0.1', 'Python-urllib/3.11', '5wz72t0lbr70y3d3q4izixlvk', '\xd161684febc691a95011dcc8ed8771694b2f7f736c7701974b3e2a8b63b2bc8c', '\x99d58936ffc0b81ea3205cc79691aec844d0c54df475339e7e780dd131d9e147', '\xe1d8ebec7aef31765ba5f1822597977e8f26843b5d3de0b8601654f1805f7d2de55a73bbb6d3274cc96e10038fe3898ab6804bbce2700276e34b247130256105', '861c98d2c21d373d')
-- next
INSERT INTO audit_log VALUES (1576355849603907584, 0, 18, 1576355847989100544, 'override.set', 'user', '15e0574a-f300-8000-8000-000000000000', '{"before":null,"after":{"permission":"chat.write","effect":"deny","reason":"quiet"},"reason":"quiet"}', 'success', NULL, 1795902921821, '127.0.0.1', 'Python-urllib/3.11', 'crz5kzvqf2g1h431pyc59cf6x', '\x99d58936ffc0b81ea3205cc79691aec844d0c54df475339e7e780dd131d9e147', '\x9248a36fa3b04812026bd1bce4007a85e34925961e9cd25a2ef416aa4f2db5f9', '\x77a05609930044f6b66e1b7fc24feea03ae3ed521e8f168f132ee1511632400619d3bf02f248980a1aa548b19b13dc308ffd7d7890d20050c3ff65b33d93500b', '861c98d2c21d373d')
-- next
INSERT INTO audit_log VALUES (1576355849645850624, 0, 19, 1576355847989100544, 'status.update', 'user', '15e0574a-d9c0-8000-8000-000000000000', '{"before":{"status":"online"},"after":{"status":"dnd"}}', 'success', NULL, 1795902921831, '127.0.0.1', 'Python-urllib/3.11', '6ftpo3qndx4vao6zutchg8rfj', '\x9248a36fa3b04812026bd1bce4007a85e34925961e9cd25a2ef416aa4f2db5f9', '\x71e1968bc66eb1abcde130f257ce8c49135f3a4dbb655815d3c00e839a0335ad', '\x2eec7f1e1da38dcf47ba3b032f680d1ada606824ad7780a2db35d7c2cc3a082b7b327e22c16a899b8bb68ceeec473dd13164a2270d3fb865c501d5f870b97e02', '861c98d2c21d373d')
-- next
INSERT INTO authz_state VALUES (1, 14, 13)
-- next
INSERT INTO bulk_items VALUES (1576355849729736704, 1576355848572108800, NULL, NULL)
-- next
INSERT INTO bulk_items VALUES (1576355849729736704, 1576355848995733504, NULL, NULL)
-- next
INSERT INTO bulk_jobs VALUES (1576355849729736704, 1576355847989100544, '{"action":"add_tag","tag":"bulk","reason":null}', NULL, 'prepared', 2, 0, 0, 0, 1795902921851, NULL, NULL, 'eavx23i8stt46mtztdfdjnc4k', '127.0.0.1', 'Python-urllib/3.11')
-- next
INSERT INTO invitations VALUES (1576355849524215808, '\x5f02540e4c84bfca0150e94b1bb50ea0b6b1a50cff669520f52f9a9d1471ee78', 1576355847989100544, 'friends', '[]', 3, 0, 1795902921802, NULL, NULL)
-- next
INSERT INTO known_addresses VALUES (1576355847989100544, '\x727f85affe58550185156e7f51a781d0b3d644157ca952110d1330dc47501c69', 1795902921495, 0, 0)
-- next
INSERT INTO name_changes VALUES (1, 1576355847989100544)
-- next
INSERT INTO name_changes VALUES (2, 1576355848572108800)
-- next
INSERT INTO name_changes VALUES (3, 1576355848781824000)
-- next
INSERT INTO name_changes VALUES (4, 1576355848995733504)
-- next
INSERT INTO name_changes VALUES (5, 1576355849209643008)
-- next
INSERT INTO name_changes_head VALUES (1, 5)
-- next
INSERT INTO nodes VALUES (0, '12ar5zy9nrb2s', 1795902951347, 1795902921347)
-- next
INSERT INTO outbox VALUES (1, '["users","user:15e0574a-b700-8000-8000-000000000000"]', 'user.created', '{"user_id":"15e0574a-b700-8000-8000-000000000000","username":"owner","display_name":"owner","avatar_url":null,"is_banned":false,"is_disabled":false,"version":1,"actor_user_id":null}', 'start', 1795902921430)
-- next
INSERT INTO outbox VALUES (2, '["roles","user:15e0574a-b700-8000-8000-000000000000"]', 'role.assigned', '{"user_id":"15e0574a-b700-8000-8000-000000000000","username":"owner","role_id":"00000000-0000-8000-9400-000000000000","role_name":"member","color":null,"assigned_by":null,"expires_at":null,"actor_user_id":null}', 'start', 1795902921438)
-- next
INSERT INTO outbox VALUES (3, '["roles","user:15e0574a-b700-8000-8000-000000000000"]', 'role.assigned', '{"user_id":"15e0574a-b700-8000-8000-000000000000","username":"owner","role_id":"00000000-0000-8000-8400-000000000000","role_name":"owner","color":null,"assigned_by":null,"expires_at":null,"actor_user_id":null}', 'start', 1795902921438)
-- next
INSERT INTO outbox VALUES (4, '["audit"]', 'audit.entry', '{"id":"15e0574a-b9c0-8000-8000-000000000000","actor_user_id":null,"action":"role.assign","target_type":"user","target_id":"15e0574a-b700-8000-8000-000000000000","result":"success","reason":null,"timestamp":"2026-11-28T21:55:21.447Z","seq":1}', 'start', 1795902921447)
-- next
INSERT INTO outbox VALUES (5, '["audit"]', 'audit.entry', '{"id":"15e0574a-ba40-8000-8000-000000000000","actor_user_id":null,"action":"role.assign","target_type":"user","target_id":"15e0574a-b700-8000-8000-000000000000","result":"success","reason":null,"timestamp":"2026-11-28T21:55:21.449Z","seq":2}', 'start', 1795902921449)
-- next
INSERT INTO outbox VALUES (6, '["audit"]', 'audit.entry', '{"id":"15e0574a-cf00-8000-8000-000000000000","actor_user_id":"15e0574a-b700-8000-8000-000000000000","action":"auth.login","target_type":"user","target_id":"15e0574a-b700-8000-8000-000000000000","result":"success","reason":null,"timestamp":"2026-11-28T21:55:21.532Z","seq":3}', '9y92agw3v9vbot2vyon9svagu', 1795902921532)
-- next
INSERT INTO outbox VALUES (7, '["users","user:15e0574a-d9c0-8000-8000-000000000000"]', 'user.created', '{"user_id":"15e0574a-d9c0-8000-8000-000000000000","username":"ada","display_name":"ada","avatar_url":null,"is_banned":false,"is_disabled":false,"version":1,"actor_user_id":"15e0574a-b700-8000-8000-000000000000"}', '9h4ec3uso1wdvjoyeogegkpk', 1795902921573)
-- next
INSERT INTO outbox VALUES (8, '["roles","user:15e0574a-d9c0-8000-8000-000000000000"]', 'role.assigned', '{"user_id":"15e0574a-d9c0-8000-8000-000000000000","username":"ada","role_id":"00000000-0000-8000-9400-000000000000","role_name":"member","color":null,"assigned_by":"15e0574a-b700-8000-8000-000000000000","expires_at":null,"actor_user_id":"15e0574a-b700-8000-8000-000000000000"}', '9h4ec3uso1wdvjoyeogegkpk', 1795902921577)
-- next
INSERT INTO outbox VALUES (9, '["audit"]', 'audit.entry', '{"id":"15e0574a-dbc0-8000-8000-000000000000","actor_user_id":"15e0574a-b700-8000-8000-000000000000","action":"role.assign","target_type":"user","target_id":"15e0574a-d9c0-8000-8000-000000000000","result":"success","reason":null,"timestamp":"2026-11-28T21:55:21.583Z","seq":4}', '9h4ec3uso1wdvjoyeogegkpk', 1795902921583)
-- next
INSERT INTO outbox VALUES (10, '["audit"]', 'audit.entry', '{"id":"15e0574a-dbc0-8000-8400-000000000000","actor_user_id":"15e0574a-b700-8000-8000-000000000000","action":"user.create","target_type":"user","target_id":"15e0574a-d9c0-8000-8000-000000000000","result":"success","reason":null,"timestamp":"2026-11-28T21:55:21.583Z","seq":5}', '9h4ec3uso1wdvjoyeogegkpk', 1795902921583)
-- next
INSERT INTO outbox VALUES (11, '["users","user:15e0574a-e640-8000-8000-000000000000"]', 'user.created', '{"user_id":"15e0574a-e640-8000-8000-000000000000","username":"bob","display_name":"bob","avatar_url":null,"is_banned":false,"is_disabled":false,"version":1,"actor_user_id":"15e0574a-b700-8000-8000-000000000000"}', '65idp7sh8pz1jm1iu2ui3stfu', 1795902921623)
-- next
INSERT INTO outbox VALUES (12, '["roles","user:15e0574a-e640-8000-8000-000000000000"]', 'role.assigned', '{"user_id":"15e0574a-e640-8000-8000-000000000000","username":"bob","role_id":"00000000-0000-8000-9400-000000000000","role_name":"member","color":null,"assigned_by":"15e0574a-b700-8000-8000-000000000000","expires_at":null,"actor_user_id":"15e0574a-b700-8000-8000-000000000000"}', '65idp7sh8pz1jm1iu2ui3stfu', 1795902921627)
-- next
INSERT INTO outbox VALUES (13, '["audit"]', 'audit.entry', '{"id":"15e0574a-e840-8000-8000-000000000000","actor_user_id":"15e0574a-b700-8000-8000-000000000000","action":"role.assign","target_type":"user","target_id":"15e0574a-e640-8000-8000-000000000000","result":"success","reason":null,"timestamp":"2026-11-28T21:55:21.633Z","seq":6}', '65idp7sh8pz1jm1iu2ui3stfu', 1795902921633)
-- next
INSERT INTO outbox VALUES (14, '["audit"]', 'audit.entry', '{"id":"15e0574a-e880-8000-8000-000000000000","actor_user_id":"15e0574a-b700-8000-8000-000000000000","action":"user.create","target_type":"user","target_id":"15e0574a-e640-8000-8000-000000000000","result":"success","reason":null,"timestamp":"2026-11-28T21:55:21.634Z","seq":7}', '65idp7sh8pz1jm1iu2ui3stfu', 1795902921634)
-- next
INSERT INTO outbox VALUES (15, '["users","user:15e0574a-f300-8000-8000-000000000000"]', 'user.created', '{"user_id":"15e0574a-f300-8000-8000-000000000000","username":"cleo","display_name":"cleo","avatar_url":null,"is_banned":false,"is_disabled":false,"version":1,"actor_user_id":"15e0574a-b700-8000-8000-000000000000"}', '189xfswh8k24kgdt7jhug5q2a', 1795902921674)
-- next
INSERT INTO outbox VALUES (16, '["roles","user:15e0574a-f300-8000-8000-000000000000"]', 'role.assigned', '{"user_id":"15e0574a-f300-8000-8000-000000000000","username":"cleo","role_id":"00000000-0000-8000-9400-000000000000","role_name":"member","color":null,"assigned_by":"15e0574a-b700-8000-8000-000000000000","expires_at":null,"actor_user_id":"15e0574a-b700-8000-8000-000000000000"}', '189xfswh8k24kgdt7jhug5q2a', 1795902921677)
-- next
INSERT INTO outbox VALUES (17, '["audit"]', 'audit.entry', '{"id":"15e0574a-f500-8000-8000-000000000000","actor_user_id":"15e0574a-b700-8000-8000-000000000000","action":"role.assign","target_type":"user","target_id":"15e0574a-f300-8000-8000-000000000000","result":"success","reason":null,"timestamp":"2026-11-28T21:55:21.684Z","seq":8}', '189xfswh8k24kgdt7jhug5q2a', 1795902921684)
-- next
INSERT INTO outbox VALUES (18, '["audit"]', 'audit.entry', '{"id":"15e0574a-f500-8000-8400-000000000000","actor_user_id":"15e0574a-b700-8000-8000-000000000000","action":"user.create","target_type":"user","target_id":"15e0574a-f300-8000-8000-000000000000","result":"success","reason":null,"timestamp":"2026-11-28T21:55:21.684Z","seq":9}', '189xfswh8k24kgdt7jhug5q2a', 1795902921684)
-- next
INSERT INTO outbox VALUES (19, '["users","user:15e0574a-ffc0-8000-8000-000000000000"]', 'user.created', '{"user_id":"15e0574a-ffc0-8000-8000-000000000000","username":"dina","display_name":"dina","avatar_url":null,"is_banned":false,"is_disabled":false,"version":1,"actor_user_id":"15e0574a-b700-8000-8000-000000000000"}', 'b6yck9rlmj9utwxyqrmb72ui4', 1795902921725)
-- next
INSERT INTO outbox VALUES (20, '["roles","user:15e0574a-ffc0-8000-8000-000000000000"]', 'role.assigned', '{"user_id":"15e0574a-ffc0-8000-8000-000000000000","username":"dina","role_id":"00000000-0000-8000-9400-000000000000","role_name":"member","color":null,"assigned_by":"15e0574a-b700-8000-8000-000000000000","expires_at":null,"actor_user_id":"15e0574a-b700-8000-8000-000000000000"}', 'b6yck9rlmj9utwxyqrmb72ui4', 1795902921728)
-- next
INSERT INTO outbox VALUES (21, '["audit"]', 'audit.entry', '{"id":"15e0574b-0100-8000-8000-000000000000","actor_user_id":"15e0574a-b700-8000-8000-000000000000","action":"role.assign","target_type":"user","target_id":"15e0574a-ffc0-8000-8000-000000000000","result":"success","reason":null,"timestamp":"2026-11-28T21:55:21.732Z","seq":10}', 'b6yck9rlmj9utwxyqrmb72ui4', 1795902921732)
-- next
INSERT INTO outbox VALUES (22, '["audit"]', 'audit.entry', '{"id":"15e0574b-0140-8000-8000-000000000000","actor_user_id":"15e0574a-b700-8000-8000-000000000000","action":"user.create","target_type":"user","target_id":"15e0574a-ffc0-8000-8000-000000000000","result":"success","reason":null,"timestamp":"2026-11-28T21:55:21.733Z","seq":11}', 'b6yck9rlmj9utwxyqrmb72ui4', 1795902921733)
-- next
INSERT INTO outbox VALUES (23, '["roles","user:15e0574a-d9c0-8000-8000-000000000000"]', 'role.assigned', '{"user_id":"15e0574a-d9c0-8000-8000-000000000000","username":"ada","role_id":"00000000-0000-8000-8c00-000000000000","role_name":"mod","color":null,"assigned_by":"15e0574a-b700-8000-8000-000000000000","expires_at":null,"actor_user_id":"15e0574a-b700-8000-8000-000000000000"}', '9eeork7erpjt2fxikizlzq99', 1795902921746)
-- next
INSERT INTO outbox VALUES (24, '["audit"]', 'audit.entry', '{"id":"15e0574b-06c0-8000-8000-000000000000","actor_user_id":"15e0574a-b700-8000-8000-000000000000","action":"role.assign","target_type":"user","target_id":"15e0574a-d9c0-8000-8000-000000000000","result":"success","reason":null,"timestamp":"2026-11-28T21:55:21.755Z","seq":12}', '9eeork7erpjt2fxikizlzq99', 1795902921755)
-- next
INSERT INTO outbox VALUES (25, '["roles"]', 'role.created', '{"role_id":"15e0574b-0980-8000-8000-000000000000","name":"cooks","color":null,"priority":50,"version":1,"diff":{"name":{"from":null,"to":"cooks"},"description":{"from":null,"to":""},"priority":{"from":null,"to":50},"permissions":{"from":null,"to":["chat.read"]},"denied":{"from":null,"to":[]},"inherits":{"from":null,"to":[]}},"actor_user_id":"15e0574a-b700-8000-8000-000000000000"}', '78cxa1ke40araari4td6irx3b', 1795902921764)
-- next
INSERT INTO outbox VALUES (26, '["audit"]', 'audit.entry', '{"id":"15e0574b-0a00-8000-8000-000000000000","actor_user_id":"15e0574a-b700-8000-8000-000000000000","action":"role.create","target_type":"role","target_id":"15e0574b-0980-8000-8000-000000000000","result":"success","reason":null,"timestamp":"2026-11-28T21:55:21.768Z","seq":13}', '78cxa1ke40araari4td6irx3b', 1795902921768)
-- next
INSERT INTO outbox VALUES (27, '["users","user:15e0574a-e640-8000-8000-000000000000"]', 'user.banned', '{"user_id":"15e0574a-e640-8000-8000-000000000000","username":"bob","display_name":"bob","avatar_url":null,"is_banned":true,"is_disabled":false,"version":2,"actor_user_id":"15e0574a-b700-8000-8000-000000000000","banned_until":null}', 'e8aisx8lfcpzbuzqjv0lbmjmz', 1795902921774)
-- next
INSERT INTO outbox VALUES (28, '["audit"]', 'audit.entry', '{"id":"15e0574b-0d80-8000-8000-000000000000","actor_user_id":"15e0574a-b700-8000-8000-000000000000","action":"user.ban","target_type":"user","target_id":"15e0574a-e640-8000-8000-000000000000","result":"success","reason":null,"timestamp":"2026-11-28T21:55:21.782Z","seq":14}', 'e8aisx8lfcpzbuzqjv0lbmjmz', 1795902921782)
-- next
INSERT INTO outbox VALUES (29, '["users","user:15e0574a-ffc0-8000-8000-000000000000"]', 'user.deleted', '{"user_id":"15e0574a-ffc0-8000-8000-000000000000","username":"dina","display_name":"dina","avatar_url":null,"is_banned":false,"is_disabled":false,"version":1,"actor_user_id":"15e0574a-b700-8000-8000-000000000000","hard":false}', '2wtdfuol6kbwxcjf01jvpc633', 1795902921792)
-- next
INSERT INTO outbox VALUES (30, '["audit"]', 'audit.entry', '{"id":"15e0574b-1140-8000-8000-000000000000","actor_user_id":"15e0574a-b700-8000-8000-000000000000","action":"user.delete","target_type":"user","target_id":"15e0574a-ffc0-8000-8000-000000000000","result":"success","reason":null,"timestamp":"2026-11-28T21:55:21.797Z","seq":15}', '2wtdfuol6kbwxcjf01jvpc633', 1795902921797)
-- next
INSERT INTO outbox VALUES (31, '["audit"]', 'audit.entry', '{"id":"15e0574b-12c0-8000-8000-000000000000","actor_user_id":"15e0574a-b700-8000-8000-000000000000","action":"invitation.create","target_type":"invitation","target_id":"15e0574b-1280-8000-8000-000000000000","result":"success","reason":null,"timestamp":"2026-11-28T21:55:21.803Z","seq":16}', '248eqt3hf329x1f6mqepx28jl', 1795902921803)
-- next
INSERT INTO outbox VALUES (32, '["audit"]', 'audit.entry', '{"id":"15e0574b-1500-8000-8000-000000000000","actor_user_id":"15e0574a-b700-8000-8000-000000000000","action":"settings.update","target_type":"settings","target_id":"site","result":"success","reason":null,"timestamp":"2026-11-28T21:55:21.812Z","seq":17}', '5wz72t0lbr70y3d3q4izixlvk', 1795902921812)
-- next
INSERT INTO outbox VALUES (33, '["user:15e0574a-f300-8000-8000-000000000000"]', 'user.permissions_changed', '{"user_id":"15e0574a-f300-8000-8000-000000000000","permission":"chat.write","effect":"deny","actor_user_id":"15e0574a-b700-8000-8000-000000000000"}', 'crz5kzvqf2g1h431pyc59cf6x', 1795902921817)
-- next
INSERT INTO outbox VALUES (34, '["audit"]', 'audit.entry', '{"id":"15e0574b-1740-8000-8000-000000000000","actor_user_id":"15e0574a-b700-8000-8000-000000000000","action":"override.set","target_type":"user","target_id":"15e0574a-f300-8000-8000-000000000000","result":"success","reason":null,"timestamp":"2026-11-28T21:55:21.821Z","seq":18}', 'crz5kzvqf2g1h431pyc59cf6x', 1795902921821)
-- next
INSERT INTO outbox VALUES (35, '["users","user:15e0574a-d9c0-8000-8000-000000000000"]', 'status.changed', '{"user_id":"15e0574a-d9c0-8000-8000-000000000000","status":"dnd","status_message":null,"status_emoji":null,"status_expires_at":null,"activity_name":null,"activity":null,"version":1795902921825}', '6ftpo3qndx4vao6zutchg8rfj', 1795902921825)
-- next
INSERT INTO outbox VALUES (36, '["audit"]', 'audit.entry', '{"id":"15e0574b-19c0-8000-8000-000000000000","actor_user_id":"15e0574a-b700-8000-8000-000000000000","action":"status.update","target_type":"user","target_id":"15e0574a-d9c0-8000-8000-000000000000","result":"success","reason":null,"timestamp":"2026-11-28T21:55:21.831Z","seq":19}', '6ftpo3qndx4vao6zutchg8rfj', 1795902921831)
-- next
INSERT INTO outbox_epoch VALUES (1, 'mx0y8asp1j9dvre')
-- next
INSERT INTO outbox_head VALUES (1, 37)
-- next
INSERT INTO refresh_tokens VALUES ('\xb557c37c548e76761f764c0ac1e11ac7da94683c4fd5b0b2d3c0733dafe71e2f', 1576355848383365120, 1795902921495, 1798494921495, NULL)
-- next
INSERT INTO role_holders VALUES (1576355847989100544, '1,5')
-- next
INSERT INTO role_holders VALUES (1576355848781824000, '5')
-- next
INSERT INTO role_holders VALUES (1576355848995733504, '5')
-- next
INSERT INTO role_holders VALUES (1576355849209643008, '5')
-- next
INSERT INTO role_holders VALUES (1576355848572108800, '3,5')
-- next
INSERT INTO role_sets VALUES ('1,5', 1)
-- next
INSERT INTO role_sets VALUES ('3,5', 1)
-- next
INSERT INTO role_sets VALUES ('5', 3)
-- next
INSERT INTO role_versions VALUES (1, 1, NULL, 1795902921233, '{}', '{"name":"owner","description":"","color":null,"icon":null,"priority":1000,"permissions":["*"],"denied":[],"inherits":[]}')
-- next
INSERT INTO role_versions VALUES (2, 1, NULL, 1795902921233, '{}', '{"name":"admin","description":"","color":null,"icon":null,"priority":900,"permissions":["*"],"denied":[],"inherits":[]}')
-- next
INSERT INTO role_versions VALUES (3, 1, NULL, 1795902921233, '{}', '{"name":"mod","description":"","color":null,"icon":null,"priority":500,"permissions":["users.read","users.update","roles.read","presence.read","presence.manage","presence.history","moderation.*","chat.moderate","chat.mention_everyone","voice.moderate"],"denied":[],"inherits":["00000000-0000-8000-9400-000000000000"]}')
-- next
INSERT INTO role_versions VALUES (4, 1, NULL, 1795902921233, '{}', '{"name":"staff","description":"","color":null,"icon":null,"priority":100,"permissions":["users.read","roles.read","presence.read","analytics.read","moderation.reports"],"denied":[],"inherits":["00000000-0000-8000-9400-000000000000"]}')
-- next
INSERT INTO role_versions VALUES (5, 1, NULL, 1795902921233, '{}', '{"name":"member","description":"","color":null,"icon":null,"priority":10,"permissions":["chat.read","chat.write","voice.join","media.read","media.write","friends.write"],"denied":[],"inherits":["00000000-0000-8000-9800-000000000000"]}')
-- next
INSERT INTO role_versions VALUES (6, 1, NULL, 1795902921233, '{}', '{"name":"guest","description":"","color":null,"icon":null,"priority":0,"permissions":["media.read"],"denied":[],"inherits":[]}')
-- next
INSERT INTO role_versions VALUES (1576355849373220864, 1, 1576355847989100544, 1795902921764, '{"name":{"from":null,"to":"cooks"},"description":{"from":null,"to":""},"priority":{"from":null,"to":50},"permissions":{"from":null,"to":["chat.read"]},"denied":{"from":null,"to":[]},"inherits":{"from":null,"to":[]}}', '{"name":"cooks","description":"","color":null,"icon":null,"priority":50,"permissions":["chat.read"],"denied":[],"inherits":[]}')
-- next
INSERT INTO roles VALUES (1, 'owner', 'owner', '', NULL, NULL, 1000, '["*"]', '[]', '[]', true, NULL, 1, 1795902921233, 1795902921233)
-- next
INSERT INTO roles VALUES (2, 'admin', 'admin', '', NULL, NULL, 900, '["*"]', '[]', '[]', true, NULL, 1, 1795902921233, 1795902921233)
-- next
INSERT INTO roles VALUES (3, 'mod', 'mod', '', NULL, NULL, 500, '["users.read","users.update","roles.read","presence.read","presence.manage","presence.history","moderation.*","chat.moderate","chat.mention_everyone","voice.moderate"]', '[]', '[5]', true, NULL, 1, 1795902921233, 1795902921233)
-- next
INSERT INTO roles VALUES (4, 'staff', 'staff', '', NULL, NULL, 100, '["users.read","roles.read","presence.read","analytics.read","moderation.reports"]', '[]', '[5]', true, NULL, 1, 1795902921233, 1795902921233)
-- next
INSERT INTO roles VALUES (5, 'member', 'member', '', NULL, NULL, 10, '["chat.read","chat.write","voice.join","media.read","media.write","friends.write"]', '[]', '[6]', true, NULL, 1, 1795902921233, 1795902921233)
-- next
INSERT INTO roles VALUES (6, 'guest', 'guest', '', NULL, NULL, 0, '["media.read"]', '[]', '[]', true, NULL, 1, 1795902921233, 1795902921233)
-- next
INSERT INTO roles VALUES (1576355849373220864, 'cooks', 'cooks', '', NULL, NULL, 50, '["chat.read"]', '[]', '[]', false, NULL, 1, 1795902921764, 1795902921764)
-- next
INSERT INTO schema_migrations VALUES ('0001_outbox', 1795902921244, '8ce117f6b2a8a5e1')
-- next
INSERT INTO schema_migrations VALUES ('0008_outbox_front', 1795902921245, 'b3a9c7acc162080c')
-- next
INSERT INTO schema_migrations VALUES ('0002_idempotency', 1795902921248, 'e4716625fc3dc28a')
-- next
INSERT INTO schema_migrations VALUES ('0003_users', 1795902921256, '4704cdc4949751c9')
-- next
INSERT INTO schema_migrations VALUES ('0008_hidden_choice', 1795902921256, 'a07fe5559e322e7b')
-- next
INSERT INTO schema_migrations VALUES ('0009_deleted_users', 1795902921257, 'd7b71ef5b4010a7c')
-- next
INSERT INTO schema_migrations VALUES ('0010_leaving', 1795902921258, '231fd477b88b6ff8')
-- next
INSERT INTO schema_migrations VALUES ('0012_tagged_users', 1795902921259, '016ff5d83fa967e0')
-- next
INSERT INTO schema_migrations VALUES ('0013_name_changes', 1795902921261, '49e647451dacc53a')
-- next
INSERT INTO schema_migrations VALUES ('0004_audit', 1795902921272, 'd87eab1a2b790777')
-- next
INSERT INTO schema_migrations VALUES ('0005_roles', 1795902921290, 'ec45b10034bb2a64')
-- next
INSERT INTO schema_migrations VALUES ('0011_role_sets', 1795902921296, 'b3b16e880037a73a')
-- next
INSERT INTO schema_migrations VALUES ('0007_presence_history', 1795902921299, '76c3e0bc85ebe799')
-- next
INSERT INTO schema_migrations VALUES ('0050_mail_outbox', 1795902921302, 'afdb4623eab8bdc0')
-- next
INSERT INTO schema_migrations VALUES ('0040_sessions', 1795902921315, '18ebcbb97dba26c8')
-- next
INSERT INTO schema_migrations VALUES ('0041_api_keys', 1795902921317, '86d593e1978aa5de')
-- next
INSERT INTO schema_migrations VALUES ('0042_second_factors', 1795902921322, '0b223f3d5d09f617')
-- next
INSERT INTO schema_migrations VALUES ('0043_avatars', 1795902921324, '62adeb696ed401b7')
-- next
INSERT INTO schema_migrations VALUES ('0044_registrations', 1795902921338, '4873d4e7a452b2a0')
-- next
INSERT INTO schema_migrations VALUES ('0045_saved_filters', 1795902921340, '4685e215327731e5')
-- next
INSERT INTO schema_migrations VALUES ('0046_bulk_jobs', 1795902921346, '2642567b26222d59')
-- next
INSERT INTO session_revocation_head VALUES (1, 1)
-- next
INSERT INTO sessions VALUES (1576355848383365120, 1576355847989100544, NULL, 1795902921495, 1795902921495, 1798494921495, '127.0.0.1', 'Python-urllib/3.11', 'Python-urllib/3.11', NULL, NULL)
-- next
INSERT INTO site VALUES ('settings_version', '1')
-- next
INSERT INTO site VALUES ('registration_mode', 'open')
-- next
INSERT INTO user_override_versions VALUES (1576355848995733504, 'chat.write', 1, 1576355847989100544, 1795902921817, 'deny', 'quiet')
-- next
INSERT INTO user_overrides VALUES (1576355848995733504, 'chat.write', 'deny', 'quiet', 1576355847989100544, 1795902921817, 1)
-- next
INSERT INTO user_roles VALUES (1576355848005877760, 1576355847989100544, 5, NULL, 1795902921438, NULL, NULL, NULL, NULL, NULL)
-- next
INSERT INTO user_roles VALUES (1576355848039432192, 1576355847989100544, 1, NULL, 1795902921438, NULL, NULL, NULL, NULL, NULL)
-- next
INSERT INTO user_roles VALUES (1576355848580497408, 1576355848572108800, 5, 1576355847989100544, 1795902921577, NULL, NULL, NULL, NULL, NULL)
-- next
INSERT INTO user_roles VALUES (1576355848794406912, 1576355848781824000, 5, 1576355847989100544, 1795902921627, NULL, NULL, NULL, NULL, NULL)
-- next
INSERT INTO user_roles VALUES (1576355849004122112, 1576355848995733504, 5, 1576355847989100544, 1795902921677, NULL, NULL, NULL, NULL, NULL)
-- next
INSERT INTO user_roles VALUES (1576355849213837312, 1576355849209643008, 5, 1576355847989100544, 1795902921728, NULL, NULL, NULL, NULL, NULL)
-- next
INSERT INTO user_roles VALUES (1576355849306112000, 1576355848572108800, 3, 1576355847989100544, 1795902921746, NULL, NULL, NULL, NULL, NULL)
-- next
INSERT INTO users VALUES (1576355847989100544, 'owner', 'owner', 'owner
owner', '\x015c58ae0cfb548ff5043ea9f109e09deed2fa380a6d15837f341b8a3fd9bac0c859346c51eec9a398c835f01140bdc9d184ac558be8fb9b3ce80e96', '\x50de83136343bce84d8db7ae59035c6dd0cb0281ccb64f895665768bfe8d13a2', NULL, NULL, 'en', 'online', NULL, NULL, NULL, NULL, NULL, 0, NULL, '[]', false, NULL, NULL, false, NULL, '$argon2id$v=19$m=19456,t=2,p=1$gDE9sf9CHGJ6br4PsTJ5Qw$VE781UtqGDOO+qoYai0Yo0UZIZeQvwZqYV+sQ4pGwL8', 1795902921430, 1795902921430, 1, NULL, NULL, NULL)
-- next
INSERT INTO users VALUES (1576355848995733504, 'cleo', 'cleo', 'cleo
cleo', '\x01c10c2c0189008058772df4e333e657707649008e71e7067ce64e38ee5cc0527802d7cd4dcd7cb9689e3b0e68c253bc6f562bbdc2a31fdda2540a', '\x081c5b4767537576e2929ca953d91b4179fa20b55c6269d150aebbdf398e82b8', NULL, NULL, 'en', 'online', NULL, NULL, NULL, NULL, NULL, 0, NULL, '["fixture"]', false, NULL, NULL, false, NULL, '$argon2id$v=19$m=19456,t=2,p=1$ksYGV/3BaukCCGium2sUug$msNQMIL6D4dDA0qh96MGqONFvEhEqucuOlij1rgteVM', 1795902921674, 1795902921674, 1, NULL, NULL, NULL)
-- next
INSERT INTO users VALUES (1576355848781824000, 'bob', 'bob', 'bob
bob', '\x01a45d721541a5ef2e10d2ed38a8f536a1748e0d4581cc8c9ff1c7d049f053344f4bb6f1b6f2f5d1f5086f6c2be86e778d81086f8cd5916f4317', '\xaaa6f382656e61db4e9bfb9afc6bd4c1c450ef5173561c705ebcff7b2e5bc18e', NULL, NULL, 'en', 'online', NULL, NULL, NULL, NULL, NULL, 0, NULL, '["fixture"]', true, NULL, 'spam', false, NULL, '$argon2id$v=19$m=19456,t=2,p=1$GJwdOP0vTJ5YU5YLeU41zg$TxtMUOveTLw3K4PIp5Tz92rFW2DyLwUOdlXCf9rqvZ4', 1795902921623, 1795902921774, 2, NULL, NULL, NULL)
-- next
INSERT INTO users VALUES (1576355849209643008, 'dina', 'dina', 'dina
dina', '\x01866be3a706c3863832c0d7d8f55bb3f3588deb31d046e89a7c8d996140133628a4f01036d3b6064b385a36bde95c6e98a923226280ef1afe3228', '\x742d6b5536b6ada3bb267162371a8254bb88878a6cce0ed74c8c424cf98a0fbd', NULL, NULL, 'en', 'online', NULL, NULL, NULL, NULL, NULL, 0, NULL, '["fixture"]', false, NULL, NULL, false, 1795902921792, '$argon2id$v=19$m=19456,t=2,p=1$sh0w42xDKenPxdD+FjX2Dg$wAAdrMlag7mn/CcYlQYnnKW8sUmKR2CH/Mw+d4SzKiU', 1795902921725, 1795902921792, 2, NULL, NULL, NULL)
-- next
INSERT INTO users VALUES (1576355848572108800, 'ada', 'ada', 'ada
ada', '\x017f4f519fd9645bbb580f446eaa84decee8f0b83bef5289d9baaa9d2a9407149132819bb581373285a0131b2abc6161c5a287e687d7e6b7f04e', '\x40f5ea10ae44fcc5cf3323de3063beae53ce1f4dcd33a337719c81d4d9d9fd27', NULL, NULL, 'en', 'dnd', NULL, NULL, NULL, NULL, NULL, 1795902921839, NULL, '["fixture"]', false, NULL, NULL, false, NULL, '$argon2id$v=19$m=19456,t=2,p=1$c8cuw30wvvvnsfYymWl5DQ$4v2H4wuSIqoILFt6j2zSeEJkLZ1Prx0pZoofhay9/S0', 1795902921573, 1795902921825, 1, NULL, NULL, NULL)
-- next
ALTER TABLE ONLY access_log
    ADD CONSTRAINT access_log_pkey PRIMARY KEY (id)
-- next
ALTER TABLE ONLY api_keys
    ADD CONSTRAINT api_keys_pkey PRIMARY KEY (id)
-- next
ALTER TABLE ONLY audit_chains
    ADD CONSTRAINT audit_chains_pkey PRIMARY KEY (chain_id)
-- next
ALTER TABLE ONLY audit_denials
    ADD CONSTRAINT audit_denials_pkey PRIMARY KEY (minute, actor_user_id, action, target_id)
-- next
ALTER TABLE ONLY audit_log
    ADD CONSTRAINT audit_log_chain_id_seq_key UNIQUE (chain_id, seq)
-- next
ALTER TABLE ONLY audit_log
    ADD CONSTRAINT audit_log_pkey PRIMARY KEY (id)
-- next
ALTER TABLE ONLY authz_state
    ADD CONSTRAINT authz_state_pkey PRIMARY KEY (id)
-- next
ALTER TABLE ONLY avatars
    ADD CONSTRAINT avatars_pkey PRIMARY KEY (user_id)
-- next
ALTER TABLE ONLY avatars
    ADD CONSTRAINT avatars_token_key UNIQUE (token)
-- next
ALTER TABLE ONLY bulk_items
    ADD CONSTRAINT bulk_items_pkey PRIMARY KEY (job_id, user_id)
-- next
ALTER TABLE ONLY bulk_jobs
    ADD CONSTRAINT bulk_jobs_pkey PRIMARY KEY (id)
-- next
ALTER TABLE ONLY idempotency_keys
    ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY (principal, route, key)
-- next
ALTER TABLE ONLY invitations
    ADD CONSTRAINT invitations_hash_key UNIQUE (hash)
-- next
ALTER TABLE ONLY invitations
    ADD CONSTRAINT invitations_pkey PRIMARY KEY (id)
-- next
ALTER TABLE ONLY known_addresses
    ADD CONSTRAINT known_addresses_pkey PRIMARY KEY (user_id, address)
-- next
ALTER TABLE ONLY mail_outbox
    ADD CONSTRAINT mail_outbox_pkey PRIMARY KEY (id)
-- next
ALTER TABLE ONLY mail_tokens
    ADD CONSTRAINT mail_tokens_pkey PRIMARY KEY (hash)
-- next
ALTER TABLE ONLY mail_wishes
    ADD CONSTRAINT mail_wishes_pkey PRIMARY KEY (id)
-- next
ALTER TABLE ONLY name_changes_head
    ADD CONSTRAINT name_changes_head_pkey PRIMARY KEY (id)
-- next
ALTER TABLE ONLY name_changes
    ADD CONSTRAINT name_changes_pkey PRIMARY KEY (number)
-- next
ALTER TABLE ONLY nodes
    ADD CONSTRAINT nodes_pkey PRIMARY KEY (id)
-- next
ALTER TABLE ONLY outbox_epoch
    ADD CONSTRAINT outbox_epoch_pkey PRIMARY KEY (id)
-- next
ALTER TABLE ONLY outbox_head
    ADD CONSTRAINT outbox_head_pkey PRIMARY KEY (id)
-- next
ALTER TABLE ONLY outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (event_offset)
-- next
ALTER TABLE ONLY presence_history
    ADD CONSTRAINT presence_history_pkey PRIMARY KEY (id)
-- next
ALTER TABLE ONLY recovery_codes
    ADD CONSTRAINT recovery_codes_pkey PRIMARY KEY (user_id, hash)
-- next
ALTER TABLE ONLY refresh_tokens
    ADD CONSTRAINT refresh_tokens_pkey PRIMARY KEY (hash)
-- next
ALTER TABLE ONLY registrations
    ADD CONSTRAINT registrations_pkey PRIMARY KEY (id)
-- next
ALTER TABLE ONLY role_holders
    ADD CONSTRAINT role_holders_pkey PRIMARY KEY (user_id)
-- next
ALTER TABLE ONLY role_sets
    ADD CONSTRAINT role_sets_pkey PRIMARY KEY (roles)
-- next
ALTER TABLE ONLY role_versions
    ADD CONSTRAINT role_versions_pkey PRIMARY KEY (role_id, version)
-- next
ALTER TABLE ONLY roles
    ADD CONSTRAINT roles_pkey PRIMARY KEY (id)
-- next
ALTER TABLE ONLY rules_acceptances
    ADD CONSTRAINT rules_acceptances_pkey PRIMARY KEY (user_id, version)
-- next
ALTER TABLE ONLY saved_filters
    ADD CONSTRAINT saved_filters_pkey PRIMARY KEY (user_id)
-- next
ALTER TABLE ONLY schema_migrations
    ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (name)
-- next
ALTER TABLE ONLY session_revocation_head
    ADD CONSTRAINT session_revocation_head_pkey PRIMARY KEY (id)
-- next
ALTER TABLE ONLY session_revocations
    ADD CONSTRAINT session_revocations_pkey PRIMARY KEY (seq)
-- next
ALTER TABLE ONLY sessions
    ADD CONSTRAINT sessions_cookie_hash_key UNIQUE (cookie_hash)
-- next
ALTER TABLE ONLY sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (id)
-- next
ALTER TABLE ONLY setup_tokens
    ADD CONSTRAINT setup_tokens_pkey PRIMARY KEY (hash)
-- next
ALTER TABLE ONLY site
    ADD CONSTRAINT site_pkey PRIMARY KEY (name)
-- next
ALTER TABLE ONLY site_rules
    ADD CONSTRAINT site_rules_pkey PRIMARY KEY (version)
-- next
ALTER TABLE ONLY totp_factors
    ADD CONSTRAINT totp_factors_pkey PRIMARY KEY (user_id)
-- next
ALTER TABLE ONLY user_override_versions
    ADD CONSTRAINT user_override_versions_pkey PRIMARY KEY (user_id, permission, version)
-- next
ALTER TABLE ONLY user_overrides
    ADD CONSTRAINT user_overrides_pkey PRIMARY KEY (user_id, permission)
-- next
ALTER TABLE ONLY user_roles
    ADD CONSTRAINT user_roles_pkey PRIMARY KEY (id)
-- next
ALTER TABLE ONLY users
    ADD CONSTRAINT users_email_blind_key UNIQUE (email_blind)
-- next
ALTER TABLE ONLY users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id)
-- next
ALTER TABLE ONLY users
    ADD CONSTRAINT users_username_key UNIQUE (username)
-- next
CREATE INDEX access_log_user ON access_log USING btree (user_id, id)
-- next
CREATE INDEX api_keys_user ON api_keys USING btree (user_id, id)
-- next
CREATE INDEX audit_log_action ON audit_log USING btree (action, id)
-- next
CREATE INDEX audit_log_actor ON audit_log USING btree (actor_user_id, id)
-- next
CREATE INDEX audit_log_failures ON audit_log USING btree (id) WHERE (result = 'fail'::text)
-- next
CREATE INDEX audit_log_target ON audit_log USING btree (target_id, id)
-- next
CREATE INDEX bulk_items_failed ON bulk_items USING btree (job_id, user_id) WHERE (outcome = 'failed'::text)
-- next
CREATE INDEX bulk_items_waiting ON bulk_items USING btree (job_id, user_id) WHERE (outcome IS NULL)
-- next
CREATE INDEX bulk_jobs_author ON bulk_jobs USING btree (author_id, id)
-- next
CREATE INDEX bulk_jobs_ended_at ON bulk_jobs USING btree (ended_at)
-- next
CREATE INDEX bulk_jobs_state ON bulk_jobs USING btree (state, created_at)
-- next
CREATE INDEX idempotency_keys_created_at ON idempotency_keys USING btree (created_at)
-- next
CREATE INDEX mail_outbox_failed_at ON mail_outbox USING btree (failed_at)
-- next
CREATE INDEX mail_outbox_next_attempt_at ON mail_outbox USING btree (next_attempt_at)
-- next
CREATE INDEX mail_tokens_expires_at ON mail_tokens USING btree (expires_at)
-- next
CREATE INDEX mail_tokens_subject ON mail_tokens USING btree (subject_id)
-- next
CREATE INDEX presence_history_at ON presence_history USING btree (at)
-- next
CREATE INDEX presence_history_user ON presence_history USING btree (user_id, id)
-- next
CREATE INDEX refresh_tokens_session ON refresh_tokens USING btree (session_id)
-- next
CREATE INDEX registrations_email ON registrations USING btree (email_blind, id)
-- next
CREATE INDEX registrations_expires_at ON registrations USING btree (expires_at)
-- next
CREATE INDEX registrations_names ON registrations USING btree (username, id)
-- next
CREATE INDEX registrations_state ON registrations USING btree (state, id)
-- next
CREATE UNIQUE INDEX registrations_username ON registrations USING btree (username) WHERE (state <> 'refused'::text)
-- next
CREATE INDEX role_holders_roles ON role_holders USING btree (roles, user_id)
-- next
CREATE UNIQUE INDEX roles_name ON roles USING btree (name_folded) WHERE (deleted_at IS NULL)
-- next
CREATE INDEX roles_priority ON roles USING btree (priority, id)
-- next
CREATE INDEX session_revocations_created_at ON session_revocations USING btree (created_at)
-- next
CREATE INDEX sessions_expires_at ON sessions USING btree (expires_at)
-- next
CREATE INDEX sessions_user ON sessions USING btree (user_id, id)
-- next
CREATE INDEX user_overrides_permission ON user_overrides USING btree (permission, effect)
-- next
CREATE UNIQUE INDEX user_roles_active ON user_roles USING btree (user_id, role_id) WHERE (revoked_at IS NULL)
-- next
CREATE INDEX user_roles_expiry ON user_roles USING btree (expires_at) WHERE ((revoked_at IS NULL) AND (expires_at IS NOT NULL))
-- next
CREATE INDEX user_roles_history ON user_roles USING btree (user_id, revoked_at, assigned_at)
-- next
CREATE INDEX user_roles_holders ON user_roles USING btree (role_id, user_id, expires_at) WHERE (revoked_at IS NULL)
-- next
CREATE INDEX users_activity_name ON users USING btree (activity_name, id)
-- next
CREATE INDEX users_created_at ON users USING btree (created_at, id)
-- next
CREATE INDEX users_deleted ON users USING btree (deleted_at) WHERE (deleted_at IS NOT NULL)
-- next
CREATE INDEX users_is_banned ON users USING btree (is_banned, banned_until)
-- next
CREATE INDEX users_last_seen_at ON users USING btree (last_seen_at, id)
-- next
CREATE INDEX users_left_at ON users USING btree (left_at) WHERE (left_at IS NOT NULL)
-- next
CREATE INDEX users_seen ON users USING btree (COALESCE(last_seen_at, (0)::bigint), id)
-- next
CREATE INDEX users_tagged ON users USING btree (id) WHERE (tags <> '[]'::text)
-- next
CREATE TRIGGER audit_log_never_changes BEFORE DELETE OR UPDATE ON audit_log FOR EACH ROW EXECUTE FUNCTION audit_log_is_append_only()
-- next
CREATE TRIGGER audit_log_never_empties BEFORE TRUNCATE ON audit_log FOR EACH STATEMENT EXECUTE FUNCTION audit_log_is_append_only()
-- next
CREATE TRIGGER role_sets_follow_delete AFTER DELETE ON user_roles REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION role_sets_follow()
-- next
CREATE TRIGGER role_sets_follow_insert AFTER INSERT ON user_roles REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION role_sets_follow()
-- next
CREATE TRIGGER role_sets_follow_update AFTER UPDATE ON user_roles REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION role_sets_follow()
-- next
CREATE TRIGGER user_roles_keep_their_person BEFORE UPDATE OF user_id ON user_roles FOR EACH ROW EXECUTE FUNCTION user_roles_keep_their_person()
-- next
ALTER TABLE ONLY api_keys
    ADD CONSTRAINT api_keys_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
-- next
ALTER TABLE ONLY avatars
    ADD CONSTRAINT avatars_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
-- next
ALTER TABLE ONLY bulk_jobs
    ADD CONSTRAINT bulk_jobs_author_id_fkey FOREIGN KEY (author_id) REFERENCES users(id) ON DELETE CASCADE
-- next
ALTER TABLE ONLY known_addresses
    ADD CONSTRAINT known_addresses_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
-- next
ALTER TABLE ONLY recovery_codes
    ADD CONSTRAINT recovery_codes_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
-- next
ALTER TABLE ONLY refresh_tokens
    ADD CONSTRAINT refresh_tokens_session_id_fkey FOREIGN KEY (session_id) REFERENCES sessions(id) ON DELETE CASCADE
-- next
ALTER TABLE ONLY role_versions
    ADD CONSTRAINT role_versions_role_id_fkey FOREIGN KEY (role_id) REFERENCES roles(id)
-- next
ALTER TABLE ONLY rules_acceptances
    ADD CONSTRAINT rules_acceptances_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
-- next
ALTER TABLE ONLY saved_filters
    ADD CONSTRAINT saved_filters_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
-- next
ALTER TABLE ONLY sessions
    ADD CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
-- next
ALTER TABLE ONLY totp_factors
    ADD CONSTRAINT totp_factors_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
-- next
ALTER TABLE ONLY user_override_versions
    ADD CONSTRAINT user_override_versions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id)
-- next
ALTER TABLE ONLY user_overrides
    ADD CONSTRAINT user_overrides_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id)
-- next
ALTER TABLE ONLY user_roles
    ADD CONSTRAINT user_roles_role_id_fkey FOREIGN KEY (role_id) REFERENCES roles(id)
-- next
ALTER TABLE ONLY user_roles
    ADD CONSTRAINT user_roles_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id)
