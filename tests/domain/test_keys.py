"""What records of reference data are known by, and what the oldest facts are read as."""

import pytest

from domain.facts.storing import UPCASTERS
from domain.records.reference import HouseAccount, TaxDefinition, Tender


@pytest.mark.parametrize("kind", [Tender, TaxDefinition, HouseAccount])
def test_reference_data_is_known_by_its_number(kind: type[Tender | TaxDefinition | HouseAccount]) -> None:
    """Tenders, taxes and house accounts have the source's number as their key."""
    assert kind(number="12", name="twelve").key == "12"


def test_a_poll_of_the_first_version_read_all_kinds() -> None:
    """What is stored is kept, and the kinds are those that its only source had."""
    kinds = ["deposit", "late-void", "paid-in-out", "punch", "ticket"]
    assert UPCASTERS["business-day.polled", 1]({"generation": 1}) == {"generation": 1, "kinds": kinds}


@pytest.mark.parametrize("name", ["poll-unchanged", "poll-failed", "approved"])
def test_facts_to_which_only_defaults_came_are_read_as_they_are(name: str) -> None:
    """Nothing is changed about them."""
    assert UPCASTERS[f"business-day.{name}", 1]({"a": 1}) == {"a": 1}
