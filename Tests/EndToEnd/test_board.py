"""The board of who is online, statuses set by the team, and the moderation of a member, as a person would use them."""
import re
import time

import pytest
from playwright.sync_api import expect

from axe import violations
from engines import choose_option
from person import Person
from tour import settle

BOARD = {"en-GB": "Online now", "fr-FR": "En ligne"}


def connected(site, *names):
    """Their sockets, each past `ready`; the caller keeps them."""
    return [site.gateway(site.login(name, f"passphrase of {name}")) for name in names]


def card(page, name):
    return page.get_by_role("listitem").filter(has=page.get_by_role("link", name=name, exact=True))


def open_board(page, locale="en-GB"):
    page.get_by_role("navigation").get_by_role("link", name="Panel", exact=True).first.click()
    page.get_by_role("navigation").get_by_role("link", name=BOARD[locale], exact=True).first.click()
    expect(page.get_by_role("heading", level=1, name=BOARD[locale], exact=True)).to_be_visible()


def group(page, name):
    return page.get_by_role("region", name=re.compile(rf"^{name}\b"))


@pytest.fixture
def people(site):
    owner = site.owner_token()
    for name, roles in (("alice", []), ("bob", ["role_staff"]), ("carol", [])):
        site.member(owner, name, roles=roles)
    sockets = connected(site, "alice", "bob", "carol")
    site.call("POST", "/users/u_carol/status", {"status": "dnd", "activity": {"name": "Figma", "kind": "working"}}, owner).expect(200)
    yield owner
    for socket in sockets:
        socket.close()


@pytest.mark.parametrize("database", ["sqlite", "postgres"], indirect=True)
def test_the_board_groups_and_filters_who_is_there_live(site, people, open_browser):
    owner = people
    page = open_browser(site)
    Person(page, "en-GB").sign_in()
    open_board(page)
    expect(group(page, "Do not disturb").get_by_role("link")).to_have_text(["carol"])
    expect(group(page, "Online").get_by_role("link")).to_have_text(["alice", "bob", "owner"])
    expect(page.get_by_role("main")).to_contain_text("4 people")

    # Somebody moves while one looks.
    site.call("POST", "/users/u_alice/status", {"status": "dnd", "status_message": "En réunion"}, owner).expect(200)
    expect(group(page, "Do not disturb").get_by_role("link")).to_have_text(["alice", "carol"])
    expect(card(page, "alice")).to_contain_text("En réunion")

    page.get_by_role("radio", name="Activity").focus()
    page.keyboard.press("Space")
    expect(group(page, "Figma").get_by_role("link")).to_have_text(["carol"])
    page.get_by_role("radio", name="Role").focus()
    page.keyboard.press("Space")
    expect(group(page, "Staff").get_by_role("link")).to_have_text(["bob"])
    # A role moves somebody in and out, by the server's word.
    choose_option(page.get_by_role("combobox", name="Role"), "Staff")
    expect(page.get_by_role("main").get_by_role("listitem").get_by_role("link")).to_have_text(["bob"])
    site.call("POST", "/users/u_alice/roles", {"role_id": "role_staff"}, owner).expect(200)
    expect(group(page, "Staff").get_by_role("link")).to_have_text(["alice", "bob"])
    site.call("DELETE", "/users/u_bob/roles/role_staff", token=owner).expect(200)
    expect(group(page, "Staff").get_by_role("link")).to_have_text(["alice"])

    # The address says it all: it survives a reload.
    page.reload()
    expect(group(page, "Staff").get_by_role("link")).to_have_text(["alice"])
    page.get_by_role("search").get_by_role("button", name="Clear filters").click()
    expect(page).to_have_url(re.compile(r"/panel/online\?by=role$"))
    page.get_by_role("searchbox", name="Name or activity").fill("FIGM")
    expect(page.get_by_role("main").get_by_role("listitem").get_by_role("link")).to_have_text(["carol"])
    site.call("POST", "/users/u_carol/status", {"activity": None}, owner).expect(200)
    expect(page.get_by_role("heading", name="No member online matches")).to_be_visible()
    site.call("POST", "/users/u_bob/status", {"activity_name": "Figma"}, owner).expect(200)
    expect(page.get_by_role("main").get_by_role("listitem").get_by_role("link")).to_have_text(["bob"])
    page.get_by_role("search").get_by_role("button", name="Clear filters").click()
    page.get_by_role("button", name=re.compile("^Do not disturb")).click()
    expect(page.get_by_role("main").get_by_role("listitem").get_by_role("link")).to_have_text(["alice", "carol"])

    # Arrows go from one to the next, and who moves takes the focus along.
    page.get_by_role("link", name="alice", exact=True).focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="carol", exact=True)).to_be_focused()
    site.call("POST", "/users/u_carol/status", {"status": "online"}, owner).expect(200)
    expect(page.get_by_role("link", name="alice", exact=True)).to_be_focused()


