"""Guessing ids of others leads nowhere; and the guessing would see it if it did."""

from collections.abc import Iterator

import pytest

from api.http import permitting
from api.http.answering import Reading
from domain.permissions import Principal
from tests.access.town import Town, a_town
from tests.bola.guessing import Guessing


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A town that the tests of this file share."""
    with a_town(tmp_path_factory.mktemp("town")) as opened:
        yield opened


def test_guessing_leads_nowhere(town: Town) -> None:
    """Foreign ids and ids that nothing has are answered alike; no list tells of anything foreign."""
    outcome = Guessing(town, seed=1).go(800)
    assert outcome.leaks == []
    assert {200, 403, 404} <= set(outcome.statuses)


def test_it_sees_a_route_that_does_not_look_at_the_location(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the check of reach the answers about foreign places differ from those about nowhere."""

    def everywhere(_who: Principal, _location: str) -> None:
        """Let everybody in everywhere."""

    monkeypatch.setattr(permitting, "check_reach", everywhere)
    assert Guessing(town, seed=1).go(120).leaks


def test_it_sees_a_list_of_everything(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the filter of locations lists tell of foreign places."""
    monkeypatch.setattr(Reading, "among", property(lambda _: None, lambda *_: None), raising=False)
    assert any("tells of" in leak for leak in Guessing(town, seed=3).go(120).leaks)
