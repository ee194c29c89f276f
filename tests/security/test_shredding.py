"""Forgetting for good: no byte of anybody is left, and no figure, seal or replay is another one."""

from pathlib import Path

import pytest

from tests import shred
from tests.security.planted import found


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_nothing_is_left_of_people_who_were_forgotten(
    tmp_path: Path, request: pytest.FixtureRequest, database: str
) -> None:
    """Some twenty of them with planted values; `python -m tests.shred --subjects 200` does the same with more."""
    url = "" if database == "sqlite" else str(request.getfixturevalue("postgres_url"))
    told = shred.shred(tmp_path / "data", url, subjects=20 if database == "sqlite" else 12)
    assert told["sound"], told
    assert told["subjects"] >= 10
    assert told["values"] > 90
    assert told["bytes"] > 100_000


def test_the_search_finds_what_is_there() -> None:
    """A value in clear or in hexadecimal digits: the search is no blank sheet."""
    content = b"\x00Firstzq00001\x01" + b"zq00002@example.com".hex().upper().encode()
    assert found(["Firstzq00001", "zq00002@example.com", "Lastzq00001"], content) == [
        "Firstzq00001",
        "zq00002@example.com",
    ]
