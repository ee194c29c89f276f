"""Parameters that several routes take, as the OpenAPI document describes them.

Identifiers and dates arrive as plain text: the domain says what is one, in a sentence, and only once.
"""

from typing import Annotated

from fastapi import Header, Path, Query

from api.http.answering import LAST_POSITION
from api.settings import MOST_ROWS

LocationPath = Annotated[str, Path(description="The id of a location.", examples=["harbor"])]
DatePath = Annotated[
    str, Path(description="A business date, exactly `YYYY-MM-DD`.", json_schema_extra={"format": "date"})
]
LocationQuery = Annotated[str | None, Query(description="Only this location.")]
Limit = Annotated[int, Query(ge=1, le=MOST_ROWS, description="Rows on the page, at most.")]
After = Annotated[int, Query(ge=0, le=LAST_POSITION, description="Only what comes after this position of the log.")]
Cursor = Annotated[str | None, Query(max_length=1000, description="The `next` of the page before.")]
AsOf = Annotated[
    str | None,
    Query(
        max_length=60,
        description="As known at a moment: a position of the log (digits), or an instant with its offset, "
        "for example `2026-11-21T22:10:00Z`.",
    ),
]
IfDayMatches = Annotated[
    str | None,
    Header(max_length=2000, description="Only if the day is at this version (412 otherwise)."),
]
IdempotencyKey = Annotated[
    str | None,
    Header(
        max_length=2000,
        description="1 to 255 printable characters: the same key again is answered, not done again.",
    ),
]

PAGE_ROWS = 100
"""Rows on a page where the reader does not say."""
