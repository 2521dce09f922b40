"""A PostgreSQL server of the tests' own: in a temporary folder, on 127.0.0.1 and a socket in that folder, gone afterwards."""
import contextlib
import itertools
import os
import pathlib
import random
import shutil
import signal
import subprocess
import tempfile
import time


class NoPostgres(Exception):
    """There is no server to start."""


def installed() -> pathlib.Path:
    """The newest server's programs."""
    found = [path for path in pathlib.Path("/usr/lib/postgresql").glob("*/bin") if (path / "initdb").exists()]
    if not found:
        raise NoPostgres("PostgreSQL's server is not installed; scripts/setup test installs it.")
    return max(found, key=lambda path: [int(part) for part in path.parent.name.split(".")])


class Cluster:
    """Started by `with`. `is_durable`: as in service, on disk; otherwise as fast as a test can do with."""

    # A test makes many connections and tables, and none of them outlives it.
    fast = {"fsync": "off", "full_page_writes": "off", "max_connections": "600", "max_locks_per_transaction": "256"}

    def __init__(self, is_durable: bool = False):
        self.bin = installed()
        root = "/dev/shm" if not is_durable and os.access("/dev/shm", os.W_OK) else "/tmp"
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="foyer-postgres.", dir=root))
        self.settings = {} if is_durable else self.fast
        self.process: subprocess.Popen | None = None
        self.port = 0
        self.numbers = itertools.count(1)

    @property
    def url(self) -> str:
        return self.url_of("postgres")

    def url_of(self, database: str) -> str:
        return f"postgres://foyer@127.0.0.1:{self.port}/{database}"

    def __enter__(self) -> "Cluster":
        try:
            self.folder.chmod(0o711)
            if os.getuid() == 0:
                shutil.chown(self.folder, "postgres", "postgres")
            made = subprocess.run(
                [self.bin / "initdb", "--pgdata", self.folder / "data", "--auth", "trust", "--username", "foyer", "--encoding", "UTF8",
                 "--locale", "C", "--no-sync"], capture_output=True, text=True, **self.owner())
            if made.returncode != 0:
                raise NoPostgres(made.stdout + made.stderr)
            # The port is free when looked at; another process may take it before the server does, then the next one is tried.
            for _ in range(5):
                self.port = random.randrange(20_000, 40_000)
                with contextlib.suppress(NoPostgres):
                    return self.start()
            raise NoPostgres(self.log_text())
        except BaseException:
            self.__exit__()
            raise

    def __exit__(self, *_) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)  # the fast stop
            self.process.wait(30)
        shutil.rmtree(self.folder)

    def owner(self) -> dict:
        """initdb and the server refuse root."""
        return {"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}

    def start(self) -> "Cluster":
        """On the same port and data as before."""
        settings = self.settings | {"listen_addresses": "127.0.0.1", "port": str(self.port), "unix_socket_directories": str(self.folder)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with open(self.folder / "server.log", "ab") as log:
            self.process = subprocess.Popen(
                [self.bin / "postgres", "-D", self.folder / "data", *options], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                cwd=self.folder, **self.owner())
        deadline = time.monotonic() + 30
        while self.process.poll() is None and time.monotonic() < deadline:
            asked = subprocess.run([self.bin / "pg_isready", "--quiet", "--host", "127.0.0.1", "--port", str(self.port)])
            if asked.returncode == 0 and self.process.poll() is None:
                return self
            time.sleep(0.05)
        raise NoPostgres(f"the server did not start:\n{self.log_text()}")

    def kill(self) -> None:
        """`kill -9` to the server and to every process of its own, as when its machine stops."""
        processes = [self.process.pid, *self.children()]
        for pid in processes:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
        deadline = time.monotonic() + 10
        while any(pathlib.Path(f"/proc/{pid}").exists() for pid in processes) and time.monotonic() < deadline:
            time.sleep(0.01)

    def children(self) -> list[int]:
        text = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(encoding="ascii")
        return [int(pid) for pid in text.split()]

    def create(self) -> str:
        """The URL of a new database."""
        name = f"site_{next(self.numbers)}"
        self.execute(f"CREATE DATABASE {name}")
        return self.url_of(name)

    def drop(self, url: str) -> None:
        self.execute(f"DROP DATABASE {url.rsplit('/', 1)[1]} WITH (FORCE)")

    def execute(self, statement: str) -> None:
        subprocess.run(
            [self.bin / "psql", "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--dbname", self.url, "--command", statement],
            check=True, stdin=subprocess.DEVNULL)

    def log_text(self) -> str:
        log = self.folder / "server.log"
        return log.read_text(encoding="utf-8", errors="replace")[-4000:] if log.exists() else ""
