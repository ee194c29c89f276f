"""Deciding what people say about who somebody is."""

from domain.facts.personnel import EmployeeLinked, EmployeeUnlinked
from domain.personnel.state import Personnel, Whom
from domain.refusals import Conflict, NotFound


class NoSuchHrEmployee(NotFound):
    """The system of personnel tells of nobody with that id, or not to this reader."""


class LinkedAlready(Conflict):
    """Another employee of the location is linked to that employee of the system of personnel."""


class NotLinked(Conflict):
    """The employee is neither linked nor matched to that employee of the system of personnel."""


def decide_link(personnel: Personnel, whom: Whom, hr: str) -> tuple[EmployeeLinked, ...]:
    """The fact that somebody at a point of sale is somebody of the system of personnel; none where they are linked so.

    Raises:
        NoSuchHrEmployee: nobody has that id there.
        LinkedAlready: somebody else at the location is linked to them.
    """
    if hr not in personnel.employees:
        raise NoSuchHrEmployee(f"The connection tells of no employee {hr[:80]!r}: pull it, or look at the id.")
    known = personnel.matches.get(whom)
    if known is not None and known.state == "linked" and known.hr == hr:
        return ()
    for (location, employee), match in personnel.matches.items():
        if location == whom[0] and employee != whom[1] and match.state == "linked" and match.hr == hr:
            raise LinkedAlready(f"The employee {employee!r} of {location} is linked to {hr!r}: unlink them first.")
    return (EmployeeLinked(*whom, hr),)


def decide_unlink(personnel: Personnel, whom: Whom, hr: str) -> tuple[EmployeeUnlinked, ...]:
    """The fact that somebody is not who a person or a rule said; none where that is recorded already.

    Raises:
        NotLinked: nothing says that they are.
    """
    known = personnel.matches.get(whom)
    if known is not None and hr in known.candidates:
        return (EmployeeUnlinked(*whom, hr),)
    if (whom, hr) in personnel.refused:
        return ()
    raise NotLinked(f"The employee {whom[1]!r} of {whom[0]} is not linked or matched to {hr[:80]!r}.")
