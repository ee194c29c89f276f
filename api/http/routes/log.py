"""The log of facts, as the client's own."""

from typing import Any, Final

import msgspec
from fastapi import APIRouter, Request
from starlette.responses import Response

from api.http.answering import Read, Reading, answer, linked
from api.http.documents import documented
from api.http.models import Facts
from api.http.parameters import PAGE_ROWS, After, Limit
from api.http.permitting import takes
from api.plain import plain_entry
from domain.facts import Entry
from domain.permissions import Permission
from projections import queries

router = APIRouter(prefix="/v1", tags=["facts"])

_LOT: Final = 20
"""Facts read at a time: each may hold 250 changes, and a page is bounded in bytes."""


@router.get(
    "/facts",
    operation_id="listFacts",
    dependencies=[takes(Permission.READ_HISTORY)],
    summary="The log of facts",
    response_model=Facts,
    responses=documented({200: "A stretch of the log."}, 400, 422, 503, headers=["Daybook-Position", "Link"]),
)
def get_facts(request: Request, read: Read, after: After = 0, limit: Limit = PAGE_ROWS) -> Response:
    """Everything that was recorded, in its order. Go on with `after=next`, now or when there is more.

    Positions grow, with holes. A page may end before `limit` where facts are large. Personal data reads `sealed`.
    Whoever may see some locations only reads the facts that are of these, as far as the views have come; what is of the
    client or a connection as a whole, as a configuration is, stays out.
    """
    read.begin()
    data, full = _page(read, after, limit)
    following = data[-1]["position"] if data else after
    headers = linked(request, after=following) if full else {}
    return answer({"data": data, "next": following}, position=read.position, headers=headers)


def _page(read: Reading, after: int, limit: int) -> tuple[list[dict[str, Any]], bool]:
    """Entries up to the limits of rows and bytes, and whether it was a limit that ended them."""
    data: list[dict[str, Any]] = []
    size = 0
    while len(data) < limit:
        lot = min(_LOT, limit - len(data))
        entries = _entries(read, after, lot)
        for entry in entries:
            plain = plain_entry(entry)
            data.append(plain)
            after = entry.position
            size += len(msgspec.json.encode(plain["data"]))
            if size >= read.opened.settings.facts_bytes:
                return data, True
        if len(entries) < lot:
            return data, False
    return data, True


def _entries(read: Reading, after: int, limit: int) -> list[Entry]:
    """The next entries that the reader may see: where that is not all, by the index of what facts name."""
    journal = read.opened.journal
    if read.among is None:
        return journal.log(after=after, limit=limit, client=read.client)
    wanted = queries.positions_naming(read.opened.engine, read.client, read.among, after=after, limit=limit)
    found: list[Entry] = []
    for position in wanted:
        if not found or position > found[-1].position:
            # What follows in the log is often of the same location: it is read with it.
            lot = journal.log(after=position - 1, limit=limit, client=read.client)
            found += [entry for entry in lot if entry.position in wanted]
    return found
