"""An hour of an admin's work by keyboard alone: the mouse is never touched, and the focus is always somewhere that one sees."""
import re

from playwright.sync_api import expect

from foyer import OWNER
from words import Words

# What has the focus, and whether its ring is seen: on itself, on the label of a hidden radio, or on the row that it opens.
FOCUSED = """() => {
    const has = document.activeElement;
    if (!has || has === document.body) return null;
    // Of a title the ring is the page itself: one has come to it.
    if (/^H[12]$/.test(has.tagName)) return { name: has.textContent, ring: true, seen: true };
    const ringed = (each) => {
        if (!each) return false;
        return ["", "::before", "::after"].some((part) => {
            const style = getComputedStyle(each, part || null);
            return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
        });
    };
    const box = (has.closest("label") ?? has).getBoundingClientRect();
    return {
        name: has.getAttribute("aria-label") || has.labels?.[0]?.textContent || has.textContent.slice(0, 60),
        ring: [has, has.closest("label"), has.closest(".palette-box, .search, tr, li")].some(ringed),
        seen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    };
}"""


class Keyboard:
    """Somebody with both hands on it."""

    def __init__(self, page):
        self.page = page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def focused(self) -> str:
        """The name of what has the focus, which is to be seen; it may come a moment after what had it has gone."""
        self.page.wait_for_function("() => document.activeElement !== document.body")
        found = self.page.evaluate(FOCUSED)
        assert found, f"nothing has the focus on {self.page.url}"
        assert found["ring"] and found["seen"], f"{self.page.url}: the focus on {found['name']!r} is not seen: {found}"
        return found["name"]

    def walk_to(self, target, key: str = "Tab", most: int = 60) -> None:
        """By Tab, looking at every stop on the way."""
        expect(target).to_be_visible()
        for _ in range(most):
            if target.evaluate("(element) => element === document.activeElement"):
                return
            self.press(key)
            self.focused()
        raise AssertionError(f"{target} is not within {most} stops")

    def go(self, letter: str, title: str) -> None:
        """`g` and a letter; the title of the place that opens takes the focus."""
        self.press("g", letter)
        expect(self.page.get_by_role("heading", level=1, name=title)).to_be_focused()


def test_an_admin_works_without_a_mouse(site, open_browser):
    owner = site.owner_token()
    site.member(owner, "alice")
    for name, priority in (("guide", 50), ("host", 40)):
        site.call("POST", "/roles", {"name": name, "priority": priority, "permissions": []}, owner).expect(201)
    page, t = open_browser(site), Words("en-GB")
    keys = Keyboard(page)

    def button(entry: str, within=page, **values):
        return within.get_by_role("button", name=t(entry, **values), exact=True)

    page.goto("/")
    expect(page.get_by_label(t("signIn.login"))).to_be_focused()
    keys.type(OWNER["username"])
    keys.walk_to(page.get_by_label(t("signIn.password"), exact=True))
    keys.type(OWNER["password"])
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1, name=t("home.title"))).to_be_visible()

    # To the members by the palette, to one of them by the search; the tabs of their sheet by the arrows.
    keys.press("Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()
    keys.type("Members")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1, name=t("nav.members"))).to_be_focused()
    keys.press("/")
    expect(page.get_by_label(t("users.search"))).to_be_focused()
    keys.type("alice")
    expect(page.get_by_role("table").get_by_role("row")).to_have_count(2)
    keys.walk_to(page.get_by_role("table").get_by_role("link", name="alice"))
    keys.press("Enter")
    expect(page.get_by_role("tab", name=t("users.tab.info"))).to_be_visible()
    keys.walk_to(page.get_by_role("tab", name=t("users.tab.info")))
    keys.press("ArrowRight")
    roles = page.get_by_role("tab", name=re.compile(f"^{t('users.tab.roles')}"))
    expect(roles).to_be_focused()
    expect(roles).to_have_attribute("aria-selected", "true")
    expect(page).to_have_url(re.compile(r"/roles(\?|$)"))

    form = page.get_by_role("form", name=t("users.assign"))
    keys.walk_to(form.get_by_label(t("users.assign")))
    keys.type("guide")
    keys.press("Enter")
    keys.walk_to(button("users.assignSubmit", form))
    keys.press("Enter")
    expect(page.get_by_role("list", name=t("nav.roles")).get_by_text("guide", exact=True)).to_be_visible()
    keys.focused()

    # An exception: the dialog gives the focus back to the button that opened it.
    keys.walk_to(button("override.edit", key="chat.read"))
    keys.press("Enter")
    dialog = page.get_by_role("dialog", name=t("override.title", user="alice"))
    expect(dialog).to_be_visible()
    keys.focused()
    keys.press("Escape")
    expect(dialog).to_have_count(0)
    expect(button("override.edit", key="chat.read")).to_be_focused()

    # A role: a permission is found, allowed, foreseen, saved.
    keys.go("r", t("nav.roles"))
    keys.walk_to(page.get_by_role("table").get_by_role("link", name="guide"))
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1, name="guide")).to_be_focused()
    keys.press("/")
    expect(page.get_by_label(t("permissions.search"))).to_be_focused()
    keys.type("audit.read")
    choice = page.get_by_role("group", name=re.compile(r"\(audit\.read\)"))
    expect(choice).to_have_count(1)
    keys.walk_to(choice.get_by_role("radio", name=t("permissions.unset")))
    keys.press("ArrowRight")
    expect(choice.get_by_role("radio", name=t("permissions.allow"))).to_be_checked()
    keys.focused()
    keys.walk_to(button("role.preview"))
    keys.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text(t("preview.count", count=1).replace("{count}", "1"))).to_be_visible()
    keys.press("Escape")
    expect(dialog).to_have_count(0)
    expect(button("role.preview")).to_be_focused()
    keys.walk_to(button("common.save"))
    keys.press("Enter")
    expect(page.get_by_text(t("roles.saved", role="guide")).first).to_be_visible()
    keys.focused()

    # Its place in the order; then what the log has of all this.
    keys.go("r", t("nav.roles"))
    grip = button("roles.move", role="guide")
    keys.walk_to(grip)
    keys.press("Space", "ArrowDown", "Space")
    expect(page.get_by_text(t("roles.moved", role="guide")).first).to_be_visible()
    expect(grip).to_be_focused()
    keys.focused()
    keys.go("a", t("nav.audit"))
    expect(page.get_by_role("main")).to_contain_text("moved the role")

    keys.press("?")
    dialog = page.get_by_role("dialog", name=t("shortcuts.title"))
    for place in ("dashboard", "home", "members", "roles", "audit", "joining", "settings"):
        expect(dialog.get_by_text(t("shortcuts.go", place=t(f"nav.{place}")))).to_be_visible()
    keys.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("heading", level=1, name=t("nav.audit"))).to_be_focused()
