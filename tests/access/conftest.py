"""Fixtures of the tests of access."""

from collections.abc import Iterator

import pytest

from tests.access.town import Town, a_town


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A town that the tests of one file share."""
    with a_town(tmp_path_factory.mktemp("town")) as opened:
        yield opened
