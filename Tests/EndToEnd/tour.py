"""Every page and every layer of the app, one after the other: what has to hold everywhere is looked at as a tour passes by.

A tour is a generator: it opens the next place, and gives its name while it is on screen.
"""
import base64
import re

from playwright.sync_api import Page, expect

from engines import choose_option
from foyer import OWNER, Site, one_time_code
from postbox import Postbox, token
from words import Words

LONG = "Maximilienne-Alexandrine de la Rochefoucauld-Montbel d’Estissac"
PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAIAAAAlC+aJAAAAKklEQVR42u3NMQEAAAgDIJfc6BpjDxQgd6/NAQAAAAAAAAAAAAAAAAAA3xb8JAFAl7S2fQAAAABJRU5ErkJggg==")


class FullSite:
    """A site with people, a long name, roles of every kind, requests, invitations and keys."""

    def __init__(self, site: Site, box: Postbox):
        self.site, self.box = site, box
        self.owner = owner = site.owner_token()
        make = lambda path, body: site.call("POST", path, body, owner).expect(200, 201, 202, 204).json
        self.base = make("/roles", {"name": "lecture", "priority": 20, "permissions": ["users.read", "roles.read"]})
        self.role = make("/roles", {
            "name": "modération-du-week-end", "description": "Signalements", "priority": 30, "permissions": ["moderation.*"],
            "denied": ["webhooks.manage"], "inherits": [self.base["id"]], "color": "#c2410c"})
        site.call("PATCH", f"/roles/{self.role['id']}", {"permissions": ["moderation.*", "users.update"], "priority": 31}, owner).expect(200)
        gone = make("/roles", {"name": "ancien-rôle", "priority": 25, "permissions": ["users.read"]})
        site.call("DELETE", f"/roles/{gone['id']}", token=owner).expect(200, 204)
        self.member = site.member(owner, "maximilienne", display_name=LONG, roles=[self.role["id"]], tags=["beta", "fr"])
        for number in range(12):
            site.member(owner, f"member{number}")
        make("/users/u_maximilienne/status", {"status": "dnd", "status_message": "En réunion jusqu’à seize heures"})
        make("/users/u_member1/ban", {"reason": "Essai", "duration_s": 86400})
        site.call("PUT", "/users/u_maximilienne/overrides/audit.read", {"effect": "allow", "reason": "Pour l’enquête"}, owner).expect(200, 201, 204)
        for scopes in ([], ["*"], ["users.read", "roles.read", "audit.read", "presence.read", "moderation.*"]):
            make("/api-keys", {"name": f"clé {LONG}"[:64].strip(), "scopes": scopes})
        self.invitation = make("/invitations", {"note": f"Pour {LONG}", "max_uses": 100, "roles": [self.role["id"]]})["url"]
        self.set_door("approval")
        site.call("POST", "/auth/register", {
            "username": "asker", "email": "asker@site.test", "password": "a fine long passphrase", "message": "Bonjour"}).expect(202)
        site.call("POST", "/auth/email/verify", {"token": token(box.wait("asker@site.test")), "password": "a fine long passphrase"}).expect(200)
        self.make = make
        self.tag()
        self.set_door("open", rules={"en": "Be kind.\n" * 20, "fr": "Soyez aimables.\n" * 20})
        self.protect("member0")
        entry = site.call("GET", "/audit?action=role.update&limit=1", token=owner).expect(200).json["items"][0]
        person, role = f"/panel/members/{self.member['id']}", f"/panel/roles/{self.role['id']}"
        self.paths = [
            "/", "/panel", "/panel/members", "/panel/members?search=nobody-of-that-name", "/panel/members/00000000-0000-8000-8000-000000000000",
            "/panel/members?tag=beta&banned=false&sort=-username", person, f"{person}/roles", f"{person}/history", f"{person}/moderation", f"{person}/audit",
            "/panel/members?new=1", "/panel/online", "/panel/online?by=role", "/panel/online?text=nobody-of-that-name",
            "/panel/roles", "/panel/roles?deleted=1", "/panel/roles/new", f"{role}/permissions", f"{role}/display", f"{role}/members", f"{role}/history",
            "/panel/roles/who", "/panel/roles/who?key=users.update", "/panel/audit", f"/panel/audit/{entry['id']}",
            "/panel/requests/requests", "/panel/requests/invitations", "/panel/requests/door",
            "/panel/members/import", "/panel/catalogue/tmdb", "/panel/catalogue/file", "/panel/webhooks", "/panel/alerts", "/panel/visits",
            "/settings", "/settings/appearance", "/settings/account", "/settings/security", "/settings/sessions", "/settings/keys", "/nowhere-at-all",
        ]

    def set_door(self, mode: str, **more) -> None:
        self.site.call("PATCH", "/settings", {"registration_mode": mode} | more, self.owner).expect(200)

    def tag(self) -> None:
        """Does something to many, of whom there is one."""
        job = self.make("/users/bulk", {"action": "add_tag", "tag": "passage", "users": [self.member["id"]]})
        self.make(f"/users/bulk/{job['id']}/run", {})

    def protect(self, name: str) -> None:
        """Gives a member a second factor."""
        theirs = self.site.login(name, f"passphrase of {name}")
        secret = self.site.call("POST", "/users/me/totp", {"password": f"passphrase of {name}"}, theirs).expect(201).json["secret"]
        self.site.call("POST", "/users/me/totp/confirm", {"code": one_time_code(secret)}, theirs).expect(200)


