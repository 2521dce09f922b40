"""`GET /users/me` beside Node's own http server."""
import json

from harness.generator import generate
from harness.report import ratio, say, spread
from harness.site import Site, benchmarks, empty_site, free_port, node_version, peer, scratch


def requests(options) -> str:
    with empty_site(options) as site:
        return measure(site, options)


def measure(site: Site, options) -> str:
    token = site.token()
    body = scratch / "me.json"
    body.write_text(json.dumps(site.call("GET", "/users/me", token=token), separators=(",", ":"), ensure_ascii=False))
    ours, theirs = [], []
    for number in range(options.rounds):
        ours.append(generate("requests", site.port, site.process.pid, token=site.token(), connections=32, seconds=options.seconds))
        port = free_port()
        with peer(port, "node", str(benchmarks / "peers" / "http.mjs"), str(port), str(body)) as node:
            theirs.append(generate("requests", port, node.pid, token=token, connections=32, seconds=options.seconds))
        say(f"requests {number + 1}: {ours[-1]['us_per_request']:.2f} µs, Node {theirs[-1]['us_per_request']:.2f} µs")
    rows = [
        f"| {name} | {spread([r['per_second'] for r in results], 0)} | {spread([r['us_per_request'] for r in results])} "
        f"| {spread([r['p50_ms'] for r in results], 2)} | {spread([r['p99_ms'] for r in results], 2)} |"
        for name, results in (("Foyer", ours), ("Node, bare `http`", theirs))
    ]
    return "\n".join([
        "### `GET /users/me`, 32 keep-alive connections",
        "",
        f"Token, revocation and rights are checked and the member is read from the database on each; the peer sends the same "
        f"{body.stat().st_size} bytes from memory. {node_version()}.",
        "",
        "| server | requests a second | µs CPU a request | p50 ms | p99 ms |",
        "|---|---|---|---|---|",
        *rows,
        "",
        f"Foyer ÷ Node: CPU **{spread(ratio(ours, theirs, 'us_per_request'), 2)}**, requests a second **{spread(ratio(ours, theirs, 'per_second'), 2)}**.",
    ])
