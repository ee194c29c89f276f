"""Plain JSON of generations, effects, explanations and traces, as HTTP and the command line answer them."""

from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import quote

from api.plain import plain_origin
from domain.effects import Effect, Line, LineEffect
from domain.explaining import Explanation
from domain.facts import Entry
from domain.figures import figures, text, unit_of
from domain.identifiers import connection_of, day_of
from domain.ledger import StatisticalLine
from domain.money import shown
from domain.summary import DailySalesSummary
from projections.drilling import Traced
from projections.generations import Generation, Side
from projections.tracing import Trace

MOST_EFFECTS: Final = 2000
"""Figures, and journal lines, that an answer over HTTP lists of an effect; all of them are counted."""


def plain_generation(found: Generation) -> dict[str, Any]:
    """Who began a generation, when and why, what it counts and where it has that from."""
    counts = found.counts
    origin = plain_origin(found.origin)
    return {
        "generation": counts.generation,
        **plain_said(found.begun),
        "as_of": found.end,
        "kind": counts.origin,
        "added": counts.added,
        "changed": counts.changed,
        "removed": counts.removed,
        **{name: value for name, value in origin.items() if name != "generation"},
    }


def plain_said(entry: Entry) -> dict[str, Any]:
    """Where a fact stands, who recorded it and why."""
    by = entry.provenance
    return {
        "position": entry.position,
        "version": entry.version,
        "recorded_at": entry.recorded_at,
        "actor": by.actor,
        "reason": by.reason,
        "command": by.command,
        "cause": by.cause,
        "correlation": by.correlation,
    }


def plain_effect(effect: Effect, most: int | None = None) -> dict[str, Any]:
    """What differs in figures of the summary and lines of the journal entries; ``most`` bounds the lists."""
    return {
        "figures": [
            {
                "figure": one.name,
                "unit": one.unit,
                "before": text(one.unit, one.before),
                "after": text(one.unit, one.after),
                "difference": text(one.unit, one.difference),
            }
            for one in effect.figures[:most]
        ],
        "figure_count": len(effect.figures),
        "journal_lines": [_plain_line_effect(one) for one in effect.lines[:most]],
        "journal_line_count": len(effect.lines),
    }


def _plain_line_effect(one: LineEffect) -> dict[str, Any]:
    statistical = isinstance(one.before or one.after, StatisticalLine)
    return {
        "entry": one.entry,
        "key": one.key,
        "before": _plain_line(one.before),
        "after": _plain_line(one.after),
        "difference": str(one.difference) if statistical else shown(int(one.difference)),
    }


def _plain_line(line: Line | None) -> dict[str, Any] | None:
    if line is None:
        return None
    if isinstance(line, StatisticalLine):
        return {"side": "", "amount": str(line.quantity), "account": line.account, "blocked": line.blocked}
    return {"side": line.side, "amount": shown(line.amount_cents), "account": line.account, "blocked": line.blocked}


def plain_side(side: Side) -> dict[str, Any]:
    """A moment of a day that is compared."""
    return {
        "position": side.position,
        "generation": side.day.generation,
        "version": side.day.version,
        "state": side.day.state,
        "configuration": side.day.configuration,
        "capture": side.day.capture,
        "books": side.books.version,
    }


def plain_figures(summary: DailySalesSummary) -> list[dict[str, Any]]:
    """Every figure of a summary by its name."""
    return [
        {"figure": where.name, "unit": unit_of(where), "value": text(unit_of(where), value)}
        for where, value in figures(summary).items()
    ]


def plain_explanation(found: Explanation, page: Iterable[Traced]) -> dict[str, Any]:
    """What a figure or a line is made of, with a page of its records."""
    return {
        "unit": found.unit,
        "value": text(found.unit, found.value),
        "made_of": [
            {"figure": other.name, "unit": other.unit, "value": text(other.unit, other.value)}
            for other in found.made_of
        ],
        "records": len(found.shares),
        "data": [
            {
                "record": f"{one.share.kind}/{one.share.key}" if one.share.kind else "",
                "share": text(found.unit, one.share.value),
                "said": plain_said(one.said) if one.said else None,
                "origin": plain_origin(one.origin),
            }
            for one in page
        ],
    }


def plain_trace(found: Trace) -> dict[str, Any]:
    """A stream that an id touched, with the address of what happened there."""
    day, connection = day_of(found.stream), connection_of(found.stream)
    facts = f"/v1/facts?after={found.first - 1}"
    link = facts
    if day:
        asked = f"record={quote(found.record, safe='/')}" if found.record else f"after={found.first - 1}"
        link = f"/v1/days/{day.location}/{day.date}/history?{asked}"
    return {
        "meaning": found.meaning,
        "stream": found.stream,
        "location": day.location if day else None,
        "date": day.date if day else None,
        "connection": connection.connection if connection else None,
        "record": found.record or None,
        "first": found.first,
        "last": found.last,
        "facts": found.facts,
        "link": link,
        "log": facts,
    }
