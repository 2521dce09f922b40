"""Live analytics and alerts in a browser, on a real server."""
import http.server
import json
import random
import re
import threading
import time

import pytest
from playwright.sync_api import expect

from axe import violations
from engines import choose_option
from foyer import free_port
from person import Person
from postbox import Postbox
from tour import settle


@pytest.fixture
def site(new_site):
    return new_site(starter_catalogue="false")


@pytest.fixture
def dashboard(site, open_browser):
    page = open_browser(site)
    Person(page, "en-GB").sign_in()
    page.goto("/panel/analytics?interval=1s")
    settle(page)
    expect(page.get_by_role("heading", level=1, name="Analytics")).to_be_visible()
    return page


def card(page, label):
    return page.locator(".kpi", has_text=label).locator(".kpi-value")


def test_an_act_shows_on_an_open_dashboard_within_two_seconds(site, dashboard):
    page, owner = dashboard, site.owner_token()
    events = page.get_by_role("list", name="Key events")
    expect(events).to_be_visible()
    site.member(owner, "newcomer", display_name="Nina Newcomer")
    expect(events).to_contain_text("Nina Newcomer joined the site", timeout=2_000)
    site.login("newcomer", "passphrase of newcomer")
    expect(events).to_contain_text("Nina Newcomer signed in", timeout=2_000)
    # And the requests that did it are counted.
    expect(page.locator(".endpoints")).to_contain_text("/auth/login", timeout=7_000)
    expect(card(page, "Sign-ups")).to_have_text("1", timeout=7_000)

    # Paused, nothing moves; what happened meanwhile is there afterwards.
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("slider", name="Moment")).to_be_visible()
    site.member(owner, "later", display_name="Later Member")
    time.sleep(2.5)
    expect(events).not_to_contain_text("Later Member")
    page.get_by_role("button", name="Resume").click()
    expect(events).to_contain_text("Later Member joined the site", timeout=2_000)

    # The figures behind a chart are there as text.
    page.get_by_role("button", name="API latency: figures").click()
    expect(page.get_by_role("region", name="API latency: figures").get_by_role("row").nth(1)).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("^Response times: median"))).to_have_count(2)

    # And as a file.
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download CSV").click()
    text = open(download.value.path(), encoding="utf-8").read()
    assert text.startswith("start,requests,errors") and len(text.splitlines()) == 61
    page.get_by_role("button", name="Export").click()
    choose_option(page.get_by_label("Data"), "Key events")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download JSON").click()
    items = json.load(open(download.value.path(), encoding="utf-8"))["items"]
    assert {"user.created", "auth.login"} <= {item["event_type"] for item in items}


class Hook(http.server.BaseHTTPRequestHandler):
    taken: list = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        Hook.taken.append((dict(self.headers), json.loads(body)))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


def test_an_alert_is_made_fires_and_is_resolved(new_site, open_browser):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Hook.taken.clear()
    with Postbox() as box:
        port = free_port()
        site = new_site(port=port, public_url=f"http://127.0.0.1:{port}", outbound_allow="127.0.0.1", starter_catalogue="false", **box.settings)
        page = open_browser(site)
        Person(page, "en-GB").sign_in()
        page.goto("/panel/alerts")
        settle(page)
        expect(page.get_by_text("No alerts")).to_be_visible()
        page.get_by_role("link", name="Create alert").first.click()
        page.get_by_label("Name").fill("Busy")
        condition = page.get_by_label("Condition")
        condition.fill("requests[5s] > 3 pour 1m")
        expect(page.get_by_text("Character 18: This does not belong here.")).to_be_visible()
        condition.fill("requests > 1ms")
        expect(page.get_by_text(re.compile("Character 12: A number without a unit"))).to_be_visible()
        condition.fill("errors_4xx[10s] > 5 pendant 5s")
        expect(page.get_by_text(re.compile("^Character"))).to_have_count(0)
        # What it would have done in the last week, of which this site has a minute at most.
        expect(page.get_by_role("combobox", name="Period of the preview")).to_have_text("Last 7 days")
        expect(page.get_by_text(re.compile("no figures for this period|It would never have fired"))).to_be_visible()
        page.get_by_label("By e-mail: the same people").check()
        page.get_by_label("By webhook").check()
        page.get_by_label("Webhook address").fill(f"http://127.0.0.1:{server.server_port}/hook")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("dialog", name="Webhook secret")).to_be_visible()
        page.get_by_role("button", name="Done").click()
        row = page.get_by_role("listitem").filter(has_text="Busy")
        expect(row.get_by_role("img", name="OK")).to_be_visible()
        end = time.monotonic() + 40
        while not row.get_by_role("img", name="Firing").count():
            assert time.monotonic() < end, "it does not fire"
            for _ in range(4):
                site.call("GET", "/users/u_nobody", token="none")
            time.sleep(0.4)
        assert box.wait("owner@foyer.example")["Subject"] == "Alert: Busy"
        deadline = time.monotonic() + 15
        while not Hook.taken and time.monotonic() < deadline:
            time.sleep(0.2)
        headers, body = Hook.taken[0]
        assert body["type"] == "analytics.alert" and body["data"]["name"] == "Busy" and body["data"]["kind"] == "firing"
        assert {name.lower() for name in headers} >= {"webhook-id", "webhook-timestamp", "webhook-signature"}
        expect(page.get_by_role("button", name=re.compile("^Notifications: 1 unread"))).to_be_visible()
        # Nothing more goes wrong: it is over by itself.
        expect(row.get_by_role("img", name="Resolved")).to_be_visible(timeout=75_000)
        deadline = time.monotonic() + 15
        while len(Hook.taken) < 2 and time.monotonic() < deadline:
            time.sleep(0.2)
        assert [body["data"]["kind"] for _, body in Hook.taken] == ["firing", "resolved"]
    server.shutdown()


