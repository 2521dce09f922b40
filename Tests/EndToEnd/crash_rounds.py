#!/usr/bin/env python3
"""Rounds of `kill -9` under concurrent writes: every acknowledged write is there afterwards, and the audit log verifies.

    python3 Tests/EndToEnd/crash_rounds.py [--seconds 40] [--rounds N] [--seed N]

Writers make members, assign and revoke roles and change statuses through the API; the process is killed at a random moment, started again,
and asked for everything that it had acknowledged. An answer that never came may have been committed or not: both are right.
"""
import argparse
import http.client
import json
import pathlib
import random
import sys
import tempfile
import threading
import time

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
        self.connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)

    def call(self, method: str, path: str, body=None) -> dict:
        self.connection.request(
            method, f"/api/v1{path}", None if body is None else json.dumps(body),
            {"Authorization": f"Bearer {self.token}"} | ({"Content-Type": "application/json"} if body is not None else {}))
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status >= 300:
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


def play(site: Site, ledgers: list[Ledger], chance: random.Random) -> list[str]:
    """One round: write, kill, verify, start, look."""
    token = site.owner_token()
    threads = [Writer(site, token, ledger, chance.getrandbits(32)) for ledger in ledgers]
    for thread in threads:
        thread.start()
    time.sleep(chance.uniform(0.2, 1.5))
    site.kill()
    for thread in threads:
        thread.join(30)
    faults = [f"refused while writing: {thread.fault}" for thread in threads if thread.fault]
    verified = site.run("audit", "verify")
    if verified.returncode != 0:
        faults.append(f"audit verify: {verified.stdout}{verified.stderr}")
    site.start()
    token = site.owner_token()
    for ledger in ledgers:
        faults += check(site, token, ledger)
        ledger.members.clear()
    return faults


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=40)
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().getrandbits(32))
    options = parser.parse_args()
    print(f"crash rounds: seed {options.seed}", flush=True)
    chance = random.Random(options.seed)
    end = time.monotonic() + options.seconds
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="foyer-crash-") as folder:
        site = Site(pathlib.Path(folder), rate_limit="false").start()
        try:
            token = site.owner_token()
            site.call("POST", "/roles", {"name": "crash", "priority": 5, "permissions": ["users.read"]}, token).expect(201)
            ledgers = [Ledger(number) for number in range(writers)]
            for ledger in ledgers:
                name = f"crash_{ledger.number}"
                site.call("POST", "/users", {"username": name, "email": f"{name}@foyer.example"}, token).expect(201)
            while passed + failed < options.rounds and time.monotonic() < end:
                before = sum(ledger.acknowledged for ledger in ledgers)
                faults = play(site, ledgers, chance)
                written = sum(ledger.acknowledged for ledger in ledgers) - before
                failed, passed = (failed + 1, passed) if faults or not written else (failed, passed + 1)
                print(f"round {passed + failed}: {written} writes acknowledged; " + ("; ".join(faults) or "all there, the audit verifies"), flush=True)
        finally:
            site.stop()
    print(f"crash rounds: {passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
