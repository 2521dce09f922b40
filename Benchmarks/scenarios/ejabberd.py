"""One message to all sockets, beside ejabberd."""
import contextlib
import pathlib
import shutil

from harness.generator import generate
from harness.people import Crowd, staff
from harness.report import Target, ratio, say, spread, table, targets
from harness.site import free_port, peer, scratch

# Only what the announcement needs: no archive, no rosters, no limits.
configuration = """
hosts: [localhost]
loglevel: error
listen:
  - {{port: {port}, ip: "127.0.0.1", module: ejabberd_http, backlog: 4096, request_handlers: {{/ws: ejabberd_http_ws}}}}
auth_method: [anonymous]
anonymous_protocol: sasl_anon
allow_multiple_connections: true
websocket_ping_interval: 3600
websocket_timeout: 7200
max_fsm_queue: 1000000
modules:
  mod_adhoc: {{}}
  mod_announce: {{access: all}}
"""
padding = "." * 135  # so that the frames are as long as Foyer's


def installed() -> pathlib.Path:
    found = [path for path in pathlib.Path("/usr/lib").glob("*/ejabberd-*/ebin") if (path / "ejabberd.app").exists()]
    if not found:
        raise SystemExit("ejabberd is not installed; scripts/setup bench installs it.")
    return found[0]


@contextlib.contextmanager
def server():
    """An ejabberd of our own, without a node name, in a folder of its own: the process and its port."""
    folder, port = scratch / "ejabberd", free_port()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "ejabberd.yml").write_text(configuration.format(port=port))
    variables = {
        "EJABBERD_CONFIG_PATH": folder / "ejabberd.yml", "EJABBERD_LOG_PATH": folder / "ejabberd.log", "HOME": folder,
        "ERL_LIBS": installed().parent.parent, "ERL_CRASH_DUMP": folder / "crash.dump",
    }
    command = [
        "env", *(f"{name}={value}" for name, value in variables.items()), "erl", "+K", "true", "+P", "1000000", "+Q", "65536", "-noinput",
        "-mnesia", "dir", f'"{folder / "spool"}"', "-s", "ejabberd"]
    with peer(port, *command) as process:
        yield process, port


def ejabberd(options) -> str:
    ours, theirs = [], []
    load = {"connections": options.sockets, "rate": 2, "seconds": options.seconds * 2}
    for number in range(options.rounds):
        with Crowd(options, options.sockets) as crowd:
            ours.append(crowd.generate("status", site_watchers=staff, stars=1, **load))
        with server() as (process, port):
            theirs.append(generate("xmpp", port, process.pid, path="localhost", list=padding, **load))
        say(f"ejabberd {number + 1}: {ours[-1]['us_per_delivery']:.2f} µs, ejabberd {theirs[-1]['us_per_delivery']:.2f} µs")
    version = installed().parent.name.split("-")[1]
    return "\n".join([
        f"### One message to {options.sockets:,} sockets, beside ejabberd",
        "",
        *targets(Target("broadcast, CPU a delivery ÷ ejabberd over WebSocket", 0.5, 0.25, ratio(ours, theirs, "us_per_delivery"))),
        "",
        f"ejabberd {version} sends one announcement to all who are online, over XMPP's WebSockets: the nearest that it has to one status "
        "for many. It has no archive, no rosters and no limits here, and anonymous sessions; nothing of the message is durable. Foyer's change is. Twice a second. "
        f"Frames are {ours[-1]['bytes']:.0f} and {theirs[-1]['bytes']:.0f} bytes.",
        "",
        *table(["server", "µs CPU a delivery", "p50 ms", "p99 ms", "KiB a socket", "missed", "µs CPU of the generator"], [
            [name, spread([r["us_per_delivery"] for r in each], 2), spread([r["p50_ms"] for r in each]), spread([r["p99_ms"] for r in each]),
             spread([r["kib_per_socket"] for r in each]), f"{sum(r['missed'] for r in each):,}",
             spread([r["generator_us_per_delivery"] for r in each], 2)] for name, each in (("Foyer", ours), ("ejabberd", theirs))]),
    ])
