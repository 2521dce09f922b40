"""The app without a network, its addresses, and what is not lost on the way."""
import re
import urllib.request

from playwright.sync_api import expect

from foyer import OWNER, Answer, Site
from person import Person


def test_the_app_opens_without_its_server_and_goes_on_with_it(site, open_browser):
    page = open_browser(site, service_workers="allow")
    Person(page, "en-GB").sign_in()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    site.kill()
    page.goto("/panel/members")
    expect(page.get_by_role("heading", name="Can’t reach the server")).to_be_visible()
    kept = page.evaluate("""async () => {
        const names = await caches.keys();
        const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
        return requests.flat().map((request) => new URL(request.url).pathname);
    }""")
    assert kept and all(path == "/" or path.startswith("/assets/") for path in kept), kept
    site.start()
    page.get_by_role("button", name="Retry").click()
    expect(page.get_by_role("heading", level=1, name="Members")).to_be_visible()


def fetch(site: Site, path: str) -> Answer:
    with urllib.request.urlopen(site.address + path, timeout=30) as answer:
        return Answer(answer.status, answer.headers, answer.read())


def test_the_files_of_the_platform_are_served_as_what_they_are(site):
    manifest = fetch(site, "/manifest.webmanifest")
    assert manifest.headers["Content-Type"] == "application/manifest+json"
    for icon in manifest.json["icons"]:
        assert fetch(site, icon["src"]).headers["Content-Type"] == icon["type"]
    worker = fetch(site, "/sw.js")
    assert worker.headers["Content-Type"].startswith("text/javascript") and worker.headers["Cache-Control"] == "no-cache"
    policy = fetch(site, "/").headers["Content-Security-Policy"]
    assert "img-src 'self'" in policy and "default-src 'self'" in policy and "http:" not in policy


def test_back_asks_before_a_draft_is_lost(site, open_browser):
    owner = site.owner_token()
    role = site.call("POST", "/roles", {"name": "reader", "priority": 10, "permissions": ["users.read"]}, owner).expect(201).json
    page = open_browser(site)
    person = Person(page, "en-GB").sign_in()
    person.go("roles")
    page.get_by_role("link", name="reader", exact=True).click()
    page.get_by_role("tab", name="Display").click()
    page.get_by_label("Description").fill("Reads")
    page.go_back()
    question = page.get_by_role("dialog", name="Leave without saving?")
    question.get_by_role("button", name="Keep editing").click()
    expect(question).to_have_count(0)
    expect(page).to_have_url(re.compile(rf"/panel/roles/{role['id']}"))
    expect(page.get_by_label("Description")).to_have_value("Reads")
    page.get_by_role("navigation").get_by_role("link", name="Members").first.click()
    question.get_by_role("button", name="Keep editing").click()
    expect(page.get_by_label("Description")).to_have_value("Reads")
    page.go_back()
    question.get_by_role("button", name="Leave without saving").click()
    expect(page.get_by_role("heading", level=1, name="Roles")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/panel/roles$"))
    # With nothing unsaved nobody asks.
    page.go_forward()
    page.go_back()
    expect(page.get_by_role("heading", level=1, name="Roles")).to_be_visible()


def test_the_set_up_link_survives_a_reload_until_it_is_used(new_site, open_browser):
    site = new_site(owner=False)
    page = open_browser(site)
    page.goto((site.data / "setup-url").read_text().strip())
    expect(page).to_have_url(re.compile(r"/setup$"))
    page.reload()
    page.get_by_label("Username", exact=True).fill(OWNER["username"])
    page.get_by_label("E-mail", exact=True).fill(OWNER["email"])
    page.get_by_label("Password", exact=True).fill(OWNER["password"])
    page.get_by_role("button", name="Create account").click()
    Person(page, "en-GB").expect_live()
    assert page.evaluate("sessionStorage.length") == 0


def test_former_addresses_lead_where_the_page_is_now(site, open_browser):
    page = open_browser(site)
    Person(page, "en-GB").sign_in()
    for former, now, title in (("/members?sort=-username", "/panel/members?sort=-username", "Members"), ("/permissions", "/panel/roles/who", None),
                               ("/joining/invitations", "/panel/requests/invitations", None), ("/home", "/", "Home"), ("/roles/", "/panel/roles", "Roles")):
        page.goto(former)
        expect(page).to_have_url(site.address + now)
        if title:
            expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()
