"""Calls between browsers with a microphone that beeps: what is heard is measured, not assumed."""
import re
import time

import pytest
from playwright.sync_api import expect

from axe import violations
from person import Person
from test_chat import write_to

# Keeps the connections that the app makes, so that what they receive can be measured.
WATCH = """
const Native = window.RTCPeerConnection;
window.connections = [];
window.RTCPeerConnection = class extends Native {
  constructor(...given) { super(...given); window.connections.push(this); }
};
"""

# The energy of all sound received, and the frames of video.
HEARD = """async () => {
  let [energy, frames] = [0, 0];
  for (const connection of window.connections) {
    if (connection.connectionState === "closed") continue;
    (await connection.getStats()).forEach((report) => {
      if (report.type !== "inbound-rtp") return;
      energy += report.kind === "audio" ? report.totalAudioEnergy ?? 0 : 0;
      frames += report.framesDecoded ?? 0;
    });
  }
  return { energy, frames };
}"""


@pytest.fixture
def settings():
    """Of the site of a test: `@pytest.mark.parametrize("settings", …)`."""
    return {}


@pytest.fixture
def pair(new_site, open_browser, settings):
    """Alice and Bob as friends, each in a browser of their own."""
    site = new_site(**settings)
    owner, tokens, pages = site.owner_token(), {}, []
    for name in ("alice", "bob"):
        site.member(owner, name)
        tokens[name] = site.login(name, f"passphrase of {name}")
    site.call("POST", "/friend-requests", {"to": "u_bob"}, tokens["alice"]).expect(201)
    site.call("POST", "/friend-requests", {"to": "u_alice"}, tokens["bob"]).expect(200)
    for name in ("alice", "bob"):
        pages.append(arrive(site, open_browser, name))
    return site, tokens, *pages


def arrive(site, open_browser, name, **options):
    page = open_browser(site, engine="chromium_with_media", **options)
    page.add_init_script(WATCH)
    Person(page, options.get("locale", "en-GB")).sign_in(name, f"passphrase of {name}")
    return page


def ring(page, name):
    write_to(page, name)
    page.get_by_role("button", name=f"Call {name}").click()
    expect(bar(page, name)).to_contain_text("Ringing…")


def incoming(page, name):
    return page.get_by_role("alertdialog", name=f"{name} is calling you")


def bar(page, name):
    return page.get_by_role("region", name=f"Call with {name}")


def line(page, text):
    """In the conversation, not in the list beside it."""
    return page.get_by_role("article").filter(has_text=text)


def answer(page, name):
    incoming(page, name).get_by_role("button", name="Accept").click()


def talk(alice, bob):
    ring(alice, "bob")
    answer(bob, "alice")
    for page, other in ((alice, "bob"), (bob, "alice")):
        expect(bar(page, other)).to_contain_text("Good connection", timeout=20_000)


def heard(page):
    return page.evaluate(HEARD)


def expect_sound(page, seconds=15.0):
    before, deadline = heard(page)["energy"], time.monotonic() + seconds
    while time.monotonic() < deadline:
        if heard(page)["energy"] > before + 0.0001:
            return
        time.sleep(0.3)
    raise AssertionError(f"nothing was heard: {heard(page)}")


def test_two_people_hear_and_see_each_other(pair):
    site, tokens, alice, bob = pair
    talk(alice, bob)
    expect_sound(alice)
    expect_sound(bob)
    # The call goes on while one looks at another page.
    bob.get_by_role("navigation").get_by_role("link", name=re.compile("^Friends")).first.click()
    expect(bar(bob, "alice")).to_be_visible()
    assert violations(bob, "friends in a call") == []
    bar(bob, "alice").get_by_role("button", name="Mute").click()
    expect(bar(alice, "bob")).to_contain_text("Their microphone is off")
    time.sleep(1)
    before = heard(alice)["energy"]
    time.sleep(2)
    assert heard(alice)["energy"] - before < 0.0001
    bar(bob, "alice").get_by_role("button", name="Unmute").click()
    expect_sound(alice)
    bar(alice, "bob").get_by_role("button", name="Turn camera on").click()
    expect(bob.get_by_label("Video of alice")).to_be_visible()
    deadline = time.monotonic() + 15
    while heard(bob)["frames"] < 5:
        assert time.monotonic() < deadline, heard(bob)
        time.sleep(0.3)
    bar(bob, "alice").get_by_role("button", name="Leave call").click()
    expect(bar(alice, "bob")).to_have_count(0)
    expect(line(alice, "alice called: 0:")).to_be_visible()
    sessions = site.call("GET", "/voice/sessions", token=tokens["bob"]).json["items"]
    assert len(sessions) == 1 and sessions[0]["left_at"] and sessions[0]["packets_received"] > 0 and sessions[0]["rtt_ms"] is not None


