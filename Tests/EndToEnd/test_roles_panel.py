"""Roles and reasons in the panel: moving, merging, previews, history, ends, exceptions, who can and who could."""
import datetime
import re
import time

import pytest
from playwright.sync_api import expect

from axe import violations
from engines import choose_option
from person import Person


def make(site, owner, name, priority=40, **fields):
    return site.call("POST", "/roles", {"name": name, "priority": priority, "permissions": []} | fields, owner).expect(201).json


def expect_order(page, names):
    """The names in the table stand like this."""
    expect(page.get_by_role("table", name="Roles").get_by_role("row").get_by_role("link")).to_have_text(names)


def grip(page, role):
    return page.get_by_role("button", name=f"Move {role}", exact=True)


def choice(page, key, effect):
    return page.get_by_role("group", name=re.compile(rf"\({re.escape(key)}\)")).get_by_role("radio", name=effect, exact=True)


def choose(page, key, effect):
    pick(choice(page, key, effect))


def pick(radio):
    """By keyboard: what one sees of a choice is its label."""
    radio.focus()
    radio.press("Space")
    expect(radio).to_be_checked()


def save(page, role):
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text(f"Role “{role}” saved").first).to_be_visible()


def open_role(page, role, tab="permissions"):
    page.goto(f"/panel/roles/{role['id']}/{tab}")
    expect(page.get_by_role("heading", level=1, name=role["name"])).to_be_visible()


@pytest.mark.parametrize("database", ["sqlite", "postgres"], indirect=True)
def test_roles_are_moved_by_keyboard_alone_and_the_move_can_be_undone(site, open_browser):
    owner = site.owner_token()
    for name, priority in (("red", 60), ("green", 50), ("blue", 40)):
        make(site, owner, name, priority)
    page = open_browser(site)
    Person(page, "en-GB").sign_in().go("roles")
    start = ["Owner", "Admin", "Moderator", "Staff", "red", "green", "blue", "Member", "Guest"]
    expect(grip(page, "blue")).to_be_visible()
    expect_order(page, start)
    # What is the system's has no grip.
    expect(grip(page, "Moderator")).to_have_count(0)

    grip(page, "blue").focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("status").filter(has_text="blue picked up, position 7 of 9")).to_have_count(1)
    for _ in range(3):
        page.keyboard.press("ArrowUp")
    expect(page.get_by_role("status").filter(has_text="blue, position 4 of 9")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.get_by_role("status").filter(has_text="blue returned to position 7 of 9")).to_have_count(1)
    expect_order(page, start)

    page.keyboard.press("Space")
    for _ in range(3):
        page.keyboard.press("ArrowUp")
    page.keyboard.press("Space")
    expect(page.get_by_text("Role “blue” moved").first).to_be_visible()
    moved = ["Owner", "Admin", "Moderator", "blue", "Staff", "red", "green", "Member", "Guest"]
    expect_order(page, moved)
    expect(grip(page, "blue")).to_be_focused()
    page.reload()
    expect(grip(page, "blue")).to_be_visible()
    expect_order(page, moved)
    roles = {role["name"]: role for role in site.call("GET", "/roles", token=owner).expect(200).json["items"]}
    assert 100 < roles["blue"]["priority"] < 500 and roles["blue"]["version"] == 2 and roles["red"]["version"] == 1

    # Down as well as up, past a row and back.
    grip(page, "red").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    expect(grip(page, "red")).to_be_focused()
    expect_order(page, ["Owner", "Admin", "Moderator", "blue", "Staff", "green", "red", "Member", "Guest"])
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect_order(page, moved)

    # Without dragging and without holding: by the menu; and back.
    page.get_by_role("button", name="Actions for the role blue").click()
    page.get_by_role("menuitem", name="Move down").click()
    expect(page.get_by_text("Role “blue” moved").first).to_be_visible()
    expect_order(page, ["Owner", "Admin", "Moderator", "Staff", "blue", "red", "green", "Member", "Guest"])
    with page.expect_response(lambda answer: answer.url.endswith("/roles/order")) as undone:
        page.get_by_role("button", name="Undo").click()
    assert undone.value.status == 200
    expect_order(page, moved)
    assert len(site.call("GET", "/audit?action=role.reorder", token=owner).expect(200).json["items"]) == 3


