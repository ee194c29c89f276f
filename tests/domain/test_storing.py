"""Storing facts: permanent names, versions, and lifting old shapes."""

from typing import Any

import msgspec
import pytest

from domain.facts import FACTS, LocationAdded, PollFailed, Provenance, UnknownFact, fact_name, load, store, storing
from domain.identifiers import ConnectionId, DayId, client_of, connection_of, day_of, plain, record_name
from domain.refusals import BadIdentifier, Refusal
from tests.domain.build import DATE, attempt

BY = Provenance("cli:anna", "command-1", reason="edited at the POS")


def test_a_fact_reads_back_with_who_and_why() -> None:
    """What was stored is what is loaded, with its provenance."""
    fact = PollFailed(attempt(), "timeout", "No answer.", retryable=True)
    name, state = store(fact, BY)
    assert name == "business-day.poll-failed" == fact_name(fact)
    assert load(name, state) == (fact, BY)


def test_a_fact_of_a_newer_release_stops_the_reader() -> None:
    """An unknown name, or a shape newer than ours, is named; it is never passed over."""
    name, state = store(LocationAdded("L1", "L1", "UTC", {}), BY)
    newer = state.replace(b'{"v":2', b'{"v":9')
    with pytest.raises(UnknownFact, match=r"location-added' in version 9"):
        load(name, newer)
    with pytest.raises(UnknownFact, match=r"no-such-fact' in version 2"):
        load("connection.no-such-fact", state)


def test_old_shapes_are_lifted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A renamed fact with an old field is found by its alias and lifted version by version to the shape of today."""

    def first(fields: dict[str, Any]) -> dict[str, Any]:
        return {**fields, "name": fields.pop("title")}

    def second(fields: dict[str, Any]) -> dict[str, Any]:
        return {**fields, "source": {"venue": fields.pop("venue")}}

    monkeypatch.setitem(FACTS, "connection.location-added", (LocationAdded, 3))
    monkeypatch.setitem(storing.ALIASES, "connection.venue-added", "connection.location-added")
    monkeypatch.setitem(storing.UPCASTERS, ("connection.location-added", 1), first)
    monkeypatch.setitem(storing.UPCASTERS, ("connection.location-added", 2), second)
    old = {"v": 1, "by": BY, "data": {"location": "L1", "title": "Pier", "zone": "UTC", "venue": "V1"}}
    fact, by = load("connection.venue-added", msgspec.json.encode(old))
    assert fact == LocationAdded("L1", "Pier", "UTC", {"venue": "V1"})
    assert by == BY


def test_names_tell_the_aggregate() -> None:
    """Every fact's name begins with its aggregate, and no two share a shape."""
    assert {name.split(".")[0] for name in FACTS} == {
        "business-day",
        "connection",
        "books",
        "customer",
        "object",
        "import-job",
        "import-run",
        "import-turn",
        "people",
        "person",
        "personnel",
        "schedule",
        "searches",
    }
    assert len({shape for shape, _ in FACTS.values()}) == len(FACTS)


def test_streams_carry_the_client() -> None:
    """A stream's name is text, begins with its aggregate, and names the client second."""
    day, connection = DayId("acme", "L1", DATE), ConnectionId("acme", "tray")
    assert day.stream == "business-day:acme:L1:2026-10-31"
    assert connection.stream == "connection:acme:tray"
    assert day_of(day.stream) == day
    assert connection_of(connection.stream) == connection
    assert day_of(connection.stream) is None
    assert connection_of(day.stream) is None
    assert client_of(day.stream) == client_of(connection.stream) == "acme"


@pytest.mark.parametrize("text", ["", "-a", "a b", "a:b", "a/b", "a\x00", "ä", "x" * 65])
def test_identifiers_that_are_refused(text: str) -> None:
    """Anything that could break a stream's name is refused, with what is allowed."""
    with pytest.raises(BadIdentifier, match="1 to 64 letters"):
        plain(text, "location")


def test_identifiers_that_are_taken() -> None:
    """Letters, digits, dots, dashes and underscores make an id."""
    assert plain("Pier-39_a.b", "location") == "Pier-39_a.b"


@pytest.mark.parametrize("text", ["", "ticket", "/x", "ticket/", "Ticket/1", "ticket/\x00"])
def test_records_that_are_no_names(text: str) -> None:
    """A record is named KIND/KEY."""
    with pytest.raises(BadIdentifier, match="KIND/KEY"):
        record_name(text)


def test_a_record_name() -> None:
    """The key may hold anything printable, slashes too."""
    assert record_name("late-void/a/b") == ("late-void", "a/b")


def test_refusals_have_stable_codes() -> None:
    """The code of a refusal is its class in kebab case."""
    assert BadIdentifier("x").code == "bad-identifier"
    assert Refusal("x").code == "refusal"
