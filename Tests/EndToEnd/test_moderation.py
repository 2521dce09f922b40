"""Moderation: from a report to an appeal, with three people at their browsers, without a reload."""
import re

import pytest
from playwright.sync_api import expect

from axe import violations
from engines import choose_option
from person import Person
from tour import settle


@pytest.fixture
def people(site, open_browser):
    """Two moderators, an author, a reporter, and a channel with messages."""
    owner = site.owner_token()
    roles = {"mona": "role_mod", "max": "role_mod", "alice": None, "bob": None}
    pages = {}
    for name, role in roles.items():
        user = site.member(owner, name)
        if role:
            site.call("POST", f"/users/{user['id']}/roles", {"role_id": role}, owner).expect(200)
    channel = site.call("POST", "/channels", {"name": "general"}, owner).expect(201).json["id"]
    tokens = {name: site.login(name, f"passphrase of {name}") for name in roles}
    for name, text in (("bob", "The screening is full."), ("alice", "You are all idiots"), ("bob", "Please stop.")):
        site.call("POST", f"/conversations/{channel}/messages", {"content": text}, tokens[name]).expect(201)
    for name in roles:
        pages[name] = open_browser(site)
        Person(pages[name], "en-GB").sign_in(name, f"passphrase of {name}")
    return site, owner, tokens, channel, pages


def channel(page):
    page.get_by_role("navigation", name="Spaces").get_by_role("link", name="Channels").click()
    page.get_by_role("link", name=re.compile("general")).first.click()


def message(page, text):
    return page.get_by_role("article").filter(has_text=text)


def moderation(page):
    page.get_by_role("navigation", name="Spaces").get_by_role("link", name="Panel").click()
    page.get_by_role("navigation").get_by_role("link", name=re.compile("^Moderation")).click()
    expect(page.get_by_role("heading", level=1, name="Moderation")).to_be_visible()


