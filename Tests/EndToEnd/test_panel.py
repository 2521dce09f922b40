"""The panel in Chromium, as a person would use it: set-up, roles that stay, statuses that move, a connection that breaks."""
import re

import pytest
from playwright.sync_api import expect

from foyer import OWNER, one_time_code
from person import Person
from wire import Wire


def row_of(page, name):
    return page.get_by_role("row").filter(has=page.get_by_role("link", name=name, exact=True))


def test_the_set_up_link_makes_the_owner(new_site, open_browser):
    site = new_site(owner=False)
    link = (site.data / "setup-url").read_text().strip()
    assert (site.data / "setup-url").stat().st_mode & 0o777 == 0o600
    page = open_browser(site)
    person = Person(page, "en-GB")
    page.goto(link)
    page.get_by_label("Username", exact=True).fill(OWNER["username"])
    page.get_by_label("E-mail", exact=True).fill(OWNER["email"])
    page.get_by_label("Password", exact=True).fill(OWNER["password"])
    page.get_by_role("button", name="Create account").click()
    person.expect_live()
    expect(page.get_by_role("heading", level=1, name="Home")).to_be_visible()

    assert not (site.data / "setup-url").exists()
    # The link works once: whoever finds it later gets nothing.
    second = open_browser(site)
    second.goto(link)
    expect(second.get_by_role("heading", level=1, name="This site is already set up")).to_be_visible()
    expect(second.get_by_label("Username", exact=True)).to_have_count(0)
    expect(second.get_by_role("link", name="Sign in")).to_be_visible()


@pytest.mark.parametrize(("database", "locale"), [("sqlite", "en-GB"), ("postgres", "fr-FR")], indirect=["database"])
def test_a_role_stays_through_refresh_reconnect_and_restart(site, open_browser, locale):
    owner = site.owner_token()
    site.member(owner, "alice")
    page = open_browser(site, locale)
    person = Person(page, locale).sign_in()
    person.create_role("relecture", "audit.read", "users.read")
    person.open_member("alice", tab="roles")
    person.assign("relecture", "Elle relit le journal")

    page.reload()
    person.expect_role("relecture")

    page.context.set_offline(True)
    page.context.set_offline(False)
    person.expect_live()
    person.expect_role("relecture")

    site.kill()
    site.start()
    person.expect_live()
    person.expect_role("relecture")
    page.reload()
    person.expect_role("relecture")

    # In force for her, and on the log.
    assert "audit.read" in site.call("GET", "/users/u_alice/roles", token=site.owner_token()).expect(200).json["permissions"]
    person.go("audit")
    expect(page.get_by_role("main")).to_contain_text("relecture")


def test_two_browsers_see_each_others_status(new_site, open_browser):
    site = new_site(presence_grace="3")
    owner = site.owner_token()
    site.member(owner, "bob", roles=["role_staff"])
    first = Person(open_browser(site, "en-GB"), "en-GB").sign_in()
    second = Person(open_browser(site, "fr-FR"), "fr-FR").sign_in("bob", "passphrase of bob")
    first.go("members")
    second.go("members")
    expect(row_of(first.page, "bob")).to_contain_text("Online")

    second.choose_status("do not disturb")
    expect(row_of(first.page, "bob")).to_contain_text("Do not disturb")
    second.say("En réunion")
    expect(row_of(first.page, "bob")).to_contain_text("En réunion")

    first.choose_status("idle")
    expect(row_of(second.page, "owner")).to_contain_text("Inactif")

    # Gone with the last tab, after the grace that rides over reconnects.
    second.page.close()
    expect(row_of(first.page, "bob")).to_contain_text("Offline", timeout=60_000)


def test_what_happens_while_the_cable_is_out_is_not_missed(new_site, open_browser):
    site = new_site()
    owner = site.owner_token()
    site.member(owner, "carol")
    wire = Wire(site.port)
    page = open_browser(site, base_url=f"http://127.0.0.1:{wire.port}")
    person = Person(page, "en-GB").sign_in()
    person.go("roles")

    wire.cut()
    expect(page.get_by_role("main").get_by_text("Reconnecting…").first).to_be_visible()
    site.call("POST", "/roles", {"name": "made-meanwhile", "priority": 5, "permissions": []}, owner).expect(201)
    site.call("POST", "/users/u_carol/status", {"status": "dnd", "status_message": "Said meanwhile"}, owner).expect(200)
    expect(page.get_by_role("link", name="made-meanwhile")).to_have_count(0)
    wire.mend()
    expect(page.get_by_role("link", name="made-meanwhile")).to_have_count(1, timeout=40_000)
    person.expect_live()
    person.go("members")
    expect(row_of(page, "carol")).to_contain_text("Said meanwhile")

    # The whole server away and back: what came before and after it is there once.
    site.kill()
    site.start()
    site.call("POST", "/roles", {"name": "made-after", "priority": 5, "permissions": []}, site.owner_token()).expect(201)
    person.expect_live()
    person.go("roles")
    expect(page.get_by_role("link", name="made-after")).to_have_count(1)
    expect(page.get_by_role("link", name="made-meanwhile")).to_have_count(1)
    wire.close()


