"""What an adapter is tried with: a source that is being served, a vault in memory, and words for what must hold."""

import base64
import datetime as dt
import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from domain.ports.reach import Reach
from domain.ports.source import DayRequest, Limits
from domain.ports.vault import PersonForgotten
from domain.refusals import NotFound

E = TypeVar("E", bound=Exception)


def limits_for_trials(**bounds: Any) -> Limits:
    """Limits with which a source on this machine may be called, and with little patience."""
    return Limits(**{"reach": Reach(loopback=True), "attempts": 1, "request_timeout": 10.0, **bounds})


@dataclass(frozen=True, slots=True)
class Trial:
    """A source that is being served on this machine, and what is known of it.

    Attributes:
        values: the system's form, filled in with credentials that the source accepts.
        wrong: secrets that it does not accept, by field.
        request: a business day that it has; of a system that has none, any.
        personal: personal data of the people of that day: in no capture may it stand in clear.
    """

    values: Mapping[str, Any]
    wrong: Mapping[str, str]
    request: DayRequest
    personal: tuple[str, ...] = ()


@dataclass(slots=True)
class TrialVault:
    """A vault in memory. It seals each value of a person and field to the same text, as the real one does.

    Attributes:
        forgets: everybody's key was destroyed.
    """

    forgets: bool = False
    _sealed: dict[str, str] = field(default_factory=dict)

    def seal(self, client: str, person: str, fields: Mapping[str, str]) -> dict[str, str]:
        """Seal a person's fields; empty values stay empty."""
        if self.forgets:
            raise PersonForgotten("The person was forgotten.")
        return {name: self._seal(f"{client}/{person}/{name}", value) for name, value in fields.items()}

    def open(self, client: str, person: str, fields: Mapping[str, str]) -> dict[str, str]:
        """What sealed fields say."""
        if self.forgets:
            raise PersonForgotten(f"The person {person!r} of {client!r} was forgotten.")
        return {name: self._sealed.get(value, "") for name, value in fields.items()}

    def seal_all(self, client: str, people: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str] | None]:
        """Seal the fields of many; of the forgotten nothing comes back."""
        return {
            person: None if self.forgets else self.seal(client, person, fields) for person, fields in people.items()
        }

    def open_all(self, client: str, people: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str] | None]:
        """What the sealed fields of many say."""
        return {person: self.open(client, person, fields) for person, fields in people.items()}

    def with_ssn(self, client: str, number: str) -> list[str]:  # noqa: ARG002 - the port's
        """No adapter looks anybody up."""
        return []

    def same_ssn(self, client: str, persons: Collection[str]) -> dict[str, str]:  # noqa: ARG002 - the port's
        """No adapter compares anybody."""
        return {}

    def restrict(self, client: str, person: str) -> bool:  # noqa: ARG002 - the port's
        """No adapter restricts anybody."""
        return False

    def forget(self, client: str, person: str) -> bool:
        """Destroy everybody's key."""
        self.forgets = bool(client and person)
        return self.forgets

    def keep_secret(self, client: str, name: str, secret: str) -> str:  # noqa: ARG002 - the port's
        """Keep nothing: a trial hands secrets to the adapter itself."""
        return self.fingerprint(client, secret)

    def fingerprint(self, client: str, secret: str) -> str:
        """The fingerprint of a secret."""
        return hashlib.sha256(f"{client}/{secret}".encode()).hexdigest()[:12]

    def secret_names(self, client: str, *, before: dt.datetime, after: str = "", limit: int = 500) -> list[str]:  # noqa: ARG002 - the port's
        """There are none."""
        return []

    def destroy_secret(self, client: str, name: str) -> bool:  # noqa: ARG002 - the port's
        """There is none."""
        return False

    def secret(self, client: str, name: str) -> str:
        """There is none.

        Raises:
            NotFound: always.
        """
        raise NotFound(f"There is no secret {name!r} of {client!r}.")

    def _seal(self, place: str, value: str) -> str:
        if not value:
            return ""
        digest = hashlib.sha256(f"{place}/{value}".encode()).digest()
        sealed = f"sealed:{base64.b64encode(digest).decode().rstrip('=')}"
        self._sealed[sealed] = value
        return sealed


def hold(condition: object, sentence: str) -> None:
    """Something must be so.

    Raises:
        AssertionError: it is not; the sentence says what should be.
    """
    if not condition:
        raise AssertionError(sentence)


def refused(kind: type[E], action: Callable[[], object], sentence: str) -> E:
    """Something must be refused; answers the refusal.

    Raises:
        AssertionError: it is not.
    """
    try:
        action()
    except kind as refusal:
        return refusal
    raise AssertionError(sentence)
