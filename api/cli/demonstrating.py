"""The command `demo`: everything that daybook does, on a simulated point of sale."""

import random
import shlex
from contextlib import AbstractContextManager
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Final

import typer

from api import demo as demonstration
from api.cli.day import location_name, outcome_sentence, step_line, whole_history
from api.cli.options import settings_for
from api.cli.report import report
from api.cli.saying import progress_bar, remark, show
from api.composition import OpenHouse, init_store, open_house
from api.days import entries as entries_of
from api.demo import Plan, Stage
from api.demo_people import Somebody, make_people
from api.refusals import PortTaken
from api.serving import Listening, listen, serve_until_stopped
from api.settings import Settings
from api.work.beside import worker_beside
from domain.commands.recording import Outcome
from domain.facts import RecordsChanged
from domain.identifiers import DayId
from domain.ledger import plain_entries
from domain.summary import plain_summary
from projections.catching_up import catch_up
from projections.timetravel import day_as_of

_SCAN_SECONDS: Final = 20
"""How often the worker of the demonstration looks for missing days: nobody waits a quarter of an hour for it."""


def demo(
    days: Annotated[int, typer.Option(min=1, max=366, help="Business days of each location, up to yesterday.")] = 30,
    locations: Annotated[int, typer.Option(min=1, max=50, help="Locations.")] = 3,
    tickets: Annotated[int, typer.Option(min=1, max=20_000, help="Checks on each business day.")] = 120,
    seed: Annotated[int, typer.Option(min=0, help="Equal seeds make equal data.")] = 1,
    data: Annotated[Path, typer.Option(metavar="DIR", help="The data folder; it may be there already.")] = Path(
        "data/demo"
    ),
    serve: Annotated[bool, typer.Option(help="Serve the API at the end, until stopped.")] = True,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="The API's port.  [default: 8200, else a free one]")
    ] = None,
) -> None:
    """Poll a month of a simulated Tray POS, edit some of it there, poll again, show what changed, and serve the API.

    May be run again, with the same or other arguments, and after having been stopped anywhere.
    """
    plan = Plan(days, locations, tickets, seed)
    settings = settings_for(quiet=True, database_url="", data_dir=data)
    init_store(settings)
    client = demonstration.free_client(plan, data)
    settings = settings_for(
        client,
        quiet=True,
        database_url="",
        data_dir=data,
        actor="demo",
        role="operator",
        worker="on",
        allow_loopback=True,
        scan=_SCAN_SECONDS,
    )
    with (
        open_house(settings, projecting=serve) as opened,
        demonstration.staged(plan, opened, data) as stage,
    ):
        show(f"Data folder {data}, client {client}. The simulated Tray POS answers at {stage.pos.url}.")
        _poll(stage)
        edited = _edit(stage)
        catch_up(opened.engine, opened.journal)
        day = edited[0] if edited else demonstration.all_days(stage)[-1]
        _show_day(stage, day)
        _show_record(stage, edited)
        known = _show_people(opened, day)
        if serve:
            _serve(opened, day, port, known[0].key)


def _poll(stage: Stage) -> None:
    outcomes = {"polled": 0, "staged": 0, "unchanged": 0, "failed": 0}
    with progress_bar("business days") as progress:
        task = progress.add_task("Polling", total=len(demonstration.all_days(stage)))

        def told(day: DayId, outcome: Outcome) -> None:
            outcomes[outcome.outcome] += 1
            progress.advance(task)
            if outcome.failure is not None:
                remark(f"{outcome_sentence(day, outcome)} {outcome.failure.message}")

        demonstration.poll_all(stage, told)
    show(
        f"Polled {sum(outcomes.values())} business days of {stage.plan.locations} locations: {outcomes['polled']} "
        f"with a new generation, {outcomes['unchanged']} unchanged, {outcomes['failed']} failed."
    )
    if outcomes["failed"]:
        raise typer.Exit(1)


