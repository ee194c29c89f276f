"""Employees as a system of personnel tells of them, and who of them is whom at the points of sale."""

from domain.personnel.linking import LinkedAlready, NoSuchHrEmployee, NotLinked, decide_link, decide_unlink
from domain.personnel.matching import RULES, Traits, decide_matches
from domain.personnel.pulling import Reading, decide_pull
from domain.personnel.state import KIND, NEW_PERSONNEL, Personnel, Whom, fold

__all__ = [
    "KIND",
    "NEW_PERSONNEL",
    "RULES",
    "LinkedAlready",
    "NoSuchHrEmployee",
    "NotLinked",
    "Personnel",
    "Reading",
    "Traits",
    "Whom",
    "decide_link",
    "decide_matches",
    "decide_pull",
    "decide_unlink",
    "fold",
]
