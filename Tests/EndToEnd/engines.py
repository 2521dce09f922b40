"""The browsers: Chromium and Firefox by Playwright, WebKit by its own driver, all with the same vocabulary."""
import contextlib
import pathlib
import re

from playwright import sync_api

import webkit
from webdriver import Display, Driver

Page = sync_api.Page | webkit.Page

sync_api.expect.set_options(timeout=webkit.PATIENCE * 1000)


def expect(locator):
    """Playwright's expectations, or those of the same names for WebKit."""
    return webkit.Expectation(locator) if isinstance(locator, webkit.Locator) else sync_api.expect(locator)


def choose_option(field, label: str) -> None:
    """What a person picks in a select: opens it and presses the choice."""
    field.click()
    field.page.get_by_role("option", name=label, exact=True).click()


def choose_file(page: Page, button, path: pathlib.Path) -> None:
    """What a person picks after pressing the button; WebKit's driver opens no dialog and hands the file to the field behind it."""
    if isinstance(page, webkit.Page):
        [field] = page.session.elements("input[type=file]")
        return page.session.post(f"/element/{field}/value", text=str(path))
    with page.expect_file_chooser() as chooser:
        button.click()
    chooser.value.set_files(path)


class Window:
    """Somebody's page, what its scripts did wrong, and how it is closed."""

    def __init__(self, page: Page, faults: list[str], close):
        self.page, self.faults, self.close = page, faults, close


class Engines:
    """Started at the first use of each, ended with `with`."""

    def __init__(self, chromium: str = "/usr/bin/chromium-headless-shell"):
        """The headless shell is Chromium without windows, tabs and menus of its own: nothing that a test looks at."""
        self.chromium = chromium
        self.running: dict[str, object] = {}

    def __enter__(self) -> "Engines":
        self.stack = contextlib.ExitStack()
        return self

    def __exit__(self, *_) -> None:
        self.stack.close()

    def open(self, engine: str, address: str, locale: str, **options) -> Window:
        if engine == "webkit":
            assert locale == "en-GB" and not options, "WebKit's browser takes its language from the system and has no options"
            page = webkit.Page(self.once("webkit", self.start_webkit), address)
            return Window(page, page.faults, page.close)
        browser = self.once(engine, getattr(self, f"start_{engine}"))
        # Firefox knows motion by its preferences and refuses to have these set for one context.
        motion = {"reduced_motion": "reduce"} if engine.startswith("chromium") else dict.fromkeys(
            ["color_scheme", "reduced_motion", "forced_colors", "contrast"], "null")
        # A service worker takes requests away from those who watch or answer them here.
        quiet = {"service_workers": "block"}
        context = browser.new_context(**{"base_url": address, "locale": locale} | motion | quiet | options)
        context.set_default_timeout(webkit.PATIENCE * 1000)
        page, faults = context.new_page(), []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: re.match("Refused to|Content-Security-Policy", message.text) and faults.append(message.text))
        return Window(page, faults, context.close)

    def once(self, name: str, start):
        if name not in self.running:
            self.running[name] = start()
        return self.running[name]

    def start_playwright(self):
        return self.stack.enter_context(sync_api.sync_playwright())

    def start_chromium(self):
        playwright = self.once("playwright", self.start_playwright)
        browser = playwright.chromium.launch(executable_path=self.chromium)
        self.stack.callback(browser.close)
        return browser

    def start_chromium_with_media(self):
        """With a microphone that beeps and a camera, both granted; two pages of this machine may connect to each other."""
        playwright = self.once("playwright", self.start_playwright)
        browser = playwright.chromium.launch(executable_path=self.chromium, args=[
            "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--allow-loopback-in-peer-connection",
            "--disable-features=WebRtcHideLocalIpsWithMdns",
        ])
        self.stack.callback(browser.close)
        return browser

    def start_firefox(self):
        playwright = self.once("playwright", self.start_playwright)
        browser = playwright.firefox.launch(
            channel="moz-firefox", executable_path="/usr/bin/firefox-esr", firefox_user_prefs={"ui.prefersReducedMotion": 1})
        self.stack.callback(browser.close)
        return browser

    def start_webkit(self):
        return self.stack.enter_context(Driver(self.stack.enter_context(Display())))
