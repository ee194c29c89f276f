"""Bounds on what is read: each has a default that no honest file comes near, and a clear error past it."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on import files.

    Attributes:
        file_bytes: of one file, as it was given.
        rows: of one file, the header among them.
        columns: of one file.
        cell_characters: of one cell; a cell of letters and digits may always have twelve.
        line_characters: of one row of a CSV file.
        sheet_bytes: of the parts of an xlsx file, unzipped, together.
        part_bytes: of each part of an xlsx file that is neither a sheet nor its texts, unzipped.
        ratio: how many times larger the entries of a zip file may be than they are zipped.
        entries: of a zip file or a folder.
        session_bytes: of all files of a session, unzipped.
        problems: errors and, apart from them, warnings of one file that are kept; all are counted.
        dates: business days that one file may have rows of.
        page_rows: rows of one page of canonical rows.
        memory_cells: different cells of one column that are remembered, so that they need not be checked again.
    """

    file_bytes: int = 2 * 2**30
    rows: int = 5_000_000
    columns: int = 256
    cell_characters: int = 4_000
    line_characters: int = 2**20
    sheet_bytes: int = 256 * 2**20
    part_bytes: int = 4 * 2**20
    ratio: int = 200
    entries: int = 1_000
    session_bytes: int = 4 * 2**30
    problems: int = 1_000
    dates: int = 400
    page_rows: int = 2_000
    memory_cells: int = 8_192


DEFAULT_LIMITS: Final = Limits()
