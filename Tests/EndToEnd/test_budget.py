"""What a page may cost: requests, bytes, movement. `make bench` measures the same, and what takes a quiet machine."""
import pytest

from engines import expect
from person import Person
from tour import settle
from traffic import WATCH, Traffic

MEMBERS = 200


@pytest.fixture
def cold(new_site, open_browser):
    """Opens a page of a site of 201 with nothing in the cache, as its owner."""
    site = new_site(rate_limit="false")
    owner = site.owner_token()
    for number in range(MEMBERS):
        site.call("POST", "/users", {"username": f"member{number:03}", "email": f"member{number:03}@foyer.example"}, owner).expect(201)
    page = open_browser(site)
    Person(page, "en-GB").sign_in()
    state = {"cookies": page.context.cookies(), "origins": []}

    def open(path):
        page = open_browser(site, storage_state=state, viewport={"width": 1440, "height": 900})
        page.add_init_script(WATCH)
        traffic = Traffic(page)
        page.goto(path)
        settle(page)
        traffic.quiet()
        return page, traffic

    return open


def test_a_dashboard_costs_few_requests_and_bytes(cold):
    page, traffic = cold("/panel")
    expect(page.locator(".skeleton-figure")).to_have_count(0)
    # Where the socket takes longer than a second, roles and log are read before it and once more after it.
    assert traffic.requests <= 26, traffic.listing()
    assert traffic.bytes <= 250 * 1024, traffic.listing()


def test_a_list_of_members_costs_little_to_its_end(cold):
    page, traffic = cold("/panel/members")
    table = page.get_by_role("table", name="Members")
    page_itself = traffic.bytes
    traffic.restart()
    table.hover()
    for _ in range(60):
        page.mouse.wheel(0, 400)
        page.wait_for_timeout(60)
    expect(table.get_by_role("link", name="owner", exact=True)).to_be_visible()
    traffic.quiet()
    # What other spaces need is fetched meanwhile, and is not of this list.
    assert page_itself + traffic.bytes_of("api/") <= 0.35 * 1024 * 1024, traffic.listing()
