"""Durable role assignments on SQLite and on PostgreSQL."""
from cluster import Cluster

from harness.generator import generate
from harness.report import say, spread
from harness.site import Site, empty_site, scratch


def assignments(site: Site, options) -> list[str]:
    token = site.token()
    role = site.call("POST", "/roles", {"name": "bench", "priority": 1, "permissions": []}, token)["id"]
    users = [
        site.call("POST", "/users", {"username": f"bench_{n:03}", "email": f"bench_{n:03}@foyer.example"}, token)["id"] for n in range(256)
    ]
    pairs = scratch / "pairs.txt"
    pairs.write_text("".join(f"{user} {role}\n" for user in users))
    rows = []
    for writers in (1, 16, 256):
        results = []
        for _ in range(3):
            for user in users:  # every writer begins with an assignment
                site.call("DELETE", f"/users/{user}/roles/{role}", token=token)
            token = site.token()
            results.append(generate(
                "writes", site.port, site.process.pid, token=token, connections=writers, seconds=options.seconds, list=pairs))
        rows.append(
            f"| {writers} | {spread([r['per_second'] for r in results], 0)} | {spread([r['us_per_request'] for r in results], 0)} "
            f"| {spread([r['p50_ms'] for r in results], 2)} | {spread([r['p99_ms'] for r in results], 2)} |")
        say(f"writes {writers}: {rows[-1]}")
    return ["| writers | changes a second | µs CPU a change | p50 ms | p99 ms |", "|---|---|---|---|---|", *rows]


def writes(options) -> str:
    with empty_site(options) as site:
        rows = assignments(site, options)
    return "\n".join([
        "### Durable role assignments",
        "",
        "Each writer assigns a role to a member of its own and takes it away again, over and over; both count. One answer means: committed with "
        "`synchronous=FULL`, with its audit entry and its event. SQLite in the data folder.",
        "",
        *rows,
    ])


def writes_postgres(options) -> str:
    with Cluster(is_durable=True) as cluster:
        with empty_site(options, database_url=cluster.create()) as site:
            rows = assignments(site, options)
    return "\n".join([
        "### The same on PostgreSQL",
        "",
        "A server of its own on the same machine, with `fsync` and `synchronous_commit` on; the CPU is Foyer's alone.",
        "",
        *rows,
    ])
