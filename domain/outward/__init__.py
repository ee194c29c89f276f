"""What goes out: the objects that other systems are told of, and how it stands with each."""

from domain.outward.documents import (
    Document,
    EntryDocument,
    EntryLine,
    RecordDocument,
    ScheduleDocument,
    Shift,
    document_bytes,
    document_of,
)
from domain.outward.naming import reference

__all__ = [
    "Document",
    "EntryDocument",
    "EntryLine",
    "RecordDocument",
    "ScheduleDocument",
    "Shift",
    "document_bytes",
    "document_of",
    "reference",
]
