"""The list of members: long, filtered, kept, acted upon; in Chromium, by role and label."""
import pytest
from playwright.sync_api import expect

from person import Person
from test_accessibility import violations
from tour import settle

COUNT = 130


@pytest.fixture(scope="module")
def crowd(new_site):
    """A site with more members than two pages of the list: `m000`, `m001`, …; every tenth is called `beta`."""
    site = new_site()
    owner = site.owner_token()
    for number in range(COUNT):
        tags = ["beta", "été"] if number % 10 == 0 else []
        name = f"m{number:03}"
        site.call("POST", "/users", {"username": name, "email": f"{name}@foyer.example", "tags": tags}, owner).expect(201)
    return site


def test_saved_filters_are_on_every_device(crowd, open_browser):
    page = open_browser(crowd)
    Person(page, "en-GB").sign_in()
    page.goto("/members?tag=beta&sort=-username")
    page.get_by_role("button", name="Saved filters").click()
    saved = page.get_by_role("dialog", name="Saved filters")
    saved.get_by_label("Name for these filters").fill("Testers")
    saved.get_by_role("button", name="Keep these filters").click()
    expect(page.get_by_text("The filters “Testers” are saved")).to_be_visible()

    other = open_browser(crowd)
    Person(other, "en-GB").sign_in().go("members")
    other.get_by_role("button", name="Saved filters").click()
    other.get_by_role("dialog", name="Saved filters").get_by_role("link", name="Testers").click()
    expect(other.get_by_role("table").get_by_role("link")).to_have_count(13)
    expect(other.get_by_role("table").get_by_role("link").first).to_have_text("m120")
    other.get_by_role("button", name="Saved filters").click()
    other.get_by_role("button", name="Delete the saved filters “Testers”").click()
    expect(other.get_by_text("No filter saved yet")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="Saved filters").click()
    expect(page.get_by_text("No filter saved yet")).to_be_visible()


@pytest.mark.parametrize("database", ["sqlite", "postgres"], indirect=True)
def test_a_job_goes_on_after_the_server_was_killed(site):
    owner = site.owner_token()
    for number in range(150):
        site.call("POST", "/users", {"username": f"m{number:03}", "email": f"m{number}@foyer.example"}, owner).expect(201)
    job = site.call("POST", "/users/bulk", {"action": "add_tag", "tag": "vague", "filter": "search=m"}, owner).expect(201).json
    site.call("POST", f"/users/bulk/{job['id']}/run", {}, owner).expect(202)
    site.kill()
    site.start()
    owner = site.owner_token()
    while (job := site.call("GET", f"/users/bulk/{job['id']}", token=owner).expect(200).json)["state"] == "running":
        pass
    assert (job["state"], job["changed"], job["failed"]) == ("done", 150, 0)
    assert site.call("GET", "/users?tag=vague&count=true&limit=1", token=owner).json["total"] == 150
    changes = site.call("GET", "/audit?action=user.update&limit=200", token=owner).expect(200).json["items"]
    assert len({each["target_id"] for each in changes}) == len(changes) == 150


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("locale", ["en-GB", "fr-FR"])
def test_axe_finds_nothing_in_the_layers_of_the_list(crowd, open_browser, theme, locale):
    page = open_browser(crowd, locale, color_scheme=theme)
    Person(page, locale).sign_in()
    found = []
    english = locale == "en-GB"
    page.goto("/members?tag=beta&banned=false&sort=-username")
    settle(page)
    found += violations(page, "chips")
    for name in ("More filters", "Saved filters") if english else ("Autres filtres", "Filtres enregistrés"):
        page.get_by_role("button", name=name).click()
        expect(page.get_by_role("dialog", name=name)).to_be_visible()
        page.wait_for_load_state("networkidle")
        found += violations(page, name)
        page.keyboard.press("Escape")
    page.get_by_role("checkbox").nth(1).check()
    page.get_by_role("button", name="Act on them" if english else "Agir sur eux").click()
    found += violations(page, "actions")
    page.get_by_role("menuitem", name="Add a tag" if english else "Ajouter une étiquette").click()
    page.get_by_label("Tag" if english else "Étiquette", exact=True).fill("vague")
    found += violations(page, "words")
    page.get_by_role("button", name="Preview" if english else "Prévisualiser").click()
    expect(page.get_by_role("button", name="Do it to" if english else "Appliquer à")).to_be_visible()
    found += violations(page, "preview")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("width", [320, 360])
def test_the_list_is_narrow_enough_for_a_phone(crowd, open_browser, width):
    page = open_browser(crowd, "fr-FR", viewport={"width": width, "height": 640}, has_touch=True)
    Person(page, "fr-FR").sign_in()
    page.goto("/members?tag=beta&banned=false&created_after=2020-01-01T00:00:00.000Z")
    settle(page)
    page.get_by_role("checkbox").first.check()
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width
    assert page.evaluate("(() => { const main = document.querySelector('main'); return main.scrollWidth - main.clientWidth })()") <= 1