def test_a_list_that_was_asked_for_before_a_move_and_comes_after_it_does_not_put_the_role_back(site, open_browser):
    owner = site.owner_token()
    for name, priority in (("red", 60), ("green", 50)):
        make(site, owner, name, priority)
    page = open_browser(site)
    Person(page, "en-GB").sign_in().go("roles")
    expect(grip(page, "green")).to_be_visible()
    held = []
    page.route("**/api/v1/roles?**", lambda route: route.continue_() if held else held.append((route, route.fetch())))
    make(site, owner, "blue", 45)
    until(page, lambda: held)
    page.get_by_role("button", name="Actions for the role red").click()
    page.get_by_role("menuitem", name="Move down").click()
    expect(page.get_by_text("Role “red” moved").first).to_be_visible()
    expect_order(page, ["Owner", "Admin", "Moderator", "Staff", "green", "red", "Member", "Guest"])
    route, old = held[0]
    route.fulfill(response=old)
    # What is newer comes, and at no moment what was older: the place is looked at each frame until then.
    seen = page.evaluate("""async () => {
        const names = () => [...document.querySelectorAll("table.roles tbody a")].map((a) => a.textContent);
        for (let frame = 0; frame < 600 && !names().includes("blue"); frame++) {
            await new Promise(requestAnimationFrame);
            const now = names();
            if (now.indexOf("red") < now.indexOf("green")) return "put back";
        }
        return names().slice(3, 7).join();
    }""")
    assert seen == "Staff,green,red,blue"


def until(page, holds):
    """Lets the page go on until something holds."""
    for _ in range(100):
        if holds():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it never came true")


def test_a_role_is_moved_again_before_the_first_move_has_been_answered(site, open_browser):
    owner = site.owner_token()
    for name, priority in (("red", 60), ("green", 50), ("blue", 40)):
        make(site, owner, name, priority)
    page = open_browser(site)
    Person(page, "en-GB").sign_in().go("roles")
    held = []
    page.route("**/api/v1/roles/order", lambda route: held.append((route, route.fetch())), times=1)
    moves = [["red", "blue", "green"], ["blue", "red", "green"]]
    for names in moves:
        page.get_by_role("button", name="Actions for the role blue").click()
        page.get_by_role("menuitem", name="Move up").click()
        expect_order(page, ["Owner", "Admin", "Moderator", "Staff", *names, "Member", "Guest"])
    # The server has done it; now the browser hears so.
    [(route, answer)] = held
    first = route.request.post_data
    with page.expect_response(lambda each: each.url.endswith("/roles/order") and each.request.post_data != first) as second:
        route.fulfill(response=answer)
    assert second.value.status == 200
    expect_order(page, ["Owner", "Admin", "Moderator", "Staff", *moves[-1], "Member", "Guest"])
    page.reload()
    expect_order(page, ["Owner", "Admin", "Moderator", "Staff", *moves[-1], "Member", "Guest"])


def test_roles_are_dragged_and_only_within_ones_own_rank(site, open_browser):
    owner = site.owner_token()
    lead = make(site, owner, "lead", 300, permissions=["roles.read", "roles.manage", "users.read"])
    for name, priority in (("high", 400), ("low", 60), ("lower", 50)):
        make(site, owner, name, priority)
    site.member(owner, "lena", roles=[lead["id"]])
    page = open_browser(site)
    Person(page, "en-GB").sign_in("lena", "passphrase of lena").go("roles")
    expect(grip(page, "lower")).to_be_visible()
    for name in ("high", "lead", "Member"):
        expect(grip(page, name)).to_have_count(0)
    handle, top = grip(page, "lower").bounding_box(), page.get_by_role("row").nth(1).bounding_box()
    page.mouse.move(handle["x"] + 8, handle["y"] + 8)
    page.mouse.down()
    page.mouse.move(handle["x"] + 8, top["y"] - 40, steps=12)
    page.mouse.up()
    expect(page.get_by_text("Role “lower” moved").first).to_be_visible()
    handle = grip(page, "lower").bounding_box()
    page.mouse.move(handle["x"] + 8, handle["y"] + 8)
    page.mouse.down()
    page.mouse.move(handle["x"] + 8, handle["y"] + 90, steps=12)
    page.mouse.move(handle["x"] + 8, handle["y"] + 10, steps=6)
    page.mouse.up()
    # Dragged to the very top, it stays below what she cannot pass.
    expect_order(page, ["Owner", "Admin", "Moderator", "high", "lead", "lower", "Staff", "low", "Member", "Guest"])


