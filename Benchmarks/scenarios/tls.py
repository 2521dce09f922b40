"""TLS 1.3 beside Node's https with `ws`."""
from harness.generator import generate
from harness.report import Target, ratio, say, spread, table, targets
from harness.site import benchmarks, certificate, echo_server, free_port, node_version, peer


def tls(options) -> str:
    chain, key = certificate()
    names = ("Foyer, one loop", "Node, `https`, one thread")
    results: dict[str, list[dict]] = {name: [] for name in names}

    def measure(name: str, port: int, server: int) -> None:
        # Silence first: the memory of a process that has done much says little of what one more connection costs.
        silent = generate("silent", port, server, connections=2000)
        full = generate("handshakes", port, server, seconds=options.seconds)
        resumed = generate("handshakes", port, server, seconds=options.seconds, resumed=True)
        results[name].append({"kib": silent["kib_per_connection"]} | {
            f"{kind} {key}": value for kind, each in (("full", full), ("resumed", resumed)) for key, value in each.items()})

    for number in range(options.rounds):
        with echo_server(options, "--loops", "1", "--cert", str(chain), "--key", str(key)) as (process, port):
            measure(names[0], port, process.pid)
        port = free_port()
        with peer(port, "node", str(benchmarks / "peers" / "tls.mjs"), str(port), str(chain), str(key)) as node:
            measure(names[1], port, node.pid)
        say(f"tls {number + 1}: " + ", ".join(f"{each[-1]['full us_per_handshake']:.0f} µs, {each[-1]['kib']:.1f} KiB" for each in results.values()))
    columns = (
        ("full per_second", 0), ("full us_per_handshake", 0), ("resumed per_second", 0), ("resumed us_per_handshake", 0), ("kib", 1))
    rows = [[name, *(spread([r[key] for r in each], digits) for key, digits in columns)] for name, each in results.items()]

    def beside(key: str) -> str:
        return spread(ratio(*results.values(), key), 2)

    return "\n".join([
        "### TLS 1.3: handshakes, and the memory of a silent WebSocket",
        "",
        *targets(Target("resident memory per silent WebSocket over TLS", 24, 16, [each["kib"] for each in results[names[0]]], "KiB", 1)),
        "",
        "ECDSA P-256, X25519, sixteen handshakes at once, each ended politely by both sides; resumed by ticket with a new key exchange. Before, 2,000 WebSockets "
        f"over TLS that say nothing: what the process's resident memory grew by. {node_version()} with `ws`.",
        "",
        *table(["server", "full a second", "µs CPU each", "resumed a second", "µs CPU each", "KiB a silent WebSocket"], rows),
        "",
        f"Foyer ÷ Node: full handshakes a second **{beside('full per_second')}**, CPU **{beside('full us_per_handshake')}**; resumed a second "
        f"**{beside('resumed per_second')}**, CPU **{beside('resumed us_per_handshake')}**; memory **{beside('kib')}**.",
    ])
