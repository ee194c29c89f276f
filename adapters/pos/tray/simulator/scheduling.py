"""Schedules at the simulated POS: shifts of owners and of people at the POS, by venue and week."""

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from adapters.pos.tray.simulator.kernel import HIGHEST_LIMIT, Refused
from adapters.pos.tray.simulator.shelf import Book
from adapters.pos.tray.simulator.wall import MICRO, date_of, micro_text, micros_of

if TYPE_CHECKING:
    from adapters.pos.tray.simulator.pos import TrayPos

MOST_SHIFTS = 1_000
SCHEDULE_WRITES = "schedules/write"
"""As faults name writing a schedule; ``schedules`` is reading one."""

_LONGEST = 200


class _Shift(msgspec.Struct, rename="camel", frozen=True, forbid_unknown_fields=True):
    external_id: str
    staff_id: str
    job_id: str
    starts_at: str
    ends_at: str


class _Body(msgspec.Struct, rename="camel", frozen=True, forbid_unknown_fields=True):
    week: str
    owner: str
    reference: str
    revision: int
    shifts: list[_Shift]


@dataclass(slots=True)
class Rota:
    """What is scheduled at one venue.

    Attributes:
        enabled: the scheduling feature is.
        rows: shifts by week and id, whoever they are of.
        written: the newest revision and reference by week and owner.
    """

    enabled: bool = True
    rows: dict[dt.date, dict[str, dict[str, Any]]] = field(default_factory=dict)
    written: dict[tuple[dt.date, str], tuple[int, str]] = field(default_factory=dict)
    numbered: int = 0

    def enter(self, week: dt.date, staff: str, job: str, starts_at: str, ends_at: str) -> str:
        """A shift that somebody enters at the POS itself; answers its id."""
        self.numbered += 1
        id_ = f"S{self.numbered:05d}"
        self.rows.setdefault(week, {})[id_] = {
            "id": id_,
            "staffId": staff,
            "jobId": job,
            "startsAt": starts_at,
            "endsAt": ends_at,
            "owner": None,
            "externalId": None,
        }
        return id_

    def standing(self, week: dt.date, owner: str | None) -> list[dict[str, Any]]:
        """The shifts of an owner in a week; None: those that were entered at the POS."""
        return [row for row in self.rows.get(week, {}).values() if row["owner"] == owner]


def read_schedule(pos: "TrayPos", book: Book, query: dict[str, str]) -> bytes:
    """A page of the shifts of a week.

    Raises:
        Refused: 400 for parameters that are none.
    """
    if not query.keys() <= {"week", "limit", "cursor"}:
        raise Refused(400, "unknown_parameter", "schedules has the parameters week, limit and cursor.")
    week = _week(query.get("week", ""))
    limit, begin = query.get("limit", "100"), query.get("cursor", "0")
    if not (limit.isdigit() and begin.isdigit() and len(limit + begin) < 12 and 1 <= int(limit) <= HIGHEST_LIMIT):
        raise Refused(400, "bad_limit", f"limit is a number from 1 to {HIGHEST_LIMIT}, cursor one that was answered.")
    rota = pos.rota(book.shop.venue.id)
    rows = sorted(rota.rows.get(week, {}).values(), key=lambda row: (row["startsAt"], row["id"]))
    end = int(begin) + int(limit)
    written = [
        {"owner": owner, "reference": reference, "revision": revision}
        for (of_week, owner), (revision, reference) in sorted(rota.written.items())
        if of_week == week
    ]
    following = str(end) if end < len(rows) else None
    page = {"data": rows[int(begin) : end], "written": written, "nextCursor": following, "serverTime": _now(pos)}
    return msgspec.json.encode(page)


def write_schedule(pos: "TrayPos", book: Book, data: bytes) -> bytes:
    """Put these shifts in the place of all that their owner has in the week; nobody else's are touched.

    Raises:
        Refused: 400 where the body is none, 409 where scheduling is not enabled or a newer revision was written.
    """
    try:
        body = msgspec.json.decode(data, type=_Body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Refused(400, "bad_body", "The body is no schedule.") from None
    if not 0 < len(body.owner) <= _LONGEST or len(body.reference) > _LONGEST or len(body.shifts) > MOST_SHIFTS:
        raise Refused(400, "bad_body", "The owner, the reference or the shifts are too long or too many.")
    week, rota = _week(body.week), pos.rota(book.shop.venue.id)
    if not rota.enabled:
        raise Refused(409, "scheduling_disabled", "Scheduling is not enabled at this venue.")
    if body.revision < rota.written.get((week, body.owner), (0, ""))[0]:
        raise Refused(409, "superseded", "A newer revision was written.")
    results = _replace(rota, book, week, body)
    rota.written[week, body.owner] = (body.revision, body.reference)
    answer = {"data": results, "reference": body.reference, "serverTime": _now(pos)}
    return msgspec.json.encode(answer)


def _replace(rota: Rota, book: Book, week: dt.date, body: _Body) -> list[dict[str, Any]]:
    before = {row["externalId"]: row for row in rota.standing(week, body.owner)}
    rows = {id_: row for id_, row in rota.rows.get(week, {}).items() if row["owner"] != body.owner}
    results: list[dict[str, Any]] = []
    for one in body.shifts:
        error = _wrong(book, week, one)
        if error:
            results.append({"externalId": one.external_id, "status": "refused", "error": error})
            continue
        known = before.get(one.external_id)
        if known is None:
            rota.numbered += 1
        id_ = known["id"] if known else f"S{rota.numbered:05d}"
        row = {**msgspec.to_builtins(one), "id": id_, "owner": body.owner}
        results.append({"externalId": one.external_id, "status": "unchanged" if row == known else "saved", "id": id_})
        rows[id_] = row
    kept = {one.external_id for one in body.shifts}
    results += [{"externalId": id_, "status": "removed"} for id_ in sorted(before.keys() - kept)]
    rota.rows[week] = rows
    return results


def _wrong(book: Book, week: dt.date, one: _Shift) -> dict[str, str] | None:
    staff = {row.id for row in book.staff(inactive=False)}
    jobs = {row.id for row in book.jobs()}
    starts, ends = micros_of(one.starts_at), micros_of(one.ends_at)
    wall = book.shop.wall
    begins, until = wall.opening(week) * MICRO, wall.opening(week + dt.timedelta(days=7)) * MICRO
    if one.staff_id not in staff:
        return {"code": "unknown_staff", "message": "There is nobody of this id."}
    if one.job_id not in jobs:
        return {"code": "unknown_job", "message": "There is no job of this id."}
    if starts is None or ends is None or not begins <= starts < until or ends <= starts:
        return {"code": "outside_week", "message": "The shift does not begin in this week, or ends before it begins."}
    return None


def _week(text: str) -> dt.date:
    week = date_of(text)
    if week is None:
        raise Refused(400, "bad_date", "week is a date, YYYY-MM-DD.")
    return week


def _now(pos: "TrayPos") -> str:
    return micro_text(pos.now() // MICRO * MICRO)
