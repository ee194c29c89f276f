"""What an attempt sends: the document and the effect, worked out of how the object and its connection stand."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.business_date import date_of
from domain.commands.loading import load_person
from domain.connection import Connection
from domain.facts.objects import Level
from domain.identifiers import ObjectId, PersonId
from domain.outward import (
    Document,
    EntryDocument,
    Planned,
    RecordDocument,
    SyncObject,
    Try,
    blocked_keys,
    delta_document,
    document_bytes,
    document_of,
    level_of,
)
from domain.ports.captures import Capture, Page
from domain.ports.house import House
from domain.ports.target import Effect, Failure
from domain.ports.vault import PersonForgotten

SYSTEM = "daybook"
"""The system of captures that hold our own documents."""

MOST_NAMED = 5
"""Keys that a message names."""

_FORGOTTEN = "The person is to be forgotten: nothing of them is sent any more."


@dataclass(frozen=True, slots=True)
class Sending:
    """What is to be sent, or why it cannot be.

    Attributes:
        document: what is sent.
        digest: of its capture.
        level: at which.
        place: the system's own ids of the location.
        opened: personal data in clear; it is never kept.
        failure: why it cannot be sent; None where it can.
        message: likewise, for a person.
    """

    document: Document
    digest: str
    level: Level
    place: Mapping[str, str] = field(default_factory=dict)
    opened: Mapping[str, str] = field(default_factory=dict, repr=False)
    failure: Failure | None = None
    message: str = ""

    @property
    def is_nothing(self) -> bool:
        """There is no difference that would have to be sent."""
        return isinstance(self.document, EntryDocument) and not self.document.lines


def capture_of(one: ObjectId, document: Document) -> Capture:
    """The capture of a document; equal documents of an object make equal captures."""
    page = Page("document", 1, document_bytes(document))
    return Capture(SYSTEM, 1, {"object": one.key}, (page,))


def kept_document(house: House, one: ObjectId, digest: str) -> Document:
    """The document of a capture.

    Raises:
        NoCapture: there is none of that digest.
    """
    return document_of(house.captures.get(one.client, digest).pages[0].data)


def prepare(house: House, one: ObjectId, known: SyncObject, planned: Planned, connection: Connection) -> Sending:
    """What the next step of an object sends; opens personal data, and sends nothing."""
    document, digest = _document(house, one, known, planned)
    level = planned.level or level_of(connection.life.values, known.type)
    sending = Sending(document, digest, level)
    if isinstance(document, EntryDocument) and (keys := blocked_keys(document)):
        named = ", ".join(keys[:MOST_NAMED]) + (f" and {len(keys) - MOST_NAMED} more" if keys[MOST_NAMED:] else "")
        return _failing(sending, "unmapped", f"No account is mapped to {named}: map it with `daybook accounts --set`.")
    place = connection.locations.get(known.location)
    if known.location and place is None:
        said = f"The location {known.location!r} is not one of the connection's: add it with `daybook add-location`."
        return _failing(sending, "unmapped", said)
    opened: Mapping[str, str] = {}
    if isinstance(document, RecordDocument) and _is_forgotten(house, one.client, document.counterpart):
        return _failing(sending, "rejected", _FORGOTTEN)
    if isinstance(document, RecordDocument) and document.sealed:
        try:
            opened = house.vault.open(one.client, document.person, document.sealed)
        except PersonForgotten:
            return _failing(sending, "rejected", _FORGOTTEN)
    return Sending(document, digest, level, place.source if place else {}, opened)


def _is_forgotten(house: House, client: str, person: str) -> bool:
    connection, _, rest = person.partition(":")
    location, _, employee = rest.partition(":")
    if not employee:
        return False
    known = load_person(house.journal, PersonId(client, connection, location, employee))
    return known.due is not None or known.shredded


def effect_of(
    one: ObjectId, known: SyncObject, running: Try, document: Document, connection: Connection, now: dt.datetime
) -> Effect:
    """The effect of an attempt, without personal data.

    Args:
        one: the object.
        known: how it stands.
        running: the attempt.
        document: what is sent.
        connection: over which.
        now: a difference is entered on the business date of this moment.
    """
    place = connection.locations.get(known.location)
    today = ""
    if running.step == "delta":
        at = (place.zone, place.day_starts) if place else ("UTC", dt.time())
        today = date_of(now, *at).isoformat()
    return Effect(
        type=known.type,
        key=one.key,
        step=running.step,
        reference=running.reference,
        document=document,
        level=running.level,
        place=place.source if place else {},
        external_id=known.posted.external_id if known.posted else "",
        date=today,
        related=running.related,
    )


def _document(house: House, one: ObjectId, known: SyncObject, planned: Planned) -> tuple[Document, str]:
    if planned.document:
        return kept_document(house, one, planned.document), planned.document
    standing = kept_document(house, one, known.posted.document) if known.posted else None
    wanted = kept_document(house, one, known.document)
    if not isinstance(wanted, EntryDocument) or not isinstance(standing, EntryDocument):
        raise TypeError(f"Only entries are corrected by differences, not {known.type}.")
    delta = delta_document(wanted, standing)
    return delta, house.captures.keep(one.client, capture_of(one, delta))


def _failing(sending: Sending, failure: Failure, message: str) -> Sending:
    return Sending(sending.document, sending.digest, sending.level, failure=failure, message=message)
