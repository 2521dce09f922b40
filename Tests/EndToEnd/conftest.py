"""Fixtures: fresh sites, and people with a Chromium of their own."""
import re

import pytest
from playwright.sync_api import expect, sync_playwright

from cluster import Cluster
from foyer import Site, program

expect.set_options(timeout=10_000)


def pytest_configure(config):
    if not program.exists():
        raise pytest.UsageError(f"{program} is not built: swift build --build-tests")


@pytest.fixture(scope="session")
def cluster():
    """The PostgreSQL server of the whole run; started by the first test that asks for it."""
    with Cluster() as cluster:
        yield cluster


@pytest.fixture(scope="module")
def new_site(request, tmp_path_factory):
    """Makes sites that are gone when the module's tests end: `new_site("postgres", owner=False, idle_after="10")`."""
    sites: list[Site] = []

    def make(database: str = "sqlite", **settings) -> Site:
        if database == "postgres":
            settings["database_url"] = request.getfixturevalue("cluster").create()
        sites.append(Site(tmp_path_factory.mktemp("site"), **settings).start())
        return sites[-1]

    yield make
    for site in sites:
        site.stop()
        if site.database_url:
            request.getfixturevalue("cluster").drop(site.database_url)


@pytest.fixture
def database(request) -> str:
    """What the site of a test stands on: SQLite, unless the test is parametrised with this, indirectly."""
    return getattr(request, "param", "sqlite")


@pytest.fixture
def site(new_site, database):
    """A fresh site with an owner."""
    return new_site(database)


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
