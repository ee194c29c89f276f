"""Deciding on the life of a connection: what may follow on what, and the facts that it leads to."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from domain.connection.feeding import AlreadyConnected
from domain.connection.standing import check_lasting, check_standing
from domain.connection.state import Connection
from domain.facts import (
    AccessLost,
    AccessRegained,
    AdminChanged,
    Company,
    ConnectionDisconnected,
    ConnectionDrafted,
    ConnectionEdited,
    ConnectionEstablished,
    ConnectionRenewed,
    ConnectionResumed,
    ConnectionSuspended,
    ConnectionTested,
    CredentialsRotated,
    LifeFact,
    VisibilityChanged,
)
from domain.facts.life import Visibility
from domain.refusals import Conflict, Refusal


class NotTested(Conflict):
    """The connection was not tested as it is now, or the test failed."""


class ChangedMeanwhile(Conflict):
    """The connection was changed while its source was asked: what it answered is of no use."""


class NotSeen(Refusal):
    """A company or venue was chosen that the source does not show."""


class NothingChosen(Refusal):
    """The source shows companies, and none was chosen."""


class NoRenewal(Refusal):
    """The system's grants do not end, and nobody said until when this one is good."""


def decide_draft(connection: Connection, drafted: ConnectionDrafted) -> tuple[ConnectionDrafted, ...]:
    """The fact of a new draft.

    Raises:
        AlreadyConnected: there is a connection of that id.
    """
    if connection.version:
        raise AlreadyConnected("A connection of this id exists already: choose another id.")
    return (drafted,)


def decide_test(connection: Connection, tested: ConnectionTested, *, revision: int) -> tuple[LifeFact, ...]:
    """The facts of a test of what is in use, and of what it shows to be lost or regained.

    Args:
        connection: as recorded.
        tested: what came of it.
        revision: of the connection that was tested.

    Raises:
        IsDisconnected: it is over.
        ChangedMeanwhile: it is not as it was tested.
    """
    check_lasting(connection)
    check_unchanged(connection, revision)
    return (tested, *seen(connection, tested))


def check_unchanged(connection: Connection, revision: int) -> None:
    """Refuse what was decided on while somebody else changed it.

    Raises:
        ChangedMeanwhile: they did.
    """
    if connection.life.revision != revision:
        raise ChangedMeanwhile("The connection was changed while its source was asked: look at it, and try again.")


def seen(connection: Connection, tested: ConnectionTested) -> tuple[LifeFact, ...]:
    """What a test shows to be lost of what was chosen, or regained; nothing where the source was not asked."""
    if not (tested.passed and tested.asked and connection.life.standing):
        return ()
    life = connection.life
    companies, locations = hidden(connection, tested)
    gone = AccessLost(_new(companies, life.lost_companies), _new(locations, life.lost_locations))
    back = AccessRegained(_new(life.lost_companies, companies), _new(life.lost_locations, locations))
    return tuple(fact for fact in (gone, back) if fact.companies or fact.locations)


def hidden(connection: Connection, tested: ConnectionTested) -> tuple[frozenset[str], frozenset[str]]:
    """Chosen companies, and locations, that a test no longer shows.

    A location is hidden where the source lists venues and its own is not among them.
    """
    visible = {company.organization for company in tested.companies}
    companies = frozenset(connection.life.companies) - visible
    venues = [venue.source for venue in tested.venues]
    locations = {name for name, place in connection.locations.items() if venues and dict(place.source) not in venues}
    return companies, frozenset(locations)


def _new(now: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(now) - set(known)))


def decide_admit(
    connection: Connection, companies: Iterable[str] | None, sources: Iterable[Mapping[str, str]], *, admin: str
) -> ConnectionEstablished:
    """The fact that a tested draft is established; the locations and their configuration follow in the same commit.

    Args:
        connection: as recorded.
        companies: those that are chosen, by the source's ids; None: the only one that it shows.
        sources: the source's ids of the locations that are chosen.
        admin: who is responsible for it.

    Raises:
        AlreadyConnected, IsDisconnected: it is no draft.
        NotTested: it was not tested as it is, or the test failed.
        NotSeen, NothingChosen: what was chosen is not among what the test showed.
    """
    check_lasting(connection)
    life = connection.life
    if life.stage != "draft":
        raise AlreadyConnected("The connection is established already: edit it, or add locations to it.")
    if life.test is None:
        failed = f" The last test failed: {life.failed.message}" if life.failed else ""
        raise NotTested(f"The connection has to be tested as it is now before it is established.{failed}")
    return ConnectionEstablished(
        connection.system,
        connection.name,
        connection.environment,
        connection.credential,
        max(life.credential_version, 1),
        connection.secret,
        dict(life.values),
        chosen(life.test, companies, sources),
        admin,
        life.visibility,
        life.maker,
    )


