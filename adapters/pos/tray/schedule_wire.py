"""The JSON of schedules: what is written, what comes back shift by shift, and what stands."""

from typing import Any, Final, TypeVar

import msgspec

from domain.ports.target import TargetFailure

T = TypeVar("T")

LONGEST_SAID: Final = 120


class NewShift(msgspec.Struct, frozen=True, rename="camel"):
    """A shift that is written."""

    external_id: str
    staff_id: str
    job_id: str
    starts_at: str
    ends_at: str


class NewSchedule(msgspec.Struct, frozen=True, rename="camel"):
    """All shifts of one owner in one week."""

    week: str
    owner: str
    reference: str
    revision: int
    shifts: tuple[NewShift, ...]


class Trouble(msgspec.Struct, frozen=True):
    """Why a shift, or a request, was refused."""

    code: str
    message: str = ""


class ShiftResult(msgspec.Struct, frozen=True, rename="camel"):
    """What came of one shift."""

    external_id: str
    status: str
    error: Trouble | None = None


class Results(msgspec.Struct, frozen=True, rename="camel"):
    """What came of all shifts."""

    data: list[ShiftResult]
    reference: str


class ScheduledShift(msgspec.Struct, frozen=True, rename="camel"):
    """A shift that stands, whoever it is of."""

    id: str
    staff_id: str
    job_id: str
    starts_at: str
    ends_at: str
    owner: str | None = None
    external_id: str | None = None

    @property
    def written(self) -> NewShift:
        """The same as it was written."""
        return NewShift(self.external_id or "", self.staff_id, self.job_id, self.starts_at, self.ends_at)


class Written(msgspec.Struct, frozen=True):
    """Which version of an owner's schedule stands."""

    owner: str
    reference: str
    revision: int


class SchedulePage(msgspec.Struct, frozen=True, rename="camel"):
    """A page of the shifts of a week."""

    data: list[ScheduledShift]
    written: list[Written]
    next_cursor: str | None


class Refusal(msgspec.Struct, frozen=True):
    """The body of a request that is refused."""

    error: Trouble


def decode(body: bytes, shape: type[T]) -> T:
    """What an answer says.

    Raises:
        TargetFailure: ``unexpected-answer``; nothing of it is shown.
    """
    try:
        return msgspec.json.decode(body, type=shape)
    except (msgspec.DecodeError, ValueError, RecursionError):
        raise TargetFailure("unexpected-answer", "Tray's answer is not what its contract promises.") from None


def code_of(body: bytes) -> str:
    """The code of a refusal; empty where it has none."""
    try:
        return msgspec.json.decode(body, type=Refusal).error.code
    except (msgspec.DecodeError, ValueError, RecursionError):
        return ""


def said(trouble: Trouble | None) -> str:
    """Why a shift was refused, for people."""
    if trouble is None:
        return "Tray did not take it."
    words: dict[str, Any] = {
        "unknown_staff": "Tray has nobody of this id at the venue.",
        "unknown_job": "Tray has no job of this id at the venue.",
        "outside_week": "Tray says that it does not begin in this week.",
    }
    shown = "".join(letter if letter.isprintable() else " " for letter in trouble.code)[:LONGEST_SAID]
    return str(words.get(trouble.code, f"Tray did not take it ({shown})."))