@pytest.mark.parametrize("database", ["sqlite", "postgres"], indirect=True)
def test_the_team_sets_a_status_with_a_way_back(site, people, open_browser):
    owner = people
    page = open_browser(site)
    Person(page, "en-GB").sign_in()
    open_board(page)
    card(page, "bob").get_by_role("button", name="Actions for bob").click()
    page.get_by_role("menuitem", name="Set status…").click()
    dialog = page.get_by_role("dialog", name="Status of bob")
    dialog.get_by_role("radio", name="Idle").check()
    dialog.get_by_label(re.compile("^Message")).fill("Away until noon")
    choose_option(dialog.get_by_label("Clear after"), "4 hours")
    dialog.get_by_label(re.compile("^Activity")).fill("Lunch")
    dialog.get_by_role("button", name="Set status").click()
    expect(group(page, "Idle").get_by_role("link")).to_have_text(["bob"])
    expect(card(page, "bob")).to_contain_text("Away until noon")
    expect(card(page, "bob")).to_contain_text("Lunch")
    bob = site.call("GET", "/users/u_bob", token=owner).expect(200).json
    assert (bob["chosen_status"], bob["status_message"], bob["activity_name"]) == ("idle", "Away until noon", "Lunch")
    assert bob["status_expires_at"]
    entry = site.call("GET", "/audit?action=status.update&target=u_bob", token=owner).expect(200).json["items"][0]
    assert entry["payload"]["after"]["status"] == "idle" and entry["actor_user_id"] != bob["id"]

    page.get_by_role("button", name="Undo").click()
    expect(group(page, "Online").get_by_role("link")).to_have_text(["alice", "bob", "owner"])
    expect(card(page, "bob")).not_to_contain_text("Away until noon")

    # The same from the list of members and from the sheet; cleared in one step.
    site.call("POST", "/users/u_bob/status", {"status": "dnd", "status_message": "Nope", "status_emoji": "🌙"}, owner).expect(200)
    page.goto("/panel/members/u_bob")
    sheet = page.get_by_role("complementary", name="bob")
    sheet.get_by_role("button", name="Actions for bob").click()
    page.get_by_role("menuitem", name="Set status…").click()
    page.get_by_role("dialog", name="Status of bob").get_by_role("button", name="Clear all").click()
    expect(sheet).not_to_contain_text("Nope")
    expect(sheet).to_contain_text("Online")
    expect(page.get_by_text("Status of bob changed")).to_be_visible()
    assert site.call("GET", "/users/u_bob", token=owner).expect(200).json["status_message"] is None


def test_a_refused_status_comes_back_and_ranks_hold(site, people, open_browser):
    owner = people
    site.member(owner, "mod", roles=["role_mod"])
    page = open_browser(site)
    Person(page, "en-GB").sign_in("mod", "passphrase of mod")
    open_board(page)
    card(page, "alice").get_by_role("button", name="Actions for alice").click()
    page.get_by_role("menuitem", name="Set status…").click()
    dialog = page.get_by_role("dialog", name="Status of alice")
    dialog.get_by_label(re.compile("^Message")).fill("By the team")
    # Meanwhile she rose above the moderator.
    site.call("POST", "/users/u_alice/roles", {"role_id": "role_admin"}, owner).expect(200)
    dialog.get_by_role("button", name="Set status").click()
    expect(page.get_by_role("button", name="Retry")).to_be_visible()
    expect(card(page, "alice")).not_to_contain_text("By the team")
    # Nothing of the kind is offered on her any more.
    card(page, "alice").get_by_role("button", name="Actions for alice").click()
    expect(page.get_by_role("menuitem", name="Copy")).to_be_visible()
    expect(page.get_by_role("menuitem", name="Set status…")).to_have_count(0)