def test_two_who_edit_one_role_both_keep_what_they_changed(site, open_browser):
    owner = site.owner_token()
    site.member(owner, "ada", display_name="Ada", roles=["role_admin"])
    role = make(site, owner, "guide", permissions=["chat.read", "voice.join"])
    page = open_browser(site)
    Person(page, "en-GB").sign_in()
    open_role(page, role)
    choose(page, "audit.read", "Allow")
    choose(page, "chat.read", "Deny")

    # Ada is quicker: she takes one permission away that is edited here too, and adds another.
    ada = site.login("ada", "passphrase of ada")
    site.call("PATCH", f"/roles/{role['id']}", {"permissions": ["voice.join", "users.read"]}, ada, {"If-Match": '"1"'}).expect(200)
    notice = page.get_by_role("alert").filter(has_text="saved this role while you were editing it")
    expect(notice).to_contain_text("Ada")
    expect(choice(page, "audit.read", "Allow")).to_be_checked()

    # To press Save is not to overwrite.
    page.get_by_role("button", name="Save", exact=True).click()
    dialog = page.get_by_role("dialog", name="“guide” has changed")
    expect(dialog.get_by_role("region", name="Their changes")).to_contain_text("Allows See the members and their profiles")
    points = dialog.get_by_role("region", name="Conflicts").get_by_role("listitem")
    expect(points).to_have_count(3)
    expect(points.first).to_contain_text("Changed by both")
    pick(points.first.get_by_role("radio", name="Mine: Deny"))
    dialog.get_by_role("button", name="Continue").click()
    expect(notice).to_have_count(0)
    expect(choice(page, "users.read", "Allow")).to_be_checked()
    save(page, "guide")
    saved = site.call("GET", "/roles/role_guide", token=owner).expect(200).json
    assert saved["version"] == 3 and saved["denied"] == ["chat.read"]
    assert sorted(saved["permissions"]) == ["audit.read", "users.read", "voice.join"]


def test_a_save_that_comes_late_is_told_by_the_server_and_merged(site, open_browser):
    """The same when the news of the other save has not arrived: the server's 412 opens the choice."""
    owner = site.owner_token()
    role = make(site, owner, "guide", permissions=["chat.read"])
    page = open_browser(site)
    Person(page, "en-GB").sign_in()
    open_role(page, role)
    choose(page, "audit.read", "Allow")
    page.route(re.compile(r"/api/v1/roles\?"), lambda route: route.abort())
    site.call("PATCH", f"/roles/{role['id']}", {"permissions": ["chat.read", "users.read"]}, owner).expect(200)
    page.get_by_role("button", name="Save", exact=True).click()
    dialog = page.get_by_role("dialog", name="“guide” has changed")
    expect(dialog).to_be_visible()
    page.unroute(re.compile(r"/api/v1/roles\?"))
    dialog.get_by_role("button", name="Use all of theirs").click()
    expect(page.get_by_role("region", name="Unsaved changes")).to_have_count(0)
    expect(choice(page, "users.read", "Allow")).to_be_checked()
    expect(choice(page, "audit.read", "Not set")).to_be_checked()
    assert site.call("GET", "/roles/role_guide", token=owner).expect(200).json["version"] == 2


def test_what_a_save_would_do_is_told_before_and_a_lock_out_is_asked_about(site, open_browser):
    owner = site.owner_token()
    role = make(site, owner, "reader", permissions=["audit.read"])
    base = make(site, owner, "base", permissions=["presence.history", "users.export"])
    for name in ("alice", "bob"):
        site.member(owner, name, roles=["role_member", role["id"], base["id"]])
    site.member(owner, "ada", roles=["role_admin"])
    page = open_browser(site)
    Person(page, "en-GB").sign_in()
    open_role(page, role)
    bar = page.get_by_role("region", name="Unsaved changes")
    choose(page, "users.read", "Allow")
    expect(bar).to_contain_text("2 of 2 members affected")
    choose(page, "users.read", "Not set")
    choose(page, "presence.history", "Allow")
    expect(bar).to_contain_text("No change for the 2 members with this role")
    choose(page, "users.export", "Deny")
    expect(bar).to_contain_text("2 of 2 members affected")

    bar.get_by_role("button", name="Preview").click()
    dialog = page.get_by_role("dialog", name="Members affected by “reader”")
    expect(dialog.get_by_role("list", name="Affected members").get_by_role("listitem")).to_have_count(2)
    dialog.get_by_label("Preview for one member").press_sequentially("ali")
    dialog.get_by_role("button", name=re.compile("alice")).click()
    result = dialog.get_by_role("group", name="Permissions of alice after the change")
    expect(result).to_contain_text("users.export")
    expect(result).to_contain_text("Read the audit log")
    page.keyboard.press("Escape")
    save(page, "reader")
    assert "users.export" not in site.call("GET", "/users/u_alice/roles", token=owner).expect(200).json["permissions"]

    # Ada is the only one besides the owner who manages roles.
    open_role(page, {"id": site.call("GET", "/roles/role_admin", token=owner).json["id"], "name": "Admin"})
    choose(page, "roles.manage", "Deny")
    expect(bar).to_contain_text("Only the owner could still manage roles")
    page.get_by_role("button", name="Save", exact=True).click()
    question = page.get_by_role("dialog", name="This would lock everyone out")
    question.get_by_role("button", name="Cancel").click()
    expect(question).to_have_count(0)
    assert site.call("GET", "/roles/role_admin", token=owner).expect(200).json["denied"] == []
    page.get_by_role("button", name="Save", exact=True).click()
    question.get_by_role("button", name="Continue anyway").click()
    expect(page.get_by_text("Role “Admin” saved").first).to_be_visible()
    assert site.call("GET", "/roles/role_admin", token=owner).expect(200).json["denied"] == ["roles.manage"]


