"""What an administrator meets: a database that stands still, limits of the system, keys, folders, signals; with real processes."""
import contextlib
import json
import os
import pathlib
import resource
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

import pytest

from cluster import Cluster
from foyer import OWNER, Site, program, root


@pytest.fixture
def own_cluster():
    """A PostgreSQL of the test's own, which it may freeze."""
    with Cluster() as cluster:
        yield cluster
        freeze(cluster, signal.SIGCONT)


@pytest.fixture
def make_site(tmp_path):
    """Sites that are not started yet, stopped in the end."""
    made: list[Site] = []

    def make(**settings) -> Site:
        folder = tmp_path / f"site{len(made)}"
        folder.mkdir()
        made.append(Site(folder, **settings))
        return made[-1]

    yield make
    for site in made:
        if site.process and site.process.poll() is None:
            site.kill()


def freeze(cluster: Cluster, what: signal.Signals = signal.SIGSTOP) -> None:
    for pid in [*cluster.children(), cluster.process.pid]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, what)


def status(site: Site, path: str, token: str | None = None) -> int:
    """Within 30 s: no call may hang."""
    request = urllib.request.Request(site.address + path, headers={"Authorization": f"Bearer {token}"} if token else {})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        error.read()
        return error.code


def eventually(condition, seconds: float = 30):
    """What the condition gives once it holds."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "it never came to be"
        time.sleep(0.1)
    return found


def ready(site: Site) -> dict:
    """What /readyz says of each part."""
    try:
        with urllib.request.urlopen(f"{site.address}/readyz", timeout=30) as answer:
            return json.load(answer)["checks"]
    except urllib.error.HTTPError as error:
        return json.load(error)["checks"]


def start_fails(site: Site, *sentences: str) -> str:
    """`serve` ends with one sentence that holds these words."""
    run = subprocess.run(
        [program, "serve", "--data", site.data, "--listen", f"127.0.0.1:{site.port}"], env=site.environment(), cwd=root,
        capture_output=True, text=True, timeout=60)
    assert run.returncode in (1, 2), run.stderr
    for sentence in sentences:
        assert sentence in run.stderr, run.stderr
    assert "Fatal" not in run.stderr
    return run.stderr


# A database that stands still


def test_a_frozen_postgresql_is_told_and_the_site_goes_on_afterwards(own_cluster, make_site):
    site = make_site(database_url=own_cluster.create()).start()
    token = site.owner_token()
    freeze(own_cluster)
    assert status(site, "/readyz") == 503
    assert status(site, "/healthz") == 200
    assert status(site, "/api/v1/users", token) == 503
    assert site.call("POST", "/users", {"username": "late", "email": "late@foyer.example"}, token).status == 503
    assert ready(site)["database"] == "unreachable"
    freeze(own_cluster, signal.SIGCONT)
    eventually(lambda: status(site, "/readyz") == 200)
    eventually(lambda: status(site, "/api/v1/users", token) == 200)
    site.stop()


def test_a_stop_ends_while_postgresql_is_frozen(own_cluster, make_site):
    site = make_site(database_url=own_cluster.create(), shutdown_timeout="3").start()
    token = site.owner_token()
    freeze(own_cluster)
    with socket.create_connection(("127.0.0.1", site.port)) as hanging:
        hanging.sendall(f"GET /api/v1/users HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
        time.sleep(0.2)
        site.process.terminate()
        site.process.wait(15)
    assert site.process.returncode == 0, site.log_text()


def test_a_postgresql_that_takes_no_writes_is_told(own_cluster, make_site):
    site = make_site(database_url=own_cluster.create()).start()
    token = site.owner_token()
    own_cluster.execute("ALTER SYSTEM SET default_transaction_read_only = on")
    own_cluster.execute("SELECT pg_reload_conf()")
    member = {"username": "late", "email": "late@foyer.example"}
    eventually(lambda: site.call("POST", "/users", member | {"username": f"m{time.monotonic_ns()}"}, token).status == 503)
    answer = site.call("POST", "/users", member, token)
    assert answer.status == 503 and answer.json["code"] == "read_only"
    eventually(lambda: status(site, "/readyz") == 503)
    assert ready(site)["writes"] == "read-only"
    assert status(site, "/api/v1/users", token) == 200
    subprocess.run(
        [own_cluster.bin / "psql", "--no-psqlrc", "--quiet", "--dbname", own_cluster.url], check=True, text=True,
        input="SET default_transaction_read_only = off;\nALTER SYSTEM RESET default_transaction_read_only;\nSELECT pg_reload_conf();\n",
        stdout=subprocess.DEVNULL)
    eventually(lambda: site.call("POST", "/users", member, token).status == 201)
    eventually(lambda: status(site, "/readyz") == 200)


def test_one_process_serves_a_postgresql_database(own_cluster, make_site):
    url = own_cluster.create()
    site = make_site(database_url=url, keys_dir="/nowhere")
    second = make_site(database_url=url)
    for each in (site, second):
        each.settings["FOYER_KEYS_DIR"] = str(site.folder / "keys")
    site.start()
    start_fails(second, "Another foyer process serves this database")
    assert status(site, "/readyz") == 200
    # The successor of one that was killed, on its folder, and anybody after a stop.
    site.kill()
    site.start()
    site.stop()
    second.start()
    second.stop()


def test_what_does_not_fit_postgresql_is_said_at_the_start(own_cluster, make_site):
    own_cluster.execute("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0")
    start_fails(make_site(database_url=own_cluster.url_of("latin")), "is in LATIN1 and must be in UTF8")
    url = own_cluster.create()
    own_cluster.execute("CREATE ROLE guest LOGIN")
    subprocess.run(
        [own_cluster.bin / "psql", "--no-psqlrc", "--quiet", "--dbname", url, "--command", "REVOKE CREATE ON SCHEMA public FROM PUBLIC"],
        check=True)
    said = start_fails(make_site(database_url=url.replace("foyer@", "guest@")), "may not create tables", "GRANT CREATE")
    assert len(said.strip().splitlines()) == 1


def test_a_pooler_in_transaction_mode_is_refused(own_cluster, make_site, tmp_path):
    bouncer = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    assert bouncer, "pgbouncer is not installed; scripts/setup test installs it."
    url = own_cluster.create()
    name = url.rsplit("/", 1)[1]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = own_cluster.folder / "bouncer"
    folder.mkdir()
    (folder / "users").write_text('"foyer" ""\n')
    (folder / "pgbouncer.ini").write_text(
        f"[databases]\n{name} = host=127.0.0.1 port={own_cluster.port} dbname={name}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n"
        f"listen_port = {port}\nunix_socket_dir =\nauth_type = trust\nauth_file = {folder}/users\npool_mode = transaction\n"
        "ignore_startup_parameters = extra_float_digits,options\n")
    if os.getuid() == 0:
        for path in (folder, *folder.iterdir()):
            shutil.chown(path, "postgres", "postgres")
    with open(tmp_path / "bouncer.log", "wb") as log:
        process = subprocess.Popen([bouncer, folder / "pgbouncer.ini"], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                   **own_cluster.owner())
    try:
        def accepts() -> bool:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                return True
            return False
        eventually(accepts)
        start_fails(make_site(database_url=f"postgres://foyer@127.0.0.1:{port}/{name}"), "in transaction mode")
    finally:
        process.terminate()
        process.wait(10)


@pytest.mark.parametrize("password", ["se@cretword", "sec/retword", "sec?retword", "secretword#x", "secretword%zz", "a:secretword"])
def test_no_part_of_a_password_is_shown(make_site, password):
    said = start_fails(make_site(database_url=f"postgres://foyer:{password}@127.0.0.1:1/foyer"))
    assert "retword" not in said and "secretword" not in said


# The system's limits


@pytest.mark.parametrize("round", range(3))
def test_strangers_cannot_use_up_the_open_files(make_site, round):
    site = make_site(loops="2")
    with open(site.folder / "server.log", "ab") as log:
        site.process = subprocess.Popen(
            [program, "serve", "--data", site.data, "--listen", f"127.0.0.1:{site.port}"], env=site.environment(), cwd=root,
            stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256)))

    def answers() -> bool:
        with contextlib.suppress(OSError):
            return status(site, "/healthz") == 200
        return False
    eventually(answers)

    def said_so() -> dict | None:
        log = (json.loads(line) for line in site.log_text().splitlines() if line.startswith("{"))
        return next((line for line in log if line["message"] == "listening"), None)
    said = eventually(said_so)
    assert said["open_files_limit"] == 256 and 10 <= said["max_connections"] < 256
    with contextlib.ExitStack() as crowd:
        idle = []
        for _ in range(316):
            idle.append(crowd.enter_context(socket.create_connection(("127.0.0.1", site.port), timeout=5)))
        for peer in idle[::3]:
            with contextlib.suppress(OSError):
                peer.sendall(b"GET /api/v1/users HTTP/1.1\r\nHost: a\r\n\r\n")
        time.sleep(2)
        assert site.process.poll() is None, site.log_text()
        open_files = len(os.listdir(f"/proc/{site.process.pid}/fd"))
        assert open_files < 250
    eventually(answers)

    def signs_in() -> str | None:
        # The connections of the crowd are closed one by one.
        with contextlib.suppress(AssertionError, OSError):
            return site.owner_token()
        return None
    assert eventually(signs_in)
    site.stop()
    assert site.process.returncode == 0


def test_a_full_disk_and_a_read_only_one_are_told(make_site):
    """On a small file system in memory, which the test may fill."""
    site = make_site()
    site.data.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", site.data], capture_output=True).returncode != 0:
        pytest.fail("the test needs the right to mount: run it as root, or by `unshare --user --map-root-user --mount`")
    try:
        site.start()
        filler = site.data / "filler"
        with open(filler, "wb") as file, contextlib.suppress(OSError):
            while True:
                file.write(bytes(1 << 20))
                file.flush()
        eventually(lambda: status(site, "/readyz") == 503)
        assert ready(site)["disk"] == "full"
        assert status(site, "/healthz") == 200
        filler.unlink()
        eventually(lambda: status(site, "/readyz") == 200)
        site.stop()
    finally:
        if site.process and site.process.poll() is None:
            site.kill()
        subprocess.run(["umount", site.data], check=True)


# Signals


def test_a_hang_up_ends_nothing(make_site):
    site = make_site().start()
    for _ in range(3):
        site.process.send_signal(signal.SIGHUP)
        assert status(site, "/healthz") == 200
    assert site.owner_token()
    site.stop()
    assert site.process.returncode == 0


# Keys and folders


def test_keys_are_not_made_anew_for_a_database_that_has_some(make_site):
    site = make_site().start()
    site.stop()
    keys = site.folder / "data.keys"
    keys.rename(site.folder / "elsewhere")
    start_fails(site, "its keys are not in", "--keys-dir")
    assert not (keys / "keyring.json").exists()
    # Those of another site.
    other = make_site().start()
    other.stop()
    shutil.rmtree(keys, ignore_errors=True)
    shutil.copytree(other.folder / "data.keys", keys)
    start_fails(site, "are not those of this database")
    shutil.rmtree(keys)
    (site.folder / "elsewhere").rename(keys)
    site.start()
    assert site.owner_token()
    site.stop()
    verified = site.run("audit", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr


def test_a_folder_has_one_set_of_keys_however_it_is_named(make_site):
    site = make_site().start()
    site.stop()
    link = site.folder / "link"
    link.symlink_to(site.data)
    for data, folder in ((link, root), (pathlib.Path("."), site.data), (pathlib.Path("../data"), site.data)):
        run = subprocess.run(
            [program, "audit", "verify", "--data", data], env=site.environment(), cwd=folder, capture_output=True, text=True, timeout=60)
        assert run.returncode == 0, run.stderr
    assert sorted(path.name for path in site.folder.iterdir() if path.name.endswith(".keys")) == ["data.keys"]


@pytest.mark.parametrize("command", [
    ("owner", "add", "owner"), ("owner", "remove", "owner"), ("owner", "reset-factor", "owner"), ("audit", "verify"),
    ("audit", "accept-restore"), ("config",)])
def test_a_command_upon_a_site_makes_none(make_site, command):
    site = make_site()
    run = site.run(*command)
    if command != ("config",):
        assert run.returncode == 1 and "There is no site in the folder" in run.stderr, run.stderr
    assert list(site.folder.iterdir()) == []


def test_a_restored_database_is_accepted_once(make_site):
    site = make_site().start()
    site.stop()
    copies = site.folder / "copies"
    shutil.copytree(site.data, copies)
    site.start()
    token = site.owner_token()
    for number in range(3):
        site.member(token, f"member{number}")
    # The heads are kept each second.
    time.sleep(2)
    site.stop()
    for name in os.listdir(copies):
        if name.startswith("foyer.db"):
            shutil.copy(copies / name, site.data / name)
    assert site.run("audit", "verify").returncode == 1
    accepted = site.run("audit", "accept-restore")
    assert accepted.returncode == 0, accepted.stdout + accepted.stderr
    assert site.run("audit", "verify").returncode == 0
    site.start()
    entries = site.call("GET", "/audit?action=audit.restore_accepted", token=site.owner_token()).expect(200).json["items"]
    assert len(entries) == 1
    site.stop()
    assert site.run("audit", "verify").returncode == 0


# Settings and files


def test_variables_of_others_do_not_stop_the_start(make_site):
    site = make_site()
    site.settings |= {"FOYER_PORT": "tcp://10.0.0.7:8080", "FOYER_PORT_8080_TCP_ADDR": "10.0.0.7"}
    site.start()
    assert "There is no setting FOYER_PORT:" in site.log_text()
    site.stop()


@pytest.mark.parametrize("arguments", [["--port", "80"], ["--config", "unknown.conf"]])
def test_unknown_options_and_lines_stop_it(make_site, arguments):
    site = make_site()
    (site.folder / "unknown.conf").write_text("prot = 80\n")
    run = subprocess.run(
        [program, "serve", "--data", site.data, *arguments], env=site.environment(), cwd=site.folder, capture_output=True, text=True,
        timeout=60)
    assert run.returncode == 2 and len(run.stderr.strip().splitlines()) == 1, run.stderr


@pytest.mark.parametrize("address", ["foyer.example", "https://foyer.example/forum", "https://bücher.example", "https://a@foyer.example"])
def test_a_public_address_that_cannot_work_is_refused(make_site, address):
    start_fails(make_site(public_url=address), "--public-url", "must")


def test_a_public_address_is_compared_as_browsers_send_it(make_site):
    site = make_site(public_url="HTTPS://Foyer.Example:443/").start()
    credentials = {"email": OWNER["email"], "password": OWNER["password"]}
    for origin, wanted in (("https://foyer.example", 200), ("https://evil.example", 403)):
        site.call("POST", "/auth/login", credentials, headers={"Origin": origin, "Host": "foyer.example"}).expect(wanted)
    site.stop()


def test_it_is_installed_where_a_package_wants_it(make_site, tmp_path):
    web = tmp_path / "dist"
    web.mkdir()
    (web / "index.html").write_text("<!doctype html><title>Foyer</title>")
    subprocess.run(
        ["make", "install", f"program={program}", f"web={web}/index.html", f"DESTDIR={tmp_path}/staged", "PREFIX=/usr"], cwd=root, check=True,
        capture_output=True)
    staged = tmp_path / "staged" / "usr"
    unit = (staged / "lib/systemd/system/foyer.service").read_text()
    for line in ("ExecStart=/usr/bin/foyer serve", "LimitNOFILE=", "TimeoutStopSec=", "ExecReload=", "EnvironmentFile=", "Type="):
        assert line in unit
    assert "Upgrade" in (staged / "share/doc/foyer/nginx.conf").read_text()
    site = make_site()
    run = subprocess.run(
        [staged / "bin/foyer", "config", "--config", staged / "share/doc/foyer/foyer.conf"], env=site.environment(), cwd="/",
        capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
    # From anywhere: the web app is found beside the program.
    process = subprocess.Popen(
        [staged / "bin/foyer", "serve", "--data", site.data, "--listen", f"127.0.0.1:{site.port}"], env=site.environment(), cwd="/",
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    site.process = process

    def page() -> bytes:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{site.address}/setup", timeout=5) as answer:
            return answer.read()
        return b""
    eventually(lambda: b"<title>Foyer</title>" in page())
    site.stop()


def test_a_missing_web_app_is_told(make_site, tmp_path):
    alone = tmp_path / "foyer"
    shutil.copy(program, alone)
    site = make_site(owner=False)
    with open(site.folder / "server.log", "ab") as log:
        site.process = subprocess.Popen(
            [alone, "serve", "--data", site.data, "--listen", f"127.0.0.1:{site.port}"], env=site.environment(), cwd="/",
            stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    eventually(lambda: "the web app was not found" in site.log_text())
    site.stop()
    start_fails(make_site(web="/nowhere"), "--web")