def chosen(
    test: ConnectionTested, companies: Iterable[str] | None, sources: Iterable[Mapping[str, str]] = ()
) -> tuple[Company, ...]:
    """The companies that are chosen, of those that a test showed.

    Raises:
        NotSeen: one of them, or the venue of a location, is not among them.
        NothingChosen: there are several, and none is chosen.
    """
    shown = {company.organization: company for company in test.companies}
    venues = [venue.source for venue in test.venues]
    for source in sources:
        if venues and dict(source) not in venues:
            ids = ", ".join(f"{name} {value!r}" for name, value in sorted(source.items())) or "no ids"
            raise NotSeen(f"The source does not show a venue with {ids[:120]} to this connection.")
    if companies is None:
        if len(shown) > 1:
            names = ", ".join(sorted(shown)[:10])
            raise NothingChosen(f"The source shows {len(shown)} companies: choose among {names}.")
        return tuple(shown.values())
    wanted = dict.fromkeys(companies)
    strangers = [name for name in wanted if name not in shown]
    if strangers:
        known = ", ".join(sorted(shown)[:10]) or "none"
        raise NotSeen(f"The source does not show the company {strangers[0][:80]!r}. It shows: {known}.")
    if shown and not wanted:
        raise NothingChosen("Choose at least one of the companies that the source shows.")
    return tuple(shown[name] for name in sorted(wanted))


def decide_edit(connection: Connection, edited: ConnectionEdited) -> tuple[ConnectionEdited, ...]:
    """The fact of other names, addresses, form values or companies; none where it is so already.

    Raises:
        IsDisconnected: it is over.
    """
    check_lasting(connection)
    return () if edited == as_it_is(connection) else (edited,)


def as_it_is(connection: Connection) -> ConnectionEdited:
    """What an edit says that changes nothing."""
    life = connection.life
    companies = tuple(Company(organization, name) for organization, name in sorted(life.companies.items()))
    return ConnectionEdited(connection.name, connection.environment, dict(life.values), companies)


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret that takes the place of the one in use.

    Attributes:
        credential: its fingerprint.
        name: under which the vault has it.
    """

    credential: str
    name: str


def decide_redraft(
    connection: Connection, edited: ConnectionEdited, secret: Secret | None, *, revision: int
) -> tuple[LifeFact, ...]:
    """The facts of a draft that is filled in otherwise; none where nothing differs. It is tested afterwards.

    Raises:
        ChangedMeanwhile: somebody else changed it.
    """
    check_unchanged(connection, revision)
    return (*decide_edit(connection, edited), *_rotated(connection, secret))


def decide_replace(
    connection: Connection,
    edited: ConnectionEdited,
    tested: ConnectionTested,
    *,
    revision: int,
    secret: Secret | None = None,
    valid_until: dt.datetime | None = None,
) -> tuple[LifeFact, ...]:
    """The facts of an address, form values, a secret or a grant that take the place of others, once they are tested.

    Where the test failed that is all that is recorded: what is in use stays in use.

    Args:
        connection: as recorded.
        edited: name, address, values and companies from now on.
        tested: of those; with the version of the secret from now on.
        revision: of the connection that was to be changed.
        secret: that takes the place of the one in use; None: that stays.
        valid_until: until when the grant is good; None where nothing is said about it.

    Raises:
        NotEstablished, IsDisconnected: there is nothing in use.
        ChangedMeanwhile: somebody else changed it.
    """
    check_standing(connection)
    check_unchanged(connection, revision)
    if not tested.passed:
        return (tested,)
    facts = [*decide_edit(connection, edited), *_rotated(connection, secret), tested]
    facts += seen(_with_companies(connection, edited), tested)
    return (*facts, *(() if valid_until is None else (ConnectionRenewed(valid_until),)))


def _rotated(connection: Connection, secret: Secret | None) -> tuple[CredentialsRotated, ...]:
    if secret is None:
        return ()
    return (CredentialsRotated(secret.credential, connection.life.credential_version + 1, secret.name),)


def _with_companies(connection: Connection, edited: ConnectionEdited) -> Connection:
    named = {company.organization: company.name for company in edited.companies}
    still = connection.life.lost_companies & named.keys()
    return replace(connection, life=replace(connection.life, companies=named, lost_companies=still))


def decide_share(connection: Connection, visibility: Visibility) -> tuple[VisibilityChanged, ...]:
    """The fact that others may edit it, or may no longer; none where it is so already.

    Raises:
        IsDisconnected: it is over.
    """
    check_lasting(connection)
    return () if connection.life.visibility == visibility else (VisibilityChanged(visibility),)


def decide_suspend(connection: Connection, reason: str) -> tuple[ConnectionSuspended, ...]:
    """The fact that nothing is polled until it is resumed; none where it is suspended for that reason already.

    Raises:
        NotEstablished, IsDisconnected: there is nothing to suspend.
    """
    check_standing(connection)
    same = (connection.life.stage, connection.life.reason) == ("suspended", reason)
    return () if same else (ConnectionSuspended(reason),)


def decide_resume(connection: Connection) -> tuple[ConnectionResumed, ...]:
    """The fact that it is polled again; none where it is.

    Raises:
        NotEstablished, IsDisconnected: there is nothing to resume.
    """
    check_standing(connection)
    return (ConnectionResumed(),) if connection.life.stage == "suspended" else ()


def decide_disconnect(connection: Connection) -> tuple[ConnectionDisconnected, ...]:
    """The fact that it is over for good; none where it is. A draft is thrown away so, too."""
    return () if connection.life.stage == "disconnected" else (ConnectionDisconnected(),)


def decide_change_admin(connection: Connection, admin: str) -> tuple[AdminChanged, ...]:
    """The fact that somebody else is responsible; none where they are. Whether they can be was asked before.

    Raises:
        NotEstablished, IsDisconnected: there is nothing to be responsible for.
    """
    check_standing(connection)
    return () if connection.life.admin == admin else (AdminChanged(admin),)
