"""The list of members: long, filtered, kept, acted upon; in Chromium, by role and label."""
import re
import time
import urllib.parse

import pytest
from playwright.sync_api import expect

from axe import violations
from engines import choose_option
from person import Person
from tour import settle

COUNT = 130


@pytest.fixture(scope="module")
def crowd(new_shared_site):
    """A site with more members than two pages of the list: `m000`, `m001`, …; every tenth is called `beta`."""
    site = new_shared_site()
    owner = site.owner_token()
    for number in range(COUNT):
        tags = ["beta", "été"] if number % 10 == 0 else []
        name = f"m{number:03}"
        site.call("POST", "/users", {"username": name, "email": f"{name}@foyer.example", "tags": tags}, owner).expect(201)
    return site


def link(page, name):
    return page.get_by_role("table", name="Members").get_by_role("link", name=name, exact=True)


def scroll(page):
    return page.evaluate("document.querySelector('main').scrollTop")


def expect_scroll(page, top):
    """The list stands where it stood, give or take a row."""
    page.wait_for_function("(top) => Math.abs(document.querySelector('main').scrollTop - top) < 60", arg=top)


def test_a_long_list_holds_the_rows_near_the_screen_alone(crowd, open_browser):
    page = open_browser(crowd, viewport={"width": 1280, "height": 700})
    Person(page, "en-GB").sign_in().go("members")
    table = page.get_by_role("table", name="Members")
    # The owner, and a head.
    expect(table).to_have_attribute("aria-rowcount", str(COUNT + 2))
    link(page, "m000").focus()
    for _ in range(6):
        page.keyboard.press("ArrowDown")
    expect(link(page, "m006")).to_be_focused()
    deadline = time.monotonic() + 30
    while not link(page, "owner").is_visible():
        # To the end of what has come, which lets the next page come.
        page.keyboard.press("End")
        assert time.monotonic() < deadline, "the list does not end"
    page.keyboard.press("End")
    expect(link(page, "owner")).to_be_focused()
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name="owner", exact=True))
    expect(row).to_have_attribute("aria-rowindex", str(COUNT + 2))
    assert page.get_by_role("row").count() < 60
    page.keyboard.press("PageUp")
    expect(link(page, "owner")).not_to_be_focused()
    page.keyboard.press("End")
    expect(link(page, "owner")).to_be_focused()

    # The sheet beside it leaves the row in sight, and gives the focus back.
    before = scroll(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("complementary", name="owner")).to_be_visible()
    expect(link(page, "owner")).to_be_in_viewport()
    expect_scroll(page, before)
    page.keyboard.press("Escape")
    expect(link(page, "owner")).to_be_focused()
    expect_scroll(page, before)

    # There and back again.
    Person(page, "en-GB").go("roles")
    page.go_back()
    expect(link(page, "owner")).to_be_visible()
    expect_scroll(page, before)
    link(page, "owner").focus()
    page.keyboard.press("Home")
    expect(link(page, "m000")).to_be_focused()


def test_filters_combine_in_the_address_and_are_taken_away_one_by_one(crowd, open_browser):
    page = open_browser(crowd, "fr-FR")
    Person(page, "fr-FR").sign_in()
    page.goto("/panel/members")
    page.get_by_role("searchbox", name="Rechercher un membre").fill("m0")
    page.get_by_role("button", name="Filtres", exact=True).click()
    more = page.get_by_role("dialog", name="Filtres")
    more.get_by_label("Inscrits depuis le").fill("2020-01-02")
    choose_option(more.get_by_label("Banni"), "Non")
    choose_option(more.get_by_label("Permission"), "Lire les conversations et les salons")
    # Who closes it right after typing has typed all the same.
    more.get_by_label("Étiquette").fill("été")
    page.keyboard.press("Escape")
    expect(more).to_have_count(0)
    expect(page.get_by_role("table").get_by_role("link")).to_have_count(10)
    chips = page.get_by_role("list", name="Filtres actifs").get_by_role("listitem")
    expect(chips).to_have_count(5)
    query = urllib.parse.parse_qs(urllib.parse.urlparse(page.url).query)
    assert query["search"] == ["m0"] and query["tag"] == ["été"] and query["banned"] == ["false"] and query["permission"] == ["chat.read"]

    # The address is the whole of it.
    page.goto(page.url)
    expect(chips).to_have_count(5)
    expect(page.get_by_role("table").get_by_role("link")).to_have_count(10)
    page.get_by_role("button", name=re.compile("^Retirer le filtre « Recherche")).click()
    expect(page.get_by_role("table").get_by_role("link")).to_have_count(13)
    expect(page.get_by_role("button", name=re.compile("^Retirer le filtre")).first).to_be_focused()
    page.get_by_role("button", name="Effacer les filtres").click()
    expect(chips).to_have_count(0)
    expect(page.get_by_role("table")).to_have_attribute("aria-rowcount", str(COUNT + 2))


