"""The server that is measured, and its peers: processes of their own that end with the scenario."""
import contextlib
import http.client
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

benchmarks = pathlib.Path(__file__).resolve().parent.parent
root = benchmarks.parent
build = benchmarks / "build"
scratch = build / "scratch"
owner = {"username": "owner", "password": "correct horse battery staple"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def stop(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Site:
    """One Foyer server on a data folder of its own; ends with `with`.

    `data` and `keys` name folders to work in; `settings` are the server's, without FOYER_.
    """

    def __init__(self, program: str, data: pathlib.Path, keys: pathlib.Path, **settings: str):
        self.port = free_port()
        environment = {name: value for name, value in os.environ.items() if not name.startswith("FOYER_")}
        settings = {
            "owner_email": "owner@foyer.example", "owner_password": owner["password"], "rate_limit": "false", "log_level": "warning",
            "keys_dir": str(keys),
        } | settings
        environment |= {f"FOYER_{name.upper()}": value for name, value in settings.items()}
        scratch.mkdir(parents=True, exist_ok=True)
        self.log = open(scratch / f"{data.name}.log", "wb")
        self.process = subprocess.Popen(
            [program, "serve", "--data", str(data), "--listen", f"127.0.0.1:{self.port}"],
            env=environment, stdout=self.log, stderr=self.log, cwd=root)
        for _ in range(300):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 2):
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        sys.exit(f"the server did not start; see {self.log.name}")

    def __enter__(self) -> "Site":
        return self

    def __exit__(self, *_) -> None:
        stop(self.process)
        self.log.close()

    def call(self, method: str, path: str, body=None, token: str = ""):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/v1{path}", method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {}))
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or b"null")

    def token(self, who: dict = owner) -> str:
        return self.call("POST", "/auth/login", who)["access_token"]

    def connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)


def empty_site(options, **settings: str) -> Site:
    """A site with nobody but its owner."""
    data = scratch / "data"
    shutil.rmtree(data, ignore_errors=True)
    return Site(options.program, data, scratch / "keys", **settings)


@contextlib.contextmanager
def peer(port: int, *command: str):
    """Another server, once it accepts connections."""
    process = subprocess.Popen(command)
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.1)
        yield process
    finally:
        stop(process)


@contextlib.contextmanager
def echo_server(options, *arguments: str):
    """Foyer's own WebSockets with nothing behind them: the process and its port."""
    program = pathlib.Path(options.program).with_name("EchoServer")
    process = subprocess.Popen([program, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield process, int(process.stdout.readline())
    finally:
        stop(process)


def node_version() -> str:
    return "Node " + subprocess.check_output(["node", "--version"], text=True).strip()


def certificate() -> tuple[pathlib.Path, pathlib.Path]:
    """A certificate of two days for localhost, and its key."""
    chain, key = scratch / "tls.pem", scratch / "tls.key"
    scratch.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-keyout", key, "-out", chain], check=True, capture_output=True)
    return chain, key
