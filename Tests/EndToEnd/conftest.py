"""Fixtures: fresh sites, and people with a browser of their own."""
import pytest

from cluster import Cluster
from engines import Engines, Window
from foyer import Site, program


def pytest_configure(config):
    if not program.exists():
        raise pytest.UsageError(f"{program} is not built: swift build --build-tests")


@pytest.fixture(scope="session")
def cluster():
    """The PostgreSQL server of the whole run; started by the first test that asks for it."""
    with Cluster() as cluster:
        yield cluster


def sites(request, tmp_path_factory):
    """Makes sites that are gone with what asked for them: `new_site("postgres", owner=False, idle_after="10")`."""
    made: list[Site] = []

    def make(database: str = "sqlite", **settings) -> Site:
        if database == "postgres":
            settings["database_url"] = request.getfixturevalue("cluster").create()
        made.append(Site(tmp_path_factory.mktemp("site"), **settings).start())
        return made[-1]

    yield make
    for site in made:
        site.stop()
        if site.database_url:
            request.getfixturevalue("cluster").drop(site.database_url)


# A site of one test ends with it, so that it takes nothing from the next one; what a module's tests share is made by the other.
new_site = pytest.fixture(sites, name="new_site")
new_shared_site = pytest.fixture(sites, scope="module", name="new_shared_site")


@pytest.fixture
def database(request) -> str:
    """What the site of a test stands on: SQLite, unless the test is parametrised with this, indirectly."""
    return getattr(request, "param", "sqlite")


@pytest.fixture
def site(new_site, database):
    """A fresh site with an owner."""
    return new_site(database)


@pytest.fixture(scope="session")
def engines():
    """Every browser of the run, each started by the first test that opens it."""
    with Engines() as engines:
        yield engines


@pytest.fixture
def open_browser(engines):
    """A browser of somebody's own: `open_browser(site, "fr-FR")` gives its page in Chromium. Errors of the app's scripts fail the test."""
    opened: list[Window] = []

    def open(site: Site, locale: str = "en-GB", engine: str = "chromium", **options):
        opened.append(engines.open(engine, site.address, locale, **options))
        return opened[-1].page

    yield open
    for window in opened:
        window.close()
    assert [fault for window in opened for fault in window.faults] == []
