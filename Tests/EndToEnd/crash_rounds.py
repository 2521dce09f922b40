#!/usr/bin/env python3
"""Rounds of `kill -9` under concurrent writes: every acknowledged write is there afterwards, and the audit log verifies.

    python3 Tests/EndToEnd/crash_rounds.py [--seconds 50] [--rounds N] [--seed N] [--database sqlite|postgres]

Writers make members, assign and revoke roles and change statuses through the API; the process is killed at a random moment, started again,
and asked for everything that it had acknowledged. An answer that never came may have been committed or not: both are right.

On PostgreSQL every third round kills the database server instead: every writer is then told 503 by a process that goes on, and that serves
again, by itself, once the database is back. Without --database both have half the time.
"""
import argparse
import contextlib
import http.client
import json
import pathlib
import random
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

from cluster import Cluster, NoPostgres
from foyer import Site

writers = 8


class Ledger:
    """What one writer was promised; only its own thread writes to it."""

    def __init__(self, number: int):
        self.number = number
        self.members: list[str] = []
        self.status: str | None = None
        self.uncertain_status: str | None = None
        self.has_role: bool | None = False  # None: the answer never came
        self.acknowledged = 0


class Writer(threading.Thread):
    def __init__(self, site: Site, token: str, ledger: Ledger, seed: int):
        super().__init__(daemon=True)
        self.site, self.token, self.ledger = site, token, ledger
        self.random = random.Random(seed)
        self.fault: str | None = None
        self.refusal: int | None = None
        self.connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)

    def call(self, method: str, path: str, body=None) -> dict:
        self.connection.request(
            method, f"/api/v1{path}", None if body is None else json.dumps(body),
            {"Authorization": f"Bearer {self.token}"} | ({"Content-Type": "application/json"} if body is not None else {}))
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status >= 300:
            self.refusal = answer.status
            self.fault = f"{method} {path}: {answer.status} {text.decode(errors='replace')}"
            raise ConnectionError
        return json.loads(text or b"null")

    def run(self) -> None:
        try:
            while True:
                self.random.choice([self.add_member, self.change_status, self.change_role])()
                self.ledger.acknowledged += 1
        except (OSError, http.client.HTTPException):
            return  # killed: what was under way stays uncertain

    def add_member(self) -> None:
        name = f"m{self.ledger.number}_{len(self.ledger.members)}_{self.random.getrandbits(32):08x}"
        self.call("POST", "/users", {"username": name, "email": f"{name}@foyer.example"})
        self.ledger.members.append(name)

    def change_status(self) -> None:
        message = f"at {self.random.getrandbits(48):012x}"
        self.ledger.uncertain_status = message
        self.call("POST", f"/users/u_crash_{self.ledger.number}/status", {"status": "idle", "status_message": message})
        self.ledger.status, self.ledger.uncertain_status = message, None

    def change_role(self) -> None:
        wants, self.ledger.has_role = not self.ledger.has_role, None
        path = f"/users/u_crash_{self.ledger.number}/roles"
        if wants:
            self.call("POST", path, {"role_id": "role_crash", "reason": "crash round"})
        else:
            self.call("DELETE", f"{path}/role_crash")
        self.ledger.has_role = wants


def check(site: Site, token: str, ledger: Ledger) -> list[str]:
    """What was promised and is not there."""
    faults = []
    for name in ledger.members:
        if site.call("GET", f"/users/u_{name}", token=token).status != 200:
            faults.append(f"the member {name} is gone")
    user = site.call("GET", f"/users/u_crash_{ledger.number}", token=token).expect(200).json
    if user["status_message"] not in (ledger.status, ledger.uncertain_status):
        faults.append(f"the status of crash_{ledger.number} is {user['status_message']!r}, not {ledger.status!r}")
    ledger.status, ledger.uncertain_status = user["status_message"], None
    roles = site.call("GET", f"/users/u_crash_{ledger.number}/roles", token=token).expect(200).json["roles"]
    has_role = "crash" in [role["name"] for role in roles]
    if ledger.has_role is not None and has_role != ledger.has_role:
        faults.append(f"crash_{ledger.number} {'has' if has_role else 'lacks'} the role")
    ledger.has_role = has_role
    return faults


def begin(site: Site, ledgers: list[Ledger], chance: random.Random) -> list[Writer]:
    """Writers at work, for a while."""
    token = site.owner_token()
    threads = [Writer(site, token, ledger, chance.getrandbits(32)) for ledger in ledgers]
    for thread in threads:
        thread.start()
    time.sleep(chance.uniform(0.2, 1.5))
    return threads


def look(site: Site, ledgers: list[Ledger]) -> list[str]:
    """Whether all that was promised is there."""
    token = site.owner_token()
    faults = []
    for ledger in ledgers:
        faults += check(site, token, ledger)
        ledger.members.clear()
    return faults


def verify(site: Site) -> list[str]:
    verified = site.run("audit", "verify")
    return [] if verified.returncode == 0 else [f"audit verify: {verified.stdout}{verified.stderr}"]


