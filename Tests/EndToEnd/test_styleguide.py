"""The components by themselves, in the style guide: how a long list holds still, what the keys do, and what axe finds."""
import os
import re
import subprocess

import pytest
from playwright.sync_api import expect

from axe import violations
from engines import choose_option
from foyer import root

# Where a row stands in every picture while something happens: one number, or the page has jumped.
WATCH = """(key) => {
    const scroller = document.querySelector(".measured-scroll");
    window.seen = new Set();
    const look = () => {
        const row = document.querySelector(`[data-key="${key}"]`);
        window.seen.add(row ? row.getBoundingClientRect().top : "gone");
        window.watching = requestAnimationFrame(look);
    };
    look();
}"""
SEEN = """() => new Promise((done) => setTimeout(() => {
    cancelAnimationFrame(window.watching);
    done([...window.seen]);
}, 400))"""
# The first row that is seen, and one in the middle of the screen.
ROWS = """() => {
    const box = document.querySelector(".measured-scroll").getBoundingClientRect();
    const rows = [...document.querySelectorAll(".measured-row")].map((row) => [row.dataset.key, row.getBoundingClientRect()]);
    const seen = rows.filter(([, at]) => at.bottom > box.top && at.top < box.bottom).map(([key]) => key);
    return [seen[0], seen[Math.floor(seen.length / 2)]];
}"""


@pytest.fixture(scope="module")
def guide(tmp_path_factory):
    folder = tmp_path_factory.mktemp("styleguide")
    subprocess.run(["node", root / "web/tools/styleguide.mjs", folder], check=True, env=os.environ | {"NODE_PATH": "/usr/share/nodejs"})
    return f"file://{folder}/index.html"


@pytest.fixture
def page(engines):
    window = engines.open("chromium", "http://127.0.0.1", "en-GB", viewport={"width": 1200, "height": 800})
    yield window.page
    window.close()


def scroll_by(page, pixels: int) -> None:
    page.get_by_role("group", name="Rows").hover()
    page.mouse.wheel(0, pixels)
    page.wait_for_timeout(150)


def test_no_row_that_is_seen_moves_by_a_pixel(guide, page):
    page.goto(guide + "#list")
    button = lambda name: page.get_by_role("button", name=name, exact=True)
    expect(page.get_by_text("Row 9999")).to_be_in_viewport()
    expect(page.get_by_text("New messages")).to_be_visible()
    assert page.locator(".measured-row").count() < 120
    for where in ("the middle", "the beginning"):
        if where == "the middle":
            button("Go to 5000").click()
            expect(page.get_by_text("Row 5000", exact=True)).to_be_in_viewport()
        else:
            page.evaluate("document.querySelector('.measured-scroll').scrollTop = 300")
        scroll_by(page, -170)
        for act in ("Put 50 above", "Put 50 above", "Put one below", "Take some away"):
            rows = page.evaluate(ROWS)
            if act == "Take some away":
                rows = [row for row in rows[:1] if not row.endswith("1")]
            for row in rows:
                page.evaluate(WATCH, row)
                button(act).click()
                seen = page.evaluate(SEEN)
                assert len(seen) == 1 and seen != ["gone"], f"{act} in {where} moved row {row}: {seen}"
        # What is seen itself may grow: the first of it holds.
        first = page.evaluate(ROWS)[0]
        page.evaluate(WATCH, first)
        button("Grow every third").click()
        seen = page.evaluate(SEEN)
        assert len(seen) == 1, f"growing in {where} moved row {first}: {seen}"


def test_rows_are_met_one_by_one_on_the_way_up(guide, page):
    """Rows above were never measured: as they come, those below them hold still under the wheel."""
    page.goto(guide + "#list")
    page.get_by_role("button", name="Go to 5000").click()
    expect(page.get_by_text("Row 5000", exact=True)).to_be_in_viewport()
    for _ in range(30):
        before = page.evaluate(ROWS)[1]
        at = page.evaluate("(key) => document.querySelector(`[data-key='${key}']`).getBoundingClientRect().top", before)
        scroll_by(page, -97)
        after = page.evaluate("(key) => document.querySelector(`[data-key='${key}']`).getBoundingClientRect().top", before)
        assert after == at + 97, f"row {before} went by {after - at} instead of 97"


def test_the_end_is_followed_from_near_and_led_back_to_from_afar(guide, page):
    page.goto(guide + "#list")
    expect(page.get_by_text("Row 9999")).to_be_in_viewport()
    page.get_by_role("button", name="Put one below").click()
    expect(page.get_by_text("Row 10000")).to_be_in_viewport()
    scroll_by(page, -2_000)
    page.get_by_role("button", name="Put one below").click()
    expect(page.get_by_text("Row 10001")).not_to_be_in_viewport()
    page.get_by_role("button", name="Jump to latest").click()
    expect(page.get_by_text("Row 10001")).to_be_in_viewport()
    page.get_by_role("button", name="Open around 7000").click()
    expect(page.get_by_text("Row 7000", exact=True)).to_be_in_viewport()


def test_what_has_the_focus_stays_in_the_page(guide, page):
    page.goto(guide + "#list")
    expect(page.get_by_text("Row 9999")).to_be_in_viewport()
    page.evaluate("""() => {
        const row = document.querySelector('[data-key="9999"] article');
        row.tabIndex = 0;
        row.focus();
    }""")
    page.evaluate("document.querySelector('.measured-scroll').scrollTop = 0")
    expect(page.get_by_text("Row 0", exact=True)).to_be_in_viewport()
    assert page.evaluate("document.activeElement.closest('[data-key]')?.dataset.key") == "9999"


