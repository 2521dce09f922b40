"""Sites with thousands of people who are signed in, made once and kept under Benchmarks/build.

People are made by `POST /users` without a password, since hashing ten thousand of them would take six minutes and measure nothing. Their sessions are
written into the database while the server is stopped, as signing in would have written them; access tokens come from `POST /auth/refresh` at
the beginning of every measurement, as an app gets them that was closed for the night.
"""
import concurrent.futures
import contextlib
import hashlib
import json
import pathlib
import secrets
import shutil
import sqlite3
import sys
import threading
import time

from .generator import generate
from .report import say
from .site import Site, build, scratch

staff = 20  # the first people may watch the whole site
lanes = 8
lifetime = 60 * 24 * 3600 * 1000


def create_people(site: Site, count: int) -> list[str]:
    """Makes `count` people. - Returns their ids, the staff's first."""
    token = site.token()
    local = threading.local()

    def create(index: int) -> str:
        if not hasattr(local, "connection"):
            local.connection = site.connection()
        person = {"username": f"bench_{index:05}", "email": f"bench_{index:05}@foyer.example"} | ({"roles": ["role_staff"]} if index < staff else {})
        local.connection.request(
            "POST", "/api/v1/users", json.dumps(person), {"Content-Type": "application/json", "Authorization": f"Bearer {token}"})
        answer = local.connection.getresponse()
        body = json.loads(answer.read())
        if answer.status != 201:
            sys.exit(f"{person['username']} was not created: {body}")
        return body["id"]

    with concurrent.futures.ThreadPoolExecutor(lanes) as pool:
        return list(pool.map(create, range(count)))


def snowflake(uuid: str) -> int:
    """The id inside: docs/protocol.md shows it as a UUID of version 8."""
    digits = uuid.replace("-", "")
    return int(digits[:12], 16) << 16 | int(digits[13:16], 16) << 4 | (int(digits[16], 16) & 3) << 2 | int(digits[17], 16) >> 2


def sessions(ids: list[str]) -> tuple[list[tuple], list[tuple], list[str]]:
    """Rows of `sessions` and of `refresh_tokens`, and the tokens; a session bears its person's number."""
    now = int(time.time() * 1000)
    tokens = [secrets.token_urlsafe(32) for _ in ids]
    numbers = [snowflake(uuid) for uuid in ids]
    return (
        [(number, number, now, now, now + lifetime, "127.0.0.1", "bench", "bench") for number in numbers],
        [(hashlib.sha256(token.encode()).digest(), number, now, now + lifetime) for number, token in zip(numbers, tokens)],
        tokens)


def prepare(options, count: int) -> pathlib.Path:
    """The folder of a site with `count` people: `data`, `keys`, and `people.txt` with ids and refresh tokens."""
    folder = build / f"people-{count}"
    listed = folder / "people.txt"
    if listed.exists() and time.time() - listed.stat().st_mtime < 30 * 24 * 3600:
        return folder
    say(f"making {count:,} people")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with Site(options.program, folder / "data", folder / "keys") as site:
        ids = create_people(site, count)
    opened, refreshes, tokens = sessions(ids)
    with contextlib.closing(sqlite3.connect(folder / "data" / "foyer.db")) as database, database:
        database.executemany(
            "INSERT INTO sessions (id, user_id, created_at, last_used_at, expires_at, ip, user_agent, label) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", opened)
        database.executemany("INSERT INTO refresh_tokens (hash, session_id, created_at, expires_at) VALUES (?, ?, ?, ?)", refreshes)
    listed.write_text("".join(f"{uuid} {token}\n" for uuid, token in zip(ids, tokens)))
    return folder


class Crowd:
    """A fresh site with `count` people, all with access tokens in `self.tokens`, started again with `settings` if there are any; ends with `with`."""

    def __init__(self, options, count: int, **settings: str):
        prepared = prepare(options, max(count, 10_000))
        data = scratch / f"crowd-{count}"
        shutil.rmtree(data, ignore_errors=True)
        shutil.copytree(prepared / "data", data)
        self.tokens = scratch / f"crowd-{count}.txt"
        self.site = Site(options.program, data, prepared / "keys")
        try:
            generate(
                "sign-in", self.site.port, self.site.process.pid, list=prepared / "people.txt", connections=count, sample=self.tokens)
        except BaseException:
            self.__exit__()
            raise
        if settings:
            self.__exit__()
            self.site = Site(options.program, data, prepared / "keys", **settings)

    def __enter__(self) -> "Crowd":
        return self

    def __exit__(self, *_) -> None:
        self.site.__exit__()

    def generate(self, scenario: str, **options) -> dict:
        return generate(scenario, self.site.port, self.site.process.pid, list=self.tokens, **options)
