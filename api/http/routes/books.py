"""A client's books: the journal entries of a day, and which account each of their lines goes to."""

from typing import Annotated

from fastapi import APIRouter, Header
from starlette.responses import Response

from api import days
from api.books import limit_of, plain_books
from api.http.answering import Acting, Client, IfNoneMatch, Opened, Read, Reading, answer, unchanged, versioned
from api.http.deciding import intended, seen_of
from api.http.documents import documented
from api.http.ledger_models import Accounts, AccountsRequest, DayEntries
from api.http.parameters import AsOf, DatePath, IdempotencyKey, LocationPath
from api.http.permitting import takes
from api.refusals import NoVersionGiven
from domain.commands.loading import NothingRecorded, load_books
from domain.commands.map_accounts import MapAccounts, map_accounts
from domain.identifiers import BooksId, DayId
from domain.ledger import JournalEntries, plain_entries
from domain.permissions import Permission
from domain.summary import summary_of_bytes
from projections import queries
from projections.timetravel import day_as_of

router = APIRouter(prefix="/v1", tags=["books"])

_FRESH = ["Daybook-Position", "ETag"]


@router.get(
    "/days/{location}/{date}/journal-entries",
    operation_id="getJournalEntries",
    dependencies=[takes(Permission.READ)],
    summary="The journal entries of a day",
    response_model=DayEntries,
    responses=documented({200: "The entries.", 304: "The reader has them."}, 400, 404, 422, 503, headers=_FRESH),
)
def get_journal_entries(
    location: LocationPath, date: DatePath, read: Read, as_of: AsOf = None, if_none_match: IfNoneMatch = None
) -> Response:
    """Sales, labor and statistics, derived from the day's summary and the client's accounts, as both are or were.

    Debits equal credits. A line whose key has no account is `blocked`, and the others are not. The ETag is the version
    of the day's stream and that of the books.
    """
    day = days.day_id(read.client, location, date)
    read.begin()
    version, position, entries = _entries(read, day, as_of)
    tag = f"{version}.{entries.books}"
    content = {
        "location": day.location,
        "date": day.date,
        "version": version,
        "as_of": position,
        "journal_entries": plain_entries(entries),
    }
    same = unchanged(if_none_match, tag, read.position)
    return same or answer(content, position=read.position, headers=versioned(tag))


def _entries(read: Reading, day: DayId, as_of: str | None) -> tuple[int, int | None, JournalEntries]:
    """The day's version, the position that was asked for, and the entries."""
    if as_of is not None:
        position = days.moment(read.opened.journal, as_of)
        known = day_as_of(read.opened.journal, day, position)
        if known.day.deleted:
            days.refuse_deleted(read.opened, day, until=position)
        if known.day.generation:
            return known.day.version, position, days.entries(read.opened, day, known.summary, until=position)
    else:
        row = queries.day(read.opened.engine, day.client, day.location, day.date)
        if row is not None and row.deleted:
            days.refuse_deleted(read.opened, day)
        if row is not None and row.generation:
            return row.version, None, days.entries(read.opened, day, summary_of_bytes(row.document))
    when = "" if as_of is None else f" as of {as_of}"
    raise NothingRecorded(
        f"The business day {day.date} of {day.location} was never read whole{when}: it has no journal entries."
    )


@router.get(
    "/accounts",
    operation_id="getAccounts",
    dependencies=[takes(Permission.READ)],
    summary="Which account each journal line goes to",
    response_model=Accounts,
    responses=documented({200: "The mapping.", 304: "The reader has it."}, 400, 422, 503, headers=_FRESH),
)
def get_accounts(read: Read, if_none_match: IfNoneMatch = None) -> Response:
    """The client's own accounts and the defaults, by key or pattern; the ETag is the version of the books.

    The client's own come before the defaults; among each the key itself comes before patterns, and a longer pattern
    before a shorter one.
    """
    read.begin()
    books = load_books(read.opened.journal, BooksId(read.client))
    same = unchanged(if_none_match, books.version, read.position)
    return same or answer(plain_books(books), position=read.position, headers=versioned(books.version))


@router.put(
    "/accounts",
    operation_id="putAccounts",
    dependencies=[takes(Permission.MAP_ACCOUNTS)],
    summary="Replace the client's own accounts",
    response_model=Accounts,
    responses=documented(
        {200: "The mapping as it is now."},
        400,
        408,
        409,
        412,
        413,
        415,
        422,
        428,
        503,
        headers=[*_FRESH, "Idempotent-Replayed"],
    ),
)
def put_accounts(
    body: AccountsRequest,
    opened: Opened,
    client: Client,
    who: Acting,
    idempotency_key: IdempotencyKey = None,
    if_match: Annotated[
        str | None,
        Header(max_length=2000, description='The version that is replaced, `"0"` for the first (428 without).'),
    ] = None,
) -> Response:
    """All of them at once: what is not named falls back to the defaults. The same again records nothing.

    Recorded days do not change by it; their journal entries do.
    """
    if if_match is None:
        raise NoVersionGiven("Say in If-Match which version of the accounts you replace: the ETag of GET /v1/accounts.")
    books_id = BooksId(client)
    with intended(who, body.reason, idempotency_key) as intent:
        version = seen_of(
            opened, client, intent, if_match, lambda: load_books(opened.journal, books_id).version, "mapping"
        )
        command = MapAccounts(
            books_id,
            body.accounts,
            intent,
            defaults=body.defaults,
            over_short_limit_cents=limit_of(body.over_short_limit),
            expected_version=version,
        )
        mapped = map_accounts(command, opened.house)
    if opened.projector is not None:
        opened.projector.wake()
    position = opened.journal.head() if mapped.receipt is None else mapped.receipt.position
    headers = versioned(mapped.books.version) | ({"Idempotent-Replayed": "true"} if mapped.again else {})
    return answer(plain_books(mapped.books), position=position, headers=headers)
