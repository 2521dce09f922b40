"""What pages cost a browser: requests, bytes, work at rest, movement, and how soon there is something to read on a slow line."""
from __future__ import annotations

import threading
import time
import typing
import urllib.error

from harness.people import create_people
from harness.report import Target, say, table, targets
from harness.site import Site, empty_site, owner

if typing.TYPE_CHECKING:
    from engines import Window

members = 200  # and the owner
rate = 1.4  # changes of a status a second
rest = 15  # seconds
latency, speed = 400, 50 * 1024  # ms, bytes a second
read = [
    "/", "/direct", "/direct?tab=pending", "/notifications", "/channels", "/films", "/films/browse", "/panel", "/panel/members", "/panel/online",
    "/panel/roles", "/panel/roles/who", "/panel/audit", "/panel/requests", "/panel/analytics", "/panel/alerts", "/panel/visits",
    "/panel/reports", "/panel/webhooks", "/panel/catalogue/tmdb", "/panel/members/import", "/settings", "/settings/appearance",
    "/settings/notifications", "/settings/security", "/settings/sessions", "/settings/keys", "/settings/account",
]


class Reader:
    """Opens pages as somebody who is signed in and has none of them in the cache."""

    def __init__(self, engines, site: Site):
        self.engines, self.address = engines, f"http://127.0.0.1:{site.port}"
        window = self.window()
        page = window.page
        page.goto("/")
        page.get_by_label("Username or e-mail").fill(owner["username"])
        page.get_by_label("Password", exact=True).fill(owner["password"])
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("heading", level=1, name="Home").wait_for()
        self.state = {"cookies": page.context.cookies(), "origins": []}
        window.close()

    def window(self, **options) -> Window:
        if hasattr(self, "state"):
            options["storage_state"] = self.state
        return self.engines.open("chromium", self.address, "en-GB", viewport={"width": 1440, "height": 900}, **options)


def settled(page) -> None:
    page.get_by_role("heading", level=1).first.wait_for()
    page.wait_for_function("() => !document.querySelector('.skeletons, .skeleton-figure')")


def open_cold(reader: Reader, path: str):
    from traffic import WATCH, Traffic

    window = reader.window()
    window.page.add_init_script(WATCH)
    return window, Traffic(window.page)


def cold(reader: Reader, path: str) -> tuple[int, float]:
    """Requests and kilobytes until the page is whole."""
    window, traffic = open_cold(reader, path)
    window.page.goto(path)
    settled(window.page)
    traffic.quiet()
    found = traffic.requests, traffic.bytes / 1024
    say(f"pages: {path} cold\n{traffic.listing()}")
    window.close()
    return found


def scrolled(reader: Reader) -> float:
    """Megabytes of the list of members from its beginning to its end, with what the page itself needs."""
    window, traffic = open_cold(reader, "/panel/members")
    page = window.page
    page.goto("/panel/members")
    settled(page)
    traffic.quiet()
    page_itself = traffic.bytes
    traffic.restart()
    page.get_by_role("table", name="Members").hover()
    for _ in range(60):
        page.mouse.wheel(0, 400)
        page.wait_for_timeout(60)
    traffic.quiet()
    found = (page_itself + traffic.bytes_of("api/")) / 1024 / 1024
    say(f"pages: members scrolled\n{traffic.listing()}")
    window.close()
    return found


def at_rest(reader: Reader, site: Site) -> float:
    """Seconds of the main thread while the dashboard is open and nobody touches it."""
    window, traffic = open_cold(reader, "/panel")
    window.page.goto("/panel")
    settled(window.page)
    traffic.quiet()
    window.page.wait_for_timeout(3_000)
    ends = threading.Event()
    token = site.token()

    def change() -> None:
        for turn in range(10_000):
            if ends.wait(1 / rate):
                return
            try:
                site.call("POST", f"/users/u_bench_{turn % 100:05}/status", {"status": ("idle", "dnd")[turn // 100 % 2], "status_message": f"turn {turn}"}, token)
            except urllib.error.HTTPError as error:
                say(f"pages: a status was refused: {error.read()[:200]}")

    changing = threading.Thread(target=change)
    changing.start()
    before = traffic.busy()
    window.page.wait_for_timeout(rest * 1_000)
    found = traffic.busy() - before
    ends.set()
    changing.join()
    window.close()
    return found


def movement(reader: Reader) -> dict[str, float]:
    from traffic import moved

    found = {}
    for path in read:
        window, traffic = open_cold(reader, path)
        window.page.goto(path)
        settled(window.page)
        traffic.quiet(0.5)
        found[path] = moved(window.page)
        window.close()
    return found


def first_words(reader: Reader, path: str) -> float:
    """Seconds from the navigation until there is something to read, on a slow line."""
    window, traffic = open_cold(reader, path)
    traffic.slow_line(latency, speed)
    window.page.goto(path, wait_until="commit")
    found = window.page.evaluate("() => window.firstWords") / 1_000
    window.close()
    return found


def pages(options) -> str:
    # Here alone, so that what needs no browser is measured without one.
    from engines import Engines

    with empty_site(options) as site:
        create_people(site, members)
        with Engines() as engines:
            reader = Reader(engines, site)
            rounds = range(options.rounds)
            dashboards = [cold(reader, "/panel") for _ in rounds]
            lists = [scrolled(reader) for _ in rounds]
            shifts = movement(reader)
            words = [first_words(reader, "/") for _ in rounds]
            rests = [at_rest(reader, site) for _ in rounds]
            others = {path: cold(reader, path) for path in ("/", "/panel/members", "/panel/roles", "/panel/audit", "/settings")}
    worst = max(shifts, key=lambda path: shifts[path])
    say(f"pages: {dashboards[0]}, {lists[0]:.2f} MB, {rests} s, {worst} moves by {shifts[worst]:.4f}, first words after {words} s")
    return "\n".join([
        f"### Pages, {members + 1} members",
        "",
        *targets(
            Target("dashboard without a cache, requests", 12, 12, [float(count) for count, _ in dashboards], "", 0),
            Target("the same, compressed", 150, 150, [size for _, size in dashboards], "KB", 0),
            Target("list of 201 members to its end", 0.35, 0.35, lists, "MB"),
            Target(f"dashboard at rest with {rate} changes a second, main thread in {rest} s", 0.5, 0.5, rests, "s"),
            Target(f"layout shift, the worst of {len(shifts)} pages", 0.01, 0.01, [shifts[worst]], "", 4),
            Target(f"first words on a line of {latency} ms and {speed // 1024} KB/s", 3, 3, words, "s", 1)),
        "",
        f"The owner's browser is Chromium at 1440 × 900 with nothing in its cache, and without the service worker, which fetches the app for later. Requests and bytes are those of the "
        f"browser's network layer with the document, the socket and the head of each answer, until nothing came for a second. What other spaces need, which is fetched once a page is whole, is not counted. At rest, somebody changes their status {rate} times a second. The page that "
        f"moves most is `{worst}`.",
        "",
        *table(["page without a cache", "requests", "KB"], [[f"`{path}`", str(count), f"{size:.0f}"] for path, (count, size) in others.items()]),
    ])
