"""Replaying business days: what deriving them again would change, and recording it."""

import sys
from collections.abc import Iterator
from typing import Annotated, Any, Final

import typer

from api import days
from api.cli.choosing import Set, chosen, shown
from api.cli.options import AsJson, Client, intent_of, opened_for, principal_of
from api.cli.reading_report import effect_lines, operation_words, record_lines
from api.cli.saying import progress_bar, remark, show, show_json
from api.composition import OpenHouse
from api.connections import check_seen, connection_id
from api.replays import plain_applied, plain_range, plain_replay, range_of
from api.texts import counted
from domain.business_date import business_date
from domain.commands.replay_day import ApplyReplay, Derivation, ReplayDay, ReplayResult, apply_replay, replay_day
from domain.commands.replay_range import MOST_DAYS, DayReplayed, ReplayRange, apply_range, preview
from domain.money import shown as shown_cents
from domain.refusals import Refusal
from projections.catching_up import catch_up

_MOST_SHOWN: Final = 50

HELP: Final = f"""Derive days again from the stored answers of their sources, and print what would differ.

LOCATION DATE is one day; LOCATION with --from and --to are many, and --connection with --from and --to those of all its
locations, {MOST_DAYS} days at most. Under the configuration that each was recorded with, or under another version, or
with options over it. Writes nothing, unless --apply says else: then what differs is recorded, with the reason.
"""


