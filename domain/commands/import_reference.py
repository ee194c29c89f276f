"""Import reference data of a location: employees, jobs, menu items, tenders, taxes and house accounts from files."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import msgspec

from domain.commands.import_files import CONTRACT, REFERENCE_BESIDE_A_POLL, check_beside, pushing
from domain.commands.intent import Intent
from domain.commands.loading import load_connection
from domain.commands.recording import read_capture
from domain.connection import NEW_CONNECTION, Connection, decide_roster
from domain.connection.standing import check_usable
from domain.differences import operations
from domain.facts import Attempt, FilesRead, ReadFile, RosterChanged
from domain.facts.catalogue import Fact
from domain.identifiers import ConnectionId
from domain.permissions import Permission
from domain.polling import Translation
from domain.ports.captures import Capture, Page
from domain.ports.house import House
from domain.ports.journal import Receipt, Recording, StreamMoved
from domain.ports.source import SourceFailure
from domain.refusals import Conflict

MOST_DECISIONS: Final = 200
"""How often a lost race is decided again before giving up."""


@dataclass(frozen=True, slots=True)
class ImportReference:
    """Import files of reference data for one location.

    Attributes:
        connection: the connection of import files.
        location: our id.
        intent: who and why.
        files: what was read: kind, name, digest and rows.
        pages: the rows in canonical form, by the kind of file, personal fields sealed.
        failure: why the files are refused, in a sentence; then the attempt is recorded, and nothing else.
        beside: the connection that polls the location, if one does.
    """

    connection: ConnectionId
    location: str
    intent: Intent
    files: tuple[ReadFile, ...] = ()
    pages: Mapping[str, tuple[Page, ...]] = field(default_factory=dict)
    failure: str = ""
    beside: ConnectionId | None = None


@dataclass(frozen=True, slots=True)
class ReferenceOutcome:
    """What came of it; recorded as well.

    Attributes:
        receipt: where it is recorded.
        added: records.
        changed: records, those included that the files no longer list.
        failure: why the files were refused, or empty.
    """

    receipt: Receipt
    added: int = 0
    changed: int = 0
    failure: str = ""


def import_reference(command: ImportReference, house: House) -> ReferenceOutcome:
    """Import reference data of one location; a kind that no file brings stays as it is.

    Who or what a file no longer lists stays, marked as not listed. Recorded days do not change by it: what is imported
    for them from now on is read with the new data. A command that was recorded before is not done again.

    Raises:
        NotPermitted: the role may not import there.
        NotConnected: there is no such connection, or it does not feed the location.
        NotFromFiles: the connection is to a system that is polled.
        IsSuspended, IsDisconnected: nothing is imported through the connection.
        FedByAnother: the connection that polls the location brings this kind of data itself.
        Conflict: the command's id was used for another command.
        StreamMoved: the race was lost too often.
        JournalUnavailable: the database is away.
    """
    house.permit(command.intent.asks(Permission.IMPORT, command.connection.client, command.location))
    done = _recorded(command, house)
    if done:
        return done
    check_beside(command.pages, command.beside, REFERENCE_BESIDE_A_POLL)
    connection = load_connection(house.journal, command.connection)
    system = pushing(house, connection)
    check_usable(connection, command.location)
    now = house.clock.now()
    frame = connection.frame(command.location, now.date())
    attempt = Attempt(
        kind="import",
        connection=command.connection.connection,
        configuration=connection.configuration.version,
        started_at=now,
        ended_at=now,
        read_bytes=sum(len(page.data) for pages in command.pages.values() for page in pages),
        rows={file.kind: file.rows for file in command.files},
        files=command.files,
    )
    parameters = {"connection": command.connection.connection, "location": command.location}
    pages = tuple([page for _, given in sorted(command.pages.items()) for page in given])
    capture = Capture(system.key, CONTRACT, parameters, pages)
    translation, failure = Translation({}, {}), command.failure
    if not failure:
        try:
            translation = read_capture(system, capture, frame, connection.configuration.at(command.location))
        except SourceFailure as refusal:
            failure = refusal.message
    digest = "" if failure else house.captures.keep(command.connection.client, capture)
    attempt = msgspec.structs.replace(attempt, ended_at=house.clock.now())
    return _record(command, house, translation, FilesRead(command.location, attempt, digest), failure)


def _record(
    command: ImportReference, house: House, translation: Translation, read: FilesRead, failure: str
) -> ReferenceOutcome:
    """Decide on the fresh state and record; a lost race is decided again."""
    connection: Connection = NEW_CONNECTION
    lost = 0
    while True:
        connection = load_connection(house.journal, command.connection, known=connection)
        roster: tuple[RosterChanged, ...] = ()
        if failure:
            fact = msgspec.structs.replace(read, failure="bad-file", message=failure)
        else:
            roster = decide_roster(connection, command.location, translation.roster, capture=read.capture)
            counts = operations(change for part in roster for change in part.changes)
            fact = msgspec.structs.replace(read, added=counts["added"], changed=counts["changed"])
        facts: tuple[Fact, ...] = (fact, *roster)
        recording = Recording(command.connection.stream, connection.version, facts)
        try:
            receipt = house.journal.append([recording], command.intent.provenance)
        except StreamMoved:
            lost += 1
            if lost == MOST_DECISIONS:
                raise
        else:
            return ReferenceOutcome(receipt, fact.added, fact.changed, fact.message)


def _recorded(command: ImportReference, house: House) -> ReferenceOutcome | None:
    """What this command recorded before, or None if it is new."""
    receipt = house.journal.receipt(command.connection.client, command.intent.command)
    if receipt is None:
        return None
    for entry in house.journal.stream(command.connection.stream, until=receipt.position):
        fact = entry.fact
        if entry.provenance.command == command.intent.command and isinstance(fact, FilesRead):
            return ReferenceOutcome(receipt, fact.added, fact.changed, fact.message)
    raise Conflict(f"The id {command.intent.command!r} was used for another command: use a new one.")
