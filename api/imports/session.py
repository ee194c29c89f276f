"""A session of import files: all of them are checked before anything is recorded."""

import datetime as dt
import hashlib
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import IO, Final

from adapters.files import DEFAULT_LIMITS, Content, Kind, Limits, Report, read
from adapters.files.assembling import Owner, sealer
from adapters.files.problems import Problem
from adapters.files.sessions import Session, SessionFile
from api.composition import OpenHouse
from api.imports.feeding import Feeding, make_sure
from api.imports.foresight import Foresight, foresight
from api.refusals import KeyReused
from domain.commands.import_files import (
    BESIDE_A_POLL,
    REFERENCE_BESIDE_A_POLL,
    ImportFiles,
    check_begun,
    check_beside,
    import_files,
)
from domain.commands.import_reference import ImportReference, ReferenceOutcome, import_reference
from domain.commands.intent import Intent
from domain.commands.recording import Outcome
from domain.facts import ReadFile
from domain.identifiers import DayId
from domain.ports.captures import Page
from domain.refusals import Refusal

MOST_SENTENCE: Final = 300


class NoFiles(Refusal):
    """There is no import file among what was given."""


class NoBusinessDay(Refusal):
    """Rows of a file do not say which business day they are of, and nothing else does."""


class TwoFiles(Refusal):
    """Two files of a session are of one kind and business day: each is a whole snapshot, and would undo the other."""


@dataclass(frozen=True, slots=True)
class Given:
    """One file, as it is imported.

    Attributes:
        kind: what it is read as.
        name: what it is called.
        date: the business date that was asked for or that its name says; None where each row says its own.
        open: opens it anew, binary and seekable.
    """

    kind: Kind
    name: str
    date: dt.date | None
    open: Callable[[], IO[bytes]]


@dataclass(frozen=True, slots=True)
class Refused:
    """A session with errors: nothing of it was imported.

    Attributes:
        reports: of every file that could be told what it is, good or not.
        problems: files that could not, by name.
        days: the attempt that was recorded, by business date; empty where only checking was asked for.
    """

    reports: tuple[Report, ...]
    problems: tuple[tuple[str, Problem], ...] = ()


@dataclass(frozen=True, slots=True)
class Imported:
    """A session that was imported, or checked and found good.

    Attributes:
        reports: of every file, with its warnings.
        reference: what came of its reference data, or None where it has none or only checking was asked for.
        days: what came of each business day, in order; empty where only checking was asked for.
    """

    reports: tuple[Report, ...]
    reference: ReferenceOutcome | None = None
    days: dict[dt.date, Outcome] = field(default_factory=dict)

    @property
    def position(self) -> int:
        """The position of the log that shows all of it; 0 where nothing was recorded."""
        receipts = [outcome.receipt for outcome in self.days.values()]
        if self.reference is not None:
            receipts.append(self.reference.receipt)
        return max((receipt.position for receipt in receipts), default=0)


def as_given(session: Session, date: dt.date | None) -> list[Given]:
    """The files of a session, for one date where one was asked for."""
    return [_given(file, date) for file in session.files]


def _given(file: SessionFile, date: dt.date | None) -> Given:
    return Given(file.kind, file.name, None if file.kind.reference else date or file.date, file.open)


def import_session(
    opened: OpenHouse,
    fed: Feeding,
    files: Sequence[Given],
    intent: Intent,
    *,
    check_only: bool = False,
    problems: tuple[tuple[str, Problem], ...] = (),
    once: bool = False,
    limits: Limits = DEFAULT_LIMITS,
) -> Imported | Refused:
    """Check all files, and import them if none has an error: reference data first, then day by day.

    Each business day is one commit. Where a later day is refused, the days before stand, and the same session again
    goes on where it ended: days that have it already record the attempt only.

    Args:
        opened: the running daybook.
        fed: where the files go.
        files: reference data first.
        intent: who and why; every step's command is named after its command.
        check_only: record nothing.
        problems: files of the session that cannot be told what they are.
        once: the command was named by the caller, who may send it again: other files under its name are refused.
        limits: bounds.

    Raises:
        KeyReused: the command was given before, with other files.
        NoFiles: there is nothing to import.
        FedByAnother: files of a kind that another connection feeds.
        DayNotBegun, StreamMoved, JournalUnavailable: see ``import_files``.
    """
    if not files and not problems:
        raise NoFiles("There is no import file in what was given: a file's name or its columns say which kind it is.")
    check_beside([file.kind.key for file in files if not file.kind.reference], fed.beside, BESIDE_A_POLL)
    check_beside([file.kind.key for file in files if file.kind.reference], fed.beside, REFERENCE_BESIDE_A_POLL)
    with ExitStack() as closing:
        seeing = None if check_only else closing.enter_context(foresight(opened.house, _size(files)))
        read_files: list[tuple[Given, Report, Content]] = []
        for file in files:
            report, content = _read(opened, fed, file, limits, seeing if len(files) == 1 else None)
            closing.callback(content.close)
            read_files.append((file, report, content))
        reports = tuple([report for _, report, _ in read_files])
        if problems or not all(report.good for report in reports):
            if not check_only:
                _record_refusal(opened, fed, files, reports, problems, intent)
            return Refused(reports, problems)
        if once:
            _check_reuse(opened, fed, read_files, intent)
        _check_once(read_files)
        return Imported(reports) if check_only else _record(opened, fed, read_files, intent, seeing)


