"""Passkeys: by REST with an authenticator of others' making, and in Chromium with its virtual authenticator."""
import base64
import hashlib

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from playwright.sync_api import expect
from soft_webauthn import SoftWebauthnDevice

from axe import violations
from foyer import OWNER, free_port, one_time_code

LABELS = {
    "en-GB": {
        "passkeys": "Passkeys", "add": "Add a passkey", "password": "Current password", "name": "Name", "next": "Continue",
        "sign in": "Sign in with a passkey", "instead": "Use a passkey instead", "remove": "Remove", "none": "You have no passkey yet.",
        "actions": "Actions for Laptop", "login": "Username or e-mail", "sign in password": "Password", "submit": "Sign in",
    },
    "fr-FR": {
        "passkeys": "Clés d’accès", "add": "Ajouter une clé d’accès", "password": "Mot de passe actuel", "name": "Nom", "next": "Continuer",
        "sign in": "Se connecter avec une clé d’accès", "instead": "Utiliser plutôt une clé d’accès", "remove": "Retirer",
        "none": "Vous n’avez pas encore de clé d’accès.", "actions": "Actions pour Laptop", "login": "Nom d’utilisateur ou e-mail",
        "sign in password": "Mot de passe", "submit": "Se connecter",
    },
}


@pytest.fixture
def named_site(new_site):
    """A site at `localhost`: an IP address has no passkeys."""
    port = free_port()
    site = new_site(public_url=f"http://localhost:{port}", port=port)
    site.address = f"http://localhost:{port}"
    return site


