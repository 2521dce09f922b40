"""A good client beside bad ones."""
import time

from harness.generator import generate, start
from harness.report import say, spread
from harness.site import Site, empty_site, stop


def fairness(options) -> str:
    """With the limits that a site has by default: they are part of the defence."""
    with empty_site(options, rate_limit="true") as site:
        return beside_bad_ones(site, options)


def beside_bad_ones(site: Site, options) -> str:
    bad = {"username": "mallory", "password": "another passphrase that is long"}
    site.call("POST", "/users", bad | {"email": "mallory@foyer.example", "roles": ["role_staff"]}, site.token())
    kinds = [
        ("trickle", 500, "500 connections that send a byte of a head ten times a second"),
        ("unread", 1, "1 connection that sends requests without an end and reads nothing"),
        ("unread", 50, "50 of them"),
        ("streams", 500, "500 streams of events that nobody reads"),
        ("flood", 1, "1 WebSocket that sends frames as fast as they are taken, and comes back when it is closed"),
        ("flood", 8, "8 of them"),
    ]
    results: list[list[tuple[dict, dict]]] = [[] for _ in kinds]
    good = {"connections": 16, "rate": 500, "seconds": options.seconds}
    for number in range(options.rounds):
        for each, (kind, count, _) in zip(results, kinds):
            token = site.token()
            theirs = site.token(bad)
            alone = generate("pace", site.port, site.process.pid, token=token, **good)
            # Its CPU would be another machine's.
            hostile = start(
                "hostile", site.port, site.process.pid, idly=True, token=theirs, connections=count, seconds=options.seconds + 2, path=kind)
            try:
                hostile.stdout.readline()
                time.sleep(1)
                each.append((alone, generate("pace", site.port, site.process.pid, token=token, **good)))
            finally:
                stop(hostile)
        say(f"fairness {number + 1}: " + ", ".join(f"{kind} {each[-1][1]['p99_ms'] / each[-1][0]['p99_ms']:.2f}" for (kind, _, _), each in zip(kinds, results)))
    rows = [
        f"| {text} | {spread([a['p99_ms'] for a, _ in each], 2)} | {spread([b['p99_ms'] for _, b in each], 2)} "
        f"| **{spread([b['p99_ms'] / a['p99_ms'] for a, b in each], 2)}** |"
        for (_, _, text), each in zip(kinds, results)
    ]
    return "\n".join([
        "### A good client beside bad ones",
        "",
        "With the limits that a site has by default. The good client sends `GET /users/me` 500 times a second over 16 connections, on a schedule that waits for nobody: an answer's time counts "
        "from when its request was due, and up to 1 ms of each, beside bad ones or not, is the client's own, which looks at its schedule no more often. All share the cores; the bad one gets what the others leave (`chrt --idle`), since it would be on a machine of its own.",
        "",
        "| the bad one | p99 ms alone | p99 ms beside it | ratio |",
        "|---|---|---|---|",
        *rows,
    ])
