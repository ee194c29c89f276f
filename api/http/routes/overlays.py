"""What people enter over what the sources say: punches, deposits, comments, tags; and taking it back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Request
from starlette.responses import Response

from api import days, overlays
from api.composition import OpenHouse
from api.http.answering import Acting, Opened, Read, answer, linked
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


@dataclass(frozen=True, slots=True)
class Asked:
    """A request about what is entered on a day.

    Attributes:
        opened: the running daybook.
        location: as it was given.
        date: as it was given.
        who: in whose name the request acts.
        if_match: the version of the day that they saw.
        key: by which the request may be repeated.
    """

    opened: OpenHouse
    location: str
    date: str
    who: Principal
    if_match: str | None
    key: str | None

    @property
    def day(self) -> DayId:
        """The day.

        Raises:
            BadIdentifier, NotABusinessDate: what was given is none.
        """
        return days.day_id(self.who.client, self.location, self.date)

    def decided(self, reason: str, decide: Deciding) -> Response:
        """Do what it asks for, once for each idempotency key, and tell what came of it.

        Args:
            reason: why.
            decide: does it, on the version that the caller saw.
        """
        day = self.day
        with intended(self.who, reason, self.key) as intent:
            changed = decide(intent, seen_version(self.opened, day, intent, self.if_match))
            told = told_headers(self.opened, changed.after.version, changed.receipt, again=changed.again)
            return answer({**overlays.plain_changed(day, changed), "command": intent.command}, headers=told)


async def _asked(
    location: LocationPath,
    date: DatePath,
    opened: Opened,
    who: Acting,
    if_match: IfDayMatches = None,
    idempotency_key: IdempotencyKey = None,
) -> Asked:
    return Asked(opened, location, date, who, if_match, idempotency_key)


AskedOnDay = Annotated[Asked, Depends(_asked)]
"""What every request about what is entered on a day brings beside its body."""


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
def patch_punch(asked: AskedOnDay, punch: PunchPath, body: EditRequest) -> Response:
    """The punch is shown so from now on, whatever the source says; its version is kept beside.

    A later change at the source is a conflict, which shows both sides until somebody decides.
    """
    fields = overlays.punch_fields(
        clock_in=body.clock_in,
        clock_out=body.clock_out,
        breaks=_breaks(body.breaks),
        job=body.job,
        rate=body.rate,
        declared_tips=body.declared_tips,
    )

    def decide(intent: Intent, expected: int | None) -> DayChanged:
        return overlays.edit(asked.opened, asked.day, punch, fields, intent, expected)

    return asked.decided(body.reason, decide)


@router.post(
    "/labor",
    operation_id="addPunch",
    dependencies=[takes(Permission.EDIT_LABOR)],
    summary="Add a punch",
    response_model=EntryAnswer,
    responses=WRITES,
)
def post_punch(asked: AskedOnDay, body: AddRequest) -> Response:
    """Somebody forgot to clock in: a punch that the source does not have counts here."""
    fields = overlays.punch_fields(
        clock_in=body.clock_in,
        clock_out=body.clock_out,
        breaks=_breaks(body.breaks),
        job=body.job,
        rate=body.rate,
        declared_tips=body.declared_tips,
    )

    def decide(intent: Intent, expected: int | None) -> DayChanged:
        return overlays.add(asked.opened, asked.day, body.employee, fields, intent, expected)

    return asked.decided(body.reason, decide)


@router.post(
    "/strikes",
    operation_id="strikePunch",
    dependencies=[takes(Permission.EDIT_LABOR)],
    summary="Strike a punch out",
    response_model=EntryAnswer,
    responses=WRITES,
)
def post_strike(asked: AskedOnDay, body: StrikeRequest) -> Response:
    """The punch is shown and counted no longer, whatever the source says; one that was added here is withdrawn."""

    def decide(intent: Intent, expected: int | None) -> DayChanged:
        return overlays.strike(asked.opened, asked.day, body.punch, intent, expected)

    return asked.decided(body.reason, decide)


@router.post(
    "/deposits",
    operation_id="enterDeposit",
    dependencies=[takes(Permission.ENTER)],
    summary="Enter a deposit",
    response_model=EntryAnswer,
    responses=WRITES,
)
def post_deposit(asked: AskedOnDay, body: DepositRequest) -> Response:
    """Money that was taken to the bank, beside the source's deposits of now; one that comes later is a conflict."""

    def decide(intent: Intent, expected: int | None) -> DayChanged:
        return overlays.deposit(asked.opened, asked.day, body.amount, body.number, intent, expected)

    return asked.decided(body.reason, decide)


@router.patch(
    "/deposits/{deposit}",
    operation_id="changeDeposit",
    dependencies=[takes(Permission.ENTER)],
    summary="Change a deposit that was entered here",
    response_model=EntryAnswer,
    responses=WRITES,
)
def patch_deposit(asked: AskedOnDay, deposit: DepositPath, body: DepositChange) -> Response:
    """Its amount, its number or both; deposits of the source are changed there."""

    def decide(intent: Intent, expected: int | None) -> DayChanged:
        return overlays.deposit(asked.opened, asked.day, body.amount, body.number, intent, expected, change=deposit)

    return asked.decided(body.reason, decide)


@router.post(
    "/comments",
    operation_id="enterComment",
    dependencies=[takes(Permission.ENTER)],
    summary="Comment on a day",
    response_model=EntryAnswer,
    responses=WRITES,
)
def post_comment(asked: AskedOnDay, body: CommentRequest) -> Response:
    """It stands in the day's summary until it is withdrawn, and in its history for ever."""

    def decide(intent: Intent, expected: int | None) -> DayChanged:
        return overlays.comment(asked.opened, asked.day, body.text, intent, expected)

    return asked.decided(body.reason, decide)


@router.post(
    "/tags",
    operation_id="enterTag",
    dependencies=[takes(Permission.ENTER)],
    summary="Tag a day",
    response_model=EntryAnswer,
    responses=WRITES,
)
def post_tag(asked: AskedOnDay, body: TagRequest) -> Response:
    """It stands in the day's summary until it is withdrawn; one that is there already records nothing."""

    def decide(intent: Intent, expected: int | None) -> DayChanged:
        return overlays.tag(asked.opened, asked.day, body.tag, intent, expected)

    return asked.decided(body.reason, decide)


@router.post(
    "/withdrawals",
    operation_id="withdrawEntry",
    dependencies=[takes(Permission.EDIT_LABOR, Permission.ENTER)],
    summary="Take back what was entered",
    response_model=EntryAnswer,
    responses=WRITES,
)
def post_withdrawal(asked: AskedOnDay, body: WithdrawalRequest) -> Response:
    """What the source says is shown again: the punch as it has it, and its deposits where the last manual one goes."""

    def decide(intent: Intent, expected: int | None) -> DayChanged:
        return overlays.withdraw(asked.opened, asked.day, body.kind, body.key, intent, expected)

    return asked.decided(body.reason, decide)


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
