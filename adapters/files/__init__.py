"""Import files: days that come as CSV files or workbooks of eighteen kinds, read, checked and put together."""

from adapters.files.content import Content, Page, Seal, cells, read
from adapters.files.dating import DateOf, Dating
from adapters.files.examining import Examination, check
from adapters.files.kinds import KINDS, Column, Kind, NoSuchKind, kind_named
from adapters.files.limits import DEFAULT_LIMITS, Limits
from adapters.files.problems import CODES, Problem
from adapters.files.reports import Report
from adapters.files.system import SYSTEM

__all__ = [
    "CODES",
    "DEFAULT_LIMITS",
    "KINDS",
    "SYSTEM",
    "Column",
    "Content",
    "DateOf",
    "Dating",
    "Examination",
    "Kind",
    "Limits",
    "NoSuchKind",
    "Page",
    "Problem",
    "Report",
    "Seal",
    "cells",
    "check",
    "kind_named",
    "read",
]