def test_saved_filters_are_on_every_device(crowd, open_browser):
    page = open_browser(crowd)
    Person(page, "en-GB").sign_in()
    page.goto("/panel/members?tag=beta&sort=-username")
    page.get_by_role("button", name="Saved filters").click()
    saved = page.get_by_role("dialog", name="Saved filters")
    saved.get_by_label("Name of these filters").fill("Testers")
    saved.get_by_role("button", name="Save filters").click()
    expect(page.get_by_text("Filters “Testers” saved")).to_be_visible()

    other = open_browser(crowd)
    Person(other, "en-GB").sign_in().go("members")
    other.get_by_role("button", name="Saved filters").click()
    other.get_by_role("dialog", name="Saved filters").get_by_role("link", name="Testers").click()
    expect(other.get_by_role("table").get_by_role("link")).to_have_count(13)
    expect(other.get_by_role("table").get_by_role("link").first).to_have_text("m120")
    other.get_by_role("button", name="Saved filters").click()
    other.get_by_role("button", name="Delete the saved filters “Testers”").click()
    expect(other.get_by_text("No saved filters")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="Saved filters").click()
    expect(page.get_by_text("No saved filters")).to_be_visible()


def test_a_second_tag_is_given_before_the_first_has_been_answered(site, open_browser):
    owner = site.owner_token()
    member = site.member(owner, "alice")
    page = open_browser(site)
    Person(page, "en-GB").sign_in()
    page.goto(f"/panel/members/{member['id']}")
    held = []
    page.route(f"**/api/v1/users/{member['id']}", lambda route: held.append(route) if route.request.method == "PATCH" and not held else route.continue_())
    form = page.get_by_role("form", name="Tags")
    for tag in ("first", "second"):
        form.get_by_label("Add tag").fill(tag)
        form.get_by_role("button", name="Add", exact=True).click()
        expect(form.get_by_role("button", name=f"Remove the tag “{tag}”")).to_be_visible()
    with page.expect_response(lambda answer: answer.request.method == "PATCH" and answer.request != held[0].request) as second:
        held[0].continue_()
    assert second.value.status == 200
    assert sorted(site.call("GET", "/users/u_alice", token=owner).expect(200).json["tags"]) == ["first", "second"]
    expect(form.get_by_role("button", name="Remove the tag")).to_have_count(2)


def tick(page, name, **options):
    page.get_by_role("checkbox", name=f"Select {name}", exact=True).click(**options)


def test_many_are_acted_upon_at_once_and_it_is_undone(site, open_browser):
    owner = site.owner_token()
    site.member(owner, "ada", roles=["role_admin"])
    for number in range(6):
        site.call("POST", "/users", {"username": f"m{number}", "email": f"m{number}@foyer.example"}, owner).expect(201)
    page = open_browser(site)
    Person(page, "en-GB").sign_in("ada", "passphrase of ada").go("members")
    tick(page, "m1")
    tick(page, "m4", modifiers=["Shift"])
    bar = page.get_by_role("region", name="Selected members")
    expect(bar).to_contain_text("4 selected")
    bar.get_by_role("button", name="Actions", exact=True).click()
    page.get_by_role("menuitem", name="Assign role").click()
    dialog = page.get_by_role("dialog", name="Assign role")
    choose_option(dialog.get_by_label("Role", exact=True), "Staff")
    dialog.get_by_role("button", name="Preview").click()
    expect(dialog.get_by_text("Will change")).to_be_visible()
    dialog.get_by_role("button", name="Apply to 4 members").click()
    expect(dialog.get_by_text("Done.")).to_be_visible()
    holders = site.call("GET", "/users?role=role_staff", token=owner).json["items"]
    assert [each["username"] for each in holders] == ["m1", "m2", "m3", "m4"]
    dialog.get_by_role("button", name="Undo").click()
    deadline = time.monotonic() + 30
    while site.call("GET", "/users?role=role_staff", token=owner).json["items"]:
        assert time.monotonic() < deadline, "nothing was undone"
    expect(dialog.get_by_text("Done.")).to_be_visible()
    dialog.get_by_role("button", name="Close").last.click()

    # The whole list: those above her, and she herself, are refused by name, the others are not.
    page.get_by_role("checkbox", name="Select all loaded members").check()
    expect(bar).to_contain_text("All 8 selected")
    bar.get_by_role("button", name="Actions", exact=True).click()
    page.get_by_role("menuitem", name="Disable accounts").click()
    dialog = page.get_by_role("dialog", name="Disable accounts")
    dialog.get_by_role("button", name="Preview").click()
    refused = dialog.get_by_role("list", name="Refused").get_by_role("listitem")
    expect(refused).to_have_count(2)
    dialog.get_by_role("button", name="Apply to 8 members").click()
    expect(dialog.get_by_text("Done.")).to_be_visible()
    expect(refused.filter(has_text="owner")).to_have_count(1)
    expect(refused.filter(has_text="ada")).to_contain_text("yourself")
    assert len(site.call("GET", "/users?disabled=true", token=owner).json["items"]) == 6