def test_the_app_falls_from_one_way_to_the_next_and_climbs_back(new_site, open_browser):
    site = new_site()
    owner = site.owner_token()
    wire = Wire(site.port)
    page = open_browser(site, base_url=f"http://127.0.0.1:{wire.port}")
    polls: list[str] = []
    page.on("request", lambda request: "/gateway?" in request.url and polls.append(request.url))
    socket, stream = b"upgrade: websocket", b"text/event-stream"

    wire.refuse(socket)
    person = Person(page, "en-GB").sign_in(way="live otherwise")
    assert polls == []
    person.go("roles")
    site.call("POST", "/roles", {"name": "by-stream", "priority": 5, "permissions": []}, owner).expect(201)
    expect(page.get_by_role("link", name="by-stream")).to_have_count(1)

    wire.refuse(socket, stream)
    site.call("POST", "/roles", {"name": "in-between", "priority": 5, "permissions": []}, owner).expect(201)
    person.expect_live("live otherwise", timeout=60_000)
    expect(page.get_by_role("link", name="in-between")).to_have_count(1, timeout=60_000)
    site.call("POST", "/roles", {"name": "by-poll", "priority": 5, "permissions": []}, owner).expect(201)
    expect(page.get_by_role("link", name="by-poll")).to_have_count(1)
    assert polls

    wire.refused = set()
    person.expect_live(timeout=60_000)
    site.call("POST", "/roles", {"name": "by-socket", "priority": 5, "permissions": []}, owner).expect(201)
    for name in ["by-stream", "in-between", "by-poll", "by-socket"]:
        expect(page.get_by_role("link", name=name)).to_have_count(1)
    wire.close()


def test_a_revoked_right_takes_its_page_away_at_once(site, open_browser):
    owner = site.owner_token()
    site.call("POST", "/roles", {"name": "reader", "priority": 10, "permissions": ["roles.read", "users.read"]}, owner).expect(201)
    site.member(owner, "dora", roles=["role_reader"])
    page = open_browser(site)
    Person(page, "en-GB").sign_in("dora", "passphrase of dora").go("roles")
    navigation = page.get_by_role("navigation")
    site.call("DELETE", "/users/u_dora/roles/role_reader", token=owner).expect(200)
    expect(navigation.get_by_role("link", name="Roles")).to_have_count(0)


def test_an_edit_of_somebody_else_is_not_written_back(site, open_browser):
    owner = site.owner_token()
    member = site.member(owner, "alice", display_name="Alice")
    page = open_browser(site)
    Person(page, "en-GB").sign_in()
    page.goto(f"/panel/members/{member['id']}")
    page.get_by_label("E-mail", exact=True).fill("alice@elsewhere.example")
    site.call("PATCH", f"/users/{member['id']}", {"display_name": "Alice B."}, owner).expect(200)
    expect(page.get_by_label("Display name", exact=True)).to_have_value("Alice B.")
    expect(page.get_by_label("E-mail", exact=True)).to_have_value("alice@elsewhere.example")
    page.get_by_role("complementary", name="Alice B.").get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Changes saved").first).to_be_visible()
    kept = site.call("GET", f"/users/{member['id']}", token=owner).expect(200).json
    assert (kept["display_name"], kept["email"]) == ("Alice B.", "alice@elsewhere.example")


def test_a_refusal_can_be_handed_to_the_team_and_tried_again(site, open_browser):
    owner = site.owner_token()
    site.member(owner, "alice")
    page = open_browser(site, permissions=["clipboard-read", "clipboard-write"])
    person = Person(page, "en-GB").sign_in()
    page.route("**/api/v1/users/*/ban", lambda route: route.fulfill(status=500, content_type="application/problem+json", body=(
        '{"type": "urn:foyer:problem:internal", "title": "Internal error", "status": 500, "code": "internal", "detail": "It broke.", "request_id": "r-1"}')))
    person.open_member("alice")
    page.get_by_role("complementary").get_by_role("button", name="Actions for alice").click()
    page.get_by_role("menuitem", name="Ban…").click()
    dialog = page.get_by_role("dialog", name="Ban alice")
    dialog.get_by_label("Reason", exact=True).fill("Spam")
    dialog.get_by_role("button", name="Ban", exact=True).click()
    alert = dialog.get_by_role("alert")
    expect(alert).to_contain_text("It broke.")
    alert.get_by_text("Details", exact=True).click()
    alert.get_by_role("button", name="Copy details").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    copied = page.evaluate("() => navigator.clipboard.readText()").splitlines()
    assert copied[:3] == ["500 internal", "It broke.", "Request r-1"] and "/panel/members/" in copied[3]
    page.unroute("**/api/v1/users/*/ban")
    dialog.get_by_role("button", name="Ban", exact=True).click()
    expect(page.get_by_text("alice is banned")).to_be_visible()


