"""What people enter over what the sources say: punches, deposits, comments, tags; and taking it back."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api import days, overlays
from api.composition import OpenHouse
from api.http.answering import Acting, Client, Opened, Read, answer, linked
from api.http.cursors import read_cursor, write_cursor
from api.http.deciding import intended, seen_version, told_headers
from api.http.documents import documented
from api.http.overlay_models import (
    AddRequest,
    BreakRequest,
    CommentRequest,
    DepositChange,
    DepositRequest,
    EditRequest,
    EntryAnswer,
    Overlays,
    StrikeRequest,
    TagRequest,
    WithdrawalRequest,
)
from api.http.parameters import PAGE_ROWS, Cursor, DatePath, IdempotencyKey, IfDayMatches, Limit, LocationPath
from api.http.permitting import takes
from domain.commands.changing_day import DayChanged
from domain.commands.intent import Intent
from domain.identifiers import DayId
from domain.permissions import Permission, Principal
from domain.records import Break
from projections import queries

router = APIRouter(prefix="/v1/days/{location}/{date}", tags=["overlays"])

Deciding = Callable[[Intent, int | None], DayChanged]

WRITES: Final = documented(
    {200: "What came of it."},
    *(400, 403, 404, 408, 409, 412, 413, 415, 422, 503),
    headers=["Daybook-Position", "ETag", "Idempotent-Replayed"],
)
PunchPath = Annotated[str, Path(description="A punch: the source's id; of a part with its number, `…%232`.")]
DepositPath = Annotated[str, Path(description="A deposit that was entered here, for example `daybook:4`.")]


def decided(
    opened: OpenHouse,
    day: DayId,
    who: Principal,
    reason: str,
    headers: tuple[str | None, str | None],
    decide: Deciding,
) -> Response:
    """Do what a request asks for, once for each idempotency key, and tell what came of it.

    Args:
        opened: the running daybook.
        day: on which day.
        who: in whose name the request acts.
        reason: why.
        headers: If-Match and Idempotency-Key.
        decide: does it, on the version that the caller saw.
    """
    if_match, key = headers
    with intended(who, reason, key) as intent:
        changed = decide(intent, seen_version(opened, day, intent, if_match))
        headers_told = told_headers(opened, changed.after.version, changed.receipt, again=changed.again)
        return answer({**overlays.plain_changed(day, changed), "command": intent.command}, headers=headers_told)


def _breaks(given: Sequence[BreakRequest] | None) -> list[Break] | None:
    if given is None:
        return None
    return [Break(overlays.instant(one.starts_at), overlays.instant(one.ends_at), one.paid) for one in given]


@router.patch(
    "/labor/{punch:path}",
    operation_id="editPunch",
    dependencies=[takes(Permission.EDIT_LABOR)],
    summary="Edit a punch",
    response_model=EntryAnswer,
    responses=WRITES,
)
def patch_punch(
    location: LocationPath,
    date: DatePath,
    punch: PunchPath,
    body: EditRequest,
    opened: Opened,
    client: Client,
    who: Acting,
    if_match: IfDayMatches = None,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """The punch is shown so from now on, whatever the source says; its version is kept beside.

    A later change at the source is a conflict, which shows both sides until somebody decides.
    """
    day = days.day_id(client, location, date)
    fields = overlays.punch_fields(
        clock_in=body.clock_in,
        clock_out=body.clock_out,
        breaks=_breaks(body.breaks),
        job=body.job,
        rate=body.rate,
        declared_tips=body.declared_tips,
    )

    def decide(intent: Intent, expected: int | None) -> DayChanged:
        return overlays.edit(opened, day, punch, fields, intent, expected)

    return decided(opened, day, who, body.reason, (if_match, idempotency_key), decide)


@router.post(
    "/labor",
    operation_id="addPunch",
    dependencies=[takes(Permission.EDIT_LABOR)],
    summary="Add a punch",
    response_model=EntryAnswer,
    responses=WRITES,
)
def post_punch(
    location: LocationPath,
    date: DatePath,
    body: AddRequest,
    opened: Opened,
    client: Client,
    who: Acting,
    if_match: IfDayMatches = None,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Somebody forgot to clock in: a punch that the source does not have counts here."""
    day = days.day_id(client, location, date)
    fields = overlays.punch_fields(
        clock_in=body.clock_in,
        clock_out=body.clock_out,
        breaks=_breaks(body.breaks),
        job=body.job,
        rate=body.rate,
        declared_tips=body.declared_tips,
    )

    def decide(intent: Intent, expected: int | None) -> DayChanged:
        return overlays.add(opened, day, body.employee, fields, intent, expected)

    return decided(opened, day, who, body.reason, (if_match, idempotency_key), decide)


