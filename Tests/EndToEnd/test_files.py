"""Files in messages: uploads survive cuts and crashes; files are sent, shown to the recipient, opened by keyboard."""
import base64
import hashlib
import http.client
import random
import re
import time
import urllib.parse

import pytest
from playwright.sync_api import expect

from axe import violations
from test_avatar import PICTURE, png
from test_chat import composer, friends, messages, write_to  # noqa: F401
from tour import settle

TUS = {"Tus-Resumable": "1.0.0"}
PATCH = {**TUS, "Content-Type": "application/offset+octet-stream"}


def ask(site, token, method, path, headers=None, body=None):
    """One request at the root of the site, its body as bytes."""
    place = urllib.parse.urlsplit(site.address)
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=30)
    connection.request(method, path, body, {"Authorization": f"Bearer {token}", **(headers or {})})
    answer = connection.getresponse()
    data = answer.read()
    connection.close()
    return answer.status, answer.headers, data


def create(site, token, data, name="noise.bin"):
    metadata = f"filename {base64.b64encode(name.encode()).decode()}"
    status, headers, _ = ask(site, token, "POST", "/api/v1/files", {**TUS, "Upload-Length": str(len(data)), "Upload-Metadata": metadata})
    assert status == 201
    return headers["Location"]


def cut_patch(site, token, path, offset, data, after):
    """Announces all remaining bytes, and sends only the first of them. The caller closes the connection."""
    place = urllib.parse.urlsplit(site.address)
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=30)
    connection.putrequest("PATCH", path)
    for name, value in {**PATCH, "Authorization": f"Bearer {token}", "Upload-Offset": offset, "Content-Length": len(data) - offset}.items():
        connection.putheader(name, str(value))
    connection.endheaders()
    connection.send(data[offset:offset + after])
    return connection


def stored(site, token, path):
    """The offset of an upload, once the server has stored what came before a cut."""
    offset = None
    while True:
        status, headers, _ = ask(site, token, "HEAD", path, TUS)
        assert status == 200
        if headers["Upload-Offset"] == offset:
            return int(offset)
        offset = headers["Upload-Offset"]
        time.sleep(0.5)


def test_an_upload_survives_cuts_and_a_killed_server(site):
    token = site.owner_token()
    data = random.Random(7).randbytes(30_000_000)
    path = create(site, token, data)
    offsets = [0]
    for after, kills in [(1_000_001, False), (12_000_000, True), (700_000, False)]:
        connection = cut_patch(site, token, path, offsets[-1], data, after)
        if kills:
            # The server commits every 8 MiB while it receives.
            expect_offset = 8 << 20
            for _ in range(200):
                size = sum(each.stat().st_size for each in site.data.glob("files/*/*/part-2"))
                if size > 11_000_000:
                    break
                time.sleep(0.05)
            site.kill()
            site.start()
            token = site.owner_token()
            connection.close()
        else:
            connection.close()
            expect_offset = None
        offset = stored(site, token, path)
        if expect_offset:
            assert offset >= offsets[-1] + expect_offset
        else:
            assert offsets[-1] <= offset <= offsets[-1] + after
        offsets.append(offset)
    status, headers, _ = ask(site, token, "PATCH", path, {**PATCH, "Upload-Offset": str(offsets[-1])}, data[offsets[-1]:])
    assert status == 204 and headers["Upload-Offset"] == str(len(data))
    served = path.replace("/api/v1", "") + "/noise.bin"
    status, headers, body = ask(site, token, "GET", served)
    assert status == 200 and headers["Content-Length"] == str(len(data))
    assert hashlib.sha256(body).digest() == hashlib.sha256(data).digest()
    # Long ranges are read while they are sent.
    status, headers, body = ask(site, token, "GET", served, {"Range": "bytes=65535-9000000"})
    assert status == 206 and body == data[65535:9_000_001]
    assert headers["Content-Range"] == f"bytes 65535-9000000/{len(data)}"
    status, headers, body = ask(site, token, "HEAD", served)
    assert status == 200 and headers["Content-Length"] == str(len(data)) and body == b""
    # The disk holds no readable part of it.
    assert not any(data[1000:1032] in each.read_bytes() for each in site.data.glob("files/*/*/*"))