def test_from_a_report_to_an_appeal_that_undoes_everything(people):
    site, owner, tokens, _, pages = people
    alice, bob, mona, colleague = (pages[name] for name in ("alice", "bob", "mona", "max"))
    # With two warnings already there, a rule makes the next one mute for a day.
    for _ in range(2):
        site.call("POST", "/sanctions", {"user_id": "u_alice", "kind": "warn", "reason": "Insults"}, tokens["mona"]).expect(201)
    expect(alice.get_by_role("status").filter(has_text="The team gave you a warning.")).to_be_visible()

    channel(bob)
    message(bob, "idiots").hover()
    message(bob, "idiots").get_by_role("button", name="More actions").click()
    bob.get_by_role("menuitem", name="Report").click()
    dialog = bob.get_by_role("dialog")
    choose_option(dialog.get_by_label("What is wrong"), "Harassment")
    dialog.get_by_label(re.compile("^Details")).fill("Aimed at everybody")
    assert not violations(bob, "the dialog of a report")
    dialog.get_by_role("button", name="Report").click()
    expect(bob.get_by_text("Reported. Thank you.")).to_be_visible()

    moderation(mona)
    mona.get_by_role("list", name="Open").get_by_role("link", name=re.compile("Harassment")).click()
    expect(mona.get_by_role("region", name="Reported message")).to_contain_text("You are all idiots")
    expect(mona.get_by_role("region", name="Reported message")).to_contain_text("The screening is full.")
    expect(mona.get_by_text("Aimed at everybody")).to_be_visible()
    mona.get_by_role("button", name="Take", exact=True).click()
    expect(mona.get_by_role("button", name="Put back")).to_be_visible()
    mona.get_by_text("Warning", exact=True).first.click()
    expect(mona.get_by_text("This is warning number 3: a rule also mutes them.")).to_be_visible()
    mona.get_by_label("Reason").fill("Rule 1: no insults")
    settle(mona)
    assert not violations(mona, "a case")
    mona.get_by_role("button", name="Decide").click()
    expect(mona.get_by_text("Case decided")).to_be_visible()

    # The author gets the sanction at once, and the message disappears for everybody.
    expect(alice.get_by_role("status").filter(has_text="The team muted you.")).to_be_visible()
    expect(message(bob, "idiots")).to_have_count(0)
    channel(alice)
    alice.get_by_role("textbox", name=re.compile("^Message ")).fill("I can still write")
    alice.keyboard.press("Enter")
    expect(alice.get_by_role("alert").filter(has_text="muted")).to_be_visible()

    alice.get_by_role("link", name="Read", exact=True).click()
    expect(alice.get_by_role("list", name="Sanctions")).to_contain_text("Rule 1: no insults")
    expect(alice.get_by_role("list", name="Sanctions")).to_contain_text("You are all idiots")
    settle(alice)
    assert not violations(alice, "one's own sanctions")
    warning = alice.get_by_role("list", name="Sanctions").get_by_role("listitem").filter(has_text="Rule 1")
    warning.get_by_role("button", name="Appeal").click()
    alice.get_by_label("Why you disagree").fill("It was a quote from the film")
    alice.get_by_role("button", name="Send appeal").click()
    expect(warning).to_contain_text("Appeal sent, waiting for an answer")

    moderation(colleague)
    colleague.get_by_text("Appeals", exact=True).click()
    colleague.get_by_role("list", name="Appeals").get_by_role("link", name=re.compile("Appeal of alice")).click()
    expect(colleague.get_by_text("It was a quote from the film")).to_be_visible()
    expect(colleague.get_by_role("region", name="Message that led to the sanction")).to_contain_text("You are all idiots")
    settle(colleague)
    assert not violations(colleague, "an appeal")
    colleague.get_by_label("Reason").fill("It is a quote")
    colleague.get_by_role("button", name="Accept").click()
    expect(colleague.get_by_text("Appeal accepted").first).to_be_visible()

    expect(warning).to_contain_text("Appeal accepted")
    expect(alice.get_by_role("status").filter(has_text="The team muted you.")).to_have_count(0)
    expect(message(bob, "idiots")).to_have_count(1)
    channel(alice)
    alice.get_by_role("textbox", name=re.compile("^Message ")).fill("Thank you")
    alice.keyboard.press("Enter")
    expect(message(bob, "Thank you")).to_have_count(1)

    moderation(mona)
    mona.get_by_role("tab", name="Journal").click()
    expect(mona.get_by_role("list", name="Journal")).to_contain_text("answered an appeal")
    mona.get_by_role("tab", name="Sanctions").click()
    expect(mona.get_by_role("list", name="Sanctions")).to_contain_text("Appeal accepted")
    settle(mona)
    assert not violations(mona, "the list of sanctions")


def test_a_member_is_sanctioned_from_their_sheet_and_a_lifted_mute_is_seen_at_once(people):
    site, owner, tokens, _, pages = people
    alice, mona = pages["alice"], pages["mona"]
    id = site.call("GET", "/users/u_alice", token=owner).expect(200).json["id"]
    mona.goto(f"/panel/members/{id}/moderation")
    mona.get_by_role("button", name="Sanction", exact=True).click()
    dialog = mona.get_by_role("dialog")
    dialog.get_by_text("Mute", exact=True).click()
    dialog.get_by_label("Reason").fill("Off topic")
    expect(dialog).to_contain_text("They can read, but nothing they write is accepted.")
    assert not violations(mona, "the dialog of a sanction")
    dialog.get_by_role("button", name="Sanction", exact=True).click()
    expect(mona.get_by_role("list", name="Sanctions")).to_contain_text("Off topic")
    notice = alice.get_by_role("status").filter(has_text="The team muted you.")
    expect(notice).to_be_visible()
    expect(notice).to_contain_text("Off topic")
    mona.get_by_role("button", name="Lift").click()
    mona.get_by_role("dialog").get_by_label("Reason").fill("A mistake")
    mona.get_by_role("dialog").get_by_role("button", name="Lift").click()
    expect(mona.get_by_role("list", name="Sanctions")).to_contain_text("Lifted")
    expect(notice).to_have_count(0)
