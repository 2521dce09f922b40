"""Every page without a violation that axe can find, in both themes and languages, and without sideways scrolling on a small phone."""
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from person import Person

axe = Axe()
LONG = "Maximilienne-Alexandrine de la Rochefoucauld-Montbel d’Estissac"


@pytest.fixture(scope="module")
def full_site(new_site):
    """A site with people, a long name, roles and statuses."""
    site = new_site()
    owner = site.owner_token()
    role = site.call(
        "POST", "/roles",
        {"name": "modération-du-week-end", "description": "Signalements", "priority": 30, "permissions": ["users.read"], "color": "#c2410c"},
        owner).expect(201).json
    member = site.member(owner, "maximilienne", display_name=LONG, roles=[role["id"]], tags=["beta", "fr"])
    for number in range(12):
        site.member(owner, f"member{number}")
    site.call("POST", "/users/u_maximilienne/status", {"status": "dnd", "status_message": "En réunion jusqu’à seize heures"}, owner).expect(200)
    site.call("POST", "/users/u_member1/ban", {"reason": "Essai", "duration_s": 86400}, owner).expect(200, 201, 204)
    for scopes in ([], ["*"], ["users.read", "roles.read", "audit.read", "presence.read", "moderation.*"]):
        site.call("POST", "/api-keys", {"name": f"clé {LONG}"[:64].strip(), "scopes": scopes}, owner).expect(201)
    site.paths = [
        "/", "/home", "/members", f"/members/{member['id']}", f"/members/{member['id']}/roles", f"/members/{member['id']}/history",
        "/members?new=1", "/roles", "/roles/new", f"/roles/{role['id']}/permissions", f"/roles/{role['id']}/display",
        f"/roles/{role['id']}/history", "/audit", "/joining/requests", "/joining/invitations", "/joining/door",
        "/settings", "/settings/security", "/settings/sessions", "/settings/keys", "/nowhere-at-all",
    ]
    return site


def settle(page):
    expect(page.get_by_role("heading", level=1).first).to_be_visible()
    page.wait_for_load_state("networkidle")


def violations(page, where):
    return [
        f"{where}: {violation['id']}: {violation['help']}: " + "; ".join(node["html"][:160] for node in violation["nodes"][:3])
        for violation in axe.run(page).response["violations"]
    ]


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("locale", ["en-GB", "fr-FR"])
def test_axe_finds_nothing(full_site, open_browser, theme, locale):
    page = open_browser(full_site, locale, color_scheme=theme)
    person = Person(page, locale)
    page.goto("/")
    expect(page.get_by_label(person.words["login"])).to_be_visible()
    found = violations(page, "sign-in")
    page.goto("/setup")
    expect(page.get_by_label(person.words["username"], exact=True)).to_be_visible()
    found += violations(page, "set-up")
    person.sign_in()
    for path in full_site.paths:
        page.goto(path)
        settle(page)
        found += violations(page, path)
    for path, button in (("/settings/security", person.words["set up"]), ("/settings/keys", person.words["create key"])):
        page.goto(path)
        settle(page)
        page.get_by_role("button", name=button).click()
        expect(page.get_by_role("dialog")).to_be_visible()
        page.wait_for_load_state("networkidle")
        found += violations(page, f"{path}: {button}")
    page.goto("/")
    settle(page)
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog")).to_be_visible()
    found += violations(page, "palette")
    page.keyboard.press("Escape")
    assert page.evaluate("document.documentElement.dataset.theme") == theme
    assert page.evaluate("document.documentElement.lang").startswith(locale[:2])
    assert not found, "\n".join(found)


@pytest.mark.parametrize("width", [320, 360])
def test_nothing_scrolls_sideways_on_a_phone(full_site, open_browser, width):
    page = open_browser(full_site, "fr-FR", viewport={"width": width, "height": 640}, has_touch=True)
    Person(page, "fr-FR").sign_in()
    wide = []
    for path in full_site.paths:
        page.goto(path)
        settle(page)
        wide += [f"{path}: {name}" for name in page.evaluate("""() => {
            const out = [];
            if (document.scrollingElement.scrollWidth > innerWidth) out.push(`the page is ${document.scrollingElement.scrollWidth} px`);
            for (const each of document.querySelectorAll("*")) {
                // Rows of filters or tabs may be swiped; whatever is read from top to bottom may not have to be.
                if (each.clientHeight < 120 || !["auto", "scroll"].includes(getComputedStyle(each).overflowX)) continue;
                if (each.scrollWidth > each.clientWidth + 1) out.push(`${each.tagName} is ${each.scrollWidth} px in ${each.clientWidth}`);
            }
            return out;
        }""")]
    assert not wide, "\n".join(wide)
