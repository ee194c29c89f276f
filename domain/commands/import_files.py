"""Import files for a business day: a snapshot of some kinds, compared with what is recorded, as a poll is."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

import msgspec

from domain.business_day import FedByAnother, as_reopened
from domain.commands.loading import load_connection, load_day
from domain.commands.recording import (
    Outcome,
    Overtaken,
    Reading,
    Seen,
    Target,
    look,
    read_capture,
    record,
    record_reading,
    recorded_outcome,
)
from domain.connection import Connection
from domain.connection.standing import check_usable
from domain.facts import Attempt, PollFailed, ReadFile
from domain.identifiers import ConnectionId
from domain.permissions import Permission
from domain.polling import Options
from domain.polling.frame import Frame
from domain.polling.labor import MOST_PARTS
from domain.ports.ahead import Ahead
from domain.ports.captures import Capture, Page
from domain.ports.house import House
from domain.ports.source import SourceFailure, System
from domain.refusals import NotYet, Refusal

MOST_READINGS: Final = 5
"""How often the files are compared again because others were imported for the day meanwhile."""

_LABOR: Final = "labor-detail"

REFERENCE: Final = "reference:"
"""Before the kind of a page that holds reference data in force, in canonical bytes: ``reference:menu-item``."""

EARLIER: Final = "earlier:"
"""Before the date and the kind of a page of an earlier day, whose shifts may reach into this one:
``earlier:2026-11-20:labor-detail``."""

_OF_SHIFTS: Final = frozenset({_LABOR, f"{REFERENCE}employee", f"{REFERENCE}job"})

BESIDE_A_POLL: Final = frozenset({"deposits", "paid-in-outs", "tills", _LABOR})
"""Kinds of files for a business day that may come beside a connection that polls the location."""

REFERENCE_BESIDE_A_POLL: Final = frozenset({"menu-items", "tenders", "tax-definitions", "house-accounts"})
"""Kinds of reference data that may: people and jobs come from the system that is polled."""

CONTRACT: Final = 1
"""The version of the shape of pages of import files."""


class DayNotBegun(NotYet):
    """The business day has not begun at the location: nothing can have been sold or worked on it."""


class NotFromFiles(Refusal):
    """The connection polls its system: files go to a connection of import files."""


@dataclass(frozen=True, slots=True)
class ImportFiles(Target):
    """Import a snapshot of some kinds of files for one business day; other kinds of the day stay as they are.

    Attributes:
        files: what was read: kind, name, digest and rows.
        pages: the rows in canonical form, by the kind of file; a kind without rows has one page without rows.
        failure: why the files are refused, in a sentence; then the attempt is recorded, and nothing else.
        beside: the connection that polls the location, whose reference data counts where the files bring none.
    """

    files: tuple[ReadFile, ...] = ()
    pages: Mapping[str, tuple[Page, ...]] = field(default_factory=dict)
    failure: str = ""
    beside: ConnectionId | None = None


class Foreseen(NamedTuple):
    """What importing files would translate, if nothing is recorded meanwhile that changes it.

    Attributes:
        capture: the files' snapshot beside what of the day stays as it is.
        frame: the business day.
        options: in force for it.
    """

    capture: Capture
    frame: Frame
    options: Options


def foreseen(command: ImportFiles, house: House) -> Foreseen:
    """What :func:`import_files` would translate now, for who can do it ahead of time; records nothing.

    Raises:
        NotConnected: the connection does not feed the location.
        NotFromFiles: the connection is to a system that is polled.
        NotTheVersion: ``expected_version`` is not the day's.
        JournalUnavailable: the database is away.
    """
    seen = look(command, house)
    return _seen_through(command, house, pushing(house, seen.connection), seen)


def import_files(command: ImportFiles, house: House, ahead: Ahead | None = None) -> Outcome:
    """Import files for one business day of one location.

    The files' snapshot takes the place of the snapshots of the same kinds; what differs becomes facts, through the same
    decision as a poll. The same snapshot again is an attempt and nothing else. A command that was recorded before is
    not done again; what it recorded is answered.

    Args:
        command: what to import.
        house: the ports.
        ahead: what was translated ahead of time, if anything was.

    Raises:
        NotPermitted: the role may not import there.
        DayNotBegun: it is too early.
        NotConnected: the connection does not feed the location.
        NotFromFiles: the connection is to a system that is polled.
        IsSuspended, IsDisconnected: nothing is imported through the connection.
        FedByAnother: another connection feeds the day's records of these kinds; the attempt is recorded.
        NotTheVersion: ``expected_version`` is not the day's.
        StreamMoved: the race was lost too often.
        JournalUnavailable: the database is away.
    """
    house.permit(command.intent.asks(Permission.IMPORT, command.day.client, command.day.location))
    done = recorded_outcome(command, house)
    if done:
        return done
    check_beside(command.pages, command.beside, BESIDE_A_POLL)
    seen = look(command, house)
    system = pushing(house, seen.connection)
    check_usable(seen.connection, command.day.location)
    started_at = house.clock.now()
    check_begun(seen.connection.frame(command.day.location, command.day.date), command.day.location, started_at)
    attempt = Attempt(
        kind="import",
        connection=command.connection.connection,
        configuration=seen.connection.configuration.version,
        started_at=started_at,
        ended_at=started_at,
        read_bytes=sum(len(page.data) for pages in command.pages.values() for page in pages),
        rows={file.kind: file.rows for file in command.files},
        files=command.files,
    )
    try:
        if command.failure:
            raise SourceFailure("bad-file", command.failure)
        return _imported(command, house, system, seen, attempt, ahead)
    except SourceFailure as failure:
        return _fail(command, house, seen, attempt, failure)
    except FedByAnother as refusal:
        _fail(command, house, seen, attempt, SourceFailure("bad-file", str(refusal)))
        raise


def check_begun(frame: Frame, location: str, now: dt.datetime) -> None:
    """Refuse a business day that has not begun.

    Raises:
        DayNotBegun: it has not.
    """
    begins = frame.window.starts_at
    if begins > now:
        raise DayNotBegun(f"The business day {frame.date} of {location} begins at {begins:%Y-%m-%d %H:%M} UTC.")


def pushing(house: House, connection: Connection) -> System:
    """The system of a connection that brings its days in files.

    Raises:
        NotFromFiles: it is polled.
    """
    system = house.system(connection.system)
    if not system.pushes:
        raise NotFromFiles(f"The connection {connection.name!r} polls {system.title}: files do not go there.")
    return system


def check_beside(kinds: Iterable[str], polled: ConnectionId | None, allowed: frozenset[str]) -> None:
    """Refuse files of kinds that the connection which polls the location brings itself.

    Raises:
        FedByAnother: one of them is of such a kind.
    """
    refused = sorted(set(kinds) - allowed) if polled else []
    if polled and refused:
        raise FedByAnother(
            f"The location is polled by the connection {polled.connection!r}, which brings what {refused[0]} would: "
            f"beside it files can bring {', '.join(sorted(allowed))}."
        )


def _imported(
    command: ImportFiles, house: House, system: System, seen: Seen, attempt: Attempt, ahead: Ahead | None
) -> Outcome:
    for _ in range(MOST_READINGS):
        capture, frame, options = _seen_through(command, house, system, seen)
        translation = ahead.take(capture, frame, options) if ahead else None
        if translation is None:
            translation = read_capture(system, capture, frame, options)
        attempt = msgspec.structs.replace(
            attempt, ended_at=house.clock.now(), configuration=seen.connection.configuration.version
        )
        digest = house.captures.keep(command.day.client, capture)
        try:
            return record_reading(command, house, Reading(translation, attempt, digest, frame.window), seen)
        except Overtaken:
            seen = look(command, house, known=seen)
    raise SourceFailure("changed-while-reading", "Other files were imported for this day while these were compared.")


def _seen_through(command: ImportFiles, house: House, system: System, seen: Seen) -> Foreseen:
    connection, location = seen.connection, command.day.location
    return Foreseen(
        _capture(command, house, system, seen),
        connection.frame(location, command.day.date),
        connection.configuration.at(location),
    )


def _capture(command: ImportFiles, house: House, system: System, seen: Seen) -> Capture:
    """The files' snapshot beside those of the kinds that they do not bring, earlier shifts, and reference data."""
    kept: dict[str, list[Page]] = {}
    # Of an approved day on which files wait already, those are the ones that new files stand beside.
    feed = as_reopened(seen.day).feeds.get(command.connection.connection)
    if feed is not None:
        for page in house.captures.get(command.day.client, feed.capture).pages:
            if page.resource not in command.pages and not page.resource.startswith((REFERENCE, EARLIER)):
                kept.setdefault(page.resource, []).append(page)
    pages = {**{kind: tuple(pages) for kind, pages in kept.items()}, **command.pages}
    in_order = [page for _, given in sorted(pages.items()) for page in given]
    earlier = _earlier(command, house, seen, own=_LABOR in pages)
    parameters = {
        "connection": command.connection.connection,
        "location": command.day.location,
        "businessDate": command.day.date.isoformat(),
    }
    return Capture(
        system.key, CONTRACT, parameters, (*in_order, *earlier, *_reference(command, house, seen.connection))
    )