def settle(page: Page) -> None:
    """What was asked for has come: nothing stands for something else any more."""
    expect(page.get_by_role("heading", level=1).first).to_be_visible()
    expect(page.locator(".skeletons")).to_have_count(0)
    page.evaluate("document.fonts.ready.then(() => true)")


def doors(full: FullSite, page: Page, t: Words):
    """What one sees before one is in."""

    def title(key: str) -> None:
        expect(page.get_by_role("heading", level=1)).to_have_text(t(key))

    def button(key: str):
        return page.get_by_role("button", name=t(key), exact=True)

    def fill(**fields) -> None:
        for key, value in fields.items():
            page.get_by_label(t(key.replace("__", ".")), exact=True).fill(value)

    def follow(link: str) -> None:
        """From a mail: on the page that is open already, another fragment would be no navigation."""
        page.goto("about:blank")
        page.goto(link)

    page.goto("/")
    title("signIn.title")
    yield "sign-in"
    fill(signIn__login="nobody", signIn__password="not the password")
    button("signIn.submit").click()
    expect(page.get_by_role("alert")).to_contain_text(t("signIn.wrong"))
    yield "sign-in refused"
    fill(signIn__login="member0", signIn__password="passphrase of member0")
    button("signIn.submit").click()
    title("signIn.codeTitle")
    yield "second factor"
    page.goto("/setup")
    title("setUp.done.title")
    yield "set-up"
    page.goto("/join")
    title("join.title")
    yield "join"
    # Of its own in each language: the one before still has theirs.
    name = f"comer{len(t('join.title'))}"
    fill(user__username=name, user__email=f"{name}@site.test", signIn__password="a fine long passphrase")
    page.get_by_role("checkbox", name=t("join.accept")).check()
    button("join.submit").click()
    title("join.mail.title")
    yield "join: mailbox"
    follow(full.invitation)
    expect(page.get_by_text(t("join.invited", name="owner"))).to_be_visible()
    yield "join: invited"
    for mode, words in (("approval", "join.asks"), ("invitation", "join.byInvitation"), ("closed", "join.closed")):
        full.set_door(mode)
        page.goto("/join")
        expect(page.get_by_text(t(words))).to_be_visible()
        yield f"join: {mode}"
    full.set_door("open")
    page.goto("/verify")
    title("verify.title")
    yield "verify without a link"
    follow("/verify#token=not-one-of-ours")
    fill(verify__password="not the password")
    button("verify.submit").click()
    expect(page.get_by_role("alert")).to_be_visible()
    yield "verify with an old link"
    page.goto("/signin/forgot")
    expect(button("forgot.submit")).to_be_visible()
    yield "forgot"
    fill(user__email="nobody@site.test")
    button("forgot.submit").click()
    expect(page.get_by_text(t("forgot.done", email="nobody@site.test"))).to_be_visible()
    yield "forgot: sent"
    follow("/reset#token=not-one-of-ours")
    expect(button("reset.submit")).to_be_visible()
    yield "reset"
    fill(password__new="another long passphrase")
    button("reset.submit").click()
    expect(page.get_by_text(t("reset.missing"))).to_be_visible()
    yield "reset with an old link"


def sign_in(page: Page, t: Words) -> None:
    page.goto("/")
    page.get_by_label(t("signIn.login")).fill(OWNER["username"])
    page.get_by_label(t("signIn.password"), exact=True).fill(OWNER["password"])
    page.get_by_role("button", name=t("signIn.submit"), exact=True).click()
    expect(page.get_by_role("group", name=t("link.label"))).to_contain_text(t("link.live"))


def pages(full: FullSite, page: Page):
    """Every address of the app, once one is in."""
    for path in full.paths:
        page.goto(path)
        settle(page)
        yield path


