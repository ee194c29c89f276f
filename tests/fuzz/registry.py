"""All parsers under fuzz; a module with a tuple ``PARSERS`` of its own is added here."""

from typing import Final

from tests.fuzz import (
    access,
    captures,
    import_files,
    intacct_answers,
    outward_answers,
    schedules,
    scim_answers,
    tray_answers,
)
from tests.fuzz.parser import Parser

PARSERS: Final[tuple[Parser, ...]] = (
    *import_files.PARSERS,
    *tray_answers.PARSERS,
    *captures.PARSERS,
    *access.PARSERS,
    *intacct_answers.PARSERS,
    *schedules.PARSERS,
    *outward_answers.PARSERS,
    *scim_answers.PARSERS,
)
