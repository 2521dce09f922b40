"""What a screen reader says by itself: one thing at a time, politely, and nothing of what merely goes on."""
import re

from engines import choose_option, expect
from person import Person
from test_chat import friends, send, write_to  # noqa: F401
from tour import settle

# Keeps what live regions tell, as assistive technology takes it from them: texts that are added to one, all of it where it is atomic,
# and regions that come with their words.
LISTEN = """() => {
    window.said = [];
    const implied = { alert: "assertive", status: "polite", log: "polite", timer: "off", marquee: "off" };
    const loudness = (element) => element.getAttribute("aria-live") ?? implied[element.getAttribute("role")] ?? null;
    const regionOf = (node) => {
        for (let each = node instanceof Element ? node : node.parentElement; each; each = each.parentElement) {
            const loud = loudness(each);
            if (loud !== null) return loud === "off" ? null : each;
        }
        return null;
    };
    const words = (node) => {
        if (node instanceof Text) return node.data;
        if (!(node instanceof Element) || node.getAttribute("aria-hidden") === "true") return "";
        return [...node.childNodes].map(words).join(" ");
    };
    const isAtomic = (region) => region.getAttribute("aria-atomic") === "true" ||
        (!region.hasAttribute("aria-atomic") && ["alert", "status"].includes(region.getAttribute("role")));
    new MutationObserver((changes) => {
        const told = new Map();
        const tell = (region, text) => told.set(region, isAtomic(region) ? [words(region)] : [...(told.get(region) ?? []), text]);
        for (const { type, target, addedNodes } of changes) {
            if (!target.isConnected) continue;
            const around = regionOf(target);
            if (type === "characterData" && around) tell(around, words(target));
            for (const node of addedNodes) {
                if (around) tell(around, words(node));
                else if (node instanceof Element) {
                    for (const each of [node, ...node.querySelectorAll("[role], [aria-live]")]) {
                        if (loudness(each) && regionOf(each) === each) tell(each, words(each));
                    }
                }
            }
        }
        for (const [region, texts] of told) {
            for (const text of texts) {
                const plain = text.replace(/\\s+/g, " ").trim();
                if (plain) said.push([loudness(region), plain]);
            }
        }
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""


def said(page, wait: int = 400) -> list:
    """What was told since the last time, once it is quiet."""
    page.wait_for_timeout(wait)
    return page.evaluate("() => said.splice(0)")


def signed_in(site, open_browser, *who):
    page = open_browser(site)
    page.add_init_script(f"addEventListener('DOMContentLoaded', {LISTEN})")
    Person(page, "en-GB").sign_in(*who)
    return page


def test_a_busy_site_says_nothing_by_itself(site, open_browser):
    owner = site.owner_token()
    tokens = []
    for number in range(4):
        site.member(owner, f"m{number}")
        tokens.append(site.login(f"m{number}", f"passphrase of m{number}"))
    page = signed_in(site, open_browser)
    for path in ("/panel", "/panel/online", "/panel/members", "/panel/audit", "/"):
        page.goto(path)
        settle(page)
        # Politely, and one after the other: that the page is loading, where it takes long, and how many it shows.
        heard = said(page, 1_200)
        texts = [text for loudness, text in heard if loudness == "polite" and text != "Loading…"]
        assert len(texts) <= 1 and len(heard) - len(texts) <= 1, (path, heard)
        for turn in range(8):
            site.call("POST", "/users/me/status", {"status": ("idle", "dnd")[turn % 2], "status_message": f"turn {turn}"}, tokens[turn % 4]).expect(200)
            if turn % 4 == 0:
                site.call("PATCH", "/users/u_m1", {"display_name": f"M {turn} {path}"[:60]}, owner).expect(200)
            page.wait_for_timeout(120)
        # The log tells once that it has more, however much comes.
        assert said(page, 800) == ([["polite", "1 new entry"]] if path == "/panel/audit" else []), path


def test_messages_are_told_one_by_one(friends):  # noqa: F811
    site, tokens, alice, bob = friends
    write_to(alice, "bob")
    send(alice, "Hello")
    write_to(bob, "alice")
    expect(bob.get_by_role("article").filter(has_text="Hello")).to_be_visible()
    alice.evaluate(LISTEN)
    for text in ("one", "two", "three"):
        send(bob, text)
    expect(alice.get_by_role("article").filter(has_text="three")).to_be_visible()
    assert said(alice) == [["polite", f"bob: {text}"] for text in ("one", "two", "three")]


def test_an_outcome_is_told_once(site, open_browser):
    site.member(site.owner_token(), "alice")
    page = signed_in(site, open_browser)
    page.goto("/settings")
    settle(page)
    page.get_by_label("Display name").fill("The owner")
    said(page)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Profile saved")).to_be_visible()
    [(loudness, text)] = said(page)
    assert loudness == "polite" and text.startswith("Profile saved")

    Person(page, "en-GB").open_member("alice")
    page.get_by_label("E-mail", exact=True).fill("owner@foyer.example")
    said(page)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_label("E-mail", exact=True)).to_be_focused()
    heard = said(page)
    assert len(heard) == 1 and heard[0][0] == "assertive", heard


def test_a_search_tells_its_end_alone(site, open_browser):
    page = signed_in(site, open_browser)
    page.goto("/panel/roles/who")
    settle(page)
    said(page)
    choose_option(page.get_by_label("Permission", exact=True), "Read the audit log")
    expect(page.get_by_role("list", name="Members with this permission")).to_be_visible()
    assert len(said(page, 1_000)) <= 1
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Search").fill("no such thing")
    expect(page.get_by_text(re.compile("^No results"))).to_be_visible()
    assert [loudness for loudness, _ in said(page)] == ["polite"]
