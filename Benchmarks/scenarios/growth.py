"""The same load a socket at 100, 1,000 and 10,000 sockets."""
import statistics

from harness.people import Crowd
from harness.report import Target, say, spread, table, targets

sizes = (100, 1000, 10_000)
rounds = 2


def growth(options) -> str:
    """Each socket hears ten events a second whatever the size, so that as much goes out at once to one socket."""
    results: dict[int, list[dict]] = {size: [] for size in sizes}
    for number in range(rounds):
        for size, each in results.items():
            with Crowd(options, size) as crowd:
                each.append(crowd.generate("status", connections=size, apart=True, rate=size // 10, seconds=min(20, options.seconds * 4)))
        say(f"growth {number + 1}: " + ", ".join(f"{each[-1]['us_per_delivery_alone']:.2f} µs, {each[-1]['later_kib']:.2f} KiB" for each in results.values()))

    def grown(key: str) -> list[float]:
        """The farthest from the middle size, as a share of it; of each round."""
        rows = zip(*([r[key] for r in each] for each in results.values()))
        return [max(abs(value / statistics.median(row) - 1) for value in row) * 100 for row in rows]

    return "\n".join([
        "### Growth from 100 to 1,000 to 10,000 sockets",
        "",
        *targets(
            Target("growth of CPU a delivery, 100 to 10,000 sockets, from their median", 20, 5, grown("us_per_delivery_alone"), "%", 0),
            Target("growth of memory a socket, 100 to 10,000 sockets, from their median", 20, 5, grown("later_kib"), "%", 0)),
        "",
        "Each socket watches 100 people (98 where there are 100), and everybody changes their status every ten seconds: a socket hears ten events a second at "
        "each size. CPU a delivery is what the server spends beyond the same changes made by somebody whom nobody watches, since one change costs the same however many "
        f"hear of it; with them it is in the next column. Memory is what each of the second half of the sockets adds. {rounds} rounds.",
        "",
        *table(["sockets", "µs CPU a delivery", "with the changes", "KiB a socket", "p50 ms", "p99 ms", "deliveries", "missed"], [
            [f"{size:,}", spread([r["us_per_delivery_alone"] for r in each], 2), spread([r["us_per_delivery"] for r in each], 2),
             spread([r["later_kib"] for r in each], 2), spread([r["p50_ms"] for r in each]), spread([r["p99_ms"] for r in each]),
             f"{sum(r['deliveries'] for r in each):,}", f"{sum(r['missed'] for r in each):,}"] for size, each in results.items()]),
    ])
