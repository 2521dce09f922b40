"""Fixtures: fresh sites, and people with a Chromium of their own."""
import re

import pytest
from playwright.sync_api import expect, sync_playwright

from foyer import Site, program

expect.set_options(timeout=10_000)


def pytest_configure(config):
    if not program.exists():
        raise pytest.UsageError(f"{program} is not built: swift build --build-tests")


@pytest.fixture(scope="module")
def new_site(tmp_path_factory):
    """Makes sites that are stopped when the module's tests end: `new_site(owner=False, idle_after="10")`."""
    sites: list[Site] = []

    def make(**settings) -> Site:
        sites.append(Site(tmp_path_factory.mktemp("site"), **settings).start())
        return sites[-1]

    yield make
    for site in sites:
        site.stop()


@pytest.fixture
def site(new_site):
    """A fresh site with an owner."""
    return new_site()


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium")
        yield browser
        browser.close()


@pytest.fixture
def open_browser(chromium):
    """A browser of somebody's own: `open_browser(site, "fr-FR")` gives its page. Errors of the app's scripts fail the test."""
    contexts = []
    faults: list[str] = []

    def open(site: Site, locale: str = "en-GB", **options):
        context = chromium.new_context(**{"base_url": site.address, "locale": locale, "reduced_motion": "reduce"} | options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: re.match("Refused to", message.text) and faults.append(message.text))
        return page

    yield open
    for context in contexts:
        context.close()
    assert faults == []
