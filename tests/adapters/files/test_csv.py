"""CSV: quotes, line ends, encodings and limits."""

import hashlib
import io
import random
import tracemalloc

import pytest

from adapters.files import KINDS, read
from adapters.files.limits import Limits
from tests.adapters.files.build import as_csv, checked, pages, rows, sample, told, warned

JOBS = KINDS["jobs"]
TENDERS = KINDS["tenders"]
MENU = KINDS["menu-items"]
HEAD = b"Number,Name,Type\n"

SAME = [
    b"Number,Name,Type\n1,Visa,card\n2,Cash,\n",
    b"Number,Name,Type\n1,Visa,card\n2,Cash,",
    b"Number,Name,Type\r\n1,Visa,card\r\n2,Cash,\r\n",
    b"Number,Name,Type\r1,Visa,card\r2,Cash,\r",
    b"\xef\xbb\xbfNumber,Name,Type\n1,Visa,card\n2,Cash,\n",
    b'\xef\xbb\xbf"Number","Name","Type"\r\n"1","Visa","card"\r\n"2","Cash",""\r\n',
    b"Type,Number,Name\ncard,1,Visa\n,2,Cash\n",
    b"Number,Name,Type,\n1,Visa,card,\n2,Cash,,\n",
    b"Number,Name,Type\n1,Visa,card,,,\n2,Cash,,,\n",
    b"\nNumber,Name,Type\n\n1,Visa,card\n,,\n2,Cash,\n\n \n,,,,\n",
    b"NUMBER, name ,TyPe\n 1 ,Visa  ,\xc2\xa0card\n2,Cash,   \n",
    b'Number,Name,Type\n1,"Visa",card\n2,"Cash"," "\n',
    b"Number,Name,Type\n1,Visa,card\n2,Cash,\n\r\n\r\n\r\n",
]


@pytest.mark.parametrize("data", SAME)
def test_the_same_content_makes_the_same_bytes(data: bytes) -> None:
    """Whatever the line ends, quotes, spaces, order, byte order mark and empty rows and cells around it."""
    assert pages(data, TENDERS) == {None: [b'[["1","Visa","card"],["2","Cash",""]]']}
    assert warned(data, TENDERS) == []


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('"a, b"', "a, b"),
        ('"a ""b"" c"', 'a "b" c'),
        ('"""a"""', '"a"'),
        ('"two\r\nlines"', "two\nlines"),
        ('"two\rlines"', "two\nlines"),
        ('"\n\nspread\n\n"', "spread"),
        ('5" pipe', '5" pipe'),
        ("back\\slash", "back\\slash"),
        ("'single'", "'single'"),
        ('"comma,\n""quote"",\r\nand line"', 'comma,\n"quote",\nand line'),
        ("\u2028x"[1:], "x"),
        ("日本 🍣", "日本 🍣"),
    ],
)
def test_quoted_cells_hold_commas_quotes_and_lines(cell: str, text: str) -> None:
    """As spreadsheets write them; rows after them are read right."""
    data = f"JobCode,JobName,JobDescription\n1,A,{cell}\n2,B,{cell}\n3,C,\n".encode()
    assert [row.get("JobDescription", "") for row in rows(data, JOBS)] == [text, text, ""]


def test_row_numbers_are_those_of_a_spreadsheet() -> None:
    """The header is 1; empty rows count, and a row of several lines counts once."""
    data = b'Number,Name\n1,"two\nlines"\n\n2,\n,\n3,"more\n\n\nlines"\n4,\n'
    assert told(data, TENDERS) == [
        (2, "Name", "control-character"),
        (4, "Name", "required"),
        (6, "Name", "control-character"),
        (7, "Name", "required"),
    ]


@pytest.mark.parametrize(
    ("data", "errors"),
    [
        (b'1,"a"b,\n2,Cash,\n', [(2, "", "bad-quotes")]),
        (b'1,"a" ,\n2,,\n', [(2, "", "bad-quotes"), (3, "Name", "required")]),
        (b'1,"never closed,\n2,Cash,\n3,Check,\n', [(2, "", "bad-quotes")]),
        (b'1,Visa,\n2,"', [(3, "", "bad-quotes")]),
        (b'1,"5" pipe",\n2,Cash,\n', [(2, "", "bad-quotes")]),
        (b'1,"' + b"x" * 140_000 + b'",\n2,,\n', [(2, "", "too-long"), (3, "Name", "required")]),
        (b"1,Visa\n2,Cash,\n", [(2, "", "too-few-cells")]),
        (b"1\n2,Cash,\n3,Vi", [(2, "", "too-few-cells"), (4, "", "too-few-cells")]),
        (b"1,Visa,card,and more\n2,Cash,\n", [(2, "", "too-many-cells")]),
    ],
)
def test_rows_that_do_not_hold_together_are_told(data: bytes, errors: list[object]) -> None:
    """With their row; the rows after them are checked as well, where a quote does not swallow them."""
    assert told(HEAD + data, TENDERS) == errors


