"""What owners and members stumbled over while they used the app, each kind once, by role and label."""
import re

import pytest

from engines import choose_option, expect
from foyer import OWNER
from person import Person

RULES = "Be kind to each other.\n" * 20


def signed_in(site, open_browser, username=OWNER["username"], password=OWNER["password"], **options):
    page = open_browser(site, **options)
    Person(page, "en-GB").sign_in(username, password)
    return page


def go(page, place):
    navigation = page.get_by_role("navigation")
    navigation.get_by_role("link", name=Person(page, "en-GB").words["panel"]).first.click()
    navigation.get_by_role("link", name=place, exact=True).first.click()
    expect(page.get_by_role("heading", level=1, name=place, exact=True)).to_be_visible()


def test_a_member_sees_themselves_online_once_connected(site, open_browser):
    site.member(site.owner_token(), "alice")
    page = signed_in(site, open_browser, "alice", "passphrase of alice")
    expect(page.get_by_role("button", name="alice, your status: Online")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="alice, your status: Online")).to_be_visible()


def test_home_counts_everybody_who_is_online_not_those_who_are_read(site, open_browser):
    owner = site.owner_token()
    site.call("POST", "/roles", {"name": "watchers", "priority": 5, "permissions": ["users.read"]}, owner).expect(201)
    for number in range(52):
        site.member(owner, f"m{number:02}")
    site.member(owner, "zoe", roles=["role_watchers"])
    site.member(owner, "zz_last")
    with site.gateway(site.login("zz_last", "passphrase of zz_last")):
        page = signed_in(site, open_browser, "zoe", "passphrase of zoe")
        expect(page.get_by_role("heading", level=1, name="Home")).to_be_visible()
        online = page.get_by_role("region", name=re.compile("^Online"))
        expect(online.get_by_role("heading")).to_have_text("Online 2")
        expect(online.get_by_role("link", name="zz_last", exact=True)).to_be_visible()
        expect(page.get_by_role("region", name=re.compile("^Offline")).get_by_role("heading")).to_have_text("Offline 53")


def test_the_cards_count_at_the_server(site, open_browser):
    owner = site.owner_token()
    role = site.call("POST", "/roles", {"name": "guides", "priority": 5, "permissions": []}, owner).expect(201).json
    site.member(owner, "alice")
    for _ in range(45):
        site.call("POST", "/users/u_alice/roles", {"role_id": role["id"]}, owner).expect(200, 201)
        site.call("DELETE", f"/users/u_alice/roles/{role['id']}", None, owner).expect(200)
    total = site.call("GET", "/audit?action=role.*&result=success&count=true", token=owner).json["total"]
    assert total > 90
    page = signed_in(site, open_browser)
    go(page, "Dashboard")
    card = page.locator(".figure").filter(has=page.get_by_role("link", name="Role changes", exact=True))
    expect(card).to_contain_text(str(total))


def test_the_feed_names_everybody_without_asking_for_each(site, open_browser):
    owner = site.owner_token()
    site.member(owner, "alice", display_name="Alice A.")
    page = signed_in(site, open_browser)
    asked = []
    page.on("request", lambda request: asked.append(request.url) if re.search(r"/users/[0-9a-f-]{36}$", request.url) else None)
    go(page, "Dashboard")
    feed = page.get_by_role("region", name="Activity")
    expect(feed.get_by_text("added Alice A.")).to_be_visible()
    site.member(owner, "bob", display_name="Bob B.")
    expect(feed.get_by_text("owner added Bob B.")).to_be_visible()
    expect(feed).not_to_contain_text("#")
    assert page.get_by_role("log").count() == 0
    assert asked == []


@pytest.mark.parametrize("way", ["another member", "back"])
def test_a_members_form_is_not_left_without_a_question(site, open_browser, way):
    owner = site.owner_token()
    for name in ("alice", "bob"):
        site.member(owner, name)
    page = signed_in(site, open_browser)
    Person(page, "en-GB").open_member("alice")
    page.get_by_label("Display name").fill("Alice in draft")
    if way == "back":
        page.go_back()
    else:
        page.get_by_role("table").get_by_role("link", name="bob", exact=True).click()
    question = page.get_by_role("dialog", name="Leave without saving?")
    question.get_by_role("button", name="Keep editing").click()
    expect(page.get_by_label("Display name")).to_have_value("Alice in draft")
    page.get_by_role("table").get_by_role("link", name="bob", exact=True).click()
    question.get_by_role("button", name="Leave without saving").click()
    expect(page.get_by_role("complementary", name="bob")).to_be_visible()
    expect(page).to_have_title(re.compile("^bob"))


