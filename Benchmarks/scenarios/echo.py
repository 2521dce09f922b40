"""WebSocket frames and back beside Node's `ws`."""
from harness.generator import generate
from harness.report import say, spread
from harness.site import benchmarks, echo_server, free_port, node_version, peer


def echo(options) -> str:
    names = ("Foyer, one loop", "Foyer, a loop a core", "Node, `ws`, one thread")
    results: dict[str, list[dict]] = {name: [] for name in names}
    for number in range(options.rounds):
        for name, arguments in zip(names, (("--loops", "1"), ())):
            with echo_server(options, *arguments) as (process, port):
                results[name].append(generate("echo", port, process.pid, connections=64, seconds=options.seconds))
        port = free_port()
        with peer(port, "node", str(benchmarks / "peers" / "ws.mjs"), str(port)) as node:
            results[names[2]].append(generate("echo", port, node.pid, connections=64, seconds=options.seconds))
        say(f"echo {number + 1}: " + ", ".join(f"{each[-1]['us_per_message']:.2f} µs" for each in results.values()))
    rows = [
        f"| {name} | {spread([r['per_second'] for r in each], 0)} | {spread([r['us_per_message'] for r in each], 2)} "
        f"| {spread([r['p50_ms'] for r in each], 2)} | {spread([r['p99_ms'] for r in each], 2)} |"
        for name, each in results.items()
    ]

    def ratio(name: str, key: str) -> str:
        return spread([a[key] / b[key] for a, b in zip(results[name], results[names[2]])], 2)

    return "\n".join([
        "### A masked frame of 200 bytes and back, 64 WebSockets",
        "",
        "Each socket has one text frame under way; it is unmasked, checked to be UTF-8 and sent back. On both sides the server does nothing "
        f"else. {node_version()}.",
        "",
        "| server | messages a second | µs CPU a message | p50 ms | p99 ms |",
        "|---|---|---|---|---|",
        *rows,
        "",
        f"Foyer ÷ Node: one loop, messages a second **{ratio(names[0], 'per_second')}**, CPU **{ratio(names[0], 'us_per_message')}**; a loop a "
        f"core, messages a second **{ratio(names[1], 'per_second')}**, CPU **{ratio(names[1], 'us_per_message')}**.",
    ])
