"""Fixtures of the tests of the ways in."""

import functools
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.access import Passwords
from api import composition
from tests.api.site import DATES, Site, a_site


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords() -> Iterator[None]:
    """Hashing a password costs next to nothing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(composition, "Passwords", functools.partial(Passwords, cheap=True))
        yield


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A daybook that the tests of one file share."""
    with a_site(tmp_path_factory.mktemp("site")) as opened:
        yield opened


@pytest.fixture(scope="module")
def polled(site: Site) -> Site:
    """The same, with the first three days of alpha and the first of beta polled."""
    for date in DATES[:3]:
        assert site.poll(date).status_code in {200, 201}
    assert site.poll(DATES[0], "beta").status_code in {200, 201}
    assert site.opened.projector is not None
    assert site.opened.projector.wait_for(site.opened.journal.head(), 10)
    return site


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Site]:
    """A daybook for one test."""
    with a_site(tmp_path / "data") as opened:
        yield opened