def _check_reuse(
    opened: OpenHouse, fed: Feeding, files: Sequence[tuple[Given, Report, Content]], intent: Intent
) -> None:
    """Make sure that what the command recorded before, if anything, it recorded of these files.

    Raises:
        KeyReused: it did not.
    """
    days = [DayId(fed.client, fed.location, date).stream for date in _dates(files)]
    given = {report.digest for _, report, _ in files}
    for stream in (fed.connection.stream, *days):
        for entry in opened.journal.stream(stream):
            attempt = getattr(entry.fact, "attempt", None)
            if entry.provenance.correlation == intent.correlation and attempt is not None:
                same = {file.digest for file in attempt.files} <= given and entry.provenance.reason == intent.reason
                if not same:
                    raise KeyReused("The Idempotency-Key was used before for other files: use a new one for these.")


def _check_once(files: Sequence[tuple[Given, Report, Content]]) -> None:
    """Make sure that each kind comes once for each day, and reference data once at all.

    Raises:
        TwoFiles: it does not.
        NoBusinessDay: rows do not say of which day they are.
    """
    taken: dict[tuple[str, dt.date | None], str] = {}
    all_dates = _dates(files)
    for file, report, content in files:
        days: list[dt.date | None] = [None] if file.kind.reference else [*_dates([(file, report, content)], all_dates)]
        for day in days:
            other = taken.setdefault((file.kind.key, day), file.name)
            if other != file.name:
                raise TwoFiles(
                    f"{other!r} and {file.name!r} are both {file.kind.key}{f' of {day}' if day else ''}: "
                    "a file is a whole snapshot, so give one, or put them together."
                )


def _size(files: Sequence[Given]) -> int:
    """The bytes of all files together."""
    whole = 0
    for file in files:
        with file.open() as opened:
            whole += opened.seek(0, io.SEEK_END)
    return whole


def _read(
    opened: OpenHouse, fed: Feeding, file: Given, limits: Limits, seeing: Foresight | None
) -> tuple[Report, Content]:
    owner = Owner(fed.client, fed.connection.connection, fed.location)
    seal = sealer(file.kind.key, owner, opened.house.vault)

    def watch(content: Content) -> None:
        if seeing is not None:
            whole = [(file, content)]
            seeing.look(content.dates_behind, lambda date: _command(fed, date, whole, Intent("foresight")))

    with file.open() as opened_file:
        return read(
            opened_file,
            file.kind,
            name=file.name,
            limits=limits,
            dating=None if file.kind.reference else fed.dating(file.kind, file.date),
            seal=seal,
            watch=watch,
        )


def _record(
    opened: OpenHouse,
    fed: Feeding,
    files: Sequence[tuple[Given, Report, Content]],
    intent: Intent,
    seeing: Foresight | None,
) -> Imported:
    dates = _dates(files)
    now = opened.house.clock.now()
    for date in dates:
        check_begun(fed.frame(date), fed.location, now)
    make_sure(opened, fed, intent.actor)
    reports = tuple([report for _, report, _ in files])
    reference = [entry for entry in files if entry[0].kind.reference]
    outcome = _import_reference(opened, fed, reference, intent) if reference else None
    days: dict[dt.date, Outcome] = {}

    def command_for(date: dt.date) -> ImportFiles:
        of_day = [entry for entry in files if not entry[0].kind.reference and date in _dates([entry], dates)]
        told = tuple([_told(report, _rows_of(file, content, date)) for file, report, content in of_day])
        whole = [(file, content) for file, _, content in of_day]
        return _command(fed, date, whole, _step(intent, date.isoformat()), told)

    for at, date in enumerate(dates):
        if seeing is not None:
            seeing.look(dates[at + 1 :], command_for)
        days[date] = import_files(command_for(date), opened.house, seeing)
    return Imported(reports, outcome, days)


