"""The shapes of entering punches, deposits, comments and tags, and of conflicts."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.days import LONGEST_REASON
from api.http.models import BusinessDate, FieldChange, Instant, Shape

Kind = Literal["punch", "deposit", "comment", "tag"]

_Moment = Annotated[
    str, Field(max_length=40, description="An instant with its offset.", examples=["2026-11-21T17:10:00-05:00"])
]
_Money = Annotated[str, Field(max_length=32, description="A decimal string of whole cents.", examples=["240.00"])]
_Key = Annotated[str, Field(min_length=1, max_length=200)]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    reason: str = Field(
        min_length=1, max_length=LONGEST_REASON, description="Kept with it.", examples=["forgot to clock out"]
    )


class BreakRequest(BaseModel):
    """A break in a punch."""

    model_config = ConfigDict(extra="forbid", strict=True)

    starts_at: _Moment
    ends_at: _Moment
    paid: bool = False


class EditRequest(_Request):
    """What of a punch is to change; what is not given stays as it is."""

    clock_in: _Moment | None = None
    clock_out: _Moment | None = None
    breaks: list[BreakRequest] | None = Field(default=None, max_length=50, description="All of them.")
    job: _Key | None = Field(default=None, description="The source's job id.")
    rate: str | None = Field(default=None, max_length=20, description="Pay per hour, a decimal string.")
    declared_tips: _Money | None = None


class AddRequest(_Request):
    """A punch that the source does not have."""

    employee: _Key = Field(description="The source's staff id, of the location's roster.")
    clock_in: _Moment
    clock_out: _Moment
    job: _Key = Field(description="The source's job id.")
    breaks: list[BreakRequest] = Field(default=[], max_length=50)
    rate: str | None = Field(default=None, max_length=20, description="Without it the employee's in that job.")
    declared_tips: _Money | None = None


class StrikeRequest(_Request):
    """The punch that is to be struck out."""

    punch: _Key


class DepositRequest(_Request):
    """Money that was taken to the bank for the day."""

    amount: _Money
    number: str | None = Field(default=None, max_length=100, description="The deposit's number.")


class DepositChange(_Request):
    """What of a deposit that was entered here is to change."""

    amount: _Money | None = None
    number: str | None = Field(default=None, max_length=100)


class CommentRequest(_Request):
    """A comment on the day."""

    text: str = Field(min_length=1, max_length=3_000, description="Up to 2,000 characters on one line.")


class TagRequest(_Request):
    """A tag on the day."""

    tag: str = Field(min_length=1, max_length=200, description="Plain words, up to 64 characters.")


class WithdrawalRequest(_Request):
    """The entry that is to be taken back."""

    kind: Kind
    key: _Key = Field(description="What it was entered under; of a tag its name.")


class ResolutionRequest(_Request):
    """Which side of a conflict stands."""

    kind: Literal["punch", "deposit"]
    key: _Key
    side: Literal["ours", "theirs", "both"] = Field(description="`both` is for deposits: each counts.")


class EntryAnswer(Shape):
    """What came of it."""

    location: str
    date: BusinessDate
    record: str | None = Field(description="`KIND/KEY` of what was entered; null if nothing changed.")
    state: str
    version: int = Field(description="The version of the day's stream; the ETag.")
    changed: bool = Field(description="false where it is so already: then nothing is recorded.")
    conflicts: int = Field(description="Open conflicts on the day.")
    position: int | None = Field(description="Read with `min_position` at least this to see it; null if unchanged.")
    recorded_at: Instant | None
    command: str


class Overlay(Shape):
    """Something that somebody entered on a day."""

    location: str
    date: BusinessDate
    kind: Kind
    key: str
    record: str
    ours: dict[str, Any] | None = Field(description="What is shown; null where a punch is struck out.")
    source: dict[str, Any] | None = Field(description="Of a punch what the source said when that was decided.")
    generation: int
    actor: str
    reason: str
    recorded_at: Instant
    position: int


class Overlays(Shape):
    """What was entered on a day."""

    data: list[Overlay]
    next: str | None = Field(description="The cursor of the next page.")


class Conflict(Shape):
    """A change at the source to what was entered here, which nobody has decided on: ours is shown meanwhile."""

    location: str
    date: BusinessDate
    kind: Literal["punch", "deposit"]
    key: str
    record: str
    ours: dict[str, Any] | None = Field(description="Of deposits those that were entered here, by key.")
    theirs: dict[str, Any] | None = Field(description="null where the source has it no longer.")
    fields: list[FieldChange] = Field(description="Of a punch on both sides what differs: ours before, theirs after.")
    generation: int = Field(description="The day's generation that brought it.")
    actor: str
    recorded_at: Instant
    position: int


class Conflicts(Shape):
    """A page of open conflicts, by date, location, kind and key."""

    data: list[Conflict]
    next: str | None = Field(description="The cursor of the next page.")
