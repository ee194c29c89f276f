"""The parts of a workbook that say how its sheets are to be read: which there are, formats, shared texts."""

import datetime as dt
import posixpath
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Final
from xml.etree.ElementTree import Element, ParseError
from xml.parsers import expat

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from adapters.files.archives import ArchiveDamaged, open_entry
from adapters.files.limits import Limits
from adapters.files.problems import Unreadable

CHUNK_BYTES: Final = 2**16
MOST_TEXTS: Final = 2_000_000
_LONGEST_FORMAT: Final = 255


@dataclass(frozen=True, slots=True)
class Format:
    """How a number of a style is shown.

    Attributes:
        meaning: ``number``, ``date``, ``duration`` or ``percent``.
        digits: zeros are put before it up to so many digits: 00501.
    """

    meaning: str = "number"
    digits: int = 0


GENERAL: Final = Format()


@dataclass(frozen=True, slots=True)
class Book:
    """What is known of a workbook before a sheet is read.

    Attributes:
        archive: the zip file.
        sheets: names and parts of the visible worksheets.
        formats: by style number.
        texts: the shared texts.
        epoch: the day that date serials count from.
    """

    archive: zipfile.ZipFile
    sheets: tuple[tuple[str, str], ...]
    formats: tuple[Format, ...]
    texts: list[str]
    epoch: dt.datetime


def read_book(archive: zipfile.ZipFile, limits: Limits) -> Book:
    """The workbook of an archive.

    Raises:
        Unreadable: it is no workbook, or past a limit.
    """
    main = _related(archive, "", limits, "/officeDocument").get("", "xl/workbook.xml")
    workbook = _tree(archive, main, limits)
    if workbook is None:
        raise Unreadable("not-a-table", "It is a zip file and no xlsx workbook: a zip is imported as a session.")
    related = _related(archive, main, limits, "")
    properties = _named(workbook, "workbookPr")
    mac = bool(properties) and properties[0].get("date1904", "0") in {"1", "true"}
    styles = _tree(archive, _beside(related, main, "styles.xml"), limits)
    return Book(
        archive,
        tuple(_sheets(workbook, related)),
        () if styles is None else tuple(_formats(styles)),
        _texts(archive, _beside(related, main, "sharedStrings.xml"), limits),
        MAC_EPOCH if mac else WINDOWS_EPOCH,
    )


def parse_part(archive: zipfile.ZipFile, name: str, parser: expat.XMLParserType) -> Callable[[], bool]:
    """A function that feeds a parser with the next piece of a part, and answers whether there was one.

    No document type is let in, so there are no entities and nothing outside that XML could name.
    """
    part = _opened(archive, name)
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _no_doctype

    def feed() -> bool:
        try:
            chunk = part.read(CHUNK_BYTES)
            parser.Parse(chunk, not chunk)
        except ArchiveDamaged:
            raise Unreadable("damaged", "A part of the workbook cannot be unpacked.") from None
        except (expat.ExpatError, LookupError, ValueError):  # the last two of encodings that it does not know
            raise Unreadable("markup", "The XML of the workbook is not well-formed.") from None
        if not chunk:
            part.close()
        return bool(chunk)

    return feed


def local(name: str) -> str:
    """An element's name without its namespace: files of the strict standard have another one."""
    return name.rpartition("}")[2].rpartition(":")[2]


def _opened(archive: zipfile.ZipFile, name: str) -> IO[bytes]:
    try:
        return open_entry(archive, name)
    except ArchiveDamaged:
        raise Unreadable("damaged", "A part of the workbook is not where it should be.") from None


def _no_doctype(*_: object) -> None:
    raise Unreadable("markup", "The XML of the workbook declares a document type; no program writes that.")


def _tree(archive: zipfile.ZipFile, name: str, limits: Limits) -> Element | None:
    """A small part as a tree; None where there is none."""
    try:
        info = archive.getinfo(name)
    except KeyError:
        return None
    if info.file_size > limits.part_bytes:
        raise Unreadable("bomb", f"The workbook's part {name[:60]!r} is larger than {limits.part_bytes} bytes.")
    try:
        with _opened(archive, name) as part:
            tree: Element = fromstring(part.read(), forbid_dtd=True)
    except ArchiveDamaged:
        raise Unreadable("damaged", "A part of the workbook cannot be unpacked.") from None
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise Unreadable("markup", "The XML of the workbook is not well-formed, or not safe.") from None
    return tree


