"""Notifications on several devices, preferences, and the loss of a role. Also: arranging channels, rights, keyboard use, suggestions of friends."""
import re

import pytest
from playwright.sync_api import expect

from axe import violations
from engines import choose_option
from person import Person
from tour import settle


@pytest.fixture
def friends(site):
    """A site on which Alice and Bob are friends, with their access tokens."""
    owner = site.owner_token()
    tokens = {"owner": owner}
    for name in ("alice", "bob"):
        site.member(owner, name)
        tokens[name] = site.login(name, f"passphrase of {name}")
    site.call("POST", "/friend-requests", {"to": "u_bob"}, tokens["alice"]).expect(201)
    site.call("POST", "/friend-requests", {"to": "u_alice"}, tokens["bob"]).expect(200)
    return site, tokens


def sign_in(site, open_browser, name, locale="en-GB", **options):
    page = open_browser(site, locale, **options)
    Person(page, locale).sign_in(name, f"passphrase of {name}")
    return page


def say(site, token, conversation, content):
    return site.call("POST", f"/conversations/{conversation}/messages", {"content": content}, token).expect(201).json


def bell(page):
    return page.get_by_role("navigation").get_by_role("button", name=re.compile("^Notifications"))


def notices(page):
    return page.get_by_role("list", name="Notifications").get_by_role("listitem")


def test_reading_on_one_device_marks_as_read_on_the_other(friends, open_browser):
    site, tokens = friends
    phone = sign_in(site, open_browser, "bob", viewport={"width": 360, "height": 640}, has_touch=True)
    desk = sign_in(site, open_browser, "bob")
    site.call("POST", "/notifications/read", {"all": True}, tokens["bob"]).expect(200)
    direct = site.call("POST", "/conversations", {"members": ["u_bob"]}, tokens["alice"]).json["id"]
    say(site, tokens["alice"], direct, "first")
    say(site, tokens["alice"], direct, "second")
    # On a phone the bell is in the header of the page.
    there = phone.get_by_role("main").get_by_role("link", name=re.compile("^Notifications"))
    expect(there).to_contain_text("1")
    expect(bell(desk)).to_contain_text("1")
    there.tap()
    expect(notices(phone).first).to_contain_text("alice")
    expect(notices(phone).first).to_contain_text("×2")
    notices(phone).first.get_by_role("link").tap()
    expect(phone.get_by_role("article").filter(has_text="second")).to_be_visible()
    # The desktop shows the notification and the conversation as read.
    expect(bell(desk)).not_to_contain_text("1")
    bell(desk).click()
    expect(desk.get_by_role("dialog", name="Notifications").get_by_text("Unread", exact=True)).to_have_count(0)
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("navigation").get_by_role("link", name=re.compile("alice"))).not_to_contain_text("unread")


def test_deleted_messages_and_muted_conversations_have_no_notifications(friends, open_browser):
    site, tokens = friends
    bob = sign_in(site, open_browser, "bob")
    site.call("POST", "/notifications/read", {"all": True}, tokens["bob"]).expect(200)
    channel = site.call("POST", "/channels", {"name": "general"}, tokens["owner"]).expect(201).json["id"]
    me = site.call("GET", "/users/me", token=tokens["bob"]).json["id"]
    sent = say(site, tokens["alice"], channel, f"<@{me}> a secret")
    expect(bell(bob)).to_contain_text("1")
    site.call("DELETE", f"/messages/{sent['id']}", token=tokens["alice"]).expect(204)
    expect(bell(bob)).not_to_contain_text("1")
    bob.goto("/notifications")
    expect(bob.get_by_text("a secret")).to_have_count(0)

    direct = site.call("POST", "/conversations", {"members": ["u_bob"]}, tokens["alice"]).json["id"]
    bob.goto(f"/direct/{direct}?side=details")
    # Leaving the page cancels a request that is under way.
    with bob.expect_response(lambda answer: answer.url.endswith("/settings") and answer.request.method == "PATCH"):
        choose_option(bob.get_by_label("Mute", exact=True), "For 1 hour")
    bob.goto("/notifications")
    say(site, tokens["alice"], direct, "not heard")
    say(site, tokens["alice"], channel, f"<@{me}> a mention")
    expect(notices(bob).first).to_contain_text("a mention")
    # The list of conversations shows the text, as it does for every conversation.
    expect(notices(bob).filter(has_text="not heard")).to_have_count(0)


