"""Writing schedules: all shifts of ours of a venue and week, whole, and none of anybody else's."""

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any, Final

import httpx
import msgspec

from adapters.http import Answered, check_answered, send
from adapters.pos.tray.schedule_wire import (
    NewSchedule,
    NewShift,
    Results,
    ScheduledShift,
    SchedulePage,
    Written,
    code_of,
    decode,
    said,
)
from domain.facts.objects import ObjectType
from domain.identifiers import plain
from domain.outward import ScheduleDocument
from domain.ports.source import Limits
from domain.ports.target import Done, Effect, OutcomeUncertain, PartDone, TargetFailure
from domain.refusals import BadIdentifier

TAKES: Final[frozenset[ObjectType]] = frozenset({"schedule"})
MOST_SHIFTS: Final = 1_000

_PAGE_ROWS: Final = 500
_VERSION: Final = re.compile(r".*:v([0-9]{1,9})")
_JSON: Final = {"Content-Type": "application/json"}
_SUPERSEDED: Final = "A newer version of this schedule is at Tray already: this one is not written over it."
_REFUSED: Final = {
    "superseded": _SUPERSEDED,
    "scheduling_disabled": "The scheduling feature is not enabled at this venue: ask Tray Support to enable it.",
}


class TrayTarget:
    """One Tray environment with one key, as what schedules are written to. Several threads may use it at once."""

    def __init__(self, base: str, http: httpx.Client, limits: Limits) -> None:
        self._base = base
        self._http = http
        self._limits = limits

    def __repr__(self) -> str:
        return f"TrayTarget({self._base})"

    def write(self, effect: Effect, until: dt.datetime) -> Done:
        """Write a schedule; see the port. Written again it is found, and what others scheduled is never touched.

        What came of each shift is told in the parts; that it stands is read back where Tray lets us.
        """
        venue, document = _checked(effect)
        wanted = _new(effect, document)
        before = self._read(venue, document.week, until)
        if before.reference(wanted.owner) == effect.reference:
            return before.done(wanted, found=True)
        body = msgspec.json.encode(wanted)
        answered = self._send("PUT", self._url(venue), until, content=body, changes=True)
        if answered.status != 200:
            raise _refused(answered)
        try:
            results = decode(answered.body, Results)
        except TargetFailure:
            raise OutcomeUncertain("Tray took the schedule, in an answer that cannot be read.") from None
        return self._verified(venue, wanted, results, before, until)

    def look_up(self, effect: Effect, until: dt.datetime) -> Done | None:
        """Whether this very version stands; see the port."""
        venue, document = _checked(effect)
        wanted = _new(effect, document)
        standing = self._read(venue, document.week, until)
        return standing.done(wanted, found=True) if standing.reference(wanted.owner) == effect.reference else None

    def close(self) -> None:
        """Give back connections."""
        self._http.close()

    def _verified(
        self, venue: str, wanted: NewSchedule, results: Results, before: "_Standing", until: dt.datetime
    ) -> Done:
        """What came of it, as it was answered and as it stands; the answer alone where it cannot be read back."""
        refused = {one.external_id: said(one.error) for one in results.data if one.status == "refused"}
        try:
            after = self._read(venue, wanted.week, until)
        except TargetFailure:
            answered = {one.external_id for one in results.data if one.status in {"saved", "unchanged"}}
            return _done(wanted, answered, refused)
        lost = before.foreign(wanted.owner) - after.foreign(wanted.owner)
        note = f" {len(lost)} shifts of others went away meanwhile." if lost else ""
        return _done(wanted, after.shifts(wanted), refused, note=note)

    def _read(self, venue: str, week: str, until: dt.datetime) -> "_Standing":
        """All that is scheduled at a venue in a week.

        Raises:
            TargetFailure: it cannot be read whole.
        """
        asked = {"week": week, "limit": str(_PAGE_ROWS)}
        rows: list[ScheduledShift] = []
        for _ in range(self._limits.pages):
            answered = self._send("GET", self._url(venue), until, parameters=asked, changes=False)
            if answered.status != 200:
                raise _refused(answered)
            page = decode(answered.body, SchedulePage)
            rows += page.data
            if page.next_cursor is None:
                return _Standing(rows, page.written)
            if page.next_cursor == asked.get("cursor"):
                raise TargetFailure("unexpected-answer", "Tray answered a cursor that it had answered before.")
            asked["cursor"] = page.next_cursor
        raise TargetFailure("too-large", f"Tray has more than {self._limits.pages:,} pages of shifts.")

    def _url(self, venue: str) -> str:
        return f"{self._base}/kernel/v1/venues/{venue}/schedules"

    def _send(self, method: str, url: str, until: dt.datetime, *, changes: bool, **more: Any) -> Answered:
        headers = _JSON if changes else None
        answered = send(self._http, method, url, self._limits, until=until, headers=headers, changes=changes, **more)
        check_answered(answered, changes=changes)
        return answered


