CREATE TABLE access_log (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL,
    method TEXT NOT NULL,
    route TEXT NOT NULL,
    path TEXT NOT NULL,
    status INTEGER NOT NULL,
    ip TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    request_id TEXT NOT NULL) STRICT
-- next
CREATE TABLE api_keys (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    hash BLOB NOT NULL,
    previous_hash BLOB,
    previous_expires_at INTEGER,
    created_at INTEGER NOT NULL,
    rotated_at INTEGER,
    last_used_at INTEGER,
    expires_at INTEGER,
    version INTEGER NOT NULL) STRICT
-- next
CREATE TABLE audit_chains (chain_id INTEGER PRIMARY KEY, seq INTEGER NOT NULL, hash BLOB NOT NULL) STRICT
-- next
CREATE TABLE audit_denials (minute INTEGER NOT NULL, actor_user_id INTEGER NOT NULL, action TEXT NOT NULL, target_id TEXT NOT NULL,
    PRIMARY KEY (minute, actor_user_id, action, target_id)) STRICT
-- next
CREATE TABLE audit_log (
    id INTEGER PRIMARY KEY,
    chain_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    actor_user_id INTEGER,
    action TEXT NOT NULL,
    target_type TEXT,
    target_id TEXT,
    payload TEXT NOT NULL,
    result TEXT NOT NULL CHECK (result IN ('success', 'fail')),
    reason TEXT,
    timestamp INTEGER NOT NULL,
    ip TEXT,
    user_agent TEXT,
    request_id TEXT,
    prev_hash BLOB NOT NULL,
    hash BLOB NOT NULL,
    signature BLOB,
    key_id TEXT,
    UNIQUE (chain_id, seq)) STRICT
-- next
CREATE TABLE authz_state (id INTEGER PRIMARY KEY, version INTEGER NOT NULL, roles_version INTEGER NOT NULL) STRICT
-- next
CREATE TABLE avatars (
    user_id INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    token TEXT NOT NULL UNIQUE,
    small BLOB NOT NULL,
    large BLOB NOT NULL,
    created_at INTEGER NOT NULL) STRICT
-- next
CREATE TABLE bulk_items (job_id INTEGER NOT NULL, user_id INTEGER NOT NULL, outcome TEXT, fault TEXT, PRIMARY KEY (job_id, user_id)) STRICT
-- next
CREATE TABLE bulk_jobs (
    id INTEGER PRIMARY KEY,
    author_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    spec TEXT NOT NULL,
    undoes INTEGER,
    state TEXT NOT NULL,
    total INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    unchanged INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    ended_at INTEGER,
    undone_by INTEGER,
    request_id TEXT NOT NULL,
    address TEXT NOT NULL,
    user_agent TEXT NOT NULL) STRICT
-- next
CREATE TABLE idempotency_keys (principal INTEGER NOT NULL, route TEXT NOT NULL, key TEXT NOT NULL, body_hash TEXT NOT NULL,
    status INTEGER NOT NULL, headers TEXT NOT NULL, body BLOB NOT NULL, secret_id TEXT, created_at INTEGER NOT NULL,
    PRIMARY KEY (principal, route, key)) STRICT
-- next
CREATE TABLE invitations (
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    created_by INTEGER NOT NULL,
    note TEXT,
    roles TEXT NOT NULL,
    max_uses INTEGER,
    uses INTEGER NOT NULL CHECK (uses >= 0 AND (max_uses IS NULL OR uses <= max_uses)),
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER) STRICT
-- next
CREATE TABLE known_addresses (user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE, address BLOB NOT NULL,
    last_used_at INTEGER NOT NULL, otp_failures INTEGER NOT NULL DEFAULT 0, otp_failed_at INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (user_id, address)) STRICT
-- next
CREATE TABLE mail_outbox (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    email_cipher BLOB,
    content BLOB,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    next_attempt_at INTEGER,
    failed_at INTEGER,
    failure TEXT) STRICT
-- next
CREATE TABLE mail_tokens (hash BLOB PRIMARY KEY, purpose TEXT NOT NULL, subject_id INTEGER NOT NULL, email_blind BLOB NOT NULL,
    email_cipher BLOB, expires_at INTEGER NOT NULL) STRICT
-- next
CREATE TABLE mail_wishes (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, email_cipher BLOB NOT NULL, request_id TEXT NOT NULL,
    created_at INTEGER NOT NULL) STRICT
-- next
CREATE TABLE name_changes (number INTEGER PRIMARY KEY, user_id INTEGER NOT NULL) STRICT
-- next
CREATE TABLE name_changes_head (id INTEGER PRIMARY KEY, number INTEGER NOT NULL) STRICT
-- next
CREATE TABLE nodes (id INTEGER PRIMARY KEY, holder TEXT NOT NULL, lease_until INTEGER NOT NULL, clock_high INTEGER NOT NULL) STRICT
-- next
CREATE TABLE outbox (event_offset INTEGER PRIMARY KEY, topics TEXT NOT NULL, type TEXT NOT NULL, members TEXT NOT NULL,
    request_id TEXT NOT NULL, created_at INTEGER NOT NULL) STRICT
-- next
CREATE TABLE outbox_epoch (id INTEGER PRIMARY KEY, epoch TEXT NOT NULL) STRICT
-- next
CREATE TABLE outbox_head (id INTEGER PRIMARY KEY, next_offset INTEGER NOT NULL) STRICT
-- next
CREATE TABLE presence_history (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, from_status TEXT NOT NULL, to_status TEXT NOT NULL,
    cause TEXT NOT NULL, at INTEGER NOT NULL) STRICT
-- next
CREATE TABLE recovery_codes (user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE, hash BLOB NOT NULL,
    PRIMARY KEY (user_id, hash)) STRICT
-- next
CREATE TABLE refresh_tokens (
    hash BLOB PRIMARY KEY,
    session_id INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER) STRICT
-- next
CREATE TABLE registrations (
    id INTEGER PRIMARY KEY,
    username TEXT NOT NULL,
    display_name TEXT,
    email_cipher BLOB NOT NULL,
    email_blind BLOB NOT NULL,
    locale TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('unverified', 'pending', 'refused')),
    needs_approval INTEGER NOT NULL,
    invitation_id INTEGER,
    message TEXT,
    rules_version INTEGER,
    ip TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    verified_at INTEGER,
    expires_at INTEGER,
    decided_by INTEGER,
    decided_at INTEGER,
    reason TEXT) STRICT
-- next
CREATE TABLE role_holders (user_id INTEGER PRIMARY KEY, roles TEXT NOT NULL) STRICT
-- next
CREATE TABLE role_sets (roles TEXT NOT NULL PRIMARY KEY, member_count INTEGER NOT NULL) STRICT
-- next
CREATE TABLE role_versions (
    role_id INTEGER NOT NULL REFERENCES roles (id),
    version INTEGER NOT NULL,
    actor_user_id INTEGER,
    at INTEGER NOT NULL,
    diff TEXT NOT NULL,
    snapshot TEXT NOT NULL,
    PRIMARY KEY (role_id, version)) STRICT
-- next
CREATE TABLE roles (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    description TEXT NOT NULL,
    color TEXT,
    icon TEXT,
    priority INTEGER NOT NULL CHECK (priority BETWEEN 0 AND 1000),
    permissions TEXT NOT NULL,
    denied TEXT NOT NULL,
    inherits TEXT NOT NULL,
    is_system INTEGER NOT NULL,
    deleted_at INTEGER,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL) STRICT
-- next
CREATE TABLE rules_acceptances (user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE, version INTEGER NOT NULL,
    accepted_at INTEGER NOT NULL, PRIMARY KEY (user_id, version)) STRICT
-- next
CREATE TABLE saved_filters (
    user_id INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    filters TEXT NOT NULL,
    version INTEGER NOT NULL) STRICT
-- next
CREATE TABLE schema_migrations (name TEXT PRIMARY KEY, applied_at INTEGER NOT NULL, checksum TEXT NOT NULL) STRICT
-- next
CREATE TABLE session_revocation_head (id INTEGER PRIMARY KEY, next_seq INTEGER NOT NULL) STRICT
-- next
CREATE TABLE session_revocations (seq INTEGER PRIMARY KEY, session_id INTEGER NOT NULL, user_id INTEGER NOT NULL, reason TEXT NOT NULL,
    created_at INTEGER NOT NULL) STRICT
-- next
CREATE TABLE sessions (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    cookie_hash BLOB UNIQUE,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    ip TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    label TEXT NOT NULL,
    revoked_at INTEGER,
    revoke_reason TEXT) STRICT
