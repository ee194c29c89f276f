"""Drilling down: what a figure or a journal line is made of, record by record, down to the source."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api import days
from api.http.answering import IfNoneMatch, Read, Reading, answer, linked, unchanged, versioned
from api.http.cursors import read_cursor, write_cursor
from api.http.documents import documented
from api.http.parameters import PAGE_ROWS, AsOf, Cursor, DatePath, Limit, LocationPath
from api.http.permitting import takes
from api.http.reading_models import FigureExplained, Figures, LineExplained
from api.plain_reading import plain_explanation, plain_figures
from domain.accounts import key_parts
from domain.business_day import BusinessDay
from domain.commands.loading import load_books, load_day
from domain.explaining import Explanation, explain_figure, explain_line
from domain.identifiers import BooksId, DayId
from domain.permissions import Permission
from domain.summary import summarize
from projections.drilling import Drilled, drill

router = APIRouter(prefix="/v1", tags=["figures"])

_READ = (400, 404, 422, 503)
_FRESH = ["Daybook-Position", "ETag"]
_PAGED = ["Daybook-Position", "ETag", "Link"]


@router.get(
    "/days/{location}/{date}/figures",
    operation_id="listFigures",
    dependencies=[takes(Permission.READ)],
    summary="Every figure of a day by its name",
    response_model=Figures,
    responses=documented({200: "The figures.", 304: "The reader has them."}, *_READ, headers=_FRESH),
)
def get_figures(
    location: LocationPath, date: DatePath, read: Read, as_of: AsOf = None, if_none_match: IfNoneMatch = None
) -> Response:
    """The Daily Sales Summary as a list of figures, under the names that explain them."""
    day = days.day_id(read.client, location, date)
    read.begin()
    until = _until(read, day, as_of)
    known = load_day(read.opened.journal, day, until=until)
    days.check_read(day, known, as_of)
    same = unchanged(if_none_match, known.version, read.position)
    content = {
        "location": day.location,
        "date": day.date,
        "version": known.version,
        "as_of": until,
        "data": plain_figures(summarize(known)),
    }
    return same or answer(content, position=read.position, headers=versioned(known.version))


@router.get(
    "/days/{location}/{date}/figures/{figure:path}",
    operation_id="explainFigure",
    dependencies=[takes(Permission.READ_HISTORY)],
    summary="What a figure is made of",
    response_model=FigureExplained,
    responses=documented({200: "A page of its records.", 304: "The reader has it."}, *_READ, headers=_PAGED),
)
def get_figure(
    request: Request,
    location: LocationPath,
    date: DatePath,
    figure: Annotated[
        str,
        Path(
            description="For example `net_sales`, `by_category/Food`, `payments.tips/Visa` or `labor/Server`; "
            r"a slash in a name is written `\/`."
        ),
    ],
    read: Read,
    as_of: AsOf = None,
    cursor: Cursor = None,
    limit: Limit = PAGE_ROWS,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """The records behind it with their shares, which add up to it; each with the fact, the capture and the attempt."""
    day = days.day_id(read.client, location, date)

    def explain(known: BusinessDay) -> Explanation:
        days.check_read(day, known, as_of)
        return explain_figure(known, figure)

    drilled, until, following = _drilled(read, day, ("figure", figure), explain, as_of, cursor, limit)
    same = unchanged(if_none_match, drilled.day.version, read.position)
    content = {**_explained(day, drilled, until, following), "figure": drilled.explanation.name}
    return same or answer(content, position=read.position, headers=_headers(request, drilled.day.version, following))


@router.get(
    "/days/{location}/{date}/journal-entries/{entry}/lines/{line:path}",
    operation_id="explainJournalLine",
    dependencies=[takes(Permission.READ_HISTORY)],
    summary="What a journal line is made of",
    response_model=LineExplained,
    responses=documented({200: "A page of its records.", 304: "The reader has it."}, *_READ, headers=_PAGED),
)
def get_line(
    request: Request,
    location: LocationPath,
    date: DatePath,
    entry: Annotated[Literal["sales", "labor", "statistical"], Path(description="Which of the three entries.")],
    line: Annotated[str, Path(description="The key of the line, for example `sales/Food/Dine In`.")],
    read: Read,
    as_of: AsOf = None,
    cursor: Cursor = None,
    limit: Limit = PAGE_ROWS,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """The records behind it with their shares; debits are positive and credits negative.

    The ETag is the version of the day's stream and that of the books.
    """
    day = days.day_id(read.client, location, date)

    def explain(known: BusinessDay) -> Explanation:
        days.check_read(day, known, as_of)
        return explain_line(known, entry, line)

    drilled, until, following = _drilled(read, day, ("line", entry, line), explain, as_of, cursor, limit)
    books = load_books(read.opened.journal, BooksId(day.client), until=until)
    tag = f"{drilled.day.version}.{books.version}"
    key = drilled.explanation.name
    same = unchanged(if_none_match, tag, read.position)
    content = {
        **_explained(day, drilled, until, following),
        "entry": entry,
        "key": key,
        "account": books.mapping.account(key_parts(key)),
    }
    return same or answer(content, position=read.position, headers=_headers(request, tag, following))


def _until(read: Reading, day: DayId, as_of: str | None) -> int | None:
    until = None if as_of is None else days.moment(read.opened.journal, as_of)
    days.check_recorded(read.opened.journal, day, until)
    return until


def _drilled(
    read: Reading,
    day: DayId,
    asked: Sequence[str],
    explain: Callable[[BusinessDay], Explanation],
    as_of: str | None,
    cursor: str | None,
    limit: int,
) -> tuple[Drilled, int | None, str | None]:
    """A page of an explanation, the position that it is as of, and the cursor of the next page."""
    read.begin()
    until = _until(read, day, as_of)
    question = (day.stream, *asked, "" if until is None else str(until))
    after: tuple[str, str] | None = None
    if cursor is not None:
        kind, key = read_cursor(question, cursor, 2)
        after = (kind, key)
    found = drill(read.opened.journal, day, explain, after=after, until=until, limit=limit)
    if not found.page or found.page[-1].share == found.explanation.shares[-1]:
        return found, until, None
    last = found.page[-1].share
    return found, until, write_cursor(question, [last.kind, last.key])


def _explained(day: DayId, drilled: Drilled, until: int | None, following: str | None) -> dict[str, Any]:
    return {
        "location": day.location,
        "date": day.date,
        "version": drilled.day.version,
        "as_of": until,
        **plain_explanation(drilled.explanation, drilled.page),
        "next": following,
    }


def _headers(request: Request, version: int | str, following: str | None) -> dict[str, str]:
    return versioned(version) | ({} if following is None else linked(request, cursor=following))
