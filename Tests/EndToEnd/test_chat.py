"""Conversations in two browsers: sending, reading, receipts, being offline, long histories."""
import re
import time
import urllib.parse

import pytest
from playwright.sync_api import expect

from axe import violations
from person import Person
from tour import settle


@pytest.fixture
def friends(site, open_browser):
    """Alice and Bob as friends, each in a browser of their own."""
    owner = site.owner_token()
    tokens = {}
    for name in ("alice", "bob"):
        site.member(owner, name)
        tokens[name] = site.login(name, f"passphrase of {name}")
    site.call("POST", "/friend-requests", {"to": "u_bob"}, tokens["alice"]).expect(201)
    site.call("POST", "/friend-requests", {"to": "u_alice"}, tokens["bob"]).expect(200)
    pages = []
    for name in ("alice", "bob"):
        page = open_browser(site)
        Person(page, "en-GB").sign_in(name, f"passphrase of {name}")
        pages.append(page)
    return site, tokens, *pages


def write_to(page, name):
    """Opens the conversation from the list of friends."""
    page.get_by_role("navigation").get_by_role("link", name=re.compile("^Friends")).first.click()
    page.get_by_role("button", name=f"Message {name}").click()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()


def composer(page):
    return page.get_by_role("textbox", name=re.compile("^Message "))


def send(page, text):
    composer(page).fill(text)
    composer(page).press("Enter")
    expect(composer(page)).to_have_value("")


def messages(page):
    return page.get_by_role("article")


def message(page, text):
    return messages(page).filter(has_text=text)


def direct_link(page, name):
    return page.get_by_role("navigation").get_by_role("link", name=re.compile(rf"\b{name}\b"))


def test_a_message_is_sent_read_reacted_to_edited_and_deleted(friends):
    site, tokens, alice, bob = friends
    write_to(alice, "bob")
    send(alice, "Salut **Bob** 👋")
    expect(message(alice, "Salut Bob")).to_have_count(1)
    # Bob is on the home page: his sidebar counts the message.
    expect(direct_link(bob, "alice")).to_contain_text("1 unread message")
    direct_link(bob, "alice").click()
    expect(message(bob, "Salut Bob")).to_be_visible()
    expect(bob.get_by_text("New messages", exact=True).first).to_be_visible()
    # The server also has it as read.
    expect(direct_link(bob, "alice")).not_to_contain_text("unread")
    expect(bob.get_by_role("heading", level=1, name="alice")).to_be_visible()

    message(bob, "Salut Bob").hover()
    bob.get_by_role("button", name="Add reaction").click()
    bob.get_by_role("searchbox", name="Search emoji").fill("tada")
    bob.keyboard.press("Enter")
    expect(bob.get_by_role("button", name="🎉, 1 reaction")).to_have_attribute("aria-pressed", "true")
    expect(alice.get_by_role("button", name="🎉, 1 reaction")).to_have_attribute("aria-pressed", "false")

    message(bob, "Salut Bob").hover()
    bob.get_by_role("button", name="Reply", exact=True).click()
    send(bob, "Salut Alice")
    expect(message(alice, "Salut Alice")).to_contain_text("Salut Bob")
    # Screen readers announce the message once, politely.
    expect(alice.get_by_role("log")).to_contain_text("bob: Salut Alice")

    composer(alice).press("ArrowUp")
    edit = alice.get_by_role("textbox", name="Edit message")
    expect(edit).to_have_value("Salut **Bob** 👋")
    edit.fill("Bonsoir Bob")
    edit.press("Enter")
    expect(message(bob, "Bonsoir Bob").first).to_contain_text("(edited)")
    expect(message(bob, "Salut Alice")).to_contain_text("Bonsoir Bob")

    message(alice, "Bonsoir Bob").first.hover()
    alice.get_by_role("button", name="More actions").click()
    alice.get_by_role("menuitem", name="Delete message").click()
    expect(message(alice, "Message deleted").first).to_be_visible()
    alice.get_by_role("button", name="Undo").click()
    expect(message(alice, "Bonsoir Bob").first).to_be_visible()


def test_messages_written_offline_are_sent_once_and_in_order(friends):
    site, tokens, alice, bob = friends
    write_to(alice, "bob")
    send(alice, "one")
    direct_link(bob, "alice").click()
    expect(message(bob, "one")).to_be_visible()
    alice.context.set_offline(True)
    for text in ("two", "three", "four"):
        send(alice, text)
    expect(alice.get_by_text("Sending…")).to_have_count(3)
    alice.context.set_offline(False)
    expect(message(bob, "four")).to_be_visible(timeout=60_000)
    expect(alice.get_by_text("Sending…")).to_have_count(0)
    conversation = site.call("GET", "/conversations", token=tokens["bob"]).json["items"][0]["id"]
    items = site.call("GET", f"/conversations/{conversation}/messages", token=tokens["bob"]).json["items"]
    assert [each["content"] for each in reversed(items)] == ["one", "two", "three", "four"]
    assert [each.get_attribute("aria-label").split(": ")[1] for each in messages(bob).all()] == ["one", "two", "three", "four"]


