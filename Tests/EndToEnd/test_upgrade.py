"""A database of an earlier day is upgraded by the real program, which is killed on the way."""
import pathlib
import signal
import sqlite3
import subprocess
import time

from cluster import Cluster
from foyer import Site, program, root

fixtures = root / "Tests" / "ServerTests" / "Fixtures"


def statements(kind: str) -> list[str]:
    return (fixtures / f"database-2026-11-28-{kind}.sql").read_text().split("\n-- next\n")


def make_keys(folder: pathlib.Path) -> None:
    """A used database opens with its site's keys alone; one that is older than their fingerprint takes any."""
    made = subprocess.run(
        [program, "migrate", "--data", folder / "first", "--keys-dir", folder / "data.keys"], env=Site(folder, owner=False).environment(),
        cwd=root, capture_output=True, text=True)
    assert made.returncode == 0, made.stderr


def people_of(site: Site, cluster: Cluster | None) -> tuple[int, int]:
    """How many members and applied migrations the database holds."""
    query = "SELECT (SELECT COUNT(*) FROM users), (SELECT COUNT(*) FROM schema_migrations)"
    if cluster is None:
        with sqlite3.connect(site.data / "foyer.db") as database:
            return database.execute(query).fetchone()
    answer = subprocess.run([cluster.bin / "psql", "-At", cluster.url, "-c", query], capture_output=True, text=True, check=True).stdout
    users, migrations = answer.strip().split("|")
    return int(users), int(migrations)


def upgrade_killed_on_the_way(site: Site, cluster: Cluster | None) -> None:
    make_keys(site.folder)
    before = people_of(site, cluster)
    assert before[0] == 5
    for delay in range(0, 100, 10):
        process = subprocess.Popen(
            [program, "migrate", "--data", site.data], env=site.environment(), cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(delay / 1000)
        process.send_signal(signal.SIGKILL)
        process.wait()
        # All of it or nothing.
        assert people_of(site, cluster)[0] == before[0]
    migrated = site.run("migrate")
    assert migrated.returncode == 0, migrated.stderr
    assert people_of(site, cluster)[1] > before[1]
    site.start()
    try:
        assert site.call("GET", "/auth/registration").expect(200).json["mode"] == "open"
    finally:
        site.stop()


def test_a_killed_upgrade_of_sqlite_goes_on(tmp_path: pathlib.Path):
    site = Site(tmp_path, owner=False)
    site.data.mkdir(mode=0o700)
    with sqlite3.connect(site.data / "foyer.db") as database:
        for statement in statements("sqlite"):
            database.execute(statement)
    upgrade_killed_on_the_way(site, None)


def test_a_killed_upgrade_of_postgres_goes_on(tmp_path: pathlib.Path):
    with Cluster() as cluster:
        script = tmp_path / "stored.sql"
        script.write_text(";\n".join(statements("postgres")) + ";\n")
        subprocess.run([cluster.bin / "psql", "-q", "-v", "ON_ERROR_STOP=1", "-f", script, cluster.url], check=True, stdout=subprocess.DEVNULL)
        upgrade_killed_on_the_way(Site(tmp_path, owner=False, database_url=cluster.url), cluster)
