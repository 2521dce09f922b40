"""Films, series and profiles, as a member uses them in the browser."""
import re

import pytest
from playwright.sync_api import expect

from person import Person
from words import Words

T = Words("en-GB")


@pytest.fixture(scope="module")
def cinema(new_shared_site):
    """A site with its starter catalogue and a member called `ada`."""
    site = new_shared_site()
    site.member(site.owner_token(), "ada", display_name="Ada Moreau")
    return site


def token(site) -> str:
    return site.login("ada", "passphrase of ada")


def titles(site, query: str) -> list[dict]:
    return site.call("GET", f"/media?{query}", token=token(site)).expect(200).json["items"]


def path_of(title: dict) -> str:
    return f"/{'series' if title['kind'] == 'series' else 'films'}/{title['slug']}-{title['id']}"


def sign_in(page) -> Person:
    return Person(page, "en-GB").sign_in("ada", "passphrase of ada")


def action(page, mark: str):
    return page.get_by_role("group", name=T("films.marks")).get_by_role("button", name=re.compile(rf"^{T(f'films.mark.{mark}')}"))


def title_is(page, name: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def test_a_favourite_shows_at_once_in_every_tab_the_profile_and_the_history_and_survives_a_restart(new_site, open_browser):
    site = new_site()
    site.member(site.owner_token(), "ada", display_name="Ada Moreau")
    title = titles(site, "type=film&limit=1")[0]
    page, other = open_browser(site), open_browser(site)
    sign_in(page), sign_in(other)
    for each in (page, other):
        each.goto(path_of(title))
        title_is(each, title["title"])
        expect(action(each, "favorite")).to_have_attribute("aria-pressed", "false")

    action(page, "favorite").click()
    expect(action(page, "favorite")).to_have_attribute("aria-pressed", "true")
    expect(action(other, "favorite")).to_have_attribute("aria-pressed", "true")
    for each in (page, other):
        expect(action(each, "favorite")).to_contain_text(str(title["favorite_count"] + 1))

    def everywhere(where) -> None:
        where.goto("/films/mine/favorites")
        expect(where.get_by_role("link", name=title["title"], exact=True)).to_be_visible()
        where.goto("/@ada")
        title_is(where, "Ada Moreau")
        expect(where.get_by_role("list", name=T("profile.favorites")).get_by_role("link", name=title["title"], exact=True)).to_be_visible()
        where.goto("/@ada/history?type=favorite")
        expect(where.get_by_role("listitem").filter(has=where.get_by_role("link", name=title["title"], exact=True))).to_have_count(1)

    everywhere(page)
    site.kill()
    site.start()
    page.goto("/films")
    Person(page, "en-GB").expect_live()
    everywhere(page)
    page.goto(path_of(title))
    expect(action(page, "favorite")).to_have_attribute("aria-pressed", "true")


def test_fast_clicks_end_with_the_last_state(cinema, open_browser):
    title = titles(cinema, "type=film&limit=1")[0]
    page = open_browser(cinema)
    sign_in(page)
    page.route("**/like", lambda route: (page.wait_for_timeout(120), route.continue_()))
    page.goto(path_of(title))
    like = action(page, "like")
    expect(like).to_have_attribute("aria-pressed", "false")
    for _ in range(21):
        like.click()
    expect(like).to_have_attribute("aria-pressed", "true")
    expect(like).to_contain_text(str(title["like_count"] + 1))
    page.wait_for_load_state("networkidle")
    mine = cinema.call("GET", f"/media/{title['id']}", token=token(cinema)).expect(200).json
    assert mine["state"]["like"] and mine["like_count"] == title["like_count"] + 1
    like.click()
    expect(like).to_contain_text(str(title["like_count"]))
    page.unroute_all(behavior="wait")


def test_a_refused_mark_is_reverted_with_the_reason(cinema, open_browser):
    title = titles(cinema, "type=film&limit=2")[1]
    page = open_browser(cinema)
    sign_in(page)
    page.goto(path_of(title))
    page.route("**/watchlist", lambda route: route.fulfill(
        status=503, content_type="application/problem+json", body='{"code": "busy", "detail": "Come back in a moment."}'))
    action(page, "watchlist").click()
    expect(page.get_by_text("Come back in a moment.")).to_be_visible()
    expect(action(page, "watchlist")).to_have_attribute("aria-pressed", "false")
    page.unroute("**/watchlist")
    page.get_by_role("button", name=T("common.retry")).click()
    expect(action(page, "watchlist")).to_have_attribute("aria-pressed", "true")


def test_a_title_is_found_with_a_typo_and_by_the_keyboard_alone(cinema, open_browser):
    page = open_browser(cinema)
    sign_in(page)
    page.goto("/films")
    field = page.get_by_role("combobox", name=T("films.search"))
    field.focus()
    page.keyboard.type("stlaker")
    expect(page.get_by_role("option", name=re.compile("^Stalker"))).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    title_is(page, "Stalker")
    # Enter alone leads to all that is found.
    page.goto("/films")
    field.focus()
    page.keyboard.type("metroplis")
    page.keyboard.press("Enter")
    page.wait_for_url("**/films/browse?search=metroplis")
    expect(page.get_by_role("link", name="Metropolis", exact=True).first).to_be_visible()
    page.get_by_role("searchbox", name=T("films.search")).fill("zzzzqqqq")
    expect(page.get_by_role("heading", name=T("films.none.title"))).to_be_visible()


def test_facets_filter_the_catalogue_and_are_kept_in_the_address(cinema, open_browser):
    page = open_browser(cinema, viewport={"width": 1440, "height": 900})
    sign_in(page)
    page.goto("/films/browse")
    posters = page.get_by_role("list", name=T("films.browse"))
    genre = page.get_by_role("complementary", name=T("films.filters")).get_by_role("checkbox").first
    genre.check()
    page.wait_for_url("**/films/browse?genre=*")
    expect(genre).to_be_checked()
    page.get_by_role("radio", name=T("films.type.series")).check(force=True)
    page.wait_for_url("**type=series*")
    expect(posters.get_by_role("link").first).to_be_visible()
    assert page.get_by_role("list", name=T("films.browse")).get_by_role("link").evaluate_all(
        "(links) => links.every((link) => link.pathname.startsWith('/series/'))")
    page.reload()
    expect(genre).to_be_checked()
    page.get_by_role("button", name=T("films.filters.clear")).click()
    page.wait_for_url(lambda address: "genre" not in address)


def test_a_long_list_loads_more_titles_at_its_end(cinema, open_browser):
    page = open_browser(cinema)
    sign_in(page)
    page.goto("/films/browse")
    links = page.get_by_role("list", name=T("films.browse")).get_by_role("link")
    expect(links).to_have_count(48)
    links.last.scroll_into_view_if_needed()
    expect(links).not_to_have_count(48)
    assert len(set(links.evaluate_all("(all) => all.map((each) => each.href)"))) == links.count()


def with_seasons(site) -> tuple[dict, dict]:
    """The Wire, whose first season has 13 episodes in the starter catalogue, and that season."""
    [title] = [each for each in titles(site, "type=series&search=the+wire&lang=en&limit=5") if each["title"] == "The Wire"]
    detail = site.call("GET", f"/media/{title['id']}", token=token(site)).expect(200).json
    [season] = [each for each in detail["seasons"] if each["number"] == 1]
    assert season["episode_count"] == 13
    return detail, season


def test_an_episode_is_marked_and_the_next_one_is_shown(cinema, open_browser):
    title, season = with_seasons(cinema)
    page, other = open_browser(cinema), open_browser(cinema)
    sign_in(page), sign_in(other)
    address = f"{path_of(title)}/s{season['number']}"
    seen = lambda where, number: where.get_by_role("button", name=T("films.episode.seen", number=number), exact=True)
    for each in (page, other):
        each.goto(address)
        expect(seen(each, 1)).to_have_attribute("aria-pressed", "false")
    seen(page, 1).click()
    seen(page, 2).click()
    next_row = page.get_by_role("listitem").filter(has_text=T("films.episode.next"))
    expect(next_row).to_contain_text(T("films.episode.short", season=season["number"], number=3))
    expect(page.get_by_role("tab", selected=True)).to_contain_text(f"2/{season['episode_count']}")
    expect(seen(other, 2)).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(seen(page, 1)).to_have_attribute("aria-pressed", "true")
    # The address of an episode opens it.
    page.goto(f"{address}/e3")
    expect(seen(page, 3)).to_be_in_viewport()
    seen(page, 1).click()
    expect(seen(page, 1)).to_have_attribute("aria-pressed", "false")


def test_a_title_is_rated_by_the_keyboard_on_the_chart(cinema, open_browser):
    title = titles(cinema, "type=film&limit=3")[2]
    page = open_browser(cinema)
    sign_in(page)
    page.goto(path_of(title))
    chart = page.get_by_role("group", name=T("films.rate", title=title["title"]))
    bar = lambda value: chart.get_by_role("button", name=re.compile(rf"^{value} out of 10"))
    bar(10).focus()
    page.keyboard.press("ArrowLeft")
    expect(bar(9)).to_be_focused()
    page.keyboard.press("Enter")
    expect(bar(9)).to_have_attribute("aria-pressed", "true")
    page.wait_for_load_state("networkidle")
    state = cinema.call("GET", f"/media/{title['id']}", token=token(cinema)).expect(200).json["state"]
    assert state["rating"] == 4.5
    page.goto("/films/mine/ratings")
    expect(page.get_by_role("listitem").filter(has=page.get_by_role("link", name=title["title"], exact=True))).to_contain_text("9")
    page.goto(path_of(title))
    page.get_by_role("button", name=T("films.rate.clear")).click()
    expect(bar(9)).to_have_attribute("aria-pressed", "false")


def test_arrow_keys_move_between_posters_and_tab_to_their_actions(cinema, open_browser):
    page = open_browser(cinema, viewport={"width": 1440, "height": 900})
    sign_in(page)
    page.goto("/films/browse")
    links = page.get_by_role("list", name=T("films.browse")).get_by_role("link")
    links.first.focus()
    page.keyboard.press("ArrowRight")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("ArrowDown")
    focused = page.evaluate("document.activeElement.getBoundingClientRect().top")
    assert focused > links.nth(1).bounding_box()["y"]
    page.keyboard.press("Home")
    expect(links.first).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    keep = page.get_by_role("list", name=T("films.browse")).get_by_role("listitem").first.get_by_role("button").nth(1)
    expect(keep).to_be_focused()
    page.keyboard.press("Space")
    expect(keep).to_have_attribute("aria-pressed", "true")


def test_a_profile_has_a_banner_and_a_private_note(cinema, open_browser):
    site = cinema
    site.member(site.owner_token(), "noor", display_name="Noor Haddad")
    page = open_browser(site)
    sign_in(page)
    page.goto("/@noor")
    title_is(page, "Noor Haddad")
    note = page.get_by_role("form", name=T("profile.note"))
    note.get_by_label(T("profile.nickname")).fill("Noor of the club")
    note.get_by_label(T("profile.note.text"), exact=True).fill("Prefers calls")
    note.get_by_role("button", name=T("common.save")).click()
    expect(page.get_by_text(T("profile.note.saved"))).to_be_visible()
    title_is(page, "Noor of the club")
    page.reload()
    expect(note.get_by_label(T("profile.note.text"), exact=True)).to_have_value("Prefers calls")
    theirs = open_browser(site)
    Person(theirs, "en-GB").sign_in("noor", "passphrase of noor")
    theirs.goto("/@noor")
    title_is(theirs, "Noor Haddad")
    expect(theirs.get_by_role("form", name=T("profile.note"))).to_have_count(0)


def test_my_profile_opens_from_the_phone_menu_and_no_page_scrolls_sideways(cinema, open_browser):
    page = open_browser(cinema, viewport={"width": 360, "height": 740}, has_touch=True)
    sign_in(page)
    page.get_by_role("button", name=re.compile(T("nav.me"))).last.click()
    page.get_by_role("dialog").get_by_role("button", name=T("nav.profile"), exact=True).click()
    title_is(page, "Ada Moreau")
    for path in ("/films", "/films/browse", path_of(titles(cinema, "type=series&limit=1")[0]), "/@ada/history"):
        page.goto(path)
        expect(page.locator(".skeletons")).to_have_count(0)
        assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth"), path
        assert page.evaluate("(() => { const main = document.querySelector('main'); return main.scrollWidth - main.clientWidth })()") <= 1, path
