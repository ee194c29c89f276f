"""The canonical rows of a file, kept on disk until they are needed, day by day and page by page.

A canonical row is a JSON array with one text for each official column of its kind, in official order; an empty cell is
an empty text. A page is a JSON array of up to 2,000 rows. Files that say the same make the same bytes, whatever the
order of their columns, their line ends, quotes, headers' case, byte order mark, and whether they are CSV or xlsx.
"""

import datetime as dt
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import IO, Final, NamedTuple, Self

import msgspec

from adapters.files.dating import Dating
from adapters.files.examining import Examination
from adapters.files.kinds import Kind
from adapters.files.limits import DEFAULT_LIMITS, Limits
from adapters.files.problems import Unreadable
from adapters.files.reports import Report
from adapters.files.shifts import Add, Shifts

Seal = Callable[[Mapping[str, str]], Mapping[str, str]]
"""Given the cells of a row by official name, without empty ones: what is to stand in its personal columns."""

_MEMORY_BYTES: Final = 2**20
_encode: Final = msgspec.json.Encoder().encode
_decode_row: Final = msgspec.json.Decoder(list[str]).decode
_decode_page: Final = msgspec.json.Decoder(list[list[str]]).decode


class Page(NamedTuple):
    """Canonical rows.

    Attributes:
        rows: how many.
        data: JSON.
    """

    rows: int
    data: bytes


class _Chunk(NamedTuple):
    offset: int
    length: int
    rows: int