def _earlier(command: ImportFiles, house: House, seen: Seen, *, own: bool) -> list[Page]:
    """The shifts of the days before that can reach into this one, with the people and jobs that they were read with.

    A file has the shifts that began on its day; without these the part of a night that is on the day after would be on
    no day, or vanish from it with the next import. Where punches come from another connection they are its business.

    Args:
        command: the import.
        house: the ports.
        seen: what was recorded when reading began.
        own: the day has a file of shifts itself.
    """
    location, name = command.day.location, command.connection.connection
    polled = command.beside is not None and not own
    if polled or seen.day.feeder("punch") not in {"", name} or not seen.connection.ever_reached_over(location):
        return []
    found = []
    for back in range(MOST_PARTS - 1, 0, -1):
        date = command.day.date - dt.timedelta(days=back)
        feed = as_reopened(load_day(house.journal, replace(command.day, date=date))).feeds.get(name)
        pages = house.captures.get(command.day.client, feed.capture).pages if feed else ()
        found += [
            msgspec.structs.replace(page, resource=f"{EARLIER}{date}:{page.resource}")
            for page in pages
            if page.resource in _OF_SHIFTS
        ]
    return found


def _reference(command: ImportFiles, house: House, connection: Connection) -> list[Page]:
    """The reference data of a location, as pages: reading the capture again needs nothing else."""
    location = command.day.location
    polled = load_connection(house.journal, command.beside).rosters.get(location, {}) if command.beside else {}
    roster = {**polled, **connection.rosters.get(location, {})}
    return [
        Page(f"{REFERENCE}{kind}", len(records), b"[" + b",".join(data for _, data in sorted(records.items())) + b"]")
        for kind, records in sorted(roster.items())
        if records
    ]


def _fail(command: ImportFiles, house: House, seen: Seen, attempt: Attempt, failure: SourceFailure) -> Outcome:
    ended: dt.datetime = house.clock.now()
    failed = PollFailed(
        msgspec.structs.replace(attempt, ended_at=ended), failure.failure, failure.message, failure.retryable
    )
    return record(command, house, seen, lambda _day, _connection: ((failed,), ()))
