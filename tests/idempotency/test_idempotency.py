"""A key is one write, however often it is sent at once and whoever dies over it."""

from pathlib import Path

import pytest

from tests.idempotency.duplicating import duplicate
from tests.served.process import STEPS
from tests.served.servers import some_servers


@pytest.mark.slow
def test_keys_are_written_once(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """A few of them, by two servers that die at every step; `python -m tests.idempotency --n 1000` sends more."""
    url = str(request.getfixturevalue("postgres_url"))
    with some_servers(tmp_path / "data", url) as servers:
        outcome = duplicate(servers, 12, killed=4)
        assert outcome.faults == []
        assert set(outcome.killed) == set(STEPS)
        assert servers.deaths == len(STEPS)
