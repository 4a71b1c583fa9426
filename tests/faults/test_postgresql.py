"""PostgreSQL is restarted, and dies, under a server at work: nothing acknowledged is lost, and all goes on by itself."""

import os
import shlex
import subprocess
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.faults.conftest import LEARNERS, Site
from tests.performance.answers import enter
from tests.performance.servers import free_port
from tests.performance.site import prepare

BIN = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


class Cluster:
    """A PostgreSQL server of our own, which waits for its disk."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"postgresql+psycopg://elearn@127.0.0.1:{self.port}/postgres"
        folder.mkdir(mode=0o700)
        if os.getuid() == 0:
            subprocess.run(["chown", "postgres", folder], check=True)
        self._run("initdb", "-D", folder, "-U", "elearn", "-A", "trust", "--no-sync")
        self.options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories="

    def control(self, act: str, *more: str) -> None:
        """pg_ctl start, stop or restart."""
        self._run("pg_ctl", "-D", self.folder, "-w", "-l", self.folder / "log", "-o", self.options, act, *more)

    def _run(self, program: str, *arguments: object) -> None:
        command = [str(BIN[-1] / program), *map(str, arguments)]
        if os.getuid() == 0:  # it does not run as root
            command = ["su", "postgres", "-s", "/bin/sh", "-c", shlex.join(command)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")


@pytest.fixture
def cluster():
    if not BIN:
        pytest.skip("PostgreSQL is not installed")
    with TemporaryDirectory(prefix="elearn-postgresql-") as folder:
        Path(folder).chmod(0o711)  # the server's user must get there; pytest closes its own folders anew whenever another one starts
        made = Cluster(Path(folder) / "data")
        made.control("start")
        yield made
        made.control("stop", "-m", "immediate")


def test_nothing_is_lost_when_the_database_restarts_or_dies_under_load(cluster, tmp_path):
    prepare(tmp_path / "site", database=cluster.url)
    site = Site(tmp_path / "site", enter(tmp_path / "site", LEARNERS))
    with site.served() as server, site.answering():
        worker = server.pid
        site.until(40)
        for how in ("fast", "immediate"):
            cluster.control("restart", "-m", how)
            began = time.monotonic()
            site.until(LEARNERS * 2)
            assert time.monotonic() - began < 20, "everybody goes on"
        assert server.pid == worker, "the worker lived through it"
        reader = site.learners[0]
        page = type(server)(server.port, None, dict(reader.cookies))
        assert page.ask("GET", "/")[0] == 200
        page.close()
    assert site.lost() == set()
