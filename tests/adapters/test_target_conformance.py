"""The suite of targets: one in memory passes, and each that is careless in one way is found."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec
import pytest
import structlog

from adapters.conformance import TargetConformance, TargetTrial
from adapters.conformance.targets import Fault
from adapters.http import base_address, gate
from domain.facts.objects import ObjectType
from domain.forms import ENVIRONMENT, Filled
from domain.outward import EntryDocument, RecordDocument
from domain.ports.source import DEFAULT_LIMITS, Limits, System
from domain.ports.systems import Profile
from domain.ports.target import Done, Effect, OutcomeUncertain, TargetFailure
from tests.support.intacct import entry, record
from tests.support.scripted import PROFILE, Scripted

PORT: Final = 4711
LOST: Final = frozenset({"silent", "cut", "gateway"})


@dataclass
class Ledger(Scripted):
    """A system of books in memory.

    Attributes:
        entries: by reference; what is there twice is there twice.
        records: by type and id.
        armed: the fault of the next change.
        asked: how often it was asked.
    """

    profile: Profile = field(
        default_factory=lambda: replace(PROFILE, kind="erp", capabilities=frozenset({"journal-entries", "master-data"}))
    )
    entries: list[tuple[str, str]] = field(default_factory=list)
    records: dict[tuple[str, str], tuple[Effect, str]] = field(default_factory=dict)
    armed: Fault | None = None
    asked: int = 0

    @property
    def takes(self) -> frozenset[ObjectType]:
        """Two types."""
        return frozenset({"sales-entry", "employee"})

    def target(self, filled: Filled, limits: Limits = DEFAULT_LIMITS) -> "LedgerTarget":
        """A target."""
        base_address(filled.environment, gate("ledger", ("*",), limits.reach))
        return LedgerTarget(self, filled)

    def standing(self, effect: Effect) -> int:
        """How often an effect is there."""
        if isinstance(effect.document, EntryDocument):
            return sum(1 for reference, _ in self.entries if reference == effect.reference)
        found = (
            self.records.get((effect.type, effect.document.id)) if isinstance(effect.document, RecordDocument) else None
        )
        return int(found is not None and found[0].document == effect.document)

    @contextmanager
    def fault(self, name: Fault) -> Iterator[None]:
        """Arm a fault."""
        self.armed = name
        yield
        self.armed = None


class LedgerTarget:
    """The target of a ledger, with the one way in which it is careless."""

    flaw = ""

    def __init__(self, ledger: Ledger, filled: Filled) -> None:
        self._ledger = ledger
        self._key = filled.secret
        self._port = urlsplit(filled.environment).port

    def __repr__(self) -> str:
        return f"LedgerTarget({self._key if self.flaw == 'repr' else ''})"

    def close(self) -> None:
        """Nothing to give back."""

    def write(self, effect: Effect, until: dt.datetime) -> Done:
        """Write once."""
        self._check(effect)
        self._ask(until)
        found = self._found(effect)
        if found is not None and self.flaw != "twice":
            return found
        if self.flaw == "words":
            structlog.get_logger().info("sent", key=self._key, effect=effect.opened)
        if effect.document in REFUSED and self.flaw != "takes anything":
            kind = "unavailable" if self.flaw == "again" else "rejected"
            raise TargetFailure(kind, "It does not take it.")  # type: ignore[arg-type]
        fault = self._ledger.armed
        if fault == "too-many" and self.flaw != "no time":
            raise TargetFailure("rate-limited", "Too many.", retry_at=dt.datetime.now(dt.UTC) + dt.timedelta(seconds=8))
        if fault == "too-many":
            raise TargetFailure("rate-limited", "Too many.")
        done = self._put(effect)
        if fault in LOST:
            if self.flaw == "sure":
                raise TargetFailure("unavailable", "No answer.")
            raise OutcomeUncertain("No answer.")
        return done

    def look_up(self, effect: Effect, until: dt.datetime) -> Done | None:
        """Look up."""
        self._ask(until)
        return None if self.flaw == "blind" else self._found(effect)

    def _check(self, effect: Effect) -> None:
        if effect.type not in {"sales-entry", "employee"}:
            raise TargetFailure("not-taken", "It does not take it.")
        if isinstance(effect.document, EntryDocument) and self.flaw != "unbalanced":
            if not all(line.account for line in effect.document.lines):
                raise TargetFailure("unmapped", "A line has no account.")
            if sum(line.cents for line in effect.document.lines):
                raise TargetFailure("rejected", "It does not balance.")

    def _ask(self, until: dt.datetime) -> None:
        if until <= dt.datetime.now(dt.UTC) and self.flaw != "late":
            raise TargetFailure("connection-failed", "Too late.")
        if self._port != PORT:
            raise TargetFailure("bad-endpoint" if self.flaw == "gone" else "connection-failed", "Nobody is there.")
        self._ledger.asked += 1
        if self._key != "good" and self.flaw != "open":
            raise TargetFailure("not-authorized", "Who is it?")

    def _found(self, effect: Effect) -> Done | None:
        if isinstance(effect.document, EntryDocument):
            found = [id_ for reference, id_ in self._ledger.entries if reference == effect.reference]
            return Done(found[0], found=True) if found else None
        if self._ledger.standing(effect) or (self.flaw == "stale" and self._ledger.records):
            return Done(effect.document.id if isinstance(effect.document, RecordDocument) else "", found=True)
        return None

    def _put(self, effect: Effect) -> Done:
        if isinstance(effect.document, RecordDocument):
            self._ledger.records[effect.type, effect.document.id] = (effect, effect.document.id)
            return Done(effect.document.id)
        id_ = str(len(self._ledger.entries) + 1)
        self._ledger.entries.append((effect.reference, id_))
        return Done(id_)


REFUSED: Final = (entry(date="2026-11-24").document,)
ANNA: Final = {"first_name": "Annazq"}


class TestLedger(TargetConformance):
    """The ledger in memory."""

    made: type[Ledger] = Ledger

    def system(self) -> System:
        """A ledger."""
        if not hasattr(self, "_ledger"):
            self._ledger = self.made()
        return self._ledger

    @contextmanager
    def target_trial(self) -> Iterator[TargetTrial]:
        """A ledger that has nothing."""
        self._ledger = ledger = self.made()
        yield TargetTrial(
            {ENVIRONMENT: f"http://127.0.0.1:{PORT}", "key": "good"},
            {"key": "wr0ng"},
            (entry(), record("employee", "S1", opened=ANNA)),
            (entry(date="2026-11-24"),),
            ledger.standing,
            lambda: ledger.asked,
            ledger.fault,
            "2026-12-01",
        )


FLAWS: list[tuple[str, str, str]] = [
    ("repr", "test_making_a_target_sends_nothing", "shows no secret"),
    ("blind", "test_what_is_written_is_there", "answered as found"),
    ("twice", "test_the_same_reference_is_one_effect", "answered as found"),
    ("twice", "test_an_entry_can_be_taken_back", "answered as found"),
    ("stale", "test_a_record_can_be_changed", "not there"),
    ("takes anything", "test_what_is_refused_is_not_there", "is a failure"),
    ("again", "test_what_is_refused_is_not_there", "does not help"),
    ("sure", "test_what_was_sent_and_not_answered_is_uncertain", "uncertain"),
    ("gone", "test_what_was_not_sent_is_a_failure", "connection-failed"),
    ("no time", "test_too_many_requests", "when to come again"),
    ("late", "test_nothing_is_sent_too_late", "is a failure"),
    ("unbalanced", "test_what_cannot_be_right_is_not_sent", "is a failure"),
    ("open", "test_wrong_credentials_write_nothing", "is a failure"),
    ("words", "test_nothing_private_is_said", "shown nowhere"),
]


@pytest.mark.parametrize(("flaw", "test", "sentence"), FLAWS)
def test_the_suite_finds_what_is_careless(flaw: str, test: str, sentence: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What does not hold is said in a sentence."""
    monkeypatch.setattr(LedgerTarget, "flaw", flaw)
    with pytest.raises(AssertionError, match=sentence):
        getattr(TestLedger(), test)()


def test_the_suite_asks_for_a_target() -> None:
    """A system that is not made to be written to is told so."""

    class Tried(TestLedger):
        def system(self) -> Any:
            return Scripted()

    with pytest.raises(AssertionError, match="has a target"):
        Tried().test_it_can_be_written_to()


def test_documents_are_compared_whole() -> None:
    """A ledger that has another version of a record does not have this one."""
    ledger, effect = Ledger(), record("employee", "S1")
    ledger.records["employee", "S1"] = (effect, "S1")
    other = replace(effect, document=msgspec.structs.replace(effect.document, active=False))
    assert (ledger.standing(effect), ledger.standing(other)) == (1, 0)
