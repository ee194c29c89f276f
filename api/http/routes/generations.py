"""Generations of a day, and two moments of it compared."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from api import days
from api.http.answering import IfNoneMatch, Read, Reading, answer, linked, unchanged, versioned
from api.http.cursors import read_cursor, write_cursor
from api.http.documents import documented
from api.http.parameters import PAGE_ROWS, AsOf, Cursor, DatePath, Limit, LocationPath
from api.http.permitting import takes
from api.http.reading_models import Comparison, Generations, WholeGeneration
from api.plain import plain_record
from api.plain_reading import MOST_EFFECTS, plain_effect, plain_generation, plain_side
from api.refusals import BadComparison
from domain.differences import operations
from domain.facts import Change
from domain.identifiers import DayId
from domain.permissions import Permission
from projections.generations import Side, at_generation, at_position, compare, effect_of, generation, generations

router = APIRouter(prefix="/v1", tags=["generations"])

_READ = (400, 404, 422, 503)
_HEADERS = ["Daybook-Position", "ETag", "Link"]
_MOST_GENERATION = 2**31 - 1

Left = Annotated[int | None, Query(ge=1, le=_MOST_GENERATION, description="A generation: the day as that one left it.")]
Right = Annotated[int | None, Query(ge=1, le=_MOST_GENERATION, description="Likewise; without any right side: now.")]


@router.get(
    "/days/{location}/{date}/generations",
    operation_id="listGenerations",
    dependencies=[takes(Permission.READ_HISTORY)],
    summary="The generations of a day",
    response_model=Generations,
    responses=documented({200: "A page of them."}, *_READ, headers=["Daybook-Position", "Link"]),
)
def get_generations(
    request: Request,
    location: LocationPath,
    date: DatePath,
    read: Read,
    as_of: AsOf = None,
    after: Annotated[int, Query(ge=0, le=_MOST_GENERATION, description="The `next` of the page before.")] = 0,
    limit: Limit = PAGE_ROWS,
) -> Response:
    """Every reading or decision that changed the day's records, oldest first: who, when, why, and from which answer."""
    day = days.day_id(read.client, location, date)
    read.begin()
    until = None if as_of is None else days.moment(read.opened.journal, as_of)
    days.check_recorded(read.opened.journal, day, until)
    found = generations(read.opened.journal, day, after=after, until=until, limit=limit)
    following = found[-1].counts.generation if len(found) == limit else None
    content = {
        "location": day.location,
        "date": day.date,
        "data": [plain_generation(one) for one in found],
        "next": following,
    }
    headers = {} if following is None else linked(request, after=following)
    return answer(content, position=read.position, headers=headers)


@router.get(
    "/days/{location}/{date}/generations/{generation}",
    operation_id="getGeneration",
    dependencies=[takes(Permission.READ_HISTORY)],
    summary="What a generation of a day changed",
    response_model=WholeGeneration,
    responses=documented({200: "A page of its records.", 304: "The reader has it."}, *_READ, headers=_HEADERS),
)
def get_generation(
    request: Request,
    location: LocationPath,
    date: DatePath,
    number: Annotated[int, Path(alias="generation", ge=1, le=_MOST_GENERATION, description="Its number, from 1.")],
    read: Read,
    cursor: Cursor = None,
    limit: Limit = PAGE_ROWS,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Its records, field by field, and its effect on every figure and journal line, in the books as they were then."""
    day = days.day_id(read.client, location, date)
    question = (day.stream, "generation", str(number))
    after = _after(question, cursor)
    read.begin()
    whole = generation(read.opened.journal, day, number)
    books, effect = effect_of(read.opened.journal, day, whole)
    tag = f"{whole.after.version}.{books.version}"
    known = unchanged(if_none_match, tag, read.position)
    if known:
        return known
    page, following = _page(whole.changes, question, after, limit)
    content = {
        "location": day.location,
        "date": day.date,
        "generation": plain_generation(whole.generation),
        "effect": plain_effect(effect, MOST_EFFECTS),
        "data": [plain_record(change) for change in page],
        "next": following,
    }
    headers = versioned(tag) | ({} if following is None else linked(request, cursor=following))
    return answer(content, position=read.position, headers=headers)


@router.get(
    "/days/{location}/{date}/compare",
    operation_id="compareDay",
    dependencies=[takes(Permission.READ_HISTORY)],
    summary="What differs between two moments of a day",
    response_model=Comparison,
    responses=documented(
        {200: "A page of the records that differ.", 304: "The reader has it."}, *_READ, headers=_HEADERS
    ),
)
def get_comparison(
    request: Request,
    location: LocationPath,
    date: DatePath,
    read: Read,
    left: Left = None,
    right: Right = None,
    left_as_of: AsOf = None,
    right_as_of: AsOf = None,
    cursor: Cursor = None,
    limit: Limit = PAGE_ROWS,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Each side is a generation or a moment: the records that differ, field by field, and what that means.

    The effect is that on every figure of the summary and every journal line, each side in the books of its moment.
    """
    day = days.day_id(read.client, location, date)
    if left is None and left_as_of is None:
        raise BadComparison("Say what is compared: `left` (a generation) or `left_as_of` (a moment).")
    read.begin()
    days.check_recorded(read.opened.journal, day)
    one, other = _side(read, day, left, left_as_of), _side(read, day, right, right_as_of)
    tag = f"{one.day.version}.{one.books.version}-{other.day.version}.{other.books.version}"
    known = unchanged(if_none_match, tag, read.position)
    if known:
        return known
    question = (day.stream, "compare", str(one.position), str(other.position))
    after = _after(question, cursor)
    found = compare(one, other)
    page, following = _page(found.changes, question, after, limit)
    content = {
        "location": day.location,
        "date": day.date,
        "left": plain_side(one),
        "right": plain_side(other),
        "changes": operations(found.changes),
        "effect": plain_effect(found.effect, MOST_EFFECTS),
        "data": [plain_record(change) for change in page],
        "next": following,
    }
    # The sides stand still, also where one of them was "now".
    still = {"left_as_of": one.position} if left is None else {}
    still |= {"right_as_of": other.position} if right is None else {}
    headers = versioned(tag) | ({} if following is None else linked(request, cursor=following, **still))
    return answer(content, position=read.position, headers=headers)


def _side(read: Reading, day: DayId, number: int | None, as_of: str | None) -> Side:
    journal = read.opened.journal
    if number is not None and as_of is not None:
        raise BadComparison("A side is a generation or a moment, not both.")
    if number is not None:
        return at_generation(journal, day, number)
    return at_position(journal, day, journal.head() if as_of is None else days.moment(journal, as_of))


def _after(question: Sequence[str], cursor: str | None) -> tuple[str, str] | None:
    if cursor is None:
        return None
    kind, key = read_cursor(question, cursor, 2)
    return kind, key


def _page(
    changes: Sequence[Change], question: Sequence[str], after: tuple[str, str] | None, limit: int
) -> tuple[list[Change], str | None]:
    """The records past a place, and the cursor of the next page."""
    left = [change for change in changes if after is None or (change.kind, change.key) > after]
    page = left[:limit]
    more = len(left) > limit
    return page, write_cursor(question, [page[-1].kind, page[-1].key]) if more else None
