"""One status to all sockets, beside the least that it can cost and beside Node's `ws`."""
from harness.generator import generate
from harness.people import Crowd, staff
from harness.report import Target, ratio, say, spread, table, targets
from harness.site import benchmarks, build, free_port, node_version, peer, scratch

watching = {"site_watchers": staff, "stars": 1}


def broadcast(options) -> str:
    sample = scratch / "event.json"
    names = ("Foyer", "C, bare epoll loop", "Node, `ws`")
    results: dict[str, list[dict]] = {name: [] for name in names}
    load = {"connections": options.sockets, "rate": 5, "seconds": options.seconds}
    for number in range(options.rounds):
        with Crowd(options, options.sockets) as crowd:
            results[names[0]].append(crowd.generate("status", sample=sample, **watching, **load))
        commands = ([str(build / "epoll")], ["node", str(benchmarks / "peers" / "broadcast.mjs")])
        for name, command in zip(names[1:], commands):
            port = free_port()
            with peer(port, *command, str(port), str(sample)) as process:
                results[name].append(generate("status", port, process.pid, bare=True, **load))
        say(f"broadcast {number + 1}: " + ", ".join(f"{each[-1]['us_per_delivery']:.2f} µs" for each in results.values()))
    ours = results[names[0]]
    bare, node = (ratio(ours, results[name], "us_per_delivery") for name in names[1:])
    return "\n".join([
        f"### One status, {options.sockets:,} authenticated sockets",
        "",
        *targets(
            Target("broadcast, CPU a delivery ÷ bare C epoll loop", 1.25, 1.05, bare), Target("the same ÷ Node `ws`", 0.8, 0.5, node)),
        "",
        f"Every socket is a person of their own and watches 100 people; {staff} watch the whole site. One of those watched by all changes their status "
        "five times a second by `POST /users/me/status`; each change is durable, audited, and reaches every socket as a frame of "
        f"{ours[-1]['bytes']:.0f} bytes. The peers send the same bytes with no rights, topics or queues. "
        f"{sum(r['deliveries'] for r in ours):,} deliveries, {sum(r['missed'] for r in ours):,} missed, "
        f"{sum(r['spared'] for r in ours):,} spared because two changes met in one tick. {node_version()}.",
        "",
        *table(["server", "µs CPU a delivery", "p50 ms", "p99 ms", "µs CPU of the generator"], [
            [name, spread([r["us_per_delivery"] for r in each], 2), spread([r["p50_ms"] for r in each]), spread([r["p99_ms"] for r in each]),
             spread([r["generator_us_per_delivery"] for r in each], 2)] for name, each in results.items()]),
    ])