def text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def data(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def made(device, options, origin, verified=True) -> dict:
    """A new credential; the device itself never says that it verified its person, which nothing signs here."""
    wanted = options | {"challenge": data(options["challenge"]), "user": options["user"] | {"id": data(options["user"]["id"])}}
    response = device.create({"publicKey": wanted}, origin)["response"]
    attestation = cbor.decode(response["attestationObject"])
    if verified:
        flags = attestation["authData"][32] | 0x04
        attestation["authData"] = attestation["authData"][:32] + bytes([flags]) + attestation["authData"][33:]
    return {"id": text(device.credential_id), "type": "public-key", "response": {
        "clientDataJSON": text(response["clientDataJSON"]), "attestationObject": text(cbor.encode(attestation))}}


def proven(device, options, origin, verified=False) -> dict:
    response = device.get({"publicKey": options | {"challenge": data(options["challenge"])}}, origin)["response"]
    known = response["authenticatorData"]
    if verified:
        known = known[:32] + bytes([known[32] | 0x04]) + known[33:]
        signed = known + hashlib.sha256(response["clientDataJSON"]).digest()
        response["signature"] = device.private_key.sign(signed, ec.ECDSA(hashes.SHA256()))
    return {"id": text(device.credential_id), "type": "public-key", "response": {
        "clientDataJSON": text(response["clientDataJSON"]), "authenticatorData": text(known),
        "signature": text(response["signature"]), "userHandle": text(device.user_handle)}}


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_an_authenticator_of_others(new_site, database):
    port = free_port()
    origin = f"http://localhost:{port}"
    site = new_site(database, port=port, public_url=origin)
    token = site.login(OWNER["username"], OWNER["password"])
    ask = lambda: site.call("POST", "/users/me/passkeys/options", {"password": OWNER["password"]}, token).expect(200).json
    device = SoftWebauthnDevice()
    refused = site.call("POST", "/users/me/passkeys", {"credential": made(device, ask(), origin, verified=False)}, token).expect(422).json
    assert refused["errors"][0]["code"] == "not_verified", refused
    site.call("POST", "/users/me/passkeys", {"name": "soft", "credential": made(device, ask(), origin)}, token).expect(201)

    question = lambda: site.call("POST", "/auth/passkey/options", {}).expect(200).json
    site.call("POST", "/auth/passkey", {"credential": proven(device, question(), origin)}).expect(401)
    site.call("POST", "/auth/passkey", {"credential": proven(device, question(), "http://localhost:1", verified=True)}).expect(401)
    entered = site.call("POST", "/auth/passkey", {"credential": proven(device, question(), origin, verified=True)}).expect(200).json
    assert entered["user"]["username"] == OWNER["username"]

    begun = site.call("POST", "/users/me/totp", {"password": OWNER["password"]}, token).expect(201).json
    site.call("POST", "/users/me/totp/confirm", {"code": one_time_code(begun["secret"])}, token).expect(200)
    password = {"username": OWNER["username"], "password": OWNER["password"]}
    asked = site.call("POST", "/auth/login", password).expect(401).json
    assert asked["methods"] == ["totp", "recovery_code", "passkey"]
    site.call("POST", "/auth/login", password | {"passkey": proven(device, asked["passkey"], origin)}).expect(200)
    # It says less than it said before: a copy.
    device.sign_count = 1
    answer = site.call("POST", "/auth/passkey", {"credential": proven(device, question(), origin, verified=True)}).expect(401).json
    assert answer["code"] == "passkey_copied"


def authenticator(page) -> tuple:
    """Chromium's own, with a person who is always there."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }})
    return session, made["authenticatorId"]


def sign_in(page, words) -> None:
    page.goto("/")
    page.get_by_label(words["login"]).fill(OWNER["username"])
    page.get_by_label(words["sign in password"], exact=True).fill(OWNER["password"])
    page.get_by_role("button", name=words["submit"], exact=True).click()
    expect(page.get_by_label(words["sign in password"], exact=True)).to_be_hidden()


def add(page, words, name="Laptop") -> None:
    page.get_by_role("button", name=words["add"]).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label(words["password"]).fill(OWNER["password"])
    dialog.get_by_label(words["name"]).fill(name)
    dialog.get_by_role("button", name=words["next"]).click()
    expect(dialog).to_be_hidden()


@pytest.mark.parametrize("locale", LABELS)
def test_added_used_and_removed(named_site, open_browser, locale):
    words = LABELS[locale]
    page = open_browser(named_site, locale)
    session, device = authenticator(page)
    sign_in(page, words)
    page.goto("/settings/security")
    passkeys = page.get_by_role("region", name=words["passkeys"])
    expect(passkeys.get_by_text(words["none"])).to_be_visible()
    add(page, words)
    expect(passkeys.get_by_role("listitem")).to_contain_text("Laptop")
    assert violations(page, "the passkeys of the settings") == []
    assert len(session.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]) == 1

    page.context.clear_cookies()
    # Until the button is pressed, nothing answers for the person.
    session.send("WebAuthn.setAutomaticPresenceSimulation", {"authenticatorId": device, "enabled": False})
    page.goto("/")
    button = page.get_by_role("button", name=words["sign in"])
    expect(button).to_be_visible()
    assert violations(page, "the sign-in page") == []
    session.send("WebAuthn.setAutomaticPresenceSimulation", {"authenticatorId": device, "enabled": True})
    button.click()
    expect(page.get_by_role("button", name=words["sign in"])).to_be_hidden()
    page.goto("/settings/security")
    passkeys.get_by_role("button", name=words["actions"]).click()
    page.get_by_role("menuitem", name=words["remove"]).click()
    page.get_by_role("dialog").get_by_role("button", name=words["remove"]).click()
    expect(passkeys.get_by_text(words["none"])).to_be_visible()


def test_in_the_place_of_the_code(named_site, open_browser):
    words = LABELS["en-GB"]
    token = named_site.login(OWNER["username"], OWNER["password"])
    begun = named_site.call("POST", "/users/me/totp", {"password": OWNER["password"]}, token).expect(201).json
    named_site.call("POST", "/users/me/totp/confirm", {"code": one_time_code(begun["secret"])}, token).expect(200)
    page = open_browser(named_site)
    session, device = authenticator(page)
    session.send("WebAuthn.setAutomaticPresenceSimulation", {"authenticatorId": device, "enabled": False})
    sign_in(page, words)
    page.get_by_label("Code", exact=True).fill(one_time_code(begun["secret"], 1))
    page.get_by_role("button", name=words["submit"], exact=True).click()
    expect(page.get_by_role("heading", name="Two-factor authentication")).to_be_hidden()
    session.send("WebAuthn.setAutomaticPresenceSimulation", {"authenticatorId": device, "enabled": True})
    page.goto("/settings/security")
    add(page, words)
    page.context.clear_cookies()
    session.send("WebAuthn.setAutomaticPresenceSimulation", {"authenticatorId": device, "enabled": False})
    sign_in(page, words)
    button = page.get_by_role("button", name=words["instead"])
    expect(button).to_be_visible()
    assert violations(page, "the second factor") == []
    session.send("WebAuthn.setAutomaticPresenceSimulation", {"authenticatorId": device, "enabled": True})
    button.click()
    expect(page.get_by_role("heading", name="Two-factor authentication")).to_be_hidden()
    page.goto("/settings/security")
    expect(page.get_by_role("region", name=words["passkeys"]).get_by_role("listitem")).to_contain_text("Laptop")


def test_at_an_ip_address_the_reason_is_told(site, open_browser):
    page = open_browser(site)
    sign_in(page, LABELS["en-GB"])
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_have_count(0)
    page.goto("/settings/security")
    expect(page.get_by_role("region", name="Passkeys")).to_contain_text("public-url")
