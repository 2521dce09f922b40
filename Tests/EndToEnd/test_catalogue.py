"""Imports of films and series, as the team makes them in the panel."""
import contextlib
import csv
import gzip
import importlib.resources
import json
import re
import sqlite3
import subprocess
import time

import pytest
from playwright.sync_api import expect

from axe import violations
from foyer import program, root
from person import Person
from tmdb import KEY, TMDB
from words import Words

T = Words("en-GB")


@pytest.fixture
def tmdb():
    with TMDB() as peer:
        yield peer


def open_panel(page, locale: str = "en-GB"):
    Person(page, locale).sign_in()
    page.goto("/panel/catalogue")
    return page


def enter_key(page, key: str = KEY, words=T) -> None:
    page.get_by_label(words("catalogue.key.label")).fill(key)
    page.get_by_role("button", name=words("common.save"), exact=True).click()


def run_of(page, words=T):
    return page.get_by_role("region", name=words("catalogue.runs")).get_by_role("listitem").first


def runs(site) -> list[dict]:
    return site.call("GET", "/media/source/runs", token=site.owner_token()).expect(200).json["items"]


def test_a_key_and_an_import_in_the_panel(new_site, open_browser, tmdb):
    site = new_site(**tmdb.settings)
    page = open_panel(open_browser(site))
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    # A wrong key pauses the import; the right one lets it continue.
    enter_key(page, "a-key-that-is-wrong")
    page.get_by_label(T("catalogue.count"), exact=True).fill("40")
    page.get_by_role("button", name=T("catalogue.start.do"), exact=True).click()
    expect(run_of(page)).to_contain_text(T("catalogue.state.paused"))
    expect(run_of(page)).to_contain_text("TMDB refuses this key")
    page.get_by_role("button", name=T("catalogue.key.change")).click()
    enter_key(page)
    expect(run_of(page)).to_contain_text(T("catalogue.state.done"), timeout=60_000)
    expect(run_of(page)).to_contain_text(T("catalogue.run.added", count=40))
    # What was imported has its page, with a picture of this site's own and the notice that TMDB asks for.
    page.goto("/films")
    title = site.call("GET", "/media?search=imported%20film%207&lang=en", token=site.owner_token()).json["items"][0]
    page.goto(f"/films/{title['slug']}-{title['id']}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Imported film 7")
    expect(page.get_by_text(re.compile("not endorsed or certified by TMDB"))).to_be_visible()
    expect(page.get_by_text("A service")).to_be_visible()
    assert title["poster_url"].endswith(".webp")
    assert all(url.startswith(site.address) or url.startswith("data:") for url in asked), "a browser asks nobody but the site"


def test_an_import_goes_on_after_a_kill_and_can_be_stopped(new_site, open_browser, tmdb):
    tmdb.films, tmdb.delay = 200, 0.1
    site = new_site(starter_catalogue="false", **tmdb.settings)
    token = site.owner_token()
    site.call("PUT", "/media/source", {"key": KEY}, token).expect(200)
    site.call("POST", "/media/source/runs", {"list": "popular", "kind": "film", "count": 60}, token).expect(202)
    deadline = time.monotonic() + 60
    while runs(site)[0]["settled"] < 12 and time.monotonic() < deadline:
        time.sleep(0.1)
    site.kill()
    site.start()
    while runs(site)[0]["state"] != "done" and time.monotonic() < deadline + 60:
        time.sleep(0.3)
    run = runs(site)[0]
    assert run["state"] == "done" and run["added"] == 60, run
    count = site.call("GET", "/media?count=true&limit=1", token=site.owner_token()).json["total"]
    assert count == 60
    # The next one is stopped by hand.
    tmdb.delay = 0.5
    page = open_panel(open_browser(site))
    page.get_by_label(T("catalogue.count"), exact=True).fill("200")
    page.get_by_role("button", name=T("catalogue.start.do"), exact=True).click()
    run_of(page).get_by_role("button", name=T("catalogue.run.cancel")).click()
    expect(run_of(page)).to_contain_text(T("catalogue.state.cancelled"))