def keep_killing(site, until, seed: int, busy=lambda: None) -> None:
    """`kill -9` at random moments, until something is so; `busy` is what happens on the site meanwhile."""
    chance, end = random.Random(seed), time.monotonic() + 90
    while not until():
        assert time.monotonic() < end, "it does not come to that"
        moment = time.monotonic() + chance.uniform(0.2, 6)
        while time.monotonic() < moment:
            busy()
            time.sleep(0.05)
        site.kill()
        site.start()


def test_kills_neither_lose_nor_double_a_notice(new_site):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Hook.taken.clear()
    with Postbox() as box:
        port = free_port()
        site = new_site(port=port, public_url=f"http://127.0.0.1:{port}", outbound_allow="127.0.0.1", starter_catalogue="false", **box.settings)
        seed = random.randrange(1 << 30)
        print("seed", seed)
        token = site.owner_token()
        site.call("POST", "/alerts", {
            "name": "Busy", "expression": "errors_4xx[10s] > 5 for 5s", "resolve_after_s": 5, "channels": ["in_app", "email", "webhook"],
            "webhook_url": f"http://127.0.0.1:{server.server_port}/hook"}, token).expect(201)

        def state() -> str:
            return site.call("GET", "/alerts", token=site.owner_token()).expect(200).json["items"][0]["state"]

        for round in range(2):
            keep_killing(site, lambda: state() == "firing", seed + round, lambda: site.call("GET", "/users/u_nobody", token="none"))
            keep_killing(site, lambda: state() == "resolved", seed + 10 + round)
        token = site.owner_token()
        history = site.call("GET", "/alerts/history", token=token).expect(200).json["items"]
        assert [each["state"] for each in history] == ["resolved", "firing"] * 2
        # Deliveries that a kill interrupted are tried again, under the same id.
        end = time.monotonic() + 60
        while time.monotonic() < end and (len({headers["webhook-id"] for headers, _ in Hook.taken}) < 4 or len(box.mails) < 3):
            time.sleep(0.2)
        time.sleep(3)
        kinds = {headers["webhook-id"]: body["data"]["kind"] for headers, body in Hook.taken}
        assert sorted(kinds.values()) == ["firing", "firing", "resolved", "resolved"]
        assert sorted({mail["Message-ID"]: mail["Subject"] for mail in box.mails}.values()) == [
            "Alert: Busy", "Alert: Busy changes again and again", "Resolved: Busy"]
        told = site.call("GET", "/notifications", token=token).expect(200).json["items"]
        assert sorted((each["kind"], each["count"]) for each in told if each["kind"].startswith("alert.")) == [
            ("alert.firing", 2), ("alert.resolved", 2)]
    server.shutdown()


@pytest.mark.parametrize("path", ["/panel/analytics", "/panel/visits", "/panel/alerts", "/panel/alerts/new"])
def test_the_pages_hold_in_both_themes_on_every_width(site, open_browser, path):
    owner = site.owner_token()
    site.call("POST", "/alerts", {"name": "Errors", "expression": "error_rate > 1% for 1m"}, owner).expect(200, 201)
    page = open_browser(site)
    Person(page, "en-GB").sign_in()
    for theme in ("light", "dark"):
        for width in (360, 768, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            page.evaluate("theme => localStorage.setItem('theme', JSON.stringify(theme))", theme)
            page.emulate_media(color_scheme=theme)
            page.goto(path)
            settle(page)
            page.wait_for_timeout(600)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path} at {width}"
            assert violations(page, f"{path} at {width}, {theme}") == []