def test_every_device_rings_and_one_answers(pair, open_browser):
    site, tokens, alice, bob = pair
    phone = arrive(site, open_browser, "bob", viewport={"width": 360, "height": 740})
    ring(alice, "bob")
    expect(incoming(bob, "alice")).to_be_visible()
    expect(incoming(phone, "alice")).to_be_visible()
    assert violations(phone, "a call that rings") == []
    # By the keyboard.
    phone.keyboard.press("Alt+Shift+A")
    expect(bar(phone, "alice").first).to_contain_text("Good connection", timeout=20_000)
    expect(incoming(bob, "alice")).to_have_count(0)
    expect(bar(bob, "alice")).to_have_count(0)
    expect_sound(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    # Closing the window ends the call.
    phone.goto("about:blank")
    expect(bar(alice, "bob")).to_have_count(0, timeout=15_000)


def test_a_refused_call_says_so(pair):
    _, _, alice, bob = pair
    ring(alice, "bob")
    incoming(bob, "alice").get_by_role("button", name="Decline").click()
    expect(alice.get_by_text("The call was declined.")).to_be_visible()
    expect(line(alice, "alice called; bob declined.")).to_be_visible()
    ring(alice, "bob")
    bar(alice, "bob").get_by_role("button", name="Leave call").click()
    expect(incoming(bob, "alice")).to_have_count(0)
    expect(line(alice, "alice called and gave up.")).to_be_visible()


@pytest.mark.parametrize("settings", [{"ring_seconds": "2"}])
def test_a_missed_call_leaves_a_notification(pair):
    site, tokens, alice, bob = pair
    ring(alice, "bob")
    expect(alice.get_by_text("Nobody answered.", exact=True)).to_be_visible(timeout=15_000)
    expect(incoming(bob, "alice")).to_have_count(0)
    expect(line(alice, "alice called; nobody answered.")).to_be_visible()
    titles = [each["title"] for each in site.call("GET", "/notifications", token=tokens["bob"]).json["items"]]
    assert "You missed a call from alice" in titles


def test_a_tab_that_dies_is_noticed_within_15_seconds(pair):
    _, _, alice, bob = pair
    talk(alice, bob)
    # Its script stands still and says nothing, as in a process that was killed.
    alice.evaluate("setTimeout(() => { for (;;); }, 50)")
    start = time.monotonic()
    expect(bar(bob, "alice")).to_have_count(0, timeout=16_000)
    assert time.monotonic() - start < 15.5


def test_a_call_outlives_the_server(pair):
    site, tokens, alice, bob = pair
    talk(alice, bob)
    site.kill()
    expect_sound(alice)
    site.start()
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        expect_sound(bob)
        expect(bar(alice, "bob")).to_be_visible()
        time.sleep(2)
    assert site.call("GET", "/calls", token=tokens["bob"]).json["items"][0]["state"] == "active"
    bar(alice, "bob").get_by_role("button", name="Leave call").click()
    expect(bar(bob, "alice")).to_have_count(0)


@pytest.mark.parametrize("act", ["mute", "deny"])
def test_a_right_that_is_lost_ends_the_call_at_once(pair, act):
    site, _, alice, bob = pair
    talk(alice, bob)
    owner = site.owner_token()
    start = time.monotonic()
    if act == "mute":
        site.call("POST", "/sanctions", {"user_id": "u_alice", "kind": "mute", "reason": "Spam", "duration_s": 60}, owner).expect(201)
    else:
        site.call("PUT", "/users/u_alice/overrides/voice.join", {"effect": "deny", "reason": "Spam"}, owner).expect(200)
    expect(bar(bob, "alice")).to_have_count(0, timeout=3_000)
    assert time.monotonic() - start < 2
    expect(bar(alice, "bob")).to_have_count(0)
