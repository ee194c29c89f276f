"""Real servers on one store: each of these runs in small, as its command does in full size."""

from collections.abc import Iterator

import pytest

from tests.etags import AT_ONCE, PRIZES, race
from tests.idempotency.duplicating import duplicate
from tests.paging import LISTS, fill, page
from tests.ryw import read_own_writes
from tests.served.process import STEPS
from tests.served.servers import Servers, some_servers
from tests.support.postgres import Server

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory, postgres: Server, postgres_template: str) -> Iterator[Servers]:
    """Two servers on one store, on PostgreSQL as in production."""
    url = postgres.url(postgres.create(template=postgres_template))
    with some_servers(tmp_path_factory.mktemp("served"), url) as started:
        yield started


def test_keys_are_written_once(servers: Servers) -> None:
    """Sent eight times at once to servers that die at every step; `python -m tests.idempotency` sends 1,000 keys."""
    outcome = duplicate(servers, 9, killed=3)
    assert outcome.faults == []
    assert set(outcome.killed) == set(STEPS)
    assert servers.deaths >= len(STEPS)


def test_a_version_has_one_winner(servers: Servers) -> None:
    """Of each kind of write; `python -m tests.etags` races 1,000 times."""
    outcome = race(servers, len(PRIZES))
    assert outcome.faults == []
    assert sum(outcome.answers.values()) == AT_ONCE * len(PRIZES)


def test_own_writes_are_read(servers: Servers) -> None:
    """At another server than the one that took them; `python -m tests.ryw` writes 10,000 times."""
    outcome = read_own_writes(servers, 12)
    assert (outcome.stale, outcome.fresh + outcome.behind) == (0, 12)


def test_pages_while_others_write(servers: Servers) -> None:
    """Nothing comes twice and nothing is left out; `python -m tests.paging` does it with 100,000 rows."""
    fill(servers.site.opened, 300)
    walks, _ = page(servers.site.opened, servers.urls[0], rate=50, limit=40)
    assert set(walks) == set(LISTS)
    assert {name: (walk.twice, walk.missing) for name, walk in walks.items()} == dict.fromkeys(LISTS, (0, 0))
    assert all(walk.rows >= 300 for walk in walks.values())
