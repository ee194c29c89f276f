"""Overlays and conflicts: what people entered, and where the sources say otherwise since then."""

from typing import Final

import msgspec
from sqlalchemy import update

from domain.facts import (
    ABSENT,
    ConflictRaised,
    ConflictResolved,
    Entry,
    OverlayAgreed,
    OverlayEntered,
    OverlayFact,
    OverlayWithdrawn,
)
from projections.batches import Batch
from projections.tables import conflict, overlay
from projections.views.view import View
from projections.words import instant_text
from projections.writing import Row, Writer


def project(batch: Batch, writer: Writer) -> None:
    """Bring the tables up to date: the five facts about overlays and conflicts, one after the other; they are few."""
    for touched in batch.days:
        day = (touched.day.client, touched.day.location, touched.date)
        for entry in touched.entries:
            if isinstance(entry.fact, OverlayFact):
                _follow((*day, entry.fact.kind, entry.fact.key), entry.fact, entry, writer)


def _follow(place: Row, fact: OverlayFact, entry: Entry, writer: Writer) -> None:
    by, recorded = entry.provenance, instant_text(entry.recorded_at)
    match fact:
        case OverlayEntered():
            source = fact.source if fact.kind == "punch" else ABSENT
            told = (_text(fact.after), _text(source), fact.generation, by.actor, by.reason, recorded, entry.position)
            writer.put(overlay, [(*place, *told)])
        case OverlayWithdrawn():
            writer.remove(overlay, [place])
            writer.remove(conflict, [place])
        case OverlayAgreed():
            _set(place, writer, ours_json=_text(fact.after), source_json=_text(fact.after))
            writer.remove(conflict, [place])
        case ConflictRaised():
            sides = (_text(fact.ours), _text(fact.theirs))
            writer.put(conflict, [(*place, *sides, fact.generation, by.actor, recorded, entry.position)])
        case ConflictResolved():
            writer.remove(conflict, [place])
            if fact.side == "ours":
                _set(place, writer, source_json=_text(fact.theirs))
            elif fact.kind == "punch":
                writer.remove(overlay, [place])


def _set(place: Row, writer: Writer, **texts: str) -> None:
    names = [column.name for column in overlay.primary_key.columns]
    matches = [overlay.c[name] == value for name, value in zip(names, place, strict=True)]
    writer.execute(update(overlay).where(*matches).values(**texts))


def _text(data: msgspec.Raw) -> str:
    return bytes(data).decode()


VIEW: Final = View("overlays", (overlay, conflict), project)
