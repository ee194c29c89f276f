"""Opening import files: whatever they are, they come out as batches of records."""

from typing import IO, Final

from adapters.files.limits import Limits
from adapters.files.problems import Unreadable
from adapters.files.reading.batches import Batch, Table
from adapters.files.reading.csv_table import CsvTable

_ZIP: Final = b"PK"
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0"
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")


def open_table(file: IO[bytes], limits: Limits) -> Table:
    """The table in a file, by what its first bytes say; its name does not count.

    Args:
        file: binary and seekable; it is read from the start, and stays the caller's to close.
        limits: bounds.

    Raises:
        Unreadable: it is no table that daybook reads.
    """
    file.seek(0)
    start = file.read(8)
    if not start:
        raise Unreadable("empty-file", "The file is empty.")
    if start.startswith(_ZIP):
        # Reading workbooks takes a library as large as all else together: whoever starts without one starts sooner.
        from adapters.files.xlsx.table import XlsxTable  # noqa: PLC0415

        return XlsxTable(file, limits)
    if start.startswith(_OLD_OFFICE):
        raise Unreadable(
            "old-excel", "It is an xls file of old Excel, or a workbook with a password: save it as xlsx or CSV."
        )
    if start.startswith(_WIDE) or b"\x00" in start:
        raise Unreadable("encoding", "It is UTF-16 or binary, not UTF-8: save it as CSV UTF-8.")
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<", b"{", b"[", b"%PDF")):
        raise Unreadable("not-a-table", "It is neither CSV nor xlsx: it begins like a page, a document or JSON.")
    return CsvTable(file, limits)


__all__ = ["Batch", "Table", "open_table"]
