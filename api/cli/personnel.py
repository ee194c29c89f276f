"""Commands about personnel: pull HR systems, and say who of their employees is whom at the points of sale."""

from typing import Annotated, Any, get_args

import typer

from api import days
from api import personnel as ours
from api.cli.options import AsJson, Client, Location, intent_of, opened_for, principal_of
from api.cli.saying import remark, show, show_json
from api.connections import connection_id
from api.persons import todays
from api.refusals import NoSuchEmployee
from domain.facts.personnel import PullFailed, State
from domain.identifiers import plain
from projections import personnel, queries
from projections.asking import MOST_ROWS
from projections.catching_up import catch_up

Connection = Annotated[str, typer.Argument(metavar="CONNECTION", help="The id of a connection to an HR system.")]
Employee = Annotated[str, typer.Argument(metavar="EMPLOYEE", help="The point of sale's id of an employee.")]
Hr = Annotated[str, typer.Argument(metavar="HR", help="The HR system's id; see `daybook hr-employees`.")]
To = Annotated[str, typer.Option("--connection", metavar="ID", help="The connection to the HR system.")]
Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, which is kept.")]


def pull(
    connection: Connection,
    whole: Annotated[bool, typer.Option("--whole", help="Read everybody, so that who is missing is gone.")] = False,
    why: Why = "",
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Pull the employees of an HR system now, and find out who of them is whom at the points of sale."""
    reason = days.checked_reason(why) if why else ""
    with opened_for(client, reads_views=True) as opened:
        named = connection_id(opened.settings.client, connection)
        done = ours.pull(opened, named, intent_of(opened, reason), "whole" if whole else "incremental")
        catch_up(opened.engine, opened.journal)
    if as_json:
        show_json(ours.plain_pulled(done, connection))
    elif isinstance(done.fact, PullFailed):
        remark(ours.sentence_of(done))
    else:
        show(ours.sentence_of(done))
    if isinstance(done.fact, PullFailed):
        raise typer.Exit(1)


def hr_employees(
    connection: Annotated[str | None, typer.Option("--connection", metavar="ID", help="Only of this one.")] = None,
    unmatched: Annotated[bool, typer.Option("--unmatched", help="Only who is nobody at a point of sale.")] = False,
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """List the employees that HR systems tell of, and who they are at the points of sale."""
    with opened_for(client, reads_views=True) as opened:
        rights, today = principal_of(opened).rights, opened.house.clock.now().date()
        data: list[dict[str, Any]] = []
        after: tuple[str, str] | None = None
        while True:
            page = personnel.hr_employees(
                opened.engine,
                opened.settings.client,
                connection=connection,
                matched=False if unmatched else None,
                after=after,
                limit=MOST_ROWS,
                among=rights.locations,
            )
            data += ours.plain_hr_employees(opened, opened.settings.client, page, rights, today)
            if len(page) < MOST_ROWS:
                break
            after = (page[-1].connection, page[-1].employee)
    if as_json:
        show_json({"data": data})
        return
    if not data:
        remark("There are none: `daybook pull` reads an HR system.")
    for one in data:
        show(_line(one))


def _line(one: dict[str, Any]) -> str:
    name = f"{one['first_name'] or ''} {one['last_name'] or ''}".strip() or "(forgotten)"
    whom = ", ".join(f"{match['location']}/{match['employee']} ({match['rule']})" for match in one["matches"])
    state = "" if one["active"] and one["listed"] else ", not active"
    return f"{one['connection']}/{one['employee']}  {name}{state}: {whom or 'nobody at a point of sale'}"


def matches(
    location: Annotated[str | None, typer.Option("--location", metavar="L", help="Only this location.")] = None,
    state: Annotated[
        str | None,
        typer.Option("--state", metavar="STATE", help="linked, matched, ambiguous, suggested or unmatched."),
    ] = None,
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """List who the employees at the points of sale are to HR systems, also where nobody knows."""
    where = None if location is None else plain(location, "location")
    if state is not None and state not in get_args(State):
        raise typer.BadParameter(f"It is one of {', '.join(get_args(State))}.", param_hint="--state")
    with opened_for(client, reads_views=True) as opened:
        among = principal_of(opened).rights.locations
        data: list[dict[str, Any]] = []
        after: tuple[str, str, str] | None = None
        while True:
            page = personnel.staff_matches(
                opened.engine,
                opened.settings.client,
                location=where,
                state=state,
                after=after,
                limit=MOST_ROWS,
                among=among,
            )
            data += ours.plain_staff(opened, page)
            if len(page) < MOST_ROWS:
                break
            after = (page[-1].location, page[-1].employee, page[-1].connection)
    if as_json:
        show_json({"data": data})
        return
    if not data:
        remark("There are none; employees at points of sale are known once a day is polled.")
    for one in data:
        name = f"{one['first_name'] or ''} {one['last_name'] or ''}".strip() or "(forgotten)"
        whom = ", ".join(one["candidates"])
        by = f" by {one['rule']}: {whom}" if one["rule"] else ""
        show(f"{one['location']}/{one['employee']}  {name}: {one['state']}{by}")


def beside(location: Location, employee: Employee, client: Client = None, as_json: AsJson = False) -> None:
    """Show what HR systems say of an employee, beside what the point of sale says, and where both differ."""
    place = plain(location, "location")
    with opened_for(client, reads_views=True) as opened:
        who = principal_of(opened)
        row = None
        if who.rights.reach(place):
            row = queries.find_employee(opened.engine, opened.settings.client, place, employee)
        if row is None:
            raise NoSuchEmployee(f"There is no employee {employee[:80]!r} at the location {place!r}.")
        told = ours.beside(opened, row, todays(opened, opened.settings.client)(place))
    if as_json:
        show_json(told)
        return
    if not told["data"]:
        remark("No HR system tells of this employee: `daybook link-employee` says who it is.")
    for one in told["data"]:
        match, hr = one["match"], one["employee"]
        show(f"{match['connection']}: {match['state']} by {match['rule']}, {', '.join(match['candidates'])}")
        if hr is not None:
            jobs = ", ".join(f"{job['name'] or job['id']} {job['rate'] or ''}".strip() for job in hr["jobs"])
            minor = {True: "a minor", False: "of age", None: "age not known"}[hr["is_minor"]]
            show(f"  hired {hr['hire_date'] or '(not known)'}; {minor}; jobs: {jobs or '(none)'}")
        for conflict in one["conflicts"]:
            show(f"  {conflict['field']}: {conflict['pos']} at the point of sale, {conflict['hr']} there")


def link_employee(
    location: Location,
    employee: Employee,
    hr: Hr,
    connection: To,
    why: Why,
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Say which employee of an HR system somebody at a point of sale is; no rule says otherwise from then on."""
    _link((location, employee), hr, connection, why, client, as_json, to=True)


def unlink_employee(
    location: Location,
    employee: Employee,
    hr: Hr,
    connection: To,
    why: Why,
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Say which employee of an HR system somebody is not; no rule says so again."""
    _link((location, employee), hr, connection, why, client, as_json, to=False)


def _link(
    whom: tuple[str, str], hr: str, connection: str, why: str, client: str | None, as_json: bool, *, to: bool
) -> None:
    reason = days.checked_reason(why)
    with opened_for(client, reads_views=True) as opened:
        named = connection_id(opened.settings.client, connection)
        done = ours.link(opened, named, whom, hr, intent_of(opened, reason), linked=to)
        catch_up(opened.engine, opened.journal)
    told = ours.plain_linked(connection, whom, done)
    if as_json:
        show_json(told)
    else:
        did = "" if told["changed"] else " (as before)"
        show(f"{whom[0]}/{whom[1]} is {told['state']}{' to ' + told['hr'] if told['hr'] else ''}{did}.")