def attach(page, folder, **files):
    """Chooses files from the disk, so that large ones do not go through the browser driver."""
    paths = []
    for name, data in files.items():
        path = folder / name.replace("_", ".")
        path.write_bytes(data)
        paths.append(path)
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Add files").click()
    chooser.value.set_files(paths)


def tray(page):
    return page.get_by_role("list", name="Files of the message")


def test_an_upload_goes_on_after_the_network_was_gone_and_the_other_gets_the_file(friends, tmp_path):  # noqa: F811
    site, _, alice, bob = friends
    write_to(alice, "bob")
    write_to(bob, "alice")
    data = random.Random(3).randbytes(20_000_000)
    # Slow enough to be cut in the middle.
    network = alice.context.new_cdp_session(alice)
    network.send("Network.enable")

    def set_network(offline, upload=-1):
        network.send(
            "Network.emulateNetworkConditions", {"offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": upload})

    set_network(False, 3_000_000)
    asked = []
    alice.on("request", lambda request: asked.append(request.method) if "/api/v1/files" in request.url else None)
    attach(alice, tmp_path, noise_bin=data)
    bar = tray(alice).get_by_role("progressbar", name="Upload of noise.bin")
    expect(bar).to_have_attribute("aria-valuenow", re.compile(r"^[1-9]\d$"), timeout=20_000)
    expect(alice.get_by_role("button", name="Send", exact=True)).to_be_disabled()
    alice.get_by_role("button", name="Pause the upload of noise.bin").click()
    expect(tray(alice)).to_contain_text("Paused at")
    alice.get_by_role("button", name="Resume the upload of noise.bin").click()
    expect(tray(alice)).to_contain_text(" of 19.1 MB")
    set_network(True)
    expect(tray(alice)).to_contain_text("Waiting for the connection")
    set_network(False)
    expect(tray(alice)).to_contain_text("Ready, 19.1 MB", timeout=30_000)
    # It was begun once, and asked where it was.
    assert asked.count("POST") == 1 and asked.count("HEAD") >= 2
    composer(alice).fill("Here it is")
    composer(alice).press("Enter")
    expect(tray(alice)).to_have_count(0)
    card = messages(bob).filter(has_text="Here it is")
    expect(card).to_contain_text("noise.bin")
    expect(card).to_contain_text("19.1 MB")
    with bob.expect_download() as download:
        card.get_by_role("link", name="Download noise.bin").click()
    assert hashlib.sha256(download.value.path().read_bytes()).digest() == hashlib.sha256(data).digest()
    assert download.value.suggested_filename == "noise.bin"


