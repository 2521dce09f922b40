"""The panel in a browser while ten thousand are online: from an input to the paint that shows it."""
from __future__ import annotations

import statistics
import time
import typing

from harness.generator import start
from harness.people import Crowd, staff
from harness.report import Target, say, table, targets
from harness.site import Site, owner, stop

if typing.TYPE_CHECKING:
    from playwright.sync_api import Page

rate = 20
rounds = 12
floor = 16  # what is shorter than this the browser does not report, in ms

WATCH = """
window.inputs = new Map();
new PerformanceObserver((list) => {
    for (const { interactionId, duration } of list.getEntries()) {
        if (interactionId) inputs.set(interactionId, Math.max(duration, inputs.get(interactionId) ?? 0));
    }
}).observe({ type: "event", durationThreshold: 16, buffered: true });
"""
# Resolves with the time from the last input to the paint in which `selector` is there, with `text` where some is asked for.
ARM = """([selector, text]) => {
    window.shown = new Promise((resolve, reject) => {
        setTimeout(() => reject(new Error(`${selector} never showed ${text}`)), 20_000);
        let last = 0;
        const types = ["keydown", "pointerdown"];
        const note = (event) => {
            if (last === 0) look();
            last = event.timeStamp;
        };
        const look = () => {
            const found = [...document.querySelectorAll(selector)].some((each) => each.textContent.includes(text));
            if (!found) return requestAnimationFrame(look);
            for (const type of types) removeEventListener(type, note, true);
            requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - last)));
        };
        for (const type of types) addEventListener(type, note, true);
    });
}"""
NEW_INPUTS = """() => {
    const seen = [...inputs.values()], count = performance.interactionCount - (window.counted ?? 0);
    inputs.clear();
    window.counted = performance.interactionCount;
    return [seen, count];
}"""


class Visit:
    """What one page answers to inputs, in milliseconds by the name of what was done: until the next paint, and until what was meant is shown."""

    def __init__(self, page: Page):
        self.page = page
        self.paints: dict[str, list[float]] = {}
        self.shown: dict[str, list[float]] = {}

    def do(self, name: str, act, selector: str, text: str = "") -> None:
        self.page.evaluate(ARM, [selector, text])
        act()
        self.shown.setdefault(name, []).append(self.page.evaluate("() => window.shown"))
        # The browser tells of an input after its paint.
        self.page.wait_for_timeout(120)
        seen, count = self.page.evaluate(NEW_INPUTS)
        self.paints.setdefault(name, []).extend([*seen, *[floor] * (count - len(seen))])

    def tour(self) -> None:
        """Once through what an admin does all day."""
        page, press = self.page, self.page.keyboard.press
        title = "main h1"
        self.do("open the palette", lambda: press("Control+k"), "dialog[open] [role=option]")
        self.do("type into it", lambda: page.keyboard.type("members"), "dialog[open] [role=option][aria-selected=true]", "Members")
        self.do("go to the members", lambda: press("Enter"), "main a[href^='/panel/members/']")
        press("/")
        self.do("search for a member", lambda: page.keyboard.type("bench_004"), "main a[href^='/panel/members/']", "bench_004")
        self.do("open a member", lambda: page.get_by_role("link", name="bench_00400", exact=True).click(), ".sheet h2", "bench_00400")
        self.do("their roles and why", lambda: page.get_by_role("tab", name="Roles").click(), ".sheet [role=tabpanel] code")
        self.do("close them", lambda: press("Escape"), "body:not(:has(.sheet))")
        page.get_by_role("heading", level=1).focus()
        self.do("go to the roles", lambda: (press("g"), press("r")), "main a[href^='/panel/roles/']", "staff")
        self.do("open a role", lambda: page.get_by_role("link", name="staff", exact=True).click(), "main .perm")
        choice = page.get_by_role("group", name="(audit.read)").get_by_role("radio", name="Allow")
        choice.focus()
        self.do("allow a permission", lambda: press("Space"), "main .save-bar")
        self.do("preview it", lambda: page.get_by_role("button", name="Preview").click(), "dialog[open]", "concerned")
        self.do("close the preview", lambda: press("Escape"), "body:not(:has(dialog[open]))")
        self.do("discard it", lambda: page.get_by_role("button", name="Discard").click(), "body:not(:has(.save-bar))")
        page.get_by_role("heading", level=1).focus()
        self.do("go to who is online", lambda: (press("g"), press("b")), "main .person-card")
        press("/")
        self.do("find somebody there", lambda: page.keyboard.type("bench_004"), "main .person-card", "bench_004")
        page.get_by_role("heading", level=1).focus()
        self.do("go to the audit log", lambda: (press("g"), press("a")), title, "Audit")
        page.get_by_role("heading", level=1).focus()
        self.do("go to the dashboard", lambda: (press("g"), press("d")), title, "Dashboard")


