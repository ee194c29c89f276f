"""Users in our words: what is personal apart from what is not."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from adapters.hris.scim.wire import Object, id_of, malformed
from domain.records import HrEmployee, HrJob

ENTERPRISE: Final = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:user"
MOST_JOBS: Final = 50
_LONGEST: Final = 500
_MOST_RATE: Final = Decimal(1_000_000)
_PARTS: Final = ("streetaddress", "locality", "region", "postalcode", "country")


@dataclass(frozen=True, slots=True)
class Read:
    """A user in our words.

    Attributes:
        employee: without personal data, and without the name of their key.
        personal: in clear, by our fields; to be sealed before anything keeps it.
        modified: when the service says that it changed, or None.
    """

    employee: HrEmployee
    personal: Mapping[str, str]
    modified: dt.datetime | None

    def __repr__(self) -> str:
        return f"Read({self.employee.id})"


def read_user(user: Object, extension: str) -> Read:
    """A user in our words.

    Args:
        user: as the service wrote it.
        extension: the URN of the schema with dates, jobs and pay rates; empty where there is none.

    Raises:
        SourceFailure: something in it cannot be read; the message shows nothing of it.
    """
    names, enterprise = _object(user, "name"), _object(user, ENTERPRISE)
    more = _object(user, extension.lower()) if extension else {}
    employee = HrEmployee(
        id=id_of(user),
        person="",
        payroll_id=_text(more, "payrollid") or _text(enterprise, "employeenumber"),
        title=_text(user, "title"),
        department=_text(enterprise, "department"),
        hire_date=_text(more, "hiredate"),
        active=_flag(user, "active"),
        jobs=_jobs(more.get("jobs")),
    )
    personal = {
        "first_name": _text(names, "givenname"),
        "last_name": _text(names, "familyname"),
        "middle_name": _text(names, "middlename"),
        "email": _text(_first(user, "emails"), "value"),
        "phone": _text(_first(user, "phonenumbers"), "value"),
        "address": _address(_first(user, "addresses")),
        "date_of_birth": _text(more, "birthdate") or _text(more, "dateofbirth"),
        "ssn": _text(more, "ssn"),
    }
    return Read(employee, personal, _modified(_object(user, "meta")))


def _object(values: Object, name: str) -> Object:
    found = values.get(name)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise malformed(f"{name} is no object")
    return found


def _first(user: Object, name: str) -> Object:
    """The primary one of several values, else the one for work, else the first."""
    found = user.get(name)
    if found is None or found == []:
        return {}
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise malformed(f"{name} is no list of objects")
    return min(found, key=lambda one: (one.get("primary") is not True, one.get("type") != "work"))


def _text(values: Object, name: str) -> str:
    found = values.get(name)
    if found is None:
        return ""
    if isinstance(found, int) and not isinstance(found, bool):  # a number of an employee that is one
        found = str(found)
    if not isinstance(found, str) or len(found) > _LONGEST or "\0" in found:
        raise malformed(f"{name} is no text of at most {_LONGEST} characters")
    try:
        found.encode()
    except UnicodeEncodeError:
        raise malformed(f"{name} is no text") from None
    return found.strip()


def _address(found: Object) -> str:
    whole = _text(found, "formatted")
    return whole or ", ".join(part for part in (_text(found, name) for name in _PARTS) if part)


def _flag(values: Object, name: str) -> bool:
    """Whether something is so; some services write it as a text."""
    found = values.get(name)
    if found is None:
        return True
    if isinstance(found, str) and found.lower() in {"true", "false"}:
        return found.lower() == "true"
    if not isinstance(found, bool):
        raise malformed(f"{name} is neither true nor false")
    return found


def _jobs(found: Any) -> tuple[HrJob, ...]:
    if found is None:
        return ()
    if not isinstance(found, list) or len(found) > MOST_JOBS or not all(isinstance(one, dict) for one in found):
        raise malformed(f"jobs is no list of at most {MOST_JOBS} objects")
    jobs = [HrJob(_text(one, "value") or _text(one, "id"), _name(one), _rate(one)) for one in found]
    if len({job.id for job in jobs}) < len(jobs) or not all(job.id for job in jobs):
        raise malformed("a job has no id, or that of another")
    return tuple(sorted(jobs, key=lambda job: job.id))


def _name(job: Object) -> str:
    return _text(job, "display") or _text(job, "name")


def _rate(job: Object) -> Decimal | None:
    found = next((job[name] for name in ("payrate", "rate") if job.get(name) not in (None, "")), None)
    if found is None:
        return None
    try:
        rate = found if isinstance(found, Decimal) else Decimal(str(found)) if not isinstance(found, bool) else None
    except InvalidOperation:
        rate = None
    if rate is None or not rate.is_finite() or not 0 <= rate <= _MOST_RATE:
        raise malformed("a pay rate is no amount")
    return rate.quantize(Decimal("0.0001")).normalize() + Decimal("0.00")


def _modified(meta: Object) -> dt.datetime | None:
    found = meta.get("lastmodified")
    if found is None:
        return None
    try:
        instant = dt.datetime.fromisoformat(found)
        return instant.astimezone(dt.UTC) if instant.tzinfo else instant.replace(tzinfo=dt.UTC)
    except (TypeError, ValueError, OverflowError):
        raise malformed("lastModified is no instant") from None
