"""All sockets are dropped at once and come back, while statuses change and the API is asked."""
import signal

from harness.generator import finish, start
from harness.people import Crowd, staff
from harness.report import Target, say, spread, table, targets
from harness.site import stop

changes, requests = 200, 500


def drop(options, full_speed: bool) -> dict:
    with Crowd(options, options.sockets) as crowd:
        server = (crowd.site.port, crowd.site.process.pid)
        token = crowd.site.token()
        storm = start(
            "storm", *server, list=crowd.tokens, connections=options.sockets, site_watchers=staff, rate=changes, seconds=14, full_speed=full_speed)
        pace = start("pace", *server, token=token, connections=16, rate=requests, seconds=120)
        try:
            while (line := storm.stdout.readline().strip()) not in ("dropped", ""):
                pass
            pace.send_signal(signal.SIGUSR1)
            while line not in ("back", ""):
                line = storm.stdout.readline().strip()
            pace.send_signal(signal.SIGTERM)
            api = finish(pace)
            return finish(storm) | {"api_p50_ms": api["p50_ms"], "api_p95_ms": api["p95_ms"]}
        finally:
            for process in (storm, pace):
                if process.poll() is None:
                    stop(process)


def storm(options) -> str:
    results: dict[str, list[dict]] = {"as the web app returns": [], "at full speed": []}
    for number in range(options.rounds):
        for name, each in results.items():
            each.append(drop(options, name == "at full speed"))
            say(f"storm {number + 1}, {name}: {each[-1]['back_s']:.2f} s, {each[-1]['missed']} missed, API p95 {each[-1]['api_p95_ms']:.1f} ms")
    ours, fast = results.values()
    return "\n".join([
        f"### {options.sockets:,} sockets dropped at once",
        "",
        *targets(
            Target(f"{options.sockets:,} sockets dropped at once: all back and resumed", 10, 3, [r["back_s"] for r in ours], "s"),
            Target(f"API p95 meanwhile, at {requests} requests a second", 250, 50, [r["api_p95_ms"] for r in ours], "ms", 1),
            Target("resumes a second", 2000, 5000, [r["per_second"] for r in fast], digits=0, wins_by_more=True)),
        "",
        f"The generator resets all connections in the same moment; each client comes back as the web app does (after half a second at random, later after longer), "
        f"and resumes with its positions, while statuses change {changes} times a second and `GET /users/me` is asked {requests} times a second on a schedule that "
        "waits for nobody. At full speed they do not wait, 256 at a time. Each client's events are checked one by one: missed are those that somebody "
        "who watches the person did not get, or got out of order.",
        "",
        *table(["return", "all back, s", "median, s", "resumes a second", "µs CPU a resume", "events", "missed", "resync", "API p50 ms", "API p95 ms"], [
            [name, *(spread([r[key] for r in each], digits) for key, digits in (
                ("back_s", 2), ("median_back_s", 2), ("per_second", 0), ("us_per_resume", 0))),
             f"{sum(r['deliveries'] for r in each):,}", f"{sum(r['missed'] + r['unordered'] for r in each):,}", f"{sum(r['resyncs'] for r in each):,}",
             spread([r["api_p50_ms"] for r in each], 1), spread([r["api_p95_ms"] for r in each], 1)] for name, each in results.items()]),
    ])