def test_rules_are_not_lost_on_another_tab(site, open_browser):
    page = signed_in(site, open_browser)
    go(page, "Registration")
    page.get_by_role("tab", name="Settings").click()
    page.get_by_label("English").fill(RULES)
    page.get_by_role("tab", name="Invitations").click()
    page.get_by_role("dialog", name="Leave without saving?").get_by_role("button", name="Keep editing").click()
    expect(page.get_by_label("English")).to_have_value(RULES)


def test_a_role_that_is_deleted_meanwhile_keeps_its_draft(site, open_browser):
    owner = site.owner_token()
    role = site.call("POST", "/roles", {"name": "guides", "priority": 5, "permissions": []}, owner).expect(201).json
    page = signed_in(site, open_browser)
    go(page, "Roles")
    page.get_by_role("link", name="guides", exact=True).click()
    page.get_by_role("tab", name="Display and rank").click()
    page.get_by_label("Description").fill("Show newcomers around")
    site.call("DELETE", f"/roles/{role['id']}", None, owner).expect(200, 204)
    notice = page.get_by_role("alert").filter(has_text="This role was deleted")
    expect(notice).to_be_visible()
    expect(page.get_by_label("Description")).to_have_value("Show newcomers around")
    notice.get_by_role("button", name="Restore").click()
    expect(notice).to_have_count(0)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Role “guides” saved").first).to_be_visible()


def test_an_invitation_says_that_registration_is_closed_and_opens_it(site, open_browser):
    page = signed_in(site, open_browser)
    go(page, "Registration")
    page.get_by_role("tab", name="Invitations").click()
    closed = page.get_by_role("note").filter(has_text="Registration is closed")
    expect(closed).to_be_visible()
    page.get_by_role("button", name="Create invitation").click()
    page.get_by_role("dialog").get_by_role("button", name="Create link").click()
    expect(page.get_by_role("dialog").get_by_role("note")).to_contain_text("Registration is closed")
    page.get_by_role("button", name="I’ve copied it").click()
    row = page.get_by_role("list", name="Invitations").get_by_role("listitem")
    expect(row).to_contain_text("Registration closed")
    closed.get_by_role("button", name="Open registration by invitation").click()
    expect(closed).to_have_count(0)
    expect(row).to_contain_text("Active")
    assert site.call("GET", "/auth/registration").json["mode"] == "invitation"


def test_set_up_is_found_survives_a_reload_and_ends(new_site, open_browser):
    site = new_site(owner=False)
    token = (site.data / "setup-url").read_text().strip().split("#token=")[1]
    page = open_browser(site)
    page.goto("/")
    expect(page.get_by_role("heading", level=1, name="Welcome to Foyer")).to_be_visible()
    page.goto(f"/setup#token={token}")
    expect(page.get_by_label("Username")).to_be_visible()
    expect(page).not_to_have_url(re.compile("token"))
    page.reload()
    expect(page.get_by_label("Username")).to_be_visible()
    expect(page.get_by_label("Set-up link")).to_have_count(0)
    page.get_by_label("Username").fill("anna")
    page.get_by_label("E-mail").fill("anna@foyer.example")
    page.get_by_label("Password", exact=True).fill("a long enough passphrase")
    page.get_by_role("button", name="Create account").click()
    go(page, "Dashboard")
    expect(page.get_by_role("list").filter(has_text="Choose who can register")).to_be_visible()

    other = open_browser(site)
    other.goto("/setup")
    expect(other.get_by_role("heading", level=1, name="This site is already set up")).to_be_visible()
    other.get_by_role("link", name="Sign in").click()
    expect(other.get_by_role("heading", level=1, name="Sign in")).to_be_visible()