class Content:
    """The canonical rows of one file, in a temporary file without a name; to be closed.

    Personal data never gets there in clear: what the caller seals is kept sealed, else it is left out.
    """

    def __init__(self, kind: Kind, limits: Limits = DEFAULT_LIMITS, seal: Seal | None = None) -> None:
        self.kind = kind
        self._limits = limits
        self._seal = seal
        self._personal = [(name, kind.positions[name]) for name in kind.personal]
        self._file = tempfile.SpooledTemporaryFile(max_size=_MEMORY_BYTES)  # noqa: SIM115  # closed by close()
        self._chunks: dict[dt.date | None, list[_Chunk]] = {}
        self._end = 0
        self._newest: dt.date | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the disk space back."""
        self._file.close()

    @property
    def dates(self) -> tuple[dt.date | None, ...]:
        """The business dates that there are rows of, in order; None first, for rows that say none."""
        return tuple(sorted(self._chunks, key=lambda date: (date is not None, date or dt.date.min)))

    @property
    def dates_behind(self) -> list[dt.date]:
        """The business dates of which all rows are there, in order, as long as the file keeps those of one together."""
        return [date for date in self.dates if date is not None and date != self._newest]

    def rows(self, date: dt.date | None) -> int:
        """How many rows there are of a date."""
        return sum(chunk.rows for chunk in self._chunks.get(date, ()))

    def add(self, rows: Sequence[str], days: Sequence[dt.date | None] | None) -> None:
        """Keep some rows.

        Args:
            rows: the canonical JSON texts of their cells, joined by commas.
            days: the business date of each, or None where none of them has one.

        Raises:
            Unreadable: of more dates than one file may have rows of.
        """
        if self._personal:
            rows = [self._sealed(row) for row in rows]
        if days is None or not rows:
            self._write(None, rows)
        elif days.count(days[0]) == len(days):
            self._write(days[0], rows)
        else:
            by_day: dict[dt.date | None, list[str]] = {}
            for row, day in zip(rows, days, strict=True):
                by_day.setdefault(day, []).append(row)
            for day, some in by_day.items():
                self._write(day, some)

    def all_of(self, date: dt.date) -> Add:
        """Takes rows that are all of one business day, whatever their own times say; reference data is of none."""
        day = None if self.kind.reference else date
        return lambda rows, _: self.add(rows, [day] * len(rows))

    def pages(self, date: dt.date | None = None) -> Iterator[Page]:
        """The rows of a date, in the order of the file."""
        size = self._limits.page_rows
        waiting: list[bytes] = []
        rows = 0
        for chunk in self._chunks.get(date, ()):
            self._file.seek(chunk.offset)
            rest, left = self._file.read(chunk.length), chunk.rows
            while rows + left >= size:
                # Rows are parted only where a page ends; no row has a line end in it.
                *full, rest = rest.split(b"\n", size - rows) if rows + left > size else (rest, b"")
                left -= size - rows
                yield _page(size, [*waiting, *full])
                waiting, rows = [], 0
            if left:
                waiting.append(rest)
                rows += left
        if waiting:
            yield _page(rows, waiting)

    def _sealed(self, row: str) -> str:
        cells = _decode_row(f"[{row}]")
        sealed: Mapping[str, str] = {}
        if self._seal is not None and any(cells[at] for _, at in self._personal):
            sealed = self._seal({name: cell for name, cell in zip(self.kind.headers, cells, strict=True) if cell})
        for name, at in self._personal:
            cells[at] = sealed.get(name, "")
        return _encode(cells)[1:-1].decode()

    def _write(self, day: dt.date | None, rows: Sequence[str]) -> None:
        if not rows:
            return
        chunks = self._chunks.setdefault(day, [])
        if len(self._chunks) > self._limits.dates:
            raise Unreadable("too-many-dates", f"The file has rows of more than {self._limits.dates} business days.")
        self._newest = day
        data = "\n".join(rows).encode()
        self._file.seek(self._end)
        self._file.write(data)
        chunks.append(_Chunk(self._end, len(data), len(rows)))
        self._end += len(data)


def read(
    file: IO[bytes],
    kind: Kind,
    *,
    name: str = "",
    limits: Limits = DEFAULT_LIMITS,
    dating: Dating | None = None,
    seal: Seal | None = None,
    watch: Callable[[Content], None] = lambda _: None,
) -> tuple[Report, Content]:
    """Check a file and keep its canonical rows; of a file with errors none is kept.

    Args:
        file: binary and seekable, CSV or xlsx.
        kind: what it is read as.
        name: what it is called, for the report.
        limits: bounds.
        dating: how rows are put into business days. Where it asks for one, all rows are kept under that one, those of
            reference data under None. Without it all are kept under None.
        seal: seals the personal data of a row; without it personal data is left out.
        watch: shown what there is after every batch of rows, as long as no error is found; it may read pages.
    """
    examination = Examination(file, kind, name=name, limits=limits, dating=dating)
    content = Content(kind, limits, seal)
    try:
        if dating is not None and dating.only is not None:
            _fill(examination, content.all_of(dating.only))
        elif dating is not None and kind.has_breaks:
            with closing(Shifts(kind, content.add)) as shifts:
                _fill(examination, shifts.add, shifts.finish)
        else:
            _fill(examination, content.add, watch=lambda: watch(content))
    except BaseException:
        content.close()
        raise
    if not examination.good:
        content.close()
        content = Content(kind, limits)
    return examination.report, content


def cells(kind: Kind, data: bytes) -> Iterator[dict[str, str]]:
    """The rows of a page: official names and canonical texts, without empty cells."""
    for row in _decode_page(data):
        yield {name: cell for name, cell in zip(kind.headers, row, strict=True) if cell}


def _fill(
    examination: Examination,
    add: Add,
    finish: Callable[[], None] = lambda: None,
    watch: Callable[[], None] = lambda: None,
) -> None:
    """Keep the rows of a file as long as no error is found; it is checked to its end in any case."""
    for _, checked in examination:
        if examination.good and checked.rows:
            try:
                add(checked.rows, checked.days)
            except Unreadable as error:
                examination.fail(error)
            else:
                watch()
    if examination.good:
        try:
            finish()
        except Unreadable as error:
            examination.fail(error)


def _page(rows: int, lines: list[bytes]) -> Page:
    return Page(rows, b"[[%b]]" % b"\n".join(lines).replace(b"\n", b"],["))