def test_history_reads_like_sentences_and_goes_back_and_what_is_deleted_returns(site, open_browser):
    owner = site.owner_token()
    role = make(site, owner, "guide", permissions=["chat.read"])
    site.member(owner, "alice", roles=["role_member", role["id"]])
    site.call("PATCH", f"/roles/{role['id']}", {"permissions": ["users.read"], "priority": 45, "inherits": ["role_member"]}, owner).expect(200)
    page = open_browser(site)
    person = Person(page, "en-GB").sign_in()
    open_role(page, role, "history")
    newest = page.get_by_role("list", name="History").get_by_role("listitem").first
    for text in ("Rank", "Inherits from Member", "Allows See the members and their profiles", "No longer sets Read conversations"):
        expect(newest).to_contain_text(text)
    page.get_by_role("button", name="Roll back to version 1").click()
    expect(page.get_by_text("Rolled back to version 1").first).to_be_visible()
    back = site.call("GET", "/roles/role_guide", token=owner).expect(200).json
    assert back["permissions"] == ["chat.read"] and back["priority"] == 40 and back["version"] == 3
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Rolled back to version 2").first).to_be_visible()
    assert site.call("GET", "/roles/role_guide", token=owner).expect(200).json["permissions"] == ["users.read"]

    person.go("roles")
    page.get_by_role("button", name="Actions for the role guide").click()
    page.get_by_role("menuitem", name="Delete").click()
    expect(page.get_by_role("link", name="guide", exact=True)).to_have_count(0)
    page.get_by_role("tab", name="Deleted").click()
    deleted = page.get_by_role("list", name="Deleted roles").get_by_role("listitem")
    expect(deleted).to_contain_text("guide")
    expect(deleted).to_contain_text("1 former member")
    page.reload()
    page.get_by_role("button", name="Restore the role guide").click()
    expect(page.get_by_text("Role “guide” restored").first).to_be_visible()
    page.get_by_role("tab", name="Active").click()
    expect(page.get_by_role("link", name="guide", exact=True)).to_be_visible()
    assert "users.read" in site.call("GET", "/users/u_alice/roles", token=owner).expect(200).json["permissions"]