def test_taking_the_role_that_everybody_has_says_what_goes_with_it(site, open_browser):
    site.member(site.owner_token(), "alice")
    page = signed_in(site, open_browser)
    person = Person(page, "en-GB")
    person.open_member("alice", "roles")
    page.get_by_role("button", name="Remove the role Member").click()
    dialog = page.get_by_role("dialog", name="Remove “Member” from alice?")
    expect(dialog.get_by_role("status", name="What would change")).to_contain_text("Loses")
    dialog.get_by_role("button", name="Cancel").click()
    person.expect_role("Member")
    page.get_by_role("button", name="Remove the role Member").click()
    dialog.get_by_role("button", name="Remove role").click()
    expect(page.get_by_role("list", name="Roles").get_by_text("Member", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    person.expect_role("Member")


def test_a_plain_member_changes_name_words_and_language(site, open_browser):
    owner = site.owner_token()
    site.member(owner, "alice")
    page = signed_in(site, open_browser, "alice", "passphrase of alice")
    page.goto("/settings")
    page.get_by_label("Display name").fill("Alice of the hill")
    page.get_by_label(re.compile("^About you")).fill("Climbs.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Profile saved")).to_be_visible()
    page.get_by_role("radio", name="Français").focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("heading", level=1, name="Réglages")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Alice of the hill, votre statut"))).to_be_visible()
    told = site.call("GET", "/users/u_alice", token=owner).json
    assert (told["display_name"], told["bio"], told["locale"]) == ("Alice of the hill", "Climbs.", "fr")


def test_the_log_has_views_bursts_and_words(site, open_browser):
    owner = site.owner_token()
    site.member(owner, "alice")
    for number in range(4):
        site.call("PATCH", "/users/u_alice", {"display_name": f"Alice {number}"}, owner).expect(200)
    site.call("POST", "/users/me/status", {"status": "dnd"}, owner).expect(200)
    page = signed_in(site, open_browser)
    go(page, "Audit log")
    main = page.get_by_role("main")
    expect(main.get_by_text("added Alice 3")).to_be_visible()
    expect(main.get_by_text("Do not disturb")).to_have_count(0)
    changes = main.get_by_role("link", name=re.compile("owner changed Alice 3.*profile"))
    expect(changes).to_have_count(1)
    main.get_by_role("button", name="3 similar entries").click()
    expect(changes).to_have_count(4)
    changes.first.click()
    sheet = page.get_by_role("complementary", name="Audit log entry")
    expect(sheet).to_contain_text("Display name")
    expect(sheet).not_to_contain_text("display_name")
    expect(page).to_have_title(re.compile("^Audit log entry"))
    for view, seen, unseen in (("Everything", "Do not disturb", None), ("Sign-ins", "signed in", "added Alice 3")):
        page.get_by_role("radio", name=view).focus()
        page.keyboard.press("Space")
        expect(main.get_by_text(seen).first).to_be_visible()
        if unseen:
            expect(main.get_by_text(unseen)).to_have_count(0)
    small = page.evaluate("""() => [...document.querySelectorAll("main a, main button, main input")]
        .map((each) => [each.textContent || each.ariaLabel, each.getBoundingClientRect()])
        .filter(([, box]) => box.width > 1 && (box.height < 24 || box.width < 24)).map(([text, box]) => `${text} ${box.height}`)""")
    assert small == []


def test_an_error_goes_with_its_cause(site, open_browser):
    site.member(site.owner_token(), "alice")
    page = signed_in(site, open_browser)
    Person(page, "en-GB").open_member("alice")
    page.get_by_label("E-mail", exact=True).fill("owner@foyer.example")
    page.get_by_role("button", name="Save", exact=True).click()
    field = page.get_by_label("E-mail", exact=True)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()
    field.fill("alice@elsewhere.example")
    expect(field).not_to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("complementary").get_by_role("alert")).to_have_count(0)


def test_members_are_sorted_by_their_headers_and_columns_are_chosen(site, open_browser):
    owner = site.owner_token()
    for name in ("alice", "bob"):
        site.member(owner, name, roles=["role_member", "role_mod"] if name == "bob" else [])
    page = signed_in(site, open_browser)
    go(page, "Members")
    table = page.get_by_role("table", name="Members")
    names = table.get_by_role("row").get_by_role("link")
    expect(names).to_have_text(["alice", "bob", "owner"])
    table.get_by_role("button", name="Member", exact=True).click()
    expect(names).to_have_text(["owner", "bob", "alice"])
    expect(table.get_by_role("columnheader", name="Member", exact=True)).to_have_attribute("aria-sort", "descending")
    bob = table.get_by_role("row").filter(has=page.get_by_role("link", name="bob", exact=True))
    expect(bob).to_contain_text(re.compile("and \\d+ more"))
    expect(bob).not_to_contain_text("users.read")
    page.get_by_role("button", name="Columns").click()
    page.get_by_role("checkbox", name="Joined").check()
    page.keyboard.press("Escape")
    expect(table.get_by_role("columnheader", name="Joined")).to_be_visible()
    page.reload()
    expect(table.get_by_role("columnheader", name="Joined")).to_be_visible()


