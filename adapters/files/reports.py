"""What is to be said about a file, as an object, as lines, as JSON."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from adapters.files.problems import Problem


class Report(msgspec.Struct, frozen=True):
    """What came out of checking a file.

    Attributes:
        kind: the kind that it was read as.
        name: what the file is called, or empty.
        rows: rows that were read, without the header and empty ones.
        size: bytes of the file.
        digest: SHA-256 of these, hex; empty where the file is too large or damaged.
        error_count: all errors; with any the file is not imported.
        warning_count: all warnings.
        counts: problems by code.
        errors: the first of them.
        warnings: the first of them.
    """

    kind: str
    name: str
    rows: int
    size: int
    digest: str
    error_count: int
    warning_count: int
    counts: dict[str, int]
    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]

    @property
    def good(self) -> bool:
        """There is no error."""
        return self.error_count == 0

    def lines(self) -> Iterator[str]:
        """The report for a person, line by line."""
        name = f" {self.name}" if self.name else ""
        found = f"{_counted(self.error_count, 'error')}, {_counted(self.warning_count, 'warning')}"
        yield f"{self.kind}{name}: {_counted(self.rows, 'row')}, {found}"
        for problem in (*self.errors, *self.warnings):
            yield f"  {problem}"
        left = self.error_count + self.warning_count - len(self.errors) - len(self.warnings)
        if left:
            yield f"  … and {left} more: " + ", ".join(f"{code} {count}" for code, count in self.counts.items())

    def plain(self) -> dict[str, Any]:
        """The report as plain JSON."""
        return msgspec.json.decode(msgspec.json.encode(self), type=dict[str, Any])


class Log:
    """Collects problems: counts all, keeps the first."""

    def __init__(self, keep: int) -> None:
        self._keep = keep
        self._errors: list[Problem] = []
        self._warnings: list[Problem] = []
        self._counts: Counter[str] = Counter()
        self.error_count = 0
        self.warning_count = 0

    def add(self, problems: Iterable[Problem]) -> None:
        """Note some problems."""
        for problem in problems:
            self._counts[problem.code] += 1
            kept = self._errors if problem.severity == "error" else self._warnings
            if problem.severity == "error":
                self.error_count += 1
            else:
                self.warning_count += 1
            if len(kept) < self._keep:
                kept.append(problem)

    def report(self, kind: str, name: str, rows: int, digest: tuple[str, int]) -> Report:
        """What was noted."""
        return Report(
            kind,
            name,
            rows,
            digest[1],
            digest[0],
            self.error_count,
            self.warning_count,
            dict(sorted(self._counts.items())),
            tuple(self._errors),
            tuple(self._warnings),
        )


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
