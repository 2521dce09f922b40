"""The same load a socket at 100, 1,000 and 10,000 sockets."""
import itertools
import statistics

from harness.people import Crowd
from harness.report import Target, say, spread, table, targets

sizes = (100, 1000, 10_000)
rounds = 2


def apart(values: list[float]) -> float:
    """How far the largest or smallest is from the median, in hundredths of it."""
    middle = statistics.median(values)
    return max(abs(value / middle - 1) for value in values) * 100


def dearer(values: list[float]) -> float:
    """The most that a larger size costs beyond a smaller one, in hundredths of that; below nothing where each costs less than those before."""
    return max(large / small - 1 for small, large in itertools.combinations(values, 2)) * 100


def growth(options) -> str:
    """Each socket hears ten events a second whatever the size, so that as much goes out at once to one socket."""
    results: dict[int, list[dict]] = {size: [] for size in sizes}
    for number in range(rounds):
        for size, each in results.items():
            with Crowd(options, size) as crowd:
                # Few sockets cost little: what they cost is known after a longer time.
                seconds = min(60 if size < 1000 else 20, options.seconds * 12)
                each.append(crowd.generate("status", connections=size, apart=True, rate=size // 10, seconds=seconds))
        say(f"growth {number + 1}: " + ", ".join(f"{each[-1]['us_per_delivery_alone']:.2f} µs, {each[-1]['kib_per_socket']:.2f} KiB" for each in results.values()))

    cpu = [dearer([r["us_per_delivery_alone"] for r in row]) for row in zip(*results.values())]
    added = {size: [] for size in sizes[1:]}
    for row in zip(*results.values()):
        for (less, small), (more, large) in itertools.pairwise(zip(sizes, row)):
            added[more].append((large["kib_per_socket"] * more - small["kib_per_socket"] * less) / (more - less))
    return "\n".join([
        "### Growth from 100 to 1,000 to 10,000 sockets",
        "",
        *targets(
            Target("CPU a delivery at 100, 1,000 and 10,000 sockets: the most that it grows from one to another", 20, 5, cpu, "%", 0),
            Target(
                "memory of a socket more, from 100 to 1,000 and from there to 10,000: their distance from the mean", 20, 5,
                [apart(list(pair)) for pair in zip(*added.values())], "%", 0)),
        "",
        "Each socket watches 100 people (98 where there are 100), and everybody changes their status every ten seconds: a socket hears ten events a second at "
        "each size. CPU a delivery is what the server spends beyond the same changes made by somebody whom nobody watches, since one change costs the same however many "
        f"hear of it; with them it is in the next column. Both are made by turns of two seconds, so that a machine that is slower for a while is so for both. Memory is what each socket more adds to the process since the size before. {rounds} rounds.",
        "",
        *table(["sockets", "µs CPU a delivery", "with the changes", "KiB a socket more", "p50 ms", "p99 ms", "deliveries", "missed"], [
            [f"{size:,}", spread([r["us_per_delivery_alone"] for r in each], 2), spread([r["us_per_delivery"] for r in each], 2),
             spread(added[size], 2) if size in added else "–", spread([r["p50_ms"] for r in each]), spread([r["p99_ms"] for r in each]),
             f"{sum(r['deliveries'] for r in each):,}", f"{sum(r['missed'] for r in each):,}"] for size, each in results.items()]),
    ])
