"""Headers: any order, any case, spaces around them; what is missing, there twice or unknown."""

import pytest

from adapters.files import KINDS, Kind
from adapters.files.limits import Limits
from tests.adapters.files.build import SALES, as_csv, checked, pages, sample, told, warned

TENDERS = KINDS["tenders"]


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.key)
def test_order_case_and_spaces_of_headers_do_not_matter(kind: Kind) -> None:
    """The same content makes the same bytes."""
    row = sample(kind)
    names = sorted(row)
    dressed = [f" {name.upper()}\u00a0" for name in names]
    data = as_csv([{dress: row[name] for dress, name in zip(dressed, names, strict=True)}])
    assert pages(data, kind) == pages(as_csv([row]), kind)


def test_a_missing_column_is_named_once() -> None:
    """However many rows there are."""
    data = as_csv([{"Number": str(number), "Type": "cash"} for number in range(3)])
    assert told(data, TENDERS) == [(1, "Name", "missing-column")]


@pytest.mark.parametrize("second", ["Name", "NAME", " name "])
def test_a_column_is_there_once(second: str) -> None:
    """Also under another spelling."""
    assert told(f"Number,Name,{second}\n1,Visa,Visa\n".encode(), TENDERS) == [(1, "Name", "duplicate-column")]


def test_the_official_misspelling_and_the_right_spelling_are_one_column() -> None:
    """Either is taken and says the same; both at once are an error."""
    official, right = "ItemSale_Modfiers_GrossAmount", "itemsale_modifiers_GROSSAMOUNT"
    row = sample(SALES)
    other = {right if name == official else name: cell for name, cell in row.items()}
    assert pages(as_csv([other]), SALES) == pages(as_csv([row]), SALES)
    assert told(as_csv([{**row, right: "1.50"}]), SALES) == [(1, official, "duplicate-column")]


def test_unknown_columns_are_a_warning_and_are_not_kept() -> None:
    """They may hold anybody's data."""
    row = sample(TENDERS)
    data = as_csv([{"Guest SSN": "000-12-3456", **row, "Extra": "x"}])
    assert warned(data, TENDERS) == [(1, "Guest SSN", "unknown-column"), (1, "Extra", "unknown-column")]
    assert pages(data, TENDERS) == pages(as_csv([row]), TENDERS)


@pytest.mark.parametrize(
    ("cell", "code"), [("4111111111111111", "card-number"), ("\udce9", "encoding"), ("\x07", "control-character")]
)
def test_unknown_columns_are_looked_at_all_the_same(cell: str, code: str) -> None:
    """A card number, or what is no text, keeps the file out; the cell is not shown."""
    report = checked(as_csv([{**sample(TENDERS), "Extra": cell}]), TENDERS)
    assert [(error.row, error.column, error.value, error.code) for error in report.errors] == [(2, "Extra", "", code)]


def test_columns_without_a_header_have_to_be_empty() -> None:
    """Empty ones at the end or between others are nothing; with a value something is out of place."""
    assert told(b"Number,,Name,,\n1,,Visa,,\n2,,Cash\n3,,Check,,,,\n", TENDERS) == []
    assert warned(b"Number,,Name,,\n1,,Visa,,\n", TENDERS) == []
    assert told(b"Number,,Name\n1,x,Visa\n", TENDERS) == [(2, "column 2", "too-many-cells")]
    assert told(b"Number,Name,\n1,Visa,x\n", TENDERS) == [(2, "", "too-many-cells")]


@pytest.mark.parametrize(("delimiter", "noun"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_another_delimiter_is_named(delimiter: str, noun: str) -> None:
    """It is not guessed: the error says what the file has and what to do."""
    report = checked(as_csv([sample(SALES)] * 2, delimiter=delimiter), SALES)
    (error,) = report.errors
    assert (error.row, error.code, noun in error.reason) == (1, "delimiter", True)


def test_a_header_that_is_no_text_is_told_with_its_place() -> None:
    """And its bytes are not shown."""
    report = checked(b"Number,Name,Caf\xe9\n1,Visa,\n", TENDERS)
    assert [(error.row, error.column, error.code) for error in report.errors] == [(1, "column 3", "encoding")]


def test_a_header_whose_quotes_do_not_pair_up_ends_the_reading() -> None:
    """Nothing can be said about what comes below it."""
    assert told(b'"Number"x,Name\n1,\n', TENDERS) == [(1, "", "bad-quotes")]


def test_a_card_number_in_a_header_is_not_repeated() -> None:
    """A file without a header has data in its place."""
    report = checked(b"Number,Name,4111111111111111\n1,Visa,\n", TENDERS)
    assert "4111111111111111" not in "".join(report.lines())


def test_headers_are_bounded() -> None:
    """Past the limit on columns nothing is read."""
    data = as_csv([{**sample(TENDERS), **{f"c{number}": "" for number in range(300)}}])
    assert told(data, TENDERS) == [(1, "", "too-large")]
    assert told(data, TENDERS, limits=Limits(columns=303)) == []


def test_empty_rows_before_the_header_are_passed_over() -> None:
    """And counted: row numbers are those of a spreadsheet."""
    assert told(b"\n , \nNumber,Name\n1,Visa\n2,\n", TENDERS) == [(5, "Name", "required")]


@pytest.mark.parametrize("data", [b"", b"\n", b",,,\n ,\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n\r\n"])
def test_a_file_without_rows_is_empty(data: bytes) -> None:
    """It does not say that there is nothing; it says nothing."""
    assert told(data, TENDERS) == [(0, "", "empty-file")]


def test_a_file_with_a_header_alone_says_that_there_is_nothing() -> None:
    """That is taken, with a warning."""
    assert told(b"Number,Name\n", TENDERS) == []
    assert warned(b"Number,Name\n\n,\n", TENDERS) == [(0, "", "no-rows")]
