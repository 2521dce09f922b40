"""A plain request beside Node's own http server."""
import json

from harness.generator import generate
from harness.report import say, spread
from harness.site import benchmarks, echo_server, free_port, node_version, peer, scratch


def http(options) -> str:
    body = scratch / "body.json"
    body.write_text(json.dumps({"text": "x" * 200}))
    names = ("Foyer, one loop", "Foyer, a loop a core", "Node, `http`, one thread")
    results: dict[str, list[dict]] = {name: [] for name in names}
    for number in range(options.rounds):
        for name, arguments in zip(names, (("--loops", "1"), ())):
            with echo_server(options, "--body", str(body), *arguments) as (process, port):
                results[name].append(generate("requests", port, process.pid, connections=64, seconds=options.seconds, path="/"))
        port = free_port()
        with peer(port, "node", str(benchmarks / "peers" / "http.mjs"), str(port), str(body)) as node:
            results[names[2]].append(generate("requests", port, node.pid, connections=64, seconds=options.seconds, path="/"))
        say(f"http {number + 1}: " + ", ".join(f"{each[-1]['us_per_request']:.2f} µs" for each in results.values()))
    rows = [
        f"| {name} | {spread([r['per_second'] for r in each], 0)} | {spread([r['us_per_request'] for r in each], 2)} "
        f"| {spread([r['p50_ms'] for r in each], 2)} | {spread([r['p99_ms'] for r in each], 2)} |"
        for name, each in results.items()
    ]

    def ratio(name: str, key: str) -> str:
        return spread([a[key] / b[key] for a, b in zip(results[name], results[names[2]])], 2)

    return "\n".join([
        "### A plain request, 64 keep-alive connections",
        "",
        f"Both sides parse the request and answer the same {body.stat().st_size} bytes from memory. "
        f"{node_version()}.",
        "",
        "| server | requests a second | µs CPU a request | p50 ms | p99 ms |",
        "|---|---|---|---|---|",
        *rows,
        "",
        f"Foyer ÷ Node: one loop, requests a second **{ratio(names[0], 'per_second')}**, CPU **{ratio(names[0], 'us_per_request')}**; a loop a "
        f"core, requests a second **{ratio(names[1], 'per_second')}**, CPU **{ratio(names[1], 'us_per_request')}**.",
    ])
