"""Sign-in with a provider that no one here wrote (canaille), in the browser: joining, signing in, connecting, disconnecting."""
import json
import urllib.request

import pytest
from playwright.sync_api import expect

from axe import violations
from engines import choose_option
from foyer import OWNER, free_port

SECRET = "a secret of the client"


class Provider:
    """canaille with Foyer as a client of it."""

    def __init__(self, iam, site):
        self.iam, self.site = iam, site
        self.client = iam.models.Client(
            client_id=f"foyer-{site.port}", client_secret=SECRET, client_name="Foyer", client_uri=site.address,
            redirect_uris=[f"{site.address}/api/v1/auth/oidc/canaille/callback"], grant_types=["authorization_code"],
            response_types=["code"], token_endpoint_auth_method="client_secret_basic", scope=["openid", "profile", "email", "groups"])
        iam.backend.save(self.client)
        # Without an audience canaille signs ID tokens that are for nobody.
        self.client.audience = [self.client]
        iam.backend.save(self.client)
        with urllib.request.urlopen(f"{iam.url}.well-known/openid-configuration") as answer:
            self.issuer = json.load(answer)["issuer"]

    def settings(self, **more):
        return {"key": "canaille", "name": "Canaille", "issuer": self.issuer, "client_id": self.client.client_id, "client_secret": SECRET} | more

    def person(self, name, email):
        """Somebody who is signed in at the provider, and has consented."""
        user = self.iam.random_user(user_name=f"{name}-{self.site.port}", emails=[email])
        self.iam.login(user)
        self.iam.consent(user, self.client)
        return user


@pytest.fixture
def site(new_site):
    port = free_port()
    return new_site(
        "sqlite", port=port, public_url=f"http://127.0.0.1:{port}", outbound_allow="127.0.0.1,::1", registration="open")


@pytest.fixture
def provider(site, iam_server):
    provider = Provider(iam_server, site)
    site.call("POST", "/identity-providers", provider.settings(), site.owner_token()).expect(201)
    yield provider
    iam_server.logout()


def sign_in_by_password(page, username, password):
    page.goto("/")
    page.get_by_label("Username or e-mail").fill(username)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("navigation").first).to_be_visible()


def sign_out(page):
    page.goto("/settings/account")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in", level=1)).to_be_visible()


def test_somebody_new_joins_and_signs_in_again(site, provider, open_browser):
    provider.person("ada", "ada@provider.example")
    page = open_browser(site)
    page.goto("/settings/security")
    page.get_by_role("link", name="Continue with Canaille").click()
    expect(page.get_by_role("heading", name="Create your account")).to_be_visible()
    # What the address held is gone from it.
    assert page.url == f"{site.address}/openid"
    assert violations(page, page.url) == []
    page.get_by_label("Username").fill("ada")
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", name="Connected accounts")).to_be_visible()
    connected = page.get_by_role("listitem").filter(has_text="Canaille")
    expect(connected).to_contain_text("ada@provider.example")
    expect(connected).to_contain_text("Your only way to sign in")
    sign_out(page)
    page.get_by_role("link", name="Continue with Canaille").click()
    expect(page.get_by_role("navigation").first).to_be_visible()
    # The address of before, opened again as by a restored tab, leads to words.
    page.goto("/api/v1/auth/oidc/canaille/callback?state=spent&code=spent")
    expect(page.get_by_role("heading", name="This sign-in has expired")).to_be_visible()


