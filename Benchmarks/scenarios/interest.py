"""Everybody comes within ten seconds: what each listener hears of it."""
from harness.people import Crowd, staff
from harness.report import say, spread, table


def interest(options) -> str:
    results = []
    for number in range(options.rounds):
        with Crowd(options, options.sockets) as crowd:
            results.append(crowd.generate("arrivals", connections=options.sockets, site_watchers=staff, seconds=10))
        say(f"interest {number + 1}: {results[-1]['deliveries']:,} deliveries, {results[-1]['per_listener']:.1f} per listener")
    return "\n".join([
        f"### {options.sockets:,} arrivals within ten seconds",
        "",
        f"Each arrival is an event to those who are there already and watch the person. To everybody it would be {options.sockets**2:,} events in all.",
        "",
        *table(["events in all", "per listener: mean", "median", "most", f"per watcher of the site ({staff})", "seconds", "µs CPU an arrival"], [[
            spread([r["deliveries"] for r in results], 0), *(spread([r[key] for r in results], digits) for key, digits in (
                ("per_listener", 1), ("median", 0), ("most", 0), ("per_site_watcher", 0), ("seconds", 1), ("us_per_arrival", 0)))]]),
    ])