def test_preferences_switch_a_kind_off(friends, open_browser):
    site, tokens = friends
    bob = sign_in(site, open_browser, "bob")
    site.call("POST", "/notifications/read", {"all": True}, tokens["bob"]).expect(200)
    bob.goto("/settings/notifications")
    box = bob.get_by_role("checkbox", name="I receive a direct message: Here")
    box.uncheck()
    bob.get_by_role("checkbox", name="I receive a direct message: Browser").uncheck()
    bob.reload()
    expect(box).not_to_be_checked()
    direct = site.call("POST", "/conversations", {"members": ["u_bob"]}, tokens["alice"]).json["id"]
    say(site, tokens["alice"], direct, "unheard")
    channel = site.call("POST", "/channels", {"name": "general"}, tokens["owner"]).expect(201).json["id"]
    me = site.call("GET", "/users/me", token=tokens["bob"]).json["id"]
    say(site, tokens["alice"], channel, f"<@{me}> heard")
    expect(bell(bob)).to_contain_text("1")
    bob.goto("/notifications")
    expect(notices(bob).first).to_contain_text("heard")
    expect(notices(bob).filter(has_text="unheard")).to_have_count(0)


def test_losing_a_role_closes_its_channel_at_once(friends, open_browser):
    site, tokens = friends
    role = site.call("POST", "/roles", {"name": "critics", "priority": 20, "permissions": []}, tokens["owner"]).expect(201).json["id"]
    site.call("POST", "/users/u_bob/roles", {"role_id": role}, tokens["owner"]).expect(200)
    channel = site.call("POST", "/channels", {
        "name": "critics", "visibility": "private", "overwrites": [{"target": "role_critics", "allow": ["chat.read", "chat.write"]}]}, tokens["owner"]).expect(201).json["id"]
    say(site, tokens["owner"], channel, "between us")
    bob = sign_in(site, open_browser, "bob")
    bob.goto("/channels/critics")
    expect(bob.get_by_role("article").filter(has_text="between us")).to_be_visible()
    site.call("DELETE", f"/users/u_bob/roles/{role}", token=tokens["owner"]).expect(200)
    expect(bob.get_by_text("between us")).to_have_count(0, timeout=3_000)
    expect(bob.get_by_role("textbox", name=re.compile("^Message "))).to_have_count(0)
    expect(bob.get_by_role("link", name=re.compile("^critics"))).to_have_count(0)


def test_channels_are_arranged_by_keyboard_and_their_rights_explained(friends, open_browser):
    site, tokens = friends
    for name in ("one", "two", "three"):
        site.call("POST", "/channels", {"name": name, "position": len(name)}, tokens["owner"]).expect(201)
    owner = open_browser(site)
    Person(owner, "en-GB").sign_in()
    owner.goto("/channels?arrange=1")
    owner.get_by_role("button", name="New category").click()
    owner.get_by_label("Category name").fill("Cinema")
    owner.keyboard.press("Enter")
    expect(owner.get_by_role("button", name="Move Cinema")).to_be_visible()
    grip = owner.get_by_role("button", name="Move #one")
    grip.focus()
    # Down past the last channel, then into the category.
    for _ in range(3):
        owner.keyboard.press("ArrowDown")
    expect(grip).to_be_focused()
    owner.get_by_role("button", name="Save", exact=True).click()
    expect(owner.get_by_text("Order saved")).to_be_visible()
    listed = site.call("GET", "/channels", token=tokens["bob"]).json
    assert [each["name"] for each in listed["items"]] == ["two", "three", "one"]
    assert listed["items"][2]["category_id"] == listed["categories"][0]["id"]
    owner.get_by_role("button", name="Rename Cinema").click()
    owner.get_by_label("Category name").fill("Films")
    owner.keyboard.press("Enter")
    expect(owner.get_by_role("button", name="Move Films")).to_be_visible()

    owner.goto("/channels/one/rights")
    expect(owner.get_by_role("heading", level=1, name="Rights in #one")).to_be_visible()
    choose_option(owner.get_by_role("region", name="In this channel").get_by_label("Add a role"), "member")
    owner.get_by_text("member", exact=True).first.click()
    owner.get_by_role("group", name="member: Write").get_by_text("✕").click()
    owner.get_by_role("button", name="Check somebody else").click()
    owner.get_by_role("searchbox").fill("bob")
    owner.get_by_role("checkbox", name="@bob").click()
    why = owner.get_by_role("list", name=re.compile("can do here"))
    expect(why.get_by_role("listitem").filter(has_text="Write")).to_contain_text("member: denied in this channel.")
    assert site.call("POST", f"/conversations/{listed['items'][2]['id']}/messages", {"content": "x"}, tokens["bob"]).status == 403


