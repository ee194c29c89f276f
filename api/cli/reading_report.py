"""Generations, comparisons and explanations as people read them: ``plain JSON → lines of text``, pure."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from api.cli.tables import cut

_MOST_SHOWN: Final = 50
_WIDE: Final = 300


def generation_line(found: dict[str, Any]) -> str:
    """One generation: when, who, what came of it, and from where."""
    at = f"{found['recorded_at']:%Y-%m-%d %H:%M:%S}Z"
    read = f", reading {found['read_date']}" if found["read_date"] else ""
    why = f" because '{found['reason']}'" if found["reason"] else ""
    source = f" from {found['connection']}, capture {found['capture'][:16]}" if found["capture"] else ""
    counts = f"{found['added']} added, {found['changed']} changed, {found['removed']} removed"
    return _printed(
        f"{found['generation']}  {at}  {found['actor']}  {found['kind']}{read}{why}: {counts}{source} "
        f"(as of position {found['as_of']})"
    )


def record_lines(records: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Records that differ, those that changed field by field."""
    for record in records[:_MOST_SHOWN]:
        yield _printed(f"  {record['record']} {record['operation']}")
        for field in record["fields"][:_MOST_SHOWN] if record["operation"] == "changed" else ():
            yield _printed(f"    {field['path']}: {_value(field['before'])} -> {_value(field['after'])}")
    yield from _more(len(records), "records")


def effect_lines(effect: dict[str, Any]) -> Iterator[str]:
    """What it means for figures and journal lines."""
    for one in effect["figures"][:_MOST_SHOWN]:
        by = "" if one["difference"] is None else f" ({_signed(one['difference'])})"
        yield _printed(f"  figure {one['figure']}: {_known(one['before'])} -> {_known(one['after'])}{by}")
    yield from _more(effect["figure_count"], "figures")
    for one in effect["journal_lines"][:_MOST_SHOWN]:
        sides = f"{_side(one['before'])} -> {_side(one['after'])}"
        line = f"  {one['entry']} entry {one['key']} ({_accounts(one)}): {sides} ({_signed(one['difference'])})"
        yield _printed(line)
    yield from _more(effect["journal_line_count"], "journal lines")


def comparison_lines(found: dict[str, Any]) -> Iterator[str]:
    """Two moments of a day, and what differs."""
    for name in ("left", "right"):
        side = found[name]
        yield f"{name}: generation {side['generation']}, {side['state']}, as of position {side['position']}"
    effect = found["effect"]
    if not found["data"] and not effect["figures"] and not effect["journal_lines"]:
        yield "Nothing differs."
        return
    yield f"{operation_words(found['changes'])}."
    yield from record_lines(found["data"])
    yield from effect_lines(effect)


def explanation_lines(found: dict[str, Any]) -> Iterator[str]:
    """A figure, what it follows from, and its records with their shares and sources."""
    yield _printed(f"{found['figure']} = {_known(found['value'])}")
    for other in found["made_of"]:
        yield _printed(f"  from {other['figure']} = {_known(other['value'])}")
    for one in found["data"]:
        yield _printed(f"  {one['share']}  {one['record'] or '(the day)'}{_said(one)}")
    if found["records"] > len(found["data"]):
        yield f"  ... and {found['records'] - len(found['data'])} more records: --json tells them all"


def _said(one: dict[str, Any]) -> str:
    said, origin = one["said"], one["origin"]
    if said is None:
        return ""
    attempt = origin["attempt"]
    read = f", {attempt['kind']} of {attempt['ended_at']:%Y-%m-%d %H:%M:%S}Z" if attempt else ""
    capture = f", capture {origin['capture'][:16]}" if origin["capture"] else ""
    return f"  position {said['position']}, {said['actor']}{read}{capture}"


def operation_words(counts: dict[str, int]) -> str:
    """How many records were added, changed and removed."""
    return ", ".join(f"{count} records {operation}" for operation, count in counts.items())


def _more(count: int, what: str) -> Iterator[str]:
    """That not all are shown; a program is told them all."""
    if count > _MOST_SHOWN:
        yield f"  ... and {count - _MOST_SHOWN} more {what}: --json tells them all"


def _accounts(line: dict[str, Any]) -> str:
    """The account of a line, before and after where it is another."""
    sides = [side for side in (line["before"], line["after"]) if side is not None]
    return " -> ".join(dict.fromkeys(side["account"] or "no account" for side in sides))


def _side(line: dict[str, Any] | None) -> str:
    return "none" if line is None else f"{line['side']} {line['amount']}".strip()


def _signed(text: str) -> str:
    return text if text.startswith("-") else f"+{text}"


def _known(value: str | None) -> str:
    return "none" if value is None else value


def _value(value: Any) -> str:
    return "none" if value is None else cut(str(value), _WIDE)


def _printed(text: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in text)
