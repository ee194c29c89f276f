"""Systems of personnel: employees that are read from them, so that nobody is lost on the way."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from domain.facts.personnel import Way
from domain.forms import Filled
from domain.ports.captures import Capture
from domain.ports.source import DEFAULT_LIMITS, Limits
from domain.ports.vault import Vault
from domain.records import HrEmployee


@dataclass(frozen=True, slots=True)
class PullRequest:
    """Employees, as they are asked of their source.

    Attributes:
        client: whose.
        connection: our id.
        since: the watermark of the last pull: only who changed around or after it; empty: everybody.
        known: ids of those who are listed as far as we know: of everybody's reading, who of these is missing is asked
            for one by one before they count as gone.
    """

    client: str
    connection: str
    since: str = ""
    known: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PulledEmployees:
    """Employees that were read.

    Attributes:
        way: ``whole`` where everybody was, also where only who changed was asked for and the source cannot tell.
        employees: by id, personal data sealed.
        watermark: the newest change that the source told of, as it is asked for later; empty where it told none.
        capture: what was read, personal data sealed; None where nobody was.
        requests: HTTP requests sent, retries included.
        passes: over the list.
    """

    way: Way
    employees: Mapping[str, HrEmployee]
    watermark: str
    capture: Capture | None
    requests: int
    passes: int


class PersonnelSource(Protocol):
    """A connected system of personnel."""

    def pull(self, request: PullRequest) -> PulledEmployees:
        """Read employees. Nobody who is there the whole time is left out.

        Raises:
            SourceFailure: that cannot be promised, or the source did not answer; nothing counts.
            VaultLocked: personal data cannot be sealed.
        """
        ...

    def close(self) -> None:
        """Give back connections."""
        ...


@runtime_checkable
class PersonnelSystem(Protocol):
    """A :class:`~domain.ports.source.System` of the catalogue that tells of employees as such; its kind is ``hris``."""

    def personnel(self, filled: Filled, vault: Vault, limits: Limits = DEFAULT_LIMITS) -> PersonnelSource:
        """Where employees are read from; sends nothing yet.

        Args:
            filled: the form, with its secret.
            vault: seals personal data before it leaves the adapter.
            limits: bounds on each pull, and where requests may go.

        Raises:
            BadEndpoint: the address or a secret cannot be used.
        """
        ...
