"""The journal entries of a day as people read them: ``entries → lines of text``, pure."""

import textwrap
from collections.abc import Iterator
from typing import Any, Final

from api.cli.tables import WIDTH, cut, table

_MOST_ISSUES: Final = 20
MOST_LETTERS: Final = 600
_BLOCKED: Final = "BLOCKED"


def entries_lines(entries: dict[str, Any]) -> Iterator[str]:
    """The three entries, and what to look at before they are posted.

    Args:
        entries: plain JSON, as ``plain_entries`` gives it.
    """
    yield from _entry("SALES JOURNAL ENTRY", entries["sales"])
    yield from _entry("LABOR JOURNAL ENTRY", entries["labor"])
    yield from table(
        "STATISTICAL ENTRY",
        ("account", "quantity"),
        [(line["key"], line["account"] or _BLOCKED, line["quantity"]) for line in entries["statistical"]["lines"]],
    )
    yield from issue_lines(entries, "ISSUES OF THE ENTRIES")
    yield f"Accounts: version {entries['books']} of the client's books"


def _entry(title: str, entry: dict[str, Any]) -> Iterator[str]:
    rows = [
        (
            line["key"],
            line["account"] or _BLOCKED,
            line["amount"] if line["side"] == "debit" else "",
            line["amount"] if line["side"] == "credit" else "",
        )
        for line in entry["lines"]
    ]
    if rows:
        rows.append(("Total", "", entry["debits"], entry["credits"]))
    yield from table(title, ("account", "debit", "credit"), rows)


def issue_lines(found: dict[str, Any], title: str = "ISSUES") -> Iterator[str]:
    """The first issues of a summary or of journal entries, a line each, and how many there are."""
    count = found["issue_count"]
    yield f"{title}: {count or 'none'}"
    for issue in found["issues"][:_MOST_ISSUES]:
        about = f"  [{issue['record']}]" if issue["record"] else ""
        text = cut(f"{issue['message']}{about}", MOST_LETTERS)
        yield from textwrap.wrap(text, WIDTH, initial_indent="  ", subsequent_indent="    ")
    if count > _MOST_ISSUES:
        yield f"  ... and {count - _MOST_ISSUES} more"
    yield ""
