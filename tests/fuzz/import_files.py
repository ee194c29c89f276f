"""The readers of import files: CSV of every kind, workbooks, sessions in zip files."""

import datetime as dt
import io
import random
import zipfile
from collections.abc import Callable
from typing import IO, Final

import msgspec

from adapters.files import KINDS, Dating, Kind, Limits, cells, read
from adapters.files.archives import ArchiveDamaged, ArchiveUnsafe
from adapters.files.copying import write_copy
from adapters.files.sessions import zip_session
from tests.adapters.files.build import as_csv, sample
from tests.adapters.files.workbooks import raw_book
from tests.fuzz.mutations import TOKENS, mutated
from tests.fuzz.parser import Parser

LIMITS: Final = Limits(
    file_bytes=2**22, rows=20_000, line_characters=2**16, sheet_bytes=2**23, session_bytes=2**23, entries=50
)
DATING: Final = (
    None,
    Dating(lambda moment: moment.date()),
    Dating(lambda moment: moment.date(), dt.date(2026, 11, 20)),
)


def _csv_seed(kind: Kind) -> bytes:
    """A good file of some rows."""
    key = "DrawerNumber" if kind.key == "tills" else kind.identity[0] if kind.identity else ""
    return as_csv([sample(kind, **({key: str(number)} if key else {})) for number in range(4)])


def _csv_maker(kind: Kind) -> Callable[[random.Random], bytes]:
    seed = _csv_seed(kind)
    tokens = [*TOKENS, *(column.sample.encode() for column in kind.columns), *(name.encode() for name in kind.headers)]
    return lambda rng: mutated(rng, seed, tokens)


def read_data(data: bytes, kind: Kind) -> bool:
    """Read a file with one of the datings."""
    return read_file(io.BytesIO(data), kind, DATING[len(data) % len(DATING)])


def read_file(file: IO[bytes], kind: Kind, dating: Dating | None) -> bool:
    """Read a file in every way there is; what comes out has to fit together."""
    report, content = read(file, kind, dating=dating, limits=LIMITS, seal=dict)
    with content:
        kept = 0
        for date in content.dates:
            for page in content.pages(date):
                rows = list(cells(kind, page.data))
                assert len(rows) == page.rows
                assert all(row for row in rows)
                kept += page.rows
    assert kept == (report.rows if report.good else 0)
    assert not report.good or report.size == file.seek(0, 2)
    assert all(problem.code and problem.reason and "\n" not in str(problem) for problem in report.errors)
    msgspec.json.encode(report.plain())
    out = io.BytesIO()
    copied = write_copy(file, kind, out, dating=dating, limits=LIMITS)
    assert (copied.error_count, copied.rows) == (report.error_count, report.rows)
    return report.good


def _csv_parser(kind: Kind) -> Parser:
    return Parser(f"csv/{kind.key}", _csv_maker(kind), lambda data: read_data(data, kind))


_TENDERS: Final = KINDS["tenders"]
_BOOK: Final = raw_book(
    {
        "xl/sharedStrings.xml": "<sst><si><r><t>Ca</t></r><r><t>fé</t></r><rPh><t>x</t></rPh></si>"
        "<si><t>Visa</t></si></sst>",
        "xl/styles.xml": '<styleSheet><numFmts><numFmt numFmtId="170" formatCode="00000"/></numFmts>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="170"/><xf numFmtId="22"/><xf numFmtId="9"/></cellXfs></styleSheet>',
    },
    rows='<row r="2"><c r="A2"><v>1</v></c><c r="B2" t="s"><v>0</v></c></row>'
    '<row r="4"><c r="A4" s="1"><v>17</v></c><c r="B4" t="b"><v>1</v></c><c r="C4" s="3"/></row>'
    '<row><c t="n"><v>2.5</v></c><c t="s"><v>1</v></c></row>'
    '<row><c><v>3</v></c><c t="inlineStr"><is><t>Cash</t></is></c></row>',
)
_XML: Final = (
    b"<row>", b"</row>", b'<row r="7">', b"<c>", b"</c>", b'<c t="s"><v>0</v></c>', b'<c t="b">', b'<c t="d">', b"<v>",
    b"</v>", b"<f/>", b"<is>", b"<t>", b"</t>", b'r="XFD9"', b's="3"', b"<rPh>", b"_x0000_", b"_x000D_", b"<!--",
    b"<!DOCTYPE a>", b"<![CDATA[", b"&lt;", b"&#0;", b"1E400", b"-1", b"46346.75", b'formatCode="[h]:mm"',
    b'state="hidden"', b'date1904="1"', b's="2"',
)  # fmt: skip
_NAMES: Final = (b"../", b"/", b"\\", b"C:", b"2026-11-21", b"voids", b".zip", b"\xff", b" ")


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _repacked(parts: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def _make_book(rng: random.Random) -> bytes:
    """A workbook with a part mutated, or missing, or its own bytes mutated."""
    if rng.random() < 0.25:
        return mutated(rng, _BOOK)
    parts = _parts(_BOOK)
    likely = ["xl/worksheets/sheet1.xml"] * 6 + ["xl/sharedStrings.xml", "xl/styles.xml"] * 2
    name = rng.choice([*parts, *likely])
    if rng.random() < 0.05:
        del parts[name]
    else:
        parts[name] = mutated(rng, parts[name], [*TOKENS, *_XML, *_XML])
    return _repacked(parts)


_SESSION: Final = {
    "2026-11-20/Sales Detail.csv": _csv_seed(KINDS["sales-detail"]),
    "payments 20261120.csv": _csv_seed(KINDS["payments"]),
    "export.csv": _csv_seed(KINDS["tills"]),
    "tenders.xlsx": _BOOK,
}


def _make_session(rng: random.Random) -> bytes:
    """A zip file with a file or a name mutated, or its own bytes mutated."""
    method = rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
    if rng.random() < 0.5:
        return mutated(rng, _repacked(_SESSION, method))
    files = dict(_SESSION)
    name = rng.choice(list(files))
    content = files.pop(name)
    if rng.random() < 0.5:
        name = mutated(rng, name.encode(), _NAMES).decode("utf-8", "replace")
    else:
        content = mutated(rng, content)
    return _repacked(files | {name.replace("\x00", "") or "x": content}, method)


def read_session(data: bytes) -> bool:
    """Read a zip file and every file in it."""
    good = True
    with zip_session(io.BytesIO(data), LIMITS) as session:
        for entry in session.files:
            with entry.open() as file:
                good &= read_file(file, entry.kind, DATING[1])
        return good and not session.problems


PARSERS: Final = (
    *(_csv_parser(kind) for kind in KINDS.values()),
    Parser("xlsx", _make_book, lambda data: read_data(data, _TENDERS)),
    Parser("zip", _make_session, read_session, (ArchiveDamaged, ArchiveUnsafe)),
)
