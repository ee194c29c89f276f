"""Issues: what a person should look at, gathered in the order in which counting meets it."""

import re
from typing import Final

from domain.polling.translation import BLANK_PAYROLL_ID, TAX_DIFFERS, WHOLE_VENUE
from domain.records import KINDS
from domain.summary.lines import Issue

MOST_ISSUES: Final = 1000
"""Issues listed on one day; all of them are counted."""

_LONGEST_CODE: Final = 60
_MORE: Final = re.compile(r"and \d+ more")
_SENTENCES: Final = {
    "convention": ("", "The source writes amounts in a way of its own, which the tickets' identity proved: {}."),
    "zone-differs": ("", "The source says another time zone for the location than the connection does."),
    "lookback-left-out": ("", "Labor of earlier days could not be read whole, so that nobody looked back on it."),
    "fed-by-another": ("", "The source has records of the kind {} as well, which another connection feeds."),
    "unknown-item": ("", "Sales name a menu item that is in no list: {}. Only an option can say its category."),
    "unknown-tender": ("", "Payments name a tender that is in no list: {}. What type it is, its name has to say."),
    "unknown-tax": ("", "Sales name a tax that is in no list: {}."),
    "unknown-employee": ("", "Records name an employee who is in no list: {}."),
    "unknown-job": ("", "Punches name a job that is in no list: {}."),
    "more-unknown": ("", "More of them are in no list: {}."),
    "listed-twice": ("", "Rows that stand there twice and count once: {}."),
    "break-without-shift": ("", "Breaks of a shift that is nowhere: {}."),
    "ticket-without-details": ("", "Checks that have rows of other kinds and no sales details: {}."),
    "nonexistent-time": ("", "Times that the clocks skipped were read as if they had not."),
    BLANK_PAYROLL_ID: ("employee", "Employees without a payroll id, in whose place nothing was put: {}."),
    WHOLE_VENUE: (
        "deposit",
        "Deposits that name no revenue center and count whole at every location of the venue, over/short too: {}.",
    ),
    TAX_DIFFERS: ("ticket", "Tickets whose sales items' tax is not the check's, by more than rounding: {}."),
}
"""Of notes of a reading, by their code: the kind of record that the detail behind the code names, and what the note
says to a person; ``{}`` is the detail."""


class Issues:
    """A bounded list, and a count without bound."""

    def __init__(self) -> None:
        self.count = 0
        self._listed: list[Issue] = []

    @property
    def full(self) -> bool:
        """No more are listed, only counted: a sentence need not be written."""
        return len(self._listed) >= MOST_ISSUES

    def add(self, code: str, message: str, record: str = "") -> None:
        """Note something that a person should look at."""
        self.count += 1
        if len(self._listed) < MOST_ISSUES:
            self._listed.append(Issue(code, message, record))

    def add_note(self, note: str) -> None:
        """Note what a reading found out about its source: ``CODE`` or ``CODE:DETAIL``.

        The detail is a record's key where the code says of which kind, else anything; ``and 7 more`` counts on.
        """
        code, _, detail = note.partition(":")
        kind, sentence = _SENTENCES.get(code, ("", ""))
        message = sentence.replace("{}", detail) if sentence else f"Reading the source found: {note}."
        if kind and not _MORE.fullmatch(detail):
            record = f"{kind}/{detail}"
        else:
            known, _, key = detail.partition("/")
            record = detail if known in KINDS and key else ""
        self.add(code[:_LONGEST_CODE].replace("-", "_"), message, record)

    @property
    def listed(self) -> tuple[Issue, ...]:
        """The first of them."""
        return tuple(self._listed)
