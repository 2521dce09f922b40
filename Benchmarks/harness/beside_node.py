"""A server that does one thing only beside Node's own, in turn: what one message or request costs each."""
from .generator import generate
from .report import Target, ratio, say, spread, table, targets
from .site import benchmarks, echo_server, free_port, node_version, peer


def beside_node(options, mode: str, *, module: str, script: str, unit: str, title: str, text: str, bar: float = 2, aim: float = 4, body=None, **generator) -> str:
    """The section of the generator's `mode` over 64 connections, against `Benchmarks/peers/<script>`, which serves Node's `module`.

    `unit`: what is counted, as in `us_per_<unit>`; `bar` and `aim`: of the rate, Foyer's with one loop ÷ Node's; `body`: a file that both answer.
    """
    names = ("Foyer, one loop", "Foyer, a loop a core", f"Node, `{module}`, one thread")
    results: dict[str, list[dict]] = {name: [] for name in names}

    def measure(name: str, port: int, server: int) -> None:
        results[name].append(generate(mode, port, server, connections=64, seconds=options.seconds, **generator))

    for number in range(options.rounds):
        for name, loops in zip(names, (("--loops", "1"), ())):
            with echo_server(options, *(("--body", str(body)) if body else ()), *loops) as (process, port):
                measure(name, port, process.pid)
        port = free_port()
        with peer(port, "node", str(benchmarks / "peers" / script), str(port), *((str(body),) if body else ())) as node:
            measure(names[2], port, node.pid)
        say(f"{mode} {number + 1}: " + ", ".join(f"{each[-1][f'us_per_{unit}']:.2f} µs" for each in results.values()))
    columns = (("per_second", 0), (f"us_per_{unit}", 2), ("p50_ms", 2), ("p99_ms", 2))
    rows = [[name, *(spread([r[key] for r in each], digits) for key, digits in columns)] for name, each in results.items()]

    def beside(name: str, key: str) -> str:
        return spread(ratio(results[name], results[names[2]], key), 2)

    return "\n".join([
        f"### {title}",
        "",
        *targets(Target(f"{unit}s a second ÷ Node `{module}`", bar, aim, ratio(results[names[0]], results[names[2]], "per_second"), wins_by_more=True)),
        "",
        f"{text} {node_version()}.",
        "",
        *table(["server", f"{unit}s a second", f"µs CPU a {unit}", "p50 ms", "p99 ms"], rows),
        "",
        f"CPU, Foyer ÷ Node: one loop **{beside(names[0], f'us_per_{unit}')}**, a loop a core **{beside(names[1], f'us_per_{unit}')}** "
        f"with **{beside(names[1], 'per_second')}** of the rate.",
    ])
