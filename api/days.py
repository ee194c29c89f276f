"""What every way in does with business days: find what feeds a location, poll, replay, say which moment is meant."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any, Final, NoReturn

from sqlalchemy import Engine

from api.composition import OpenHouse
from api.refusals import BadMoment, BadReason, DayIsDeleted, NoSuchLocation
from api.texts import has_control_characters
from domain.actors import name_of
from domain.business_date import business_date
from domain.business_day import BusinessDay
from domain.commands.confirm_closed import ConfirmClosed, confirm_closed
from domain.commands.delete_day import DeleteDay, delete_day
from domain.commands.intent import Intent
from domain.commands.loading import NothingRecorded, load_books, load_day
from domain.commands.poll_day import PollDay, poll_day
from domain.commands.recording import Outcome
from domain.commands.replay_day import ReplayDay
from domain.commands.settle_day import Settled, SettleDay, State, settle_day
from domain.identifiers import BooksId, ConnectionId, DayId, plain
from domain.ledger import JournalEntries, journal_entries
from domain.ports.journal import Journal
from domain.summary import DailySalesSummary
from projections import queries
from projections.deletions import newest_deletion

LONGEST_REASON: Final = 500
_POSITION: Final = re.compile(r"@?[0-9]{1,18}")


def day_id(client: str, location: str, date: str) -> DayId:
    """The day of two texts that somebody gave.

    Raises:
        BadIdentifier: the location cannot be one.
        NotABusinessDate: the date is not ``YYYY-MM-DD``.
    """
    return DayId(client, plain(location, "location"), business_date(date))


def feeding(engine: Engine, day: DayId) -> ConnectionId:
    """The connection that feeds the day's location.

    Raises:
        NoSuchLocation: none does, as far as the views know.
    """
    found = queries.find_location(engine, day.client, day.location)
    if found is None:
        raise NoSuchLocation(
            f"There is no location {day.location!r} here: `daybook locations` lists those that connections feed."
        )
    return ConnectionId(day.client, found.connection)


def poll(opened: OpenHouse, day: DayId, intent: Intent, *, expected_version: int | None = None) -> Outcome:
    """Poll or repoll a day of a location.

    Raises:
        NoSuchLocation: no connection feeds it.
        DayNotOver, DayTooOld, NotConnected, NotTheVersion, StreamMoved, JournalUnavailable: see ``poll_day``.
    """
    return poll_day(PollDay(day, feeding(opened.engine, day), intent, expected_version), opened.house)


def replay_of(
    opened: OpenHouse,
    day: DayId,
    *,
    connection: str | None = None,
    configuration: int | None = None,
    options: Mapping[str, Any] | None = None,
) -> ReplayDay:
    """How a day is to be derived again.

    Args:
        opened: the running daybook.
        day: which.
        connection: whose configuration is meant; None: that of the connection that polls the location.
        configuration: the version to derive it under, or None for the recorded one.
        options: polling options to put over that version, by name.

    Raises:
        NoSuchLocation: no connection feeds it.
        BadIdentifier: the connection cannot be one.
    """
    feeds = feeding(opened.engine, day)
    named = feeds if connection is None else ConnectionId(day.client, plain(connection, "connection"))
    return ReplayDay(day, named, configuration, options)


def settle(
    opened: OpenHouse, day: DayId, state: State, intent: Intent, *, expected_version: int | None = None
) -> Settled:
    """Complete, approve or reopen a day.

    Raises:
        NothingRecorded, NotInThatState, NotTheVersion, StreamMoved, JournalUnavailable: see ``settle_day``.
    """
    settled = settle_day(SettleDay(day, state, intent, expected_version), opened.house)
    opened.waking.set()  # its journal entries may go out now
    return settled


def delete(opened: OpenHouse, day: DayId, intent: Intent, *, expected_version: int | None = None) -> Settled:
    """Delete a day's summary, so that it is polled anew.

    Raises:
        NoSuchLocation: no connection feeds it.
        NotInThatState, DayTooOld, NotPermitted, NotTheVersion, StreamMoved, JournalUnavailable: see ``delete_day``.
    """
    done = delete_day(DeleteDay(day, feeding(opened.engine, day), intent, expected_version), opened.house)
    opened.waking.set()
    return done


def confirm(opened: OpenHouse, day: DayId, intent: Intent, *, expected_version: int | None = None) -> Settled:
    """Confirm that the place was closed on a day without sales.

    Raises:
        NoSuchLocation: no connection feeds it.
        NotInThatState, HasSales, NotPermitted, NotTheVersion, StreamMoved, JournalUnavailable: see ``confirm_closed``.
    """
    feeding(opened.engine, day)
    return confirm_closed(ConfirmClosed(day, intent, expected_version), opened.house)


def refuse_deleted(opened: OpenHouse, day: DayId, *, until: int | None = None) -> NoReturn:
    """Say who deleted the day, when and why, and what comes next.

    Raises:
        DayIsDeleted: always.
    """
    deletion = newest_deletion(opened.journal, day, until=until)
    raise DayIsDeleted(
        f"{name_of(deletion.by)} deleted the business day {day.date} of {day.location} at "
        f"{deletion.at:%Y-%m-%d %H:%M:%S} UTC because '{deletion.because}': it is missing until it is read again, and "
        "has no summary. `daybook due` says when; `daybook history` and an earlier `as_of` show what it was."
    )


def entries(opened: OpenHouse, day: DayId, summary: DailySalesSummary, *, until: int | None = None) -> JournalEntries:
    """The journal entries of a day's summary in the client's books, as they are now or were at a position."""
    return journal_entries(summary, load_books(opened.journal, BooksId(day.client), until=until))


def check_recorded(journal: Journal, day: DayId, until: int | None = None) -> None:
    """Make sure that something is recorded of a day, or was by a position.

    Raises:
        NothingRecorded: nothing is.
    """
    if next(journal.stream(day.stream, until=until), None) is None:
        when = "it was never polled" if until is None else f"nothing was by position {until}"
        raise NothingRecorded(f"Nothing is recorded of the business day {day.date} of {day.location}: {when}.")


def check_read(day: DayId, known: BusinessDay, as_of: str | None = None) -> None:
    """Make sure that a day was read whole, so that it has figures.

    Raises:
        NothingRecorded: it never was, or not by the moment that was asked for.
    """
    if not known.generation:
        when = "" if as_of is None else f" as of {as_of}"
        raise NothingRecorded(
            f"The business day {day.date} of {day.location} was never read whole{when}: it has no figures."
        )


def closings(opened: OpenHouse, day: DayId) -> int:
    """How often a day was approved: the number of its newest closing; 1 where it never was, which finds none."""
    return load_day(opened.journal, day).closings or 1


def checked_reason(text: str) -> str:
    """A reason, as somebody gave it, without surrounding space.

    Raises:
        BadReason: it is empty, longer than 500 characters, or holds control characters.
    """
    text = text.strip()
    if not text or len(text) > LONGEST_REASON or has_control_characters(text):
        raise BadReason(
            f"Give a reason of 1 to {LONGEST_REASON} characters on one line: it is kept with what is recorded."
        )
    return text


def moment(journal: Journal, text: str) -> int:
    """The position of the log that ``as_of`` means: the end of the last commit that was whole at it.

    Only moments that have passed: what is known as of tomorrow is not known yet, and the answer must never change.

    Raises:
        BadMoment: it is neither, has no offset, or has not come yet.
    """
    if _POSITION.fullmatch(text):
        position = int(text.removeprefix("@"))
        if position > journal.head():
            raise BadMoment(
                f"The log ends at position {journal.head()}: there is nothing to know as of {position} yet."
            )
        return journal.position_at(position)
    instant = _instant(text)
    if instant > dt.datetime.now(dt.UTC):
        raise BadMoment(f"{instant:%Y-%m-%dT%H:%M:%SZ} has not come yet: ask for a moment that has passed.")
    return journal.position_at(instant)


def _instant(text: str) -> dt.datetime:
    example = (
        "write a position of the log (digits), or an instant such as 2026-11-21T22:10:00Z or 2026-11-21T17:10:00-05:00"
    )
    try:
        instant = dt.datetime.fromisoformat(text) if len(text) >= 16 and text[10] in "Tt " else None
    except ValueError:
        instant = None
    if instant is None:
        raise BadMoment(f"{text[:40]!r} is no moment: {example}.")
    if instant.tzinfo is None:
        raise BadMoment(f"{text[:40]!r} has no offset, so it is not one moment: {example}.")
    try:
        return instant.astimezone(dt.UTC)
    except OverflowError:
        raise BadMoment(f"{text[:40]!r} is no moment of the calendar: {example}.") from None
