"""The users of clients, as connections need to know them: who of them may do what now."""

from collections.abc import Mapping

from domain.commands.changing_people import load_people
from domain.identifiers import PeopleId
from domain.permissions import Rights
from domain.ports.journal import Journal


class Directory:
    """The users that the journal knows."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def users(self, client: str) -> Mapping[str, Rights]:
        """What each user who may sign in now may do, by the name that facts record them under: ``user:anna``."""
        known = load_people(self._journal, PeopleId(client))
        return {user.actor: user.rights for user in known.users.values() if user.enabled}
