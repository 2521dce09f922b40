"""The main line in Firefox and in WebKit, by the steps that the tests in Chromium take."""
import re

import pytest

from engines import choose_file, choose_option, expect
from person import Person
from test_avatar import PICTURE


@pytest.mark.parametrize("locale", ["en-GB", "fr-FR"])
@pytest.mark.parametrize("engine", ["firefox", "webkit"])
def test_a_role_is_made_given_and_stays(site, open_browser, engine, locale):
    site.member(site.owner_token(), "alice")
    page = open_browser(site, engine=engine)
    person = Person(page, locale)
    if locale != "en-GB":
        person.choose_language()
    person.sign_in()
    person.create_role("relecture", "audit.read", "users.read")
    person.open_member("alice", tab="roles")
    person.assign("relecture", "Elle relit le journal")

    page.reload()
    person.expect_live()
    person.expect_role("relecture")
    permissions = site.call("GET", "/users/u_alice/roles", token=site.owner_token()).expect(200).json["permissions"]
    assert {"audit.read", "users.read"} <= set(permissions)


@pytest.mark.parametrize("engine", ["firefox", "webkit"])
def test_statuses_are_live_between_it_and_chromium(site, open_browser, engine):
    site.member(site.owner_token(), "bob", roles=["role_staff"])
    first = Person(open_browser(site, engine=engine), "en-GB").sign_in()
    second = Person(open_browser(site, "fr-FR"), "fr-FR").sign_in("bob", "passphrase of bob")
    first.go("members")
    second.go("members")
    first.expect_status("bob", "online")

    second.choose_status("do not disturb")
    first.expect_status("bob", "do not disturb")
    first.choose_status("idle")
    second.expect_status("owner", "idle")
    first.say("Back at noon")
    second.expect_status("owner", "Back at noon")


@pytest.mark.parametrize("engine", ["firefox", "webkit"])
def test_somebody_joins_with_a_picture_and_a_role_is_foreseen(site, open_browser, engine, tmp_path):
    owner = site.owner_token()
    role = site.call("POST", "/roles", {"name": "guide", "priority": 50, "permissions": []}, owner).expect(201).json
    site.call("PATCH", "/settings", {"registration_mode": "invitation"}, owner).expect(200)
    invitation = site.call("POST", "/invitations", {"roles": [role["id"]]}, owner).expect(201).json["url"]
    registry = site.call("GET", "/permissions", token=owner).expect(200).json["items"]
    described = next(each["description"]["en"] for each in registry if each["key"] == "audit.read")
    page = open_browser(site, engine=engine)
    person = Person(page, "en-GB")

    page.goto(invitation.removeprefix(site.address))
    for label, value in (("Username", "zoe"), ("E-mail", "zoe@foyer.example"), ("Password", "a fine long passphrase")):
        page.get_by_label(label, exact=True).press_sequentially(value)
    page.get_by_role("button", name="Create account").click()
    person.expect_live()
    page.goto("/settings")
    page.get_by_role("button", name="Change picture").click()
    picture = tmp_path / "picture.png"
    picture.write_bytes(PICTURE)
    choose_file(page, page.get_by_role("button", name="Choose a picture"), picture)
    page.get_by_role("button", name="Save picture").click()
    expect(page.get_by_text("Picture changed", exact=True)).to_be_visible()
    assert site.call("GET", "/users/u_zoe", token=owner).expect(200).json["avatar_url"]
    page.get_by_role("tab", name="Account").click()
    page.get_by_role("button", name="Sign out").first.click()
    expect(page.get_by_role("heading", level=1, name="Sign in")).to_be_visible()

    person.sign_in()
    page.goto(f"/panel/roles/{role['id']}/permissions")
    choice = page.get_by_role("group", name=re.compile(r"\(audit\.read\)")).get_by_role("radio", name="Allow")
    choice.focus()
    choice.press("Space")
    page.get_by_role("button", name="Preview", exact=True).click()
    expect(page.get_by_text("1 member affected", exact=True).first).to_be_visible()
    page.get_by_role("button", name="Close", exact=True).click()
    page.get_by_role("button", name="Save", exact=True).click()
    person.expect_toast("role saved", "guide")
    page.goto("/panel/roles/who")
    choose_option(page.get_by_label("Permission", exact=True), described)
    expect(page.get_by_role("link", name="zoe", exact=True)).to_be_visible()
