"""HR systems by SCIM, against a third party's server over real HTTP."""

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from adapters.conformance import Trial, limits_for_trials
from adapters.conformance.calling import Calling
from adapters.conformance.declaring import Declaring
from adapters.hris.scim import SYSTEM
from adapters.hris.scim.asking import Caller, Timing, told_wait
from adapters.hris.scim.source import ScimSource
from domain.business_date import window
from domain.forms import Filled
from domain.ports.captures import Capture
from domain.ports.personnel import PersonnelSystem, PullRequest
from domain.ports.source import DayRequest, Limits, SourceFailure, System
from tests.support.fake_vault import MemoryVault
from tests.support.scim_server import EXTENSION, TOKEN, ScimServer, scim_server

PERSONAL = ("Ann", "Bell", "ann@example.com", "1990-01-02", "900-11-0001")
DAY = DayRequest("main", "hr", "pier", window(dt.date(2026, 11, 2), "UTC", dt.time()), {})


class TestScim(Declaring, Calling):
    """What holds of every system that is called, but for business days."""

    def system(self) -> System:
        """The system that is tried."""
        return SYSTEM

    @contextmanager
    def trial(self) -> Iterator[Trial]:
        """A server without anybody."""
        with scim_server() as server:
            yield Trial({"environment": server.url, "token": TOKEN}, {"token": "t0ken-of-nobody"}, DAY)


@pytest.fixture(scope="module", params=[False, True], ids=["index", "cursor"])
def server(request: pytest.FixtureRequest) -> Iterator[ScimServer]:
    """A server with seven employees, paged by index or by cursor."""
    with scim_server(cursors=request.param) as made:
        made.add(
            "Ann Bell",
            number="17",
            email="ann@example.com",
            born="1990-01-02",
            ssn="900-11-0001",
            hired="2020-02-03",
            jobs=(("1", "Server", "9.50"),),
        )
        for number in range(6):
            made.add(f"No{number} Body")
        yield made


def source(server: ScimServer, vault: MemoryVault, **filled: Any) -> ScimSource:
    """The server as a source, three users on a page."""
    values = {"environment": server.url, "page_size": 3, "extension": EXTENSION, **filled}
    return SYSTEM.personnel(Filled(values, {"token": TOKEN}), vault, limits_for_trials())


def test_everybody_is_pulled_sealed(server: ScimServer) -> None:
    """With hire date, payroll number, jobs and pay rates; personal data is in no record and no capture."""
    vault = MemoryVault()
    pulled = source(server, vault).pull(PullRequest("main", "hr"))
    assert pulled.way == "whole"
    assert set(pulled.employees) == set(server.ids.values())
    ann = pulled.employees[server.ids["Ann Bell"]]
    assert (ann.payroll_id, ann.hire_date, ann.person) == ("17", "2020-02-03", f"hr::{ann.id}")
    assert [(job.id, job.name, str(job.rate)) for job in ann.jobs] == [("1", "Server", "9.50")]
    sealed = {name: getattr(ann, name) for name in ("first_name", "last_name", "email", "date_of_birth", "ssn")}
    assert tuple(vault.open("main", ann.person, sealed).values()) == PERSONAL[:3] + PERSONAL[3:]
    assert pulled.capture is not None
    written = b"".join(page.data for page in pulled.capture.pages) + repr(pulled.employees).encode()
    assert not any(text.encode() in written for text in PERSONAL)
    again = source(server, vault).pull(PullRequest("main", "hr"))
    assert again.capture is not None
    assert again.capture.digest == pulled.capture.digest


def test_only_who_changed_is_pulled(server: ScimServer) -> None:
    """Since the watermark and a little before it; of a time to come nobody."""
    vault = MemoryVault()
    whole = source(server, vault).pull(PullRequest("main", "hr"))
    later = source(server, vault).pull(PullRequest("main", "hr", since=whole.watermark))
    assert (later.way, set(later.employees)) == ("incremental", set(whole.employees))
    nobody = source(server, vault).pull(PullRequest("main", "hr", since="2099-01-01T00:00:00Z"))
    assert (nobody.way, nobody.employees, nobody.capture, nobody.watermark) == ("incremental", {}, None, "")


def test_who_is_not_listed_is_asked_for(server: ScimServer) -> None:
    """One by one: who is gone is gone, and nobody is made up."""
    known = frozenset({*server.ids.values(), "gone"})
    pulled = source(server, MemoryVault()).pull(PullRequest("main", "hr", known=known))
    assert set(pulled.employees) == set(server.ids.values())


def test_who_cannot_be_read_is_told_by_id(server: ScimServer) -> None:
    """So that somebody can look at the HR system; the message has nothing else of them."""
    odd = server.add("Odd Jobs", jobs=(("1", "Server", "9.50"), ("1", "Host", "9.50")))
    with pytest.raises(SourceFailure) as refused:
        source(server, MemoryVault()).pull(PullRequest("main", "hr"))
    server.remove("Odd Jobs")
    assert refused.value.failure == "malformed"
    assert refused.value.message.startswith(f"The user {odd!r} cannot be read: ")
    assert not [word for word in ("Odd", "Server", "9.5") if word in refused.value.message]


