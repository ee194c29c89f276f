"""The command `accounts`: which account of the books each line of the journal entries goes to."""

from collections.abc import Iterable
from typing import Annotated

import typer

from api import days
from api.books import limit_of, plain_books
from api.cli.options import AsJson, Client, intent_of, opened_for
from api.cli.saying import remark, show, show_json
from api.composition import OpenHouse
from api.refusals import NoSuchAccount
from domain.accounts import DEFAULT_ACCOUNTS
from domain.books import Books
from domain.commands.loading import load_books
from domain.commands.map_accounts import MapAccounts, map_accounts
from domain.identifiers import BooksId
from domain.money import shown


def accounts(
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=ACCOUNT", help="An account of your own: 'sales/Food/*=4010'; repeatable."),
    ] = None,
    unset: Annotated[
        list[str] | None, typer.Option(metavar="KEY", help="Take an account of your own back; repeatable.")
    ] = None,
    defaults: Annotated[
        bool | None, typer.Option(help="Whether the default accounts count where you have none of your own.")
    ] = None,
    over_short_limit: Annotated[
        str | None, typer.Option(metavar="AMOUNT", help="Over/short beyond it, either way, is flagged.")
    ] = None,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, which is kept with the change.")] = "",
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Show the account of each line of the journal entries, or change your own; the nearest key or pattern wins."""
    reason = days.checked_reason(why) if why else ""
    with opened_for(client) as opened:
        books = load_books(opened.journal, BooksId(opened.settings.client))
        if set_ or unset or defaults is not None or over_short_limit is not None:
            books = _changed(opened, books, set_ or [], unset or [], defaults, over_short_limit, reason)
    if as_json:
        show_json(plain_books(books))
        return
    for line in _lines(books):
        show(line)


def _changed(
    opened: OpenHouse,
    books: Books,
    assignments: Iterable[str],
    taken_back: Iterable[str],
    defaults: bool | None,
    over_short_limit: str | None,
    reason: str,
) -> Books:
    own = dict(books.mapping.own)
    for key in taken_back:
        if key not in own:
            raise NoSuchAccount(f"You have no account of your own for {key[:60]!r}: `daybook accounts` lists them.")
        del own[key]
    for text in assignments:
        key, equals, account = text.rpartition("=")
        if not equals:
            raise typer.BadParameter(f"{text[:60]!r} is not KEY=ACCOUNT.")
        own[key] = account
    command = MapAccounts(
        BooksId(opened.settings.client),
        own,
        intent_of(opened, reason),
        defaults=books.mapping.defaults if defaults is None else defaults,
        over_short_limit_cents=books.over_short_limit_cents if over_short_limit is None else limit_of(over_short_limit),
        # Decided on what was just read: of two at once, the second is told.
        expected_version=books.version,
    )
    mapped = map_accounts(command, opened.house)
    if mapped.receipt is None:
        remark("The books say so already: nothing is recorded.")
    return mapped.books


def _lines(books: Books) -> Iterable[str]:
    yield f"Version {books.version} of the books; over/short beyond {shown(books.over_short_limit_cents)} is flagged."
    shown_accounts = [(key, account, "") for key, account in books.mapping.own.items()]
    if books.mapping.defaults:
        shown_accounts += [(key, account, "  default") for key, account in sorted(DEFAULT_ACCOUNTS.items())]
    width = max((len(key) for key, _, _ in shown_accounts), default=0)
    for key, account, default in shown_accounts:
        yield f"  {key:<{width}}  {account}{default}"
