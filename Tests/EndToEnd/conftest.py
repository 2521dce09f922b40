"""Fixtures: a fresh site a test, a Chromium for all of them."""
import pytest

from foyer import Site, program


def pytest_configure(config):
    if not program.exists():
        raise pytest.UsageError(f"{program} is not built: swift build --build-tests")


@pytest.fixture
def new_site(tmp_path):
    """Makes sites that are stopped when the test ends: `new_site(owner=False, idle_after="10")`."""
    sites: list[Site] = []

    def make(**settings) -> Site:
        folder = tmp_path / f"site{len(sites)}"
        folder.mkdir()
        sites.append(Site(folder, **settings).start())
        return sites[-1]

    yield make
    for site in sites:
        site.stop()


@pytest.fixture
def site(new_site):
    """A fresh site with an owner."""
    return new_site()
