"""Employees as users: what is shown of them to whom, and what is opened and recorded on the way."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from api.composition import OpenHouse
from api.persons import reveal, todays
from api.scim.filters import Filter
from api.scim.ids import user_id
from api.scim.selecting import Selection
from api.scim.words import EMPLOYEE, ENTERPRISE, PREFIX, USER
from domain.commands.intent import Intent, new_id
from domain.permissions import Permission, Principal
from domain.person import DataRestricted, is_minor
from domain.ports.vault import PersonForgotten
from projections.rows import EmployeeRow
from projections.staff import Wanted

REASON: Final = "asked for by SCIM"
"""Why personal data was opened, as the record of readings has it."""

_SHOWN: Final = ("first_name", "middle_name", "last_name", "date_of_birth")
_ENCODE: Final = msgspec.json.Encoder(order="sorted").encode


def wanted(opened: OpenHouse, who: Principal, chosen: Filter) -> Wanted:
    """Whom a filter is about, as far as whoever asks may see."""
    users = frozenset[tuple[str, str]]() if chosen.nobody else chosen.users
    past = 0
    if chosen.changed is not None:
        instant = chosen.changed if chosen.after else chosen.changed - dt.timedelta(microseconds=1)
        past = opened.journal.position_at(min(instant, opened.house.clock.now()))
        if instant > opened.house.clock.now():
            users = frozenset()
    return Wanted(who.rights.locations, users, chosen.employee, chosen.active, past)


@dataclass(frozen=True, slots=True)
class Shower:
    """Shows employees as users to somebody.

    Attributes:
        opened: the running daybook, for the client of the request.
        who: asks.
        request: the id of the request, which its openings are recorded with.
    """

    opened: OpenHouse
    who: Principal
    request: str = ""

    def may_open(self, selection: Selection) -> bool:
        """Personal data is asked for, by somebody who may open it."""
        return bool(selection.opened) and self.who.rights.cover(Permission.REVEAL)

    def show(self, rows: Sequence[EmployeeRow], selection: Selection) -> list[dict[str, Any]]:
        """Users as they are answered; of what is opened for it, every opening is recorded first."""
        if not rows:
            return []
        names = {row.person: {name: getattr(row, name) for name in _SHOWN} for row in rows}
        shown = self.opened.house.vault.open_all(rows[0].client, names)
        today, when = todays(self.opened, rows[0].client), self._times(rows[0].client, rows)
        answered = []
        for row in rows:
            user = _user(row, shown[row.person], today(row.location), when[row.position])
            user["meta"]["version"] = version_of(user)
            if shown[row.person] is not None and self.may_open(selection):
                _add_personal(user, self._opened(row, selection.opened))
            answered.append(selection.of(user))
        return answered

    def version(self, row: EmployeeRow) -> str:
        """The entity tag of a user; opens and records nothing."""
        (user,) = self.show([row], Selection())
        return str(user["meta"]["version"])

    def _opened(self, row: EmployeeRow, fields: Sequence[str]) -> Mapping[str, str]:
        known = [name for name in fields if getattr(row, name)]
        intent = Intent(self.who.actor, REASON, new_id(), correlation=self.request, rights=self.who.rights)
        with suppress(DataRestricted, PersonForgotten):
            if known:
                return reveal(self.opened, row, known, intent).values
        return {}

    def _times(self, client: str, rows: Iterable[EmployeeRow]) -> dict[int, dt.datetime]:
        """When what is shown was recorded, by position."""
        found = {}
        for position in sorted({row.position for row in rows}):
            (entry,) = self.opened.journal.log(after=position - 1, limit=1, client=client)
            found[position] = entry.recorded_at
        return found


def version_of(user: Mapping[str, Any]) -> str:
    """The weak entity tag of what a user is by default."""
    return f'W/"{hashlib.sha256(_ENCODE(user)).hexdigest()[:32]}"'


def _user(row: EmployeeRow, shown: Mapping[str, str] | None, today: dt.date, changed: dt.datetime) -> dict[str, Any]:
    user: dict[str, Any] = {
        "schemas": [USER, *([ENTERPRISE] if row.payroll_id else []), EMPLOYEE],
        "id": user_id(row.location, row.employee),
        "externalId": row.employee,
        "userName": user_id(row.location, row.employee),
        "active": row.active and row.listed,
    }
    minor = None
    if shown is not None:
        given, middle, family = (shown[name] for name in ("first_name", "middle_name", "last_name"))
        names = {"givenName": given, "middleName": middle, "familyName": family}
        whole = " ".join(name for name in (given, middle, family) if name)
        user["name"] = {name: value for name, value in {"formatted": whole, **names}.items() if value}
        user["displayName"] = " ".join(name for name in (given, family) if name)
        minor = is_minor(shown["date_of_birth"], today)
    if row.payroll_id:
        user[ENTERPRISE] = {"employeeNumber": row.payroll_id}
    ours = {"location": row.location, "posId": row.pos_id, "hireDate": row.hire_date, "listed": row.listed}
    jobs = [{"value": job["job"], "payRate": job["rate"]} for job in row.jobs]
    user[EMPLOYEE] = _told({**ours, "minor": minor, "jobs": jobs})
    where = f"{PREFIX}/Users/{user['id']}"
    user["meta"] = {"resourceType": "User", "lastModified": _instant(changed), "location": where}
    return _told(user)


def _told(values: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is not known: an attribute without a value is left out."""
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}


def _add_personal(user: dict[str, Any], values: Mapping[str, str]) -> None:
    for name, attribute, part in (
        ("email", "emails", "value"),
        ("phone", "phoneNumbers", "value"),
        ("address", "addresses", "formatted"),
    ):
        if values.get(name):
            user[attribute] = [{part: values[name]}]
    if values.get("date_of_birth"):
        user[EMPLOYEE] = {**user[EMPLOYEE], "dateOfBirth": values["date_of_birth"]}


def _instant(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
