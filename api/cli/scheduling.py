"""Commands about schedules: import one from a file, show it, publish it."""

from pathlib import Path
from typing import Annotated, Final

import typer

from adapters.files.schedules import COLUMNS, MOST_BYTES
from api import days, schedules
from api.cli.options import AsJson, Client, Location, intent_of, opened_for
from api.cli.saying import remark, show, show_json
from api.refusals import UnreadableFile
from api.texts import counted
from domain.commands.changing_schedule import ScheduleChange
from domain.identifiers import ScheduleId
from domain.schedule import BadShifts, ShiftProblem
from projections.catching_up import catch_up

Week = Annotated[str, typer.Argument(metavar="WEEK", help="The first business date of a workweek, YYYY-MM-DD.")]
Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, which is kept with it.")]

HELP: Final = f"""Import the schedule of a location in a week from a CSV file, whole.

\b
daybook import-schedule week.csv --location pier --week 2026-11-23 --why "week 48" --publish

One row for each shift, with the columns {", ".join(COLUMNS)}: the point of sale's ids of employee and job, and times
like 2026-11-24 17:00 by the location's clock. A file with an error changes nothing, and all its errors are told.
"""

_MOST_LINES: Final = 50


def import_schedule(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A CSV file.")],
    location: Annotated[str, typer.Option("--location", metavar="ID", help="The location whose schedule it is.")],
    week: Annotated[str, typer.Option("--week", metavar="DATE", help="The first business date of the week.")],
    why: Why = "imported a schedule",
    *,
    check: Annotated[bool, typer.Option("--check", help="Check the file and record nothing.")] = False,
    publish: Annotated[bool, typer.Option("--publish", help="Publish it as well.")] = False,
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Import the schedule of a location in a week from a CSV file."""
    reason = days.checked_reason(why)
    data = _read(file)
    with opened_for(client, reads_views=True) as opened:
        named = schedules.schedule_id(opened.settings.client, location, week)
        try:
            given = schedules.shifts_of_file(opened, named, data)
            intent = intent_of(opened, reason)
            changed = schedules.enter(opened, named, given, intent, source=_name(file), check_only=check)
            if publish and not check:
                changed = schedules.publish(opened, named, intent_of(opened, reason))
        except BadShifts as bad:
            _tell(bad, as_json=as_json)
            raise typer.Exit(1) from None
        catch_up(opened.engine, opened.journal)
    if check:
        if as_json:
            show_json({"location": location, "week": week, "check": True, "problems": []})
        else:
            show(f"The schedule can be imported as it is: {counted(len(given[0]), 'shift')}; nothing was recorded.")
        return
    _say(named, changed, as_json=as_json)


def schedule(
    location: Location,
    week: Week,
    *,
    history: Annotated[bool, typer.Option("--history", help="What happened to it, instead.")] = False,
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Print the schedule of a location in a week, or what happened to it."""
    with opened_for(client, reads_views=True) as opened:
        named = schedules.schedule_id(opened.settings.client, location, week)
        known = schedules.recorded(opened, named)
        steps = schedules.history(opened, named) if history else []
    if history:
        if as_json:
            show_json({"location": location, "week": week, "data": steps})
        for step in [] if as_json else steps:
            show(f"{step['recorded_at']:%Y-%m-%d %H:%M:%S}  {step['sentence']}")
        return
    if as_json:
        show_json(schedules.plain_schedule(named, known))
        return
    published = f", published {counted(known.publications, 'time')}" if known.publications else ""
    show(f"{location}, week of {week}: {known.stage}, {counted(len(known.shifts), 'shift')}{published}.")
    for id_, shift in known.shifts.items():
        mark = "" if known.published.get(id_) == shift else "  (not published)"
        show(f"  {id_}  {shift.starts_at} to {shift.ends_at}  employee {shift.employee}, job {shift.job}{mark}")


def publish_schedule(location: Location, week: Week, why: Why, client: Client = None, as_json: AsJson = False) -> None:
    """Publish the schedule of a location in a week: the point of sale is told, where it takes schedules."""
    reason = days.checked_reason(why)
    with opened_for(client, reads_views=True) as opened:
        named = schedules.schedule_id(opened.settings.client, location, week)
        changed = schedules.publish(opened, named, intent_of(opened, reason))
        catch_up(opened.engine, opened.journal)
    _say(named, changed, as_json=as_json)


def _read(file: Path) -> bytes:
    """The bytes of a file, one more than may be at most.

    Raises:
        UnreadableFile: it is none, or cannot be read.
    """
    try:
        with file.open("rb") as opened:
            return opened.read(MOST_BYTES + 1)
    except OSError:
        raise UnreadableFile(f"There is no file {file} that can be read.") from None


def _name(file: Path) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in file.name)[:200]


def _tell(bad: BadShifts, *, as_json: bool) -> None:
    if as_json:
        shown = [{"row": one.row, "column": one.column, "message": one.message} for one in bad.problems]
        show_json({"problems": shown})
        return
    for problem in bad.problems[:_MOST_LINES]:
        show(f"  {_line(problem)}")
    if len(bad.problems) > _MOST_LINES:
        show(f"  … and {len(bad.problems) - _MOST_LINES} more: --json tells them all.")
    remark("daybook: Nothing was imported.")


def _line(problem: ShiftProblem) -> str:
    place = f"row {problem.row}" if problem.row else "file"
    return f"{place}{f', {problem.column.capitalize()}' if problem.column else ''}: {problem.message}."


def _say(named: ScheduleId, changed: ScheduleChange, *, as_json: bool) -> None:
    if as_json:
        told = schedules.plain_changed(named, changed)
        at = changed.receipt.recorded_at.isoformat().replace("+00:00", "Z") if changed.receipt else None
        show_json({**told, "recorded_at": at})
    elif changed.receipt is None:
        show(f"{named.location}, week of {named.week}: so already ({changed.after.stage}); nothing is recorded.")
    else:
        shifts = counted(len(changed.after.shifts), "shift")
        show(f"{named.location}, week of {named.week}: {changed.after.stage}, {shifts}.")