def replay(
    location: Annotated[str | None, typer.Argument(metavar="[LOCATION]", help="The id of a location.")] = None,
    date: Annotated[str | None, typer.Argument(metavar="[DATE]", help="A business date, YYYY-MM-DD.")] = None,
    configuration: Annotated[
        int | None,
        typer.Option(metavar="VERSION", min=1, help="The version of the configuration.  [default: the recorded one]"),
    ] = None,
    options: Set = None,
    connection: Annotated[
        str | None,
        typer.Option(
            metavar="ID",
            help="Whose configuration is meant; without LOCATION all its locations are.  [default: of the one that "
            "polls the location]",
        ),
    ] = None,
    first: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="The first of many business dates.")
    ] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DATE", help="The last of them.")] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Record what differs.")] = False,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, which is kept with --apply.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before many days are changed.")] = False,
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Derive days again; see HELP."""
    _check_asked(location, date, connection, first, last)
    reason = days.checked_reason(why) if apply or why else ""
    tried = chosen(options or [])
    with opened_for(client, reads_views=True) as opened:
        whose = opened.settings.client
        if first is not None and last is not None:
            asked = range_of(
                opened,
                whose,
                business_date(first),
                business_date(last),
                location=location,
                connection=connection,
                configuration=configuration,
                options=tried,
                rights=principal_of(opened).rights,
            )
            _many(opened, asked, reason, yes=yes, apply=apply, as_json=as_json)
            return
        day = days.day_id(whose, str(location), str(date))
        if connection is not None:
            check_seen(opened, connection_id(whose, connection), principal_of(opened).rights)
        one = days.replay_of(opened, day, connection=connection, configuration=configuration, options=tried)
        if apply:
            _apply(opened, one, reason, as_json=as_json)
            return
        result = replay_day(one, opened.house)
    _tell(one, result, as_json=as_json)


def _check_asked(
    location: str | None, date: str | None, connection: str | None, first: str | None, last: str | None
) -> None:
    """Either one day is named, or many are."""
    many = first is not None or last is not None
    if many == (date is not None) or (many and (first is None or last is None)) or (not many and location is None):
        raise typer.BadParameter("say LOCATION DATE, or LOCATION or --connection with both --from and --to.")
    if many and location is None and connection is None:
        raise typer.BadParameter("name a LOCATION, or a --connection for all its locations.")


def _tell(replay: ReplayDay, result: ReplayResult, *, as_json: bool) -> None:
    told = plain_replay(replay.day, result)
    if as_json:
        show_json(told)
        return
    for line in _lines(replay, result, told):
        show(line)


def _lines(replay: ReplayDay, result: ReplayResult, told: dict[str, Any]) -> Iterator[str]:
    """What a replay of one day found."""
    day = replay.day
    if not result.differs and not result.recorded and not any(one.anew for one in result.derivations):
        yield f"Nothing differs: capture {result.capture[:16]} derives generation {result.generation} exactly."
        return
    for derivation in result.derivations:
        yield _derived(derivation)
    if result.differs:
        yield f"Deriving {day.location} {day.date} again would leave {operation_words(told['changes'])}."
    else:
        yield f"Nothing would differ from generation {result.generation} of {day.location} {day.date}."
    yield from record_lines(told["records"])
    yield from effect_lines(told["effect"])
    for date, count in sorted(result.beside.items()):
        yield f"  and {counted(count, 'record')} of {date}"
    if result.standing:
        yield f"{counted(result.standing, 'record')} that other days' readings brought or changed stand as they are."
    if result.approved:
        yield "The day is approved: applied, what differs would wait until it is reopened."


def _apply(opened: OpenHouse, replay: ReplayDay, reason: str, *, as_json: bool) -> None:
    day = replay.day
    intent = intent_of(opened, reason)
    applied = apply_replay(ApplyReplay(replay, intent), opened.house)
    catch_up(opened.engine, opened.journal)
    if as_json:
        show_json(plain_applied(day, applied))
        return
    where = f"{day.location} {day.date}"
    if applied.outcome == "unchanged":
        show(f"{where}: nothing differs from generation {applied.day.generation}; nothing is recorded.")
        return
    counts = operation_words({"added": applied.added, "changed": applied.changed, "removed": applied.removed})
    if applied.outcome == "staged":
        show(f"{where}: the day is approved; {counts} wait until it is reopened.")
    else:
        show(f"{where}: generation {applied.day.generation}, {counts}.")
    for other, count in sorted(applied.compensated.items()):
        show(f"  and {counted(count, 'record')} of {other}")
    if applied.observed:
        show(f"  and {counted(applied.observed, 'change')} of approved days, which take them once they are reopened")


def _many(opened: OpenHouse, asked: ReplayRange, reason: str, *, yes: bool, apply: bool, as_json: bool) -> None:
    """Many days: first what would change, then, if asked, the change."""
    found = list(_watched(preview(asked, opened.house), asked, "Deriving"))
    told = plain_range(found, applied=False)
    if not apply:
        if as_json:
            show_json(told)
        else:
            _summary(found, told)
        return
    if not as_json:
        _summary(found, told)
    todo = tuple([day.day for day in found if day.outcome == "differs"])
    if todo and not yes:
        if as_json or not _on_terminal():
            raise typer.BadParameter("--apply changes many days: look at what it would change, then say --yes.")
        typer.confirm(f"Change {counted(len(todo), 'business day')}?", abort=True)
    changed = _applied(opened, ReplayRange(todo, asked.connections, asked.configuration, asked.options), reason)
    rest = [day for day in found if day.day not in set(todo)]
    done = sorted([*changed, *rest], key=lambda day: (day.day.date, day.day.location))
    result = plain_range(done, applied=True)
    if as_json:
        show_json(result)
    else:
        for day in changed:
            show(_day_line(day))
        show(f"Done: {_outcomes(result)}.")
    if any(day.outcome == "failed" for day in done):
        raise typer.Exit(1)


def _on_terminal() -> bool:
    """Somebody is there who can be asked."""
    return sys.stdin.isatty()


def _applied(opened: OpenHouse, asked: ReplayRange, reason: str) -> list[DayReplayed]:
    """The days, one commit each; where it is interrupted, it says where to go on."""
    done: list[DayReplayed] = []
    intent = intent_of(opened, reason)
    try:
        for day in _watched(apply_range(asked, intent, opened.house), asked, "Applying"):
            done.append(day)  # noqa: PERF402 - what is done stays known where the next one is interrupted
    except (KeyboardInterrupt, Refusal):
        if len(done) < len(asked.days):
            begin = asked.days[len(done)].date
            remark(f"daybook: {counted(len(done), 'business day')} done, and stay so. Go on with --from {begin}.")
        raise
    finally:
        catch_up(opened.engine, opened.journal)
    return done


def _watched(steps: Iterator[DayReplayed], asked: ReplayRange, verb: str) -> Iterator[DayReplayed]:
    with progress_bar("business days") as progress:
        task = progress.add_task(verb, total=len(asked.days))
        for step in steps:
            progress.advance(task)
            yield step


def _summary(found: list[DayReplayed], told: dict[str, Any]) -> None:
    for day in [day for day in found if day.outcome != "unchanged"][:_MOST_SHOWN]:
        show(_day_line(day))
    rest = sum(day.outcome != "unchanged" for day in found) - _MOST_SHOWN
    if rest > 0:
        show(f"  ... and {rest} more days: --json tells them all.")
    show(f"{counted(len(found), 'business day')}: {_outcomes(told)}.")
    for name, amount in told["totals"].items():
        show(f"  {name.replace('_', ' ')} by {amount}")


def _day_line(day: DayReplayed) -> str:
    where = f"{day.day.location} {day.day.date}  {day.outcome.replace('-', ' ')}"
    if day.reason:
        return f"{where}: {day.reason}"
    net = day.totals.get("net_sales", 0)
    counts = f"{day.added} added, {day.changed} changed, {day.removed} removed"
    moved = f", net sales by {shown_cents(net)}" if net else ""
    others = f", {counted(len(day.beside), 'other day')}" if day.beside else ""
    waits = " (approved: it waits)" if day.approved and day.outcome != "unchanged" else ""
    return f"{where}: {counts}{moved}{others}{waits}"


def _outcomes(told: dict[str, Any]) -> str:
    words = [f"{count} {outcome.replace('-', ' ')}" for outcome, count in sorted(told["outcomes"].items())]
    return ", ".join(words) or "none"


def _derived(derivation: Derivation) -> str:
    """What a connection brought, and under which configuration it was derived."""
    instead = f" instead of {derivation.recorded}" if derivation.configuration != derivation.recorded else ""
    tried = ", ".join(f"{name} = {shown(value)}" for name, value in derivation.options.items())
    return (
        f"From {derivation.connection} ({derivation.system}): capture {derivation.capture[:16]} under configuration "
        f"{derivation.configuration}{instead}{f' with {tried}' if tried else ''}."
    )
