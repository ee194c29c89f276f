"""People as the test says, for tests of what asks who there is."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.permissions import Rights, Role, rights_of


@dataclass
class FakePeople:
    """The users of every client.

    Attributes:
        everyone: rights by the name that facts record: ``user:anna``.
    """

    everyone: dict[str, Rights] = field(default_factory=dict)

    def users(self, client: str) -> Mapping[str, Rights]:
        """All of them."""
        assert client
        return dict(self.everyone)

    def hire(self, name: str, *roles: Role, locations: frozenset[str] | None = None) -> None:
        """There is such a user from now on, with these roles."""
        self.everyone[f"user:{name}"] = rights_of(*roles, locations=locations)
