"""The main line in Firefox and in WebKit, by the steps that the tests in Chromium take."""
import pytest

from person import Person


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
