"""Link an employee at a point of sale to one of the system of personnel, or say that they are not the same."""

from dataclasses import dataclass

from domain.commands.changing import CommandReused
from domain.commands.intent import Intent
from domain.commands.loading import load_connection, load_personnel
from domain.commands.recording import MOST_DECISIONS
from domain.connection.standing import check_lasting
from domain.facts.personnel import EmployeeLinked, EmployeeUnlinked, PersonnelFact
from domain.identifiers import ConnectionId, PersonnelId
from domain.permissions import Permission
from domain.personnel import Personnel, Whom, decide_link, decide_unlink, fold
from domain.ports.house import House
from domain.ports.journal import Receipt, Recording, StreamMoved

_Decided = tuple[EmployeeLinked, ...] | tuple[EmployeeUnlinked, ...]


@dataclass(frozen=True, slots=True)
class LinkEmployee:
    """Say who somebody is, or is not.

    Attributes:
        connection: to the system of personnel.
        whom: location and id of the employee at the point of sale.
        hr: the id at the system of personnel.
        intent: who and why.
        linked: they are the same; False: they are not.
    """

    connection: ConnectionId
    whom: Whom
    hr: str
    intent: Intent
    linked: bool = True


@dataclass(frozen=True, slots=True)
class Linked:
    """What came of it.

    Attributes:
        after: the personnel afterwards.
        receipt: where it is recorded, or None where nothing is, because it was so already.
        again: it was recorded before; now it was only answered.
    """

    after: Personnel
    receipt: Receipt | None = None
    again: bool = False


def link_employee(command: LinkEmployee, house: House) -> Linked:
    """Record it; a lost race is decided again, and a command that was recorded before is not done again.

    It takes leave to make connections to systems of personnel: what is linked is shown beside the employee.

    Raises:
        NotPermitted: they may not, there.
        NotConnected: there is no such connection.
        IsDisconnected: it is over.
        NoSuchHrEmployee, LinkedAlready, NotLinked: it cannot be so.
        CommandReused: the command's id was used for another one.
        StreamMoved: the race was lost too often.
    """
    client, intent = command.connection.client, command.intent
    house.permit(intent.asks(Permission.CONNECT_ERP, client, command.whom[0]))
    check_lasting(load_connection(house.journal, command.connection))
    personnel_id = PersonnelId(client, command.connection.connection)
    known, lost = load_personnel(house.journal, personnel_id), 0
    while True:
        done = house.journal.receipt(client, intent.command)
        if done:
            return _told(command, house, personnel_id, done, again=True)
        facts = _decided(command, known)
        if not facts:
            return Linked(known)
        try:
            receipt = house.journal.append([Recording(personnel_id.stream, known.version, facts)], intent.provenance)
        except StreamMoved:
            lost += 1
            if lost == MOST_DECISIONS:
                raise
            known = load_personnel(house.journal, personnel_id, known=known)
        else:
            return _told(command, house, personnel_id, receipt, again=False)


def _decided(command: LinkEmployee, known: Personnel) -> _Decided:
    if command.linked:
        return decide_link(known, command.whom, command.hr)
    return decide_unlink(known, command.whom, command.hr)


def _told(command: LinkEmployee, house: House, personnel_id: PersonnelId, receipt: Receipt, *, again: bool) -> Linked:
    entries = list(house.journal.stream(personnel_id.stream, until=receipt.position))
    own = [entry for entry in entries if entry.provenance.command == command.intent.command]
    shape = EmployeeLinked if command.linked else EmployeeUnlinked
    wanted = [shape(*command.whom, command.hr)]
    if [entry.fact for entry in own] != wanted or {entry.provenance.reason for entry in own} != {command.intent.reason}:
        raise CommandReused(f"The id {command.intent.command!r} was used for another command: use a new one.")
    return Linked(fold(entry.fact for entry in entries if isinstance(entry.fact, PersonnelFact)), receipt, again)
