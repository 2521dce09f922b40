"""Members as files: a table of Excel's is brought, checked and imported in the panel, and comes out again."""
import csv
import io
import re
import time
import urllib.request

import pytest
from playwright.sync_api import expect

from axe import violations
from person import Person
from tour import settle


def excel(count: int, bad: int = 0) -> bytes:
    """As Excel in France saves it."""
    rows = ["Pseudo;Nom;Prénom;Courriel;Groupe;À propos"]
    rows += [f'membre{n};Côté "Zo";Zoé;membre{n}@exemple.fr;;"Une ligne\r\net une autre"' for n in range(1, count + 1)]
    rows += [f"faux{n};Faux;Un;pas-une-adresse;VIP;" for n in range(bad)]
    return "\r\n".join(rows).encode("cp1252")


def bring(page, name: str, content: bytes) -> None:
    page.get_by_role("link", name=re.compile("^(Import|Importer)$")).click()
    page.get_by_label(re.compile("Drop a file|Déposez un fichier")).set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})


@pytest.mark.parametrize("database", ["sqlite", "postgres"], indirect=True)
def test_a_thousand_people_from_a_spreadsheet(site, open_browser):
    page = open_browser(site, "fr-FR")
    somebody = Person(page, "fr-FR").sign_in()
    somebody.go("members")
    bring(page, "membres-2026.csv", excel(1000, bad=2))
    expect(page.get_by_role("heading", level=2, name="membres-2026.csv")).to_be_visible()
    expect(page.get_by_text(re.compile(r"1.002 lignes, WINDOWS-1252, point-virgule"))).to_be_visible()
    expect(page.get_by_label("Courriel")).to_contain_text("Adresse e-mail")
    expect(page.get_by_label("Prénom")).to_contain_text("Prénom")
    expect(page.get_by_label("VIP")).to_be_visible()
    settle(page)
    assert not violations(page, "the columns of an import")
    page.get_by_role("button", name="Vérifier les lignes").click()
    expect(page.get_by_role("table").get_by_text("Ce n’est pas une adresse e-mail.").first).to_be_visible()
    expect(page.get_by_role("table").get_by_text("Le rôle « VIP » n’existe pas.").first).to_be_visible()
    settle(page)
    assert not violations(page, "the check of an import")
    go = page.get_by_role("button", name=re.compile(r"Importer 1.000 personnes"))
    expect(go).to_be_disabled()
    page.get_by_text("Laisser les lignes à corriger de côté").click()
    go.click()
    expect(page.get_by_text(re.compile(r"1.000 personnes importées en"))).to_be_visible(timeout=30_000)
    expect(page.get_by_text("2 lignes laissées de côté")).to_be_visible()
    settle(page)
    assert not violations(page, "the report of an import")
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger").click()
    report = list(csv.reader(io.StringIO(download.value.path().read_bytes().decode("utf-8-sig"))))
    assert len(report) == 3 and report[1][0] == "faux0" and "adresse e-mail" in report[1][-1], report
    page.get_by_role("link", name="Voir les membres").click()
    expect(page.get_by_text(re.compile(r"1.001 membres")).first).to_be_visible()
    expect(page.get_by_text("Zoé Côté \"Zo\"").first).to_be_visible()

    # What is exported, in several pieces, has everybody, and can be imported.
    page.get_by_role("button", name="Exporter").click()
    expect(page.get_by_role("dialog", name=re.compile(r"Exporter 1.001 membres"))).to_be_visible()
    settle(page)
    assert not violations(page, "the dialog of an export")
    with page.expect_download() as download:
        page.get_by_role("dialog").get_by_role("link", name="Exporter").click()
    table = list(csv.DictReader(io.StringIO(download.value.path().read_bytes().decode("utf-8-sig"))))
    assert len(table) == 1001
    assert {row["username"] for row in table} >= {f"membre{n}" for n in range(1, 1001)}
    assert next(row for row in table if row["username"] == "membre7")["bio"] == "Une ligne\r\net une autre"
    token = site.owner_token()
    request = urllib.request.Request(f"{site.address}/api/v1/users/export?format=json", headers={"Authorization": f"Bearer {token}"})
    body = urllib.request.urlopen(request).read()
    again = site.call("POST", "/users/import", body, token, {"Content-Type": "application/json"}).expect(202).json
    assert (again["total"], again["invalid"]) == (1001, 1001)
    assert {fault["code"] for row in again["reports"] for fault in row["faults"]} >= {"username_taken", "email_taken"}


@pytest.mark.parametrize("database", ["sqlite", "postgres"], indirect=True)
def test_a_crash_in_the_middle_leaves_nothing_and_it_goes_on(site):
    token = site.owner_token()
    rows = "username,email\n" + "\n".join(f"crash{n},crash{n}@site.test" for n in range(9000))
    made = site.call("POST", "/users/import", rows.encode(), token, {"Content-Type": "text/csv"}).expect(202).json
    assert (made["state"], made["invalid"]) == ("preview", 0)
    with site.gateway(token) as gateway:
        site.call("POST", f"/users/import/{made['id']}/commit", {}, token).expect(202)
        gateway.next("import.updated", where=lambda frame: frame["import"]["settled"] >= 500, timeout=30)
    site.kill()
    site.start()
    token = site.owner_token()
    seen = site.call("GET", "/users?search=crash&count=true", token=token).expect(200).json["total"]
    state = site.call("GET", f"/users/import/{made['id']}", token=token).json
    # Either nobody is seen, or all of them are.
    assert seen in (0, 9000), (seen, state["state"])
    for _ in range(600):
        state = site.call("GET", f"/users/import/{made['id']}", token=token).json
        if state["state"] != "running":
            break
        time.sleep(0.2)
    assert (state["state"], state["settled"]) == ("done", 9000), state
    assert site.call("GET", "/users?search=crash&count=true", token=token).json["total"] == 9000


def test_pictures_of_an_import(site, open_browser, tmp_path):
    """Every step at three widths in both themes: nothing is cut, nothing lies over another."""
    for width, theme, language in [(360, "dark", "fr-FR"), (768, "light", "en-GB"), (1440, "dark", "en-GB"), (1440, "light", "fr-FR")]:
        page = open_browser(site, language, viewport={"width": width, "height": 800}, color_scheme=theme)
        Person(page, language).sign_in()
        page.goto("/panel/members/import")
        page.get_by_label(re.compile("Drop a file|Déposez un fichier")).set_input_files(
            {"name": "membres.csv", "mimeType": "text/csv", "buffer": excel(20, bad=3)})
        page.get_by_role("button", name=re.compile("Check rows|Vérifier les lignes")).click()
        page.get_by_role("table").wait_for()
        settle(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (width, theme)
        assert not violations(page, f"the check of an import at {width}")
        page.get_by_role("button", name=re.compile("Cancel the import|Annuler l’importation")).click()
        page.get_by_label(re.compile("Drop a file|Déposez un fichier")).wait_for(state="attached")
