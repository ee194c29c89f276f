"""Our own systems pass the suite that every adapter passes, and the suite finds those that should not."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Any, Final

import pytest

from adapters import files
from adapters.conformance import SystemConformance, Trial, TrialVault
from adapters.conformance.trying import refused
from adapters.pos import tray
from adapters.pos.tray.simulator import TrayPos, TrayPosSettings, running, some_venues
from domain.business_date import Window, window
from domain.ports.captures import Capture
from domain.ports.source import BadEndpoint, DayRequest, System
from domain.ports.systems import Profile
from domain.ports.vault import PersonForgotten
from domain.refusals import NotFound
from tests.adapters.files.assembling.build import DAY, captured, paid, sale
from tests.support.scripted import Scripted

SETTINGS: Final = TrayPosSettings(venues=some_venues(2), tickets=5, staff=4)


class TestTray(SystemConformance):
    """Tray, against the simulated POS."""

    def system(self) -> System:
        """Tray."""
        return tray.SYSTEM

    @contextmanager
    def trial(self) -> Iterator[Trial]:
        """A POS of two venues."""
        with running(TrayPos(SETTINGS)) as served:
            day = window(SETTINGS.last, "America/New_York")
            people = served.pos.book("V100").people.values()
            yield Trial(
                {"environment": served.url, "api_key": "tray-key-one"},
                {"api_key": "wr0ng-key"},
                DayRequest("main", "tray", "pier", day, {"venue": "V100"}),
                tuple(value for person in people for value in (person.ssn, person.email, person.address) if value),
            )


class TestFiles(SystemConformance):
    """Import files, with a capture of what an import reads."""

    def system(self) -> System:
        """Import files."""
        return files.SYSTEM

    def trial(self) -> AbstractContextManager[Trial]:
        """There is nothing to call."""
        raise AssertionError

    def captured(self) -> tuple[Capture, Window]:
        """A day with a ticket."""
        return captured(sales_detail=[sale()], payments=[paid("10.00")]), DAY


def erring(**fields: Any) -> Scripted:
    """A system whose profile is not in order."""
    plain = Profile(
        kind="pos",
        summary="Days.",
        capabilities=frozenset({"polls", "companies"}),
        hosts=("*",),
        identity="the answer",
        form=Scripted().profile.form,
    )
    return Scripted(profile=replace(plain, **fields))


ODD: Final = {"type": "string", "title": "A", "pattern": "^a$"}

ERRORS: list[tuple[str, Scripted, str]] = [
    ("test_its_profile_has_known_words", erring(kind="shop"), "kind"),
    ("test_its_profile_has_known_words", erring(capabilities=frozenset({"flies"})), "Capabilities"),
    ("test_its_profile_has_known_words", erring(capabilities=frozenset({"pushes"})), "pushes"),
    ("test_its_profile_has_known_words", erring(identity=""), "company"),
    ("test_its_profile_has_known_words", erring(help_url="http://x"), "help link"),
    ("test_its_bounds_are_bounds", erring(hosts=()), "hosts"),
    ("test_its_bounds_are_bounds", erring(renewal_days=0), "grant"),
    ("test_its_form_is_one", erring(form={"type": "object", "properties": {}}), "refused"),
    (
        "test_its_form_is_one",
        erring(form={"type": "object", "properties": {"a": ODD}, "additionalProperties": False}),
        "hint",
    ),
    ("test_its_options_exist", Scripted(default_options={"fly": True}), "options"),
    ("test_it_has_a_permanent_name", Scripted(title=" "), "title"),
]


@pytest.mark.parametrize(("test", "system", "sentence"), ERRORS, ids=[f"{row[0]}-{row[2]}" for row in ERRORS])
def test_the_suite_finds_what_is_not_in_order(test: str, system: Scripted, sentence: str) -> None:
    """What does not hold is said in a sentence."""

    class Tried(SystemConformance):
        def system(self) -> System:
            return system

    with pytest.raises(AssertionError, match=sentence):
        getattr(Tried(), test)()


class Leaky(Scripted):
    """A source that shows secrets, keeps people in clear, takes any address, and calls it at once."""

    def connect(self, *arguments: Any) -> "Leaky":
        """Whatever the address is."""
        assert arguments
        return self

    def __repr__(self) -> str:
        return "Leaky(s3cret)"


class Leaking(SystemConformance):
    """Tries the leaky source."""

    def system(self) -> System:
        """The leaky one."""
        found = Leaky()
        day = window(SETTINGS.last, "UTC")
        found.says(day.date)
        return found

    @contextmanager
    def trial(self) -> Iterator[Trial]:
        """Nothing is served: it would not call it anyway."""
        request = DayRequest("main", "x", "pier", window(SETTINGS.last, "UTC"), {"venue": "Anna"})
        yield Trial({"environment": "http://127.0.0.1:1", "key": "s3cret"}, {"key": "wrong"}, request, ("Anna",))


@pytest.mark.parametrize(
    ("test", "sentence"),
    [
        ("test_connecting_sends_nothing", "shows no secret"),
        ("test_addresses_inside_are_refused", "is refused"),
        ("test_names_that_lead_inside_are_not_called", "It is a failure"),
        ("test_secrets_that_cannot_be_sent_are_not_shown", "is refused"),
        ("test_credentials_that_are_wrong", "Wrong credentials are refused"),
        ("test_people_are_sealed", "Personal data is sealed"),
    ],
)
def test_the_suite_finds_leaks(test: str, sentence: str) -> None:
    """An adapter that is careless with secrets, people or addresses does not pass."""
    with pytest.raises(AssertionError, match=sentence):
        getattr(Leaking(), test)()


def test_the_vault_of_trials() -> None:
    """It seals and opens as the real one, and everybody can be forgotten."""
    vault = TrialVault()
    sealed = vault.seal("main", "anna", {"first_name": "Anna", "email": ""})
    assert sealed == vault.seal("main", "anna", {"first_name": "Anna", "email": ""})
    assert sealed["email"] == ""
    assert vault.open("main", "anna", sealed) == {"first_name": "Anna", "email": ""}
    assert len(vault.keep_secret("main", "x", "y")) == 12
    refused(NotFound, lambda: vault.secret("main", "x"), "there is none")
    assert vault.forget("main", "anna")
    for action in (vault.seal, vault.open):
        refused(PersonForgotten, lambda action=action: action("main", "anna", sealed), "forgotten")  # type: ignore[misc]
    with pytest.raises(AssertionError, match="nothing"):
        refused(BadEndpoint, lambda: None, "nothing was refused")
