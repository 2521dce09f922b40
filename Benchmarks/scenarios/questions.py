"""Questions about people and their rights on a site of 100,000 members: who is here, who can, what would be, what was; and how they grow."""
import contextlib
import json
import pathlib
import shutil
import sqlite3
import statistics
import subprocess
import sys
import time

from cluster import Cluster

from harness.report import Target, say, spread, table, targets
from harness.site import Site, scratch

sizes = (1000, 10_000, 100_000)
# Everybody is a member, one in fifty staff, one in two holds the role `half`. One in three was never seen; one in a hundred has a tag.
crowd = [
    """INSERT INTO users (id, username, display_name, search_name, locale, status, presence_version, last_seen_at, tags, is_banned, is_disabled,
            created_at, updated_at, version)
        SELECT 1000 + n, 'crowd' || n, 'Crowd ' || n, 'crowd' || n || ' crowd ' || n, 'en', 'online', 1,
            CASE WHEN n % 3 = 0 THEN NULL ELSE 1700000000000 + n * 7919 % 1000003 END, CASE WHEN n % 100 = 7 THEN '["beta"]' ELSE '[]' END,
            FALSE, FALSE, n, n, 1 FROM numbers""",
    "INSERT INTO user_roles (id, user_id, role_id, assigned_at) SELECT n, 1000 + n, 5, n FROM numbers",
    "INSERT INTO user_roles (id, user_id, role_id, assigned_at) SELECT 1000000 + n, 1000 + n, 4, n FROM numbers WHERE n % 50 = 0",
    """INSERT INTO user_roles (id, user_id, role_id, assigned_at)
        SELECT 2000000 + n, 1000 + n, (SELECT id FROM roles WHERE name = 'half'), n FROM numbers WHERE n % 2 = 0""",
]
growing = ("members: a page, counted", "members: by role, half of all, counted", "who can: what all may do, counted", "preview: all who hold a role, half of all, gain")


def fill(cluster: Cluster | None, url: str, data: pathlib.Path, size: int) -> None:
    """Straight into the tables, while the server is away."""
    numbers = f"WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {size})"
    statements = [*(f"{numbers} {each}" for each in crowd), "UPDATE authz_state SET version = version + 1"]
    if cluster:
        # What autovacuum does after so many rows.
        text = ";\n".join([*statements, *(f"VACUUM ANALYZE {name}" for name in ("users", "user_roles", "role_holders", "role_sets"))])
        command = [cluster.bin / "psql", "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--dbname", url]
        subprocess.run(command, input=text, text=True, check=True)
        return
    with contextlib.closing(sqlite3.connect(data / "foyer.db")) as database, database:
        for statement in statements:
            database.execute(statement)


def asked(site: Site, token: str, size: int) -> dict[str, tuple[str, str, dict | None]]:
    half = next(role for role in site.call("GET", "/roles", token=token)["items"] if role["name"] == "half")
    name = f"crowd{size // 2}"
    user = site.call("GET", f"/users/u_{name}", token=token)
    middle = user["id"]

    def after(*keys) -> str:
        return f"&cursor={json.dumps(keys).encode().hex()}"

    def members(query: str = "") -> tuple[str, str, None]:
        return "GET", f"/users?limit=50{query}", None

    def holders(key: str, query: str = "&count=true") -> tuple[str, str, None]:
        return "GET", f"/permissions/{key}/holders?limit=50{query}", None

    preview = {"role_id": half["id"], "permissions": ["settings.read"]}
    return {
        "members: a page, counted": members("&count=true"),
        "members: from the middle": members(after("username", name, middle)),
        "members: by last activity, from the middle": members("&sort=-last_seen_at" + after("-last_seen_at", 1_700_000_500_000, middle)),
        "members: by last activity, among those never seen": members("&sort=-last_seen_at" + after("-last_seen_at", 0, middle)),
        "members: who is offline, counted": members("&status=offline&count=true"),
        "members: by role, half of all, counted": members("&role=role_half&count=true"),
        "members: by role, one in fifty, by last activity, counted": members("&role=role_staff&sort=-last_seen_at&count=true"),
        "members: by a permission that one has, counted": members("&permission=webhooks.manage&count=true"),
        "members: by a permission that one in fifty has, by last activity, counted": members("&permission=analytics.read&sort=-last_seen_at&count=true"),
        "members: by a text that 11 names hold, counted": members(f"&search=wd{size // 20}&count=true"),
        "members: by a text that all names hold, by last activity, counted": members("&search=crowd&sort=-last_seen_at&count=true"),
        "members: by tag, counted": members("&tag=beta&count=true"),
        "two filters: by role, half of all, not banned, counted": members("&role=role_half&banned=false&count=true"),
        "two filters: by role, half of all, seen since a moment as two in five were, counted": members("&role=role_half&active_after=2023-11-14T22:20:00Z&count=true"),
        "two filters: by a text that all names hold, not banned, counted": members("&search=crowd&banned=false&count=true"),
        "who can: what all may do": holders("chat.read", ""),
        "who can: the same, from the middle": holders("chat.read", after(middle)),
        "who can: what all may do, counted": holders("chat.read"),
        "who can: what one in fifty may do, counted": holders("analytics.read"),
        "who can: what one may do, counted": holders("webhooks.manage"),
        "preview: all who hold a role, half of all, gain": ("POST", "/roles/preview", preview),
        "preview: they have it already": ("POST", "/roles/preview", preview | {"permissions": ["chat.read"]}),
        "what if: a role for one member": ("POST", f"/users/{middle}/roles/preview", {"role_id": "role_mod"}),
        "could they then: one member, all permissions": ("GET", f"/users/{middle}/permissions?at=2026-01-01T00:00:00Z", None),
    }