def wait_for_all(site: Site, wanted: int) -> int:
    """Until as many are seen online. - Returns: how many are."""
    token = site.token()
    online = 0
    for _ in range(120):
        online = site.call("GET", "/users?status=online&limit=1&count=true", token=token)["total"]
        if online >= wanted:
            break
        time.sleep(1)
    return online


def browse(site: Site) -> Visit:
    # Here alone, so that what needs no browser is measured without one.
    from engines import Engines

    with Engines("/usr/bin/chromium") as engines:
        window = engines.open("chromium", f"http://127.0.0.1:{site.port}", "en-GB", viewport={"width": 1440, "height": 900})
        page = window.page
        page.add_init_script(WATCH)
        page.goto("/")
        page.get_by_label("Username or e-mail").fill(owner["username"])
        page.get_by_label("Password", exact=True).fill(owner["password"])
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("heading", level=1, name="Home").wait_for()
        visit = Visit(page)
        visit.tour()  # the first fetches what later ones have
        page.evaluate(NEW_INPUTS)
        visit = Visit(page)
        for _ in range(rounds):
            visit.tour()
        window.close()
        return visit


def p95(times: list[float]) -> float:
    return sorted(times)[len(times) * 95 // 100]


def interface(options) -> str:
    with Crowd(options, options.sockets) as crowd:
        generator = start(
            "status", crowd.site.port, crowd.site.process.pid, list=crowd.tokens, connections=options.sockets, site_watchers=staff, rate=rate, seconds=170)
        try:
            online = wait_for_all(crowd.site, options.sockets)
            say(f"interface: {online:,} online")
            visit = browse(crowd.site)
        finally:
            stop(generator)
    every = [each for times in visit.paints.values() for each in times]
    shown = [each for times in visit.shown.values() for each in times]
    say(f"interface: {len(every)} inputs, p95 {p95(every):.0f} ms to the paint, {p95(shown):.0f} ms to what was meant")
    rows = [
        [name, str(len(times)), *(f"{value:.0f}" for value in (
            statistics.median(times), p95(times), statistics.median(visit.shown[name]), p95(visit.shown[name])))]
        for name, times in visit.paints.items() if times
    ]
    return "\n".join([
        f"### The panel, {online:,} online",
        "",
        *targets(Target(f"interface, input to paint, {options.sockets:,} online, p95", 250, 100, [p95(every)], "ms", 0)),
        "",
        f"{options.sockets:,} people are online with a socket each, {rate} of them a second change their status, and an owner works in Chromium at 1440 × 900: "
        f"{rounds} times the same round by keyboard and mouse, on the same machine. To the paint: from an input to the next frame that shows it, as the browser "
        f"itself measures it (Event Timing; in steps of 8 ms, what it does not report counts as {floor} ms). To what was meant: from the last input until the page or the answer that was asked "
        "for is on screen, with the request and its answer, and the pause after which typing is taken for finished.",
        "",
        *table(["what is done", "inputs", "to the paint: p50 ms", "p95", "to what was meant: p50 ms", "p95"], rows),
    ])
