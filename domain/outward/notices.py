"""Notices as documents: that a business day moved, thin, for whoever reads the rest at the API."""

import hashlib

import msgspec

from domain.identifiers import DayId
from domain.outward.documents import Document, NoticeDocument
from domain.summary import DailySalesSummary, summary_bytes


def notice_key(day: DayId) -> str:
    """The key of the notices of a day: ``notice:day:{location}:{date}``."""
    return f"notice:day:{day.location}:{day.date.isoformat()}"


def notice_document(
    day: DayId, summary: DailySalesSummary, *, version: int, position: int, moved_at: str
) -> NoticeDocument:
    """The notice of a day as it is.

    Args:
        day: which.
        summary: of it.
        version: of its stream.
        position: of the log, of its newest fact.
        moved_at: when that was recorded.
    """
    # Which answer a figure comes from is no figure: a reading that found nothing new is told to nobody.
    said = msgspec.structs.replace(summary, capture="", configuration=0, feeds=())
    date = day.date.isoformat()
    return NoticeDocument(
        client=day.client,
        location=day.location,
        date=date,
        state=summary.state,
        generation=summary.generation,
        digest=hashlib.sha256(summary_bytes(said)).hexdigest()[:32],
        version=version,
        etag=f'"{version}"',
        position=position,
        path=f"/v1/days/{day.location}/{date}",
        moved_at=moved_at,
    )


def same_news(one: Document, other: Document) -> bool:
    """Two notices of which the second tells nothing that the first does not, but how far the log was read."""
    if not isinstance(one, NoticeDocument) or not isinstance(other, NoticeDocument):
        return False
    return (one.state, one.generation, one.digest) == (other.state, other.generation, other.digest)