def test_unsent_messages_and_drafts_survive_a_reload(friends):
    site, tokens, alice, bob = friends
    write_to(alice, "bob")
    send(alice, "one")
    alice.route("**/api/v1/conversations/*/messages", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    send(alice, "kept")
    composer(alice).fill("a draft")
    alice.wait_for_timeout(50)
    alice.unroute("**/api/v1/conversations/*/messages")
    alice.reload()
    expect(message(alice, "kept")).to_have_count(1)
    expect(composer(alice)).to_have_value("a draft")
    direct_link(bob, "alice").click()
    expect(message(bob, "kept")).to_have_count(1)


def test_history_opens_at_the_first_unread_and_scrolls_without_a_jump(friends):
    site, tokens, alice, bob = friends
    made = site.call("POST", "/conversations", {"members": ["u_bob"]}, tokens["alice"]).json["id"]
    for number in range(1, 161):
        site.call("POST", f"/conversations/{made}/messages", {"content": f"message {number:03}\n" + "word " * (number % 40)}, tokens["alice"]).expect(201)
    first = site.call("GET", f"/conversations/{made}/messages?limit=200", token=tokens["bob"]).json["items"][-40]
    site.call("PUT", f"/conversations/{made}/read", {"message_id": first["id"]}, tokens["bob"]).expect(200)
    bob.goto(f"/direct/{made}")
    expect(bob.get_by_text("New messages", exact=True).first).to_be_in_viewport()
    expect(message(bob, "message 041")).to_be_in_viewport()
    # Scrolls up to the first message; visible messages keep their position while more are loaded.
    scroller = bob.get_by_role("group", name="Messages in alice")
    scroller.hover()
    deadline = time.monotonic() + 40
    while not message(bob, "message 001").is_visible():
        bob.mouse.wheel(0, -700)
        bob.wait_for_timeout(60)
        assert time.monotonic() < deadline, "the beginning does not come"
    expect(bob.get_by_text("This is the start of your conversation with alice.")).to_be_visible()
    bob.get_by_role("button", name="Jump to latest").click()
    expect(message(bob, "message 160")).to_be_in_viewport()
    expect(direct_link(bob, "alice")).not_to_contain_text("unread")
    assert messages(bob).count() < 80


def test_a_group_and_a_channel(friends):
    site, tokens, alice, bob = friends
    owner = site.owner_token()
    site.member(owner, "cleo")
    alice.get_by_role("navigation").get_by_role("link", name=re.compile("^Friends")).first.click()
    alice.get_by_role("button", name="New conversation").click()
    dialog = alice.get_by_role("dialog", name="New conversation")
    dialog.get_by_role("checkbox", name=re.compile("bob")).check()
    dialog.get_by_role("searchbox").fill("cleo")
    dialog.get_by_role("checkbox", name="@cleo").check()
    dialog.get_by_label("Name of the group").fill("Thursday")
    dialog.get_by_role("button", name="Start conversation").click()
    expect(alice.get_by_role("heading", level=1, name="Thursday")).to_be_visible()
    composer(alice).press_sequentially("who brings it, @bo")
    expect(alice.get_by_role("option", name=re.compile("bob"))).to_be_visible()
    composer(alice).press("Enter")
    composer(alice).press("Enter")
    expect(direct_link(bob, "Thursday")).to_contain_text("1 unread message")
    direct_link(bob, "Thursday").click()
    expect(message(bob, "who brings it, @bob")).to_be_visible()

    site.call("POST", "/channels", {"name": "general"}, owner).expect(201)
    bob.get_by_role("navigation").get_by_role("link", name=re.compile("^Channels")).first.click()
    expect(bob.get_by_role("heading", level=1, name="general")).to_be_visible()
    send(bob, "first `word`")
    alice.get_by_role("navigation").get_by_role("link", name=re.compile("^Channels")).first.click()
    expect(message(alice, "first word")).to_be_visible()
    send(alice, "second")
    expect(message(bob, "second")).to_be_visible()


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_in_a_conversation(friends, open_browser, theme, width):
    site, tokens, *_ = friends
    made = site.call("POST", "/conversations", {"members": ["u_bob"]}, tokens["alice"]).json["id"]
    for text in ("Salut **Bob**", "> quote\n\n- item\n\n`code`\n```swift\nlet a = 1\n```", "||hidden|| https://foyer.example"):
        sent = site.call("POST", f"/conversations/{made}/messages", {"content": text}, tokens["bob"]).expect(201).json
        site.call("PUT", f"/messages/{sent['id']}/reactions/{urllib.parse.quote('👍')}", None, tokens["alice"]).expect(200)
    page = open_browser(site, "fr-FR", color_scheme=theme, viewport={"width": width, "height": 740})
    Person(page, "fr-FR").sign_in("alice", "passphrase of alice")
    found = []
    for place in ("/direct", f"/direct/{made}", f"/direct/{made}?side=details", f"/direct/{made}?side=search", f"/direct/{made}?side=pins", "/channels"):
        page.goto(place)
        settle(page)
        found += violations(page, place)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), place
    assert not found, "\n".join(found)