@pytest.mark.parametrize("database", ["sqlite", "postgres"], indirect=True)
def test_the_moderation_of_a_member(site, people, open_browser):
    owner = people
    page = open_browser(site)
    Person(page, "en-GB").sign_in()
    page.goto("/panel/members/u_alice")
    sheet = page.get_by_role("complementary", name="alice")
    sheet.get_by_role("tab", name="Moderation").click()
    expect(page).to_have_url(re.compile(r"/panel/members/[0-9a-f-]{36}/moderation$"))
    expect(sheet.get_by_role("heading", name="No moderation history")).to_be_visible()
    sessions = sheet.get_by_role("region", name="Active sessions")
    expect(sessions.get_by_role("listitem")).to_have_count(1)
    sessions.get_by_role("button", name=re.compile("^End")).click()
    expect(sessions.get_by_text("No active sessions")).to_be_visible()

    sheet.get_by_role("button", name="Ban…").click()
    dialog = page.get_by_role("dialog", name="Ban alice")
    dialog.get_by_label("Reason").fill("Spam in three channels")
    dialog.get_by_role("button", name="Ban", exact=True).click()
    now = sheet.get_by_role("region", name="Current state")
    expect(now).to_contain_text("Spam in three channels")
    expect(now.get_by_role("link", name="owner")).to_be_visible()
    acts = sheet.get_by_role("region", name="Moderation history")
    expect(acts.get_by_role("listitem")).to_have_count(2)
    expect(acts).to_contain_text("owner banned alice")

    # The address leads there; what is lifted is on the list, too.
    page.reload()
    expect(now).to_contain_text("Banned by")
    sheet.get_by_role("button", name="Unban").click()
    expect(now).to_contain_text("Not banned")
    now.get_by_role("button", name="Disable").click()
    expect(now).to_contain_text("Account disabled")
    expect(acts.get_by_role("listitem")).to_have_count(4)
    assert site.call("GET", "/users/u_alice", token=owner).expect(200).json["is_disabled"]

    # Of oneself there is nothing to do; who handles reports reads what was imposed, and does nothing more.
    page.goto("/panel/members/me/moderation")
    expect(page.get_by_role("complementary").get_by_text("can’t moderate your own account")).to_be_visible()
    other = open_browser(site)
    Person(other, "en-GB").sign_in("bob", "passphrase of bob")
    other.goto("/panel/members/u_carol")
    other.get_by_role("tab", name="Moderation").click()
    expect(other.get_by_role("heading", name="Sanctions")).to_be_visible()
    for act in ("Ban", "Disable", "Sanction"):
        expect(other.get_by_role("button", name=act, exact=True)).to_have_count(0)


def test_comings_and_goings_have_an_address(site, people, open_browser):
    # Moves are written in batches, some seconds after they happened, and the page tells those that are written when it opens.
    deadline = time.monotonic() + 30
    while not site.call("GET", "/users/u_carol/presence/history", token=people).expect(200).json["items"]:
        assert time.monotonic() < deadline, "nothing was written"
        time.sleep(0.1)
    page = open_browser(site, "fr-FR")
    Person(page, "fr-FR").sign_in()
    page.goto("/panel/members/u_carol/history")
    page.get_by_role("radio", name="Présence").focus()
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile(r"/history\?side=presence$"))
    page.reload()
    expect(page.get_by_role("complementary").get_by_role("listitem").filter(has_text="connexion")).to_be_visible()


@pytest.mark.parametrize(("theme", "locale"), [("dark", "en-GB"), ("light", "fr-FR")])
def test_axe_finds_nothing_on_the_board(site, people, open_browser, theme, locale):
    site.call("POST", "/users/u_alice/ban", {"reason": "Essai", "duration_s": 86400}, people).expect(200)
    page = open_browser(site, locale, color_scheme=theme)
    Person(page, locale).sign_in()
    found = []
    for path in ("/panel/online", "/panel/online?by=role", "/panel/online?by=activity&status=dnd,online", "/panel/online?text=nobody-at-all", "/panel/members/u_alice/moderation",
                 "/panel/members/u_carol/moderation", "/panel/members/u_carol/history?side=presence"):
        page.goto(path)
        settle(page)
        found += violations(page, path)
    page.goto("/panel/online")
    settle(page)
    page.get_by_role("button", name=re.compile("carol$")).click()
    page.get_by_role("menuitem").first.click()
    expect(page.get_by_role("dialog").get_by_role("radio").first).to_be_visible()
    found += violations(page, "status dialog")
    assert not found, "\n".join(found)