-- next
CREATE TABLE setup_tokens (hash BLOB PRIMARY KEY, created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL) STRICT
-- next
CREATE TABLE site (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT
-- next
CREATE TABLE site_rules (version INTEGER PRIMARY KEY, english TEXT NOT NULL, french TEXT NOT NULL, created_by INTEGER,
    created_at INTEGER NOT NULL) STRICT
-- next
CREATE TABLE totp_factors (
    user_id INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    secret BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    confirmed_at INTEGER,
    last_step INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    failed_at INTEGER NOT NULL) STRICT
-- next
CREATE TABLE user_override_versions (
    user_id INTEGER NOT NULL REFERENCES users (id),
    permission TEXT NOT NULL,
    version INTEGER NOT NULL,
    actor_user_id INTEGER,
    at INTEGER NOT NULL,
    effect TEXT,
    reason TEXT,
    PRIMARY KEY (user_id, permission, version)) STRICT
-- next
CREATE TABLE user_overrides (
    user_id INTEGER NOT NULL REFERENCES users (id),
    permission TEXT NOT NULL,
    effect TEXT NOT NULL CHECK (effect IN ('allow', 'deny')),
    reason TEXT,
    set_by INTEGER,
    set_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (user_id, permission)) STRICT
-- next
CREATE TABLE user_roles (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users (id),
    role_id INTEGER NOT NULL REFERENCES roles (id),
    assigned_by INTEGER,
    assigned_at INTEGER NOT NULL,
    reason TEXT,
    expires_at INTEGER,
    revoked_by INTEGER,
    revoked_at INTEGER,
    revoke_reason TEXT) STRICT
-- next
CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    username TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    search_name TEXT NOT NULL DEFAULT '',
    email_cipher BLOB,
    email_blind BLOB UNIQUE,
    avatar_url TEXT,
    bio TEXT,
    locale TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('online', 'idle', 'dnd', 'invisible')),
    status_message TEXT,
    status_emoji TEXT,
    status_expires_at INTEGER,
    activity TEXT,
    activity_name TEXT,
    presence_version INTEGER NOT NULL,
    last_seen_at INTEGER,
    tags TEXT NOT NULL,
    is_banned INTEGER NOT NULL,
    banned_until INTEGER,
    ban_reason TEXT,
    is_disabled INTEGER NOT NULL,
    deleted_at INTEGER,
    password_hash TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL, hidden_choice TEXT, email_verified_at INTEGER, left_at INTEGER) STRICT