def test_receipts_and_system_messages(friends, open_browser):
    site, tokens, alice, bob = friends
    write_to(alice, "bob")
    send(alice, "seen?")
    expect(message(alice, "seen?")).not_to_contain_text("Seen")
    direct_link(bob, "alice").click()
    expect(message(alice, "seen?")).to_contain_text("Seen")
    # Alice hides her receipts and no longer sees those of Bob.
    site.call("PATCH", "/users/me/privacy", {"receipts": False}, tokens["alice"]).expect(200)
    expect(message(alice, "seen?")).not_to_contain_text("Seen")

    owner = site.owner_token()
    site.member(owner, "cleo")
    group = site.call("POST", "/conversations", {"members": ["u_bob"], "name": "Thursday"}, tokens["alice"]).expect(201).json["id"]
    direct_link(bob, "Thursday").click()
    expect(message(bob, "alice created the group.")).to_be_visible()
    expect(direct_link(bob, "Thursday")).not_to_contain_text("unread")
    site.call("PUT", f"/conversations/{group}/members/u_cleo", None, tokens["alice"]).expect(200)
    site.call("PATCH", f"/conversations/{group}", {"name": "Friday"}, tokens["alice"]).expect(200)
    expect(message(bob, "alice added cleo.")).to_be_visible()
    expect(message(bob, "alice renamed the group to “Friday”.")).to_be_visible()
    expect(bob.get_by_role("heading", level=1, name="Friday")).to_be_visible()
    sent = site.call("POST", f"/conversations/{group}/messages", {"content": "to be found"}, tokens["alice"]).expect(201).json["id"]
    site.call("PUT", f"/messages/{sent}/pin", None, tokens["alice"]).expect(200)
    message(bob, "alice pinned a message.").get_by_role("button", name="Show it").click()
    expect(bob).to_have_url(re.compile(f"at={sent}"))
    site.call("DELETE", f"/conversations/{group}/members/u_cleo", None, tokens["alice"]).expect(204)
    expect(message(bob, "alice removed cleo from the group.")).to_be_visible()


def test_a_long_history_opens_at_the_first_unread_and_goes_to_a_date(friends):
    site, tokens, alice, bob = friends
    made = site.call("POST", "/conversations", {"members": ["u_bob"]}, tokens["alice"]).json["id"]
    for number in range(1, 281):
        site.call("POST", f"/conversations/{made}/messages", {"content": f"message {number:03}"}, tokens["alice"]).expect(201)
    site.call("PUT", f"/conversations/{made}/read", {"seq": 30}, tokens["bob"]).expect(200)
    bob.goto(f"/direct/{made}")
    expect(message(bob, "message 031")).to_be_in_viewport()
    expect(bob.get_by_text("New messages", exact=True).first).to_be_in_viewport()
    # The last messages are not loaded yet, so nothing is marked as read.
    expect(direct_link(bob, "alice")).to_contain_text("250 unread messages")
    scroller = bob.get_by_role("group", name="Messages in alice")
    scroller.hover()
    deadline = time.monotonic() + 40
    while not message(bob, "message 120").is_visible():
        bob.mouse.wheel(0, 700)
        bob.wait_for_timeout(60)
        assert time.monotonic() < deadline, "what comes after does not come"
    bob.get_by_role("button", name="Jump to latest").click()
    expect(message(bob, "message 280")).to_be_in_viewport()
    bob.get_by_role("button", name="Search messages").click()
    bob.get_by_label("Go to a date").fill("2015-06-01")
    bob.get_by_role("button", name="Go", exact=True).click()
    expect(message(bob, "message 001")).to_be_in_viewport()


