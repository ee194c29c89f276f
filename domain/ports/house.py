"""The ports that a command needs, bundled; the composition root fills them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from domain.connection import Connection
from domain.facts.objects import ObjectType
from domain.forms import Check, Filled, Supplied, completed, filled_of, unchecked
from domain.identifiers import ConnectionId
from domain.outward import DEFAULT_RULES, KEYED, OutwardRules, Showing
from domain.permissions import Access, Asked, NotPermitted, by_rights
from domain.ports.captures import Captures
from domain.ports.clock import Clock
from domain.ports.journal import Journal
from domain.ports.people import NOBODY, People
from domain.ports.source import DEFAULT_LIMITS, Limits, Source, System
from domain.ports.target import Target, WritableSystem
from domain.ports.vault import Vault
from domain.refusals import NotFound, Refusal

WINDOW_DAYS: Final = 30
"""How far back business days are looked after, and touched by others than support, unless a setting says otherwise."""


class UnknownSystem(NotFound):
    """The connection is to a system that this installation has no adapter for."""


class NotWritable(Refusal):
    """Nothing can be written to the system of a connection."""


@dataclass(frozen=True, slots=True)
class House:
    """Everything outside that commands use.

    Attributes:
        journal: where facts are kept.
        captures: where answers of sources are kept.
        vault: where keys and secrets are kept.
        clock: what time it is.
        systems: the catalogue, by key.
        access: who may do what.
        people: the users of clients.
        window_days: how many days back a business day may lie for others than support to poll or delete it.
        limits: bounds on every fetch, and where its requests may go.
        supplied: what the operator supplies so that forms of systems need not ask for it.
        outward: how long it takes at most to tell other systems of objects.
        fits: holds what was filled in of a form against it.
    """

    journal: Journal
    captures: Captures
    vault: Vault
    clock: Clock
    systems: Mapping[str, System]
    access: Access = by_rights
    window_days: int = WINDOW_DAYS
    limits: Limits = DEFAULT_LIMITS
    supplied: tuple[Supplied, ...] = ()
    people: People = NOBODY
    outward: OutwardRules = DEFAULT_RULES
    fits: Check = unchecked

    def permit(self, asked: Asked) -> None:
        """Go on, if they may.

        Raises:
            NotPermitted: they may not.
        """
        if not self.access(asked):
            roles = ", ".join(repr(role) for role in asked.rights.roles) or "none"
            where = f" at the location {asked.location!r}" if asked.permission in asked.rights.permissions else ""
            raise NotPermitted(
                f"This takes the permission {asked.permission.value!r}{where}, which the roles ({roles}) do not give."
            )

    def system(self, key: str) -> System:
        """A system of the catalogue.

        Raises:
            UnknownSystem: it is not in this installation.
        """
        if key not in self.systems:
            known = ", ".join(sorted(self.systems)) or "none"
            raise UnknownSystem(f"There is no adapter for the system {key[:60]!r} here. Known systems: {known}.")
        return self.systems[key]

    def completed(self, system: str, filled: Filled) -> Filled:
        """What was filled into a system's form, with what the operator supplies for it."""
        return completed(system, filled, self.supplied)

    @contextmanager
    def source(self, connection_id: ConnectionId, connection: Connection) -> Iterator[Source]:
        """The source behind a connection, opened with its secret and closed again."""
        filled = self._filled(connection_id, connection)
        source = self.system(connection.system).connect(filled.environment, filled.secret, self.vault, self.limits)
        try:
            yield source
        finally:
            source.close()

    def writable(self, key: str) -> WritableSystem:
        """A system of the catalogue that takes objects.

        Raises:
            UnknownSystem: it is not in this installation.
            NotWritable: it takes none.
        """
        system = self.system(key)
        if not isinstance(system, WritableSystem):
            raise NotWritable(f"Nothing can be written to {system.title} ({key}).")
        return system

    @contextmanager
    def target(self, connection_id: ConnectionId, connection: Connection) -> Iterator[Target]:
        """What objects are written to over a connection, opened with its secret and closed again.

        Raises:
            UnknownSystem, NotWritable: nothing can be written to its system.
            BadEndpoint: the address or a secret cannot be used.
            VaultLocked: the secret cannot be decrypted.
        """
        target = self.writable(connection.system).target(self._filled(connection_id, connection), self.limits)
        try:
            yield target
        finally:
            target.close()

    def showing(self, system: str, kind: ObjectType) -> Showing:
        """What a system makes of an effect of a type that is sent twice, and when it shows one."""
        known = self.systems.get(system)
        unkeyed = known.profile.shows_within if known else {}
        return Showing(keyed=False, within=unkeyed[kind]) if kind in unkeyed else KEYED

    def _filled(self, connection_id: ConnectionId, connection: Connection) -> Filled:
        """The form of a connection, with its secret and what the operator supplies."""
        secret = self.vault.secret(connection_id.client, connection.secret) if connection.secret else ""
        form = self.system(connection.system).profile.form
        kept = filled_of(form, connection.environment, connection.life.values, secret)
        return self.completed(connection.system, kept)


def secret_name(connection: str, command: str) -> str:
    """The name in the vault of the secret that a command gives a connection."""
    return f"connection/{connection}/{command}"


def connection_of_secret(name: str) -> str:
    """The connection that a name in the vault is of; empty where it is none of :func:`secret_name`."""
    begun, _, rest = name.partition("/")
    connection, apart, _command = rest.partition("/")
    return connection if begun == "connection" and apart else ""