def kill_server(site: Site, ledgers: list[Ledger], chance: random.Random) -> list[str]:
    """One round: write, kill, verify, start, look."""
    threads = begin(site, ledgers, chance)
    site.kill()
    for thread in threads:
        thread.join(30)
    faults = [f"refused while writing: {thread.fault}" for thread in threads if thread.fault]
    faults += verify(site)
    site.start()
    return faults + look(site, ledgers)


def kill_database(site: Site, cluster: Cluster, ledgers: list[Ledger], chance: random.Random) -> list[str]:
    """One round: write, kill the database under the server, be told 503, bring the database back, look, verify. A socket lives through it."""
    token = site.owner_token()
    watcher = site.gateway(token)
    watcher.subscribe("roles")
    threads = begin(site, ledgers, chance)
    cluster.kill()
    for thread in threads:
        thread.join(30)
    faults = [f"not told 503 but {thread.fault or 'nothing'}" for thread in threads if thread.refusal != 503]
    for path, wanted in (("/healthz", 200), ("/readyz", 503), ("/api/v1/users/me", 503)):
        if (status := status_of(site, path, token)) != wanted:
            faults.append(f"{path} answers {status} without a database")
    cluster.start()
    deadline = time.monotonic() + 30
    # A moment after it is ready again it also knows again who was signed out meanwhile.
    while status_of(site, "/readyz", token) != 200 or status_of(site, "/api/v1/users/me", token) != 200:
        if time.monotonic() > deadline:
            return [*faults, f"not serving 30 s after the database came back: {site.log_text()}"]
        time.sleep(0.05)
    faults += look(site, ledgers)
    name = f"after-{chance.getrandbits(32):08x}"
    made = site.call("POST", "/roles", {"name": name, "priority": 5, "permissions": []}, site.owner_token()).expect(201).json
    watcher.next("role.created", where=lambda frame: frame["role_id"] == made["id"])
    watcher.close()
    site.stop()
    faults += verify(site)
    site.start()
    return faults


def status_of(site: Site, path: str, token: str) -> int:
    request = urllib.request.Request(site.address + path, headers={"Authorization": f"Bearer {token}"})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def play(site: Site, cluster: Cluster | None, rounds: int, seconds: float, chance: random.Random) -> tuple[int, int]:
    """How many rounds passed, and how many failed."""
    end = time.monotonic() + seconds
    passed = failed = 0
    token = site.owner_token()
    site.call("POST", "/roles", {"name": "crash", "priority": 5, "permissions": ["users.read"]}, token).expect(201)
    ledgers = [Ledger(number) for number in range(writers)]
    for ledger in ledgers:
        name = f"crash_{ledger.number}"
        site.call("POST", "/users", {"username": name, "email": f"{name}@foyer.example"}, token).expect(201)
    while passed + failed < rounds and time.monotonic() < end:
        before = sum(ledger.acknowledged for ledger in ledgers)
        is_database = cluster is not None and (passed + failed) % 3 == 1
        is_broken = False
        try:
            faults = kill_database(site, cluster, ledgers, chance) if is_database else kill_server(site, ledgers, chance)
        except (AssertionError, OSError, NoPostgres) as error:
            faults, is_broken = [f"{type(error).__name__}: {error}"], True
        written = sum(ledger.acknowledged for ledger in ledgers) - before
        failed, passed = (failed + 1, passed) if faults or not written else (failed, passed + 1)
        print(f"{'postgres' if cluster else 'sqlite'} round {passed + failed}: {'database' if is_database else 'server'} killed, "
              f"{written} writes acknowledged; " + ("; ".join(faults) or "all there, the audit verifies"), flush=True)
        if is_broken:
            break  # what the ledgers hold is no longer compared
    return passed, failed


def run(database: str, rounds: int, seconds: float, chance: random.Random) -> tuple[int, int]:
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="foyer-crash-")))
        cluster = stack.enter_context(Cluster(is_durable=True)) if database == "postgres" else None
        site = Site(folder, rate_limit="false", **({"database_url": cluster.create()} if cluster else {}))
        stack.callback(site.stop)
        return play(site.start(), cluster, rounds, seconds, chance)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=50)
    parser.add_argument("--rounds", type=int, default=1000, help="at most so many on each database")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().getrandbits(32))
    parser.add_argument("--database", choices=["sqlite", "postgres"])
    options = parser.parse_args()
    print(f"crash rounds: seed {options.seed}", flush=True)
    databases = [options.database] if options.database else ["sqlite", "postgres"]
    results = [run(name, options.rounds, options.seconds / len(databases), random.Random(options.seed)) for name in databases]
    passed, failed = (sum(counts) for counts in zip(*results))
    print(f"crash rounds: {passed} passed, {failed} failed")
    return 1 if failed or not all(sum(counts) for counts in results) else 0


if __name__ == "__main__":
    sys.exit(main())
