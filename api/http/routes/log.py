"""The log of facts, as the client's own."""

from typing import Any, Final

import msgspec
from fastapi import APIRouter, Request
from starlette.responses import Response

from api.http.answering import Read, Reading, answer, linked
from api.http.documents import documented
from api.http.models import Facts
from api.http.parameters import PAGE_ROWS, After, Limit
from api.plain import plain_entry

router = APIRouter(prefix="/v1", tags=["facts"])

_LOT: Final = 20
"""Facts read at a time: each may hold 250 changes, and a page is bounded in bytes."""


@router.get(
    "/facts",
    operation_id="listFacts",
    summary="The log of facts",
    response_model=Facts,
    responses=documented({200: "A stretch of the log."}, 400, 422, 503, headers=["Daybook-Position", "Link"]),
)
def get_facts(request: Request, read: Read, after: After = 0, limit: Limit = PAGE_ROWS) -> Response:
    """Everything that was recorded, in its order. Go on with `after=next`, now or when there is more.

    Positions grow, with holes. A page may end before `limit` where facts are large. Personal data reads `sealed`.
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
        entries = read.opened.journal.log(after=after, limit=lot, client=read.client)
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