@pytest.mark.parametrize(
    ("data", "errors"),
    [
        (HEAD + b"1,Caf\xe9,\n2,Cash,\n3,\xff\xfe,\n", [(2, "Name", "encoding"), (4, "Name", "encoding")]),
        (HEAD + b'1,"Caf\xe9, au lait",\n', [(2, "Name", "encoding")]),
        (HEAD + b"1,\xed\xa0\x80,\n", [(2, "Name", "encoding")]),
        (HEAD + b"1,Visa,\xc3", [(2, "Type", "encoding")]),
        ("Number,Name,Type\n1,Visa,\n".encode("utf-16"), [(0, "", "encoding")]),
        ("Number,Name,Type\n1,Visa,\n".encode("utf-16-be"), [(0, "", "encoding")]),
        ("Number,Name,Type\n1,Visa,\n".encode("utf-32"), [(0, "", "encoding")]),
        (HEAD + b"1,Vi\x00sa,\n2,\x07,\n", [(2, "Name", "control-character"), (3, "Name", "control-character")]),
        (HEAD + b"1,a\x1fb,\n2,a\x1eb,\n", [(2, "Name", "control-character"), (3, "Name", "control-character")]),
        (HEAD + b"1,\x02x,\n2,\x03formula x,\n", [(2, "Name", "control-character"), (3, "Name", "control-character")]),
        (HEAD + b"\x03bad-quotes,Visa,\n", [(2, "Number", "control-character")]),
        (HEAD + b"\x04bad-quotes x,Visa,\n", [(2, "Number", "control-character")]),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", [(0, "", "old-excel")]),
        (b"%PDF-1.7 ", [(0, "", "not-a-table")]),
        (b'{"rows": []}', [(0, "", "not-a-table")]),
        (b"\n <html><table>", [(0, "", "not-a-table")]),
    ],
)
def test_other_encodings_and_formats_are_named_and_not_guessed(data: bytes, errors: list[object]) -> None:
    """Bytes that are not UTF-8 are told with row and column, each of them."""
    assert told(data, TENDERS) == errors


@pytest.mark.parametrize(
    ("limits", "errors"),
    [
        (Limits(), []),
        (Limits(file_bytes=100), [(0, "", "too-large")]),
        (Limits(rows=3), [(4, "", "too-large")]),
        (Limits(rows=4), []),
        (Limits(columns=2), [(1, "", "too-large")]),
        (Limits(cell_characters=20), [(3, "Name", "too-long")]),
        (Limits(line_characters=50), [(4, "", "too-large")]),
    ],
)
def test_every_bound_has_its_error(limits: Limits, errors: list[object]) -> None:
    """Nothing is read past it."""
    data = HEAD + b"1,Visa,card\n2,Cash in three currencies,\n3,X," + b" " * 60
    assert told(data, TENDERS, limits=limits) == errors


def test_an_endless_line_is_refused_before_it_fills_the_memory() -> None:
    """Without a line end, and with a quote that stays open."""
    for start in (b"x" * 1000, HEAD + b'1,"' + b"x\n" * 1000):
        tracemalloc.start()
        assert told(start + b"x" * 12_000_000, TENDERS)[-1][2] in {"too-large", "bad-quotes"}
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 12_000_000 + 14_000_000  # the file itself, and a little


def test_the_digest_is_that_of_the_whole_file() -> None:
    """Whether it could be read or not."""
    for data in (as_csv([sample(TENDERS)]), HEAD + b'1,"open', b"\x00nothing", HEAD * 20_000):
        report = checked(data, TENDERS)
        assert (report.digest, report.size) == (hashlib.sha256(data).hexdigest(), len(data))


def test_a_file_that_hands_out_little_at_a_time_reads_the_same() -> None:
    """Quotes, line ends and letters may be cut anywhere."""
    rng = random.Random(7)
    text = "JobCode,JobName,JobDescription\r\n" + "".join(
        f'{number},"Café, {number}","two\r\nlines ""{number}"""\r\n' for number in range(300)
    )
    data = text.encode()

    class Dripping(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(min(size or 1, rng.randint(1, 40)) if size and size > 8 else size)

    report, content = read(Dripping(data), JOBS)
    with content:
        assert report.errors == ()
        assert [page.data for page in content.pages()] == pages(data, JOBS)[None]


@pytest.mark.slow
@pytest.mark.parametrize("quoted", [False, True])
def test_memory_stays_flat(quoted: bool) -> None:
    """Five times the rows take about the same memory, every cell different or not."""

    def peak(count: int) -> int:
        def lines() -> io.BytesIO:
            out = io.BytesIO(b"")
            out.write(b"ItemNumber,ItemName,ItemCost\n")
            for number in range(count):
                name = f'"Item, {number}"' if quoted else f"Item {number}"
                out.write(f"{number},{name},{number % 977}.{number % 89:02d}\n".encode())
            return out

        file = lines()

        tracemalloc.start()
        report, content = read(file, MENU)
        count_of_pages = sum(1 for _ in content.pages())
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        content.close()
        assert (report.rows, report.errors, count_of_pages) == (count, (), count // 2_000)
        return found

    assert peak(100_000) < 1.5 * peak(20_000)
