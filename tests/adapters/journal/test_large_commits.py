"""A day of fifty thousand facts is one commit, on every way to the database."""

import pytest

from adapters.journal import open_journal
from domain.ports.journal import Recording
from tests.support.facts import by, numbered

FACTS = 50_000
STREAM = "business-day:C1:L1:2026-10-31"


@pytest.mark.timeout(90)
@pytest.mark.parametrize("way", ["sqlite_url", "postgres_url", "postgres_socket_url"])
def test_fifty_thousand_facts_are_one_commit(request: pytest.FixtureRequest, way: str) -> None:
    """50,000 facts of 1 KB go in at once over TCP, over a Unix socket and on SQLite, and come back in order."""
    journal = open_journal(request.getfixturevalue(way))
    facts = tuple(numbered(number, 900) for number in range(1, FACTS + 1))
    receipt = journal.append([Recording(STREAM, 0, facts)], by())
    assert (receipt.commit, receipt.position) == (1, FACTS)
    assert [entry.version for entry in journal.log(after=0, limit=1)] == list(range(1, FACTS + 1))
    assert next(journal.stream(STREAM, after=FACTS - 1)).fact == facts[-1]
    verification = journal.verify()
    assert (verification.facts, verification.faults) == (FACTS, ())
    journal.close()
