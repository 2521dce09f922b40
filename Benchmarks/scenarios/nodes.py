"""Twice as many sockets over two processes on one PostgreSQL."""
import subprocess

from cluster import Cluster

from harness.generator import finish, generate, start
from harness.people import create_people, sessions
from harness.report import say, table
from harness.site import Site, scratch


def copy(cluster: Cluster, url: str, statement: str, rows: list[tuple]) -> None:
    text = "".join("\t".join(rf"\\x{value.hex()}" if isinstance(value, bytes) else str(value) for value in row) + "\n" for row in rows)
    subprocess.run(
        [cluster.bin / "psql", "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--dbname", url, "--command", f"COPY {statement} FROM STDIN"],
        input=text, text=True, check=True)


def sign_in_all(cluster: Cluster, url: str, site: Site, count: int) -> str:
    """- Returns: the file of ids and access tokens, which are good on every node."""
    ids = create_people(site, count)
    opened, refreshes, tokens = sessions(ids)
    copy(cluster, url, "sessions (id, user_id, created_at, last_used_at, expires_at, ip, user_agent, label)", opened)
    copy(cluster, url, "refresh_tokens (hash, session_id, created_at, expires_at)", refreshes)
    listed, access = scratch / "nodes-people.txt", scratch / "nodes-tokens.txt"
    listed.write_text("".join(f"{uuid} {token}\n" for uuid, token in zip(ids, tokens)))
    generate("sign-in", site.port, site.process.pid, list=listed, connections=count, sample=access)
    return str(access)


def two_nodes(options) -> str:
    count = options.sockets
    load = {"connections": count, "stars": 1, "rate": 5, "seconds": options.seconds * 2}
    with Cluster(is_durable=True) as cluster:
        url = cluster.create()
        with Site(options.program, scratch / "node-1", scratch / "node-keys", database_url=url) as first:
            people = sign_in_all(cluster, url, first, count)
            with Site(options.program, scratch / "node-2", scratch / "node-keys", database_url=url) as second:
                passive = start("status", second.port, second.process.pid, list=people, passive=True, **load)
                passive.stdout.readline()  # all are there
                here = generate("status", first.port, first.process.pid, list=people, **load)
                there = finish(passive)
    say(f"two nodes: {here['us_per_delivery']:.2f} and {there['us_per_delivery']:.2f} µs, {here['missed']} and {there['missed']} missed")
    return "\n".join([
        f"### {2 * count:,} sockets over two processes",
        "",
        f"Two processes on one PostgreSQL, {count:,} people with a socket on each, all of whom watch 100 people. One of those watched by all changes their status "
        "five times a second by a `POST` to the first process; the second hears of it by the outbox in the database, since presence itself stays within a process "
        "while there is no broker between them: there the message arrives, and the person counts as absent. Spared are those to whom two changes were one, since they met in one tick. One run.",
        "",
        *table(["process", "µs CPU a delivery", "KiB a socket", "p50 ms", "p99 ms", "deliveries", "missed", "spared"], [
            [name, f"{r['us_per_delivery']:.2f}", f"{r['kib_per_socket']:.2f}", f"{r['p50_ms']:.1f}", f"{r['p99_ms']:.1f}", f"{r['deliveries']:,}", f"{r['missed']:,}", f"{r['spared']:,}"]
            for name, r in (("that of the changes", here), ("the other", there))]),
    ])
