"""Requests about the life of a connection: once for each key, on the revision that was seen, and told in one way."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import Depends, Header, Path
from starlette.responses import Response

from api.composition import OpenHouse
from api.connections import connection_id, existing
from api.http.answering import Acting, Opened, Reading, answer, versioned
from api.http.deciding import intended, seen_of
from api.http.documents import documented
from api.http.parameters import IdempotencyKey
from api.lives import plain_change
from domain.commands.changing import Changed
from domain.commands.intent import Intent
from domain.commands.loading import load_connection
from domain.commands.stewarding import OnConnection, permit
from domain.connection import Connection
from domain.identifiers import ConnectionId
from domain.permissions import Principal

ConnectionPath = Annotated[str, Path(description="The id of a connection.", examples=["books"])]
IfMatch = Annotated[
    str | None, Header(max_length=2000, description="Only if the connection is at this revision (412 otherwise).")
]

_PROBLEMS: Final = (400, 403, 404, 408, 409, 412, 413, 415, 422, 503)
_HEADERS: Final = ["Daybook-Position", "ETag", "Idempotent-Replayed"]
DONE: Final = documented({200: "Where it stands now."}, *_PROBLEMS, headers=_HEADERS)

Deed = Callable[[Intent, int | None], tuple[Changed, dict[str, Any]]]
"""What a request asks for, by whom and on which revision; answers the change, and what else there is to tell."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request about the life of a connection.

    Attributes:
        opened: the running daybook.
        connection: the id that was given.
        who: asks.
        if_match: the revision that they saw.
        key: by which the request may be repeated.
    """

    opened: OpenHouse
    connection: str
    who: Principal
    if_match: str | None
    key: str | None

    @property
    def named(self) -> ConnectionId:
        """The connection.

        Raises:
            BadIdentifier: the id cannot be one.
        """
        return connection_id(self.who.client, self.connection)

    def done(self, reason: str, deed: Deed, status: int = 200, *, steward: bool = False) -> Response:
        """Do what it asks for; see :func:`done`."""
        headers = self.if_match, self.key
        return done(self.opened, self.named, self.who, reason, headers, deed, status, steward=steward)


async def _asked(
    connection: ConnectionPath,
    opened: Opened,
    who: Acting,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Asked:
    return Asked(opened, connection, who, if_match, idempotency_key)


AskedOf = Annotated[Asked, Depends(_asked)]
"""What every request about the life of a connection brings beside its body."""


def made(model: Any, meaning: str) -> dict[int | str, dict[str, Any]]:
    """The ``responses`` of a route that makes something."""
    return documented({201: meaning}, *_PROBLEMS, headers=[*_HEADERS, "Location"], model=model)


def done(
    opened: OpenHouse,
    named: ConnectionId,
    who: Principal,
    reason: str,
    headers: tuple[str | None, str | None],
    deed: Deed,
    status: int = 200,
    *,
    steward: bool = False,
) -> Response:
    """Do what a request asks for, once for each idempotency key, and tell what came of it.

    Args:
        opened: the running daybook.
        named: the connection.
        who: asks.
        reason: why.
        headers: If-Match and Idempotency-Key.
        deed: what is done.
        status: of the answer.
        steward: whoever looks after the client may as well.
    """
    if_match, key = headers
    with intended(who, reason, key) as intent:
        asked = OnConnection(named, intent)
        seen = seen_of(opened, named.client, intent, if_match, lambda: _revision(opened, asked, steward), "connection")
        changed, beside = deed(intent, seen)
    if opened.projector is not None:
        opened.projector.wake()
    told = versioned(changed.after.life.revision)
    if status == 201:
        told["Location"] = f"/v1/connections/{named.connection}"
    if changed.again:
        told["Idempotent-Replayed"] = "true"
    content = {**plain_change(named.connection, changed), **beside, "command": intent.command}
    position = None if changed.receipt is None else changed.receipt.position
    return answer(content, position=position, status=status, headers=told)


def _revision(opened: OpenHouse, asked: OnConnection, steward: bool) -> int:
    """The revision, for those alone who may change the connection: others learn nothing of it."""
    known = load_connection(opened.journal, asked.connection)
    permit(asked, opened.house, known, steward=steward)
    return known.life.revision


def others(opened: OpenHouse, named: ConnectionId) -> dict[str, Connection]:
    """The client's other connections, with whatever was recorded up to now."""
    Reading(opened, named.client, least=opened.journal.head()).begin()
    return existing(opened, named.client, without=named.connection)
