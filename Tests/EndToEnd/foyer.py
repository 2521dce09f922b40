"""A real Foyer server as a process of its own on a free port, and small clients for its API and its gateway."""
import base64
import contextlib
import hmac
import itertools
import json
import os
import pathlib
import random
import signal
import socket
import ssl
import struct
import subprocess
import time
import urllib.error
import urllib.request

from websockets.sync.client import connect

root = pathlib.Path(__file__).resolve().parents[2]
program = pathlib.Path(os.environ.get("FOYER_TEST_PROGRAM", root / ".build" / "debug" / "foyer"))
OWNER = {"username": "owner", "email": "owner@foyer.example", "password": "a long enough passphrase"}


# Of our ports; Chromium and Firefox do not open it.
REFUSED_BY_BROWSERS = {10_080}


def ports():
    """Every port of this process's share, again and again from somewhere in it.

    Workers of pytest-xdist have a thousand each, so that none takes what another has just found free; the system gives none of them to
    an outgoing connection, so that a server that was killed finds its own again.
    """
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 10
    share = range(10_000 + 1_000 * worker, 11_000 + 1_000 * worker)
    usable = [port for port in share if port not in REFUSED_BY_BROWSERS]
    return itertools.islice(itertools.cycle(usable), random.randrange(len(usable)), None)


candidates = ports()


def free_port() -> int:
    for port in candidates:
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port


def one_time_code(secret: str, steps: int = 0) -> str:
    """What an authenticator app shows now, or so many half minutes from now (RFC 6238)."""
    key = base64.b32decode(secret)
    code = hmac.digest(key, struct.pack(">q", int(time.time()) // 30 + steps), "sha1")
    offset = code[19] & 15
    return f"{(int.from_bytes(code[offset:offset + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"


class Answer:
    """Status, headers and JSON of one response."""

    def __init__(self, status: int, headers, body: bytes):
        self.status, self.headers, self.bytes = status, headers, body

    @property
    def json(self):
        return json.loads(self.bytes or b"null")

    def expect(self, *statuses: int) -> "Answer":
        assert self.status in statuses, f"{self.status} instead of {statuses}: {self.bytes.decode(errors='replace')}"
        return self


class Site:
    """One server on its data folder; it can be killed and started again on the same port."""

    def __init__(self, folder: pathlib.Path, owner: bool = True, port: int | None = None, **settings: str):
        self.folder, self.data = folder, folder / "data"
        self.port = port or free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.settings = {"FOYER_" + name.upper(): value for name, value in settings.items()}
        if owner:
            self.settings |= {"FOYER_OWNER_EMAIL": OWNER["email"], "FOYER_OWNER_PASSWORD": OWNER["password"]}
        self.process: subprocess.Popen | None = None
        self.trust: ssl.SSLContext | None = None

    @property
    def database_url(self) -> str | None:
        return self.settings.get("FOYER_DATABASE_URL")

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("FOYER_")}
        return kept | self.settings | {"LLVM_PROFILE_FILE": "/dev/null", "SWIFT_BACKTRACE": "enable=no"}

    def start(self) -> "Site":
        self.log = open(self.folder / "server.log", "ab")
        self.process = subprocess.Popen(
            [program, "serve", "--data", self.data, "--listen", f"127.0.0.1:{self.port}"],
            env=self.environment(), cwd=root, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                with urllib.request.urlopen(f"{self.address}/readyz", timeout=5, context=self.trust) as answer:
                    if answer.status == 200:
                        return self
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise AssertionError(f"the server did not start:\n{self.log_text()}")

    def kill(self) -> None:
        """`kill -9`: nothing is flushed, nothing is said."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()
                raise AssertionError(f"the server did not stop:\n{self.log_text()}") from None

    def log_text(self) -> str:
        return (self.folder / "server.log").read_text(encoding="utf-8", errors="replace")[-4000:]

    def run(self, *arguments: str) -> subprocess.CompletedProcess:
        """Another command of the program on the same data folder."""
        return subprocess.run(
            [program, *arguments, "--data", self.data], env=self.environment(), cwd=root, capture_output=True, text=True, timeout=120)

    def call(self, method: str, path: str, body=None, token: str | None = None, headers: dict | None = None) -> Answer:
        """`body` is sent as JSON, or as it stands when it is text or bytes."""
        data = body.encode() if isinstance(body, str) else body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.address}/api/v1{path}", method=method, data=data, headers=dict(headers or {}))
        if data is not None and not request.has_header("Content-type"):
            request.add_header("Content-Type", "application/json")
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        try:
            with urllib.request.urlopen(request, timeout=30, context=self.trust) as answer:
                return Answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, error.read())

    def login(self, username: str, password: str) -> str:
        return self.call("POST", "/auth/login", {"username": username, "password": password}).expect(200).json["access_token"]

    def owner_token(self) -> str:
        return self.call("POST", "/auth/login", {"email": OWNER["email"], "password": OWNER["password"]}).expect(200).json["access_token"]

    def member(self, token: str, username: str, **fields) -> dict:
        body = {"username": username, "email": f"{username}@foyer.example", "password": f"passphrase of {username}"} | fields
        return self.call("POST", "/users", body, token).expect(201).json

    def gateway(self, token: str) -> "Gateway":
        return Gateway(self, token)


class Gateway:
    """One socket of `/gateway`, past `ready`."""

    def __init__(self, site: Site, token: str, resume: dict | None = None):
        self.open = contextlib.ExitStack()
        self.socket = self.open.enter_context(connect(f"ws://127.0.0.1:{site.port}/api/v1/gateway", open_timeout=10, max_size=None))
        self.waiting: list[dict] = []
        self.send(type="hello", token=token, **({"resume": resume} if resume else {}))
        self.ready = self.next("ready", "resumed")

    def send(self, **frame) -> None:
        self.socket.send(json.dumps(frame))

    def next(self, *types: str, where=lambda frame: True, timeout: float = 10) -> dict:
        """The next frame of one of `types` that satisfies `where`; others are kept for later calls."""
        for index, frame in enumerate(self.waiting):
            if frame["type"] in types and where(frame):
                return self.waiting.pop(index)
        deadline = time.monotonic() + timeout
        while True:
            left = deadline - time.monotonic()
            assert left > 0, f"no {' or '.join(types)} within {timeout} s; there were {self.waiting}"
            frame = json.loads(self.socket.recv(timeout=left))
            if frame["type"] in types and where(frame):
                return frame
            self.waiting.append(frame)

    def subscribe(self, topic: str, id: str | None = None, **fields) -> dict:
        self.send(type="subscribe", id=id or topic, topic=topic, **fields)
        frame = self.next("subscribed", "error", where=lambda frame: frame.get("id") == (id or topic))
        assert frame["type"] == "subscribed", frame
        return frame

    def close(self) -> None:
        self.open.close()

    def __enter__(self) -> "Gateway":
        return self

    def __exit__(self, *_) -> None:
        self.close()
