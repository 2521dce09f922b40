"""The thin line through everything, as requests against a fresh server, and the owner's sample payloads as they stand; on both databases."""
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from foyer import OWNER, Gateway, one_time_code

pytestmark = pytest.mark.parametrize("database", ["sqlite", "postgres"], indirect=True)


def test_from_a_fresh_server_to_live_roles_and_statuses_and_through_a_crash(site):
    # 1. The owner signs in.
    session = site.call("POST", "/auth/login", {"email": OWNER["email"], "password": OWNER["password"]}).expect(200).json
    owner = session["access_token"]
    assert session["token_type"] == "Bearer" and session["refresh_token"] and session["expires_in"] > 0

    # 2. and 3. A member is made and signs in.
    alice = site.call(
        "POST", "/users", {"username": "alice", "email": "alice@foyer.example", "password": "alice's own passphrase"}, owner
    ).expect(201).json
    alice_token = site.login("alice", "alice's own passphrase")

    # 4. She may not read the audit log, and is told which permission it takes.
    refusal = site.call("GET", "/audit", token=alice_token).expect(403)
    assert refusal.headers["Content-Type"].startswith("application/problem+json")
    assert "audit.read" in refusal.json["detail"]

    # 5. and 6. A role is made and assigned; its effect is in the answer.
    role = site.call(
        "POST", "/roles", {"name": "auditor", "priority": 40, "permissions": ["audit.read", "users.read"]}, owner
    ).expect(201).json
    assigned = site.call(
        "POST", "/users/u_alice/roles", {"role_id": "role_auditor", "reason": "Elle relit le journal"}, owner
    ).expect(200).json
    assert "audit.read" in assigned["permissions"]

    # 7. The token from before obeys at once.
    actions = {entry["action"] for entry in site.call("GET", "/audit?limit=200", token=alice_token).expect(200).json["items"]}
    assert {"role.create", "role.assign"} <= actions

    # 8. The owner watches; alice, connected, changes her status.
    with site.gateway(owner) as watcher, site.gateway(alice_token):
        watcher.subscribe("presence")
        site.call("POST", "/users/me/status", {"status": "dnd", "status_message": "En réunion"}, alice_token).expect(200)
        event = watcher.next(
            "presence.update", where=lambda frame: frame["user_id"] == alice["id"] and frame.get("status_message") == "En réunion")
        assert event["status"] == "dnd"
        assert event["topic"] == "presence" and ":" in event["position"] and isinstance(event["version"], int)

    # 9. Killed and started again, all of it is there.
    before = site.call("GET", "/audit?limit=200", token=owner).expect(200).json["items"]
    site.kill()
    verified = site.run("audit", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    site.start()
    owner = site.owner_token()
    roles = site.call("GET", "/users/u_alice/roles", token=owner).expect(200).json
    assert role["id"] in [entry["id"] for entry in roles["roles"]] and "audit.read" in roles["permissions"]
    shown = site.call("GET", "/users/u_alice", token=owner).expect(200).json
    assert shown["status_message"] == "En réunion" and shown["chosen_status"] == "dnd"
    after = site.call("GET", "/audit?limit=200", token=owner).expect(200).json["items"]
    assert {entry["id"] for entry in before} <= {entry["id"] for entry in after}


def test_the_first_documents_samples_work_as_they_stand(site):
    owner = site.owner_token()
    member = site.member(owner, "alex")
    changed = site.call("PATCH", f"/users/{member['id']}", """{
  "display_name": "Alex Martin",
  "status": "dnd",
  "status_message": "En réunion",
  "roles": ["role_admin", "role_staff"],
  "tags": ["beta", "fr"]
}""", owner).expect(200).json
    assert changed["display_name"] == "Alex Martin" and changed["status_message"] == "En réunion"
    assert sorted(changed["tags"]) == ["beta", "fr"]
    names = {role["name"] for role in site.call("GET", f"/users/{member['id']}/roles", token=owner).expect(200).json["roles"]}
    assert {"admin", "staff"} <= names
    role = site.call("POST", "/roles", """{
  "name": "moderator",
  "description": "Gestion signalements et modération",
  "priority": 50,
  "permissions": [
    "users.read",
    "users.update",
    "moderation.ban",
    "analytics.read"
  ]
}""", owner).expect(201).json
    assert role["name"] == "moderator" and role["priority"] == 50
    assert sorted(role["permissions"]) == ["analytics.read", "moderation.ban", "users.read", "users.update"]


def test_the_second_documents_samples_work_as_they_stand(site):
    owner = site.owner_token()
    member = site.member(owner, "camille")
    role = site.call("POST", "/roles", """{
  "name": "moderator",
  "description": "Modération et gestion des utilisateurs",
  "priority": 50,
  "permissions": ["users.read", "users.update", "moderation.ban", "presence.read"]
}""", owner).expect(201).json
    assigned = site.call("POST", f"/users/{member['id']}/roles", """{
  "role_id": "role_moderator",
  "reason": "Ajout à l'équipe de modération"
}""", owner).expect(200).json
    assert role["id"] in [entry["id"] for entry in assigned["roles"]]
    assert {"users.read", "users.update", "moderation.ban", "presence.read"} <= set(assigned["permissions"])


def test_what_was_missed_is_replayed_and_nothing_twice(site):
    """The socket is cut while roles change; on its return it gets exactly what it missed of a durable topic."""
    owner = site.owner_token()
    site.member(owner, "bob")
    first = site.gateway(owner)
    positions = {"roles": first.subscribe("roles")["position"]}
    session = first.ready["session"]
    site.call("POST", "/roles", {"name": "seen", "priority": 5, "permissions": []}, owner).expect(201)
    positions["roles"] = first.next("role.created")["position"]
    first.socket.socket.close()  # no close frame: as when a cable is pulled

    for name in ("missed-1", "missed-2", "missed-3"):
        site.call("POST", "/roles", {"name": name, "priority": 5, "permissions": []}, owner).expect(201)
    second = Gateway(site, owner, resume={"session": session, "positions": positions})
    names = [second.next("role.created")["position"] for _ in range(3)]
    assert len(set(names)) == 3 and positions["roles"] not in names
    site.call("POST", "/roles", {"name": "live", "priority": 5, "permissions": []}, owner).expect(201)
    assert second.next("role.created")["position"] not in names
    second.close()


def test_a_wrong_token_is_closed_with_a_code_that_says_so(site):
    with connect(f"ws://127.0.0.1:{site.port}/api/v1/gateway") as socket:
        socket.send('{"type": "hello", "token": "not.a.token"}')
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                socket.recv(timeout=10)
        assert 4000 <= closed.value.rcvd.code < 5000


def closing_code(gateway):
    with pytest.raises(ConnectionClosed) as closed:
        while True:
            gateway.socket.recv(timeout=10)
    return closed.value.rcvd.code


def test_an_api_key_opens_the_gateway_and_revoking_it_closes_what_it_opened(site):
    owner = site.owner_token()
    made = site.call("POST", "/api-keys", {"name": "watcher", "scopes": ["users.read", "presence.read"]}, owner).expect(201).json
    key, path = made["key"], f"/api-keys/{made['id']}"
    assert site.call("GET", "/presence", token=key).expect(200).headers["RateLimit"].count("r=") == 2
    with site.gateway(key) as bot:
        assert bot.ready["user"]["username"] == "owner"
        bot.subscribe("presence")
        bot.send(type="subscribe", id="log", topic="audit")
        assert bot.next("error")["code"] == "permission_denied"
        rotated = site.call("POST", f"{path}/rotate", {"overlap_s": 60}, owner).expect(200).json["key"]
        assert closing_code(bot) == 4401
    for secret in (key, rotated):
        with site.gateway(secret) as bot:
            bot.subscribe("users")
    with site.gateway(rotated) as bot:
        # The key goes with the upgrade as well as with hello.
        with connect(f"ws://127.0.0.1:{site.port}/api/v1/gateway", additional_headers={"Authorization": f"Bearer {key}"}) as plain:
            plain.send('{"type": "hello"}')
            assert '"ready"' in plain.recv(timeout=10)
        site.call("DELETE", path, token=owner).expect(204)
        assert closing_code(bot) == 4502
    for secret in (key, rotated):
        assert site.call("GET", "/users", token=secret).expect(401).json["code"] == "invalid_key"
    actions = [entry["action"] for entry in site.call("GET", f"/audit?target={made['id']}", token=owner).expect(200).json["items"]]
    assert actions == ["api_key.revoke", "api_key.rotate", "api_key.create"]


def test_a_polling_session_belongs_to_the_key_that_opened_it(site):
    owner = site.owner_token()
    wide, narrow = (
        site.call("POST", "/api-keys", {"name": "bot", "scopes": scopes}, owner).expect(201).json["key"] for scopes in (["*"], ["self.read"]))
    first = site.call("GET", "/gateway?wait=1&topics=audit", token=wide).expect(200).json
    session = first["position"].split(".")[0]
    for other in (narrow, owner):
        assert site.call("POST", f"/gateway/{session}", {"type": "ping"}, other).expect(404).json["code"] == "unknown_session"
    site.call("POST", f"/gateway/{session}", {"type": "ping"}, wide).expect(204)
    # Taken up with the name alone, it is a session of its own, with what this key may do.
    other = site.call("GET", f"/gateway?wait=1&after={first['position']}", token=narrow).expect(200).json
    assert not [frame for frame in other["items"] if frame.get("topic") == "audit" and frame["type"] == "subscribed"]


def test_a_second_factor_is_asked_for_and_taken_off_on_the_server(site):
    owner = site.owner_token()
    credentials = {"email": OWNER["email"], "password": OWNER["password"]}
    secret = site.call("POST", "/users/me/totp", {"password": OWNER["password"]}, owner).expect(201).json["secret"]
    codes = site.call("POST", "/users/me/totp/confirm", {"code": one_time_code(secret)}, owner).expect(200).json["recovery_codes"]
    assert site.call("POST", "/auth/login", credentials).expect(401).json["code"] == "otp_required"
    assert site.call("POST", "/auth/login", credentials | {"otp": "no such code"}).expect(401).json["code"] == "otp_invalid"
    # The step of the first code is spent; the next one is taken half a minute early.
    site.call("POST", "/auth/login", credentials | {"otp": one_time_code(secret, 1)}).expect(200)
    site.call("POST", "/auth/login", credentials | {"otp": codes[0]}).expect(200)
    site.kill()
    reset = site.run("owner", "reset-factor", "owner")
    assert reset.returncode == 0 and "without a second factor" in reset.stdout, reset.stdout + reset.stderr
    assert site.run("owner", "reset-factor", "owner").returncode == 1
    assert site.run("audit", "verify").returncode == 0
    site.start()
    site.call("POST", "/auth/login", credentials).expect(200)


def test_wrong_options_and_settings_get_one_sentence_and_exit_code_2(site):
    wrong_option = site.run("serve", "--colour", "blue")
    assert wrong_option.returncode == 2 and len(wrong_option.stderr.strip().splitlines()) == 1
    site.settings["FOYER_COLOUR"] = "blue"
    wrong_setting = site.run("config")
    del site.settings["FOYER_COLOUR"]
    # Another program's variables may begin alike: one that is unknown is told, and does not stop the site.
    assert wrong_setting.returncode == 0 and "FOYER_COLOUR" in wrong_setting.stderr
    site.settings["FOYER_LOG_LEVEL"] = "blue"
    wrong_value = site.run("config")
    del site.settings["FOYER_LOG_LEVEL"]
    assert wrong_value.returncode == 2 and "FOYER_LOG_LEVEL" in wrong_value.stderr


def test_a_data_folder_has_one_process(site):
    second = site.run("serve", "--listen", "127.0.0.1:0")
    assert second.returncode != 0 and len(second.stderr.strip().splitlines()) == 1
