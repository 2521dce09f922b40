"""WebKitGTK's browser behind the part of Playwright's vocabulary that the steps of `Person` use.

Roles and names are those that WebKit computes for assistive technology; a selector only narrows down which elements it is asked about.
"""
import contextlib
import re
import time

from webdriver import ELEMENT, Driver, Refusal, Session

PATIENCE = 10.0
CANDIDATES = {
    "button": "button, summary, [role=button]",
    "combobox": "[role=combobox]",
    "form": "form",
    "group": "fieldset, details, [role=group]",
    "heading": "h1, h2, h3, h4, h5, h6",
    "link": "a",
    "list": "ul, ol, [role=list]",
    "navigation": "nav",
    "option": "[role=option]",
    "radio": "input[type=radio], [role=radio]",
    "row": "tr, [role=row]",
    "tab": "[role=tab]",
}
KEYS = {"Space": " "}
# Not there yet, or no longer: to be looked for again.
PASSING = {"stale element reference", "element not interactable", "element click intercepted", "no such element"}

BY_TEXT = """
const [root, source, flags, literal] = arguments, shown = (each) => each.textContent.replace(/\\s+/g, " ").trim();
const fits = (each) => literal === null ? new RegExp(source, flags).test(shown(each)) : shown(each) === literal;
return [...(root ?? document.body).querySelectorAll("*")].filter((each) => fits(each) && ![...each.children].some(fits));
"""
# The driver's own opinion leaves out whatever stands in a box that cuts what is too long for it.
IS_VISIBLE = """
const [each] = arguments, box = each.getBoundingClientRect();
return box.width > 0 && box.height > 0 && each.checkVisibility({ visibilityProperty: true });
"""
WATCH = """
window.faults = [];
addEventListener("error", (event) => faults.push(event.message));
addEventListener("unhandledrejection", (event) => faults.push(String(event.reason)));
addEventListener("securitypolicyviolation", (event) => faults.push(`refused: ${event.violatedDirective} ${event.blockedURI}`));
"""


def fits(text: str, wanted: str | re.Pattern | None, exact: bool = False) -> bool:
    """As Playwright compares: white space is one space, text is a part in any case unless `exact`."""
    text = re.sub(r"\s+", " ", text).strip()
    if wanted is None:
        return True
    if isinstance(wanted, re.Pattern):
        return bool(wanted.search(text))
    wanted = re.sub(r"\s+", " ", wanted)
    return text == wanted if exact else wanted.casefold() in text.casefold()


def role_of(session: Session, element: str) -> str | None:
    """Nothing for what assistive technology does not see: the driver has no better word for that than "unknown error"."""
    try:
        return session.get(f"/element/{element}/computedrole")
    except Refusal as refusal:
        if refusal.code != "unknown error":
            raise
        return None


class Within:
    """What a page and a locator have in common: places to look from."""

    def locate(self, step) -> "Locator":
        raise NotImplementedError

    def get_by_role(self, role: str, name=None, exact: bool = False, level: int | None = None) -> "Locator":
        selector = f"h{level}" if role == "heading" and level else CANDIDATES[role]

        def find(session: Session, root: str | None) -> list[str]:
            return [each for each in session.elements(selector, root)
                    if role_of(session, each) == role
                    and (name is None or fits(session.get(f"/element/{each}/computedlabel"), name, exact))]
        return self.locate((f"{role} {name or ''}", find))

    def get_by_label(self, name, exact: bool = False) -> "Locator":
        def find(session: Session, root: str | None) -> list[str]:
            return [each for each in session.elements("input, textarea, [role=combobox]", root)
                    if fits(session.get(f"/element/{each}/computedlabel"), name, exact)]
        return self.locate((f"label {name}", find))

    def get_by_text(self, text, exact: bool = False) -> "Locator":
        pattern, literal = (text.pattern, None) if isinstance(text, re.Pattern) else (re.escape(text), text if exact else None)

        def find(session: Session, root: str | None) -> list[str]:
            found = session.run(BY_TEXT, root and {ELEMENT: root}, pattern, "u", literal)
            return [each[ELEMENT] for each in found]
        return self.locate((f"text {text}", find))


class Page(Within):
    """One window of WebKit on a site."""

    def __init__(self, driver: Driver, address: str):
        self.session, self.address = driver.open(), address
        self.faults: list[str] = []
        self.is_open = True

    def locate(self, step) -> "Locator":
        return Locator(self.session, (step,))

    def goto(self, path: str) -> None:
        self.collect()
        self.session.post("/url", url=self.address + path)
        self.session.run(WATCH)

    def reload(self) -> None:
        self.collect()
        self.session.post("/refresh")
        self.session.run(WATCH)

    def collect(self) -> None:
        """Keeps what went wrong in the document that is about to go."""
        self.faults += self.session.run("return window.faults ?? []")

    def close(self) -> None:
        if self.is_open:
            self.is_open = False
            try:
                self.collect()
            finally:
                self.session.close()


