"""Issues: what a person should look at, gathered in the order in which counting meets it."""

from typing import Final

from domain.records import KINDS
from domain.summary.lines import Issue

MOST_ISSUES: Final = 1000
"""Issues listed on one day; all of them are counted."""

_LONGEST_CODE: Final = 60
_SENTENCES: Final = {
    "convention": "The source writes amounts in a way of its own, which the tickets' identity proved: {}.",
    "zone-differs": "The source says another time zone for the location than the connection does.",
    "blank-payroll-id": "An employee has no payroll id, and nothing was put in its place: {}.",
}
"""What notes of a reading say to a person, by their code; ``{}`` is what stands behind the code."""


class Issues:
    """A bounded list, and a count without bound."""

    def __init__(self) -> None:
        self.count = 0
        self._listed: list[Issue] = []

    def add(self, code: str, message: str, record: str = "") -> None:
        """Note something that a person should look at."""
        self.count += 1
        if len(self._listed) < MOST_ISSUES:
            self._listed.append(Issue(code, message, record))

    def add_note(self, note: str) -> None:
        """Note what a reading found out about its source: ``CODE`` or ``CODE:DETAIL``, the detail often a record."""
        code, _, detail = note.partition(":")
        kind, _, key = detail.partition("/")
        known = _SENTENCES.get(code)
        message = known.replace("{}", detail) if known else f"Reading the source found: {note}."
        record = detail if kind in KINDS and key else ""
        self.add(code[:_LONGEST_CODE].replace("-", "_"), message, record)

    @property
    def listed(self) -> tuple[Issue, ...]:
        """The first of them."""
        return tuple(self._listed)
