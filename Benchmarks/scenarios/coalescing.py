"""Ten events of one tick to all sockets."""
from harness.people import Crowd, staff
from harness.report import Target, say, spread, table, targets


def coalescing(options) -> str:
    results = []
    for number in range(options.rounds):
        with Crowd(options, options.sockets) as crowd:
            results.append(crowd.generate(
                "status", connections=options.sockets, site_watchers=staff, stars=10, burst=10, primer=True, rate=2, seconds=options.seconds * 2))
        say(f"coalescing {number + 1}: {results[-1]['us_per_delivery']:.2f} µs, {results[-1]['events_per_read']:.1f} events a read")
    return "\n".join([
        f"### Ten statuses in a tick, {options.sockets:,} authenticated sockets",
        "",
        *targets(Target("ten events coalesced in a turn, CPU a delivered event", 2, 1, [r["us_per_delivery"] for r in results], "µs")),
        "",
        "Twice a second ten people whom all watch change their status at the same moment, just after a tick of presence began, so that all ten go out with "
        "the next one. CPU holds the ten durable changes too.",
        "",
        *table(["µs CPU a delivered event", "events a read of the generator", "p50 ms", "p99 ms", "missed", "µs CPU of the generator"], [[
            spread([r["us_per_delivery"] for r in results], 2), spread([r["events_per_read"] for r in results]), spread([r["p50_ms"] for r in results]),
            spread([r["p99_ms"] for r in results]), f"{sum(r['missed'] for r in results):,}",
            spread([r["generator_us_per_delivery"] for r in results], 2)]]),
    ])