def test_an_extension_that_the_service_does_not_have_is_told(server: ScimServer) -> None:
    """When credentials are tried, before anything is connected."""
    filled = Filled({"environment": server.url, "extension": "urn:nothing"}, {"token": TOKEN})
    with pytest.raises(SourceFailure, match="URN"):
        SYSTEM.examine(filled, limits_for_trials())
    fine = Filled({"environment": server.url, "extension": EXTENSION.upper()}, {"token": TOKEN})
    assert [company.name for company in SYSTEM.examine(fine, limits_for_trials()).companies] == ["127.0.0.1"]


def test_a_service_without_filters_is_read_whole() -> None:
    """Nobody is left out for it."""
    with scim_server(filters=False) as plain:
        plain.add("Ann Bell")
        pulled = source(plain, MemoryVault()).pull(PullRequest("main", "hr", since="2026-11-02T00:00:00Z"))
        assert (pulled.way, len(pulled.employees)) == ("whole", 1)


def test_it_has_no_business_days() -> None:
    """Whoever asks for one is told so."""
    assert isinstance(SYSTEM, PersonnelSystem)
    with pytest.raises(SourceFailure):
        SYSTEM.read(Capture("scim", 1, {}, ()), DAY.window)


class Answers(httpx.BaseTransport):
    """A service that answers these, in turn; the last one again and again."""

    def __init__(self, *answers: httpx.Response) -> None:
        self.answers = list(answers)
        self.asked: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The next one."""
        self.asked.append(request)
        given = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return httpx.Response(given.status_code, headers=given.headers, stream=httpx.ByteStream(given.content))


def answered(status: int, content: Any = None, headers: Mapping[str, str] | None = None) -> httpx.Response:
    """An answer of SCIM."""
    made = httpx.Response(status, json={} if content is None else content)
    kept = {"content-type": "application/scim+json", **(headers or {})}
    return httpx.Response(status, content=made.content, headers=kept)


def caller(transport: httpx.BaseTransport, slept: list[float], **bounds: Any) -> Caller:
    """Asks such a service, and only notes when it would sleep."""
    timing = Timing(slept.append, lambda: 0.0, lambda: dt.datetime(2026, 11, 2, tzinfo=dt.UTC), lambda: 0.5)
    return Caller(httpx.Client(transport=transport), "https://hr.example.com", Limits(**bounds), timing)


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (answered(401), "not-authorized"),
        (answered(403), "forbidden"),
        (answered(302), "redirected"),
        (answered(418), "unexpected-answer"),
        (httpx.Response(200, content=b"<html>", headers={"content-type": "text/html"}), "unexpected-answer"),
        (answered(200, []), "malformed"),
        (answered(404), "bad-endpoint"),
        (answered(400), "bad-request"),
    ],
)
def test_what_does_not_go_away_is_not_tried_again(answer: httpx.Response, failure: str) -> None:
    """A failure of its kind at once."""
    service, slept = Answers(answer), list[float]()
    with pytest.raises(SourceFailure) as refused:
        caller(service, slept).need("Users")
    assert (refused.value.failure, len(service.asked), slept) == (failure, 1, [])


def test_what_goes_away_is_tried_again() -> None:
    """After what the service asks for and a little more, or after pauses that grow."""
    service = Answers(answered(429, headers={"retry-after": "7"}), answered(503), answered(200, {"a": 1}))
    slept: list[float] = []
    assert caller(service, slept).need("Users") == {"a": 1}
    assert slept == [7.25, 0.5]


def test_it_gives_up() -> None:
    """After the last attempt, or where the wait is longer than the pull may last; then it says when again."""
    service, slept = Answers(answered(500)), list[float]()
    with pytest.raises(SourceFailure) as refused:
        caller(service, slept, attempts=3).need("Users")
    assert (refused.value.failure, len(service.asked), refused.value.retry_at) == ("unavailable", 3, None)
    patient = Answers(answered(429, headers={"retry-after": "9000"}))
    with pytest.raises(SourceFailure) as later:
        caller(patient, slept).need("Users")
    assert later.value.retry_at == dt.datetime(2026, 11, 2, 2, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("3", 3.0),
        ("Mon, 02 Nov 2026 00:00:09 GMT", 9.0),
        ("", None),
        ("soon", None),
        ("Mon, 02 Nov 2020 00:00:09 GMT", 0),
    ],
)
def test_how_long_to_wait(text: str, seconds: float | None) -> None:
    """As a number or as a date."""
    assert told_wait({"retry-after": text}, dt.datetime(2026, 11, 2, tzinfo=dt.UTC)) == seconds