class _Standing:
    """What is scheduled at a venue in a week."""

    def __init__(self, rows: Iterable[ScheduledShift], written: Iterable[Written]) -> None:
        self._rows = tuple(rows)
        self._written = {one.owner: one.reference for one in written}

    def reference(self, owner: str) -> str:
        """Which version of an owner's schedule stands; empty for none."""
        return self._written.get(owner, "")

    def shifts(self, wanted: NewSchedule) -> set[str]:
        """Those of the wanted shifts that stand just so."""
        theirs = {row.written for row in self._rows if row.owner == wanted.owner}
        return {one.external_id for one in wanted.shifts if one in theirs}

    def foreign(self, owner: str) -> set[str]:
        """The ids of shifts that are not the owner's."""
        return {row.id for row in self._rows if row.owner != owner}

    def done(self, wanted: NewSchedule, *, found: bool) -> Done:
        """What stands of what is wanted."""
        return _done(wanted, self.shifts(wanted), {}, found=found)


def _checked(effect: Effect) -> tuple[str, ScheduleDocument]:
    """The venue and the schedule.

    Raises:
        TargetFailure: it is none that Tray can be given; nothing was sent.
    """
    document = effect.document
    if not isinstance(document, ScheduleDocument):
        raise TargetFailure("not-taken", f"Tray takes schedules from daybook, nothing of the type {effect.type}.")
    if len(document.shifts) > MOST_SHIFTS:
        raise TargetFailure("too-large", f"Tray takes {MOST_SHIFTS:,} shifts of a location in a week at most.")
    try:
        return plain(effect.place.get("venue", ""), "venue"), document
    except BadIdentifier:
        message = f"The location {document.location} has no usable venue id at Tray. Nothing was sent."
        raise TargetFailure("unmapped", message) from None


def _new(effect: Effect, document: ScheduleDocument) -> NewSchedule:
    """The schedule in Tray's words. What is taken back is a schedule without shifts."""
    version = _VERSION.match(effect.reference)
    shifts = () if effect.step == "reverse" else document.shifts
    return NewSchedule(
        document.week,
        f"daybook:{document.location}",
        effect.reference,
        int(version[1]) if version else 1,
        tuple(NewShift(one.id, one.employee, one.job, one.starts_at, one.ends_at) for one in shifts),
    )


def _done(
    wanted: NewSchedule, standing: set[str], refused: dict[str, str], *, found: bool = False, note: str = ""
) -> Done:
    parts = tuple(
        PartDone(
            one.external_id,
            one.external_id in standing,
            "" if one.external_id in standing else refused.get(one.external_id, "It does not stand at Tray."),
        )
        for one in wanted.shifts
    )
    missing = sum(not part.done for part in parts)
    told = f"{missing} of {len(parts)} shifts do not stand at Tray." if missing else ""
    return Done(f"{wanted.week}/{wanted.owner}", f"{told}{note}".strip(), found=found, parts=parts)


def _refused(answered: Answered) -> TargetFailure:
    """The failure of a request that was refused: then nothing was written."""
    if answered.status == 404:
        return TargetFailure("unmapped", "Tray has no such venue: check the venue id and the environment URL.")
    if answered.status == 409:
        message = _REFUSED.get(code_of(answered.body), "Tray does not take the schedule as things are.")
        return TargetFailure("rejected", message)
    if answered.status == 413:
        return TargetFailure("too-large", "Tray says that the schedule is too large.")
    if answered.status in {400, 422}:
        return TargetFailure("rejected", f"Tray does not accept the schedule (status {answered.status}).")
    return TargetFailure(
        "unexpected-answer", f"Tray answered with status {answered.status}: it is none of its contract."
    )
