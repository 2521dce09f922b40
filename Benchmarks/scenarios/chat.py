"""Conversations: durable messages a second, and the latency of reads on a site with a million messages."""
import json
import shutil
import socket
import statistics
import struct
import sys
import time

from cluster import Cluster

from harness.generator import generate
from harness.report import Target, say, spread, table, targets
from harness.site import Site, owner, scratch

writers = (1, 16, 256)
conversations = 200
bars = {
    "SQLite": {1: (1000, 4000), 16: (3000, 10_000), 256: (4000, 12_000)},
    "PostgreSQL": {1: (400, 2000), 16: (1500, 6000), 256: (3000, 10_000)},
}


def begin(site: Site) -> list[str]:
    """Makes groups of the owner and one member; their ids."""
    token = site.token()
    site.call("POST", "/users", {"username": "other", "email": "other@foyer.example", "password": owner["password"]}, token)
    made = [
        site.call("POST", "/conversations", {"members": ["u_other"], "name": f"Group {number}"}, token)["id"] for number in range(conversations)
    ]
    (scratch / "conversations.txt").write_text("".join(f"{made[number % conversations]}\n" for number in range(max(writers))))
    return made


def send(site: Site, seconds: int, count: int) -> dict:
    return generate(
        "sends", site.port, site.process.pid, token=site.token(), connections=count, seconds=seconds, list=scratch / "conversations.txt")


def sends(site: Site, options, name: str) -> dict[int, list[dict]]:
    results = {count: [send(site, options.seconds, count) for _ in range(options.rounds)] for count in writers}
    for count, each in results.items():
        say(f"chat on {name}, {count} writers: {spread([one['per_second'] for one in each], 0)} a second")
    return results


def held(site: Site, token: str) -> int:
    """The number of messages on the site."""
    return sum(each["last_seq"] for each in site.call("GET", f"/conversations?limit={conversations}", token=token)["items"])


def fill(site: Site, options, wanted: int) -> int:
    """Sends as fast as the server accepts, until it has the wanted number of messages."""
    while (there := held(site, site.token())) < wanted:
        say(f"chat: {there:,} of {wanted:,} messages")
        send(site, 20, max(writers))
    return there