def ask(site: Site, options, size: int) -> dict[str, list[list[float]]]:
    """Milliseconds of each question, sorted, round by round: one after the other over one connection."""
    token = site.token()
    connection = site.connection()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    questions = {name: each for name, each in asked(site, token, size).items() if size == sizes[-1] or name in growing}
    results: dict[str, list[list[float]]] = {name: [] for name in questions}
    for _ in range(options.rounds):
        for name, (method, path, body) in questions.items():
            times = []
            for _ in range(25):
                started = time.perf_counter()
                connection.request(method, f"/api/v1{path}", None if body is None else json.dumps(body), headers)
                answer = connection.getresponse()
                read = answer.read()
                times.append((time.perf_counter() - started) * 1000)
                if answer.status != 200:
                    sys.exit(f"{name}: {answer.status} {read.decode()}")
            results[name].append(sorted(times))
    for name, each in results.items():
        say(f"questions of {size:,}: {name}: p95 {spread(p95s(each))} ms")
    return results


def p95s(rounds: list[list[float]]) -> list[float]:
    return [times[len(times) * 95 // 100] for times in rounds]


def answers(options, size: int, cluster: Cluster | None = None) -> dict[str, list[list[float]]]:
    data = scratch / ("questions-postgres" if cluster else "questions")
    shutil.rmtree(data, ignore_errors=True)
    url = cluster.create() if cluster else ""
    settings = {"database_url": url} if cluster else {}
    with Site(options.program, data, scratch / "keys", **settings) as site:
        site.call("POST", "/roles", {"name": "half", "priority": 20, "permissions": []}, site.token())
    fill(cluster, url, data, size)
    with Site(options.program, data, scratch / "keys", **settings) as site:
        results = ask(site, options, size)
    if cluster:
        cluster.drop(url)
    return results


def questions(options) -> str:
    with Cluster(is_durable=True) as cluster:
        by_size = {size: [answers(options, size), answers(options, size, cluster)] for size in sizes}
    results = by_size[sizes[-1]]

    def cells(each: dict[str, list[list[float]]], name: str) -> list[str]:
        return [spread([times[len(times) // 2] for times in each[name]]), spread(p95s(each[name]))]

    def worst(beginning: str) -> list[float]:
        """Of the question whose median over the rounds is highest."""
        return max((p95s(rounds) for each in results for name, rounds in each.items() if name.startswith(beginning)), key=statistics.median)

    return "\n".join([
        "### Questions about people and rights, 100,000 members",
        "",
        *targets(
            Target("members list of 100,000, any page and order, each filter, p95", 25, 10, worst("members"), "ms", 1),
            Target("who can do this, of 100,000, p95", 25, 10, worst("who can"), "ms", 1),
            Target("preview of a role with 50,000 holders, p95", 250, 100, worst("preview"), "ms", 1)),
        "",
        f"Everybody is a member, 2,000 are staff, 50,000 hold one role more. Each question 25 times over one connection, one after the other, and all of them anew in each round: "
        "milliseconds from the request to the end of the answer, sign-in, JSON and HTTP included. The targets count the slowest question of a kind on either database. "
        "Where two filters each let many through, counting looks at all of those: they stand apart.",
        "",
        *table(["question", "SQLite p50", "p95", "PostgreSQL p50", "p95"], [[name, *(cell for each in results for cell in cells(each, name))] for name in results[0]]),
        "",
        "The main ones as the site grows, p95 in ms, SQLite and PostgreSQL:",
        "",
        *table(["question", *(f"{size:,} members" for size in sizes)], [
            [name, *(" / ".join(f"{statistics.median(p95s(each[name])):.1f}" for each in by_size[size]) for size in sizes)] for name in growing]),
    ])
