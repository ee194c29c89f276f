"""CSV: commas, quotes, any line ends, UTF-8 with or without a byte order mark.

Lines without a quote, which are nearly all, are taken apart by replacing commas; the library's reader sees the others.
Bytes that are no UTF-8 pass as lone surrogates, so that the checker can name the row and the column of every one.
"""

import codecs
import csv
import io
from collections.abc import Iterator
from contextlib import suppress
from typing import IO

from adapters.files.limits import Limits
from adapters.files.problems import Unreadable
from adapters.files.reading.batches import REFUSED_ROW, SEPARATOR, Batch, without_ours
from adapters.files.reading.source import Source


class CsvTable:
    """A CSV file."""

    def __init__(self, file: IO[bytes], limits: Limits) -> None:
        self._limits = limits
        self._source = Source(file, limits)
        self._blocks = self._read()
        self._row = 1
        self._first: list[str] = []

    def header(self) -> Batch:
        """The first row that is not empty.

        Raises:
            Unreadable: there is none, or it cannot be read.
        """
        for records in self._blocks:
            for at, record in enumerate(records):
                if record.strip():
                    self._first = records[at + 1 :]
                    self._row += 1
                    return Batch((self._row - 1,), [record])
                self._row += 1
        raise Unreadable("empty-file", "The file has no rows.")

    def batches(self) -> Iterator[Batch]:
        """The rows after the header.

        Raises:
            Unreadable: past a limit, or a quote is never closed.
        """
        if self._first:
            yield self._batch(self._first)
            self._first = []
        for records in self._blocks:
            yield self._batch(records)

    def digest(self) -> tuple[str, int]:
        """SHA-256 of the file, hex, and its size in bytes.

        Raises:
            Unreadable: it is too large or damaged.
        """
        return self._source.digest()

    def _batch(self, records: list[str]) -> Batch:
        first, self._row = self._row, self._row + len(records)
        if self._row - 1 > self._limits.rows:
            raise Unreadable(
                "too-large", f"The file has more than {self._limits.rows} rows: split it.", self._limits.rows + 1
            )
        return Batch(range(first, self._row), records)

    def _texts(self) -> Iterator[str]:
        """The file's text, every line end a newline."""
        decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder("utf-8")("surrogateescape"), translate=True)
        chunk = self._source.read().removeprefix(codecs.BOM_UTF8)
        while chunk:
            yield without_ours(decoder.decode(chunk))
            chunk = self._source.read()
        yield without_ours(decoder.decode(b"", final=True))

    def _read(self) -> Iterator[list[str]]:
        open_ended = ""  # what comes after the last line end, and a record whose quotes are not closed yet
        for text in self._texts():
            open_ended += text
            block, newline, rest = open_ended.rpartition("\n")
            if newline:
                records, unclosed = self._records(block)
                open_ended = unclosed + rest
                if records:
                    yield records
            if len(open_ended) > self._limits.line_characters:
                raise Unreadable(
                    "too-large",
                    f"The row is longer than {self._limits.line_characters} characters: a quote may be open, or the "
                    "file is no CSV.",
                    self._row,
                )
        if open_ended:
            records, unclosed = self._records(open_ended)
            if records:
                yield records
            if unclosed:
                raise Unreadable("bad-quotes", "A quote is opened in this row and never closed.", self._row)

    def _records(self, block: str) -> tuple[list[str], str]:
        """The records of whole lines, and the lines of a last one whose quotes are still open."""
        quotes = block.count('"')
        if quotes > block.count("\n"):  # it is quoted throughout: one reader for all of it, as long as that goes well
            with suppress(csv.Error):
                return list(map(SEPARATOR.join, csv.reader(_Lines(block, 0), strict=True))), ""
        records: list[str] = []
        at = 0
        while (quote := block.find('"', at)) >= 0:
            start = block.rfind("\n", at, quote) + 1 or at
            if start > at:
                records += block[at : start - 1].replace(",", SEPARATOR).split("\n")
            lines = _Lines(block, start)
            record = _quoted(lines, self._limits.cell_characters)
            if record is None:
                return records, block[start:] + "\n"
            records.append(record)
            at = lines.at
        if at <= len(block):
            records += block[at:].replace(",", SEPARATOR).split("\n")
        return records, ""


class _Lines:
    """Hands lines to the library's reader one by one, and knows when it asked for one too many."""

    def __init__(self, block: str, at: int) -> None:
        self._block = block
        self.at = at
        self.exhausted = False

    def __iter__(self) -> Iterator[str]:
        return self

    def since(self, start: int) -> str:
        """What was handed out from some place on, as it is written."""
        return self._block[start : self.at - 1]

    def __next__(self) -> str:
        if self.at > len(self._block):
            self.exhausted = True
            raise StopIteration
        end = self._block.find("\n", self.at)
        line = self._block[self.at :] if end < 0 else self._block[self.at : end]
        self.at += len(line) + 1
        return line + "\n"


def _quoted(lines: _Lines, most: int) -> str | None:
    """The record that begins with the next line; None where its quotes are still open at the end of the block.

    In place of one that cannot be taken apart come the reason and its beginning as it was written.
    """
    start = lines.at
    try:
        return SEPARATOR.join(next(csv.reader(lines, strict=True)))
    except csv.Error as error:
        if lines.exhausted:
            return None
        code = "too-long" if "field limit" in str(error) else "bad-quotes"
        return f"{REFUSED_ROW}{code} {lines.since(start)[:most]}"