def asked(site: Site, made: list[str], token: str) -> dict[str, str]:
    middle = made[len(made) // 2]
    last = site.call("GET", f"/conversations/{middle}", token=token)["last_seq"]
    one = site.call("GET", f"/conversations/{middle}/messages?around_seq={last // 3}&limit=1", token=token)["items"][0]
    messages = f"/conversations/{middle}/messages?limit=50"
    return {
        "page: the newest 50": messages,
        "page: 50 before one": f"{messages}&before={one['id']}",
        "around: a message": f"{messages}&around={one['id']}",
        "around: the first unread of thousands": f"{messages}&around_seq={last // 2}",
        "around: a date": f"{messages}&at={one['created_at']}",
        f"list of {conversations} conversations": f"/conversations?limit={conversations}",
        "unread everywhere": "/unread",
        "search: a word of one message in a thousand": "/search/messages?q=rare17",
        "search: a word of one in fifty": "/search/messages?q=often17",
        "search: a word of every message": "/search/messages?q=cinema",
        "search: two words that few messages share": "/search/messages?q=rare17+usual3",
        "search: a word of no message": "/search/messages?q=nowhere",
        "search: in one conversation": f"/search/messages?q=often17&conversation={middle}",
    }


def ask(site: Site, made: list[str], options) -> dict[str, list[list[float]]]:
    """Sorted milliseconds of each request, by round: one request at a time over one connection; also a sign-in on a socket."""
    token = site.call("POST", "/auth/login", {"username": "other", "password": owner["password"]})["access_token"]
    connection, headers = site.connection(), {"Authorization": f"Bearer {token}"}
    questions = asked(site, made, token)
    ready = f"ready with {conversations} conversations"
    results: dict[str, list[list[float]]] = {name: [] for name in [*questions, ready]}
    for _ in range(options.rounds):
        for name, path in questions.items():
            times = []
            for _ in range(25):
                started = time.perf_counter()
                connection.request("GET", f"/api/v1{path}", headers=headers)
                answer = connection.getresponse()
                read = answer.read()
                times.append((time.perf_counter() - started) * 1000)
                if answer.status != 200:
                    sys.exit(f"{name}: {answer.status} {read.decode()}")
            results[name].append(sorted(times))
        times = []
        for _ in range(25):
            times.append(hello(site, token))
        results[ready].append(sorted(times))
    for name, each in results.items():
        say(f"chat: {name}: p95 {spread(p95s(each))} ms")
    return results


def hello(site: Site, token: str) -> float:
    """Milliseconds from `hello` on an open socket to the end of `ready`."""
    with socket.create_connection(("127.0.0.1", site.port), 30) as peer:
        peer.sendall((
            f"GET /api/v1/gateway HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n").encode())
        file = peer.makefile("rb")
        while file.readline() not in (b"\r\n", b""):
            pass
        text = json.dumps({"type": "hello", "token": token}).encode()
        started = time.perf_counter()
        # A mask of zeros leaves the text as it is.
        peer.sendall(b"\x81" + (bytes([0x80 | len(text)]) if len(text) < 126 else struct.pack("!BH", 0xFE, len(text))) + bytes(4) + text)
        while True:
            _, size = file.read(2)
            size = struct.unpack("!H", file.read(2))[0] if size == 126 else struct.unpack("!Q", file.read(8))[0] if size == 127 else size
            if json.loads(file.read(size))["type"] == "ready":
                return (time.perf_counter() - started) * 1000


def p95s(rounds: list[list[float]]) -> list[float]:
    return [times[len(times) * 95 // 100] for times in rounds]


def measured(options, name: str, **settings: str) -> tuple[dict, dict, int]:
    data = scratch / f"chat-{name}"
    shutil.rmtree(data, ignore_errors=True)
    with Site(options.program, data, scratch / "keys", **settings) as site:
        made = begin(site)
        written = sends(site, options, name)
        there = fill(site, options, options.messages)
        return written, ask(site, made, options), there


def chat(options) -> str:
    results = {"SQLite": measured(options, "SQLite")}
    with Cluster(is_durable=True) as cluster:
        results["PostgreSQL"] = measured(options, "PostgreSQL", database_url=cluster.create())

    def worst(*beginnings: str) -> list[float]:
        """The rounds of the slowest question, by median, on either database."""
        found = (p95s(rounds) for _, each, _ in results.values() for name, rounds in each.items() if name.startswith(beginnings))
        return max(found, key=statistics.median)

    goals = [
        Target(f"durable messages a second over HTTP, {count} writer{'s' * (count > 1)}, {name}", *bars[name][count], [each["per_second"] for each in written[count]],
               digits=0, wins_by_more=True)
        for name, (written, _, _) in results.items() for count in writers
    ]
    held_there = min(there for _, _, there in results.values())
    rows = [
        [f"{name}, {count}", *(spread([each[key] for each in written[count]], digits) for key, digits in
                              (("per_second", 0), ("us_per_request", 0), ("p50_ms", 2), ("p99_ms", 2)))]
        for name, (written, _, _) in results.items() for count in writers
    ]
    answers = [answers for _, answers, _ in results.values()]
    return "\n".join([
        f"### Conversations, {held_there:,} messages",
        "",
        *targets(
            *goals, Target("page, around, ready with 200 conversations, p95", 25, 5, worst("page", "around", "ready", "list"), "ms", 1),
            Target("search for messages, p95", 25, 10, worst("search"), "ms", 1)),
        "",
        "Each writer sends to one of 200 groups, one message after the other, each with a key; an answer means that "
        "the message, its event and its search terms are committed with `synchronous=FULL` (`fsync` and `synchronous_commit` on PostgreSQL).",
        "",
        *table(["writers", "messages a second", "µs CPU a message", "p50 ms", "p99 ms"], rows),
        "",
        "In each round every question is asked 25 times, one after the other over one connection. Milliseconds from the request to the end of the answer.",
        "",
        *table(["question", "SQLite p50", "p95", "PostgreSQL p50", "p95"], [
            [name, *(cell for each in answers for cell in (spread([times[len(times) // 2] for times in each[name]]), spread(p95s(each[name]))))]
            for name in answers[0]]),
    ])
