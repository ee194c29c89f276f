"""Pull personnel: read employees from a system of personnel, record what differs, and find out who of them is whom."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

import msgspec

from domain.commands.changing import CommandReused
from domain.commands.intent import Intent
from domain.commands.loading import load_connection, load_personnel
from domain.commands.recording import MOST_DECISIONS
from domain.commands.stewarding import OnConnection, permit
from domain.connection import Connection
from domain.connection.standing import check_usable
from domain.facts.catalogue import Fact
from domain.facts.personnel import PersonnelFact, PersonnelPulled, PullFailed, Way
from domain.forms import filled_of
from domain.identifiers import PersonnelId
from domain.personnel import (
    KIND,
    Personnel,
    Reading,
    Traits,
    Whom,
    decide_matches,
    decide_pull,
    fold,
)
from domain.ports.house import House
from domain.ports.journal import Receipt, Recording, StreamMoved
from domain.ports.personnel import PersonnelSystem, PulledEmployees, PullRequest
from domain.ports.source import BadEndpoint, SourceFailure
from domain.records import HrEmployee, decode
from domain.refusals import Refusal

_Decision = Callable[[Personnel], tuple[PersonnelFact, ...]]
_COMPARED: Final = ("email", "first_name", "last_name", "date_of_birth")


class NoPersonnel(Refusal):
    """The connection is not to a system that tells of employees as such."""


@dataclass(frozen=True, slots=True)
class Ours:
    """An employee at a point of sale, as far as they are compared.

    Attributes:
        whom: location and the point of sale's id.
        person: the name of the person's key in the vault.
        payroll_id: the number for payroll.
        active: at work.
        sealed: personal fields, sealed.
    """

    whom: Whom
    person: str
    payroll_id: str
    active: bool
    sealed: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class PullPersonnel(OnConnection):
    """Pull the employees of a connection.

    Attributes:
        way: everybody, or who changed since the last pull.
        ours: the client's employees at points of sale, to be matched.
    """

    way: Way = "incremental"
    ours: tuple[Ours, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Pulled:
    """What came of it.

    Attributes:
        after: the personnel afterwards.
        fact: that it was pulled, or how it failed.
        receipt: where it is recorded.
        again: it was recorded before; now it was only answered.
    """

    after: Personnel
    fact: PersonnelPulled | PullFailed
    receipt: Receipt
    again: bool = False


def pull_personnel(command: PullPersonnel, house: House) -> Pulled:
    """Read the source and record what came of it; a failure is recorded with its reason, and changes nothing.

    A command that was recorded before asks nobody again.

    Raises:
        NotConnected: there is no such connection.
        NotPermitted: they may not edit it.
        CommandReused: the command's id was used for another one.
        NotEstablished, IsSuspended, IsDisconnected: it cannot be used as it stands.
        NoPersonnel: it is no system of personnel.
        VaultLocked: personal data cannot be sealed.
        StreamMoved: the race was lost too often.
    """
    client = command.connection.client
    connection = load_connection(house.journal, command.connection)
    system = house.system(connection.system)
    if not isinstance(system, PersonnelSystem):
        raise NoPersonnel(f"The system {connection.system!r} tells of no employees that could be pulled.")
    permit(command, house, connection)
    check_usable(connection, "")
    personnel_id = PersonnelId(client, command.connection.connection)
    done = house.journal.receipt(client, command.intent.command)
    if done:
        return _told(house, personnel_id, command.intent, done, again=True)
    known = load_personnel(house.journal, personnel_id)
    way: Way = "whole" if known.whole_at is None or not known.watermark else command.way
    began = house.clock.now()
    try:
        found = _read(house, system, connection, command, known, way)
    except (SourceFailure, BadEndpoint) as failure:
        failed = _failed(way, failure, began, house.clock.now())
        return _record(house, personnel_id, command.intent, known, lambda _: (failed,))
    reading = _reading(house, client, found, began)

    def decide(personnel: Personnel) -> tuple[PersonnelFact, ...]:
        told = decide_pull(personnel, reading)
        after = fold(told, personnel)
        ours, theirs = traits(house, client, command.ours, _employees(after))
        return (*told, *decide_matches(after, ours, theirs))

    return _record(house, personnel_id, command.intent, known, decide)


def _read(
    house: House,
    system: PersonnelSystem,
    connection: Connection,
    command: PullPersonnel,
    known: Personnel,
    way: Way,
) -> PulledEmployees:
    client = command.connection.client
    secret = house.vault.secret(client, connection.secret) if connection.secret else ""
    form = house.system(connection.system).profile.form
    kept = filled_of(form, connection.environment, connection.life.values, secret)
    source = system.personnel(house.completed(connection.system, kept), house.vault, house.limits)
    listed = frozenset(one.id for one in _employees(known) if one.listed)
    since = known.watermark if way == "incremental" else ""
    try:
        return source.pull(PullRequest(client, command.connection.connection, since, listed))
    finally:
        source.close()


def _reading(house: House, client: str, found: PulledEmployees, began: dt.datetime) -> Reading:
    digest = house.captures.keep(client, found.capture) if found.capture else ""
    pulled = PersonnelPulled(
        found.way,
        began,
        house.clock.now(),
        found.requests,
        found.passes,
        len(found.employees),
        found.watermark,
        digest,
    )
    return Reading(pulled, found.employees)


def _failed(way: Way, failure: SourceFailure | BadEndpoint, began: dt.datetime, ended: dt.datetime) -> PullFailed:
    if isinstance(failure, BadEndpoint):
        return PullFailed(way, "bad-endpoint", str(failure), began, ended)
    return PullFailed(way, failure.failure, failure.message, began, ended, failure.requests, failure.retry_at)


def _record(house: House, personnel_id: PersonnelId, intent: Intent, known: Personnel, decide: _Decision) -> Pulled:
    lost = 0
    while True:
        facts = decide(known)
        try:
            receipt = house.journal.append([Recording(personnel_id.stream, known.version, facts)], intent.provenance)
        except StreamMoved:
            lost += 1
            if lost == MOST_DECISIONS:
                raise
            known = load_personnel(house.journal, personnel_id, known=known)
        else:
            return _told(house, personnel_id, intent, receipt, again=False)


def _told(house: House, personnel_id: PersonnelId, intent: Intent, receipt: Receipt, *, again: bool) -> Pulled:
    entries = list(house.journal.stream(personnel_id.stream, until=receipt.position))
    own = [entry.fact for entry in entries if entry.provenance.command == intent.command]
    ends = [fact for fact in own if isinstance(fact, PersonnelPulled | PullFailed)]
    if not ends:
        raise CommandReused(f"The id {intent.command!r} was used for another command: use a new one.")
    return Pulled(fold(_facts(entry.fact for entry in entries)), ends[0], receipt, again)


def _facts(facts: Iterable[Fact]) -> Iterable[PersonnelFact]:
    return (fact for fact in facts if isinstance(fact, PersonnelFact))


def _employees(personnel: Personnel) -> list[HrEmployee]:
    return [cast("HrEmployee", decode(KIND, data)) for data in personnel.employees.values()]


def traits(
    house: House, client: str, ours: Collection[Ours], theirs: Collection[HrEmployee]
) -> tuple[dict[Whom, Traits], dict[str, Traits]]:
    """What people are compared by, opened in memory and kept nowhere; of who is forgotten only the payroll id."""
    sealed = {one.person: _sealed(one.sealed) for one in ours}
    sealed |= {one.person: _sealed(msgspec.structs.asdict(one)) for one in theirs}
    opened = house.vault.open_all(client, sealed)
    numbers = house.vault.same_ssn(client, list(sealed))

    def known(person: str, payroll_id: str, active: bool) -> Traits:
        values = opened[person] or dict.fromkeys(_COMPARED, "")
        names = (_folded(values["first_name"]), _folded(values["last_name"]))
        email, born = _folded(values["email"]), values["date_of_birth"].strip()[:10].replace("/", "-")
        return Traits(payroll_id.strip(), numbers.get(person, ""), email, names, born, active)

    return (
        {one.whom: known(one.person, one.payroll_id, one.active) for one in ours},
        {one.id: known(one.person, one.payroll_id, one.active and one.listed) for one in theirs},
    )


def _sealed(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(values.get(name, "")) for name in _COMPARED}


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
