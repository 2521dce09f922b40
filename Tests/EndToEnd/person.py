"""What a person does in the panel, by role and label, in French or English."""
import re

from engines import Page, choose_option, expect
from foyer import OWNER

WORDS = {
    "en-GB": {
        "language": "English", "login": "Username or e-mail", "password": "Password", "sign in": "Sign in",
        "username": "Username", "email": "E-mail", "create owner": "Create account",
        "home": "Home", "panel": "Panel", "dashboard": "Dashboard", "members": "Members", "roles": "Roles", "audit": "Audit log", "settings": "Settings",
        "create role": "Create role", "save new role": "Create role", "name": "Name", "permissions": "Permissions",
        "allow": "Allow", "save": "Save", "role created": "Role “{}” created", "role saved": "Role “{}” saved",
        "give role": "Assign role", "give": "Assign", "reason": "Reason",
        "choose status": "Your status", "do not disturb": "Do not disturb", "idle": "Idle", "online": "Online",
        "status message": "Status message", "save message": "Save message",
        "add member": "Add member", "add": "Add member", "connection": "Connection", "live": "Live",
        "live otherwise": "Live, without WebSocket", "feed": "Activity", "loading": "Loading…",
        "set up": "Set up", "create key": "Create API key",
    },
    "fr-FR": {
        "language": "Français", "login": "Nom d’utilisateur ou e-mail", "password": "Mot de passe", "sign in": "Se connecter",
        "username": "Nom d’utilisateur", "email": "E-mail", "create owner": "Créer le compte",
        "home": "Accueil", "panel": "Panel", "dashboard": "Tableau de bord", "members": "Membres", "roles": "Rôles", "audit": "Journal d’audit", "settings": "Réglages",
        "create role": "Créer un rôle", "save new role": "Créer le rôle", "name": "Nom", "permissions": "Permissions",
        "allow": "Autoriser", "save": "Enregistrer", "role created": "Rôle « {} » créé", "role saved": "Rôle « {} » enregistré",
        "give role": "Attribuer un rôle", "give": "Attribuer", "reason": "Motif",
        "choose status": "Votre statut", "do not disturb": "Ne pas déranger", "idle": "Inactif", "online": "En ligne",
        "status message": "Message de statut", "save message": "Enregistrer le message",
        "add member": "Ajouter un membre", "add": "Ajouter le membre", "connection": "Connexion", "live": "En direct",
        "live otherwise": "En direct, sans WebSocket", "feed": "Activité", "loading": "Chargement…",
        "set up": "Configurer", "create key": "Créer une clé d’API",
    },
}


class Person:
    """Somebody at their browser."""

    def __init__(self, page: Page, locale: str):
        self.page, self.words = page, WORDS[locale]

    def sign_in(self, username: str = OWNER["username"], password: str = OWNER["password"], way: str = "live") -> "Person":
        self.page.goto("/")
        self.page.get_by_label(self.words["login"]).press_sequentially(username)
        self.page.get_by_label(self.words["password"], exact=True).press_sequentially(password)
        self.page.get_by_role("button", name=self.words["sign in"]).click()
        self.expect_live(way)
        return self

    def choose_language(self) -> None:
        """On the sign-in page, while it speaks another language."""
        self.page.goto("/")
        self.page.get_by_role("button", name=self.words["language"]).click()
        expect(self.page.get_by_role("heading", level=1, name=self.words["sign in"])).to_be_visible()

    def expect_live(self, way: str = "live", timeout: float = 45_000) -> None:
        """`way`: "live" by WebSocket, "live otherwise" by what stands in for it.

        After a server was away for long the app waits up to half a minute before it tries again (`longestDelay`), perhaps by a lesser way, and
        climbs from there two seconds later (`soonClimb`).
        """
        link = self.page.get_by_role("group", name=self.words["connection"])
        expect(link).to_have_text(re.compile(rf"^{self.words[way]}( ·.*)?$"), timeout=timeout)

    def go(self, place: str) -> None:
        """By the navigation, as a person would."""
        navigation = self.page.get_by_role("navigation")
        link = navigation.get_by_role("link", name=self.words[place])
        if link.count() == 0:
            navigation.get_by_role("link", name=self.words["home" if place == "settings" else "panel"]).first.click()
        link.first.click()
        expect(self.page.get_by_role("heading", level=1, name=self.words[place])).to_be_visible()

    def expect_toast(self, key: str, *values: str) -> None:
        text = self.words[key].format(*values).replace(" ", r"\s")
        expect(self.page.get_by_text(re.compile(text)).first).to_be_visible()

    def create_role(self, name: str, *permissions: str) -> None:
        self.go("roles")
        self.page.get_by_role("link", name=self.words["create role"]).click()
        self.page.get_by_label(self.words["name"], exact=True).press_sequentially(name)
        self.page.get_by_role("tab", name=self.words["permissions"]).click()
        for key in permissions:
            choice = self.page.get_by_role("group", name=re.compile(rf"\({re.escape(key)}\)")).get_by_role("radio", name=self.words["allow"])
            choice.focus()
            choice.press("Space")
            expect(choice).to_be_checked()
        self.page.get_by_role("button", name=self.words["save new role"]).click()
        self.expect_toast("role created", name)

    def open_member(self, name: str, tab: str | None = None) -> None:
        self.go("members")
        self.page.get_by_role("link", name=name, exact=True).first.click()
        if tab:
            self.page.get_by_role("tab", name=re.compile(rf"^{self.words[tab]}")).click()

    def assign(self, role: str, reason: str) -> None:
        """In the open sheet of a member."""
        form = self.page.get_by_role("form", name=self.words["give role"])
        choose_option(form.get_by_label(self.words["give role"]), role)
        form.get_by_label(re.compile(rf"^{self.words['reason']}")).press_sequentially(reason)
        form.get_by_role("button", name=self.words["give"]).click()
        self.expect_role(role)

    def expect_role(self, role: str) -> None:
        """The open sheet of a member lists it."""
        expect(self.page.get_by_role("list", name=self.words["roles"]).get_by_text(role, exact=True)).to_be_visible()

    def expect_status(self, name: str, text: str) -> None:
        """The open list of members shows it beside a name; `text` is a status's key or a message."""
        row = self.page.get_by_role("row").filter(has=self.page.get_by_role("link", name=name, exact=True))
        expect(row).to_contain_text(self.words.get(text, text))

    def choose_status(self, status: str) -> None:
        self.page.get_by_role("button", name=re.compile(re.escape(self.words["choose status"]), re.I)).first.click()
        self.page.get_by_role("radio", name=re.compile(rf"^{self.words[status]}")).click()

    def say(self, message: str) -> None:
        self.page.get_by_role("button", name=re.compile(re.escape(self.words["choose status"]), re.I)).first.click()
        self.page.get_by_label(self.words["status message"]).press_sequentially(message)
        self.page.get_by_role("button", name=self.words["save message"]).click()
