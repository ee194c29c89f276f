"""Documents: what is to stand at another system, in our words; adapters put them into theirs."""

from decimal import Decimal
from typing import Final

import msgspec

from domain.facts.objects import ObjectType


class EntryLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line of a journal entry.

    Attributes:
        account: number in the client's books; empty where the key has none, and then the entry cannot go out.
        cents: above zero a debit, below zero a credit; 0 in a statistical entry.
        quantity: of a statistical entry, else 0.
        key: what the line is of, for example ``sales/Food/Dine In``: it is the line's memo.
    """

    account: str
    key: str
    cents: int = 0
    quantity: Decimal = Decimal(0)


class EntryDocument(msgspec.Struct, frozen=True, tag_field="document", tag="entry"):
    """A journal entry of one business day of one location; debits are credits, unless it is statistical.

    Attributes:
        kind: ``sales``, ``labor`` or ``statistical``.
        location: our id; the system's own ids of it are given beside.
        date: business date, ``YYYY-MM-DD``.
        title: for people, at most 75 characters.
        lines: none where nothing is to stand there (any more).
    """

    kind: str
    location: str
    date: str
    title: str
    lines: tuple[EntryLine, ...]


class RecordDocument(msgspec.Struct, frozen=True, tag_field="document", tag="record", omit_defaults=True):
    """A record of master data.

    Attributes:
        type: what it is.
        id: its id at the other system: a number of the books, or what was agreed.
        name: what people call it; empty where that is personal data.
        fields: others that are not personal data, by our names.
        sealed: personal data, sealed, by our names; opened in memory only, on the way out.
        person: whose personal data it is, as the vault names people.
        active: it is in use; what is not is made inactive, never deleted.
        counterpart: the same person as another system knows them, likewise: where they are forgotten there, nothing of
            this goes out either.
    """

    type: ObjectType
    id: str
    name: str = ""
    fields: dict[str, str] = {}
    sealed: dict[str, str] = {}
    person: str = ""
    active: bool = True
    counterpart: str = ""


class Shift(msgspec.Struct, frozen=True, omit_defaults=True):
    """A shift of a schedule.

    Attributes:
        id: ours, permanent.
        employee: the point of sale's id of the employee.
        job: its id of the job.
        starts_at: UTC, ISO 8601.
        ends_at: likewise.
    """

    id: str
    employee: str
    job: str
    starts_at: str
    ends_at: str


class ScheduleDocument(msgspec.Struct, frozen=True, tag_field="document", tag="schedule"):
    """The published schedule of a location in a week.

    Attributes:
        location: our id.
        week: its first business date.
        shifts: all that are ours, by id.
    """

    location: str
    week: str
    shifts: tuple[Shift, ...]


class NoticeDocument(msgspec.Struct, frozen=True, tag_field="document", tag="notice"):
    """A notice that a business day is another now: where it stands, and where the rest is read. No personal data.

    Attributes:
        client: whose; others may have locations of the same id.
        location: our id.
        date: business date, ``YYYY-MM-DD``.
        state: ``missing``, ``in progress``, ``completed`` or ``approved``.
        generation: which reading of the day this is.
        digest: of what its summary says, hex; wherever it came from.
        version: of the day's stream.
        etag: of the day at the API.
        position: of the log, as of which this is so.
        path: at the API, where the day is read.
        moved_at: when that was recorded, UTC, ISO 8601.
    """

    client: str
    location: str
    date: str
    state: str
    generation: int
    digest: str
    version: int
    etag: str
    position: int
    path: str
    moved_at: str


Document = EntryDocument | RecordDocument | ScheduleDocument | NoticeDocument

_ENCODE: Final = msgspec.json.Encoder(order="deterministic", decimal_format="string").encode
_DECODER: Final[msgspec.json.Decoder[Document]] = msgspec.json.Decoder(Document)


def document_bytes(document: Document) -> bytes:
    """The canonical bytes of a document: equal documents have equal bytes."""
    return _ENCODE(document)


def document_of(data: bytes) -> Document:
    """The document of canonical bytes.

    Raises:
        msgspec.DecodeError: they are not those of one.
    """
    return _DECODER.decode(data)
