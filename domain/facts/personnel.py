"""What a system of personnel tells of employees, and who of them is whom at the points of sale. Never personal data."""

import datetime as dt
from typing import Literal

import msgspec

from domain.facts.values import Change

Way = Literal["whole", "incremental"]
"""``whole``: everybody was read, so that who is missing is gone; ``incremental``: who changed since the last pull."""

State = Literal["linked", "matched", "ambiguous", "suggested", "unmatched"]
"""``linked`` by a person; ``matched`` by a rule; ``ambiguous``: rules lead to several, or several lead to one;
``suggested`` by name and date of birth, which counts for nothing until a person links them."""

Rule = Literal["", "manual", "payroll-id", "ssn", "email", "name-and-birth-date"]
"""By what somebody was found; permanent names."""


class PersonnelPulled(msgspec.Struct, frozen=True, omit_defaults=True):
    """The source was read, and nobody was lost on the way; what differs follows in the same commit.

    Attributes:
        way: who was read.
        started_at: our clock, UTC.
        ended_at: our clock, UTC.
        requests: HTTP requests sent, retries included.
        passes: over the list, until two agreed or one was proof enough.
        seen: employees that were read.
        watermark: the newest change that the source told of, as it writes it; the next incremental pull begins before.
        capture: the digest of what was read; empty where nobody was.
        added: employees.
        changed: employees.
        gone: employees who were there before and are on the list no more: not active from now on, and not deleted.
    """

    way: Way
    started_at: dt.datetime
    ended_at: dt.datetime
    requests: int
    passes: int
    seen: int
    watermark: str = ""
    capture: str = ""
    added: int = 0
    changed: int = 0
    gone: int = 0


class PersonnelChanged(msgspec.Struct, frozen=True):
    """Employees before and after a pull.

    Attributes:
        part: of the pull, from 1.
        changes: at most 250.
    """

    part: int
    changes: tuple[Change, ...]


class PullFailed(msgspec.Struct, frozen=True, omit_defaults=True):
    """The source was not read whole, so that nothing of it counts.

    Attributes:
        way: who was to be read.
        failure: the kind.
        message: a sentence, without secrets or personal data.
        started_at: our clock, UTC.
        ended_at: our clock, UTC.
        requests: HTTP requests sent, retries included.
        retry_at: not before, where the source said so.
    """

    way: Way
    failure: str
    message: str
    started_at: dt.datetime
    ended_at: dt.datetime
    requests: int = 0
    retry_at: dt.datetime | None = None


class Match(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who an employee at a point of sale is to the system of personnel.

    Attributes:
        location: where they work.
        employee: the point of sale's id.
        state: how sure that is.
        rule: by what they were found, the strongest one.
        candidates: the ids of the system of personnel: one where it is settled.
    """

    location: str
    employee: str
    state: State
    rule: Rule = ""
    candidates: tuple[str, ...] = ()

    @property
    def hr(self) -> str:
        """The one who it is; empty where that is not settled."""
        return self.candidates[0] if self.state in {"linked", "matched"} else ""


class EmployeesMatched(msgspec.Struct, frozen=True):
    """The rules found otherwise than before.

    Attributes:
        matches: those that are new or changed, at most 250.
    """

    matches: tuple[Match, ...]


class EmployeeLinked(msgspec.Struct, frozen=True):
    """Somebody said who an employee at a point of sale is; no rule says otherwise from now on.

    Attributes:
        location: where they work.
        employee: the point of sale's id.
        hr: the id at the system of personnel.
    """

    location: str
    employee: str
    hr: str


class EmployeeUnlinked(msgspec.Struct, frozen=True):
    """Somebody said who an employee at a point of sale is not; no rule says so again.

    Attributes:
        location: where they work.
        employee: the point of sale's id.
        hr: the id at the system of personnel.
    """

    location: str
    employee: str
    hr: str


PersonnelFact = PersonnelPulled | PersonnelChanged | PullFailed | EmployeesMatched | EmployeeLinked | EmployeeUnlinked
