"""Commands that enter something over what the sources say: punches, deposits, comments and tags; and take it back."""

from collections.abc import Callable
from typing import Annotated, Literal

import typer

from api import days, overlays
from api.cli.options import AsJson, Client, Date, Location, intent_of, opened_for
from api.cli.saying import show, show_json
from api.composition import OpenHouse
from api.texts import counted
from domain.commands.changing_day import DayChanged
from domain.commands.intent import Intent
from domain.identifiers import DayId, record_name
from projections.catching_up import catch_up

Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, which is kept with the entry.")]
Punch = Annotated[str, typer.Argument(metavar="PUNCH", help="The punch's id; `daybook dss` and history name it.")]
Record = Annotated[str, typer.Argument(metavar="KIND/KEY", help="For example punch/p-17 or deposit/daybook:4.")]
ClockIn = Annotated[
    str | None, typer.Option("--clock-in", metavar="TIME", help="With its offset: 2026-11-21T09:00:00-05:00.")
]
ClockOut = Annotated[
    str | None, typer.Option("--clock-out", metavar="TIME", help="With its offset, after the clock-in.")
]
Breaks = Annotated[
    list[str] | None,
    typer.Option("--break", metavar="START/END[/paid]", help="A break; repeatable. They take the place of all breaks."),
]
Job = Annotated[str | None, typer.Option("--job", metavar="ID", help="The source's job id.")]
Rate = Annotated[str | None, typer.Option("--rate", metavar="AMOUNT", help="Pay per hour, such as 15.50.")]
Tips = Annotated[str | None, typer.Option("--declared-tips", metavar="AMOUNT", help="Tips that the employee declared.")]

Deciding = Callable[[OpenHouse, DayId, Intent], DayChanged]


def edit_punch(
    location: Location,
    date: Date,
    punch: Punch,
    why: Why,
    *,
    clock_in: ClockIn = None,
    clock_out: ClockOut = None,
    breaks: Breaks = None,
    no_breaks: Annotated[bool, typer.Option("--no-breaks", help="Take all breaks away.")] = False,
    job: Job = None,
    rate: Rate = None,
    declared_tips: Tips = None,
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Edit a punch: it is shown so from then on, and the source's version is kept beside."""
    if no_breaks and breaks:
        raise typer.BadParameter("Say either --break or --no-breaks.")
    given = [overlays.break_of(text) for text in breaks] if breaks else ([] if no_breaks else None)
    fields = overlays.punch_fields(
        clock_in=clock_in, clock_out=clock_out, breaks=given, job=job, rate=rate, declared_tips=declared_tips
    )
    _enter(
        (location, date, why, client),
        lambda opened, day, intent: overlays.edit(opened, day, punch, fields, intent),
        as_json=as_json,
    )


def add_punch(
    location: Location,
    date: Date,
    why: Why,
    employee: Annotated[str, typer.Option(metavar="ID", help="The source's staff id, of the location's roster.")],
    clock_in: Annotated[str, typer.Option("--clock-in", metavar="TIME", help="With its offset.")],
    clock_out: Annotated[str, typer.Option("--clock-out", metavar="TIME", help="With its offset.")],
    job: Annotated[str, typer.Option("--job", metavar="ID", help="The source's job id.")],
    breaks: Breaks = None,
    rate: Rate = None,
    declared_tips: Tips = None,
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Add a punch that the source does not have: somebody forgot to clock in."""
    fields = overlays.punch_fields(
        clock_in=clock_in,
        clock_out=clock_out,
        breaks=[overlays.break_of(text) for text in breaks or ()],
        job=job,
        rate=rate,
        declared_tips=declared_tips,
    )
    _enter(
        (location, date, why, client),
        lambda opened, day, intent: overlays.add(opened, day, employee, fields, intent),
        as_json=as_json,
    )


def strike_punch(
    location: Location, date: Date, punch: Punch, why: Why, client: Client = None, as_json: AsJson = False
) -> None:
    """Strike a punch out: it is shown and counted no longer, whatever the source says."""
    _enter(
        (location, date, why, client),
        lambda opened, day, intent: overlays.strike(opened, day, punch, intent),
        as_json=as_json,
    )


def deposit(
    location: Location,
    date: Date,
    why: Why,
    amount: Annotated[
        str | None, typer.Argument(metavar="[AMOUNT]", help="What was taken to the bank, such as 240.00.")
    ] = None,
    number: Annotated[str | None, typer.Option(metavar="TEXT", help="The deposit's number.")] = None,
    change: Annotated[
        str, typer.Option(metavar="KEY", help="Change the deposit that was entered here as this, e.g. daybook:4.")
    ] = "",
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Enter a deposit, or change one that was entered here."""
    _enter(
        (location, date, why, client),
        lambda opened, day, intent: overlays.deposit(opened, day, amount, number, intent, change=change),
        as_json=as_json,
    )


def comment(
    location: Location,
    date: Date,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="Up to 2,000 characters on one line.")],
    why: Why,
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Comment on a day; it stands in its summary until it is withdrawn."""
    _enter(
        (location, date, why, client),
        lambda opened, day, intent: overlays.comment(opened, day, text, intent),
        as_json=as_json,
    )


def tag(
    location: Location,
    date: Date,
    name: Annotated[str, typer.Argument(metavar="TAG", help="Plain words, such as 'street fair'.")],
    why: Why,
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Put a tag on a day; it stands in its summary until it is withdrawn."""
    _enter(
        (location, date, why, client),
        lambda opened, day, intent: overlays.tag(opened, day, name, intent),
        as_json=as_json,
    )


def withdraw(
    location: Location, date: Date, record: Record, why: Why, client: Client = None, as_json: AsJson = False
) -> None:
    """Take back what was entered: an edit, a deposit, a comment, a tag. What the source says is shown again."""
    kind, key = record_name(record)
    _enter(
        (location, date, why, client),
        lambda opened, day, intent: overlays.withdraw(opened, day, kind, key, intent),
        as_json=as_json,
    )


def resolve(
    location: Location,
    date: Date,
    record: Record,
    side: Annotated[
        Literal["ours", "theirs", "both"], typer.Option(help="Which side stands; both is for deposits: each counts.")
    ],
    why: Why,
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Say which side of a conflict stands; `daybook conflicts` lists them."""
    kind, key = record_name(record)
    _enter(
        (location, date, why, client),
        lambda opened, day, intent: overlays.resolve(opened, day, kind, key, side, intent),
        as_json=as_json,
    )


def _enter(given: tuple[str, str, str, str | None], decide: Deciding, *, as_json: bool) -> None:
    """Do it, bring the views up to date, and say what came of it."""
    location, date, why, client = given
    reason = days.checked_reason(why)
    with opened_for(client, reads_views=True) as opened:
        day = days.day_id(opened.settings.client, location, date)
        changed = decide(opened, day, intent_of(opened, reason))
        catch_up(opened.engine, opened.journal)
    plain = overlays.plain_changed(day, changed)
    if as_json:
        show_json(plain)
    elif changed.receipt is None:
        show(f"{day.location} {day.date}: it is so already; nothing is recorded.")
    else:
        open_ = f" {counted(len(changed.after.conflicts), 'conflict')} open." if changed.after.conflicts else ""
        show(f"{day.location} {day.date}: {plain['record']} is recorded, version {changed.after.version}.{open_}")
