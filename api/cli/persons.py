"""Commands about personal data: reveal, find-employee, readings, forget, hold, retention, shred, export-person."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Final

import typer

from api import days, forgetting, personnel, persons
from api.cli.options import AsJson, Client, Location, among_of, intent_of, opened_for
from api.cli.saying import remark, show, show_json
from api.composition import OpenHouse
from api.exports import export_person
from domain.commands.changing_person import ChangedPerson
from domain.commands.destroying import destroy_unused
from domain.commands.intent import Intent
from domain.commands.seek_person import SeekPerson, seek_person
from domain.identifiers import plain
from domain.permissions import Permission
from projections import people
from projections.catching_up import catch_up
from projections.rows import EmployeeRow

Employee = Annotated[str, typer.Argument(metavar="EMPLOYEE", help="The source's id of an employee.")]
Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, which is kept with it.")]
OnlyLocation = Annotated[str | None, typer.Option("--location", metavar="ID", help="Only this location.")]

WithoutLinked = Annotated[
    bool, typer.Option("--without-linked", help="This record alone; those of the same person elsewhere stay.")
]

MOST_SHOWN: Final = 500
"""Rows that a list prints; HTTP has pages of all."""


def reveal(
    location: Location,
    employee: Employee,
    fields: Annotated[
        list[str], typer.Argument(metavar="FIELD…", help="first_name, last_name, middle_name, address, phone, ssn, …")
    ],
    why: Why,
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Open fields of an employee's personal data. Who opened what and why is recorded; the values are not."""
    reason = days.checked_reason(why)
    with opened_for(client, reads_views=True) as opened:
        intent = intent_of(opened, reason)
        row = _employee(opened, intent, Permission.REVEAL, location, employee)
        values = persons.reveal(opened, row, fields, intent).values
    if as_json:
        show_json({"location": row.location, "employee": row.employee, "fields": values})
        return
    for name, value in values.items():
        show(f"{name}: {value or '(not known)'}")


def find_employee(why: Why, client: Client = None, as_json: AsJson = False) -> None:
    """Find employees by their social security number, which is asked for, or read from standard input."""
    reason = days.checked_reason(why)
    number = _asked_for("Social security number")
    with opened_for(client, reads_views=True) as opened:
        sought = seek_person(SeekPerson(opened.settings.client, number, intent_of(opened, reason)), opened.house)
    found = [
        {"location": one.location, "employee": one.employee, "connection": one.connection} for one in sought.people
    ]
    if as_json:
        show_json({"data": found})
        return
    for one in found:
        show(f"{one['location']} {one['employee']} ({one['connection']})")
    if not found:
        remark("Nobody has that number, as far as it was read; `DAYBOOK_STORE_SSN` says whether numbers are kept.")


