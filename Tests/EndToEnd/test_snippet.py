"""The site snippet on pages of another origin, with a real server."""
import http.server
import threading
import time

import pytest

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Shop</title>
<script src="FOYER/snippet.js"></script>
<h1>Shop</h1>
<button onclick="foyer.consent(true)">Agree</button>
<button onclick="foyer.consent(false)">Withdraw</button>
<button onclick="history.pushState(null, '', '/film?page=2')">Film</button>
<button onclick="history.pushState(null, '', location.href)">Same</button>
<button onclick="foyer.track('bought', { price: 12 })">Buy</button>
<button onclick="setTimeout(() => { throw new Error('it broke') })">Break</button>"""
# A browser without a window says so, and is then no visitor.
AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"

# What Chromium sends of a page that it leaves has not the name above.
HIDE = """Object.defineProperty(document, "visibilityState", { value: "hidden" });
document.dispatchEvent(new Event("visibilitychange"))"""


class Shop(http.server.BaseHTTPRequestHandler):
    """A site of somebody else's: the same page at every path."""
    page = ""

    def do_GET(self):
        body = self.page.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def shop(new_site):
    """A site of Foyer's, and the address of a shop whose visits it counts."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    site = new_site(snippet_origins=address, starter_catalogue="false")
    Shop.page = PAGE.replace("FOYER", site.address)
    yield site, address
    server.shutdown()


@pytest.fixture
def visit(engines):
    """Opens a browser on an address; the errors of its page are part of these tests."""
    opened = []

    def open(address: str, engine: str = "chromium", **options):
        if engine == "chromium":
            options = {"user_agent": AGENT} | options
        opened.append(engines.open(engine, address, "en-GB", **options))
        return opened[-1].page

    yield open
    for window in opened:
        window.close()


def figures(site) -> dict:
    return site.call("GET", "/analytics/visits", token=site.owner_token()).expect(200).json


def counted(site, **wanted) -> dict:
    """The figures once they are as they should be."""
    deadline = time.monotonic() + 10
    while True:
        found = figures(site)
        if all(found[name] == value for name, value in wanted.items()):
            return found
        assert time.monotonic() < deadline, f"{wanted} is not in {found}"
        time.sleep(0.2)


def values(items) -> dict:
    return {item["value"]: item["count"] for item in items}


def press(page, name: str) -> None:
    page.get_by_role("button", name=name).click()


@pytest.mark.parametrize("engine", ["chromium", "firefox", "webkit"])
def test_visits_are_counted_after_consent_alone(shop, visit, engine):
    site, address = shop
    page = visit(address, engine)
    page.goto("/?utm_source=letter&id=5")
    press(page, "Film")
    press(page, "Buy")
    time.sleep(2.5)
    assert figures(site)["views"] == 0 and figures(site)["events"] == []

    page.goto("/?utm_source=letter&id=5")
    press(page, "Agree")
    for name in ("Film", "Same", "Buy", "Break"):
        press(page, name)
    if engine != "webkit":
        assert page.evaluate("[document.cookie, localStorage.length, sessionStorage.length].join()") == ",0,0"
    # A page that is hidden, or left, sends what waits. The next page has no consent yet.
    if engine == "chromium":
        page.evaluate(HIDE)
    page.goto("/cart?token=secret")
    found = counted(site, views=2, errors=1)
    assert values(found["paths"]) == {"/": 1, "/film": 1} and values(found["sources"]) == {"letter": 1}
    assert values(found["events"]) == {"bought": 1} and "it broke" in found["messages"][0]["value"]
    assert (found["visits"], found["visitors"]) == (1, 1) and values(found["browsers"]) == {
        {"chromium": "chrome", "webkit": "safari"}.get(engine, engine): 1}
    if engine == "chromium":
        assert found["vitals"]["lcp"]["count"] == 1

    # Consent that is withdrawn ends it at once.
    press(page, "Agree")
    found = counted(site, views=3)
    assert "secret" not in str(found) and found["visits"] == 1
    press(page, "Withdraw")
    press(page, "Film")
    press(page, "Buy")
    time.sleep(2.5)
    assert figures(site)["views"] == 3 and values(figures(site)["events"]) == {"bought": 1}


@pytest.mark.parametrize("signal", ["globalPrivacyControl: true", "doNotTrack: '1'"])
def test_global_privacy_control_and_do_not_track_switch_it_off(shop, visit, signal):
    site, address = shop
    page = visit(address)
    sent = []
    page.on("request", lambda request: "collect" in request.url and sent.append(request.url))
    [name, value] = signal.split(": ")
    page.add_init_script(f"Object.defineProperty(navigator, '{name}', {{ value: {value} }})")
    page.goto("/")
    press(page, "Agree")
    press(page, "Buy")
    page.goto("/cart")
    time.sleep(0.5)
    assert sent == [] and figures(site)["views"] == 0


def test_other_sites_are_refused(new_site, shop, visit):
    _, address = shop
    site = new_site(starter_catalogue="false")
    Shop.page = PAGE.replace("FOYER", site.address)
    page = visit(address)
    page.goto("/")
    press(page, "Agree")
    page.goto("/cart")
    time.sleep(1)
    assert figures(site)["views"] == 0


def test_back_is_a_view_again(shop, visit):
    """Whether the browser kept the page (bfcache) or not: with consent on each page, each return is one view."""
    site, address = shop
    page = visit(address)
    page.goto("/")
    press(page, "Agree")
    press(page, "Film")
    page.go_back()
    counted(site, views=3)
