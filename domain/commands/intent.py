"""What every command says about itself: who, why, and its own id."""

import uuid
from dataclasses import dataclass, field
from typing import Final

from domain.facts import Provenance
from domain.permissions import Asked, Permission, Rights, rights_of

_USUAL: Final = rights_of("accounting-admin")


def new_id() -> str:
    """A new id for a command: random, so that nobody guesses another's."""
    return uuid.uuid4().hex


@dataclass(frozen=True, slots=True)
class Intent:
    """Who wants something, and why.

    Attributes:
        actor: who, for example ``cli:anna``.
        reason: why, in the person's words.
        command: the command's id; the same id twice is the same command.
        cause: the fact or command that led to it.
        correlation: ties together what one request set off.
        rights: what they may do.
    """

    actor: str
    reason: str = ""
    command: str = field(default_factory=new_id)
    cause: str = ""
    correlation: str = ""
    rights: Rights = _USUAL

    def asks(self, permission: Permission, client: str, location: str = "") -> Asked:
        """The question whether they may do something."""
        return Asked(self.actor, self.rights, permission, client, location)

    @property
    def provenance(self) -> Provenance:
        """What the journal keeps of it."""
        return Provenance(self.actor, self.command, self.reason, self.cause, self.correlation or self.command)