def test_what_was_done_to_many_is_found_again_above_the_list_undone_and_put_away(site, open_browser):
    owner = site.owner_token()
    site.member(owner, "ada", roles=["role_admin"])
    for number in range(40):
        site.call("POST", "/users", {"username": f"m{number:02}", "email": f"m{number}@foyer.example"}, owner).expect(201)
    page = open_browser(site, viewport={"width": 1280, "height": 600})
    Person(page, "en-GB").sign_in("ada", "passphrase of ada").go("members")
    jobs = page.get_by_role("list", name="Bulk actions")
    holders = lambda: [each["username"] for each in site.call("GET", "/users?role=role_staff", token=owner).json["items"]]
    expect(link(page, "m02")).to_be_visible()
    expect(jobs).to_have_count(0)
    link(page, "m13").scroll_into_view_if_needed()
    tick(page, "m10")
    tick(page, "m13", modifiers=["Shift"])
    page.get_by_role("button", name="Actions", exact=True).click()
    before = link(page, "m13").bounding_box()
    page.get_by_role("menuitem", name="Assign role").click()
    dialog = page.get_by_role("dialog", name="Assign role")
    choose_option(dialog.get_by_label("Role", exact=True), "Staff")
    dialog.get_by_role("button", name="Preview").click()
    dialog.get_by_role("button", name="Apply to 4 members").click()
    expect(dialog.get_by_role("progressbar", name="Progress")).to_be_visible()
    dialog.get_by_role("button", name="Close").last.click()
    # The line comes above the rows, and moves none of them.
    expect(jobs.get_by_role("listitem")).to_contain_text("Assign role: StaffDone · 4 changed")
    assert link(page, "m13").bounding_box() == before

    page.reload()
    expect(jobs.get_by_role("listitem")).to_contain_text("Assign role: StaffDone · 4 changed")
    assert violations(page, "done") == []
    page.get_by_role("button", name="Details: Assign role: Staff").click()
    dialog = page.get_by_role("dialog", name="Assign role: Staff")
    assert holders() == ["m10", "m11", "m12", "m13"]
    dialog.get_by_role("button", name="Undo").click()
    expect(jobs.get_by_role("listitem", include_hidden=True)).to_contain_text("Remove role: StaffDone · 4 changed")
    assert holders() == []
    dialog.get_by_role("button", name="Close").last.click()
    expect(page.get_by_role("button", name="Details: Remove role: Staff")).to_be_focused()
    page.get_by_role("button", name="Dismiss: Remove role: Staff").click()
    expect(jobs).to_have_count(0)
    page.reload()
    expect(link(page, "m02")).to_be_visible()
    expect(jobs).to_have_count(0)


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
    page.goto("/panel/members?tag=beta&banned=false&sort=-username")
    settle(page)
    found += violations(page, "chips")
    for name in ("Filters", "Saved filters") if english else ("Filtres", "Filtres enregistrés"):
        page.get_by_role("button", name=name, exact=True).click()
        expect(page.get_by_role("dialog", name=name, exact=True)).to_be_visible()
        page.wait_for_load_state("networkidle")
        found += violations(page, name)
        page.keyboard.press("Escape")
    page.get_by_role("checkbox").nth(1).check()
    page.get_by_role("button", name="Actions", exact=True).click()
    found += violations(page, "actions")
    page.get_by_role("menuitem", name="Add tag" if english else "Ajouter une étiquette").click()
    page.get_by_label("Tag" if english else "Étiquette", exact=True).fill("vague")
    found += violations(page, "words")
    page.get_by_role("button", name="Preview" if english else "Aperçu").click()
    expect(page.get_by_role("button", name="Apply to" if english else "Appliquer à")).to_be_visible()
    found += violations(page, "preview")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("width", [320, 360])
def test_the_list_is_narrow_enough_for_a_phone(crowd, open_browser, width):
    page = open_browser(crowd, "fr-FR", viewport={"width": width, "height": 640}, has_touch=True)
    Person(page, "fr-FR").sign_in()
    page.goto("/panel/members?tag=beta&banned=false&created_after=2020-01-01T00:00:00.000Z")
    settle(page)
    page.get_by_role("checkbox").first.check()
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width
    assert page.evaluate("(() => { const main = document.querySelector('main'); return main.scrollWidth - main.clientWidth })()") <= 1
