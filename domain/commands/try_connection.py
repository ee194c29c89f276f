"""Try a connection: really ask its source, with the secret in use, who we are there and what we may see."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.commands.changing import Changed, change, told_before
from domain.commands.loading import load_connection
from domain.commands.stewarding import OnConnection, as_seen, check_revision, permit
from domain.commands.trying import secret_of, tried
from domain.connection import Connection
from domain.connection.companies import KnownCompany, known_companies
from domain.connection.living import decide_test
from domain.connection.standing import check_lasting
from domain.facts import ConnectionTested
from domain.facts.catalogue import ConnectionFact
from domain.ports.house import House


@dataclass(frozen=True, slots=True)
class TryConnection(OnConnection):
    """Try a connection.

    Attributes:
        existing: the client's other connections, by id: which of the companies they have already is told.
    """

    existing: Mapping[str, Connection] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of it.

    Attributes:
        change: what was recorded.
        tested: the test.
        known: companies that other connections have already.
    """

    change: Changed
    tested: ConnectionTested
    known: tuple[KnownCompany, ...]


def try_connection(command: TryConnection, house: House) -> Tried:
    """Ask the source and record what it said; a failure is recorded with its reason.

    What was chosen and is no longer visible is lost, and what is visible again regained, in the same commit. A command
    that was recorded before asks nobody again.

    Raises:
        NotConnected: there is no such connection.
        NotPermitted: they may not edit it.
        NotTheVersion: it is not at the revision that the caller saw.
        IsDisconnected: it is over.
        ChangedMeanwhile: somebody changed it while its source was asked.
        CommandReused: the command's id was used for another one.
    """
    done = told_before(command.connection, command.intent, house, _same)
    if done:
        return _told(command, done)
    connection = load_connection(house.journal, command.connection)
    permit(command, house, connection)
    check_revision(command, connection)
    check_lasting(connection)
    tested = tried(
        house,
        house.system(connection.system),
        "draft" if connection.life.stage == "draft" else "connection",
        environment=connection.environment,
        values=connection.life.values,
        secret=secret_of(house, command.connection, connection),
        version=connection.life.credential_version,
    )
    changed = change(
        command.connection,
        command.intent,
        house,
        as_seen(command, lambda known: decide_test(known, tested, revision=connection.life.revision)),
        _same,
    )
    return _told(command, changed)


def _same(_: Connection, facts: list[ConnectionFact]) -> bool:
    return isinstance(facts[0], ConnectionTested) and facts[0].of in {"draft", "connection"}


def _told(command: TryConnection, changed: Changed) -> Tried:
    life = changed.after.life
    tested = life.failed or life.test
    assert tested is not None  # noqa: S101 - it was recorded just now
    named = {company.organization: company.name for company in tested.companies}
    after = changed.after
    return Tried(changed, tested, known_companies(command.existing, after.system, after.environment, named))