def test_an_own_message_from_another_device_is_not_unread(friends, open_browser):
    site, tokens, alice, bob = friends
    owner = site.owner_token()
    channel = site.call("POST", "/channels", {"name": "general"}, owner).expect(201).json["id"]
    alice.get_by_role("navigation").get_by_role("link", name=re.compile("^Channels")).first.click()
    expect(alice.get_by_role("heading", level=1, name="general")).to_be_visible()
    send(alice, "hello")
    other = site.call("POST", "/channels", {"name": "other"}, owner).expect(201).json["id"]
    alice.get_by_role("link", name=re.compile("^other")).click()
    expect(alice.get_by_role("heading", level=1, name="other")).to_be_visible()
    for number in range(3):
        site.call("POST", f"/conversations/{channel}/messages", {"content": f"{number}"}, tokens["alice"]).expect(201)
    alice.wait_for_timeout(1500)
    expect(alice.get_by_role("link", name=re.compile("^general"))).not_to_contain_text("New messages")
    site.call("POST", f"/conversations/{channel}/messages", {"content": "theirs"}, tokens["bob"]).expect(201)
    expect(alice.get_by_role("link", name=re.compile("^general"))).to_contain_text("New messages")


def test_a_message_is_sent_to_the_conversation_in_which_it_was_written(friends):
    """TryQuiet/quiet#420, linagora/Twake-Mobile#678"""
    site, tokens, alice, bob = friends
    site.member(site.owner_token(), "cleo")
    places = [site.call("POST", "/conversations", {"members": [f"u_{name}"]}, tokens["alice"]).json["id"] for name in ("bob", "cleo")]
    alice.goto(f"/direct/{places[0]}")

    slow = alice.context.new_cdp_session(alice)
    slow.send("Network.emulateNetworkConditions", {"offline": False, "latency": 400, "downloadThroughput": -1, "uploadThroughput": -1})
    for turn in range(6):
        here, there = ("bob", "cleo") if turn % 2 == 0 else ("cleo", "bob")
        expect(alice.get_by_role("heading", level=1, name=here)).to_be_visible()
        composer(alice).fill(f"to {here} {turn}")
        composer(alice).press("Enter")
        direct_link(alice, there).click()
    expect(alice.get_by_text("Sending…")).to_have_count(0, timeout=20_000)
    for place, name in zip(places, ("bob", "cleo")):
        wanted = sorted(f"to {name} {turn}" for turn in range(6) if (turn % 2 == 0) == (name == "bob"))
        # The last message of the conversation off screen may not have arrived yet.
        for _ in range(100):
            items = site.call("GET", f"/conversations/{place}/messages", token=tokens["alice"]).json["items"]
            if len(items) >= len(wanted):
                break
            alice.wait_for_timeout(100)
        assert sorted(each["content"] for each in items) == wanted


def test_an_enter_that_ends_a_composition_sends_nothing(friends):
    """element-hq/element-web#23254: Safari ends the composition first, and says so by its key code alone."""
    site, tokens, alice, bob = friends
    write_to(alice, "bob")
    composer(alice).fill("にほん")
    for options in ("{key: 'Enter', isComposing: true}", "{key: 'Enter', keyCode: 229}"):
        composer(alice).evaluate(f"node => node.dispatchEvent(new KeyboardEvent('keydown', {{...{options}, bubbles: true, cancelable: true}}))")
    alice.wait_for_timeout(300)
    expect(messages(alice)).to_have_count(0)
    expect(composer(alice)).to_have_value("にほん")
    composer(alice).press("Enter")
    expect(message(alice, "にほん")).to_be_visible()


def test_messages_in_a_hidden_tab_stay_unread(friends):
    """nextcloud/spreed#1788, signalapp/Signal-Desktop#384"""
    site, tokens, alice, bob = friends
    made = site.call("POST", "/conversations", {"members": ["u_bob"]}, tokens["alice"]).json["id"]
    bob.goto(f"/direct/{made}")
    expect(composer(bob)).to_be_visible()

    def look_away(away):
        bob.evaluate("""away => {
            Object.defineProperty(document, 'hidden', {value: away, configurable: true});
            document.dispatchEvent(new Event('visibilitychange'));
        }""", away)

    def unread():
        return site.call("GET", f"/conversations/{made}", token=tokens["bob"]).json["unread"]

    look_away(True)
    site.call("POST", f"/conversations/{made}/messages", {"content": "hello?"}, tokens["alice"]).expect(201)
    expect(message(bob, "hello?")).to_be_visible()
    bob.wait_for_timeout(500)
    assert unread() == 1
    look_away(False)
    expect(direct_link(bob, "alice")).not_to_contain_text("unread")
    assert unread() == 0
