"""Import files: days that come as CSV files or workbooks of 18 kinds; ``FORMATS.md`` says how they look."""

from adapters.files.content import Content, Page, Seal, cells, read
from adapters.files.copying import write_copy
from adapters.files.dating import DateOf, Dating
from adapters.files.examining import Examination, check
from adapters.files.kinds import KINDS, Column, Kind, NoSuchKind, kind_named
from adapters.files.limits import DEFAULT_LIMITS, Limits
from adapters.files.problems import CODES, Problem
from adapters.files.reports import Report
from adapters.files.sessions import Session, SessionFile, files_session, folder_session, zip_session
from adapters.files.system import SYSTEM
from adapters.files.templates import template

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
    "Session",
    "SessionFile",
    "cells",
    "check",
    "files_session",
    "folder_session",
    "kind_named",
    "read",
    "template",
    "write_copy",
    "zip_session",
]
