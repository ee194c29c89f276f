"""What a target is tried with: a system that is being served, effects that it takes, and faults that can be armed."""

import datetime as dt
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, get_args

import msgspec

from adapters.conformance.trying import hold, limits_for_trials
from adapters.forms import fill
from domain.forms import Filled
from domain.outward import RecordDocument, ScheduleDocument
from domain.ports.source import System
from domain.ports.target import Done, Effect, OutcomeUncertain, Target, TargetFailure, WritableSystem

Fault = Literal[
    "silent",  # it does what it was told, and never answers
    "cut",  # it does it, and hangs up in the middle of the answer
    "gateway",  # it does it, and a gateway in between answers 5xx
    "too-many",  # it does nothing, and answers 429 with `Retry-After: 7`
]
"""What can go wrong with the next request that is to change something."""

FAULTS: Final[tuple[Fault, ...]] = get_args(Fault)

LOST: Final[tuple[Fault, ...]] = ("silent", "cut", "gateway")
"""Faults after which the effect is there."""

RETRY_AFTER_SECONDS: Final = 7
"""What ``too-many`` asks for."""


@dataclass(frozen=True, slots=True)
class TargetTrial:
    """A system that is being served on this machine, and what is known of it.

    Attributes:
        values: the system's form, filled in with credentials that it accepts.
        wrong: secrets that it does not accept, by field.
        effects: what it takes and does not have, ``create`` only: one of each type at least, entries first. Records of
            people come last, and have personal data.
        refused: what it understands and does not take, for example an entry on an account that it does not have.
        standing: how often an effect stands at the other side; of a record, whether it is there just so.
        requests: how many requests arrived.
        fault: arms a fault for the next request that is to change something, and takes back what was not used; after
            the block what the request was to do has been done.
        open_date: a date in an open period, ``YYYY-MM-DD``.
        patience_seconds: for an answer, where a fault keeps it back.
    """

    values: Mapping[str, Any]
    wrong: Mapping[str, str]
    effects: tuple[Effect, ...]
    refused: tuple[Effect, ...]
    standing: Callable[[Effect], int]
    requests: Callable[[], int]
    fault: Callable[[Fault], AbstractContextManager[None]]
    open_date: str
    patience_seconds: float = 0.7


class Trying:
    """What the parts of the suite share."""

    def system(self) -> System:
        """The system that is tried."""
        raise NotImplementedError

    def target_trial(self) -> AbstractContextManager[TargetTrial]:
        """The system that is being served, without any of the effects."""
        raise NotImplementedError

    def writable(self) -> WritableSystem:
        """The system, as one that objects are written to."""
        system = self.system()
        if not isinstance(system, WritableSystem):
            raise AssertionError("A system that objects are written to has a target.")
        return system

    def filled(self, values: Mapping[str, Any]) -> Filled:
        """The form, filled in."""
        return fill(self.system().profile.form, values)

    @contextmanager
    def target(self, trial: TargetTrial, **bounds: Any) -> Iterator[Target]:
        """A target for a trial."""
        with closing(self.writable().target(self.filled(trial.values), limits_for_trials(**bounds))) as target:
            yield target


def secrets_of(filled: Filled) -> tuple[str, ...]:
    """Every secret of a form."""
    return tuple(filled.secrets.values())


def soon() -> dt.datetime:
    """A moment that is not reached."""
    return dt.datetime.now(dt.UTC) + dt.timedelta(seconds=60)


def another(effect: Effect, number: int) -> Effect:
    """The same effect on another object."""
    key, _, version = effect.reference.rpartition(":v")
    document = effect.document
    if isinstance(document, RecordDocument):
        document = msgspec.structs.replace(document, id=f"{document.id}{number}")
    if isinstance(document, ScheduleDocument):
        document = msgspec.structs.replace(document, location=f"{document.location}{number}")
    return replace(effect, key=f"{key}.{number}", reference=f"{key}.{number}:v{version}", document=document)


def is_found(found: Done | None, done: Done, effect: Effect) -> None:
    """An effect is answered as found, under the id that it was written under.

    Raises:
        AssertionError: it is not.
    """
    if found is None or not found.found:
        raise AssertionError(f"{effect.reference} is answered as found.")
    hold(found.external_id == done.external_id, f"{effect.reference} is found under the id that it has.")


def outcome_of(action: Callable[[], object]) -> str:
    """All that an action says: what it answers, or what it fails with."""
    try:
        return repr(action())
    except (TargetFailure, OutcomeUncertain) as failure:
        return f"{failure!r} {failure} {failure.message}"


@contextmanager
def closed_port() -> Iterator[int]:
    """A port of this machine at which nobody listens."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as bound:
        bound.bind(("127.0.0.1", 0))
        yield int(bound.getsockname()[1])
