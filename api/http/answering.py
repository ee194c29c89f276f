"""What every route shares: whose data, how fresh, and how an answer is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

import msgspec
from fastapi import Depends, Header, Query, Request
from starlette.responses import Response

from api.composition import OpenHouse
from api.http.door import principal_in
from api.http.etags import etag, not_modified
from api.refusals import NotSignedIn, ProjectionBehind
from domain.permissions import Principal, Role, rights_of
from projections import queries

LAST_POSITION: Final = 2**63 - 1
"""Positions are 64-bit; larger numbers are refused before a database sees them."""

ACTOR: Final = "api:anonymous"
"""Who the API says did it, where access is open and nobody said who they are."""

_ENCODE: Final = msgspec.json.Encoder(decimal_format="string").encode


def house_of(request: Request) -> OpenHouse:
    """The running daybook that the application serves."""
    opened: OpenHouse = request.app.state.opened
    return opened


# Not `def`: the framework would send each of them through its threads.
async def _house(request: Request) -> OpenHouse:
    return house_of(request)


async def principal_of(
    request: Request,
    daybook_role: Annotated[
        Role | None,
        Header(
            description="The role in which a request acts that nobody signed in for; only where `DAYBOOK_ACCESS` is "
            "`open`. Without it that of `DAYBOOK_ROLE`."
        ),
    ] = None,
) -> Principal:
    """Who acts. Whose data a request is about follows from it and from nothing else."""
    who = principal_in(request.scope)
    if who is not None:
        return who
    settings = house_of(request).settings
    if settings.access != "open":
        raise NotSignedIn("Nobody says who asks.")
    return Principal(ACTOR, settings.client, rights_of(daybook_role or settings.role))


Acting = Annotated[Principal, Depends(principal_of)]


async def _client(who: Acting) -> str:
    return who.client


async def _opened(request: Request, who: Acting) -> OpenHouse:
    return house_of(request).only(who.client)


Opened = Annotated[OpenHouse, Depends(_opened)]
"""The running daybook, for the client of the request: its streams, captures and secrets, and no other's."""

Whole = Annotated[OpenHouse, Depends(_house)]
"""The running daybook with all clients: for what is of none, such as whether the service is ready."""


Client = Annotated[str, Depends(_client)]


@dataclass(slots=True)
class Reading:
    """One read of the views.

    Attributes:
        opened: the running daybook.
        client: whose data.
        among: the only locations that the reader may see, or None for all.
        least: the position that the reader wants to see at least.
        position: the position that the views had reached when reading began; the answer is at least as new.
    """

    opened: OpenHouse
    client: str
    among: frozenset[str] | None = None
    least: int = 0
    position: int = 0

    def begin(self) -> "Reading":
        """Wait, bounded, for the views to reach what the reader wants.

        Raises:
            ProjectionBehind: they did not in time.
        """
        projector = self.opened.projector
        if projector is not None and projector.reached >= max(self.least, 1):
            self.position = projector.reached  # what it saw, all views have: no need to ask the database
            return self
        self.position = queries.position(self.opened.engine)
        if self.position >= self.least:
            return self
        wait = self.opened.settings.wait
        if projector is not None:
            projector.wake()
            projector.wait_for(self.least, wait)
            self.position = queries.position(self.opened.engine)
        if self.position < self.least:
            raise ProjectionBehind(
                f"The views are at position {self.position} and not at {self.least} after {wait:g} seconds: ask again."
            )
        return self


async def reading(
    opened: Opened,
    who: Acting,
    min_position: Annotated[
        int | None,
        Query(ge=0, le=LAST_POSITION, description="Answer only once the views have reached this position of the log."),
    ] = None,
    daybook_min_position: Annotated[
        int | None, Header(ge=0, le=LAST_POSITION, description="The same as `min_position`, as a header.")
    ] = None,
) -> Reading:
    """How a request wants to read."""
    least = max(min_position or 0, daybook_min_position or 0)
    return Reading(opened, who.client, who.rights.locations, least)


Read = Annotated[Reading, Depends(reading)]
IfNoneMatch = Annotated[
    str | None, Header(max_length=2000, description="Entity tags that the reader has: answered 304 if one is current.")
]


def answer(
    content: Any, *, position: int | None = None, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """JSON, with the position that it was read at."""
    known = dict(headers or {})
    if position is not None:
        known["Daybook-Position"] = str(position)
    return Response(_ENCODE(content), status, known, media_type="application/json")


def unchanged(if_none_match: str | None, version: int | str, position: int) -> Response | None:
    """The answer 304 to a reader who has this version already, else None."""
    if not not_modified(if_none_match, version):
        return None
    return Response(status_code=304, headers=versioned(version) | {"Daybook-Position": str(position)})


def versioned(version: int | str) -> dict[str, str]:
    """Headers of an answer that a version stands for: kept, but asked after every time.

    A version counts for one client: who changes to another under the same address has to be answered anew.
    """
    return {"ETag": etag(version), "Cache-Control": "private, no-cache", "Vary": "Authorization, Cookie"}


def linked(request: Request, **parameters: str | int) -> dict[str, str]:
    """A Link header to the next page: this request with other parameters."""
    # The path and query only, so that the answer does not repeat whatever name the reader used for this machine.
    target = request.url.include_query_params(**parameters)
    return {"Link": f'<{target.path}?{target.query}>; rel="next"'}