def layers(full: FullSite, page: Page, t: Words):
    """Every dialog, menu and notice, opened as a person would; nothing is changed but what a layer needs to show itself."""
    person, role = f"/panel/members/{full.member['id']}", f"/panel/roles/{full.role['id']}"
    dialog = page.get_by_role("dialog")

    def go(path: str) -> None:
        page.goto(path)
        settle(page)

    def press(verb: str, within=page, /, **values) -> None:
        within.get_by_role("button", name=t(verb, **values), exact=True).first.click()

    def choose(verb: str, where: str, /, **values) -> None:
        press(where, **values)
        page.get_by_role("menuitem", name=t(verb)).click()

    def opened():
        expect(dialog).to_be_visible()
        expect(dialog.locator(".skeletons")).to_have_count(0)

    def escape() -> None:
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)

    go("/")
    press("rules.read")
    opened()
    yield "new rules"
    escape()
    page.keyboard.press("Control+k")
    opened()
    yield "palette"
    page.keyboard.insert_text("maximi")
    expect(dialog.get_by_role("option", name=re.compile("@maximilienne"))).to_be_visible()
    yield "palette: found"
    escape()
    page.keyboard.press("?")
    opened()
    yield "shortcuts"
    escape()
    page.get_by_role("button", name=re.compile(re.escape(t("me.label", name="owner")))).first.click()
    opened()
    yield "my status"
    escape()

    go(person)
    press("users.actionsFor", user=LONG)
    expect(page.get_by_role("menu")).to_be_visible()
    yield "menu"
    page.get_by_role("menuitem", name=t("users.action.ban")).click()
    opened()
    yield "ban"
    escape()
    choose("status.set", "users.actionsFor", user=LONG)
    opened()
    yield "status of a member"
    escape()
    choose("users.action.resetFactor", "users.actionsFor", user=LONG)
    opened()
    yield "confirmation"
    escape()
    choose("users.action.avatar", "users.actionsFor", user=LONG)
    opened()
    yield "picture: choosing"
    with page.expect_file_chooser() as chooser:
        press("avatar.choose", dialog)
    chooser.value.set_files({"name": "notes.txt", "mimeType": "text/plain", "buffer": b"no picture"})
    expect(dialog.get_by_role("alert")).to_be_visible()
    yield "picture: unreadable"
    with page.expect_file_chooser() as chooser:
        press("avatar.choose", dialog)
    chooser.value.set_files({"name": "picture.png", "mimeType": "image/png", "buffer": PIXEL})
    expect(dialog.get_by_role("slider")).to_be_visible()
    yield "picture: cutting"
    escape()

    # Its line stands above the list for a minute.
    full.tag()
    go("/panel/members")
    press("bulk.detailsOf", what=t("bulk.of", action=t("bulk.action.add_tag").removesuffix("…"), what="passage"))
    opened()
    yield "job"
    escape()
    go(f"{person}/roles")
    press("override.edit", key="audit.read")
    opened()
    yield "exception"
    escape()
    press("users.changeEnd", role=full.role["name"])
    opened()
    yield "end of a role"
    escape()
    choose_option(page.get_by_label(t("users.assign")).last, t("role.title.staff"))
    expect(page.get_by_role("status", name=t("whatIf.title"))).to_be_visible()
    yield "what if"

    go(f"{role}/permissions")
    first = page.get_by_role("group", name=re.compile(r"\(roles\.read\)")).get_by_role("radio", name=t("permissions.allow"), exact=True)
    first.focus()
    first.press("Space")
    press("role.preview")
    opened()
    yield "preview"
    dialog.get_by_label(t("preview.forOne")).fill("maximi")
    dialog.get_by_role("list", name=t("preview.found")).get_by_role("button").first.click()
    expect(dialog.get_by_role("group", name=t("preview.result", user=LONG))).to_be_visible()
    yield "preview for one"
    escape()
    full.site.call("PATCH", f"/roles/{full.role['id']}", {"description": f"Relue en {t('settings.language')}"}, full.owner).expect(200)
    press("merge.open")
    opened()
    yield "merge"
    escape()
    page.once("dialog", lambda asked: asked.accept())
    press("role.discard")

    go("/settings/account")
    press("leave.begin")
    opened()
    yield "leave"
    escape()
    go("/settings/security")
    press("factor.begin")
    opened()
    yield "second factor: who I am"
    dialog.get_by_label(t("password.current"), exact=True).fill(OWNER["password"])
    press("factor.next", dialog)
    expect(dialog.get_by_label(t("factor.code"), exact=True)).to_be_visible()
    yield "second factor: the secret"
    escape()
    go("/settings/keys")
    press("keys.create")
    opened()
    yield "create a key"
    dialog.get_by_label(t("role.name"), exact=True).fill("passage")
    press("keys.createSubmit", dialog)
    expect(dialog.get_by_role("group", name=t("keys.secret"))).to_be_visible()
    yield "the key"
    escape()
    choose("keys.revoke", "keys.actionsFor", key="passage")
    opened()
    yield "revoke a key"
    escape()

    go("/panel/requests/invitations")
    press("invite.create")
    opened()
    yield "create an invitation"
    press("invite.submit", dialog)
    expect(dialog.get_by_role("group", name=t("invite.link"))).to_be_visible()
    yield "the link"
    escape()
    go("/panel/requests/requests")
    press("requests.refuseOne", user="asker")
    opened()
    yield "refuse"
    escape()
    go("/panel/members?search=member3")
    choose("users.action.copyId", "users.actionsFor", user="member3")
    expect(page.get_by_text(t("common.copied"))).to_be_visible()
    yield "toast"
