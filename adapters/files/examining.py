"""Reading a file from its first byte to its last, checking all of it."""

from collections.abc import Iterator
from contextlib import closing
from typing import IO, NamedTuple

from adapters.files.checking.checker import Checked, Checker
from adapters.files.checking.header import read_header
from adapters.files.dating import Dating, Days
from adapters.files.formulas import is_copy, restored
from adapters.files.kinds import Kind
from adapters.files.limits import DEFAULT_LIMITS, Limits
from adapters.files.problems import Problem, Unreadable
from adapters.files.reading import Table, open_table
from adapters.files.reading.batches import Batch
from adapters.files.reading.source import Source
from adapters.files.reports import Log, Report


class Examined(NamedTuple):
    """A part of a file: what stands there, and what came of it; the header comes first."""

    batch: Batch
    checked: Checked


class Examination:
    """One pass over a file; iterate over it once, then ask for the report.

    Args:
        file: binary and seekable, CSV or xlsx; read from its start; stays the caller's to close.
        kind: what it is read as.
        name: what it is called, for the report.
        limits: bounds.
        dating: how rows are put into business days; without it they are not.

    Attributes:
        failed: why the file could not be read to its end, or None.
    """

    def __init__(
        self,
        file: IO[bytes],
        kind: Kind,
        *,
        name: str = "",
        limits: Limits = DEFAULT_LIMITS,
        dating: Dating | None = None,
    ) -> None:
        self._file = file
        self._kind = kind
        self._name = name
        self._limits = limits
        self._days = None if dating is None else Days(kind, dating)
        self._log = Log(limits.problems)
        self._rows = 0
        self._digest = ("", 0)
        self.failed: Problem | None = None

    @property
    def good(self) -> bool:
        """No error was found so far."""
        return self._log.error_count == 0

    @property
    def report(self) -> Report:
        """What came out; of the whole file once it was iterated over."""
        return self._log.report(self._kind.key, self._name, self._rows, self._digest)

    def fail(self, error: Unreadable) -> None:
        """Note that the file cannot be read on."""
        self.failed = Problem("error", error.row, "", "", error.code, error.reason)
        self._log.add([self.failed])

    def __iter__(self) -> Iterator[Examined]:
        try:
            table = open_table(self._file, self._limits)
            yield from self._examined(table)
            self._digest = table.digest()
        except Unreadable as error:
            self.fail(error)
            self._digest = self._digest_anew()

    def _examined(self, table: Table) -> Iterator[Examined]:
        first = table.header()
        mended = is_copy(first)
        if mended:
            first = restored(first)
        header = read_header(first.numbers[0], first.records[0], self._kind, self._limits)
        self._log.add(header.problems)
        yield Examined(first, Checked(0, [], None, list(header.problems)))
        with closing(Checker(self._kind, header, self._limits, self._days)) as checker:
            for read in table.batches():
                batch = restored(read) if mended else read
                checked = checker.take(batch)
                self._rows += checked.read
                self._log.add(checked.problems)
                yield Examined(batch, checked)
        if not self._rows:
            self._log.add([Problem("warning", 0, "", "", "no-rows", "The file has a header and no rows.")])

    def _digest_anew(self) -> tuple[str, int]:
        """The digest of a file that could not be read to its end as a table."""
        try:
            return Source(self._file, self._limits).digest()
        except Unreadable:
            return "", 0


def check(
    file: IO[bytes],
    kind: Kind,
    *,
    name: str = "",
    limits: Limits = DEFAULT_LIMITS,
    dating: Dating | None = None,
) -> Report:
    """Check a file and keep nothing of it; see :class:`Examination` for the arguments."""
    examination = Examination(file, kind, name=name, limits=limits, dating=dating)
    for _ in examination:
        pass
    return examination.report
