"""Twice as many sockets over two processes on one PostgreSQL."""
import shutil
import subprocess

from cluster import Cluster

from harness.generator import finish, generate, start
from harness.people import create_people, sessions
from harness.report import Target, say, spread, table, targets
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


def apart(one: dict, both: list[dict]) -> float:
    """How far the cost of a delivery by two processes is from that by one, in hundredths of it."""
    cost = sum(r["us_per_delivery"] * r["deliveries"] for r in both) / sum(r["deliveries"] for r in both)
    return abs(cost / one["us_per_delivery"] - 1) * 100


def once(options, cluster: Cluster) -> tuple[dict, dict, dict]:
    """- Returns: what one process does by itself, and then what each of two does."""
    load = {"connections": options.sockets, "stars": 1, "rate": 2, "seconds": options.seconds * 4}
    url = cluster.create()
    with Site(options.program, scratch / "node-1", scratch / "node-keys", database_url=url) as first:
        people = sign_in_all(cluster, url, first, options.sockets)
        alone = generate("status", first.port, first.process.pid, list=people, **load)
    with Site(options.program, scratch / "node-1", scratch / "node-keys", database_url=url) as first:
        with Site(options.program, scratch / "node-2", scratch / "node-keys", database_url=url) as second:
            passive = start("status", second.port, second.process.pid, list=people, passive=True, **load)
            passive.stdout.readline()  # all are there
            here = generate("status", first.port, first.process.pid, list=people, **load)
            there = finish(passive)
    cluster.drop(url)
    for folder in ("node-1", "node-2"):
        shutil.rmtree(scratch / folder)
    say(f"two nodes: {alone['us_per_delivery']:.2f} µs alone, {here['us_per_delivery']:.2f} and {there['us_per_delivery']:.2f} µs, {here['missed'] + there['missed']} missed")
    return alone, here, there


def two_nodes(options) -> str:
    with Cluster(is_durable=True) as cluster:
        rounds = [once(options, cluster) for _ in range(2)]
    names = ("one process, alone", "of two, that of the changes", "of two, the other")
    return "\n".join([
        f"### {2 * options.sockets:,} sockets over two processes",
        "",
        *targets(
            Target(
                f"CPU a delivery with {2 * options.sockets:,} sockets over two processes: its distance from {options.sockets:,} in one", 20, 5,
                [apart(alone, both) for alone, *both in rounds], "%", 0)),
        "",
        f"Two processes on one PostgreSQL, {options.sockets:,} people with a socket on each, all of whom watch 100 people. One of those watched by all changes their status "
        "twice a second by a `POST` to the first process; the second hears of it by the outbox in the database, since presence itself stays within a process "
        "while there is no broker between them: there the message arrives, and the person counts as absent. Just before, the first does the same by itself. "
        "Spared are those to whom two changes were one, since they met in one tick.",
        "",
        *table(["process", "µs CPU a delivery", "KiB a socket", "p50 ms", "p99 ms", "deliveries", "missed", "spared"], [
            [name, *(spread([r[key] for r in each], 2) for key in ("us_per_delivery", "kib_per_socket")), *(spread([r[key] for r in each]) for key in ("p50_ms", "p99_ms")),
             *(f"{sum(r[key] for r in each):,}" for key in ("deliveries", "missed", "spared"))]
            for name, each in zip(names, zip(*rounds))]),
    ])