def test_a_file_is_previewed_and_imported(new_site, open_browser, tmp_path):
    site = new_site(starter_catalogue="false")
    page = open_panel(open_browser(site))
    page.get_by_role("tab", name=T("catalogue.tab.file")).click()
    file = tmp_path / "films.csv"
    file.write_text("Title,Year,Genres\nThe first,1999,Drama\nThe second,2000,Unknown\n,2001,Drama\n", encoding="utf-8")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name=T("catalogue.file.choose")).click()
    chooser.value.set_files(file)
    expect(page.get_by_role("heading", name=T("catalogue.rows", count=3))).to_be_visible()
    expect(page.get_by_role("heading", name=T("catalogue.invalid", count=1))).to_be_visible()
    # On a phone, the rows stand close below the fields that the file fills; the other fields are folded away.
    page.set_viewport_size({"width": 390, "height": 844})
    overview = page.get_by_label(T("catalogue.field.overview"), exact=True)
    expect(overview).to_be_hidden()
    first = page.get_by_label(T("catalogue.field.kind"), exact=True).bounding_box()
    rows = page.get_by_role("heading", name=T("catalogue.rows", count=3)).bounding_box()
    assert 0 < rows["y"] - first["y"] < 400, (first, rows)
    page.get_by_text(T("catalogue.map.others", count=15)).click()
    expect(overview).to_be_visible()
    page.get_by_role("button", name=T("catalogue.write", count=2, shown="2")).click()
    expect(page.get_by_role("heading", name=T("catalogue.state.done"))).to_be_visible(timeout=30_000)
    expect(page.get_by_text(T("catalogue.run.added", count=2))).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(new_site, open_browser, tmdb, theme):
    site = new_site(**tmdb.settings)
    token = site.owner_token()
    page = open_panel(open_browser(site, color_scheme=theme))
    expect(page.get_by_label(T("catalogue.key.label"))).to_be_visible()
    assert violations(page, "the key") == []
    site.call("PUT", "/media/source", {"key": KEY}, token).expect(200)
    site.call("POST", "/media/source/runs", {"list": "popular", "kind": "film", "count": 5}, token).expect(202)
    page.reload()
    expect(run_of(page)).to_contain_text(T("catalogue.state.done"), timeout=30_000)
    assert violations(page, "the imports") == []
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def daily_file(folder, count: int) -> str:
    """A daily file as TMDB's, with that many films."""
    path = folder / "movie_ids.json.gz"
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as file:
        for number in range(1, count + 1):
            file.write(json.dumps({"adult": False, "id": number, "original_title": f"Daily {number}", "popularity": number / 7, "video": False}) + "\n")
    return str(path)


def test_a_daily_file_of_100_000_titles_is_imported_in_little_memory_and_goes_on_after_a_kill(new_site, tmp_path):
    site = new_site(starter_catalogue="false")
    site.stop()
    file = daily_file(tmp_path, 100_000)
    process = subprocess.Popen(
        [program, "import", "media", file, "--data", site.data], env=site.environment(), cwd=root, stdout=subprocess.PIPE, text=True)
    for line in process.stdout:
        if int(line.split()[0]) >= 30_000:
            break
    process.kill()
    process.wait()
    again = subprocess.run(
        ["/usr/bin/env", "python3", "-c", MEASURED, str(program), "import", "media", file, "--data", str(site.data)],
        env=site.environment(), cwd=root, capture_output=True, text=True, timeout=600)
    assert again.returncode == 0, again.stderr
    *_, said, memory = again.stdout.strip().splitlines()
    found = re.match(r"100000 rows \((\d+) of them before it was interrupted\): 100000 titles added, 0 updated, 0 unchanged, 0 rows", said)
    assert found and 30_000 <= int(found[1]) < 100_000, said
    # The whole process, with all that the program holds when it is idle.
    assert int(memory) < 400_000, f"{memory} KB"
    site.start()
    token = site.owner_token()
    # The server reads the catalogue at its start; until then it answers 503.
    for _ in range(120):
        answer = site.call("GET", "/media?count=true&limit=1", token=token)
        if answer.status != 503:
            break
        time.sleep(0.5)
    assert answer.expect(200).json["total"] == 100_000


MEASURED = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(done.returncode)
"""


def test_the_film_list_of_wikidata_is_imported_once(new_site, tmp_path):
    pytest.importorskip("bokeh_sampledata", reason="scripts/setup test installs it")
    site = new_site()
    site.stop()
    source = importlib.resources.files("bokeh_sampledata") / "_data" / "movies.db"
    with contextlib.closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as database:
        rows = database.execute('SELECT imdbID, Title, Year, Runtime, Genre, Director, "Cast" FROM omdb ORDER BY ID LIMIT 2000').fetchall()
    file = tmp_path / "films.csv"
    with open(file, "w", encoding="utf-8", newline="") as table:
        writer = csv.writer(table)
        writer.writerow(["imdb_id", "title", "year", "runtime_min", "genres", "directors", "cast"])
        writer.writerows([imdb, title, year, int(runtime) if runtime else "", *rest] for imdb, title, year, runtime, *rest in rows)
    first = site.run("import", "media", str(file))
    assert first.returncode == 0, first.stderr
    added, updated, unreadable = (int(re.search(rf"(\d+) {word}", first.stdout)[1]) for word in ("titles added", "updated", "rows cannot"))
    # Films that the starter catalogue has are found by their IMDb number.
    assert added > 1500 and added + unreadable <= 2000 and unreadable < 40, first.stdout
    again = site.run("import", "media", str(file))
    assert "0 titles added" in again.stdout, again.stdout