WIDE = png(1600, 900, lambda x, y: (x * 255 // 1600, y * 255 // 900, 120))


def test_pictures_have_their_room_and_open_by_keyboard(friends, tmp_path):  # noqa: F811
    site, _, alice, bob = friends
    write_to(alice, "bob")
    write_to(bob, "alice")
    # The room of each picture as it was when its message came.
    bob.evaluate("""() => {
        window.rooms = [];
        new MutationObserver(() => {
            for (const each of document.querySelectorAll(".message-files > li:not([data-seen])")) {
                each.dataset.seen = "";
                const { width, height } = each.getBoundingClientRect();
                window.rooms.push([Math.round(width), Math.round(height)]);
            }
        }).observe(document.body, { subtree: true, childList: true });
    }""")
    attach(alice, tmp_path, wide_png=WIDE, two_png=PICTURE)
    expect(tray(alice).get_by_text("Ready", exact=False)).to_have_count(2)
    assert violations(alice, "the tray") == []
    # Nothing but pictures is a message, too.
    composer(alice).press("Enter")
    picture = bob.get_by_role("button", name="Open wide.png")
    expect(picture).to_be_visible()
    bob.wait_for_function("[...document.querySelectorAll('.file-picture img')].every((each) => each.complete && each.naturalWidth > 0)")
    box = picture.bounding_box()
    assert abs(box["width"] / box["height"] - 16 / 9) < 0.02, box
    rooms = bob.evaluate("""() => [...document.querySelectorAll(".message-files > li")].map((each) => {
        const { width, height } = each.getBoundingClientRect();
        return [Math.round(width), Math.round(height)];
    })""")
    assert rooms == bob.evaluate("window.rooms") and len(rooms) == 2, rooms
    settle(bob)
    assert violations(bob, "the message") == []
    picture.focus()
    bob.keyboard.press("Enter")
    light = bob.get_by_role("dialog", name="wide.png")
    expect(light.get_by_role("img", name="wide.png")).to_be_visible()
    expect(light).to_contain_text("Picture 1 of 2")
    settle(bob)
    assert violations(bob, "the lightbox") == []
    bob.keyboard.press("ArrowRight")
    expect(bob.get_by_role("dialog", name="two.png")).to_be_visible()
    bob.keyboard.press("ArrowLeft")
    bob.keyboard.press("Escape")
    expect(bob.get_by_role("dialog")).to_have_count(0)
    expect(picture).to_be_focused()
    # Whoever pastes or drops gets the same.
    composer(alice).focus()
    alice.evaluate("""(bytes) => {
        const data = new DataTransfer();
        data.items.add(new File([new Uint8Array(bytes)], "pasted.png", { type: "image/png" }));
        document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    }""", list(PICTURE))
    expect(tray(alice)).to_contain_text("pasted.png")
    alice.get_by_role("button", name="Remove pasted.png").click()
    expect(tray(alice)).to_have_count(0)
    # A deleted message takes its pictures along.
    messages(alice).filter(has=alice.get_by_role("button", name="Open wide.png")).hover()
    alice.get_by_role("button", name="More actions").last.click()
    alice.get_by_role("menuitem", name="Delete message").click()
    expect(picture).to_have_count(0, timeout=30_000)


def test_what_is_refused_says_why_and_can_be_taken_away(new_site, open_browser, tmp_path):
    from person import Person

    site = new_site(file_bytes="1000")
    owner = site.owner_token()
    for name in ("alice", "bob"):
        site.member(owner, name)
    token = site.login("alice", "passphrase of alice")
    conversation = site.call("POST", "/conversations", {"members": ["u_bob"]}, token).expect(201).json
    page = open_browser(site)
    Person(page, "en-GB").sign_in("alice", "passphrase of alice")
    page.goto(f"/direct/{conversation['id']}")
    attach(page, tmp_path, large_bin=b"x" * 2000)
    expect(tray(page)).to_contain_text("This file is too large: you may send files of up to 1000 bytes.")
    expect(page.get_by_role("button", name="Try large.bin again")).to_be_visible()
    page.get_by_role("button", name="Remove large.bin").click()
    expect(tray(page)).to_have_count(0)


@pytest.mark.parametrize("name,type,data", [
    ("picture.svg", "image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'><script>document.title='ran'</script></svg>"),
    ("page.html", "text/html", b"<!DOCTYPE html><script>document.title='ran'</script>"),
    ("picture.png", "image/png", b"<!DOCTYPE html><script>document.title='ran'</script>"),
])
def test_what_could_run_is_saved_and_never_runs(site, open_browser, name, type, data):
    from person import Person

    page = open_browser(site)
    Person(page, "en-GB").sign_in()
    token = site.owner_token()
    path = create(site, token, data, name)
    assert ask(site, token, "PATCH", path, {**PATCH, "Upload-Offset": "0"}, data)[0] == 204
    address = f"{site.address}{path.replace('/api/v1', '')}/{name}"
    with page.expect_download() as download:
        page.evaluate("(address) => { location.href = address; }", address)
    assert download.value.path().read_bytes() == data
    assert page.title() != "ran"
