"""Testing Tray's credentials: which venues of which organizations a key opens, or why it opens none."""

from collections.abc import Iterator
from typing import Any

import pytest

from adapters.pos.tray import SYSTEM
from adapters.pos.tray.simulator import Running, TrayPos, TrayPosSettings, Venue, running, some_venues
from domain.forms import Filled
from domain.ports.source import BadEndpoint, SourceFailure
from domain.ports.systems import Company, CompanyId, Examination, Place
from tests.adapters.pos.tray.conftest import Patience
from tests.support.reach import HERE, limits_here
from tests.support.tray_stage import KEY, Answer, Stage, venue

ONE = "tray-key-one"


@pytest.fixture(scope="module")
def served() -> Iterator[Running]:
    """A POS of two organizations with five keys, and one key that opens venues of both."""
    first = tuple(
        Venue(f"V{number}", f"Venue {number}", api_key=ONE, more_keys=("anna-1", "ben-1", "both")) for number in (1, 2)
    )
    second = Venue("V9", "Venue 9", "America/Chicago", "anna-2", more_keys=("both",), organization="ORG-2")
    with running(TrayPos(TrayPosSettings(venues=(*first, second), tickets=1))) as found:
        yield found


def examine(url: str, key: str = KEY, **fields: Any) -> Examination:
    """Ask what a key opens, with little patience."""
    limits = limits_here(attempts=2, page_rows=2, pages=5)
    return SYSTEM.examine(Filled({"environment": url, **fields}, {"api_key": key}), limits, timing=Patience().timing)


def failed(url: str, key: str = KEY, **fields: Any) -> SourceFailure:
    """Why it opens nothing."""
    with pytest.raises(SourceFailure) as refused:
        examine(url, key, **fields)
    return refused.value


def test_what_a_key_sees(served: Running) -> None:
    """Venues with name, zone and the id that a location is given, under the organization that they belong to."""
    found = examine(served.url, ONE)
    assert found == Examination(
        served.url,
        (
            Company(
                "ORG-1",
                "Harbor Restaurants",
                tuple(
                    Place(f"V{number}", f"Venue {number}", "America/New_York", {"venue": f"V{number}"})
                    for number in (1, 2)
                ),
            ),
        ),
        1,
    )


def test_a_company_is_the_same_whoever_asks(served: Running) -> None:
    """Identity is system, environment and organization: not the key, nor the way the address is written."""
    harbor = CompanyId("tray", served.url, "ORG-1")
    for key in (ONE, "anna-1", "ben-1"):
        assert examine(served.url.replace("http", "HTTP", 1) + "/", key).company_ids("tray") == (harbor,)
    assert examine(served.url, "anna-2").company_ids("tray") == (CompanyId("tray", served.url, "ORG-2"),)
    assert [company.organization for company in examine(served.url, "both").companies] == ["ORG-1", "ORG-2"]


def test_named_venues_alone(served: Running) -> None:
    """Where venues were named, only these are shown; one that the key does not open is said by its id."""
    found = examine(served.url, ONE, venues=["V2"])
    assert [place.id for company in found.companies for place in company.places] == ["V2"]
    failure = failed(served.url, ONE, venues=["V1", "V9", "V10"])
    assert failure.failure == "unknown-venue"
    assert "V9, V10" in failure.message
    assert "and 2 more" in failed(served.url, ONE, venues=[f"X{n}" for n in range(7)]).message


def test_a_key_that_opens_nothing(served: Running) -> None:
    """A wrong key is not accepted, and the sentence does not show it."""
    failure = failed(served.url, "wrong-key")
    assert failure.failure == "not-authorized"
    assert "wrong-key" not in failure.message


def test_many_venues_come_in_pages() -> None:
    """All pages are read."""
    with running(TrayPos(TrayPosSettings(venues=some_venues(5), tickets=1))) as served:
        found = examine(served.url, ONE)
        assert len(found.companies[0].places) == 5
        assert found.requests == 3


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("limit=0", 400),
        ("limit=x", 400),
        ("cursor=x", 400),
        ("cursor=dmVudWVzOng=", 400),
        ("q=1", 400),
        ("limit=1", 200),
    ],
)
def test_what_the_simulator_refuses(served: Running, query: str, status: int) -> None:
    """Parameters are those of the contract."""
    import httpx  # noqa: PLC0415 - the simulator is asked from outside here alone

    answer = httpx.get(f"{served.url}/kernel/v1/venues?{query}", headers={"X-Api-Key": ONE})
    assert answer.status_code == status


ANSWERS: list[tuple[str, list[dict[str, Any]], str]] = [
    ("twice", [venue(1), venue(1)], "duplicate-rows"),
    ("an id that is none", [venue(1, id="../1")], "malformed"),
    ("an organization that is none", [venue(1, organizationId="")], "malformed"),
    ("a zone that is none", [venue(1, zone="Mars/Olympus")], "malformed"),
    ("a name with a line break", [venue(1, name="a\nb")], "malformed"),
    ("a name without end", [venue(1, name="x" * 300)], "malformed"),
    ("a field that is missing", [{"id": "V1"}], "malformed"),
]


@pytest.mark.parametrize(("rows", "expected"), [row[1:] for row in ANSWERS], ids=[row[0] for row in ANSWERS])
def test_answers_that_cannot_be_trusted(stage: Stage, rows: list[dict[str, Any]], expected: str) -> None:
    """A list of venues is checked as everything else that Tray says."""
    stage.rows["venues"] = rows
    assert failed(stage.url).failure == expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [(401, "not-authorized"), (404, "unknown-venue"), (500, "unavailable"), (429, "rate-limited")],
)
def test_statuses(stage: Stage, status: int, expected: str) -> None:
    """They mean what they mean when a day is read."""
    stage.tamper = lambda *_: Answer(status, b"{}", {"Content-Type": "application/json", "Content-Length": "2"})
    assert failed(stage.url).failure == expected


def test_more_venues_than_anybody_has(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The list is bounded."""
    monkeypatch.setattr("adapters.pos.tray.directory.MOST_VENUES", 1)
    assert failed(stage.url).failure == "too-large"


def test_ihop_without_the_operators_account() -> None:
    """Where nobody supplied address and key for IHOP, that is said with the setting."""
    with pytest.raises(BadEndpoint, match="DAYBOOK_SUPPLIED_FILE"):
        SYSTEM.examine(Filled({"ihop": True, "venues": ["V1"]}), HERE)
