"""xlsx: typed cells read like the same table as CSV, and nothing in a workbook can hurt."""

import datetime as dt
import io
import tracemalloc
import zipfile
from typing import Any

import pytest
from openpyxl import Workbook

from adapters.files import KINDS
from adapters.files.limits import Limits
from tests.adapters.files.build import SALES, as_csv, as_xlsx, checked, pages, rows, sample, told, wall
from tests.adapters.files.workbooks import SHEET, raw_book

TENDERS = KINDS["tenders"]
EMPLOYEES = KINDS["employees"]
MENU = KINDS["menu-items"]
HEAD = ["Number", "Name", "Type"]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def cell_of(value: Any, kind: str = "menu-items", column: str = "ItemName", form: str = "") -> Any:
    """The canonical text of a workbook's cell in some column, or the codes of what is wrong with it."""
    names = list(KINDS[kind].headers)
    row: list[Any] = [sample(KINDS[kind])[name] for name in names]
    row[names.index(column)] = value
    formats = {(2, names.index(column) + 1): form} if form else {}
    data = as_xlsx([names, row], formats)
    report = checked(data, KINDS[kind])
    if report.errors:
        return [error.code for error in report.errors]
    (found,) = rows(data, KINDS[kind])
    return found.get(column, "")


@pytest.mark.parametrize(
    ("value", "column", "form", "text"),
    [
        ("01", "ItemNumber", "", "01"),
        (1001, "ItemNumber", "", "1001"),
        (1001.0, "ItemNumber", "", "1001"),
        (501, "PLU", "00000", "00501"),
        (-501, "PLU", "00000", "-501"),
        (123456789012345, "ItemNumber", "", "123456789012345"),
        (12.5, "ItemCost", "", "12.5"),
        (12.5, "ItemCost", '"$"#,##0.00', "12.5"),
        (0.1 + 0.2, "ItemCost", "", "0.3"),
        (1e-7, "ItemCost", "", "0.0000001"),
        (7, "ItemCost", "0.00", "7"),
        (True, "ItemName", "", "true"),
        (" Burger ", "ItemName", "", "Burger"),
        (None, "ItemCost", "", ""),
        ("", "ItemCost", "", ""),
        ("_x0041_b", "ItemName", "", "Ab"),
        ("Café 🍔", "ItemName", "", "Café 🍔"),
        ("12.50", "ItemCost", "", "12.5"),
        (dt.time(18, 5), "ItemName", "", "18:05:00"),
        (0.0825, "ItemCost", "0.00%", ["not-an-amount"]),
        (wall(2026, 11, 20), "ItemName", "", ["date-as-text"]),
        (wall(2026, 11, 20), "ItemNumber", "", ["date-as-text"]),
        (wall(2026, 11, 20), "ItemCost", "", ["not-an-amount"]),
        ("=1+1", "ItemCost", "", ["formula"]),
        ('=HYPERLINK("x")', "ItemName", "", ["formula"]),
        ("#N/A", "ItemName", "", ["cell-error"]),
        (4111111111111111, "ItemNumber", "", ["card-number"]),
        ("4111111111111111", "SKU", "", ["card-number"]),
        ("a_x0000_b", "ItemName", "", ["control-character"]),
        ("x" * 5_000, "ItemName", "", ["too-long"]),
    ],
)
def test_typed_cells_read_as_the_same_table_would_as_csv(value: Any, column: str, form: str, text: Any) -> None:
    """Numbers plainly, with the zeros in front that a format shows; formulas and errors are refused."""
    assert cell_of(value, column=column, form=form) == text


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (wall(2026, 11, 20, 18, 5, 30), "", "2026-11-20T18:05:30"),
        (wall(2026, 11, 20), "mm/dd/yyyy", "2026-11-20T00:00:00"),
        (dt.date(2026, 11, 20), "", "2026-11-20T00:00:00"),
        (46346.75, "m/d/yy h:mm", "2026-11-20T18:00:00"),
        (46346.7535879630, "yyyy-mm-dd hh:mm:ss", "2026-11-20T18:05:10"),
        ("11/20/2026 18:05:30", "", "2026-11-20T18:05:30"),
        (46346.75, "", ["not-a-date"]),
        (0.75, "h:mm", ["not-a-date"]),
        (1.75, "[h]:mm", ["not-a-date"]),
        (-5, "mm/dd/yyyy", ["no-such-date"]),
        (99999999999, "mm/dd/yyyy", ["cell-error"]),
        (-400_000, "mm/dd/yyyy", ["no-such-date"]),
        (wall(1900, 1, 1), "", ["no-such-date"]),
    ],
)
def test_date_cells_are_the_dates_that_they_show(value: Any, form: str, text: Any) -> None:
    """To the second; a number that is not formatted as a date is none."""
    assert cell_of(value, "sales-detail", "CloseTime", form) == text


