"""Examine a system: really call it with what was filled into its form, and say what came of it. Records nothing."""

from dataclasses import dataclass, replace
from typing import Final

from domain.commands.intent import Intent
from domain.forms import Filled
from domain.ports.house import House
from domain.ports.source import BadEndpoint, Limits, SourceFailure
from domain.ports.systems import Examination, permission_for
from domain.refusals import Refusal

_SECONDS: Final = 30.0
_ANSWER_SECONDS: Final = 15.0
_ATTEMPTS: Final = 2


class NothingToExamine(Refusal):
    """The system brings its days to daybook: there are no credentials that could be tested."""


@dataclass(frozen=True, slots=True)
class ExamineSystem:
    """Examine a system with credentials.

    Attributes:
        client: whom the connection would be for.
        system: key of the catalogue.
        filled: the form, checked.
        intent: who wants it.
    """

    client: str
    system: str
    filled: Filled
    intent: Intent


@dataclass(frozen=True, slots=True)
class Examined:
    """What came of an examination.

    Attributes:
        filled: what it was made with, what the operator supplies included.
        examination: what the credentials see; None where the source did not accept them, or did not answer.
        failure: why not.
    """

    filled: Filled
    examination: Examination | None = None
    failure: SourceFailure | None = None


def examine_system(command: ExamineSystem, house: House) -> Examined:
    """Call the source within half a minute; a refusal of it is an answer, not an error.

    Raises:
        NotPermitted: they may not connect systems of this kind.
        UnknownSystem: it is not in this installation.
        NothingToExamine: it is never called.
    """
    system = house.system(command.system)
    house.permit(command.intent.asks(permission_for(system.profile.kind), command.client))
    if system.pushes:
        raise NothingToExamine(
            f"The system {command.system!r} brings its days to daybook: there are no credentials to test."
        )
    filled = house.completed(command.system, command.filled)
    try:
        return Examined(filled, system.examine(filled, hasty(house.limits)))
    except SourceFailure as failure:
        return Examined(filled, failure=failure)
    except BadEndpoint as refusal:
        return Examined(filled, failure=SourceFailure("bad-endpoint", str(refusal)))


def hasty(limits: Limits) -> Limits:
    """The same limits for somebody who waits for the answer."""
    return replace(
        limits,
        attempts=min(limits.attempts, _ATTEMPTS),
        request_timeout=min(limits.request_timeout, _ANSWER_SECONDS),
        fetch_timeout=min(limits.fetch_timeout, _SECONDS),
        longest_pause=min(limits.longest_pause, 2.0),
    )
