"""Resident memory of sockets that say nothing."""
from harness.people import Crowd, staff
from harness.report import Target, say, spread, table, targets
from harness.site import certificate


def memory(options) -> str:
    results: dict[str, list[dict]] = {"plain": [], "TLS 1.3": []}
    chain, key = certificate()
    for number in range(options.rounds):
        for name, settings in (("plain", {}), ("TLS 1.3", {"tls_cert": str(chain), "tls_key": str(key)})):
            with Crowd(options, options.sockets, **settings) as crowd:
                # Changes go by plain HTTP, which a server with TLS does not speak: none are made.
                results[name].append(crowd.generate("silence", connections=options.sockets, site_watchers=staff, tls=bool(settings)))
        say(f"memory {number + 1}: " + ", ".join(f"{each[-1]['kib_per_socket']:.2f} KiB" for each in results.values()))
    return "\n".join([
        f"### Memory of {options.sockets:,} idle sockets",
        "",
        *targets(Target(
            "resident memory per idle socket with 100 watched people", 8, 2, [r["kib_per_socket"] for r in results["plain"]], "KiB")),
        "",
        "What the process's own resident memory (`RssAnon`, without the pages of files: up to 256 MB of the database's file are mapped, and come and go with "
        f"the kernel's cache) grew by from no socket to {options.sockets:,}, each of a person of their own who watches 100 people, {staff} the whole "
        "site, once the arrivals are done with: sockets, sessions, subscriptions, what is kept for a resume, and the presence of as many people.",
        "",
        *table(["", "KiB a socket", "seconds to open all"], [
            [name, spread([r["kib_per_socket"] for r in each], 2), spread([r["opening_s"] for r in each])] for name, each in results.items()]),
    ])