def test_a_member_connects_and_disconnects(site, provider, open_browser):
    site.member(site.owner_token(), "grace")
    provider.person("grace", "other@provider.example")
    page = open_browser(site)
    sign_in_by_password(page, "grace", "passphrase of grace")
    page.goto("/settings/security")
    page.get_by_role("button", name="Connect Canaille").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Password", exact=True).fill("not the password")
    dialog.get_by_role("button", name="Continue").click()
    expect(dialog.get_by_text("This is not your current password.").first).to_be_visible()
    dialog.get_by_label("Password", exact=True).fill("passphrase of grace")
    dialog.get_by_role("button", name="Continue").click()
    connected = page.get_by_role("listitem").filter(has_text="Canaille")
    expect(connected).to_contain_text("other@provider.example")
    assert violations(page, page.url) == []
    sign_out(page)
    page.get_by_role("link", name="Continue with Canaille").click()
    expect(page.get_by_role("navigation").first).to_be_visible()
    page.goto("/settings/security")
    page.get_by_role("button", name="Disconnect Canaille").click()
    page.get_by_role("dialog").get_by_role("button", name="Disconnect").click()
    expect(page.get_by_role("listitem").filter(has_text="Canaille")).to_contain_text("Not connected")
    sign_out(page)
    page.get_by_role("link", name="Continue with Canaille").click()
    expect(page.get_by_role("heading", name="Create your account")).to_be_visible()


@pytest.mark.parametrize(("locale", "with_provider", "create", "taken"), [
    ("en-GB", "Continue with Canaille", "Create account", "belongs to another account"),
    ("fr-FR", "Continuer avec Canaille", "Créer le compte", "appartient à un autre compte"),
])
def test_an_address_that_exists_is_not_taken_over(site, provider, open_browser, locale, with_provider, create, taken):
    site.member(site.owner_token(), "grace")
    provider.person("thief", "grace@foyer.example")
    page = open_browser(site, locale)
    page.goto("/signin")
    page.get_by_role("link", name=with_provider).click()
    page.get_by_label("Username" if locale == "en-GB" else "Nom d’utilisateur").fill("thief")
    page.get_by_role("button", name=create).click()
    expect(page.get_by_text(taken).first).to_be_visible()
    assert site.call("GET", "/users?search=thief", token=site.owner_token()).expect(200).json["items"] == []


@pytest.mark.parametrize(("locale", "title"), [("en-GB", "You already have an account"), ("fr-FR", "Vous avez déjà un compte")])
def test_the_page_says_what_to_do(site, open_browser, locale, title):
    page = open_browser(site, locale)
    page.goto("/openid?error=openid_address_exists&provider=canaille")
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    assert violations(page, page.url) == []


def test_the_owner_adds_a_provider_in_the_panel(site, iam_server, open_browser):
    provider = Provider(iam_server, site)
    page = open_browser(site)
    sign_in_by_password(page, OWNER["username"], OWNER["password"])
    page.goto("/panel/providers")
    expect(page.get_by_role("heading", name="No providers yet")).to_be_visible()
    page.get_by_role("button", name="Add provider").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name", exact=True).fill("Canaille")
    dialog.get_by_label("Short name").fill("canaille")
    dialog.get_by_label("Issuer").fill("https://127.0.0.1:1")
    expect(dialog.get_by_text(f"{site.address}/api/v1/auth/oidc/canaille/callback")).to_be_visible()
    dialog.get_by_label("Client ID").fill(provider.client.client_id)
    dialog.get_by_label("Client secret").fill(SECRET)
    dialog.get_by_role("button", name="Add rule").click()
    dialog.get_by_label("Value").fill("editors")
    choose_option(dialog.get_by_label("Role", exact=True), "Moderator")
    assert violations(page, page.url) == []
    dialog.get_by_role("button", name="Add provider").click()
    expect(dialog.get_by_text("No provider answers at this address").first).to_be_visible()
    dialog.get_by_label("Issuer").fill(provider.issuer)
    dialog.get_by_role("button", name="Add provider").click()
    row = page.get_by_role("listitem").filter(has_text="Canaille")
    expect(row).to_contain_text("Active")
    expect(row).to_contain_text("1 role rule")
    row.get_by_role("button", name="Actions for Canaille").click()
    page.get_by_role("menuitem", name="Turn off").click()
    expect(row).to_contain_text("Off")
