"""Verdicts: what an error of the gateway means, by its number *and* its text: one number stands for almost anything."""

import re
from collections.abc import Iterable, Sequence
from typing import Final, Literal, NamedTuple

from adapters.erp.sage_intacct.answers import Trouble
from domain.ports.target import Failure

Kind = Failure | Literal["duplicate", "session-over", "unclear"]
"""What it means. A duplicate is looked up, and what no rule knows too, as it may be one in words that are not ours; a
session that is over is begun again."""

GENERIC: Final = frozenset({"", "BL01001973", "XL03000009", "-"})
"""Numbers that say nothing by themselves: the text decides."""

ROLLED_BACK: Final = "XL03000009"
"""Everything in the operation was undone."""


class Rule(NamedTuple):
    """What a number, or any where it is empty, means with a text like this, or with any."""

    number: str
    text: str
    kind: Kind
    sentence: str


_TOO_MANY: Final = "Sage Intacct has had too many requests."
_OFFLINE: Final = "Sage Intacct is not available at the moment."
_SIGN_IN: Final = "Sage Intacct does not accept the sign-in: check company, user and password."
_SENDER: Final = "Sage Intacct does not accept the sender id or its password."
_SENDER_UNKNOWN: Final = (
    "The company does not authorize the sender id: its administrator adds it under Company, Setup, Configuration, "
    "Security."
)
_PERMISSION: Final = "The web services user may not do this: its administrator grants the permission."
_CLOSED: Final = "The date lies in a period that is closed at Sage Intacct."
_DUPLICATE: Final = "Sage Intacct has executed this before."
_GONE: Final = "Sage Intacct does not have the record any more."
_ACCOUNT: Final = "Sage Intacct does not take an account of the entry."
_DIMENSION: Final = "Sage Intacct does not have a location, department or journal of the entry."
_BALANCE: Final = "For Sage Intacct the entry does not balance."
_NOT_XML: Final = "Sage Intacct does not understand the request."

RULES: Final[Sequence[Rule]] = (
    # The gateway itself.
    Rule("GW-0010", "", "rate-limited", _TOO_MANY),
    Rule("", r"rate limit|too many requests", "rate-limited", _TOO_MANY),
    Rule("GW-0011", "", "rejected", _NOT_XML),
    Rule("", r"temporarily off-?line|temporarily unavailable|system maintenance", "unavailable", _OFFLINE),
    Rule("XL03000003", "", "rejected", _NOT_XML),
    # Who asks. One number stands for a wrong sender, a sender without authorization, a wrong user and an old session.
    Rule("XL03000006", r"partner id or password", "not-authorized", _SENDER),
    Rule("XL03000006", r"sender id .*not authorized", "not-authorized", _SENDER_UNKNOWN),
    Rule("XL03000006", r"session", "session-over", _SIGN_IN),
    Rule("", r"session (has )?(timed out|expired|is invalid|is not valid)|invalid session", "session-over", _SIGN_IN),
    Rule("XL03000006", "", "not-authorized", _SIGN_IN),
    Rule("invalidRequest", "", "not-authorized", _SIGN_IN),
    Rule("", r"sign-?in information is incorrect|invalid (login|user|password)", "not-authorized", _SIGN_IN),
    Rule("", r"do not have permission|insufficient (privilege|permission)", "not-authorized", _PERMISSION),
    # What was asked for.
    Rule("", r"control ?id.*(already|duplicate|previously|not unique)", "duplicate", _DUPLICATE),
    Rule("", r"(already|duplicate|previously|not unique).*control ?id", "duplicate", _DUPLICATE),
    Rule("BL34000061", "", "duplicate", _DUPLICATE),
    Rule("", r"already exists|duplicate (record|transaction|request)|already (been )?posted", "duplicate", _DUPLICATE),
    Rule("", r"(period|books?)\b.*\bclosed|closed (period|books?)|not in an open period", "closed-period", _CLOSED),
    Rule("", r"(cannot|could not) find .* (to )?(update|delete|reverse)", "not-there", _GONE),
    Rule("", r"\b(record|object|key)\b.*(does not exist|doesn't exist|not found)", "not-there", _GONE),
    Rule("", r"debits?\b.*\bcredits?\b.*(equal|balance)|does not balance|out of balance", "rejected", _BALANCE),
    Rule("", r"\baccount\b", "rejected", _ACCOUNT),
    Rule("", r"\b(location|entity|department|journal)\b", "rejected", _DIMENSION),
)
"""The first that fits counts."""

_COMPILED: Final = [(rule, re.compile(rule.text, re.IGNORECASE)) for rule in RULES]
_ONLY_GENERIC: Final = re.compile(
    r"(could not (create|update|set) [\w ]{1,40} record\W*|.*rolled back.*|)", re.IGNORECASE
)


_OF_GATEWAY: Final = frozenset(rule.number for rule in RULES if rule.number.startswith("GW-"))


class Verdict(NamedTuple):
    """What an answer means.

    Attributes:
        kind: of the failure.
        sentence: ours, for people.
        said: what Sage Intacct said: its number and its text, which may repeat what was sent.
    """

    kind: Kind
    sentence: str
    said: str


def verdict_of(troubles: Iterable[Trouble]) -> Verdict:
    """What errors mean: the first one that says something of its own counts, as later ones only follow from it.

    Where none does, the gateway could not and did not say why: its own advice is to try again.
    """
    told = [trouble for trouble in troubles if not _says_nothing(trouble)]
    for trouble in told:
        for rule, text in _COMPILED:
            if rule.number in {"", trouble.number} and text.search(trouble.text):
                return Verdict(rule.kind, rule.sentence, _said(trouble))
    if told:
        return Verdict("unclear", "Sage Intacct does not take it.", _said(told[0]))
    return Verdict("unavailable", "Sage Intacct could not do it, undid all of it, and did not say why.", "")


def unknown_to_us(troubles: Iterable[Trouble]) -> bool:
    """They are of the gateway itself, and nothing says whether what was behind it has acted."""
    return any(trouble.number.startswith("GW-") and trouble.number not in _OF_GATEWAY for trouble in troubles)


def _says_nothing(trouble: Trouble) -> bool:
    return (
        trouble.number in GENERIC
        and _ONLY_GENERIC.fullmatch(trouble.text.partition("[Support ID")[0].strip()) is not None
    )


def _said(trouble: Trouble) -> str:
    return f"{trouble.number}: {trouble.text}" if trouble.text else trouble.number