@pytest.mark.parametrize("database", ["sqlite", "postgres"], indirect=True)
def test_a_role_for_a_time_is_foreseen_shown_moved_and_ends_while_the_server_is_away(site, open_browser):
    owner = site.owner_token()
    site.member(owner, "alice")
    role = make(site, owner, "reader", permissions=["audit.read"], denied=["voice.join"])
    page = open_browser(site)
    person = Person(page, "en-GB").sign_in()
    person.open_member("alice", tab="roles")
    form = page.get_by_role("form", name="Assign role")
    choose_option(form.get_by_label("Assign role"), "reader")
    foreseen = form.get_by_role("status", name="What would change")
    expect(foreseen).to_contain_text("Read the audit log")
    expect(foreseen).to_contain_text("voice.join")
    tomorrow = datetime.datetime.now() + datetime.timedelta(days=1)
    form.get_by_label(re.compile("^Until")).fill(tomorrow.strftime("%Y-%m-%dT%H:%M"))
    form.get_by_role("button", name="Assign").click()
    held = page.get_by_role("list", name="Roles").get_by_role("listitem").filter(has_text="reader")
    expect(held).to_contain_text("until")
    held.get_by_role("button", name="Change expiry of reader").click()
    dialog = page.get_by_role("dialog", name="Role expiry: reader")
    dialog.get_by_role("button", name="No expiry").click()
    dialog.get_by_role("button", name="Save").click()
    expect(held).not_to_contain_text("until")
    assert site.call("GET", "/users/u_alice/roles", token=owner).expect(200).json["roles"][0]["expires_at"] is None

    end = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=8)
    site.call("POST", "/users/u_alice/roles", {"role_id": role["id"], "expires_at": end.isoformat()}, owner).expect(200)
    expect(held).to_contain_text("until")
    site.kill()
    while datetime.datetime.now(datetime.timezone.utc) < end:
        time.sleep(0.05)
    site.start()
    owner = site.owner_token()
    assert "audit.read" not in site.call("GET", "/users/u_alice/roles", token=owner).expect(200).json["permissions"]
    person.expect_live()
    expect(held).to_have_count(0, timeout=40_000)
    entry = site.call("GET", "/audit?action=role.revoke", token=owner).expect(200).json["items"][0]
    assert entry["actor_user_id"] is None and entry["payload"]["reason"] == "expired"


def test_exceptions_are_made_with_a_reason_and_everything_is_explained(site, open_browser):
    owner = site.owner_token()
    site.member(owner, "alice", display_name="Alice")
    page = open_browser(site)
    person = Person(page, "en-GB").sign_in()
    person.open_member("Alice", tab="roles")
    why = page.get_by_role("region", name="Effective permissions")
    pick(why.get_by_role("radio", name="All", exact=True))

    def line(key):
        return why.get_by_role("list", name="Effective permissions").get_by_role("listitem").filter(has=page.get_by_text(key, exact=True))

    def set_to(key, effect, reason=None):
        why.get_by_role("button", name=f"Override for {key}", exact=True).click()
        dialog = page.get_by_role("dialog", name="Override for Alice")
        pick(dialog.get_by_role("radio", name=effect, exact=True))
        if reason:
            dialog.get_by_label("Reason").fill(reason)
        dialog.get_by_role("button", name="Save").click()
        expect(dialog).to_have_count(0)

    set_to("audit.read", "Allow", "Helps with the review")
    expect(line("audit.read")).to_contain_text("Allowed for this member Helps with the review")
    set_to("chat.write", "Deny", "Asked for silence")
    expect(line("chat.write")).to_contain_text("Denied for this member Asked for silence")
    expect(line("chat.write")).to_contain_text("Allowed by Member")
    overrides = {each["permission"]: each["effect"] for each in site.call("GET", "/users/u_alice/overrides", token=owner).json["items"]}
    assert overrides == {"audit.read": "allow", "chat.write": "deny"}
    between = datetime.datetime.now() + datetime.timedelta(seconds=1)
    while datetime.datetime.now() < between + datetime.timedelta(seconds=1):
        time.sleep(0.05)
    set_to("audit.read", "No override")
    expect(line("audit.read")).to_contain_text("No role grants it")
    page.get_by_role("button", name="Undo").last.click()
    expect(line("audit.read")).to_contain_text("Allowed for this member")
    set_to("audit.read", "No override")
    expect(line("audit.read")).to_contain_text("No role grants it")
    pick(why.get_by_role("radio", name="Overrides"))
    expect(line("chat.write")).to_have_count(1)
    expect(line("audit.read")).to_have_count(0)

    # Could she then?
    why.get_by_label("At another date").fill(between.strftime("%Y-%m-%dT%H:%M:%S"))
    expect(why.get_by_text("Permissions on")).to_be_visible()
    expect(line("audit.read")).to_contain_text("Allowed for this member Helps with the review")
    expect(why.get_by_role("button", name="Override for audit.read")).to_have_count(0)
    why.get_by_role("button", name="Back to now").click()
    expect(line("audit.read")).to_have_count(0)


