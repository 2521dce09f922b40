"""Webhooks: a receiver with an independent verifier, the server killed, and the panel."""
import datetime
import http.server
import json
import threading
import time

import pytest
from playwright.sync_api import expect
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from foyer import OWNER, free_port


class Receiver:
    """A receiver on this machine: keeps what arrives and answers with `status`."""

    def __init__(self):
        self.received, self.status, self.port = [], 204, free_port()
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.received.append(({name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(receiver.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/hook"

    def wait(self, count, seconds=20):
        end = time.monotonic() + seconds
        while len(self.received) < count and time.monotonic() < end:
            time.sleep(0.05)
        return self.received


@pytest.fixture
def receiver():
    with Receiver() as receiver:
        yield receiver


def test_an_independent_verifier_accepts_what_arrives_and_nothing_else(new_site, database, receiver):
    site = new_site(database, outbound_allow="127.0.0.1")
    owner = site.owner_token()
    made = site.call("POST", "/webhooks", {"url": receiver.url, "events": ["user.created", "role.updated"]}, owner).expect(201).json
    site.member(owner, "alice")
    (headers, body), = receiver.wait(1)
    verifier = Webhook(made["secret"])
    event = verifier.verify(body, headers)
    assert event["type"] == "user.created" and "username" not in event["data"]
    with pytest.raises(WebhookVerificationError):
        verifier.verify(body.replace(b"user.created", b"user.deleted"), headers)
    late = str(int(datetime.datetime.now(datetime.timezone.utc).timestamp()) - 3600)
    with pytest.raises(WebhookVerificationError):
        verifier.verify(body, {**headers, "webhook-timestamp": late})
    with pytest.raises(WebhookVerificationError):
        Webhook("whsec_" + "A" * 43 + "=").verify(body, headers)


def test_a_private_address_is_refused(site):
    for url in ["http://127.0.0.1:1/", "http://localhost:1/", "http://2130706433/", "http://[::1]/", "http://169.254.169.254/"]:
        answer = site.call("POST", "/webhooks", {"url": url, "events": ["user.created"]}, site.owner_token()).expect(422)
        assert answer.json["errors"][0]["code"] == "private_address"


def test_kill_9_loses_no_event(new_site, database, receiver):
    site = new_site(database, outbound_allow="127.0.0.1")
    owner = site.owner_token()
    site.call("POST", "/webhooks", {"url": receiver.url, "events": ["user.created"]}, owner).expect(201)
    names = [f"member{number}" for number in range(12)]
    for number, name in enumerate(names):
        site.call("POST", "/users", {"username": name, "email": f"{name}@site.example"}, owner).expect(201)
        if number % 4 == 3:
            site.kill()
            site.start()
            owner = site.owner_token()
    ids = {site.call("GET", f"/users/u_{name}", token=owner).expect(200).json["id"] for name in names}

    def arrived():
        return {json.loads(body)["data"]["user_id"] for _, body in receiver.received}

    end = time.monotonic() + 120
    while arrived() != ids and time.monotonic() < end:
        time.sleep(0.1)
    assert arrived() == ids
    # What came twice bears the same id.
    by_user = {}
    for headers, body in receiver.received:
        by_user.setdefault(json.loads(body)["data"]["user_id"], set()).add(headers["webhook-id"])
    assert all(len(seen) == 1 for seen in by_user.values())


def test_the_panel_creates_tests_pauses_and_replays(new_site, open_browser, receiver):
    site = new_site("sqlite", outbound_allow="127.0.0.1")
    page = open_browser(site)
    page.goto("/panel/webhooks")
    page.get_by_label("Username").fill(OWNER["username"])
    page.get_by_label("Password", exact=True).fill(OWNER["password"])
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="No webhooks yet")).to_be_visible()
    page.get_by_role("button", name="Create webhook").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Address").fill("http://10.0.0.1/")
    dialog.get_by_label("A role is changed").check()
    dialog.get_by_role("button", name="Create webhook").click()
    expect(dialog.get_by_text("private network").first).to_be_visible()
    dialog.get_by_label("Address").fill(receiver.url)
    dialog.get_by_role("button", name="Create webhook").click()
    expect(page.get_by_text("won’t be shown again")).to_be_visible()
    page.get_by_role("button", name="I have copied it").click()

    expect(page.get_by_role("heading", name="No deliveries")).to_be_visible()
    page.get_by_role("button", name="Send test event").click()
    row = page.get_by_role("listitem").filter(has_text="webhook.test")
    expect(row).to_contain_text("Delivered · 204", timeout=15_000)
    row.get_by_role("button", name="webhook.test").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("requested_by")
    dialog.get_by_role("button", name="Send again").click()
    expect(row).to_contain_text("2 attempts", timeout=15_000)
    assert len({headers["webhook-id"] for headers, _ in receiver.wait(2)}) == 1

    page.get_by_role("button", name="Actions for").click()
    page.get_by_role("menuitem", name="Pause").click()
    expect(page.get_by_text("New events are kept for 7 days")).to_be_visible()
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_text("New events are kept for 7 days")).to_have_count(0)
    page.get_by_role("button", name="Actions for").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="No webhooks yet")).to_be_visible()
