"""Coming in, getting back in and leaving, as people do it in a browser, with their mails; and the team at the panel."""
import re

import pytest

from axe import violations
from engines import expect
from foyer import OWNER, free_port
from person import Person
from postbox import Postbox, link


@pytest.fixture
def box():
    with Postbox() as box:
        yield box


@pytest.fixture
def mailing(new_site, box):
    """A site that can send mail, whose public address is its own."""
    port = free_port()
    return new_site(port=port, public_url=f"http://127.0.0.1:{port}", registration="open", **box.settings)


def fill(page, **fields):
    for label, value in fields.items():
        page.get_by_label(label.replace("_", " "), exact=True).fill(value)


def no_violations(page, where: str) -> None:
    found = violations(page, where)
    assert not found, "\n".join(found)


def no_sideways(page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_somebody_joins_by_the_open_door_and_finds_a_forgotten_password_again(mailing, box, open_browser, theme):
    owner = mailing.owner_token()
    rules = {"en": "Be kind.\n" * 30, "fr": "Soyez aimables.\n" * 30}
    mailing.call("PATCH", "/settings", {"rules": rules}, owner).expect(200)
    page = open_browser(mailing, viewport={"width": 360, "height": 740}, color_scheme=theme)
    page.goto("/")
    page.get_by_role("link", name="Create account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Create your account")
    no_violations(page, "join")
    no_sideways(page)
    fill(page, Username="anna", **{"E-mail": "anna@site.test"}, Password="a fine long passphrase")
    page.get_by_role("checkbox", name="I have read and accept the rules").check()
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your inbox")
    no_violations(page, "mailbox")
    page.get_by_role("button", name="Send again").click()
    expect(page.get_by_text("Sent. It may take")).to_be_visible()
    page.goto(link(box.wait("anna@site.test")))
    expect(page.get_by_role("button", name="Confirm my address")).to_be_visible()
    assert "token" not in page.url
    no_violations(page, "verify")
    page.get_by_label("Your password", exact=True).fill("a fine long passphrase")
    page.get_by_role("button", name="Confirm my address").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome")
    page.get_by_role("link", name="Sign in").click()

    page.get_by_role("link", name="Forgotten password?").click()
    expect(page.get_by_role("button", name="Send link")).to_be_visible()
    no_violations(page, "forgot")
    page.get_by_label("E-mail", exact=True).fill("anna@site.test")
    page.get_by_role("button", name="Send link").click()
    expect(page.get_by_text("If anna@site.test belongs to an account")).to_be_visible()
    page.goto(link(box.wait("anna@site.test", lambda mail: mail["Subject"] == "A new password")))
    no_violations(page, "reset")
    no_sideways(page)
    page.get_by_label("New password", exact=True).fill("another long passphrase")
    page.get_by_role("button", name="Save password").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Password changed")
    page.get_by_role("link", name="Sign in").click()
    Person(page, "en-GB").sign_in("anna", "another long passphrase")


def test_the_owner_invites_by_a_link_that_works_once(new_site, open_browser):
    site = new_site()
    page = open_browser(site, "fr-FR")
    person = Person(page, "fr-FR").sign_in()
    page.get_by_role("navigation").get_by_role("link", name="Panel").first.click()
    page.get_by_role("navigation").get_by_role("link", name="Inscriptions").first.click()
    page.get_by_role("tab", name="Réglages").click()
    page.get_by_role("radio", name=re.compile("^Sur invitation")).check()
    page.get_by_role("form", name="Inscriptions").get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.get_by_text("Réglages des inscriptions enregistrés".replace(" :", "\u00a0:"))).to_be_visible()
    no_violations(page, "door")
    page.get_by_role("tab", name="Invitations").click()
    expect(page.get_by_role("heading", name="Aucune invitation")).to_be_visible()
    no_violations(page, "no invitations")
    page.get_by_role("button", name="Créer une invitation").click()
    page.get_by_label("Note").fill("Pour Zoé")
    page.get_by_role("checkbox", name="Équipe").check()
    no_violations(page, "create invitation")
    page.get_by_role("button", name="Créer le lien").click()
    url = page.get_by_role("group", name="Lien d’invitation").locator("code").inner_text()
    assert url.startswith(f"{site.address}/join#token=")
    no_violations(page, "link")
    page.get_by_role("button", name="Je l’ai copié").click()

    guest = open_browser(site, viewport={"width": 360, "height": 740})
    guest.goto(url)
    expect(guest.get_by_text("owner invited you to join.")).to_be_visible()
    assert "token" not in guest.url
    no_violations(guest, "invited")
    no_sideways(guest)
    fill(guest, Username="zoe", **{"E-mail": "zoe@site.test"}, Password="a fine long passphrase")
    guest.get_by_role("button", name="Create account").click()
    Person(guest, "en-GB").expect_live()
    assert "staff" in [role["name"] for role in site.call("GET", "/users/u_zoe/roles", token=site.owner_token()).json["roles"]]

    late = open_browser(site)
    late.goto(url)
    expect(late.get_by_role("heading", level=1)).to_have_text("This link doesn’t work")
    page.reload()
    expect(page.get_by_role("list", name="Invitations").get_by_text("Épuisée")).to_be_visible()
    expect(page.get_by_role("list", name="Invitations").get_by_text("Utilisée 1 sur 1")).to_be_visible()
    person.go("audit")
    expect(page.get_by_text("a créé une invitation").first).to_be_visible()