@router.post(
    "/strikes",
    operation_id="strikePunch",
    dependencies=[takes(Permission.EDIT_LABOR)],
    summary="Strike a punch out",
    response_model=EntryAnswer,
    responses=WRITES,
)
def post_strike(
    location: LocationPath,
    date: DatePath,
    body: StrikeRequest,
    opened: Opened,
    client: Client,
    who: Acting,
    if_match: IfDayMatches = None,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """The punch is shown and counted no longer, whatever the source says; one that was added here is withdrawn."""
    day = days.day_id(client, location, date)

    def decide(intent: Intent, expected: int | None) -> DayChanged:
        return overlays.strike(opened, day, body.punch, intent, expected)

    return decided(opened, day, who, body.reason, (if_match, idempotency_key), decide)


@router.post(
    "/deposits",
    operation_id="enterDeposit",
    dependencies=[takes(Permission.ENTER)],
    summary="Enter a deposit",
    response_model=EntryAnswer,
    responses=WRITES,
)
def post_deposit(
    location: LocationPath,
    date: DatePath,
    body: DepositRequest,
    opened: Opened,
    client: Client,
    who: Acting,
    if_match: IfDayMatches = None,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Money that was taken to the bank, beside the source's deposits of now; one that comes later is a conflict."""
    day = days.day_id(client, location, date)

    def decide(intent: Intent, expected: int | None) -> DayChanged:
        return overlays.deposit(opened, day, body.amount, body.number, intent, expected)

    return decided(opened, day, who, body.reason, (if_match, idempotency_key), decide)


@router.patch(
    "/deposits/{deposit}",
    operation_id="changeDeposit",
    dependencies=[takes(Permission.ENTER)],
    summary="Change a deposit that was entered here",
    response_model=EntryAnswer,
    responses=WRITES,
)
def patch_deposit(
    location: LocationPath,
    date: DatePath,
    deposit: DepositPath,
    body: DepositChange,
    opened: Opened,
    client: Client,
    who: Acting,
    if_match: IfDayMatches = None,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Its amount, its number or both; deposits of the source are changed there."""
    day = days.day_id(client, location, date)

    def decide(intent: Intent, expected: int | None) -> DayChanged:
        return overlays.deposit(opened, day, body.amount, body.number, intent, expected, change=deposit)

    return decided(opened, day, who, body.reason, (if_match, idempotency_key), decide)


@router.post(
    "/comments",
    operation_id="enterComment",
    dependencies=[takes(Permission.ENTER)],
    summary="Comment on a day",
    response_model=EntryAnswer,
    responses=WRITES,
)
def post_comment(
    location: LocationPath,
    date: DatePath,
    body: CommentRequest,
    opened: Opened,
    client: Client,
    who: Acting,
    if_match: IfDayMatches = None,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """It stands in the day's summary until it is withdrawn, and in its history for ever."""
    day = days.day_id(client, location, date)

    def decide(intent: Intent, expected: int | None) -> DayChanged:
        return overlays.comment(opened, day, body.text, intent, expected)

    return decided(opened, day, who, body.reason, (if_match, idempotency_key), decide)


@router.post(
    "/tags",
    operation_id="enterTag",
    dependencies=[takes(Permission.ENTER)],
    summary="Tag a day",
    response_model=EntryAnswer,
    responses=WRITES,
)
def post_tag(
    location: LocationPath,
    date: DatePath,
    body: TagRequest,
    opened: Opened,
    client: Client,
    who: Acting,
    if_match: IfDayMatches = None,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """It stands in the day's summary until it is withdrawn; one that is there already records nothing."""
    day = days.day_id(client, location, date)

    def decide(intent: Intent, expected: int | None) -> DayChanged:
        return overlays.tag(opened, day, body.tag, intent, expected)

    return decided(opened, day, who, body.reason, (if_match, idempotency_key), decide)


@router.post(
    "/withdrawals",
    operation_id="withdrawEntry",
    dependencies=[takes(Permission.EDIT_LABOR, Permission.ENTER)],
    summary="Take back what was entered",
    response_model=EntryAnswer,
    responses=WRITES,
)
def post_withdrawal(
    location: LocationPath,
    date: DatePath,
    body: WithdrawalRequest,
    opened: Opened,
    client: Client,
    who: Acting,
    if_match: IfDayMatches = None,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """What the source says is shown again: the punch as it has it, and its deposits where the last manual one goes."""
    day = days.day_id(client, location, date)

    def decide(intent: Intent, expected: int | None) -> DayChanged:
        return overlays.withdraw(opened, day, body.kind, body.key, intent, expected)

    return decided(opened, day, who, body.reason, (if_match, idempotency_key), decide)


@router.get(
    "/overlays",
    operation_id="listOverlays",
    dependencies=[takes(Permission.READ)],
    summary="What was entered on a day",
    response_model=Overlays,
    responses=documented({200: "A page of entries."}, 400, 404, 422, 503, headers=["Daybook-Position", "Link"]),
)
def get_overlays(
    request: Request,
    location: LocationPath,
    date: DatePath,
    read: Read,
    cursor: Cursor = None,
    limit: Limit = PAGE_ROWS,
) -> Response:
    """By kind and key, each with who entered it, when and why; what was withdrawn is in the history."""
    day = days.day_id(read.client, location, date)
    question = (day.stream, "overlays")
    kind, key = read_cursor(question, cursor, 2) if cursor is not None else ("", "")
    read.begin()
    days.feeding(read.opened.engine, day)
    found = queries.overlays(read.opened.engine, day.client, day.location, day.date, after=(kind, key), limit=limit)
    following = write_cursor(question, [found[-1].kind, found[-1].key]) if len(found) == limit else None
    headers: dict[str, Any] = {} if following is None else linked(request, cursor=following)
    data = [overlays.plain_overlay(row) for row in found]
    return answer({"data": data, "next": following}, position=read.position, headers=headers)
