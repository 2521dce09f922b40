"""A thousand changes a second, each to those who watch the person."""
from harness.people import Crowd, staff
from harness.report import Target, say, spread, table, targets

rate = 1000


def status(options) -> str:
    results = []
    seconds = min(60, options.seconds * 12)
    for number in range(min(options.rounds, 2)):
        with Crowd(options, options.sockets) as crowd:
            results.append(crowd.generate("status", connections=options.sockets, site_watchers=staff, rate=rate, seconds=seconds))
        say(f"status {number + 1}: p99 {results[-1]['p99_ms']:.1f} ms, {results[-1]['missed']:,} missed")
    return "\n".join([
        f"### {rate:,} changes of status a second for {seconds} s",
        "",
        *targets(Target(f"status change to all who watch it, {rate:,} a second for {seconds} s, p99", 250, 60, [r["p99_ms"] for r in results], "ms", 1)),
        "",
        f"{options.sockets:,} sockets, each of a person of their own who watches 100 people, {staff} the whole site; everybody changes their status in turn, by "
        "`POST /users/me/status`. A delivery's time counts from when its change was due, so that a stall of the server or of the generator is not left out; "
        f"every socket had every change in order but those counted as missed. Runs: {len(results)}.",
        "",
        *table(["deliveries", "missed", "p50 ms", "p99 ms", "longest ms", "answer p99 ms", "µs CPU a delivery", "cores", "µs CPU of the generator"], [[
            f"{sum(r['deliveries'] for r in results):,}", f"{sum(r['missed'] + r['unordered'] for r in results):,}",
            *(spread([r[key] for r in results]) for key in ("p50_ms", "p99_ms", "most_ms", "answer_p99_ms")),
            *(spread([r[key] for r in results], 2) for key in ("us_per_delivery", "server_cores", "generator_us_per_delivery"))]]),
    ])