def test_who_can_do_something_is_listed_with_the_reasons(site, open_browser):
    owner = site.owner_token()
    reader = make(site, owner, "reader", permissions=["audit.read"])
    make(site, owner, "heir", 50, inherits=[reader["id"]])
    site.member(owner, "alice", display_name="Alice", roles=["role_member", "role_heir"])
    site.member(owner, "bob", display_name="Bob")
    site.call("PUT", "/users/u_bob/overrides/audit.read", {"effect": "allow", "reason": "Reviews the log"}, owner).expect(200)
    page = open_browser(site)
    person = Person(page, "en-GB").sign_in()
    person.go("roles")
    page.get_by_role("link", name="Who can…").click()
    expect(page.get_by_role("heading", name="Choose a permission")).to_be_visible()
    choose_option(page.get_by_label("Permission", exact=True), "Read the audit log")
    people = page.get_by_role("list", name="Members with this permission").get_by_role("listitem")
    expect(people).to_have_count(3)
    expect(page.get_by_text("3 members have it")).to_be_visible()
    expect(people.filter(has_text="Alice")).to_contain_text("Allowed by reader (inherited through heir)")
    expect(people.filter(has_text="Bob")).to_contain_text("Allowed for this member Reviews the log")
    # Live, and by its address.
    site.call("DELETE", f"/users/u_alice/roles/{site.call('GET', '/roles/role_heir', token=owner).json['id']}", token=owner).expect(200)
    expect(people).to_have_count(2)
    page.reload()
    expect(people).to_have_count(2)
    people.filter(has_text="Bob").get_by_role("link").click()
    expect(page.get_by_role("region", name="Effective permissions")).to_be_visible()


@pytest.mark.parametrize(("theme", "locale"), [("dark", "en-GB"), ("light", "fr-FR")])
def test_axe_finds_nothing_in_the_dialogs_of_roles(site, open_browser, theme, locale):
    owner = site.owner_token()
    role = make(site, owner, "guide", permissions=["chat.read"], color="#c2410c", description="Accueille les nouveaux")
    alice = site.member(owner, "alice", roles=["role_member", role["id"]])
    gone = make(site, owner, "ancien")
    site.call("DELETE", f"/roles/{gone['id']}", token=owner).expect(204)
    french = locale == "fr-FR"
    page = open_browser(site, locale, color_scheme=theme)
    Person(page, locale).sign_in()
    found = []

    def look(path, *buttons):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        for button in buttons:
            page.get_by_role("button", name=re.compile(button)).first.click()
        if buttons:
            expect(page.get_by_role("dialog")).to_be_visible()
        page.wait_for_load_state("networkidle")
        found.extend(violations(page, f"{path} {buttons}"))

    look("/panel/roles")
    look("/panel/roles?deleted=1")
    look("/panel/roles/who")
    look("/panel/roles/who?key=chat.read")
    look(f"/panel/members/{alice['id']}/roles", "^(Override for|Exception pour) chat.read")
    look(f"/panel/members/{alice['id']}/roles", "^(Change expiry of|Modifier l’expiration)")
    open_role(page, role)
    choose(page, "audit.read", "Autoriser" if french else "Allow")
    page.get_by_role("button", name="Aperçu" if french else "Preview").click()
    expect(page.get_by_role("dialog").get_by_role("list").first).to_be_visible()
    found += violations(page, "preview")
    page.keyboard.press("Escape")
    site.call("PATCH", f"/roles/{role['id']}", {"permissions": ["chat.read", "users.read"], "description": "x"}, owner).expect(200)
    page.get_by_role("alert").get_by_role("button").click()
    expect(page.get_by_role("dialog").get_by_role("radio").first).to_be_attached()
    page.wait_for_load_state("networkidle")
    found += violations(page, "merge")
    page.keyboard.press("Escape")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("width", [320, 360])
def test_nothing_scrolls_sideways_in_the_pages_of_roles(site, open_browser, width):
    owner = site.owner_token()
    role = make(site, owner, "modération-du-week-end-prolongé", permissions=["chat.read", "users.*"], inherits=["role_member"])
    alice = site.member(owner, "alice", display_name="Maximilienne-Alexandrine de la Rochefoucauld", roles=["role_member", role["id"]])
    page = open_browser(site, "fr-FR", viewport={"width": width, "height": 640}, has_touch=True)
    Person(page, "fr-FR").sign_in()
    wide = []
    for path in ("/panel/roles", "/panel/roles?deleted=1", f"/panel/roles/{role['id']}/history", "/panel/roles/who", "/panel/roles/who?key=chat.read", f"/panel/members/{alice['id']}/roles"):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        size = page.evaluate("[document.scrollingElement.scrollWidth, document.getElementById('main')?.scrollWidth, innerWidth]")
        if max(size[:2]) > size[2]:
            wide.append(f"{path}: {size}")
    assert not wide, "\n".join(wide)
