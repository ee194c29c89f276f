"""The command that imports files: import."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

import typer

from adapters.files import KINDS, Kind, kind_named
from adapters.files.copying import write_copy
from adapters.files.sessions import Session, files_session, folder_session, zip_session
from adapters.files.templates import template
from api import days
from api.cli.day import beside_sentences, staged_sentence
from api.cli.options import AsJson, Client, intent_of, opened_for
from api.cli.saying import remark, show, show_json
from api.imports import Feeding, Given, Imported, Refused, as_given, feeding, import_session
from api.plain import plain_import
from api.refusals import UnreadableFile
from domain.business_date import business_date
from domain.commands.recording import Outcome
from domain.identifiers import plain
from projections.catching_up import catch_up

HELP: Final = f"""Import files for a location: one file of a kind, or a folder or zip of files as one session.

\b
daybook import deposits Deposits.csv --location pier --date 2026-11-20
daybook import exports/november --location pier
daybook import --template sales-detail > Sales.csv

A file is a whole snapshot of its kind for a business day; it is compared with the one before, and only what differs
is recorded. A file with an error changes nothing, and all its errors are told. Without --date the rows of each file
say which business day they are of, or the file's name does.

Kinds: {", ".join(KINDS)}.
"""

_MOST_LINES: Final = 50


def import_(
    what: Annotated[
        list[str] | None,
        typer.Argument(metavar="[KIND] FILE", help="A kind and a file; or a file, folder or zip that says its kinds."),
    ] = None,
    location: Annotated[
        str | None, typer.Option("--location", metavar="ID", help="The location that the files are of.")
    ] = None,
    date: Annotated[
        str | None, typer.Option("--date", metavar="DATE", help="The one business date that they are of, YYYY-MM-DD.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Check the files and record nothing.")] = False,
    errors: Annotated[
        Path | None,
        typer.Option("--errors", metavar="FILE.csv", help="Write a copy of the one bad file with what is wrong in it."),
    ] = None,
    template_kind: Annotated[
        str | None, typer.Option("--template", metavar="KIND", help="Print a kind's official headers and a sample row.")
    ] = None,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, which is kept with the import.")] = "",
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Import files for a location."""
    if template_kind is not None:
        show(template(kind_named(template_kind)).rstrip("\r\n"))
        return
    kind, path = _named(what or [])
    if location is None:
        raise typer.BadParameter("Give --location: whose files they are.")
    asked = None if date is None else business_date(date)
    reason = days.checked_reason(why) if why else ""
    with opened_for(client, reads_views=True) as opened, _session(path, kind) as session:
        fed = feeding(opened, opened.settings.client, plain(location, "location"))
        files = as_given(session, asked)
        intent = intent_of(opened, reason)
        found = import_session(opened, fed, files, intent, check_only=check, problems=session.problems)
        catch_up(opened.engine, opened.journal)
        if errors is not None and isinstance(found, Refused):
            _write_copy(fed, files, found, errors)
    if as_json:
        show_json({"location": location, "check": check, **plain_import(found)})
    else:
        _say(found, check=check, copied=errors)
    if isinstance(found, Refused) or any(outcome.failure for outcome in found.days.values()):
        raise typer.Exit(1)


def _named(what: Sequence[str]) -> tuple[Kind | None, Path]:
    """The kind, where it is named, and the path."""
    if len(what) == 1:
        return None, Path(what[0])
    if len(what) != 2:
        raise typer.BadParameter(
            "Give KIND FILE, for example `daybook import deposits Deposits.csv`, or a folder or zip."
        )
    return kind_named(what[0]), Path(what[1])


@contextmanager
def _session(path: Path, kind: Kind | None) -> Iterator[Session]:
    """The files at a path.

    Raises:
        UnreadableFile: there is nothing to be read at it.
    """
    if path.is_dir() and kind is None:
        yield folder_session(path)
    elif not path.is_file():
        raise UnreadableFile(f"There is no file {'' if kind else 'or folder '}{path}.")
    elif path.suffix.lower() == ".zip" and kind is None:
        with path.open("rb") as file, zip_session(file) as session:
            yield session
    else:
        yield files_session([(path.name, lambda: path.open("rb"))], kind)


def _write_copy(fed: Feeding, files: Sequence[Given], found: Refused, path: Path) -> None:
    bad = [file for file, report in zip(files, found.reports, strict=True) if not report.good]
    if len(bad) != 1:
        remark(f"No copy was written: {len(bad)} files have errors, and a copy is of one.")
        return
    (file,) = bad
    dating = None if file.kind.reference else fed.dating(file.kind, file.date)
    with file.open() as source, path.open("wb") as out:
        write_copy(source, file.kind, out, name=file.name, dating=dating)


def _say(found: Imported | Refused, *, check: bool, copied: Path | None) -> None:
    for report in found.reports:
        lines = list(report.lines())
        for line in lines[:_MOST_LINES]:
            show(line)
        if len(lines) > _MOST_LINES:
            show(f"  … and {len(lines) - _MOST_LINES} more lines: --json tells them all.")
    if isinstance(found, Refused):
        for _, problem in found.problems[:_MOST_LINES]:
            show(f"  {problem}")
        remark("daybook: Nothing was imported." + (f" See {copied}." if copied else ""))
        return
    if check:
        show("The files can be imported as they are; nothing was recorded.")
        return
    if found.reference is not None:
        show(f"Reference data: {found.reference.added} added, {found.reference.changed} changed.")
    for date, outcome in found.days.items():
        show(" ".join((f"{date}: {_sentence(outcome)}", *beside_sentences(outcome))))


def _sentence(outcome: Outcome) -> str:
    if outcome.failure is not None:
        return f"failed ({outcome.failure.failure}): {outcome.failure.message}"
    if outcome.outcome == "staged":
        return staged_sentence(outcome)
    if outcome.outcome == "unchanged":
        return f"nothing differs from generation {outcome.generation}."
    counts = f"{outcome.added} added, {outcome.changed} changed, {outcome.removed} removed"
    return f"generation {outcome.generation}, {counts}."
