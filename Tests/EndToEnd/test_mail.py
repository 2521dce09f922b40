"""Registration, recovery and their mails against a real SMTP server: over TLS, put off, refused, and through a crash."""
import time
import urllib.request

import pytest

from foyer import Site, free_port
from postbox import PASSWORD, USER, Postbox, link, token

pytestmark = pytest.mark.parametrize("database", ["sqlite", "postgres"], indirect=True)


def site_with(new_site, database: str, box: Postbox, **settings) -> Site:
    return new_site(database, public_url="https://foyer.example", **(box.settings | {"registration": "open"} | settings))


def register(site: Site, name: str, **more):
    body = {"username": name, "email": f"{name}@site.test", "password": f"passphrase of {name}"} | more
    return site.call("POST", "/auth/register", body)


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
def test_a_mail_goes_over_checked_tls_with_a_password(new_site, database, tmp_path, tls):
    with Postbox(tls, tmp_path) as box:
        site = site_with(new_site, database, box)
        assert register(site, "anna", locale="fr", display_name="Anna").expect(202).json == {"state": "verify_email"}
        mail = box.wait("anna@site.test")
        sender, _, encrypted, authenticated = mail.envelope
        assert (sender, encrypted, authenticated) == ("foyer@site.test", True, True)
        assert mail["Subject"] == "Confirmez votre adresse e-mail" and mail["From"].addresses[0].display_name == "Le Foyer"
        assert mail["Message-ID"] and mail["Date"].datetime and mail["Auto-Submitted"] == "auto-generated"
        assert mail.get_content_type() == "multipart/alternative" and mail["Content-Language"] == "fr"
        assert link(mail).startswith("https://foyer.example/verify#token=")
        log = site.log_text()
        assert token(mail) not in log and PASSWORD not in log and "anna@site.test" not in log
        shown = site.run("config").stdout
        assert "(set)" in shown and USER not in shown and "%C3%BC" not in shown


def test_nothing_is_sent_to_a_server_with_another_certificate(new_site, database, tmp_path):
    (tmp_path / "true").mkdir()
    (tmp_path / "false").mkdir()
    with Postbox("starttls", tmp_path / "true") as trusted, Postbox("starttls", tmp_path / "false") as box:
        site = site_with(new_site, database, box, smtp_ca=str(trusted.certificate))
        register(site, "anna").expect(202)
        owner = site.owner_token()
        wait_for(lambda: metric(site, owner, "foyer_mail_failures_total") >= 1)
        wait_for(lambda: metric(site, owner, "foyer_mails_waiting") == 1)
        wait_for(lambda: "certificate" in site.log_text())
        assert not box.mails


def test_from_the_form_to_the_member_and_back_after_a_forgotten_password(new_site, database):
    with Postbox() as box:
        site = site_with(new_site, database, box)
        register(site, "anna").expect(202)
        assert site.call("POST", "/auth/login", {"username": "anna", "password": "passphrase of anna"}).expect(423).json["code"] == "email_unverified"
        site.call("POST", "/auth/email/verify", {"token": token(box.wait("anna@site.test")), "password": "passphrase of anna"}).expect(200)
        old = site.login("anna", "passphrase of anna")
        site.call("POST", "/auth/password/forgot", {"email": "anna@site.test"}).expect(202)
        reset = token(box.wait("anna@site.test", lambda mail: mail["Subject"] == "A new password"))
        site.call("POST", "/auth/password/reset", {"token": reset, "password": "another passphrase"}).expect(204)
        site.call("GET", "/auth/session", token=old).expect(401)
        site.login("anna", "another passphrase")
        assert box.wait("anna@site.test")["Subject"] == "Your password has changed"


def test_what_was_accepted_is_sent_after_a_crash_and_an_absent_server(new_site, database):
    port = free_port()
    box = Postbox(port=port)
    site = site_with(new_site, database, box)
    register(site, "anna").expect(202)
    owner = site.owner_token()
    wait_for(lambda: metric(site, owner, "foyer_mail_failures_total") >= 1)
    site.kill()
    box.refusals.append("451 later")
    with box:
        site.start()
        mail = box.wait("anna@site.test", timeout=90)
        # It stays one mail: what is sent twice has one name, and here none is.
        assert mail["Message-ID"].endswith("@site.test>")
        site.call("POST", "/auth/email/verify", {"token": token(mail), "password": "passphrase of anna"}).expect(200)
        assert not box.mails


def test_the_door_and_a_known_address_answer_alike(new_site, database):
    with Postbox() as box:
        site = site_with(new_site, database, box)
        owner = site.owner_token()
        site.member(owner, "mia")
        known = register(site, "zoe", email="mia@foyer.example").expect(202)
        unknown = register(site, "yan", email="yan@foyer.example").expect(202)
        assert known.json == unknown.json
        assert box.wait("mia@foyer.example")["Subject"] == "You have an account already"
        assert "verify#token=" in link(box.wait("yan@foyer.example"))
        for path in ("/auth/password/forgot", "/auth/email/resend"):
            answers = [site.call("POST", path, {"email": address}).expect(202) for address in ("mia@foyer.example", "nobody@foyer.example")]
            assert answers[0].bytes == answers[1].bytes
        assert box.wait("mia@foyer.example", lambda mail: mail["Subject"] == "A new password")
        assert not [mail for mail in box.mails if mail.envelope[1] == ["nobody@foyer.example"]]


def test_mail_without_a_public_address_or_a_sender_does_not_start(new_site, database, tmp_path):
    for settings, word in (
        ({"smtp_url": "smtp://127.0.0.1:1"}, "--public-url"),
        ({"smtp_url": "smtp://127.0.0.1:1", "public_url": "https://x.example"}, "--mail-from"),
        ({"smtp_url": "http://127.0.0.1:1", "public_url": "https://x.example", "mail_from": "a@b.example"}, "smtp://"),
        ({"smtp_url": "smtp://u:secretword@mail.example", "smtp_tls": "none", "public_url": "https://x.example", "mail_from": "a@b.example"}, "TLS"),
    ):
        site = Site(tmp_path, **settings)
        done = site.run("serve", "--listen", "127.0.0.1:0")
        assert done.returncode != 0 and word in done.stderr and "secretword" not in done.stderr + done.stdout, done.stderr


def metric(site: Site, token: str, name: str) -> float:
    request = urllib.request.Request(f"{site.address}/metrics", headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        lines = [line.split() for line in answer.read().decode().splitlines() if line.startswith(name + " ")]
    return float(lines[0][1])


def wait_for(condition, timeout: float = 30) -> None:
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)