def test_on_a_phone_all_filters_are_one_sheet(site, open_browser):
    owner = site.owner_token()
    for name in ("alice", "bob"):
        site.member(owner, name, roles=["role_member", "role_mod"] if name == "bob" else [])
    page = signed_in(site, open_browser, viewport={"width": 360, "height": 740})
    go(page, "Members")
    page.get_by_role("button", name="Filters", exact=True).click()
    sheet = page.get_by_role("dialog", name="Filters", exact=True)
    choose_option(sheet.get_by_label("Role", exact=True), "Moderator")
    page.keyboard.press("Escape")
    expect(page.get_by_role("table").get_by_role("link")).to_have_text(["bob"])
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_generated_password_is_shown_and_can_be_copied(site, open_browser):
    page = signed_in(site, open_browser)
    go(page, "Members")
    page.get_by_role("button", name="Add member").click()
    dialog = page.get_by_role("dialog", name="Add member")
    dialog.get_by_label("Username").fill("carol")
    dialog.get_by_label("E-mail").fill("carol@foyer.example")
    dialog.get_by_role("button", name="Generate").click()
    shown = dialog.get_by_role("group", name="Password").get_by_role("code").inner_text()
    dialog.get_by_role("button", name="Add member").click()
    made = page.get_by_role("dialog", name="carol is now a member")
    assert made.get_by_role("group", name="Password").get_by_role("code").inner_text() == shown
    made.get_by_role("button", name="I’ve saved it").click()
    expect(page.get_by_role("complementary", name="carol")).to_be_visible()
    assert site.call("POST", "/auth/login", {"username": "carol", "password": shown}).status == 200


def test_the_second_factor_is_set_up_with_a_code_for_the_camera(site, open_browser):
    page = signed_in(site, open_browser)
    page.goto("/settings/security")
    page.get_by_role("button", name="Set up").click()
    dialog = page.get_by_role("dialog", name="Two-factor authentication")
    dialog.get_by_label("Current password", exact=True).fill(OWNER["password"])
    dialog.get_by_role("button", name="Continue").click()
    expect(dialog.get_by_role("img", name="QR code for your authenticator app")).to_be_visible()


def test_the_sign_in_page_bears_the_sites_name(site, open_browser):
    site.call("PATCH", "/settings", {"site_name": "La maison"}, site.owner_token()).expect(200)
    page = open_browser(site)
    page.goto("/")
    expect(page.get_by_role("heading", level=1, name="Sign in")).to_be_visible()
    expect(page.get_by_text("Continue to La maison.")).to_be_visible()


def test_the_palette_knows_other_words_and_acts_on_people(site, open_browser):
    owner = site.owner_token()
    site.member(owner, "adam", display_name="Adam")
    page = signed_in(site, open_browser)
    for typed, found in (("new user", "Add member"), ("log out", "Sign out"), ("dnd", "Do not disturb"), ("memebrs", "Members")):
        page.keyboard.press("Control+k")
        page.get_by_role("combobox", name="Search").fill(typed)
        expect(page.get_by_role("option").first).to_contain_text(found)
        page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Search").fill("ban adam")
    page.get_by_role("option", name=re.compile("^Ban Adam")).click()
    expect(page.get_by_role("dialog", name="Ban Adam")).to_be_visible()


def test_the_language_of_the_account_comes_to_a_new_device(site, open_browser):
    owner = site.owner_token()
    for name in ("alice", "bob"):
        site.member(owner, name)
    site.call("PATCH", "/users/u_bob", {"locale": "fr"}, owner).expect(200)
    page = signed_in(site, open_browser, "alice", "passphrase of alice")
    page.goto("/settings")
    page.get_by_role("radio", name="Français").focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("heading", level=1, name="Réglages")).to_be_visible()
    other = signed_in_french(site, open_browser, "alice")
    expect(other.get_by_role("heading", level=1, name="Accueil")).to_be_visible()
    # A change there comes here, and the other way round.
    other.goto("/settings")
    other.get_by_role("radio", name="English").focus()
    other.keyboard.press("Space")
    expect(other.get_by_role("heading", level=1, name="Settings")).to_be_visible()
    expect(page.get_by_role("heading", level=1, name="Settings")).to_be_visible()
    # What the team gave an account is a default: the browser's language goes before it.
    bob = signed_in(site, open_browser, "bob", "passphrase of bob")
    expect(bob.get_by_role("heading", level=1, name="Home")).to_be_visible()


def signed_in_french(site, open_browser, name):
    """On a device in English whose person reads French: the words change as they come in."""
    page = open_browser(site)
    page.goto("/")
    page.get_by_label("Username or e-mail").fill(name)
    page.get_by_label("Password", exact=True).fill(f"passphrase of {name}")
    page.get_by_role("button", name="Sign in").click()
    return page


def test_compact_shows_more_and_stays(site, open_browser):
    page = signed_in(site, open_browser)
    page.goto("/settings/appearance")
    height = lambda: page.get_by_role("radio", name="Compact").evaluate(
        "() => parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--control'))")
    before = height()
    page.get_by_role("radio", name="Compact").focus()
    page.keyboard.press("Space")
    assert height() < before
    page.reload()
    expect(page.get_by_role("radio", name="Compact")).to_be_checked()
    assert height() < before