def test_keyboard_alone_reaches_the_palette_and_a_page(site, open_browser):
    page = open_browser(site)
    Person(page, "en-GB").sign_in()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.type("Roles")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name=re.compile("^Roles"))).to_be_visible()


def test_a_second_factor_is_set_up_asked_for_and_removed(site, open_browser):
    page = open_browser(site)
    person = Person(page, "en-GB").sign_in()
    person.go("settings")
    page.get_by_role("tab", name="Security").click()
    page.get_by_role("button", name="Set up").click()
    dialog = page.get_by_role("dialog", name="Two-factor authentication")
    dialog.get_by_label("Current password", exact=True).fill(OWNER["password"])
    dialog.get_by_role("button", name="Continue").click()
    secret = dialog.get_by_role("group", name="Secret").get_by_role("code").inner_text()
    assert f"secret={secret}&" in dialog.get_by_role("link", name="Open in an authenticator app").get_attribute("href")
    # Too early: three digits are no code.
    dialog.get_by_label("Code", exact=True).fill("123")
    dialog.get_by_role("button", name="Turn on").click()
    expect(dialog.get_by_text("This code is wrong")).to_be_visible()
    dialog.get_by_label("Code", exact=True).fill(one_time_code(secret))
    dialog.get_by_role("button", name="Turn on").click()
    codes = dialog.get_by_role("group", name="Recovery codes").get_by_role("code").inner_text().split()
    assert len(codes) == 10
    dialog.get_by_role("button", name="I’ve saved them").click()
    expect(page.get_by_role("main").get_by_text("10 recovery codes left")).to_be_visible()

    page.get_by_role("tab", name="Account").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Username or e-mail").fill(OWNER["email"])
    page.get_by_label("Password", exact=True).fill(OWNER["password"])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1, name="Two-factor authentication")).to_be_visible()
    code = page.get_by_label("Code", exact=True)
    expect(code).to_be_focused()
    code.fill("AAAA-BBBB-CCCC-DDDD")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("This code is wrong")).to_be_visible()
    code.fill(codes[0])
    page.get_by_role("button", name="Sign in").click()
    person.expect_live()

    person.go("settings")
    page.get_by_role("tab", name="Security").click()
    expect(page.get_by_role("main").get_by_text("9 recovery codes left")).to_be_visible()
    page.get_by_role("button", name="Turn off").click()
    dialog = page.get_by_role("dialog", name="Turn off two-factor authentication")
    dialog.get_by_label("Current password", exact=True).fill(OWNER["password"])
    dialog.get_by_label("Code", exact=True).fill(codes[1])
    dialog.get_by_role("button", name="Turn off").click()
    expect(page.get_by_role("button", name="Set up")).to_be_visible()
    site.owner_token()
    person.go("audit")
    expect(page.get_by_role("main")).to_contain_text("turned off two-factor authentication")


def test_an_api_key_is_made_used_renewed_and_revoked(site, open_browser):
    page = open_browser(site, "fr-FR")
    person = Person(page, "fr-FR").sign_in()
    person.go("settings")
    page.get_by_role("tab", name="Clés d’API").click()
    expect(page.get_by_role("heading", name="Aucune clé d’API")).to_be_visible()
    page.get_by_role("button", name="Créer une clé d’API").click()
    dialog = page.get_by_role("dialog", name="Créer une clé d’API")
    dialog.get_by_label("Nom", exact=True).fill("robot du salon")
    dialog.get_by_label("Voir les membres et leurs profils").check()
    dialog.get_by_role("button", name="Créer la clé").click()
    shown = page.get_by_role("dialog", name=re.compile("robot du salon"))
    first = shown.get_by_role("group", name="Clé d’API").get_by_role("code").inner_text()
    shown.get_by_role("button", name="Je l’ai enregistré").click()
    assert site.call("GET", "/users", token=first).expect(200).json["items"]
    site.call("GET", "/roles", token=first).expect(403)

    row = page.get_by_role("list", name="Clés d’API").get_by_role("listitem")
    expect(row).to_contain_text("users.read")
    page.get_by_role("button", name="Actions sur la clé robot du salon").click()
    page.get_by_role("menuitem", name="Renouveler le secret").click()
    second = shown.get_by_role("group", name="Clé d’API").get_by_role("code").inner_text()
    shown.get_by_role("button", name="Je l’ai enregistré").click()
    assert second != first
    for secret in (first, second):
        site.call("GET", "/users", token=secret).expect(200)

    page.get_by_role("button", name="Actions sur la clé robot du salon").click()
    page.get_by_role("menuitem", name="Révoquer").click()
    page.get_by_role("dialog").get_by_role("button", name="Révoquer").click()
    expect(page.get_by_role("heading", name="Aucune clé d’API")).to_be_visible()
    for secret in (first, second):
        site.call("GET", "/users", token=secret).expect(401)
    person.go("audit")
    expect(page.get_by_role("main")).to_contain_text("a révoqué la clé d’API robot du salon")