def _edit(stage: Stage) -> list[DayId]:
    edited = demonstration.edit(stage)
    show(
        f"Somebody edits and voids tickets and punches at the POS: {len(edited)} days differ there now. Repolling them:"
    )
    demonstration.repoll(stage, edited, lambda day, outcome: show(f"  {outcome_sentence(day, outcome)}"))
    return edited


def _show_day(stage: Stage, day: DayId) -> None:
    known = day_as_of(stage.opened.journal, day)
    summary = plain_summary(known.summary)
    entries = plain_entries(entries_of(stage.opened, day, known.summary))
    show("")
    show(report(summary, entries, location=location_name(stage.opened, day), date=day.date.isoformat()))
    net = demonstration.true_net_sales(stage, day)
    same = "the same to the cent" if Decimal(summary["net_sales"]) == net else "NOT the same"
    show(f"The POS itself comes to net sales of {net}: {same}.")


def _show_record(stage: Stage, edited: list[DayId]) -> None:
    """One ticket that was edited, from its first fact to its last."""
    for day in edited:
        found = _changed_ticket(stage, day)
        if found:
            show("")
            show(f"History of {found} on {day.date} at {day.location}:")
            for step in whole_history(stage.opened, day, found):
                show(f"  {step_line(step)}")
            return


_EDITED: Final = ("ticket", "changed")


def _changed_ticket(stage: Stage, day: DayId) -> str | None:
    """The name of a ticket of the newest generation that was changed."""
    changed: list[str] = []
    for entry in stage.opened.journal.stream(day.stream):
        changes = entry.fact.changes if isinstance(entry.fact, RecordsChanged) else ()
        changed += [f"ticket/{change.key}" for change in changes if (change.kind, change.operation) == _EDITED]
    return random.Random(stage.plan.seed).choice(changed) if changed else None  # noqa: S311 - any of them will do


def _show_people(opened: OpenHouse, day: DayId) -> list[Somebody]:
    """Ready-made people with their keys."""
    known = make_people(opened, day.location)
    show("")
    show("People of the client, each with an API key, good for 30 days or until the next demonstration:")
    for one in known:
        where = "" if one.locations is None else f" at {', '.join(one.locations)}"
        show(f"  {one.login:<8} {f'{one.role}{where}':<24} {one.key}")
    return known


def _serve(opened: OpenHouse, day: DayId, port: int | None, key: str) -> None:
    with _listening(opened.settings, port) as listening:
        client, folder = opened.settings.client, shlex.quote(str(opened.settings.data_dir))
        where = f"{listening.url}/v1/days/{day.location}/{day.date}"
        show("")
        show(f"The API answers at {listening.url} (reference: {listening.url}/docs), on this machine only:")
        show(f"  KEY={key}")
        curl = 'curl -s -H "Authorization: Bearer $KEY"'
        show(f"  {curl} {listening.url}/v1/me")
        show(f"  {curl} {where}/dss")
        show(f"  {curl} {where}/journal-entries")
        show(f"  {curl} {where}/history")
        show(f"  {curl} '{listening.url}/v1/dss?location={day.location}'")
        show(f"  {curl} -X POST {where}/polls -H 'Content-Type: application/json' -d '{{\"reason\": \"curious\"}}'")
        show("For other commands on the same data:")
        show(f"  export DAYBOOK_DATA_DIR={folder} DAYBOOK_CLIENT={client}")
        show(f"  daybook history {day.location} {day.date}")
        show(f"  daybook due && daybook delete {day.location} {day.date} --why 'the till was wrong'")
        show("A worker beside the API polls what is due: what is deleted is back at once or with its next look.")
        remark("Ctrl-C stops the API and the simulated POS.")
        with worker_beside(opened):
            serve_until_stopped(opened, listening)
    remark("Stopped.")


def _listening(settings: Settings, port: int | None) -> AbstractContextManager[Listening]:
    """The chosen port; without a choice the setting's, or a free one where that is taken."""
    if port is not None:
        return listen(settings, port)
    try:
        with listen(settings):
            pass
    except PortTaken:
        return listen(settings, 0)
    return listen(settings)
