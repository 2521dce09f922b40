"""A picture of oneself: chosen, dropped or pasted, cut by keyboard or hand, seen by others, taken away again."""
import base64
import struct
import time
import zlib

import pytest
from playwright.sync_api import expect

from axe import violations
from person import Person

WORDS = {
    "en-GB": {
        "account": "Your picture", "change": "Change picture", "choose": "Choose a picture", "area": "Visible area",
        "zoom": "Zoom", "use": "Save picture", "other": "Choose another picture", "remove": "Remove picture", "saved": "Picture changed",
        "removed": "Picture removed", "unreadable": "can’t be read as a picture",
    },
    "fr-FR": {
        "account": "Votre photo", "change": "Changer la photo", "choose": "Choisir une photo", "area": "Zone visible",
        "zoom": "Zoom", "use": "Enregistrer la photo", "other": "Choisir une autre photo", "remove": "Retirer la photo", "saved": "Photo modifiée",
        "removed": "Photo retirée", "unreadable": "n’est pas une image lisible",
    },
}


def png(width: int, height: int, pixel) -> bytes:
    """A picture whose pixels are `pixel(x, y)`."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack("!I", len(data)) + name + data + struct.pack("!I", zlib.crc32(name + data))

    rows = b"".join(b"\0" + b"".join(bytes(pixel(x, y)) for x in range(width)) for y in range(height))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack("!IIBBBBB", width, height, 8, 2, 0, 0, 0)) + chunk(
        b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


# Red on its left, blue on its right.
PICTURE = png(400, 200, lambda x, _: (200, 20, 20) if x < 200 else (20, 20, 200))


def open_dialog(page, words):
    page.goto("/settings")
    page.get_by_role("region", name=words["account"]).get_by_role("button", name=words["change"]).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    return dialog


def choose(page, dialog, words, name="picture.png", data=PICTURE):
    with page.expect_file_chooser() as chooser:
        dialog.get_by_role("button", name=words["choose"]).click()
    chooser.value.set_files({"name": name, "mimeType": "image/png", "buffer": data})


def expect_colours(place, *wanted):
    """The width of the picture that is shown there, and its colours at the left and at the right: those that were sent, nearly."""
    picture = place.locator("img").first
    expect(picture).to_be_visible()
    deadline = time.monotonic() + 10
    while (seen := colours(picture)) != [*wanted]:
        assert time.monotonic() < deadline, f"the picture is {seen} instead of {wanted}"


def colours(picture):
    return picture.evaluate("""async (picture) => {
        await picture.decode();
        const canvas = document.createElement("canvas");
        const [width, height] = [canvas.width, canvas.height] = [picture.naturalWidth, picture.naturalHeight];
        const context = canvas.getContext("2d");
        context.drawImage(picture, 0, 0);
        const named = {red: [200, 20, 20], blue: [20, 20, 200]};
        const colour = (x) => {
            const found = [...context.getImageData(x, height / 2, 1, 1).data.slice(0, 3)];
            const name = Object.keys(named).find((each) => named[each].every((value, at) => Math.abs(value - found[at]) <= 6));
            return name ?? found.join(" ");
        };
        return [width, colour(4), colour(width - 5)];
    }""")


@pytest.mark.parametrize(("database", "locale"), [("sqlite", "en-GB"), ("postgres", "fr-FR")], indirect=["database"])
def test_a_picture_is_cut_by_keyboard_and_stays(site, open_browser, locale):
    words = WORDS[locale]
    page = open_browser(site, locale)
    Person(page, locale).sign_in()
    dialog = open_dialog(page, words)
    choose(page, dialog, words, "notes.txt", b"no picture at all")
    expect(dialog.get_by_role("alert")).to_contain_text(words["unreadable"])

    choose(page, dialog, words)
    area, zoom = dialog.get_by_role("application", name=words["area"]), dialog.get_by_role("slider", name=words["zoom"])
    expect(zoom).to_have_value("0")
    area.press("+")
    expect(zoom).not_to_have_value("0")
    zoom.press("Home")
    expect(zoom).to_have_value("0")
    for _ in range(6):  # a tenth of the square each
        area.press("Shift+ArrowRight")
    dialog.get_by_role("button", name=words["use"]).click()
    expect(page.get_by_text(words["saved"])).to_be_visible()
    expect(dialog).not_to_be_visible()
    account = page.get_by_role("region", name=words["account"])
    expect_colours(account, 256, "blue", "blue")
    page.reload()
    expect_colours(account, 256, "blue", "blue")

    # The next one from the middle, after a server that was killed and came again.
    site.kill()
    site.start()
    dialog = open_dialog(page, words)
    choose(page, dialog, words)
    dialog.get_by_role("button", name=words["use"]).click()
    expect(page.get_by_text(words["saved"])).to_be_visible()
    expect_colours(account, 256, "red", "blue")
    dialog = open_dialog(page, words)
    dialog.get_by_role("button", name=words["remove"]).click()
    expect(page.get_by_text(words["removed"])).to_be_visible()
    expect(account.locator("img")).to_have_count(0)


def test_the_team_changes_a_members_picture_and_others_see_it(site, open_browser):
    owner = site.owner_token()
    member = site.member(owner, "alice")
    site.member(owner, "bob", roles=["role_staff"])
    words = WORDS["en-GB"]
    page, other = open_browser(site), open_browser(site)
    Person(page, "en-GB").sign_in()
    watcher = Person(other, "en-GB").sign_in("bob", "passphrase of bob")
    watcher.go("members")
    page.goto(f"/panel/members/{member['id']}")
    page.get_by_role("button", name="Actions for alice").last.click()
    page.get_by_role("menuitem", name="Change picture…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="Picture of alice")).to_be_visible()
    # Pasted, then dragged by hand to the left: what is on the right shows.
    page.evaluate("""(data) => {
        const clipboard = new DataTransfer();
        clipboard.items.add(new File([Uint8Array.from(atob(data), (each) => each.charCodeAt(0))], "a.png", {type: "image/png"}));
        document.dispatchEvent(new ClipboardEvent("paste", {clipboardData: clipboard, bubbles: true}));
    }""", base64.b64encode(PICTURE).decode())
    area = dialog.get_by_role("application", name=words["area"])
    box = area.bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + 20, box["y"] + 100, steps=4)
    page.mouse.up()
    dialog.get_by_role("button", name=words["use"]).click()
    expect(page.get_by_text(words["saved"])).to_be_visible()
    row = other.get_by_role("row").filter(has=other.get_by_role("link", name="alice", exact=True))
    expect_colours(row, 64, "blue", "blue")
    assert [entry["action"] for entry in site.call("GET", "/audit?limit=1", token=owner).expect(200).json["items"]] == ["user.update"]


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_axe_finds_nothing_in_the_dialog_and_a_phone_is_wide_enough(new_site, open_browser, theme):
    site = new_site()
    words = WORDS["fr-FR"]
    page = open_browser(site, "fr-FR", color_scheme=theme, viewport={"width": 320, "height": 640}, has_touch=True)
    Person(page, "fr-FR").sign_in()
    dialog = open_dialog(page, words)
    found = violations(page, "choosing")
    choose(page, dialog, words)
    expect(dialog.get_by_role("slider", name=words["zoom"])).to_be_visible()
    found += violations(page, "cutting")
    assert not found, "\n".join(found)
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    assert dialog.evaluate("(dialog) => dialog.querySelector('.dialog-body').scrollWidth <= dialog.clientWidth")
