"""Requests that decide something: who wants it and why, and once for each idempotency key."""

from collections.abc import Iterator
from contextlib import contextmanager

from structlog.contextvars import get_contextvars

from api import days
from api.http.answering import ACTOR
from api.http.idempotency import IN_USE, command_id
from api.refusals import KeyReused
from domain.commands.changing import CommandReused
from domain.commands.intent import Intent, new_id
from domain.permissions import Role


@contextmanager
def intended(client: str, reason: str, idempotency_key: str | None, role: Role) -> Iterator[Intent]:
    """Who wants it and why; with a key, alone at it in this process.

    Raises:
        BadReason, BadIdempotencyKey: what was given does not fit.
        KeyInUse: a request with this key is being worked on.
        KeyReused: the key was used for another request.
    """
    request = str(get_contextvars().get("request", ""))
    checked = days.checked_reason(reason)
    if idempotency_key is None:
        yield Intent(ACTOR, checked, new_id(), correlation=request, role=role)
        return
    command = command_id(idempotency_key)
    with IN_USE.held(client, command):
        try:
            yield Intent(ACTOR, checked, command, correlation=request, role=role)
        except CommandReused:
            raise KeyReused(
                "The Idempotency-Key was used before for another request: use a new one for this one."
            ) from None