def test_the_team_answers_those_who_ask_live_and_by_keyboard(mailing, box, open_browser):
    owner = mailing.owner_token()
    settings = {"registration_mode": "approval", "rules": {"en": "Be kind.", "fr": "Soyez aimables."}}
    mailing.call("PATCH", "/settings", settings, owner).expect(200)
    team = open_browser(mailing)
    Person(team, "en-GB").sign_in()
    team.get_by_role("button", name="Read the rules").click()
    no_violations(team, "new rules")
    team.get_by_role("button", name="Accept").click()
    expect(team.get_by_text("rules you haven’t accepted")).to_have_count(0)
    team.goto("/panel/requests/requests")
    expect(team.get_by_role("heading", name="No pending requests")).to_be_visible()

    page = open_browser(mailing)
    for name in ("anna", "bert"):
        page.goto("/join")
        fill(page, Username=name, **{"E-mail": f"{name}@site.test"}, Password="a fine long passphrase")
        page.get_by_label("Message to the team").fill("I came by a friend.")
        page.get_by_role("checkbox", name="I have read and accept the rules").check()
        page.get_by_role("button", name="Request to join").press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Check your inbox")
        page.goto(link(box.wait(f"{name}@site.test")))
        page.get_by_label("Your password", exact=True).fill("a fine long passphrase")
        page.get_by_role("button", name="Confirm my address").press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Address confirmed")

    # The list of the team knows by itself.
    expect(team.get_by_role("button", name="Accept anna")).to_be_visible()
    expect(team.get_by_role("button", name="Accept bert")).to_be_visible()
    no_violations(team, "requests")
    accept = team.get_by_role("button", name="Accept anna")
    accept.focus()
    accept.press("Enter")
    expect(team.get_by_text("anna is now a member")).to_be_visible()
    refuse = team.get_by_role("button", name="Decline bert")
    refuse.focus()
    refuse.press("Enter")
    team.get_by_label("Reason").fill("We do not know you.")
    no_violations(team, "refuse")
    team.get_by_role("dialog").get_by_role("button", name="Decline", exact=True).press("Enter")
    expect(team.get_by_role("heading", name="No pending requests")).to_be_visible()
    assert box.wait("anna@site.test")["Subject"] == "Welcome!"
    assert "We do not know you." in box.wait("bert@site.test").get_body(("plain",)).get_content()
    Person(page, "en-GB").sign_in("anna", "a fine long passphrase")


def test_somebody_changes_their_address_leaves_and_comes_back(mailing, box, open_browser):
    mailing.member(mailing.owner_token(), "mia", roles=["role_staff"])
    page = open_browser(mailing, "fr-FR")
    person = Person(page, "fr-FR").sign_in("mia", "passphrase of mia")
    page.goto("/settings/security")
    page.get_by_label("Nouvelle adresse e-mail").fill("mia@ailleurs.test")
    page.get_by_label("Votre mot de passe", exact=True).fill("passphrase of mia")
    page.get_by_role("button", name="Changer l’adresse").click()
    expect(page.get_by_text("Nous avons écrit à mia@ailleurs.test")).to_be_visible()
    page.goto(link(box.wait("mia@ailleurs.test")))
    page.get_by_label("Votre mot de passe", exact=True).fill("passphrase of mia")
    page.get_by_role("button", name="Confirmer mon adresse").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Adresse changée")
    assert box.wait("mia@foyer.example")
    page.goto("/settings/security")
    expect(page.get_by_text("mia@ailleurs.test").first).to_be_visible()
    page.get_by_role("tab", name="Compte").click()
    page.get_by_role("button", name="Supprimer mon compte").click()
    no_violations(page, "leave")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Mot de passe actuel", exact=True).fill("passphrase of mia")
    dialog.get_by_role("button", name="Supprimer le compte").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Se connecter")
    person.sign_in("mia", "passphrase of mia")
    roles = mailing.call("GET", "/users/u_mia/roles", token=mailing.login(OWNER["username"], OWNER["password"])).json["roles"]
    assert "staff" in [role["name"] for role in roles]
