"""The shapes of journal entries and of the account mapping."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.days import LONGEST_REASON
from api.http.models import Amount, BusinessDate, Number, Shape
from api.http.summary_models import Issue
from domain.accounts import LONGEST_ACCOUNT, LONGEST_KEY
from domain.books import MOST_ACCOUNTS

Account = Annotated[str, Field(description="An account of the client's books; empty where the line is blocked.")]
Key = Annotated[str, Field(description="What the line is of.", examples=["sales/Food/Dine In", "tips-payable"])]
Blocked = Annotated[str, Field(description="Why the line goes nowhere yet, or empty.")]
Source = Annotated[str, Field(description="The records that it is summed up from.", examples=["ticket.items"])]
Where = Annotated[
    dict[str, str],
    Field(description="What those records have in common.", examples=[{"category": "Food", "service_type": "Dine In"}]),
]


class JournalLine(Shape):
    """One line of an entry that balances."""

    side: Literal["debit", "credit"]
    key: Key
    account: Account
    amount: Amount
    blocked: Blocked
    source: Source
    where: Where


class StatisticalLine(Shape):
    """One line of the statistical entry."""

    key: Key
    account: Account
    quantity: Number
    blocked: Blocked
    source: Source
    where: Where


class JournalEntry(Shape):
    """An entry: its debits are its credits, always."""

    lines: list[JournalLine]
    debits: Amount = Field(description="Of all lines, blocked ones too.")
    credits: Amount = Field(description="The same amount.")
    blocked: int = Field(description="Lines that have no account yet.")


class StatisticalEntry(Shape):
    """Guests, tickets and hours; it need not balance."""

    lines: list[StatisticalLine]
    blocked: int


class JournalEntries(Shape):
    """The journal entries of a business day."""

    books: int = Field(description="The version of the client's books: see `GET /v1/accounts`.")
    sales: JournalEntry
    labor: JournalEntry
    statistical: StatisticalEntry
    over_short: Amount | None = Field(description="null while it is unknown: no deposit has come.")
    over_short_limit: Amount = Field(description="What the client lets pass.")
    over_short_flagged: bool = Field(description="Over/short is beyond that, either way.")
    issue_count: int
    issues: list[Issue]


class DayEntries(Shape):
    """The journal entries of one day, as recorded now or as known at a moment."""

    location: str
    date: BusinessDate
    version: int = Field(description="The version of the day's stream.")
    as_of: int | None = Field(description="The log position that was asked for, or null for now.")
    journal_entries: JournalEntries


class Accounts(Shape):
    """A client's account mapping. The client's own come before the defaults, and the nearest key or pattern wins."""

    version: int = Field(description="The version of the books; the ETag.")
    accounts: dict[str, str] = Field(description="The client's own: account by key, or by a pattern that ends in `/*`.")
    defaults: bool = Field(description="Where the client has none of its own, the default accounts count.")
    default_accounts: dict[str, str] = Field(description="The defaults; empty where they do not count.")
    over_short_limit: Amount = Field(description="Over/short beyond it, either way, is flagged.")


_OwnKey = Annotated[str, Field(max_length=LONGEST_KEY)]
_OwnAccount = Annotated[str, Field(max_length=LONGEST_ACCOUNT)]


class AccountsRequest(BaseModel):
    """A client's own accounts, all of them: what is not named falls back to the defaults."""

    model_config = ConfigDict(extra="forbid", strict=True)

    accounts: dict[_OwnKey, _OwnAccount] = Field(
        max_length=MOST_ACCOUNTS, examples=[{"sales/Food/*": "4010", "tender/Visa": "1110"}]
    )
    defaults: bool = Field(default=True, description="Where there is none of its own, the default accounts count.")
    over_short_limit: str = Field(default="5.00", max_length=20, description="Over/short beyond it is flagged.")
    reason: str = Field(
        min_length=1, max_length=LONGEST_REASON, description="Kept with the change.", examples=["a new chart"]
    )