def test_a_conversation_by_keyboard_alone(friends, open_browser):
    site, tokens = friends
    direct = site.call("POST", "/conversations", {"members": ["u_bob"]}, tokens["alice"]).json["id"]
    for text in ("one", "two", "three"):
        say(site, tokens["alice"], direct, text)
    bob = sign_in(site, open_browser, "bob")
    bob.goto(f"/direct/{direct}")
    composer = bob.get_by_role("textbox", name=re.compile("^Message "))
    expect(bob.get_by_role("article").filter(has_text="three")).to_be_visible()
    composer.focus()
    bob.keyboard.type("four")
    bob.keyboard.press("Enter")
    expect(bob.get_by_role("article").filter(has_text="four")).to_be_visible()
    bob.wait_for_load_state("networkidle")
    # Arrow up edits the last own message.
    bob.keyboard.press("ArrowUp")
    expect(bob.get_by_role("textbox", name="Edit message")).to_be_focused()
    bob.keyboard.type(" and a half")
    bob.keyboard.press("Enter")
    expect(bob.get_by_role("article").filter(has_text="four and a half")).to_be_visible()
    expect(composer).to_be_focused()
    # The arrows move between messages; R replies to the focused one.
    bob.get_by_role("group", name="Messages in alice").focus()
    bob.keyboard.press("ArrowUp")
    for _ in range(2):
        bob.keyboard.press("ArrowUp")
    expect(bob.get_by_role("article").filter(has_text="two")).to_be_focused()
    bob.keyboard.press("r")
    expect(composer).to_be_focused()
    bob.keyboard.type("to two")
    bob.keyboard.press("Enter")
    expect(bob.get_by_role("article").filter(has_text="to two")).to_contain_text("two")
    # “(edited)” opens the earlier versions.
    bob.get_by_role("button", name="(edited)").focus()
    bob.keyboard.press("Enter")
    history = bob.get_by_role("dialog", name="Earlier versions")
    expect(history.get_by_role("listitem")).to_have_count(2)
    bob.keyboard.press("Escape")
    expect(history).to_have_count(0)


def test_friends_of_friends_are_suggested(friends, open_browser):
    site, tokens = friends
    site.member(tokens["owner"], "cleo")
    cleo = site.login("cleo", "passphrase of cleo")
    site.call("POST", "/friend-requests", {"to": "u_bob"}, cleo).expect(201)
    site.call("POST", "/friend-requests", {"to": "u_cleo"}, tokens["bob"]).expect(200)
    alice = sign_in(site, open_browser, "alice")
    alice.goto("/direct?tab=add")
    row = alice.get_by_role("list", name="People you may know").get_by_role("listitem").filter(has_text="cleo")
    expect(row).to_contain_text("Friend of bob")
    row.get_by_role("button", name="cleo: Add friend").click()
    expect(alice.get_by_text("Request sent to cleo")).to_be_visible()
    expect(row).to_have_count(0)
    assert len(site.call("GET", "/friend-requests?direction=in", token=cleo).json["items"]) == 1


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_in_notifications_groups_and_channels(friends, open_browser, theme, width):
    site, tokens = friends
    site.member(tokens["owner"], "cleo")
    group = site.call("POST", "/conversations", {"members": ["u_alice", "u_bob", "u_cleo"], "name": "Jeudi"}, tokens["owner"]).expect(201).json["id"]
    sent = say(site, tokens["owner"], group, "Bonsoir")
    site.call("PATCH", f"/messages/{sent['id']}", {"content": "Bonsoir à tous"}, tokens["owner"]).expect(200)
    site.call("PUT", f"/messages/{sent['id']}/pin", None, tokens["bob"]).expect(200)
    site.call("PUT", f"/conversations/{group}/read", {"message_id": sent["id"]}, tokens["bob"]).expect(200)
    site.call("PATCH", f"/conversations/{group}", {"icon_url": "🎬"}, tokens["alice"]).expect(200)
    category = site.call("POST", "/channel-categories", {"name": "Cinéma"}, tokens["owner"]).expect(201).json["id"]
    channel = site.call("POST", "/channels", {"name": "general", "category_id": category}, tokens["owner"]).expect(201).json["id"]
    site.call("PUT", f"/channels/{channel}/overwrites/role_staff", {"allow": ["chat.moderate"]}, tokens["owner"]).expect(200)
    page = open_browser(site, "fr-FR", color_scheme=theme, viewport={"width": width, "height": 740})
    Person(page, "fr-FR").sign_in()
    found = []
    for place in (
        "/", "/notifications", "/settings/notifications", f"/direct/{group}", f"/direct/{group}?side=details", "/channels?arrange=1",
        "/channels/general", "/channels/general?side=details", "/channels/general/rights",
    ):
        page.goto(place)
        settle(page)
        found += violations(page, place)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), place
    assert not found, "\n".join(found)