def _named(tree: Element, name: str) -> list[Element]:
    return [element for element in tree.iter() if local(element.tag) == name]


def _related(archive: zipfile.ZipFile, part: str, limits: Limits, kind: str) -> dict[str, str]:
    """Where a part's relationships lead, by id; those of one kind only lead by the empty id."""
    folder, name = posixpath.split(part)
    tree = _tree(archive, posixpath.join(folder, "_rels", f"{name}.rels"), limits)
    found: dict[str, str] = {}
    for element in () if tree is None else _named(tree, "Relationship"):
        target = element.get("Target", "")
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        if not kind:
            found[element.get("Id", "")] = path
        elif element.get("Type", "").endswith(kind):
            found[""] = path
    return found


def _beside(related: dict[str, str], main: str, name: str) -> str:
    """The related part of a file name, wherever it lies."""
    fitting = [path for path in related.values() if posixpath.basename(path).lower() == name.lower()]
    return fitting[0] if fitting else posixpath.join(posixpath.dirname(main), name)


def _sheets(workbook: Element, related: dict[str, str]) -> list[tuple[str, str]]:
    found = []
    for sheet in _named(workbook, "sheet"):
        link = next((value for name, value in sheet.attrib.items() if local(name) == "id" and name != "id"), "")
        if sheet.get("state", "visible") == "visible" and "chartsheet" not in related.get(link, ""):
            found.append((sheet.get("name", "")[:60], related.get(link, "")))
    return found


def _formats(styles: Element) -> list[Format]:
    codes = dict(BUILTIN_FORMATS)
    for element in _named(styles, "numFmt"):
        number = element.get("numFmtId", "")
        if number.isdecimal():
            codes[int(number[:9])] = element.get("formatCode", "")[:_LONGEST_FORMAT]
    used = [xf.get("numFmtId", "0") for group in _named(styles, "cellXfs") for xf in group]
    return [_format(codes.get(int(number[:9]), "General") if number.isdecimal() else "General") for number in used]


def _format(code: str) -> Format:
    first = code.split(";", maxsplit=1)[0]
    if is_timedelta_format(code):
        return Format("duration")
    if is_date_format(code):
        return Format("date")
    if "%" in first:
        return Format("percent")
    return Format(digits=len(first) if first and not first.strip("0") else 0)


def _texts(archive: zipfile.ZipFile, name: str, limits: Limits) -> list[str]:
    """The shared texts, each cut one character past the limit on a cell."""
    if name not in archive.namelist():
        return []
    collected = _Texts(limits.cell_characters + 1)
    parser = expat.ParserCreate()
    parser.StartElementHandler = collected.start
    parser.EndElementHandler = collected.end
    parser.CharacterDataHandler = collected.data
    feed = parse_part(archive, name, parser)
    while feed():
        if len(collected.texts) > MOST_TEXTS:
            raise Unreadable("too-large", f"The workbook has more than {MOST_TEXTS} different texts: save it as CSV.")
    return collected.texts


class _Texts:
    """Collects ``si`` elements; readings of Asian characters (``rPh``) are no part of a text."""

    def __init__(self, most: int) -> None:
        self.texts: list[str] = []
        self._most = most
        self._pieces: list[str] = []
        self._length = 0
        self._taking = False
        self._aside = 0

    def start(self, name: str, _: dict[str, str]) -> None:
        match local(name):
            case "si":
                self._pieces, self._length = [], 0
            case "rPh":
                self._aside += 1
            case "t":
                self._taking = not self._aside

    def end(self, name: str) -> None:
        match local(name):
            case "si":
                self.texts.append("".join(self._pieces)[: self._most])
            case "rPh":
                self._aside -= 1
            case "t":
                self._taking = False

    def data(self, text: str) -> None:
        if self._taking and self._length < self._most:
            self._pieces.append(text)
            self._length += len(text)