def _dates(files: Sequence[tuple[Given, Report, Content]], all_dates: Sequence[dt.date] | None = None) -> list[dt.date]:
    """The business days that files have something to say about; one for a given date also where it has no rows.

    Rows that say no day are of the only one that the session is about, and so is a file without rows: it says that
    there is nothing of its kind. Where a session is about several days, such a file says nothing of any.

    Args:
        files: some of the session.
        all_dates: the days of the whole session, where only some of its files are asked about.

    Raises:
        NoBusinessDay: rows say no day, and the session has none or several; or nothing in the session says one.
    """
    found: set[dt.date] = set()
    undated, empty = [], []
    for file, report, content in files:
        if not file.kind.reference:
            found |= {file.date} if file.date else {date for date in content.dates if date}
            undated += [report] if not file.date and None in content.dates else []
            empty += [report] if not file.date and not content.dates else []
    whole = found if all_dates is None else set(all_dates)
    if undated and len(whole) != 1:
        raise NoBusinessDay(
            f"Rows of {undated[0].name or undated[0].kind} do not say which business day they are of: give the date, "
            "or put it into the file's name."
        )
    if empty and not whole:
        raise NoBusinessDay(
            f"{empty[0].name or empty[0].kind} has no rows, and nothing says which business day has nothing of its "
            "kind: give the date, or put it into the file's name."
        )
    return sorted(found | whole if undated or (empty and len(whole) == 1) else found)


def _import_reference(
    opened: OpenHouse, fed: Feeding, files: Sequence[tuple[Given, Report, Content]], intent: Intent
) -> ReferenceOutcome:
    command = ImportReference(
        fed.connection,
        fed.location,
        _step(intent, "reference"),
        tuple([_told(report) for _, report, _ in files]),
        {file.kind.key: _pages(file, content, [None]) for file, _, content in files},
        beside=fed.beside,
    )
    return import_reference(command, opened.house)


def _command(
    fed: Feeding,
    date: dt.date,
    files: Sequence[tuple[Given, Content]],
    intent: Intent,
    told: tuple[ReadFile, ...] = (),
) -> ImportFiles:
    """The command that imports what files have of a day."""
    return ImportFiles(
        DayId(fed.client, fed.location, date),
        fed.connection,
        intent,
        files=told,
        pages={file.kind.key: _pages(file, content, _days_of(file, content, date)) for file, content in files},
        beside=fed.beside,
    )


def _days_of(file: Given, content: Content, date: dt.date) -> list[dt.date | None]:
    """The dates under which a file keeps what is of a day: of a file for one day that is everything in it."""
    return list(content.dates) if file.date else [day for day in content.dates if day in {date, None}]


def _rows_of(file: Given, content: Content, date: dt.date) -> int:
    return sum(content.rows(day) for day in _days_of(file, content, date))


def _pages(file: Given, content: Content, days: Sequence[dt.date | None]) -> tuple[Page, ...]:
    kind = file.kind.key
    pages = tuple([Page(kind, page.rows, page.data) for day in days for page in content.pages(day)])
    return pages or (Page(kind, 0, b"[]"),)


def _told(report: Report, rows: int | None = None) -> ReadFile:
    return ReadFile(report.kind, report.name, report.digest, report.rows if rows is None else rows)


def _step(intent: Intent, step: str) -> Intent:
    """A step's own command: the same session again is the same steps."""
    command = hashlib.sha256(f"{intent.command} {step}".encode()).hexdigest()[:40]
    return replace(intent, command=command, correlation=intent.correlation or intent.command)


def _record_refusal(
    opened: OpenHouse,
    fed: Feeding,
    files: Sequence[Given],
    reports: Sequence[Report],
    problems: tuple[tuple[str, Problem], ...],
    intent: Intent,
) -> None:
    """Record that a session was tried and refused: on its business days if they are known, else on the connection."""
    make_sure(opened, fed, intent.actor)
    sentence = " ".join(_sentences(reports, problems))[:MOST_SENTENCE]
    told = tuple([_told(report) for report in reports])
    dates = {file.date for file in files if not file.kind.reference}
    if dates and None not in dates:
        for date in sorted(date for date in dates if date):
            day = DayId(fed.client, fed.location, date)
            command = ImportFiles(
                day, fed.connection, _step(intent, date.isoformat()), files=told, failure=sentence, beside=fed.beside
            )
            import_files(command, opened.house)
        return
    step = _step(intent, "reference")
    command_ = ImportReference(fed.connection, fed.location, step, told, failure=sentence, beside=fed.beside)
    import_reference(command_, opened.house)


def _sentences(reports: Sequence[Report], problems: Sequence[tuple[str, Problem]]) -> Iterator[str]:
    for report in reports:
        if not report.good:
            yield f"{report.kind} has {report.error_count} error{'' if report.error_count == 1 else 's'}."
    if problems:
        yield f"{len(problems)} file{'' if len(problems) == 1 else 's'} cannot be told what they are."
