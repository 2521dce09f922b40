"""Friend requests, friendships and blocks in two browsers, without a reload."""
import re

import pytest
from playwright.sync_api import expect

from axe import violations
from person import Person
from tour import settle


@pytest.fixture
def pair(site, open_browser):
    """Alice and Bob, each in a browser of their own."""
    owner = site.owner_token()
    pages = []
    for name in ("alice", "bob"):
        site.member(owner, name)
        page = open_browser(site)
        Person(page, "en-GB").sign_in(name, f"passphrase of {name}")
        pages.append(page)
    return pages


def friends(page):
    page.get_by_role("navigation").get_by_role("link", name=re.compile("^Friends")).first.click()
    expect(page.get_by_role("heading", level=1, name="Friends")).to_be_visible()


def ask(page, username, note=""):
    friends(page)
    page.get_by_role("button", name="Add friend").first.click()
    page.get_by_label("Username").fill(username)
    page.get_by_label(re.compile("^Note")).fill(note)
    page.get_by_role("button", name="Send request").click()


def tab(page, name):
    page.get_by_role("tab", name=re.compile(f"^{name}")).click()


def test_a_request_arrives_at_once_and_is_accepted(pair):
    alice, bob = pair
    ask(alice, "@Bob", "We met at the screening.")
    expect(alice.get_by_text("Request sent to bob")).to_be_visible()
    # Bob sees the request on any page, without a reload.
    expect(bob.get_by_role("navigation").get_by_role("link", name=re.compile(r"^Friends\s*1"))).to_be_visible()
    friends(bob)
    tab(bob, "Pending")
    request = bob.get_by_role("list", name="Received").get_by_role("listitem")
    expect(request).to_contain_text("We met at the screening.")
    request.get_by_role("button", name="alice: Accept").click()
    expect(bob.get_by_text("You and alice are now friends")).to_be_visible()
    tab(bob, "All")
    expect(bob.get_by_role("list", name="Online").get_by_role("listitem")).to_contain_text("alice")
    tab(alice, "All")
    expect(alice.get_by_role("list", name="Online").get_by_role("listitem")).to_contain_text("bob")

    # When one of them closes the browser, the other sees them as offline.
    Person(bob, "en-GB").choose_status("do not disturb")
    expect(alice.get_by_role("list", name="Online").get_by_role("listitem")).to_contain_text("Do not disturb")

    # A second request is refused with an explanation.
    ask(alice, "bob")
    expect(alice.get_by_role("alert")).to_be_visible()


def test_removals_can_be_undone_and_a_block_ends_the_friendship(pair):
    alice, bob = pair
    ask(alice, "bob")
    friends(bob)
    tab(bob, "Pending")
    bob.get_by_role("button", name="alice: Decline").click()
    expect(bob.get_by_role("list", name="Received")).to_have_count(0)
    bob.get_by_role("button", name="Undo").click()
    bob.get_by_role("button", name="alice: Accept").click()
    tab(alice, "All")
    alice.get_by_role("button", name="More for bob").click()
    alice.get_by_role("menuitem", name="Remove friend").click()
    expect(alice.get_by_text("No friends yet")).to_be_visible()
    alice.get_by_role("button", name="Undo").click()
    expect(alice.get_by_role("listitem").filter(has_text="bob")).to_be_visible()

    tab(bob, "All")
    bob.get_by_role("button", name="More for alice").click()
    bob.get_by_role("menuitem", name="Block").click()
    expect(bob.get_by_text("alice is blocked")).to_be_visible()
    # The block is not shown to the other person, but the friendship has ended for both.
    expect(alice.get_by_text("No friends yet")).to_be_visible()
    tab(bob, "Blocked")
    bob.get_by_role("button", name="alice: Unblock").click()
    expect(bob.get_by_text("Nobody is blocked")).to_be_visible()
    tab(bob, "All")
    expect(bob.get_by_text("No friends yet")).to_be_visible()


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_on_the_pages_of_friends(site, open_browser, theme, width):
    owner = site.owner_token()
    for name in ("alice", "bob", "cleo"):
        site.member(owner, name)
    token = site.login("alice", "passphrase of alice")
    site.call("POST", "/friend-requests", {"to": "u_bob"}, token).expect(201)
    other = site.login("cleo", "passphrase of cleo")
    site.call("POST", "/friend-requests", {"to": "u_alice", "note": "Salut"}, other).expect(201)
    page = open_browser(site, "fr-FR", color_scheme=theme, viewport={"width": width, "height": 740})
    Person(page, "fr-FR").sign_in("alice", "passphrase of alice")
    found = []
    for place in ("/direct", "/direct?tab=friends", "/direct?tab=pending", "/direct?tab=blocked", "/direct?tab=add"):
        page.goto(place)
        settle(page)
        found += violations(page, place)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), place
    assert not found, "\n".join(found)