def test_keys_work_the_select_and_the_context_menu(guide, page):
    page.goto(guide)
    light = page.get_by_role("region", name="light")
    who = light.get_by_role("combobox", name="Who")
    who.focus()
    page.keyboard.press("ArrowDown")
    list = page.get_by_role("listbox", name="Who")
    expect(list.get_by_role("option", name="The team")).to_have_attribute("aria-selected", "true")
    # The focus stays where it is; the key says which choice is meant.
    expect(who).to_be_focused()
    meant = lambda: page.evaluate("document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))?.textContent")
    assert meant() == "The team"
    page.keyboard.press("Home")
    assert meant() == "Everybody"
    page.keyboard.press("Escape")
    expect(list).to_have_count(0)
    expect(who).to_have_text("The team")
    page.keyboard.type("ev")
    assert meant() == "Everybody"
    page.keyboard.press("Enter")
    expect(who).to_have_text("Everybody")
    expect(who).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("End")
    page.keyboard.press("Tab")
    expect(who).to_have_text("Nobody")
    role = light.get_by_role("combobox", name="Role, searchable")
    expect(role).to_be_focused()
    role.click()
    page.keyboard.type("role 17")
    expect(page.get_by_role("listbox", name="Role, searchable").get_by_role("option")).to_have_text(["Role 17"])
    page.keyboard.press("Enter")
    expect(role).to_have_text("Role 17")
    expect(role).to_be_focused()
    off = light.get_by_role("combobox", name="Off", exact=True)
    expect(off).to_be_disabled()
    row = light.get_by_role("button", name="Right button, menu key or Shift F10")
    row.click(button="right")
    expect(page.get_by_role("menuitem")).to_have_count(2)
    page.keyboard.press("Escape")
    expect(page.get_by_role("menuitem")).to_have_count(0)
    light.get_by_role("button", name="Tooltip").focus()
    expect(page.get_by_role("tooltip")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("tooltip")).to_have_count(0)


def test_a_form_says_itself_what_is_wrong(guide, page):
    page.goto(guide)
    form = page.get_by_role("region", name="light").get_by_role("form", name="Choices light")
    check = form.get_by_role("button", name="Check the form")
    role, mail = form.get_by_role("combobox", name="Role, searchable"), form.get_by_label("E-mail")
    check.click()
    # The first of them has the focus, each says what is wrong with it, and the browser shows nothing of its own.
    expect(role).to_be_focused()
    expect(role).to_have_accessible_description("Fill in this field.")
    expect(mail).to_have_accessible_description("Fill in this field.")
    choose_option(role, "Role 3")
    expect(role).not_to_have_attribute("aria-invalid", "true")
    mail.fill("nobody")
    check.click()
    expect(mail).to_be_focused()
    expect(mail).to_have_accessible_description("Enter an e-mail address, such as name@example.com.")
    mail.fill("nobody@site.test")
    expect(mail).not_to_have_attribute("aria-invalid", "true")


def test_a_pane_that_breaks_leaves_the_others_alone(guide, page):
    page.goto(guide)
    light, dark = (page.get_by_role("region", name=name) for name in ("light", "dark"))
    light.get_by_role("button", name="Break this pane").click()
    expect(light.get_by_role("group", name="A pane that breaks").get_by_role("alert")).to_be_visible()
    expect(dark.get_by_role("button", name="Break this pane")).to_be_visible()
    expect(light.get_by_role("button", name="Save").first).to_be_visible()


@pytest.mark.parametrize("width", [360, 1200])
def test_axe_finds_nothing_in_the_style_guide(guide, page, width):
    page.set_viewport_size({"width": width, "height": 900})
    for address in (guide, guide + "#list"):
        page.goto("about:blank")
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
        assert violations(page, address) == []


def test_a_date_is_typed_or_chosen_from_the_calendar(guide, page):
    page.goto(guide)
    light = page.get_by_role("region", name="light")
    day = light.get_by_label("Day", exact=True)
    expect(day).to_have_value("31/01/2026")
    day.fill("2026-2-3")
    day.press("Tab")
    expect(day).to_have_value("03/02/2026")
    day.fill("31/02/2026")
    day.press("Tab")
    expect(day).to_have_accessible_description("Enter a date, such as 31/12/2026.")
    day.fill("28/02/2026")
    light.get_by_role("button", name="Choose a date").first.click()
    calendar = page.get_by_role("dialog", name="Choose a date")
    focused = calendar.locator(":focus")
    expect(focused).to_have_accessible_name(re.compile("^Saturday,? 28 February 2026$"))
    for key, name in (
        ("ArrowRight", "Sunday,? 1 March 2026"), ("Home", "Monday,? 23 February 2026"), ("PageDown", "Monday,? 23 March 2026"),
        ("Shift+PageUp", "Sunday,? 23 March 2025"), ("ArrowUp", "Sunday,? 16 March 2025"),
    ):
        page.keyboard.press(key)
        expect(focused).to_have_accessible_name(re.compile(f"{name}$"))
    expect(calendar.get_by_role("heading")).to_have_text("March 2025")
    assert violations(page, "calendar") == []
    page.keyboard.press("Enter")
    expect(calendar).to_have_count(0)
    expect(day).to_have_value("16/03/2025")
    expect(light.get_by_label("Moment", exact=True)).to_have_value("16/03/2025 18:30")
