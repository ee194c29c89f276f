"""Canonical rows: pages, personal data, and what of a bad file is kept, namely nothing."""

import datetime as dt
import io
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from adapters.files import KINDS, Dating, cells, read
from adapters.files.limits import Limits
from tests.adapters.files.build import PLAIN, SALES, as_csv, least, pages, rows, sample, told

EMPLOYEES = KINDS["employees"]
PAYMENTS = KINDS["payments"]
TENDERS = KINDS["tenders"]


def test_a_row_is_an_array_of_all_official_columns() -> None:
    """In official order, an empty text where a cell is empty or the column is not in the file."""
    ((page,),) = pages(b"Name,Number\n Visa ,01\n", TENDERS).values()
    assert page == b'[["01","Visa",""]]'
    assert list(cells(TENDERS, page)) == [{"Number": "01", "Name": "Visa"}]


@pytest.mark.parametrize("text", ['a "b" c', "back\\slash", "Café 🍔", "two words", "=1+1", "</script>", "\u200b"])
def test_pages_are_json(text: str) -> None:
    """Whatever a cell holds."""
    ((page,),) = pages(as_csv([sample(TENDERS, Name=text)]), TENDERS).values()
    assert json.loads(page) == [["2", text, "non-cash"]]


@pytest.mark.parametrize("count", [0, 1, 1_999, 2_000, 2_001, 6_000])
def test_pages_have_two_thousand_rows(count: int) -> None:
    """All but the last."""
    data = as_csv([{"Number": str(number), "Name": "x"} for number in range(count)], ["Number", "Name"])
    report, content = read(io.BytesIO(data), TENDERS)
    with content:
        sizes = [page.rows for page in content.pages()]
        assert sizes == [2_000] * (count // 2_000) + ([count % 2_000] if count % 2_000 else [])
        assert (sum(sizes), content.rows(None), report.rows) == (count, count, count)
        assert content.dates == ((None,) if count else ())


def test_days_that_take_turns_row_by_row_make_the_same_pages() -> None:
    """As a file of each day alone."""
    days = [least(SALES, CloseTime=f"11/{number % 28 + 1:02d}/2026 12:00:00") for number in range(9_000)]
    together = pages(as_csv(days), SALES, PLAIN)
    assert len(together) == 28
    for number in (0, 13, 27):
        alone = pages(as_csv(days[number::28]), SALES, PLAIN)
        date = dt.date(2026, 11, number + 1)
        assert alone == {date: together[date]}


def test_a_file_has_rows_of_so_many_days_at_most() -> None:
    """Past that the dates are surely wrong, and the file is checked to its end all the same."""
    days = [least(SALES, CloseTime=f"11/{number + 1:02d}/2026 12:00:00") for number in range(5)]
    report, content = read(io.BytesIO(as_csv(days)), SALES, dating=PLAIN, limits=Limits(dates=4))
    with content:
        assert [error.code for error in report.errors] == ["too-many-dates"]
        assert (content.dates, report.rows) == ((), 5)
        assert report.digest
    labor = KINDS["labor-detail"]
    at = [f"11/{day}/2026 12:00" for day in range(10, 15)]
    breaks = [sample(labor, ClockInDate=time, ClockInTime=time, ClockOutTime=time, IsPaidBreak="1") for time in at]
    report, content = read(io.BytesIO(as_csv(breaks)), labor, dating=PLAIN, limits=Limits(dates=4))
    with content:
        assert [error.code for error in report.errors] == ["too-many-dates"]


def test_nothing_of_a_bad_file_is_kept() -> None:
    """Not even the rows before the error."""
    data = as_csv([sample(TENDERS, Number=str(number)) for number in range(5_000)]) + b"1,Again,\n"
    report, content = read(io.BytesIO(data), TENDERS)
    with content:
        assert (report.error_count, content.dates, list(content.pages())) == (1, (), [])


def test_personal_data_is_left_out() -> None:
    """Unless the caller seals it, nothing of it is in a canonical row, nor on disk."""
    ((page,),) = pages(as_csv([sample(EMPLOYEES)]), EMPLOYEES).values()
    assert list(cells(EMPLOYEES, page)) == [{"EmployeeId": "101", "PayrollId": "P-101", "IsInactive": "false"}]
    ((page,),) = pages(as_csv([sample(PAYMENTS)]), PAYMENTS).values()
    assert b"Guest" not in page


def test_personal_data_is_what_the_caller_seals() -> None:
    """He is given the whole row, and asked only where there is something to seal."""
    asked: list[Mapping[str, str]] = []

    def seal(row: Mapping[str, str]) -> Mapping[str, str]:
        asked.append(row)
        return {name: f"sealed:{len(text)}" for name, text in row.items() if name != "LastName"}

    data = as_csv([sample(EMPLOYEES, MiddleName=""), sample(EMPLOYEES, EmployeeId="102")])
    first, second = rows(data, EMPLOYEES, seal=seal)
    assert [row["EmployeeId"] for row in asked] == ["101", "102"]
    assert asked[0]["Birthdate"] == "1988-02-13"
    assert (first["FirstName"], first.get("MiddleName"), first.get("LastName")) == ("sealed:3", None, None)
    assert (second["MiddleName"], second["EmployeeId"]) == ("sealed:2", "102")
    assert rows(as_csv([sample(PAYMENTS, Payment_GuestName="")]), PAYMENTS, seal=seal)
    assert len(asked) == 2


def test_what_the_caller_cannot_seal_closes_everything() -> None:
    """The exception comes through."""

    def seal(_: Mapping[str, str]) -> Mapping[str, str]:
        raise LookupError("no key")

    with pytest.raises(LookupError, match="no key"):
        read(io.BytesIO(as_csv([sample(EMPLOYEES)])), EMPLOYEES, seal=seal)


def test_content_leaves_no_file_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Large ones go to a file without a name."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    data = as_csv([least(SALES)] * 20_000)
    report, content = read(io.BytesIO(data), SALES, dating=Dating(PLAIN.date_of, dt.date(2026, 11, 20)))
    assert list(tmp_path.iterdir()) == []
    assert sum(page.rows for page in content.pages(dt.date(2026, 11, 20))) == report.rows == 20_000
    content.close()


def test_a_file_may_be_at_its_end_when_it_is_given() -> None:
    """It is read from its start, as often as one likes."""
    file = io.BytesIO(as_csv([sample(TENDERS)]))
    file.read()
    for _ in range(2):
        report, content = read(file, TENDERS)
        content.close()
        assert report.rows == 1
    assert told(file.getvalue(), TENDERS) == []
