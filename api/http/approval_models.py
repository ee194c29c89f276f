"""The shapes of changes after approval and of closings."""

from pydantic import Field

from api.http.effect_models import Effect
from api.http.models import Amount, BusinessDate, Instant, RecordChange, Shape
from api.http.summary_models import Summary


class LateChange(RecordChange):
    """A change that came to light after a day's approval."""

    amount_of: str | None = Field(description="The figure of the record that `amount` is of; null: it has none.")
    amount: Amount | None = Field(description="By how much it moves that figure.")
    origin: str = Field(
        description="`poll`, `import` or `replay`: the day itself says it; else why another day's reading does."
    )
    read_date: BusinessDate | None = Field(description="The other business day that was read.")
    connection: str
    capture: str = Field(description="The digest of the answer that tells it.")
    position: int = Field(description="Of the fact that tells it, in the log.")
    recorded_at: Instant


class LateChangeOfDay(LateChange):
    """The same, with its day."""

    location: str
    date: BusinessDate


class AfterApproval(Shape):
    """What an approved day does not take until it is reopened."""

    location: str
    date: BusinessDate
    state: str
    version: int = Field(description="The version of the day's stream.")
    closings: int
    count: int = Field(description="Changes in all.")
    unlisted: int = Field(description="Of these, those that old facts only count; a repoll lists them.")
    amounts: dict[str, Amount] = Field(description="By the kind of record, what all changes come to.")
    effect: Effect = Field(description="What they would mean if the day were reopened now.")
    data: list[LateChange]
    next: str | None = Field(description="The cursor of the next page.")


class LateChanges(Shape):
    """A page of changes after approval."""

    data: list[LateChangeOfDay]
    next: str | None = Field(description="The cursor of the next page.")


class Closing(Shape):
    """What was approved."""

    location: str
    date: BusinessDate
    number: int
    generation: int
    position: int = Field(description="Of the approval, in the log.")
    recorded_at: Instant
    actor: str
    reason: str
    digest: str = Field(description="SHA-256 of the approved summary, as the approval keeps it, hex.")
    recomputed: str = Field(description="The same, of the summary that the facts until then lead to now.")
    matches: bool = Field(description="Both are the same.")
    message: str = Field(default="", description="What it means where they are not; absent: they are.")
    summary: Summary
