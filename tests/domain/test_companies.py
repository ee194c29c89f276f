"""Companies: their identity is system, address and organization, and nothing else."""

import itertools

import pytest

from domain.connection import Connection, fold
from domain.connection.companies import company_id, fingerprint, known_companies, plain_address
from domain.facts import Company, ConnectionDisconnected, ConnectionEstablished

ADDRESS = "https://books.example.com"


def connected(*organizations: str, system: str = "erp", environment: str = ADDRESS, over: bool = False) -> Connection:
    """A connection that has chosen these companies."""
    companies = tuple(Company(organization, organization.upper()) for organization in organizations)
    facts = [ConnectionEstablished(system, "x", environment, "", companies=companies)]
    return fold([*facts, ConnectionDisconnected()] if over else facts)


SAME = [ADDRESS, f"{ADDRESS}/", "HTTPS://Books.Example.COM", f" {ADDRESS} "]


@pytest.mark.parametrize("environment", SAME)
def test_how_an_address_is_written_does_not_count(environment: str) -> None:
    """Letters of scheme and host, slashes at the end and space around it make no other company."""
    assert company_id("erp", environment, "o-1") == company_id("erp", ADDRESS, "o-1")


def test_companies_are_told_apart() -> None:
    """Another system, address, path or organization is another company; no two texts run together."""
    named = [
        ("erp", ADDRESS, "o-1"),
        ("erp", ADDRESS, "O-1"),
        ("erp2", ADDRESS, "o-1"),
        ("erp", f"{ADDRESS}/eu", "o-1"),
        ("erp", f"{ADDRESS}/EU", "o-1"),
        ("erp", "", f"{ADDRESS}o-1"),
    ]
    assert len({company_id(*parts) for parts in named}) == len(named)
    assert all(len(company_id(*parts)) == 16 for parts in named)


def test_an_address_that_cannot_be_read_stands_as_it_is() -> None:
    """Nothing is refused here: what was recorded stays."""
    assert plain_address("http://[::1") == "http://[::1"
    assert (fingerprint(""), len(fingerprint("anna@north"))) == ("", 12)


def test_who_has_a_company_already() -> None:
    """Connections to the same system at the same address; not drafts, and not those that are over."""
    existing = {
        "a": connected("o-1", "o-2"),
        "b": connected("o-1", environment=f"{ADDRESS}/"),
        "c": connected("o-1", over=True),
        "d": connected("o-1", system="other"),
        "e": connected("o-1", environment="https://elsewhere.example.com"),
        "f": Connection(),
    }
    found = known_companies(existing, "erp", ADDRESS, {"o-1": "North", "o-3": "West"})
    assert [(known.organization, known.name, known.connections) for known in found] == [("o-1", "North", ("a", "b"))]


def test_in_whatever_order_they_are_told_of() -> None:
    """The same connections tell of the same companies."""
    made = [("a", connected("o-1")), ("b", connected("o-1", "o-2")), ("c", connected("o-2"))]
    told = {
        known_companies(dict(order), "erp", ADDRESS, {"o-1": "", "o-2": ""}) for order in itertools.permutations(made)
    }
    assert len(told) == 1
