"""What HR says of the people of a point of sale, as documents for that point of sale: in its own ids of them.

Fields of which HR says nothing are left out: the point of sale keeps what it has.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from domain.facts.objects import ObjectType
from domain.outward.choosing import OBJECTS, going_out
from domain.outward.documents import RecordDocument

ROSTER: Final[frozenset[ObjectType]] = frozenset({"employee", "job", "location"})
"""What a point of sale is told of by us, and tells us of itself."""

EMPLOYEE_FIELDS: Final = "employee_fields"
"""The field of a form that names what a point of sale is told of its employees besides names, e-mail and phone."""

CHOICES: Final = ("payroll_id", "hire_date", "jobs", "pay_rates")
"""What may be named there."""

RATE: Final = "rate/"
"""What the name of a field with a pay rate begins with; the point of sale's id of the job follows."""


@dataclass(frozen=True, slots=True)
class HrJobOf:
    """A job that HR says somebody has.

    Attributes:
        id: HR's.
        name: what it is called; empty where it has none.
        rate: what an hour is paid, a decimal; empty where HR does not say.
    """

    id: str
    name: str = ""
    rate: str = ""


@dataclass(frozen=True, slots=True)
class JobAtPos:
    """A job that a point of sale has.

    Attributes:
        id: its id there.
        name: what it is called there.
    """

    id: str
    name: str = ""


def going_to_pos(values: Mapping[str, Any], takes: frozenset[ObjectType]) -> frozenset[ObjectType]:
    """The types of objects that go out to a point of sale: of its own roster only what its form names.

    A roster is the point of sale's own; it is written over by nobody who did not ask for it.
    """
    chosen = values.get(OBJECTS)
    named = set(chosen) if isinstance(chosen, list | tuple) else set()
    return frozenset(kind for kind in going_out(values, takes) if kind not in ROSTER or kind in named)


def told_fields(values: Mapping[str, Any]) -> frozenset[str]:
    """What the form of a point of sale says that it is told of employees, besides names, e-mail and phone."""
    chosen = values.get(EMPLOYEE_FIELDS)
    return frozenset(name for name in CHOICES if isinstance(chosen, list | tuple) and name in chosen)


def same_job(job: HrJobOf, known: Iterable[JobAtPos]) -> JobAtPos | None:
    """The job of a point of sale that has HR's id, else the one that has its name; None where there is none."""
    jobs = list(known)
    by_name = _folded(job.name)
    alike = [one for one in jobs if by_name and _folded(one.name) == by_name]
    return next((one for one in jobs if one.id == job.id), alike[0] if len(alike) == 1 else None)


def staff_document(
    employee: str,
    people: tuple[str, str],
    sealed: Mapping[str, str],
    said: Mapping[str, str],
    jobs: Iterable[tuple[HrJobOf, JobAtPos]],
    fields: frozenset[str],
    *,
    active: bool,
) -> RecordDocument:
    """What HR says of an employee of a point of sale.

    Args:
        employee: the point of sale's id of them.
        people: whose data it is, and who they are as the point of sale's employee, both as the vault names them.
        sealed: names, e-mail and phone as HR has them, sealed.
        said: ``payroll_id`` and ``hire_date`` as HR has them.
        jobs: that HR says they have and the point of sale has as well.
        fields: those of :data:`CHOICES` that go out.
        active: they work there, as HR says.
    """
    given: dict[str, str] = {name: said.get(name, "") for name in ("payroll_id", "hire_date") if name in fields}
    known = sorted(jobs, key=lambda pair: pair[1].id)
    if "jobs" in fields:
        given["jobs"] = ",".join(job.id for _, job in known)
    if "pay_rates" in fields:
        given |= {f"{RATE}{job.id}": theirs.rate for theirs, job in known}
    return RecordDocument(
        "employee", employee, "", _filled(given), _filled(sealed), people[0], active=active, counterpart=people[1]
    )


def staff_job_document(job: HrJobOf, known: JobAtPos | None) -> RecordDocument:
    """A job as HR calls it, by the point of sale's id where it has it, else by HR's."""
    return RecordDocument("job", known.id if known else job.id, job.name)


def staff_location_document(location: str, fields: Mapping[str, str]) -> RecordDocument:
    """A location as it is named here; which one it is at the point of sale, its own ids of it say.

    Args:
        location: our id.
        fields: ``name``, ``number``, ``zone``, ``day_starts``.
    """
    return RecordDocument("location", location, fields.get("name", ""), _filled({**fields, "name": ""}))


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _filled(fields: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in sorted(fields.items()) if value}
