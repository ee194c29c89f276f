"""The shape of an effect: what a change of a day means for its figures and journal lines, wherever it is answered."""

from typing import Annotated, Literal

from pydantic import Field

from api.http.models import Number, Shape
from api.plain_reading import MOST_EFFECTS

Unit = Literal["amount", "count", "quantity", "hours", "percent"]
Name = Annotated[str, Field(description="The figure, as `…/figures/{figure}` takes it.", examples=["by_category/Food"])]


class FigureEffect(Shape):
    """A figure before and after; null: unknown, or no such row."""

    figure: Name
    unit: Unit
    before: Number | None
    after: Number | None
    difference: Number | None = Field(description="After less before; null where one of them is unknown.")


class Line(Shape):
    """A journal line on one side; of the statistical entry a quantity, on no side."""

    side: Literal["debit", "credit", ""]
    amount: Number
    account: str
    blocked: str


class LineEffect(Shape):
    """A journal line before and after; null: there was none."""

    entry: Literal["sales", "labor", "statistical"]
    key: str
    before: Line | None
    after: Line | None
    difference: Number = Field(description="After less before, debits positive and credits negative.")


class Effect(Shape):
    """What differs in the Daily Sales Summary and in the journal entries."""

    figures: list[FigureEffect] = Field(description=f"At most {MOST_EFFECTS} of them.")
    figure_count: int = Field(description="All that differ.")
    journal_lines: list[LineEffect] = Field(description=f"At most {MOST_EFFECTS} of them.")
    journal_line_count: int = Field(description="All that differ.")
