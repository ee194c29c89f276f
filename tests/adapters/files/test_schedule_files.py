"""Schedules as CSV: rows as they are written, and everything that is wrong with a file."""

import pytest

from adapters.files.schedules import MOST_BYTES, MOST_ROWS, ScheduleRow, read_schedule

HEAD = b"Employee,Job,Start,End\n"


def test_rows_are_read_as_written() -> None:
    """In any order of columns and any case, with a byte order mark, quotes, other line ends and empty rows."""
    rows, problems = read_schedule(b'\xef\xbb\xbfEND,start,JOB,employee\r\n\r\n"b","a, c",J1,E1\r\n,,,\r\n')
    assert problems == []
    assert rows == [ScheduleRow(3, "E1", "J1", "a, c", "b")]


BAD: list[tuple[bytes, list[str]]] = [
    (b"", ["0  the file is empty"]),
    (b"\xff\xfe", ["0  the file is not UTF-8: save it as CSV UTF-8"]),
    (b"a\0b", ["0  the file has NUL characters: it is no CSV"]),
    (b"x" * (MOST_BYTES + 1), ["0  the file has more than 2,097,152 bytes"]),
    (
        b"Employee,Job,Start,Start,Name\n",
        [
            "1 Start the column is there twice",
            "1 End the column is not there",
            "1 Name there is no such column: take Employee, Job, Start, End",
        ],
    ),
    (
        HEAD + b"E1,,x,\nE2,J1,x\n" + b"E" * 201 + b",J1,a,b\n",
        [
            "2 Job it is empty and must not be",
            "2 End it is empty and must not be",
            "3 End it is empty and must not be",
            "4 Employee it is too long, or has control characters",
        ],
    ),
    (HEAD + b"E1,J1,a,b,c\n", ["2  the row has more cells than the header"]),
    (HEAD + b'E1,J1,a,b\nE2,"J1,a,b\n', ["3  its quotes do not pair up, or a cell is too long"]),
    (HEAD + b"E,J,a,b\n" * (MOST_ROWS + 1), [f"{MOST_ROWS + 2}  the file has more than 5,000 shifts"]),
]


@pytest.mark.parametrize(("data", "told"), BAD, ids=range(len(BAD)))
def test_what_is_wrong_is_told_with_its_place(data: bytes, told: list[str]) -> None:
    """Row, column and a sentence, all at once."""
    _, problems = read_schedule(data)
    assert [f"{one.row} {one.column} {one.message}" for one in problems] == told
