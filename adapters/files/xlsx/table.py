"""A worksheet as batches of records."""

import re
from collections.abc import Iterator
from itertools import chain
from typing import IO, Final
from xml.parsers import expat

from adapters.files.archives import ArchiveDamaged, ArchiveUnsafe, open_archive
from adapters.files.limits import Limits
from adapters.files.problems import Unreadable
from adapters.files.reading.batches import REFUSED, SEPARATOR, Batch, without_ours
from adapters.files.reading.source import Source
from adapters.files.xlsx.cells import cell_text
from adapters.files.xlsx.parts import Book, local, parse_part, read_book

_ADDRESS: Final = re.compile(r"([A-Z]{1,3})[0-9]{1,7}")
_ROWS: Final = 500
_ENTRIES: Final = 2_000


class XlsxTable:
    """The one worksheet of a workbook that has rows."""

    def __init__(self, file: IO[bytes], limits: Limits) -> None:
        self._file = file
        self._limits = limits
        self._width = 0
        size = file.seek(0, 2)
        if size > limits.file_bytes:
            raise Unreadable("too-large", f"The file has more than {limits.file_bytes} bytes.")
        try:
            archive = open_archive(file, entries=_ENTRIES, total_bytes=limits.sheet_bytes, ratio=limits.ratio)
        except ArchiveUnsafe as error:
            raise Unreadable("bomb", f"{error} A large table is better saved as CSV.") from None
        except ArchiveDamaged:
            raise Unreadable("damaged", "The workbook is no whole zip file.") from None
        self._rows = _only_sheet(read_book(archive, limits), limits)

    def header(self) -> Batch:
        """The first row that is not empty.

        Raises:
            Unreadable: no sheet has rows, or more than one.
        """
        number, record = next(self._rows)
        self._width = record.count(SEPARATOR)
        return Batch((number,), [record])

    def batches(self) -> Iterator[Batch]:
        """The rows after the header, as wide as it is: a workbook stores no empty cells.

        Raises:
            Unreadable: past a limit, or the XML is broken.
        """
        numbers: list[int] = []
        records: list[str] = []
        for number, record in self._rows:
            numbers.append(number)
            records.append(record + SEPARATOR * (self._width - record.count(SEPARATOR)))
            if len(records) == _ROWS:
                yield Batch(numbers, records)
                numbers, records = [], []
        if records:
            yield Batch(numbers, records)

    def digest(self) -> tuple[str, int]:
        """SHA-256 of the file, hex, and its size in bytes.

        Raises:
            Unreadable: it is too large or damaged.
        """
        return Source(self._file, self._limits).digest()


def _only_sheet(book: Book, limits: Limits) -> Iterator[tuple[int, str]]:
    """The rows of the only visible sheet that has any, from the first that is not empty.

    Raises:
        Unreadable: no sheet has rows, or two have.
    """
    found: list[tuple[str, Iterator[tuple[int, str]]]] = []
    for name, part in book.sheets:
        if part in book.archive.namelist():
            rows = _rows(book, part, limits)
            first = next((row for row in rows if row[1].strip()), None)
            if first is not None:
                found.append((name, chain((first,), rows)))
    if len(found) > 1:
        names = ", ".join(repr(name) for name, _ in found[:5])
        raise Unreadable("sheets", f"More than one sheet has rows ({names}): keep the one that is to be imported.")
    if not found:
        raise Unreadable("sheets", "No visible sheet of the workbook has rows.")
    return found[0][1]


def _rows(book: Book, part: str, limits: Limits) -> Iterator[tuple[int, str]]:
    sheet = _Sheet(book, limits)
    parser = expat.ParserCreate()
    parser.StartElementHandler = sheet.start
    parser.EndElementHandler = sheet.end
    parser.CharacterDataHandler = sheet.data
    feed = parse_part(book.archive, part, parser)
    more = True
    while more:
        more = feed()
        yield from sheet.rows
        sheet.rows.clear()


class _Sheet:
    """Collects the rows of a sheet, event by event; a row that is not needed yet is one text."""

    def __init__(self, book: Book, limits: Limits) -> None:
        self.rows: list[tuple[int, str]] = []
        self._book = book
        self._limits = limits
        self._number = 0
        self._cells: list[str] = []
        self._column = -1
        self._kind = "n"
        self._style = 0
        self._value: list[str] = []
        self._length = 0
        self._taking = False
        self._aside = False
        self._formula = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match local(name):
            case "c":
                self._start_cell(attributes)
            case "v" | "t":
                self._taking = not self._aside
            case "f":
                self._formula = True
            case "rPh":
                self._aside = True
            case "row":
                self._start_row(attributes)

    def end(self, name: str) -> None:
        match local(name):
            case "c":
                self._end_cell()
            case "v" | "t":
                self._taking = False
            case "rPh":
                self._aside = False
            case "row":
                self.rows.append((self._number, SEPARATOR.join(self._cells)))
                self._cells = []

    def data(self, text: str) -> None:
        if self._taking and self._length <= self._limits.cell_characters:
            self._value.append(text)
            self._length += len(text)

    def _start_row(self, attributes: dict[str, str]) -> None:
        stated = attributes.get("r", "")
        number = int(stated) if stated.isdecimal() and len(stated) < 10 else self._number + 1
        if number <= self._number:
            raise Unreadable("markup", "The rows of the sheet are not in order.", number)
        if number > self._limits.rows:
            raise Unreadable("too-large", f"The file has more than {self._limits.rows} rows: split it.", number)
        self._number = number
        self._cells = []
        self._column = -1

    def _start_cell(self, attributes: dict[str, str]) -> None:
        address = _ADDRESS.fullmatch(attributes.get("r", ""))
        self._column = _column_index(address[1]) if address else self._column + 1
        self._kind = attributes.get("t", "n")
        style = attributes.get("s", "0")
        self._style = int(style) if style.isdecimal() and len(style) < 7 else 0
        self._value, self._length, self._formula, self._taking = [], 0, False, False

    def _end_cell(self) -> None:
        value = "".join(self._value)
        if self._formula:
            text = f"{REFUSED}formula {without_ours(value)[:20]}"
        elif value:
            text = cell_text(self._book, self._kind, self._style, value)
        else:
            return  # only a format
        if self._column >= self._limits.columns:
            raise Unreadable("too-large", f"The row has more than {self._limits.columns} columns.", self._number)
        self._cells.extend([""] * (self._column + 1 - len(self._cells)))
        self._cells[self._column] = text


def _column_index(letters: str) -> int:
    index = 0
    for letter in letters:
        index = 26 * index + ord(letter) - 64
    return index - 1