@pytest.mark.parametrize(
    ("value", "code"), [("0999-11-20", "no-such-date"), ("0001-01-01T00:00:00", "no-such-date"), ("x", "cell-error")]
)
def test_iso_dates_of_long_ago_are_none(value: str, code: str) -> None:
    """Some programs write dates as texts of their own type."""
    heads = "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in ("Birthdate", *EMPLOYEES.required))
    cells_ = f'<c t="d"><v>{value}</v></c>' + "<c><v>1</v></c>" * 3
    sheet = SHEET.split("<row")[0] + f"<row>{heads}</row><row>{cells_}</row></sheetData></worksheet>"
    assert told(raw_book({"xl/worksheets/sheet1.xml": sheet}), EMPLOYEES) == [(2, "Birthdate", code)]


def test_a_date_in_a_note_is_refused() -> None:
    """As in every column of text."""
    assert cell_of(wall(2026, 11, 20), "paid-in-outs", "Notes") == ["date-as-text"]


def test_shared_texts_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """All of them are kept in memory while the sheet is read."""
    monkeypatch.setattr("adapters.files.xlsx.parts.MOST_TEXTS", 50)
    data = raw_book({"xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{"<si/>" * 51}</sst>'})
    assert told(data, TENDERS) == [(0, "", "too-large")]


def test_a_date_cell_is_a_date_of_birth_too() -> None:
    """In what order year, month and day are written is the column's affair, not the cell's."""
    names = list(EMPLOYEES.headers)
    row: list[Any] = [sample(EMPLOYEES)[name] for name in names]
    row[names.index("Birthdate")] = dt.date(1988, 2, 13)
    csv = as_csv([sample(EMPLOYEES)])
    seal = dict  # keeps personal data as it is
    assert pages(as_xlsx([names, row]), EMPLOYEES, seal=seal) == pages(csv, EMPLOYEES, seal=seal)


def test_a_workbook_makes_the_same_bytes_as_csv() -> None:
    """A whole row of Sales Detail, with numbers, dates and texts as a person would enter them."""
    row = sample(SALES)
    typed: list[Any] = []
    for column in SALES.columns:
        text = row[column.name]
        if column.type == "moment":
            typed.append(dt.datetime.strptime(text, "%m/%d/%Y %H:%M:%S"))  # noqa: DTZ007  # a wall clock
        elif column.type in {"money", "integer", "ordinal"}:
            typed.append(float(text))
        else:
            typed.append(text)
    table = [[name.upper() for name in SALES.headers], typed, [None] * len(typed), typed]
    assert pages(as_xlsx(table), SALES) == pages(as_csv([row, row]), SALES)


def test_row_numbers_are_those_of_the_sheet() -> None:
    """Rows that the file leaves out because they are empty count."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for number, name in ((3, "Name"), (5, "Visa"), (9, None)):
        sheet.cell(number, 1, "Number" if name == "Name" else f"{number}")
        sheet.cell(number, 2, name)
    out = io.BytesIO()
    book.save(out)
    assert told(out.getvalue(), TENDERS) == [(9, "Name", "required")]


def test_cells_past_the_header_are_told() -> None:
    """As in CSV."""
    assert told(as_xlsx([HEAD, ["1", "Visa", None, "x"]]), TENDERS) == [(2, "", "too-many-cells")]
    assert told(as_xlsx([HEAD, ["1", "Visa"]]), TENDERS) == []


@pytest.mark.parametrize(
    ("sheets", "code"),
    [
        ([("A", True, True), ("B", False, True), ("C", False, True)], ""),
        ([("A", False, True), ("B", True, True)], ""),
        ([("A", True, False), ("B", True, True)], ""),
        ([("A", True, True), ("B", True, True)], "sheets"),
        ([("A", False, True), ("B", False, True)], "sheets"),
    ],
)
def test_one_visible_sheet_has_rows(sheets: list[tuple[str, bool, bool]], code: str) -> None:
    """Empty and hidden ones do not count; of two it is not guessed which is meant."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, filled, visible in sheets:
        sheet = book.create_sheet(name)
        sheet.sheet_state = "visible" if visible else "hidden"
        if filled:
            sheet.append(["Number", "Name"])
            sheet.append(["1", name])
    out = io.BytesIO()
    book.save(out)
    assert [found[2] for found in told(out.getvalue(), TENDERS)] == ([code] if code else [])


def test_dates_count_from_1904_where_the_workbook_says_so() -> None:
    """Workbooks that were begun on a Mac."""
    book = Workbook()
    book.epoch = wall(1904, 1, 1)
    sheet = book.active
    assert sheet is not None
    names = list(SALES.headers)
    row = [sample(SALES)[name] for name in names]
    sheet.append(names)
    sheet.append(row)
    sheet.cell(2, 3, wall(2026, 11, 20, 19, 10, 30))
    out = io.BytesIO()
    book.save(out)
    assert rows(out.getvalue(), SALES)[0]["CloseTime"] == "2026-11-20T19:10:30"


@pytest.mark.parametrize(
    ("cells", "names"),
    [
        ('<c t="s"><v>0</v></c><c t="s"><v>1</v></c>', ["ab", "plain"]),
        ('<c r="B2" t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c><c r="A2"><v>1</v></c>', ["1", "ab"]),
        ('<c t="str"><v>1</v></c><c t="d"><v>2026-11-20</v></c>', None),
        ('<c t="str"><v>1</v></c><c t="d"><v>0999-11-20T25:00</v></c>', None),
        ('<c><v>1</v></c><c t="inlineStr"><is><t>ab</t><rPh><t>x</t></rPh></is></c>', ["1", "ab"]),
        ("<c><v>1</v></c><c/><c s='7'/>", None),
        ('<c t="s"><v>99</v></c><c t="s"><v>1</v></c>', None),
        ('<c t="s"><v>-1</v></c><c t="b"><v>7</v></c>', None),
        ("<c><v>1__0</v></c><c><v>NaN</v></c>", None),
        ("<c><v>1e999</v></c><c><v>1e-999</v></c>", None),
        ('<c s="999999"><v>1</v></c><c s="x"><v>2</v></c>', ["1", "2"]),
    ],
)
def test_what_the_standard_allows_is_read(cells: str, names: list[str] | None) -> None:
    """Shared texts of several runs without their readings, cells in any order; what points nowhere is an error."""
    texts = (
        f'<sst xmlns="{MAIN}"><si><r><t>a</t></r><r><t xml:space="preserve">b</t></r><rPh><t>x</t></rPh></si>'
        "<si><t>plain</t></si></sst>"
    )
    data = raw_book({"xl/sharedStrings.xml": texts}, rows=f'<row r="2">{cells}</row>')
    if names is None:
        assert told(data, TENDERS) != []
    else:
        assert [(row["Number"], row["Name"]) for row in rows(data, TENDERS)] == [tuple(names)]


def test_a_prefix_before_every_name_changes_nothing() -> None:
    """And neither does the strict standard's namespace."""
    sheet = SHEET.format(rows='<row r="2"><c><v>1</v></c><c><v>2</v></c></row>')
    for old, new in (
        ("<", "<x:"),
        ("<x:/", "</x:"),
        (" xmlns=", " xmlns:x="),
        (MAIN, "http://purl.oclc.org/ooxml/main"),
    ):
        sheet = sheet.replace(old, new)
    assert rows(raw_book({"xl/worksheets/sheet1.xml": sheet}), TENDERS) == [{"Number": "1", "Name": "2"}]


def broken(word: str) -> bytes:
    """A workbook in which a word does not fit its checksum."""
    return raw_book(method=zipfile.ZIP_STORED).replace(word.encode(), word.upper().encode(), 1)


HOSTILE = [
    (raw_book(rows="<row><c>"), "markup"),
    (raw_book(rows='<row r="5"/><row r="4"/>'), "markup"),
    (raw_book({"xl/worksheets/sheet1.xml": "<!DOCTYPE a [<!ENTITY b 'c'>]><worksheet/>"}), "markup"),
    (raw_book({"xl/workbook.xml": "<!DOCTYPE a [<!ENTITY b 'c'>]><workbook>&b;</workbook>"}), "markup"),
    (raw_book({"xl/workbook.xml": "<workbook"}), "markup"),
    (raw_book({"xl/workbook.xml": b"\xff\xfe<"}), "markup"),
    (raw_book({"xl/styles.xml": "<!DOCTYPE a SYSTEM 'file:///etc/hostname'><a/>"}), "markup"),
    (raw_book({"xl/styles.xml": b" " * 5_000_000}), "bomb"),
    (raw_book({"xl/styles.xml": b" " * 5_000_000}, zipfile.ZIP_STORED), "bomb"),
    (raw_book({"xl/workbook.xml": f'<workbook xmlns="{MAIN}"/>'}), "sheets"),
    (raw_book({"xl/_rels/workbook.xml.rels": "<a/>"}), "sheets"),
    (raw_book({"xl/media/image.png": b"\x00" * 300 * 2**20}), "bomb"),
    (raw_book(method=zipfile.ZIP_LZMA), "bomb"),
    (raw_book(rows='<row r="9999999"><c><v>1</v></c></row>'), "too-large"),
    (raw_book(rows='<row r="2"><c r="XFD2"><v>1</v></c></row>'), "too-large"),
    (raw_book({"xl/worksheets/sheet1.xml": '<?xml version="1.0" encoding="nonsense"?><worksheet/>'}), "markup"),
    (raw_book({"xl/worksheets/sheet1.xml": b'<?xml version="1.0" encoding="utf-7"?><worksheet/>'}), "markup"),
    (raw_book({"xl/workbook.xml": '<?xml version="1.0" encoding="nonsense"?><workbook/>'}), "markup"),
    (broken("Tenders"), "damaged"),
    (broken("sheetData"), "damaged"),
    (raw_book().replace(b"PK\x03\x04", b"PK\x03\x05"), "damaged"),
    (raw_book()[:-30], "damaged"),
    (raw_book()[:200], "damaged"),
    (b"PK\x03\x04" + b"\x00" * 100, "damaged"),
    (b"PK\x05\x06" + b"\x00" * 18, "not-a-table"),
]


@pytest.mark.parametrize(("data", "code"), HOSTILE)
def test_a_workbook_that_is_broken_or_hostile_is_an_error(data: bytes, code: str) -> None:
    """One that says what is wrong with it."""
    assert told(data, TENDERS)[0][2] == code


def test_a_workbook_that_unpacks_to_too_much_is_refused() -> None:
    """Before it is unpacked."""
    data = as_xlsx([HEAD, *([str(number), "Visa", "card"] for number in range(1_000))])
    assert told(data, TENDERS) == []
    assert told(data, TENDERS, limits=Limits(sheet_bytes=10_000)) == [(0, "", "bomb")]
    assert told(data, TENDERS, limits=Limits(file_bytes=1_000)) == [(0, "", "too-large")]


@pytest.mark.slow
@pytest.mark.parametrize(
    "content",
    [
        SHEET.format(rows="<row>" + "<c/>" * 500_000 + "</row>"),
        SHEET.format(rows="<row><c><v>" + "1" * 8_000_000 + "</v></c></row>"),
        SHEET.format(rows='<row r="2"><c r="ZZZ2"/></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>'),
        SHEET.format(rows="<a>" * 100_000),
        SHEET.format(rows="<row/>" * 100_000),
    ],
    ids=["cells", "digits", "far", "nested", "rows"],
)
def test_small_files_that_unpack_to_much_take_little_memory(content: str) -> None:
    """Millions of cells in one row, a text without end, an address far out: nothing is built of it."""
    data = raw_book({"xl/worksheets/sheet1.xml": content}, zipfile.ZIP_STORED)
    tracemalloc.start()
    checked(data, TENDERS)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 24 * 2**20


@pytest.mark.slow
def test_memory_stays_flat_with_the_rows_of_a_sheet() -> None:
    """Nothing of a sheet is kept but the row that is being read."""

    def peak(count: int) -> int:
        row = '<row><c><v>{}</v></c><c t="inlineStr"><is><t>x</t></is></c></row>'
        made = "".join(row.format(number) for number in range(count))
        data = raw_book(rows=made)
        tracemalloc.start()
        assert checked(data, TENDERS).rows == count
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    assert peak(40_000) < 1.5 * peak(10_000)
