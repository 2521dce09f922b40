"""One's own data: a copy to read and to keep, and the way out."""
import json
import re

from playwright.sync_api import expect

from axe import violations
from person import Person
from tour import settle


def test_a_member_downloads_everything_about_themselves(site, open_browser):
    owner = site.owner_token()
    site.member(owner, "alice")
    page = open_browser(site, "fr-FR")
    Person(page, "fr-FR").sign_in("alice", "passphrase of alice")
    page.goto("/settings/account")
    page.get_by_role("button", name="Préparer une copie").click()
    read = page.get_by_role("link", name="Télécharger pour lire")
    expect(read).to_be_visible(timeout=20_000)
    settle(page)
    assert not violations(page, "one's own data")
    with page.expect_download() as download:
        read.click()
    html = download.value.path().read_text()
    assert "alice@foyer.example" in html and "<script" not in html
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger en JSON").click()
    data = json.loads(download.value.path().read_text())
    assert data["accounts"]["username"] == "alice" and data["roles"]["roles"][0]["role"] == "member"
    page.get_by_role("button", name="Préparer une nouvelle copie").click()
    expect(page.get_by_role("alert")).to_contain_text(re.compile("demandes"))


def test_the_log_as_a_signed_bundle(site, open_browser, tmp_path):
    page = open_browser(site, "en-GB")
    Person(page, "en-GB").sign_in()
    page.goto("/panel/audit")
    page.get_by_role("button", name="Export").click()
    dialog = page.get_by_role("dialog", name="Export the audit log")
    dialog.get_by_text("Signed bundle").click()
    settle(page)
    assert not violations(page, "the dialog of the log's export")
    with page.expect_download() as download:
        dialog.get_by_role("link", name="Export").click()
    bundle = tmp_path / "audit.bundle.jsonl"
    bundle.write_bytes(download.value.path().read_bytes())
    found = site.run("audit", "verify", str(bundle))
    assert found.returncode == 0 and "The bundle is sound" in found.stdout, found.stdout + found.stderr
    bundle.write_bytes(bundle.read_bytes().replace(b'"auth.login"', b'"auth.logon"', 1))
    changed = site.run("audit", "verify", str(bundle))
    assert changed.returncode == 1 and "changed after it was written" in changed.stdout, changed.stdout