def readings(
    location: OnlyLocation = None,
    employee: Annotated[str | None, typer.Option(metavar="ID", help="Only this employee's.")] = None,
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Show who read what of whose personal data, and why: the newest 500."""
    with opened_for(client, reads_views=True) as opened:
        intent = intent_of(opened, "")
        opened.house.permit(intent.asks(Permission.READ_HISTORY, opened.settings.client))
        found = people.readings(
            opened.engine,
            opened.settings.client,
            location=None if location is None else plain(location, "location"),
            employee=employee,
            within=intent.rights.locations,
            limit=MOST_SHOWN,
        )
    if as_json:
        show_json({"data": [persons.plain_reading(row) for row in found]})
        return
    for row in found:
        show(persons.reading_line(row))
    if not found:
        show("Nobody read any personal data.")


def forget(
    location: Location,
    employee: Employee,
    why: Why,
    without_linked: WithoutLinked = False,
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Forget an employee: nothing of their data opens from now on; it is destroyed once retention allows.

    So it is of what HR systems tell of them, and of their records at other locations of yours.
    """
    with _deciding(client, why) as (opened, intent):
        row = _employee(opened, intent, Permission.ERASE, location, employee)
        done = forgetting.forget(opened, row, intent, with_linked=not without_linked)
    if as_json:
        show_json({**persons.plain_changed(row, done.changed), **done.plain()})
        return
    _say_forgotten(f"{row.location} {row.employee}", done)


def forget_hr_employee(
    hr: Annotated[str, typer.Argument(metavar="HR", help="The HR system's id; see `daybook hr-employees`.")],
    connection: Annotated[str, typer.Option("--connection", metavar="ID", help="The connection to the HR system.")],
    why: Why,
    without_linked: WithoutLinked = False,
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Forget an employee of an HR system, as `forget` does it: also who they are at your locations."""
    with _deciding(client, why) as (opened, intent):
        whose = opened.settings.client
        row = personnel.hr_employee_of(opened, whose, intent, Permission.ERASE, (connection, hr))
        done = forgetting.forget(opened, row, intent, with_linked=not without_linked)
    if as_json:
        show_json({**personnel.plain_forgotten(row, done.changed), **done.plain()})
        return
    _say_forgotten(f"{row.connection} {row.employee}", done)


def hold(
    location: Location,
    employee: Employee,
    why: Why,
    release: Annotated[bool, typer.Option("--release", help="The legal hold is over.")] = False,
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Place a legal hold on an employee's data, or end it: while it stands, the data cannot be forgotten."""
    with _deciding(client, why) as (opened, intent):
        row = _employee(opened, intent, Permission.ERASE, location, employee)
        changed = persons.hold(opened, row, not release, intent)
    _say(row, changed, "the legal hold is over" if release else "a legal hold keeps the data", as_json=as_json)


def retention(location: OnlyLocation = None, client: Client = None, as_json: AsJson = False) -> None:
    """Show whose data is to be destroyed and when, what is overdue, what a legal hold keeps, and what is destroyed."""
    with opened_for(client, reads_views=True) as opened:
        opened.house.permit(intent_of(opened, "").asks(Permission.ERASE, opened.settings.client))
        where = None if location is None else plain(location, "location")
        whose, within = opened.settings.client, among_of(opened)
        found = persons.retention(opened, whose, location=where, within=within, limit=MOST_SHOWN)
    if as_json:
        show_json({"data": [one.plain() for one in found]})
        return
    for one in found:
        since = f", restricted since {one.row.restricted_at:%Y-%m-%d}" if one.row.restricted_at else ""
        due = f", due {one.due}" if one.due else ""
        show(f"{one.row.location or one.row.connection} {one.row.employee}: {one.state}{due}{since}")
    if not found:
        show("Nobody is to be forgotten.")


def shred(client: Client = None, as_json: AsJson = False) -> None:
    """Destroy the data of everybody for whom that is due, and secrets that no connection uses any more.

    No figure changes by it; there is no way back.
    """
    with opened_for(client, reads_views=True) as opened:
        opened.house.permit(intent_of(opened, "").asks(Permission.ERASE, opened.settings.client))
        done = persons.shred_due(opened, opened.settings.client, lambda: intent_of(opened, persons.BECAUSE_DUE))
        # Connections are of several locations, and their secrets for who has all of them.
        secrets = destroy_unused(opened.settings.client, opened.house) if among_of(opened) is None else 0
        catch_up(opened.engine, opened.journal)
    if as_json:
        shredded = [{"location": one.location, "employee": one.employee} for one in done]
        show_json({"shredded": shredded, "secrets": secrets})
        return
    if secrets:
        show(f"Secrets that no connection uses any more: {secrets} destroyed.")
    for one in done:
        show(f"{one.location or one.connection} {one.employee}: the data is destroyed.")
    if not done and not secrets:
        show("Nothing is due.")


def export(location: Location, employee: Employee, why: Why, client: Client = None) -> None:
    """Print all that is kept of an employee as JSON: records, punches, and who read what. It is recorded."""
    with _deciding(client, why) as (opened, intent):
        row = _employee(opened, intent, Permission.REVEAL, location, employee)
        content, _ = export_person(opened, row, intent)
    show_json(content)


def _say_forgotten(whose: str, done: forgetting.Forgotten) -> None:
    due = f"nothing of the personal data opens any more; it may be destroyed from {done.changed.after.due} on"
    show(f"{whose}: {'so already; nothing is recorded' if done.changed.receipt is None else due}.")
    for one in done.plain()["linked"]:
        same = f"{one['location'] or one['connection']} {one['employee']}, the same person"
        if one["due"] is not None:
            show(f"{same}: forgotten{'' if one['changed'] else ' already'}; it may be destroyed from {one['due']} on.")
        else:
            show(f"{same}: {'forgotten already' if one['forgotten'] else 'not forgotten; their data opens still'}.")
    if done.out_of_reach:
        remark(f"The same person has {done.out_of_reach} more at locations that are not yours: these stay as they are.")


def _asked_for(what: str) -> str:
    """Something that must stand in no list of processes and no history of commands."""
    if sys.stdin.isatty():
        return str(typer.prompt(what, hide_input=True))
    return sys.stdin.readline(100)


@contextmanager
def _deciding(client: str | None, why: str) -> Iterator[tuple[OpenHouse, Intent]]:
    reason = days.checked_reason(why)
    with opened_for(client, reads_views=True) as opened:
        yield opened, intent_of(opened, reason)
        catch_up(opened.engine, opened.journal)


def _employee(opened: OpenHouse, intent: Intent, permission: Permission, location: str, employee: str) -> EmployeeRow:
    return persons.employee_of(opened, intent, permission, opened.settings.client, location, employee)


def _say(row: EmployeeRow, changed: ChangedPerson, said: str, *, as_json: bool) -> None:
    if as_json:
        show_json(persons.plain_changed(row, changed))
    elif changed.receipt is None:
        show(f"{row.location} {row.employee}: so already; nothing is recorded.")
    else:
        show(f"{row.location} {row.employee}: {said}.")
