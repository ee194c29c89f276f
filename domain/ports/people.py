"""People: who there is in a client, and what each of them may do."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Protocol

from domain.permissions import Rights


class People(Protocol):
    """The users of clients, as far as connections need to know them."""

    def users(self, client: str) -> Mapping[str, Rights]:
        """What each user who may sign in now may do, by the name that facts record them under: ``user:anna``."""
        ...


class Nobody:
    """A daybook without users: whoever sits at the machine, the operator, answers for everything."""

    def users(self, client: str) -> Mapping[str, Rights]:  # noqa: ARG002 - of no client there are any
        """None."""
        return MappingProxyType({})


NOBODY: Final = Nobody()
