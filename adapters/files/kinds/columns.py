"""What a kind of import file is made of: its columns, in official order, and what holds between them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from adapters.files.kinds.rules import Rule

Type = Literal[
    "key",  # a number or code that rows are joined by: text as written, so "01" is not "1"
    "digits",  # a key that the official table calls an integer: digits only, and still text as written
    "name",  # one line of text
    "text",  # text of several lines
    "last-four",  # the last four digits of a card, and never more
    "money",  # an amount of either sign: refunds, voids and corrections are negative
    "price",  # an amount that cannot be negative
    "measure",  # a decimal number that cannot be negative and is no money: hours, rates
    "integer",  # a whole number of either sign
    "ordinal",  # a whole number that counts up: 01 and 1 are the same
    "flag",  # True or False, 1 or 0
    "rate-type",  # Percentage or Fixed
    "moment",  # mm/dd/yyyy hh:mm:ss, a time of day
    "day",  # mm/dd/yyyy hh:mm:ss, where the date is what counts
    "birthdate",  # yyyy/mm/dd hh:mm:ss, where the date is what counts
]

TYPES: Final = frozenset(get_args(Type))


@dataclass(frozen=True, slots=True)
class Column:
    """One official column.

    Attributes:
        name: as the official tables spell it.
        type: what its cells hold.
        required: every row has a value.
        sample: a value for the template.
        joins: the column that a key points to, ``kind.Column``, or empty.
        aliases: other spellings that are accepted.
        personal: sealed or left out of canonical rows, and never shown.
    """

    name: str
    type: Type
    required: bool = False
    sample: str = ""
    joins: str = ""
    aliases: tuple[str, ...] = ()
    personal: bool = False


DayFrom = Literal["nothing", "day", "moment"]


@dataclass(frozen=True, slots=True)
class Kind:
    """One of the 18 kinds of import files.

    Attributes:
        key: its permanent name, for example ``sales-detail``.
        title: what the official tables call it.
        columns: all official columns in official order; a canonical row has one text for each.
        order: kinds of one session are imported in ascending order.
        reference: it outlasts a day: it lists what other files point to.
        day_from: how a row says its business day: by a ``day`` that is meant as such, by a ``moment`` that has to be
            put into a business day, or by ``nothing``.
        dated_by: the columns that date a row; the first that has a value counts.
        slack_days: rows so many days before or after the asked one are no error, because what dates them is their
            check, and its time may lie on the other side of the day's end.
        identity: the columns that no two rows may have in common, or none.
        rules: what holds between the columns of a row.
        one_of: groups of columns of which a file has at least one, whole.
        repeats: leading columns that rows of one check have in common.
        seldom: trailing columns that most rows leave empty.
        private: its values are never shown, in whatever column: the file is about people.
    """

    key: str
    title: str
    columns: tuple[Column, ...]
    order: int
    reference: bool = False
    day_from: DayFrom = "nothing"
    dated_by: tuple[str, ...] = ()
    slack_days: int = 0
    identity: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    one_of: tuple[tuple[str, ...], ...] = ()
    repeats: int = 0
    seldom: int = 0
    private: bool = False

    @property
    def headers(self) -> tuple[str, ...]:
        """The official headers in official order."""
        return tuple(column.name for column in self.columns)

    @property
    def required(self) -> tuple[str, ...]:
        """The columns that every file of this kind has."""
        return tuple(column.name for column in self.columns if column.required)

    @property
    def personal(self) -> tuple[str, ...]:
        """The columns that hold personal data."""
        return tuple(column.name for column in self.columns if column.personal)

    @property
    def has_breaks(self) -> bool:
        """Rows may be breaks of shifts, which say so by a flag."""
        return "IsUnpaidBreak" in self.headers

    @property
    def positions(self) -> Mapping[str, int]:
        """Where each column stands in a canonical row."""
        return {column.name: at for at, column in enumerate(self.columns)}
