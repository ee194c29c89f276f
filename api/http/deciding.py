"""Requests that decide something: who wants it and why, and once for each idempotency key."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from structlog.contextvars import get_contextvars

from api import days
from api.composition import OpenHouse
from api.http.answering import versioned
from api.http.etags import expected_version
from api.http.idempotency import IN_USE, command_id
from api.refusals import KeyReused
from domain.commands.changing import CommandReused
from domain.commands.intent import Intent, new_id
from domain.commands.loading import load_day
from domain.identifiers import DayId
from domain.permissions import Principal
from domain.ports.journal import Receipt


@contextmanager
def intended(who: Principal, reason: str, idempotency_key: str | None) -> Iterator[Intent]:
    """Who wants it and why; with a key, alone at it in this process.

    Raises:
        BadReason, BadIdempotencyKey: what was given does not fit.
        KeyInUse: a request with this key is being worked on.
        KeyReused: the key was used for another request.
    """
    request = str(get_contextvars().get("request", ""))
    checked = days.checked_reason(reason)
    if idempotency_key is None:
        yield Intent(who.actor, checked, new_id(), correlation=request, rights=who.rights)
        return
    command = command_id(idempotency_key)
    with IN_USE.held(who.client, command):
        try:
            yield Intent(who.actor, checked, command, correlation=request, rights=who.rights)
        except CommandReused:
            raise KeyReused(
                "The Idempotency-Key was used before for another request: use a new one for this one."
            ) from None


def seen_version(opened: OpenHouse, day: DayId, intent: Intent, if_match: str | None) -> int | None:
    """The version of a day that the caller saw; see :func:`seen_of`."""
    return seen_of(opened, day.client, intent, if_match, lambda: load_day(opened.journal, day).version)


def seen_of(
    opened: OpenHouse, client: str, intent: Intent, if_match: str | None, version: Callable[[], int], what: str = "day"
) -> int | None:
    """The version that the caller saw, by If-Match; None where they do not say, or where the command is recorded.

    What was recorded before is answered, whatever the version is now: a request that is repeated brings the version
    that it saw at first. The version is asked for before, so that nobody records the command between the two.

    Args:
        opened: the running daybook.
        client: whose the command is.
        intent: of the command.
        if_match: the header.
        version: asks for the version now, 0 where there is none.
        what: whose version it is, for the message.

    Raises:
        BadVersion: the header holds no entity tags.
        NotTheVersion: none of them is the current one.
    """
    if if_match is None:
        return None
    now = version()
    if opened.journal.receipt(client, intent.command):
        return None
    return expected_version(if_match, now, what)


def told_headers(opened: OpenHouse, version: int, receipt: Receipt | None, *, again: bool) -> dict[str, str]:
    """The headers that tell what came of a decision about a day; the views are woken to take it in.

    Args:
        opened: the running daybook.
        version: of the day's stream now.
        receipt: where it is recorded; None where nothing is.
        again: it was recorded before, and is only answered now.
    """
    if opened.projector is not None:
        opened.projector.wake()
    headers = versioned(version)
    if receipt is not None:
        headers["Daybook-Position"] = str(receipt.position)
    if again:
        headers["Idempotent-Replayed"] = "true"
    return headers
