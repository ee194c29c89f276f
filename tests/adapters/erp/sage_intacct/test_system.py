"""Sage Intacct in the catalogue: its form, what credentials see, and that there is nothing to poll."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from adapters.erp.sage_intacct import SYSTEM
from adapters.erp.sage_intacct.simulator import Books, BooksSettings, Running, SimulatedGateway, running
from adapters.forms import fill
from domain.forms import BadForm, Supplied, completed, filled_of
from domain.ports.source import BadEndpoint, SourceFailure
from domain.ports.systems import Examination
from domain.ports.target import WritableSystem
from tests.support.fake_vault import MemoryVault
from tests.support.intacct import PASSWORD, SENDER_PASSWORD, filled_in
from tests.support.reach import limits_here


@pytest.fixture(scope="module")
def served() -> Iterator[Running]:
    """A gateway."""
    with running(SimulatedGateway()) as one:
        yield one


def examined(served: Running, **more: Any) -> Examination:
    """What credentials see."""
    return SYSTEM.examine(fill(SYSTEM.profile.form, filled_in(served.url, **more)), limits_here())


def test_credentials_see_the_company(served: Running) -> None:
    """The company as Sage Intacct writes it, however it was typed, with the locations that are in use."""
    served.gateway.books.add("LOCATION", {"LOCATIONID": "L0", "NAME": "Closed", "STATUS": "inactive"})
    found = examined(served, company_id="harbor")
    assert found.environment == served.url
    [company] = found.companies
    assert (company.organization, company.name) == ("HARBOR", "HARBOR")
    assert [(place.id, place.name, dict(place.source)) for place in company.places] == [
        ("E100", "Harbor East Inc.", {"location": "E100"}),
        ("E200", "Harbor West Inc.", {"location": "E200"}),
        ("L1", "Pier", {"location": "L1"}),
        ("L2", "Wharf", {"location": "L2"}),
    ]
    assert found.requests == 2


def test_the_whole_address_of_the_gateway_does_too(served: Running) -> None:
    """Who copies it with its path connects the same company."""
    found = examined(served, environment=f"{served.url}/ia/xml/xmlgw.phtml")
    assert found == examined(served)


def test_an_entity_shows_its_own(served: Running) -> None:
    """Confined to an entity, credentials see the locations of it."""
    [company] = examined(served, entity="E200").companies
    assert [place.id for place in company.places] == ["E200", "L2"]


def test_many_locations_come_page_by_page() -> None:
    """All of them, each once; more than can be are a failure, and so are rows that change between two pages."""
    many = {f"L{number:04}": (f"Number {number}", "") for number in range(2_300)}
    gateway = SimulatedGateway(Books(BooksSettings(locations=many, entities=frozenset())))
    with running(gateway) as served:
        found = examined(served)
        assert len(found.companies[0].places) == 2_300
        assert found.requests == 4
        real, pages = gateway.answer, []

        def answer(body: bytes) -> Any:
            if b"<query>" in body:
                pages.append(body)
            if len(pages) == 2:
                known = gateway.books.known("LOCATION", f"L{len(pages):04}")
                assert known is not None
                gateway.books.put("LOCATION", known["RECORDNO"], None)
            return real(body)

        gateway.answer = answer  # type: ignore[method-assign]
        with pytest.raises(SourceFailure, match="changed while they were read"):
            examined(served)
        gateway.answer = real  # type: ignore[method-assign]
        for number in range(3_000):
            gateway.books.add("LOCATION", {"LOCATIONID": f"M{number}", "NAME": "", "STATUS": "active"})
        with pytest.raises(SourceFailure) as failed:
            examined(served)
        assert failed.value.failure == "too-large"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"password": "wr0ng"}, "company, user and password"),
        ({"user_id": "nobody"}, "company, user and password"),
        ({"company_id": "OTHER"}, "company, user and password"),
        ({"sender_password": "wr0ng"}, "sender id or its password"),
        ({"entity": "E999"}, "sign-in"),
    ],
)
def test_who_is_not_let_in(served: Running, wrong: dict[str, str], words: str) -> None:
    """The failure says what to check, and shows nothing of what was entered."""
    with pytest.raises(SourceFailure, match=words) as failed:
        examined(served, **wrong)
    assert (failed.value.failure, failed.value.retryable) == ("not-authorized", False)
    assert not [value for value in (*wrong.values(), PASSWORD, SENDER_PASSWORD) if value in failed.value.message]


def test_a_sender_that_the_company_does_not_authorize() -> None:
    """The failure says who adds it, and where."""
    settings = BooksSettings(authorized=frozenset())
    with (
        running(SimulatedGateway(Books(settings))) as served,
        pytest.raises(SourceFailure, match="administrator adds it"),
    ):
        examined(served)


@pytest.mark.parametrize(
    ("fault", "failure"),
    [("too-many-reads", "rate-limited"), ("elsewhere", "bad-endpoint"), ("sign-in-cut", "unexpected-answer")],
)
def test_faults_while_examining(served: Running, fault: str, failure: str) -> None:
    """They are failures of the source, of the same kind."""
    with served.gateway.armed(fault), pytest.raises(SourceFailure) as failed:
        examined(served)
    assert failed.value.failure == failure


def test_what_the_operator_supplies(served: Running) -> None:
    """Sender id and password may be his: the form asks for both or none, and without any nothing is sent."""
    values = filled_in(served.url)
    del values["sender_id"], values["sender_password"]
    filled = fill(SYSTEM.profile.form, values)
    with pytest.raises(BadEndpoint, match="DAYBOOK_SUPPLIED_FILE"):
        SYSTEM.examine(filled, limits_here())
    supplied = Supplied("sage-intacct", {}, {"sender_id": "daybook-sender"}, {"sender_password": SENDER_PASSWORD})
    assert SYSTEM.examine(completed("sage-intacct", filled, [supplied]), limits_here()).companies
    for name in ("sender_id", "sender_password"):
        with pytest.raises(BadForm):
            fill(SYSTEM.profile.form, {**values, name: "x"})


def test_a_form_as_a_connection_keeps_it(served: Running) -> None:
    """One secret is kept as it is and several as JSON; both come back as they were filled in."""
    for values in (filled_in(served.url), {"company_id": "C", "user_id": "u", "password": "p"}):
        filled = fill(SYSTEM.profile.form, values)
        kept = {name: value for name, value in filled.plain.items() if name != "environment"}
        assert filled_of(SYSTEM.profile.form, filled.environment, kept, filled.secret) == filled
    assert filled.plain["environment"] == "https://api.intacct.com"
    assert (filled.plain["post_on"], filled.plain["transaction_integration_level"]) == ("approved", "top")


@pytest.mark.parametrize("secret", ["", "a\nb", "x" * 1001, json.dumps({"password": "ok", "sender_password": "a\tb"})])
def test_secrets_that_cannot_be_used(secret: str) -> None:
    """They are refused when it is connected, and not shown."""
    with pytest.raises(BadEndpoint, match="copy it again"):
        SYSTEM.connect("https://api.intacct.com", secret, MemoryVault())


def test_hosts_of_the_system() -> None:
    """The gateway's own, and no other; the endpoint that a session tells is held to the same."""
    for address in ("https://api.intacct.com", "https://www-p04.intacct.com", "https://api.intacct.com/"):
        SYSTEM.connect(address, PASSWORD, MemoryVault()).close()
    for address in (
        "https://intacct.com.example.net",
        "https://api-intacct.com",
        "http://api.intacct.com",
        "https://intacct.com",
    ):
        with pytest.raises(BadEndpoint):
            SYSTEM.connect(address, PASSWORD, MemoryVault())


def test_what_it_takes() -> None:
    """Every type that its capabilities promise, and it can be written to."""
    assert isinstance(SYSTEM, WritableSystem)
    assert {"sales-entry", "labor-entry", "statistical-entry", "employee", "job"} < SYSTEM.takes
    assert "schedule" not in SYSTEM.takes
    assert not SYSTEM.pushes
    assert SYSTEM.profile.budget.at_once == 2
    assert SYSTEM.profile.renewal_days is None