class Locator(Within):
    """How to find elements, looked for anew each time."""

    def __init__(self, session: Session, steps: tuple):
        self.session, self.steps = session, steps

    def __str__(self) -> str:
        return " > ".join(name for name, _ in self.steps)

    def locate(self, step) -> "Locator":
        return Locator(self.session, (*self.steps, step))

    @property
    def page(self) -> "Locator":
        """The whole page again."""
        return Locator(self.session, ())

    @property
    def first(self) -> "Locator":
        *before, (name, find) = self.steps
        return Locator(self.session, (*before, (f"first {name}", lambda session, root: find(session, root)[:1])))

    def filter(self, has: "Locator") -> "Locator":
        *before, (name, find) = self.steps
        return Locator(self.session, (*before, (
            f"{name} with ({has})", lambda session, root: [each for each in find(session, root) if has.elements(each)])))

    def elements(self, root: str | None = None) -> list[str]:
        roots = [root]
        for _, find in self.steps:
            roots = list(dict.fromkeys(each for start in roots for each in find(self.session, start)))
        return roots

    def count(self) -> int:
        return len(self.elements())

    def do(self, action) -> None:
        """`action` on the one element that is found, as soon as it is there and can be used."""
        deadline, reason = time.monotonic() + PATIENCE, "it is not there"
        while time.monotonic() < deadline:
            try:
                found = self.elements()
                assert len(found) < 2, f"{self}: {len(found)} elements, one is meant"
                if found:
                    return action(found[0])
            except Refusal as refusal:
                if refusal.code not in PASSING:
                    raise
                reason = str(refusal)
            time.sleep(0.05)
        raise AssertionError(f"{self}: {reason}")

    def click(self) -> None:
        self.do(lambda element: self.session.post(f"/element/{element}/click"))

    def focus(self) -> None:
        self.do(self.give_focus)

    def give_focus(self, element: str) -> None:
        self.session.run("arguments[0].focus()", {ELEMENT: element})

    def press(self, key: str) -> None:
        """A key of the keyboard on the focused element."""
        def act(element: str) -> None:
            self.give_focus(element)
            value = KEYS[key]
            self.session.post("/actions", actions=[{"type": "key", "id": "keyboard", "actions": [
                {"type": "keyDown", "value": value}, {"type": "keyUp", "value": value}]}])
        self.do(act)

    def press_sequentially(self, text: str) -> None:
        self.do(lambda element: self.session.post(f"/element/{element}/value", text=text))


class Expectation:
    """What a locator must come to show before patience ends."""

    def __init__(self, locator: Locator):
        self.locator, self.session = locator, locator.session

    def meet(self, what: str, holds, timeout: float | None) -> None:
        deadline, seen = time.monotonic() + (timeout / 1000 if timeout else PATIENCE), None
        while True:
            with contextlib.suppress(Refusal):
                found = self.locator.elements()
                is_met, seen = holds(found)
                if is_met:
                    return
            assert time.monotonic() < deadline, f"{self.locator}: expected {what}; seen: {seen}"
            time.sleep(0.05)

    def of_one(self, what: str, read, holds, timeout: float | None) -> None:
        def check(found: list[str]):
            if len(found) != 1:
                return False, f"{len(found)} elements"
            value = read(found[0])
            return holds(value), value
        self.meet(what, check, timeout)

    def to_have_text(self, pattern: re.Pattern, timeout: float | None = None) -> None:
        self.of_one(f"text {pattern.pattern}", self.text, lambda text: fits(text, pattern), timeout)

    def to_contain_text(self, part: str, timeout: float | None = None) -> None:
        self.of_one(f"text with {part}", self.text, lambda text: part in text, timeout)

    def to_be_visible(self, timeout: float | None = None) -> None:
        self.of_one("to be visible", lambda element: self.session.run(IS_VISIBLE, {ELEMENT: element}), bool, timeout)

    def to_be_checked(self, timeout: float | None = None) -> None:
        self.of_one("to be checked", lambda element: self.session.get(f"/element/{element}/selected"), bool, timeout)

    def text(self, element: str) -> str:
        return re.sub(r"\s+", " ", self.session.run("return arguments[0].innerText", {ELEMENT: element})).strip()
