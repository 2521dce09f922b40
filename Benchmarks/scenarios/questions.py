"""Questions about rights on a site of 100,000 members: who can, what would be, what was."""
import contextlib
import json
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import time

from cluster import Cluster

from harness.report import Target, say, table, targets
from harness.site import Site, scratch

# Everybody is a member, one in fifty staff, one in two holds the role `half`.
numbers = "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 100000)"
crowd = [
    """INSERT INTO users (id, username, display_name, search_name, locale, status, presence_version, tags, is_banned, is_disabled, created_at, updated_at, version)
        SELECT 1000 + n, 'crowd' || n, 'Crowd ' || n, 'crowd' || n, 'en', 'online', 1, '[]', FALSE, FALSE, n, n, 1 FROM numbers""",
    "INSERT INTO user_roles (id, user_id, role_id, assigned_at) SELECT n, 1000 + n, 5, n FROM numbers",
    "INSERT INTO user_roles (id, user_id, role_id, assigned_at) SELECT 1000000 + n, 1000 + n, 4, n FROM numbers WHERE n % 50 = 0",
    """INSERT INTO user_roles (id, user_id, role_id, assigned_at)
        SELECT 2000000 + n, 1000 + n, (SELECT id FROM roles WHERE name = 'half'), n FROM numbers WHERE n % 2 = 0""",
]


def fill(cluster: Cluster | None, url: str, data: pathlib.Path) -> None:
    """Straight into the tables, while the server is away."""
    statements = [*(f"{numbers} {each}" for each in crowd), "UPDATE authz_state SET version = version + 1"]
    if cluster:
        # What autovacuum does after so many rows.
        text = ";\n".join([*statements, "VACUUM ANALYZE users", "VACUUM ANALYZE user_roles"])
        command = [cluster.bin / "psql", "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--dbname", url]
        subprocess.run(command, input=text, text=True, check=True)
        return
    with contextlib.closing(sqlite3.connect(data / "foyer.db")) as database, database:
        for statement in statements:
            database.execute(statement)


def ask(site: Site, options) -> dict[str, list[float]]:
    """Milliseconds of each question, one after the other over one connection."""
    token = site.token()
    half = next(role for role in site.call("GET", "/roles", token=token)["items"] if role["name"] == "half")
    middle = site.call("GET", "/users/u_crowd50000", token=token)["id"]
    cursor = json.dumps([middle]).encode().hex()
    preview = {"role_id": half["id"], "permissions": ["settings.read"]}
    questions = {
        "who can: what everybody may do, a page": ("GET", "/permissions/chat.read/holders?limit=50", None),
        "the same, from the middle": ("GET", f"/permissions/chat.read/holders?limit=50&cursor={cursor}", None),
        "the same, counted (100,000)": ("GET", "/permissions/chat.read/holders?limit=50&count=true", None),
        "who can: what 2,000 may do, counted": ("GET", "/permissions/analytics.read/holders?limit=50&count=true", None),
        "who can: what one may do, counted": ("GET", "/permissions/webhooks.manage/holders?limit=50&count=true", None),
        "preview, 50,000 holders: all of them gain": ("POST", "/roles/preview", preview),
        "preview, 50,000 holders: what they all have already": ("POST", "/roles/preview", preview | {"permissions": ["chat.read"]}),
        "what if: a role for one member": ("POST", f"/users/{middle}/roles/preview", {"role_id": "role_mod"}),
        "could they then: one member, all permissions": ("GET", f"/users/{middle}/permissions?at=2026-01-01T00:00:00Z", None),
    }
    connection = site.connection()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    results: dict[str, list[float]] = {}
    for name, (method, path, body) in questions.items():
        times = []
        for _ in range(25 * options.rounds):
            started = time.perf_counter()
            connection.request(method, f"/api/v1{path}", None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            read = answer.read()
            times.append((time.perf_counter() - started) * 1000)
            if answer.status != 200:
                sys.exit(f"{name}: {answer.status} {read.decode()}")
        results[name] = sorted(times)
        say(f"questions: {name}: p95 {p95(results[name]):.1f} ms")
    return results


def p95(times: list[float]) -> float:
    return times[len(times) * 95 // 100]


def answers(options, cluster: Cluster | None = None) -> dict[str, list[float]]:
    data = scratch / ("questions-postgres" if cluster else "questions")
    shutil.rmtree(data, ignore_errors=True)
    url = cluster.create() if cluster else ""
    settings = {"database_url": url} if cluster else {}
    with Site(options.program, data, scratch / "keys", **settings) as site:
        site.call("POST", "/roles", {"name": "half", "priority": 20, "permissions": []}, site.token())
    fill(cluster, url, data)
    with Site(options.program, data, scratch / "keys", **settings) as site:
        return ask(site, options)


def questions(options) -> str:
    with Cluster(is_durable=True) as cluster:
        results = [answers(options), answers(options, cluster)]
    rows = [
        [name, *(f"{cell:.1f}" for each in results for cell in (each[name][len(each[name]) // 2], p95(each[name])))] for name in results[0]
    ]

    def worst(*beginnings: str) -> list[float]:
        return [max(p95(times) for name, times in each.items() if name.startswith(beginnings)) for each in results]

    return "\n".join([
        "### Questions about rights, 100,000 members",
        "",
        f"Everybody is a member, 2,000 are staff, 50,000 hold one role more. Each question {25 * options.rounds} times over one connection, one after the other: "
        "milliseconds from the request to the end of the answer, sign-in, JSON and HTTP included. Below, the slowest question of a kind on either database.",
        "",
        *table(["question", "SQLite p50", "p95", "PostgreSQL p50", "p95"], rows),
        "",
        *targets(
            Target("who can do this, p95", 25, 10, worst("who can", "the same"), "ms", 1),
            Target("preview of a role with 50,000 holders, p95", 250, 100, worst("preview"), "ms", 1)),
    ])