-- next
INSERT INTO "access_log" VALUES(1576355834336641024,1576355833778798592,'POST','/users','/api/v1/users',201,'127.0.0.1','Python-urllib/3.11','8fqj52xqpqk65abblaa4shfkl')
-- next
INSERT INTO "access_log" VALUES(1576355834504413184,1576355833778798592,'POST','/users','/api/v1/users',201,'127.0.0.1','Python-urllib/3.11','1u2z25odyn8ikz4k852qxofut')
-- next
INSERT INTO "access_log" VALUES(1576355834701545472,1576355833778798592,'POST','/users','/api/v1/users',201,'127.0.0.1','Python-urllib/3.11','1hxyub3w8rndz8zij7op9o67f')
-- next
INSERT INTO "access_log" VALUES(1576355834860929024,1576355833778798592,'POST','/users','/api/v1/users',201,'127.0.0.1','Python-urllib/3.11','dgdnoh4i85hwps1u0jm7t6csj')
-- next
INSERT INTO "access_log" VALUES(1576355834869317632,1576355833778798592,'POST','/users/{id}/roles','/api/v1/users/u_ada/roles',422,'127.0.0.1','Python-urllib/3.11','11umfcoy2eon247hbvvnvrtzp')
-- next
INSERT INTO "access_log" VALUES(1576355834890289152,1576355833778798592,'POST','/users/{id}/roles','/api/v1/users/u_ada/roles',200,'127.0.0.1','Python-urllib/3.11','15rjkdzm428k1qgsbxai82gr3')
-- next
INSERT INTO "access_log" VALUES(1576355834911260672,1576355833778798592,'POST','/roles','/api/v1/roles',201,'127.0.0.1','Python-urllib/3.11','axdhwk5maoo2pjkqkqx48n4s2')
-- next
INSERT INTO "access_log" VALUES(1576355834936426496,1576355833778798592,'POST','/users/{id}/ban','/api/v1/users/u_bob/ban',200,'127.0.0.1','Python-urllib/3.11','2jgruh6xdgylmp6b0q1xy5va5')
-- next
INSERT INTO "access_log" VALUES(1576355834953203712,1576355833778798592,'DELETE','/users/{id}','/api/v1/users/u_dina',204,'127.0.0.1','Python-urllib/3.11','bl3qthb7qmkw3csrd1s7bi2k2')
-- next
INSERT INTO "access_log" VALUES(1576355834974175232,1576355833778798592,'POST','/invitations','/api/v1/invitations',201,'127.0.0.1','Python-urllib/3.11','c02ad1y24rkzz7y5l6gpee83i')
-- next
INSERT INTO "access_log" VALUES(1576355834990952448,1576355833778798592,'PATCH','/settings','/api/v1/settings',200,'127.0.0.1','Python-urllib/3.11','3rtorh0yfnr1dioerrpnsfw6c')
-- next
INSERT INTO "access_log" VALUES(1576355835011923968,1576355833778798592,'PUT','/users/{id}/overrides/{permission}','/api/v1/users/u_cleo/overrides/chat.write',200,'127.0.0.1','Python-urllib/3.11','293a8kc1r90wkpckrod3aqbw3')
-- next
INSERT INTO "access_log" VALUES(1576355835037089792,1576355833778798592,'POST','/users/{id}/status','/api/v1/users/u_ada/status',200,'127.0.0.1','Python-urllib/3.11','5r6mhzipvh5wwyeko4b3ltth8')
-- next
INSERT INTO "access_log" VALUES(1576355835049672704,1576355833778798592,'GET','/users/{id}','/api/v1/users/u_ada',200,'127.0.0.1','Python-urllib/3.11','9fre8akdskwnm9xqw3ic5bulj')
-- next
INSERT INTO "access_log" VALUES(1576355835062255616,1576355833778798592,'GET','/users/{id}','/api/v1/users/u_cleo',200,'127.0.0.1','Python-urllib/3.11','7uw6ub7vjt93osdtvhr0k9v3b')
-- next
INSERT INTO "access_log" VALUES(1576355835074838528,1576355833778798592,'POST','/users/bulk','/api/v1/users/bulk',201,'127.0.0.1','Python-urllib/3.11','cz6vnbehj1jdiq16y4qntgxao')
-- next
INSERT INTO "audit_chains" VALUES(0,19,X'E4CCB66DE743C8295521F5C451681B04193F380B7DA51F028E58597AD2D1666D')
-- next
INSERT INTO "audit_log" VALUES(1576355833787187200,0,1,NULL,'role.assign','user','15e05747-6800-8000-8000-000000000000','{"before":null,"after":{"role_id":"00000000-0000-8000-9400-000000000000","role":"member","expires_at":null}}','success',NULL,1795902918050,NULL,NULL,'start',X'7AC14589B260A256581972152EA7F2F49DAE17507AB820B70907EE7937684BA1',X'A8D92468D16FEC7E885B5D4B5BAA9BBF2A87E2689BDA0A4CF85B845EAF0E335E',NULL,NULL)
-- next
INSERT INTO "audit_log" VALUES(1576355833787187202,0,2,NULL,'role.assign','user','15e05747-6800-8000-8000-000000000000','{"before":null,"after":{"role_id":"00000000-0000-8000-8400-000000000000","role":"owner","expires_at":null}}','success',NULL,1795902918050,NULL,NULL,'start',X'A8D92468D16FEC7E885B5D4B5BAA9BBF2A87E2689BDA0A4CF85B845EAF0E335E',X'340F8C81D6876DE0755725E8165A1DC69BD0C4FE19C576C0277A213F17FD9512',X'6EFE71C5E7E9AD524FBD9EB173B63812150BBF1B0925836C66C113D865AF08BA5FD4770DCEE0066421A6D6D0843119EC6DEC8FC5CA74F1B251A0A8F6C6156B02','1d4c63e581a7260b')
-- next
INSERT INTO "audit_log" VALUES(1576355834114342912,0,3,1576355833778798592,'auth.login','user','15e05747-6800-8000-8000-000000000000','{"after":{"session_id":"15e05747-7bc0-8000-8000-000000000000"}}','success',NULL,1795902918128,'127.0.0.1','Python-urllib/3.11','9lj69y8dnmhxryg90fdh8xsyn',X'340F8C81D6876DE0755725E8165A1DC69BD0C4FE19C576C0277A213F17FD9512',X'B7CCC2EFD8CC31371822D5B7949749D1F3AAC3A2E50CB84864B14FDB0A0C9EC5',X'6F32CC3E564B51FEBF3A795BC7161E6C645193A25B35642BBA4858E42470890B8A209C080B470C80D626BF47AC7121ECE0CBB523ACE8CFE8C5ACC3BFFD339F01','1d4c63e581a7260b')
-- next
INSERT INTO "audit_log" VALUES(1576355834319863809,0,4,1576355833778798592,'role.assign','user','15e05747-8800-8000-8000-000000000000','{"before":null,"after":{"role_id":"00000000-0000-8000-9400-000000000000","role":"member","expires_at":null}}','success',NULL,1795902918177,'127.0.0.1','Python-urllib/3.11','8fqj52xqpqk65abblaa4shfkl',X'B7CCC2EFD8CC31371822D5B7949749D1F3AAC3A2E50CB84864B14FDB0A0C9EC5',X'908D730FD5E4F1733592A93119BC16E994BAE4242A3854EDB66FC17499F8DB34',NULL,NULL)
-- next
INSERT INTO "audit_log" VALUES(1576355834319863810,0,5,1576355833778798592,'user.create','user','15e05747-8800-8000-8000-000000000000','{"before":null,"after":{"username":"ada","display_name":"ada"}}','success',NULL,1795902918177,'127.0.0.1','Python-urllib/3.11','8fqj52xqpqk65abblaa4shfkl',X'908D730FD5E4F1733592A93119BC16E994BAE4242A3854EDB66FC17499F8DB34',X'F5BED814073C18B4A869709D501DA15A5AF7E50E85CDE4537387A277E915B884',X'2713170C1C21F1D123FA19D338C66126F711B0DC349CA32A9AF98C1AD20E1A73C5A0478E9F9830A1C93D005397038B32F150B122940C03566E16CCE92F926303','1d4c63e581a7260b')
-- next
INSERT INTO "audit_log" VALUES(1576355834491830274,0,6,1576355833778798592,'role.assign','user','15e05747-9280-8000-8000-000000000000','{"before":null,"after":{"role_id":"00000000-0000-8000-9400-000000000000","role":"member","expires_at":null}}','success',NULL,1795902918218,'127.0.0.1','Python-urllib/3.11','1u2z25odyn8ikz4k852qxofut',X'F5BED814073C18B4A869709D501DA15A5AF7E50E85CDE4537387A277E915B884',X'67F8918751B861408E4B61C97AE53D6095A76070A06723F4932F3E47F8CB2886',NULL,NULL)
-- next
INSERT INTO "audit_log" VALUES(1576355834491830275,0,7,1576355833778798592,'user.create','user','15e05747-9280-8000-8000-000000000000','{"before":null,"after":{"username":"bob","display_name":"bob"}}','success',NULL,1795902918218,'127.0.0.1','Python-urllib/3.11','1u2z25odyn8ikz4k852qxofut',X'67F8918751B861408E4B61C97AE53D6095A76070A06723F4932F3E47F8CB2886',X'CA1F200C0B79F4A8D353C32EF6F6337203DB0781936BE671CB2792949FB1CFAA',X'1E21A0F7C9E46311EB34D31D28D3E7E8D49B741705E8D6F8A4C1BFC808251F54EF232A50C9BE0F89C1597DD513038A3733724B6C3EBC8F5F91430EEF2BF63704','1d4c63e581a7260b')
-- next
INSERT INTO "audit_log" VALUES(1576355834647019522,0,8,1576355833778798592,'role.assign','user','15e05747-9bc0-8000-8000-000000000000','{"before":null,"after":{"role_id":"00000000-0000-8000-9400-000000000000","role":"member","expires_at":null}}','success',NULL,1795902918255,'127.0.0.1','Python-urllib/3.11','1hxyub3w8rndz8zij7op9o67f',X'CA1F200C0B79F4A8D353C32EF6F6337203DB0781936BE671CB2792949FB1CFAA',X'031FD66C15BCD87D75CF9F4C104514B41CA95CDBEB5C83367F0254E60EA6FD08',NULL,NULL)
-- next
INSERT INTO "audit_log" VALUES(1576355834651213824,0,9,1576355833778798592,'user.create','user','15e05747-9bc0-8000-8000-000000000000','{"before":null,"after":{"username":"cleo","display_name":"cleo"}}','success',NULL,1795902918256,'127.0.0.1','Python-urllib/3.11','1hxyub3w8rndz8zij7op9o67f',X'031FD66C15BCD87D75CF9F4C104514B41CA95CDBEB5C83367F0254E60EA6FD08',X'F8AB67617F2304C68088172585097CA576E7D393C17B18F02997BAC5132CF75D',X'68488E85735E06E69F4DE25F1F29E2FC4A3B57FC3C9F7CB3CE4E001BD15C99206CB8737480E0EBFC59530C0DE73BAA3E755D599FBB47938A531E3E99CCB09C06','1d4c63e581a7260b')
-- next
INSERT INTO "audit_log" VALUES(1576355834848346113,0,10,1576355833778798592,'role.assign','user','15e05747-a780-8000-8000-000000000000','{"before":null,"after":{"role_id":"00000000-0000-8000-9400-000000000000","role":"member","expires_at":null}}','success',NULL,1795902918303,'127.0.0.1','Python-urllib/3.11','dgdnoh4i85hwps1u0jm7t6csj',X'F8AB67617F2304C68088172585097CA576E7D393C17B18F02997BAC5132CF75D',X'F21E08E650C96DF68C18D93B39354A5B3FD3FF6DA5964B18CEB440FAA7CB2F05',NULL,NULL)
-- next
INSERT INTO "audit_log" VALUES(1576355834848346114,0,11,1576355833778798592,'user.create','user','15e05747-a780-8000-8000-000000000000','{"before":null,"after":{"username":"dina","display_name":"dina"}}','success',NULL,1795902918303,'127.0.0.1','Python-urllib/3.11','dgdnoh4i85hwps1u0jm7t6csj',X'F21E08E650C96DF68C18D93B39354A5B3FD3FF6DA5964B18CEB440FAA7CB2F05',X'8D9DBF2878CCB111CE85C156AD88123E0B4190930B1D4BD367D0026A0CD70EF0',X'86DD9209F068E413F5331BD18260986C2BE85AC28FE48F7E46BE30609361616865BDADEC25E89B060302CEEA71D46BDA1C3CB3DB7C9E4A2C746E1F5710CA7605','1d4c63e581a7260b')
-- next
INSERT INTO "audit_log" VALUES(1576355834877706241,0,12,1576355833778798592,'role.assign','user','15e05747-8800-8000-8000-000000000000','{"before":null,"after":{"role_id":"00000000-0000-8000-8c00-000000000000","role":"mod","expires_at":null}}','success',NULL,1795902918310,'127.0.0.1','Python-urllib/3.11','15rjkdzm428k1qgsbxai82gr3',X'8D9DBF2878CCB111CE85C156AD88123E0B4190930B1D4BD367D0026A0CD70EF0',X'F4406902A6743FBB3DBF383BEF758D3121221C8FB460B67ED55539DF0ED42509',X'53BC4FE623C86122539132595CC633102EDBE58E08BF0B681A8FF98035C1F9F2065B95E2873E9FF82FC72AF89D4D60F6D4A82253910DF46E33E3247A90018808','1d4c63e581a7260b')
-- next
INSERT INTO "audit_log" VALUES(1576355834902872064,0,13,1576355833778798592,'role.create','role','15e05747-aac0-8000-8000-000000000000','{"before":null,"after":{"name":"cooks","description":"","color":null,"icon":null,"priority":50,"permissions":["chat.read"],"denied":[],"inherits":[]}}','success',NULL,1795902918316,'127.0.0.1','Python-urllib/3.11','axdhwk5maoo2pjkqkqx48n4s2',X'F4406902A6743FBB3DBF383BEF758D3121221C8FB460B67ED55539DF0ED42509',X'505A6AAC658285AFE4772455FFB3767BB78E924B64472CDE952EBF15346B6E8A',X'F50E07E15F99A71DE4B9306FD6043CE20E6F442CC8589CB79CEF0756FA0CA739E50901CDBDB872CB755DF22C5531275312290AB13DB1CA4085B5500B5565320F','1d4c63e581a7260b')
-- next
INSERT INTO "audit_log" VALUES(1576355834923843584,0,14,1576355833778798592,'user.ban','user','15e05747-9280-8000-8000-000000000000','{"before":{"is_banned":false,"banned_until":null},"after":{"is_banned":true,"banned_until":null},"reason":"spam","duration_s":null,"evidence":[]}','success',NULL,1795902918321,'127.0.0.1','Python-urllib/3.11','2jgruh6xdgylmp6b0q1xy5va5',X'505A6AAC658285AFE4772455FFB3767BB78E924B64472CDE952EBF15346B6E8A',X'C5A22BAD8F715C50EB027EBAA27778118FB5D66A2410918C28CD1D3A20D8AE93',X'510BDCFDEFB7EBB6D6F3FBAAF00ED6FF7CEDA94EC1776AA2A9AD050F83F141E768A478982BC969A0EBE0FFAE00E1DC5D606FAD9C40678B42910BC335E8A08607','1d4c63e581a7260b')
-- next
INSERT INTO "audit_log" VALUES(1576355834944815104,0,15,1576355833778798592,'user.delete','user','15e05747-a780-8000-8000-000000000000','{"before":{"username":"dina","display_name":"dina"},"after":null,"hard":false}','success',NULL,1795902918326,'127.0.0.1','Python-urllib/3.11','bl3qthb7qmkw3csrd1s7bi2k2',X'C5A22BAD8F715C50EB027EBAA27778118FB5D66A2410918C28CD1D3A20D8AE93',X'32BDA5C01438789EC2E0843D5BA975D64FDF40EA06958D175CBCF1813D5B2B13',X'8C2615AB914926EB44C7D4AC056078B0816B73BE3C7D5A4E9B4BCDEE5993533FF3D92951C2D04AABD356835F074B6C6B57A6BE03D303EFABCEDE5E238648C90F','1d4c63e581a7260b')
-- next
INSERT INTO "audit_log" VALUES(1576355834961592321,0,16,1576355833778798592,'invitation.create','invitation','15e05747-ae80-8000-8000-000000000000','{"before":null,"after":{"note":"friends","roles":[],"max_uses":3,"expires_at":null}}','success',NULL,1795902918330,'127.0.0.1','Python-urllib/3.11','c02ad1y24rkzz7y5l6gpee83i',X'32BDA5C01438789EC2E0843D5BA975D64FDF40EA06958D175CBCF1813D5B2B13',X'41405B92EE42D5E82FDB224C8FDBBE88299B119739033D583F097D923F7292E6',X'07A64F3AF2E734A7B5AC7BF3FA7CE42AA142D0D2E28C185D698A9CFF0E5E159290587782B2D62B932730B52AF1CF29E01B8F9D2B14FDD38DD58183ACA7CE2900','1d4c63e581a7260b')
-- next
INSERT INTO "audit_log" VALUES(1576355834982563840,0,17,1576355833778798592,'settings.update','settings','site','{"before":{"registration_mode":"closed"},"after":{"registration_mode":"open"}}','success',NULL,1795902918335,'127.0.0.1','Python-urllib/3.11','3rtorh0yfnr1dioerrpnsfw6c',X'41405B92EE42D5E82FDB224C8FDBBE88299B119739033D583F097D923F7292E6',X'4DB68B449CB8060D57443168408F0DCFF4CE28830DD3807252ED3689858644FF',X'903189A1D97BD10973B64F66755AF759C21E4B5919E412041DAAD7BAA31E61414D2D0CED4D36514223561D82F73DC11A989D6809DB10FA89655DB51ECB306309','1d4c63e581a7260b')
-- next
INSERT INTO "audit_log" VALUES(1576355835003535360,0,18,1576355833778798592,'override.set','user','15e05747-9bc0-8000-8000-000000000000','{"before":null,"after":{"permission":"chat.write","effect":"deny","reason":"quiet"},"reason":"quiet"}','success',NULL,1795902918340,'127.0.0.1','Python-urllib/3.11','293a8kc1r90wkpckrod3aqbw3',X'4DB68B449CB8060D57443168408F0DCFF4CE28830DD3807252ED3689858644FF',X'387DB5A0C81F06172BBD7EEE3A631931387E1CE02DEFCEB898B2695FDFFFDBDD',X'EA66597C154BC51CB2CE46E258EEBBFA708542AD09596DBD524BD82E1EB564F11830C5343E1E116FE472BFF8B95D244FCC714D0CA02289C83365341282A8300D','1d4c63e581a7260b')
-- next
INSERT INTO "audit_log" VALUES(1576355835028701184,0,19,1576355833778798592,'status.update','user','15e05747-8800-8000-8000-000000000000','{"before":{"status":"online"},"after":{"status":"dnd"}}','success',NULL,1795902918346,'127.0.0.1','Python-urllib/3.11','5r6mhzipvh5wwyeko4b3ltth8',X'387DB5A0C81F06172BBD7EEE3A631931387E1CE02DEFCEB898B2695FDFFFDBDD',X'E4CCB66DE743C8295521F5C451681B04193F380B7DA51F028E58597AD2D1666D',X'93123418BD5079B191FC61F49FCD08B7D39A20A0CEABFA62346487AD6E95A99861A367B4FBA97AABBE5E89D40992F6C985D6FE6FC21EBE43F805E4F18ACA490A','1d4c63e581a7260b')
-- next
INSERT INTO "authz_state" VALUES(1,14,13)
-- next
INSERT INTO "bulk_items" VALUES(1576355835070644224,1576355834315669504,NULL,NULL)
-- next
INSERT INTO "bulk_items" VALUES(1576355835070644224,1576355834647019520,NULL,NULL)
-- next
INSERT INTO "bulk_jobs" VALUES(1576355835070644224,1576355833778798592,'{"action":"add_tag","tag":"bulk","reason":null}',NULL,'prepared',2,0,0,0,1795902918355,NULL,NULL,'cz6vnbehj1jdiq16y4qntgxao','127.0.0.1','Python-urllib/3.11')
-- next
INSERT INTO "invitations" VALUES(1576355834961592320,X'531C0D8F5E9336D4D5ECB19D6E2A18E43C5DE75E9172BD393AF4356630012583',1576355833778798592,'friends','[]',3,0,1795902918330,NULL,NULL)
-- next
INSERT INTO "known_addresses" VALUES(1576355833778798592,X'3AA27F26AAA7491D9B62ACFF03DDB62BD54E77956F2AA70B50423F9733D4A7CD',1795902918094,0,0)
-- next
INSERT INTO "name_changes" VALUES(1,1576355833778798592)
-- next
INSERT INTO "name_changes" VALUES(2,1576355834315669504)
-- next
INSERT INTO "name_changes" VALUES(3,1576355834491830272)
-- next
INSERT INTO "name_changes" VALUES(4,1576355834647019520)
-- next
INSERT INTO "name_changes" VALUES(5,1576355834844151808)
-- next
INSERT INTO "name_changes_head" VALUES(1,5)
-- next
INSERT INTO "nodes" VALUES(0,'hcagspftuti1',1795902947972,1795902917972)
-- next
INSERT INTO "outbox" VALUES(1,'["users","user:15e05747-6800-8000-8000-000000000000"]','user.created','{"user_id":"15e05747-6800-8000-8000-000000000000","username":"owner","display_name":"owner","avatar_url":null,"is_banned":false,"is_disabled":false,"version":1,"actor_user_id":null}','start',1795902918047)
-- next
INSERT INTO "outbox" VALUES(2,'["roles","user:15e05747-6800-8000-8000-000000000000"]','role.assigned','{"user_id":"15e05747-6800-8000-8000-000000000000","username":"owner","role_id":"00000000-0000-8000-9400-000000000000","role_name":"member","color":null,"assigned_by":null,"expires_at":null,"actor_user_id":null}','start',1795902918048)
-- next
INSERT INTO "outbox" VALUES(3,'["roles","user:15e05747-6800-8000-8000-000000000000"]','role.assigned','{"user_id":"15e05747-6800-8000-8000-000000000000","username":"owner","role_id":"00000000-0000-8000-8400-000000000000","role_name":"owner","color":null,"assigned_by":null,"expires_at":null,"actor_user_id":null}','start',1795902918048)
-- next
INSERT INTO "outbox" VALUES(4,'["audit"]','audit.entry','{"id":"15e05747-6880-8000-8000-000000000000","actor_user_id":null,"action":"role.assign","target_type":"user","target_id":"15e05747-6800-8000-8000-000000000000","result":"success","reason":null,"timestamp":"2026-11-28T21:55:18.050Z","seq":1}','start',1795902918050)
-- next
INSERT INTO "outbox" VALUES(5,'["audit"]','audit.entry','{"id":"15e05747-6880-8000-8800-000000000000","actor_user_id":null,"action":"role.assign","target_type":"user","target_id":"15e05747-6800-8000-8000-000000000000","result":"success","reason":null,"timestamp":"2026-11-28T21:55:18.050Z","seq":2}','start',1795902918050)
-- next
INSERT INTO "outbox" VALUES(6,'["audit"]','audit.entry','{"id":"15e05747-7c00-8000-8000-000000000000","actor_user_id":"15e05747-6800-8000-8000-000000000000","action":"auth.login","target_type":"user","target_id":"15e05747-6800-8000-8000-000000000000","result":"success","reason":null,"timestamp":"2026-11-28T21:55:18.128Z","seq":3}','9lj69y8dnmhxryg90fdh8xsyn',1795902918128)
-- next
INSERT INTO "outbox" VALUES(7,'["users","user:15e05747-8800-8000-8000-000000000000"]','user.created','{"user_id":"15e05747-8800-8000-8000-000000000000","username":"ada","display_name":"ada","avatar_url":null,"is_banned":false,"is_disabled":false,"version":1,"actor_user_id":"15e05747-6800-8000-8000-000000000000"}','8fqj52xqpqk65abblaa4shfkl',1795902918176)
-- next
INSERT INTO "outbox" VALUES(8,'["roles","user:15e05747-8800-8000-8000-000000000000"]','role.assigned','{"user_id":"15e05747-8800-8000-8000-000000000000","username":"ada","role_id":"00000000-0000-8000-9400-000000000000","role_name":"member","color":null,"assigned_by":"15e05747-6800-8000-8000-000000000000","expires_at":null,"actor_user_id":"15e05747-6800-8000-8000-000000000000"}','8fqj52xqpqk65abblaa4shfkl',1795902918177)
-- next
INSERT INTO "outbox" VALUES(9,'["audit"]','audit.entry','{"id":"15e05747-8840-8000-8400-000000000000","actor_user_id":"15e05747-6800-8000-8000-000000000000","action":"role.assign","target_type":"user","target_id":"15e05747-8800-8000-8000-000000000000","result":"success","reason":null,"timestamp":"2026-11-28T21:55:18.177Z","seq":4}','8fqj52xqpqk65abblaa4shfkl',1795902918177)
-- next
INSERT INTO "outbox" VALUES(10,'["audit"]','audit.entry','{"id":"15e05747-8840-8000-8800-000000000000","actor_user_id":"15e05747-6800-8000-8000-000000000000","action":"user.create","target_type":"user","target_id":"15e05747-8800-8000-8000-000000000000","result":"success","reason":null,"timestamp":"2026-11-28T21:55:18.177Z","seq":5}','8fqj52xqpqk65abblaa4shfkl',1795902918177)
-- next
INSERT INTO "outbox" VALUES(11,'["users","user:15e05747-9280-8000-8000-000000000000"]','user.created','{"user_id":"15e05747-9280-8000-8000-000000000000","username":"bob","display_name":"bob","avatar_url":null,"is_banned":false,"is_disabled":false,"version":1,"actor_user_id":"15e05747-6800-8000-8000-000000000000"}','1u2z25odyn8ikz4k852qxofut',1795902918217)
-- next
INSERT INTO "outbox" VALUES(12,'["roles","user:15e05747-9280-8000-8000-000000000000"]','role.assigned','{"user_id":"15e05747-9280-8000-8000-000000000000","username":"bob","role_id":"00000000-0000-8000-9400-000000000000","role_name":"member","color":null,"assigned_by":"15e05747-6800-8000-8000-000000000000","expires_at":null,"actor_user_id":"15e05747-6800-8000-8000-000000000000"}','1u2z25odyn8ikz4k852qxofut',1795902918218)
-- next
INSERT INTO "outbox" VALUES(13,'["audit"]','audit.entry','{"id":"15e05747-9280-8000-8800-000000000000","actor_user_id":"15e05747-6800-8000-8000-000000000000","action":"role.assign","target_type":"user","target_id":"15e05747-9280-8000-8000-000000000000","result":"success","reason":null,"timestamp":"2026-11-28T21:55:18.218Z","seq":6}','1u2z25odyn8ikz4k852qxofut',1795902918218)
-- next
INSERT INTO "outbox" VALUES(14,'["audit"]','audit.entry','{"id":"15e05747-9280-8000-8c00-000000000000","actor_user_id":"15e05747-6800-8000-8000-000000000000","action":"user.create","target_type":"user","target_id":"15e05747-9280-8000-8000-000000000000","result":"success","reason":null,"timestamp":"2026-11-28T21:55:18.218Z","seq":7}','1u2z25odyn8ikz4k852qxofut',1795902918218)
-- next
INSERT INTO "outbox" VALUES(15,'["users","user:15e05747-9bc0-8000-8000-000000000000"]','user.created','{"user_id":"15e05747-9bc0-8000-8000-000000000000","username":"cleo","display_name":"cleo","avatar_url":null,"is_banned":false,"is_disabled":false,"version":1,"actor_user_id":"15e05747-6800-8000-8000-000000000000"}','1hxyub3w8rndz8zij7op9o67f',1795902918255)
-- next
INSERT INTO "outbox" VALUES(16,'["roles","user:15e05747-9bc0-8000-8000-000000000000"]','role.assigned','{"user_id":"15e05747-9bc0-8000-8000-000000000000","username":"cleo","role_id":"00000000-0000-8000-9400-000000000000","role_name":"member","color":null,"assigned_by":"15e05747-6800-8000-8000-000000000000","expires_at":null,"actor_user_id":"15e05747-6800-8000-8000-000000000000"}','1hxyub3w8rndz8zij7op9o67f',1795902918255)
-- next
INSERT INTO "outbox" VALUES(17,'["audit"]','audit.entry','{"id":"15e05747-9bc0-8000-8800-000000000000","actor_user_id":"15e05747-6800-8000-8000-000000000000","action":"role.assign","target_type":"user","target_id":"15e05747-9bc0-8000-8000-000000000000","result":"success","reason":null,"timestamp":"2026-11-28T21:55:18.255Z","seq":8}','1hxyub3w8rndz8zij7op9o67f',1795902918255)
-- next
INSERT INTO "outbox" VALUES(18,'["audit"]','audit.entry','{"id":"15e05747-9c00-8000-8000-000000000000","actor_user_id":"15e05747-6800-8000-8000-000000000000","action":"user.create","target_type":"user","target_id":"15e05747-9bc0-8000-8000-000000000000","result":"success","reason":null,"timestamp":"2026-11-28T21:55:18.256Z","seq":9}','1hxyub3w8rndz8zij7op9o67f',1795902918256)
-- next
INSERT INTO "outbox" VALUES(19,'["users","user:15e05747-a780-8000-8000-000000000000"]','user.created','{"user_id":"15e05747-a780-8000-8000-000000000000","username":"dina","display_name":"dina","avatar_url":null,"is_banned":false,"is_disabled":false,"version":1,"actor_user_id":"15e05747-6800-8000-8000-000000000000"}','dgdnoh4i85hwps1u0jm7t6csj',1795902918302)
-- next
INSERT INTO "outbox" VALUES(20,'["roles","user:15e05747-a780-8000-8000-000000000000"]','role.assigned','{"user_id":"15e05747-a780-8000-8000-000000000000","username":"dina","role_id":"00000000-0000-8000-9400-000000000000","role_name":"member","color":null,"assigned_by":"15e05747-6800-8000-8000-000000000000","expires_at":null,"actor_user_id":"15e05747-6800-8000-8000-000000000000"}','dgdnoh4i85hwps1u0jm7t6csj',1795902918303)
-- next
INSERT INTO "outbox" VALUES(21,'["audit"]','audit.entry','{"id":"15e05747-a7c0-8000-8400-000000000000","actor_user_id":"15e05747-6800-8000-8000-000000000000","action":"role.assign","target_type":"user","target_id":"15e05747-a780-8000-8000-000000000000","result":"success","reason":null,"timestamp":"2026-11-28T21:55:18.303Z","seq":10}','dgdnoh4i85hwps1u0jm7t6csj',1795902918303)
-- next
INSERT INTO "outbox" VALUES(22,'["audit"]','audit.entry','{"id":"15e05747-a7c0-8000-8800-000000000000","actor_user_id":"15e05747-6800-8000-8000-000000000000","action":"user.create","target_type":"user","target_id":"15e05747-a780-8000-8000-000000000000","result":"success","reason":null,"timestamp":"2026-11-28T21:55:18.303Z","seq":11}','dgdnoh4i85hwps1u0jm7t6csj',1795902918303)
-- next
INSERT INTO "outbox" VALUES(23,'["roles","user:15e05747-8800-8000-8000-000000000000"]','role.assigned','{"user_id":"15e05747-8800-8000-8000-000000000000","username":"ada","role_id":"00000000-0000-8000-8c00-000000000000","role_name":"mod","color":null,"assigned_by":"15e05747-6800-8000-8000-000000000000","expires_at":null,"actor_user_id":"15e05747-6800-8000-8000-000000000000"}','15rjkdzm428k1qgsbxai82gr3',1795902918310)
-- next
INSERT INTO "outbox" VALUES(24,'["audit"]','audit.entry','{"id":"15e05747-a980-8000-8400-000000000000","actor_user_id":"15e05747-6800-8000-8000-000000000000","action":"role.assign","target_type":"user","target_id":"15e05747-8800-8000-8000-000000000000","result":"success","reason":null,"timestamp":"2026-11-28T21:55:18.310Z","seq":12}','15rjkdzm428k1qgsbxai82gr3',1795902918310)
-- next
INSERT INTO "outbox" VALUES(25,'["roles"]','role.created','{"role_id":"15e05747-aac0-8000-8000-000000000000","name":"cooks","color":null,"priority":50,"version":1,"diff":{"name":{"from":null,"to":"cooks"},"description":{"from":null,"to":""},"priority":{"from":null,"to":50},"permissions":{"from":null,"to":["chat.read"]},"denied":{"from":null,"to":[]},"inherits":{"from":null,"to":[]}},"actor_user_id":"15e05747-6800-8000-8000-000000000000"}','axdhwk5maoo2pjkqkqx48n4s2',1795902918315)
-- next
INSERT INTO "outbox" VALUES(26,'["audit"]','audit.entry','{"id":"15e05747-ab00-8000-8000-000000000000","actor_user_id":"15e05747-6800-8000-8000-000000000000","action":"role.create","target_type":"role","target_id":"15e05747-aac0-8000-8000-000000000000","result":"success","reason":null,"timestamp":"2026-11-28T21:55:18.316Z","seq":13}','axdhwk5maoo2pjkqkqx48n4s2',1795902918316)
-- next
INSERT INTO "outbox" VALUES(27,'["users","user:15e05747-9280-8000-8000-000000000000"]','user.banned','{"user_id":"15e05747-9280-8000-8000-000000000000","username":"bob","display_name":"bob","avatar_url":null,"is_banned":true,"is_disabled":false,"version":2,"actor_user_id":"15e05747-6800-8000-8000-000000000000","banned_until":null}','2jgruh6xdgylmp6b0q1xy5va5',1795902918319)
-- next
INSERT INTO "outbox" VALUES(28,'["audit"]','audit.entry','{"id":"15e05747-ac40-8000-8000-000000000000","actor_user_id":"15e05747-6800-8000-8000-000000000000","action":"user.ban","target_type":"user","target_id":"15e05747-9280-8000-8000-000000000000","result":"success","reason":null,"timestamp":"2026-11-28T21:55:18.321Z","seq":14}','2jgruh6xdgylmp6b0q1xy5va5',1795902918321)
-- next
INSERT INTO "outbox" VALUES(29,'["users","user:15e05747-a780-8000-8000-000000000000"]','user.deleted','{"user_id":"15e05747-a780-8000-8000-000000000000","username":"dina","display_name":"dina","avatar_url":null,"is_banned":false,"is_disabled":false,"version":1,"actor_user_id":"15e05747-6800-8000-8000-000000000000","hard":false}','bl3qthb7qmkw3csrd1s7bi2k2',1795902918325)
-- next
INSERT INTO "outbox" VALUES(30,'["audit"]','audit.entry','{"id":"15e05747-ad80-8000-8000-000000000000","actor_user_id":"15e05747-6800-8000-8000-000000000000","action":"user.delete","target_type":"user","target_id":"15e05747-a780-8000-8000-000000000000","result":"success","reason":null,"timestamp":"2026-11-28T21:55:18.326Z","seq":15}','bl3qthb7qmkw3csrd1s7bi2k2',1795902918326)
-- next
INSERT INTO "outbox" VALUES(31,'["audit"]','audit.entry','{"id":"15e05747-ae80-8000-8400-000000000000","actor_user_id":"15e05747-6800-8000-8000-000000000000","action":"invitation.create","target_type":"invitation","target_id":"15e05747-ae80-8000-8000-000000000000","result":"success","reason":null,"timestamp":"2026-11-28T21:55:18.330Z","seq":16}','c02ad1y24rkzz7y5l6gpee83i',1795902918330)
-- next
INSERT INTO "outbox" VALUES(32,'["audit"]','audit.entry','{"id":"15e05747-afc0-8000-8000-000000000000","actor_user_id":"15e05747-6800-8000-8000-000000000000","action":"settings.update","target_type":"settings","target_id":"site","result":"success","reason":null,"timestamp":"2026-11-28T21:55:18.335Z","seq":17}','3rtorh0yfnr1dioerrpnsfw6c',1795902918335)
-- next
INSERT INTO "outbox" VALUES(33,'["user:15e05747-9bc0-8000-8000-000000000000"]','user.permissions_changed','{"user_id":"15e05747-9bc0-8000-8000-000000000000","permission":"chat.write","effect":"deny","actor_user_id":"15e05747-6800-8000-8000-000000000000"}','293a8kc1r90wkpckrod3aqbw3',1795902918339)
-- next
INSERT INTO "outbox" VALUES(34,'["audit"]','audit.entry','{"id":"15e05747-b100-8000-8000-000000000000","actor_user_id":"15e05747-6800-8000-8000-000000000000","action":"override.set","target_type":"user","target_id":"15e05747-9bc0-8000-8000-000000000000","result":"success","reason":null,"timestamp":"2026-11-28T21:55:18.340Z","seq":18}','293a8kc1r90wkpckrod3aqbw3',1795902918340)
-- next
INSERT INTO "outbox" VALUES(35,'["users","user:15e05747-8800-8000-8000-000000000000"]','status.changed','{"user_id":"15e05747-8800-8000-8000-000000000000","status":"dnd","status_message":null,"status_emoji":null,"status_expires_at":null,"activity_name":null,"activity":null,"version":1795902918344}','5r6mhzipvh5wwyeko4b3ltth8',1795902918344)
-- next
INSERT INTO "outbox" VALUES(36,'["audit"]','audit.entry','{"id":"15e05747-b280-8000-8000-000000000000","actor_user_id":"15e05747-6800-8000-8000-000000000000","action":"status.update","target_type":"user","target_id":"15e05747-8800-8000-8000-000000000000","result":"success","reason":null,"timestamp":"2026-11-28T21:55:18.346Z","seq":19}','5r6mhzipvh5wwyeko4b3ltth8',1795902918346)
-- next
INSERT INTO "outbox_epoch" VALUES(1,'mx0y886wr2a9z2')
-- next
INSERT INTO "outbox_head" VALUES(1,37)
-- next
INSERT INTO "refresh_tokens" VALUES(X'6F7BB6BA36CD2C15A83D2352797B919090107AF339AD2A8843743F72D2C4F644',1576355834110148608,1795902918094,1798494918094,NULL)
-- next
INSERT INTO "role_holders" VALUES(1576355833778798592,'1,5')
-- next
INSERT INTO "role_holders" VALUES(1576355834315669504,'3,5')
-- next
INSERT INTO "role_holders" VALUES(1576355834491830272,'5')
-- next
INSERT INTO "role_holders" VALUES(1576355834647019520,'5')
-- next
INSERT INTO "role_holders" VALUES(1576355834844151808,'5')
-- next
INSERT INTO "role_sets" VALUES('1,5',1)
-- next
INSERT INTO "role_sets" VALUES('5',3)
-- next
INSERT INTO "role_sets" VALUES('3,5',1)
-- next
INSERT INTO "role_versions" VALUES(1,1,NULL,1795902917000,'{}','{"name":"owner","description":"","color":null,"icon":null,"priority":1000,"permissions":["*"],"denied":[],"inherits":[]}')
-- next
INSERT INTO "role_versions" VALUES(2,1,NULL,1795902917000,'{}','{"name":"admin","description":"","color":null,"icon":null,"priority":900,"permissions":["*"],"denied":[],"inherits":[]}')
-- next
INSERT INTO "role_versions" VALUES(3,1,NULL,1795902917000,'{}','{"name":"mod","description":"","color":null,"icon":null,"priority":500,"permissions":["users.read","users.update","roles.read","presence.read","presence.manage","presence.history","moderation.*","chat.moderate","chat.mention_everyone","voice.moderate"],"denied":[],"inherits":["00000000-0000-8000-9400-000000000000"]}')
-- next
INSERT INTO "role_versions" VALUES(4,1,NULL,1795902917000,'{}','{"name":"staff","description":"","color":null,"icon":null,"priority":100,"permissions":["users.read","roles.read","presence.read","analytics.read","moderation.reports"],"denied":[],"inherits":["00000000-0000-8000-9400-000000000000"]}')
-- next
INSERT INTO "role_versions" VALUES(5,1,NULL,1795902917000,'{}','{"name":"member","description":"","color":null,"icon":null,"priority":10,"permissions":["chat.read","chat.write","voice.join","media.read","media.write","friends.write"],"denied":[],"inherits":["00000000-0000-8000-9800-000000000000"]}')
-- next
INSERT INTO "role_versions" VALUES(6,1,NULL,1795902917000,'{}','{"name":"guest","description":"","color":null,"icon":null,"priority":0,"permissions":["media.read"],"denied":[],"inherits":[]}')
-- next
INSERT INTO "role_versions" VALUES(1576355834898677760,1,1576355833778798592,1795902918315,'{"name":{"from":null,"to":"cooks"},"description":{"from":null,"to":""},"priority":{"from":null,"to":50},"permissions":{"from":null,"to":["chat.read"]},"denied":{"from":null,"to":[]},"inherits":{"from":null,"to":[]}}','{"name":"cooks","description":"","color":null,"icon":null,"priority":50,"permissions":["chat.read"],"denied":[],"inherits":[]}')
-- next
INSERT INTO "roles" VALUES(1,'owner','owner','',NULL,NULL,1000,'["*"]','[]','[]',1,NULL,1,1795902917000,1795902917000)
-- next
INSERT INTO "roles" VALUES(2,'admin','admin','',NULL,NULL,900,'["*"]','[]','[]',1,NULL,1,1795902917000,1795902917000)
-- next
INSERT INTO "roles" VALUES(3,'mod','mod','',NULL,NULL,500,'["users.read","users.update","roles.read","presence.read","presence.manage","presence.history","moderation.*","chat.moderate","chat.mention_everyone","voice.moderate"]','[]','[5]',1,NULL,1,1795902917000,1795902917000)
-- next
INSERT INTO "roles" VALUES(4,'staff','staff','',NULL,NULL,100,'["users.read","roles.read","presence.read","analytics.read","moderation.reports"]','[]','[5]',1,NULL,1,1795902917000,1795902917000)
-- next
INSERT INTO "roles" VALUES(5,'member','member','',NULL,NULL,10,'["chat.read","chat.write","voice.join","media.read","media.write","friends.write"]','[]','[6]',1,NULL,1,1795902917000,1795902917000)
-- next
INSERT INTO "roles" VALUES(6,'guest','guest','',NULL,NULL,0,'["media.read"]','[]','[]',1,NULL,1,1795902917000,1795902917000)
-- next
INSERT INTO "roles" VALUES(1576355834898677760,'cooks','cooks','',NULL,NULL,50,'["chat.read"]','[]','[]',0,NULL,1,1795902918315,1795902918315)
-- next
INSERT INTO "schema_migrations" VALUES('0001_outbox',1795902917947,'8ce117f6b2a8a5e1')
-- next
INSERT INTO "schema_migrations" VALUES('0008_outbox_front',1795902917948,'b3a9c7acc162080c')
-- next
INSERT INTO "schema_migrations" VALUES('0002_idempotency',1795902917948,'e4716625fc3dc28a')
-- next
INSERT INTO "schema_migrations" VALUES('0003_users',1795902917949,'4704cdc4949751c9')
-- next
INSERT INTO "schema_migrations" VALUES('0008_hidden_choice',1795902917950,'a07fe5559e322e7b')
-- next
INSERT INTO "schema_migrations" VALUES('0009_deleted_users',1795902917950,'d7b71ef5b4010a7c')
-- next
INSERT INTO "schema_migrations" VALUES('0010_leaving',1795902917951,'231fd477b88b6ff8')
-- next
INSERT INTO "schema_migrations" VALUES('0012_tagged_users',1795902917951,'016ff5d83fa967e0')
-- next
INSERT INTO "schema_migrations" VALUES('0013_name_changes',1795902917951,'49e647451dacc53a')
-- next
INSERT INTO "schema_migrations" VALUES('0004_audit',1795902917953,'d87eab1a2b790777')
-- next
INSERT INTO "schema_migrations" VALUES('0005_roles',1795902917956,'ec45b10034bb2a64')
-- next
INSERT INTO "schema_migrations" VALUES('0011_role_sets',1795902917958,'b3b16e880037a73a')
-- next
INSERT INTO "schema_migrations" VALUES('0007_presence_history',1795902917959,'76c3e0bc85ebe799')
-- next
INSERT INTO "schema_migrations" VALUES('0050_mail_outbox',1795902917959,'afdb4623eab8bdc0')
-- next
INSERT INTO "schema_migrations" VALUES('0040_sessions',1795902917961,'18ebcbb97dba26c8')
-- next
INSERT INTO "schema_migrations" VALUES('0041_api_keys',1795902917962,'86d593e1978aa5de')
-- next
INSERT INTO "schema_migrations" VALUES('0042_second_factors',1795902917964,'0b223f3d5d09f617')
-- next
INSERT INTO "schema_migrations" VALUES('0043_avatars',1795902917964,'62adeb696ed401b7')
-- next
INSERT INTO "schema_migrations" VALUES('0044_registrations',1795902917967,'4873d4e7a452b2a0')
-- next
INSERT INTO "schema_migrations" VALUES('0045_saved_filters',1795902917967,'4685e215327731e5')
-- next
INSERT INTO "schema_migrations" VALUES('0046_bulk_jobs',1795902917968,'2642567b26222d59')
-- next
INSERT INTO "session_revocation_head" VALUES(1,1)
-- next
INSERT INTO "sessions" VALUES(1576355834110148608,1576355833778798592,NULL,1795902918094,1795902918094,1798494918094,'127.0.0.1','Python-urllib/3.11','Python-urllib/3.11',NULL,NULL)
-- next
INSERT INTO "site" VALUES('settings_version','1')
-- next
INSERT INTO "site" VALUES('registration_mode','open')
-- next
INSERT INTO "user_override_versions" VALUES(1576355834647019520,'chat.write',1,1576355833778798592,1795902918339,'deny','quiet')
-- next
INSERT INTO "user_overrides" VALUES(1576355834647019520,'chat.write','deny','quiet',1576355833778798592,1795902918339,1)
-- next
INSERT INTO "user_roles" VALUES(1576355833782992896,1576355833778798592,5,NULL,1795902918048,NULL,NULL,NULL,NULL,NULL)
-- next
INSERT INTO "user_roles" VALUES(1576355833787187201,1576355833778798592,1,NULL,1795902918048,NULL,NULL,NULL,NULL,NULL)
-- next
INSERT INTO "user_roles" VALUES(1576355834319863808,1576355834315669504,5,1576355833778798592,1795902918177,NULL,NULL,NULL,NULL,NULL)
-- next
INSERT INTO "user_roles" VALUES(1576355834491830273,1576355834491830272,5,1576355833778798592,1795902918218,NULL,NULL,NULL,NULL,NULL)
-- next
INSERT INTO "user_roles" VALUES(1576355834647019521,1576355834647019520,5,1576355833778798592,1795902918255,NULL,NULL,NULL,NULL,NULL)
-- next
INSERT INTO "user_roles" VALUES(1576355834848346112,1576355834844151808,5,1576355833778798592,1795902918303,NULL,NULL,NULL,NULL,NULL)
-- next
INSERT INTO "user_roles" VALUES(1576355834877706240,1576355834315669504,3,1576355833778798592,1795902918310,NULL,NULL,NULL,NULL,NULL)
-- next
INSERT INTO "users" VALUES(1576355833778798592,'owner','owner','owner
owner',X'012DD15B51A4E475FB37D05D9B711D82909FA68DD76A3F254A5A8A26A30A2B489015BAEECCB78D7D10D84676D174711BBB1CFE2934E71A489A6188EF',X'4228B8B596BF613A614363A15CA10221F3293220B7B3D9262D48349EC5D01090',NULL,NULL,'en','online',NULL,NULL,NULL,NULL,NULL,0,NULL,'[]',0,NULL,NULL,0,NULL,'$argon2id$v=19$m=19456,t=2,p=1$ybHAXPpLXNtD6bOahUfpdw$qgFLBF7akL4ClqJgttSbjZe2d91E23QGhQiswxXuEbo',1795902918047,1795902918047,1,NULL,NULL,NULL)
-- next
INSERT INTO "users" VALUES(1576355834315669504,'ada','ada','ada
ada',X'019CD9D227C46D60CDE17D9A013177000F2E300A49D0F5DCCC0124BE5F001705CD9FB13795C09E858C4C7C2603CECC4EDF25E6FFE340BD22B0D3',X'F617658ED2AB9BDBEAE2CC444A0A8EC1BA732346D14A5A1CD411011CB80C93EB',NULL,NULL,'en','dnd',NULL,NULL,NULL,NULL,NULL,1795902918356,NULL,'["fixture"]',0,NULL,NULL,0,NULL,'$argon2id$v=19$m=19456,t=2,p=1$qmAWa2QMs9J0VFQnz0gYpQ$+5/xq7ctUHsw1Uvsbff6gsU3uXUg6YNfK9TFMe69ZgI',1795902918176,1795902918344,1,NULL,NULL,NULL)
-- next
INSERT INTO "users" VALUES(1576355834491830272,'bob','bob','bob
bob',X'01438BFC3143D1F0299A78AEBEAD58A1D003849DC538941342C77211358346BFE284837082ABD989CB921E17E90E74D300D943E41E0215D91C9E',X'E9325B92863DA9D0A7A4B81A7FD6757AE3056F5B2DE0C2FE1D69170350F1DA5C',NULL,NULL,'en','online',NULL,NULL,NULL,NULL,NULL,0,NULL,'["fixture"]',1,NULL,'spam',0,NULL,'$argon2id$v=19$m=19456,t=2,p=1$AFu8Nu3IdHiOi1Q5mFZ8YA$Il55qgtO5xErjLCDTjyIw9wElmIKo09pZk+y0PSYlw4',1795902918217,1795902918319,2,NULL,NULL,NULL)
-- next
INSERT INTO "users" VALUES(1576355834647019520,'cleo','cleo','cleo
cleo',X'012419A9C5EAA77C3BB441D95EFAC7B8CF1008A5A366696E500C5B789DA17D2B99CEB9B1E1A0CB28C68131AFBA1A8D12792E46477DB5E7C787C6E3',X'58F7997A9B82AE56132754915145A19636D7935E363D8E61A22627EF5746BD7B',NULL,NULL,'en','online',NULL,NULL,NULL,NULL,NULL,0,NULL,'["fixture"]',0,NULL,NULL,0,NULL,'$argon2id$v=19$m=19456,t=2,p=1$oj/dUuTuz0TyH5OILTDSmQ$XZCW+uZvEQvdA6ZOnuMLRWTGKF2DhSzjMYI2my734aM',1795902918255,1795902918255,1,NULL,NULL,NULL)
-- next
INSERT INTO "users" VALUES(1576355834844151808,'dina','dina','dina
dina',X'01DA66D531629D9FA2182D00A994A1ECBDBBB4405CB84693E114E142F356940CADCBCB46CEE9098A2A28970F95A543EE8F82506D6469AE3A9697AE',X'5A4EE5A1BD896C35FD3FBFB5FDD668A175F4467F190833F51AED3526B4D92E9F',NULL,NULL,'en','online',NULL,NULL,NULL,NULL,NULL,0,NULL,'["fixture"]',0,NULL,NULL,0,1795902918325,'$argon2id$v=19$m=19456,t=2,p=1$tNmb6HLVl9FDZxmiQUgtqA$kpNE6UpwK1Oc2sNuIuWmdLXE3bfEXqpxrli1y6u1EJ4',1795902918302,1795902918325,2,NULL,NULL,NULL)
-- next
CREATE INDEX idempotency_keys_created_at ON idempotency_keys (created_at)
-- next
CREATE INDEX users_last_seen_at ON users (last_seen_at, id)
-- next
CREATE INDEX users_is_banned ON users (is_banned, banned_until)
-- next
CREATE INDEX users_created_at ON users (created_at, id)
-- next
CREATE INDEX users_activity_name ON users (activity_name, id)
-- next
CREATE INDEX users_deleted ON users (deleted_at) WHERE deleted_at IS NOT NULL
-- next
CREATE INDEX users_left_at ON users (left_at) WHERE left_at IS NOT NULL
-- next
CREATE INDEX users_tagged ON users (tags, deleted_at, id) WHERE tags <> '[]'
-- next
CREATE INDEX audit_log_actor ON audit_log (actor_user_id, id)
-- next
CREATE INDEX audit_log_action ON audit_log (action, id)
-- next
CREATE INDEX audit_log_target ON audit_log (target_id, id)
-- next
CREATE INDEX audit_log_failures ON audit_log (id) WHERE result = 'fail'
-- next
CREATE INDEX access_log_user ON access_log (user_id, id)
-- next
CREATE TRIGGER audit_log_never_changes BEFORE UPDATE ON audit_log
BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END
-- next
CREATE TRIGGER audit_log_never_shrinks BEFORE DELETE ON audit_log
BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END
-- next
CREATE UNIQUE INDEX roles_name ON roles (name_folded) WHERE deleted_at IS NULL
-- next
CREATE INDEX roles_priority ON roles (priority, id)
-- next
CREATE UNIQUE INDEX user_roles_active ON user_roles (user_id, role_id) WHERE revoked_at IS NULL
-- next
CREATE INDEX user_roles_holders ON user_roles (role_id, user_id, expires_at) WHERE revoked_at IS NULL
-- next
CREATE INDEX user_roles_expiry ON user_roles (expires_at) WHERE revoked_at IS NULL AND expires_at IS NOT NULL
-- next
CREATE INDEX user_roles_history ON user_roles (user_id, revoked_at, assigned_at)
-- next
CREATE INDEX user_overrides_permission ON user_overrides (permission, effect)
-- next
CREATE INDEX role_holders_roles ON role_holders (roles, user_id)
-- next
CREATE TRIGGER role_sets_follow_insert AFTER INSERT ON user_roles WHEN NEW.revoked_at IS NULL BEGIN
    UPDATE role_sets SET member_count = member_count - 1 WHERE roles = (SELECT roles FROM role_holders WHERE user_id = NEW.user_id);
    DELETE FROM role_sets WHERE roles = (SELECT roles FROM role_holders WHERE user_id = NEW.user_id) AND member_count = 0;
    DELETE FROM role_holders WHERE user_id = NEW.user_id;
    INSERT INTO role_holders (user_id, roles) SELECT user_id, group_concat(role_id, ',')
        FROM (SELECT user_id, role_id FROM user_roles WHERE user_id = NEW.user_id AND revoked_at IS NULL ORDER BY role_id) AS held
        GROUP BY user_id;
    INSERT INTO role_sets (roles, member_count) SELECT roles, 1 FROM role_holders WHERE user_id = NEW.user_id
        ON CONFLICT (roles) DO UPDATE SET member_count = member_count + 1;
END
-- next
CREATE TRIGGER role_sets_follow_update AFTER UPDATE OF role_id, revoked_at ON user_roles BEGIN
    UPDATE role_sets SET member_count = member_count - 1 WHERE roles = (SELECT roles FROM role_holders WHERE user_id = NEW.user_id);
    DELETE FROM role_sets WHERE roles = (SELECT roles FROM role_holders WHERE user_id = NEW.user_id) AND member_count = 0;
    DELETE FROM role_holders WHERE user_id = NEW.user_id;
    INSERT INTO role_holders (user_id, roles) SELECT user_id, group_concat(role_id, ',')
        FROM (SELECT user_id, role_id FROM user_roles WHERE user_id = NEW.user_id AND revoked_at IS NULL ORDER BY role_id) AS held
        GROUP BY user_id;
    INSERT INTO role_sets (roles, member_count) SELECT roles, 1 FROM role_holders WHERE user_id = NEW.user_id
        ON CONFLICT (roles) DO UPDATE SET member_count = member_count + 1;
END
-- next
CREATE TRIGGER role_sets_follow_delete AFTER DELETE ON user_roles WHEN OLD.revoked_at IS NULL BEGIN
    UPDATE role_sets SET member_count = member_count - 1 WHERE roles = (SELECT roles FROM role_holders WHERE user_id = OLD.user_id);
    DELETE FROM role_sets WHERE roles = (SELECT roles FROM role_holders WHERE user_id = OLD.user_id) AND member_count = 0;
    DELETE FROM role_holders WHERE user_id = OLD.user_id;
    INSERT INTO role_holders (user_id, roles) SELECT user_id, group_concat(role_id, ',')
        FROM (SELECT user_id, role_id FROM user_roles WHERE user_id = OLD.user_id AND revoked_at IS NULL ORDER BY role_id) AS held
        GROUP BY user_id;
    INSERT INTO role_sets (roles, member_count) SELECT roles, 1 FROM role_holders WHERE user_id = OLD.user_id
        ON CONFLICT (roles) DO UPDATE SET member_count = member_count + 1;
END
-- next
CREATE TRIGGER user_roles_keep_their_person BEFORE UPDATE OF user_id ON user_roles
BEGIN SELECT RAISE(ABORT, 'an assignment stays with its person'); END
-- next
CREATE INDEX presence_history_user ON presence_history (user_id, id)
-- next
CREATE INDEX presence_history_at ON presence_history (at)
-- next
CREATE INDEX mail_outbox_next_attempt_at ON mail_outbox (next_attempt_at)
-- next
CREATE INDEX mail_outbox_failed_at ON mail_outbox (failed_at)
-- next
CREATE INDEX sessions_user ON sessions (user_id, id)
-- next
CREATE INDEX sessions_expires_at ON sessions (expires_at)
-- next
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id)
-- next
CREATE INDEX session_revocations_created_at ON session_revocations (created_at)
-- next
CREATE INDEX users_seen ON users ((COALESCE(last_seen_at, 0)), id)
-- next
CREATE INDEX users_search ON users (username, search_name, tags, deleted_at)
-- next
CREATE INDEX api_keys_user ON api_keys (user_id, id)
-- next
CREATE UNIQUE INDEX registrations_username ON registrations (username) WHERE state <> 'refused'
-- next
CREATE INDEX registrations_names ON registrations (username, id)
-- next
CREATE INDEX registrations_email ON registrations (email_blind, id)
-- next
CREATE INDEX registrations_state ON registrations (state, id)
-- next
CREATE INDEX registrations_expires_at ON registrations (expires_at)
-- next
CREATE INDEX mail_tokens_subject ON mail_tokens (subject_id)
-- next
CREATE INDEX mail_tokens_expires_at ON mail_tokens (expires_at)
-- next
CREATE INDEX bulk_jobs_author ON bulk_jobs (author_id, id)
-- next
CREATE INDEX bulk_jobs_state ON bulk_jobs (state, created_at)
-- next
CREATE INDEX bulk_jobs_ended_at ON bulk_jobs (ended_at)
-- next
CREATE INDEX bulk_items_waiting ON bulk_items (job_id, user_id) WHERE outcome IS NULL
-- next
CREATE INDEX bulk_items_failed ON bulk_items (job_id, user_id) WHERE outcome = 'failed'
