"""Import files over HTTP: what comes in, what is refused, and what it does to a day; on both databases."""

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import httpx
import pytest

from adapters.files import KINDS
from adapters.files.templates import template
from api.composition import init_store, open_house
from api.http import create_app
from api.logs import configure_logs
from api.settings import load_settings
from domain.business_date import business_date
from domain.commands.connect_system import ConnectSystem, connect_system
from domain.commands.intent import Intent
from domain.commands.loading import load_day
from domain.facts import LocationAdded, PollFailed
from domain.identifiers import ConnectionId, DayId
from domain.summary import summarize
from projections.catching_up import catch_up
from tests.api.site import DATES, Client, Site
from tests.support.postgres import Server

D = "2026-11-20"
DEPOSITS = "DepositDate,Amount,Number\n11/20/2026,12.50,D-17\n"
SALES = (
    "CheckNumber,CloseTime,ItemSale_TicketItemNumber,ItemSale_ItemNumber,ItemSale_GrossAmount\n"
    "1001,11/20/2026 19:10:30,1,2001,12.50\n"
)
PAYMENTS = "Payment_CheckNumber,Payment_TenderNumber,Payment_BaseAmount\n1001,1,12.50\n"
TENDERS = "Number,Name,Type\n1,Cash,cash\n"
MENU = "ItemNumber,ItemName,CategoryName\n2001,Burger,Food\n"
WHOLE = {"sales-detail": SALES, "payments": PAYMENTS, "tenders": TENDERS, "menu-items": MENU, "deposits": DEPOSITS}
"""A day of one check: 12.50, paid in cash, and brought to the bank."""


class Desk:
    """A daybook with a location that is fed by files alone."""

    def __init__(self, opened: Any) -> None:
        self.opened = opened
        self.client = Client(create_app(opened))

    def send(
        self, files: Mapping[str, str | bytes], fields: Mapping[str, str] = MappingProxyType({}), **headers: str
    ) -> httpx.Response:
        """Send files, by name."""
        parts = [("file", (name, data)) for name, data in files.items()]
        return self.client.send(
            "POST",
            "/v1/imports",
            data={"location": "pier", **fields},
            files=parts,
            headers={name.replace("_", "-"): value for name, value in headers.items()},
        )

    def whole(self, **fields: str) -> httpx.Response:
        """Send the whole day."""
        return self.send({f"{kind}.csv": text for kind, text in WHOLE.items()}, fields)

    def summary(self, date: str = D) -> dict[str, Any]:
        """The day's summary, by HTTP, once the views have it."""
        catch_up(self.opened.engine, self.opened.journal)
        found: dict[str, Any] = self.client.get(f"/v1/days/pier/{date}/dss").json()["summary"]
        return found


@pytest.fixture(params=["sqlite", "postgresql"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """A daybook on each kind of database, with the location pier."""
    url = ""
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgres")
        url = server.url(server.create())
    settings = load_settings(data_dir=tmp_path, database_url=url, log_level="error", import_bytes=100_000)
    configure_logs(settings)
    init_store(settings)
    with open_house(settings) as opened:
        connection = ConnectionId(settings.client, "files")
        location = LocationAdded("pier", "Pier", "America/New_York", {})
        connect_system(
            ConnectSystem(connection, "files", "Files", "", "", (location,), Intent("test", "set up")), opened.house
        )
        catch_up(opened.engine, opened.journal)
        yield Desk(opened)


def test_a_day_comes_in_files(desk: Desk) -> None:
    """Sales, payments, cash and the reference data that names them, as one session, in whatever order they are sent."""
    answer = desk.whole()
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert (told["outcome"], told["reference"]) == ("imported", {"added": 2, "changed": 0})
    assert [(day["date"], day["outcome"], day["added"]) for day in told["days"]] == [(D, "polled", 2)]
    assert answer.headers["Daybook-Position"] == str(told["position"])
    summary = desk.summary()
    assert (summary["net_sales"], summary["expected_cash"], summary["over_short"]) == ("12.50", "12.50", "0.00")
    assert [line["name"] for line in summary["by_category"]] == ["Food"]


def test_the_same_files_again_are_an_attempt_and_nothing_else(desk: Desk) -> None:
    """No generation, no change of reference data; that it was tried is listed, with the files' names."""
    desk.whole()
    before = load_day(desk.opened.journal, DayId("main", "pier", business_date(D)))
    again = desk.whole()
    assert again.status_code == 200
    assert [day["outcome"] for day in again.json()["days"]] == ["unchanged"]
    after = load_day(desk.opened.journal, DayId("main", "pier", business_date(D)))
    assert (after.generation, after.records, after.version) == (1, before.records, before.version + 1)
    catch_up(desk.opened.engine, desk.opened.journal)
    polls = desk.client.get("/v1/polls").json()["data"]
    assert [(poll["kind"], poll["outcome"]) for poll in polls] == [("import", "unchanged"), ("import", "polled")]
    assert {file["name"] for file in polls[0]["files"]} == {"sales-detail.csv", "payments.csv", "deposits.csv"}


def test_checking_records_nothing(desk: Desk) -> None:
    """With check=true the reports come and the log stays as it is, for good files and for bad ones."""
    head = desk.opened.journal.head()
    good = desk.whole(check="true")
    assert (good.status_code, good.json()["outcome"], good.json()["position"]) == (200, "good", 0)
    bad = desk.send({"deposits.csv": DEPOSITS.replace("12.50", "lots")}, {"check": "true"})
    assert bad.status_code == 422
    assert desk.opened.journal.head() == head


def test_a_bad_file_changes_nothing_and_tells_all_its_errors(desk: Desk) -> None:
    """One bad file keeps the whole session out; every error has its row, column, value and reason."""
    desk.whole()
    before = desk.summary()
    rows = [f"11/20/2026,{'x' if number % 2 else '1.00'},{number}" for number in range(6)]
    bad = "DepositDate,Amount,Number\n" + "\n".join(rows) + "\n11/31/2026,1.00,9\n"
    answer = desk.send({"deposits.csv": bad, "sales-detail.csv": SALES.replace("12.50", "99.00")}, {"date": D})
    assert answer.status_code == 422
    told = answer.json()
    assert told["type"] == "/problems/bad-files"
    (report,) = [file for file in told["files"] if file["kind"] == "deposits"]
    found = [(error["row"], error["column"], error["value"], error["code"]) for error in report["errors"]]
    assert found == [
        (3, "Amount", "x", "not-an-amount"),
        (5, "Amount", "x", "not-an-amount"),
        (7, "Amount", "x", "not-an-amount"),
        (8, "DepositDate", "11/31/2026", "no-such-date"),
    ]
    after = desk.summary()
    assert after == before
    (failed,) = [
        entry.fact
        for entry in desk.opened.journal.stream(DayId("main", "pier", business_date(D)).stream)
        if isinstance(entry.fact, PollFailed)
    ]
    assert (failed.failure, failed.message) == ("bad-file", "deposits has 4 errors.")


def test_errors_as_a_copy_of_the_file(desk: Desk) -> None:
    """Asked for as CSV, the bad file comes back with what is wrong in a column before the others."""
    answer = desk.send({"deposits.csv": DEPOSITS.replace("12.50", "=1+1")}, {"date": D}, Accept="text/csv")
    assert (answer.status_code, answer.headers["content-type"]) == (422, "text/csv; charset=utf-8")
    header, row = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert header == ["Problems", "DepositDate", "Amount", "Number"]
    assert row[0].startswith("Amount: It is not a decimal number")
    assert row[1:] == ["11/20/2026", "'=1+1", "D-17"]


def test_a_zip_of_many_days(desk: Desk) -> None:
    """Each day is imported by itself, in order, and so is a file whose rows are of several days."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("2026-11-19/Sales Detail.csv", SALES.replace("11/20", "11/19"))
        archive.writestr("2026-11-20/Sales Detail.csv", SALES)
        archive.writestr("Deposits.csv", DEPOSITS + "11/19/2026,1.00,D-16\n")
        archive.writestr("tenders.csv", TENDERS)
    answer = desk.send({"november.zip": packed.getvalue()})
    assert answer.status_code == 201, answer.text
    assert [(day["date"], day["added"]) for day in answer.json()["days"]] == [("2026-11-19", 2), (D, 2)]


def test_a_command_with_a_key_is_done_once(desk: Desk) -> None:
    """The same key with the same files is answered and not done again; with other files it is refused."""
    first = _keyed(desk, DEPOSITS)
    again = _keyed(desk, DEPOSITS)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    other = _keyed(desk, DEPOSITS.replace("12.50", "13.50"))
    assert (other.status_code, other.json()["type"]) == (422, "/problems/key-reused")


def _keyed(desk: Desk, text: str) -> httpx.Response:
    return desk.send({"deposits.csv": text}, {"date": D}, Idempotency_Key="once")


@pytest.mark.parametrize(
    ("files", "fields", "status", "said"),
    [
        ({"deposits.csv": DEPOSITS}, {"location": "nowhere"}, 404, "daybook connect --system files"),
        ({"deposits.csv": DEPOSITS}, {"date": "2026-13-01"}, 400, "not a date of the calendar"),
        ({"deposits.csv": DEPOSITS}, {"kind": "deposit slips"}, 404, "no kind of import file"),
        ({"deposits.csv": DEPOSITS}, {"check": "perhaps"}, 422, "'true' or 'false'"),
        ({"deposits.csv": DEPOSITS}, {"colour": "red"}, 422, "'colour' is unknown"),
        ({"tills.csv": "BusinessDate,DrawerNumber,ExpectedAmount,IsClosed\n1/1/2199,1,5.00,1\n"}, {}, 409, "begins at"),
        ({"payments.csv": PAYMENTS}, {}, 422, "do not say which business day"),
        ({"notes.txt": "Hello"}, {}, 422, "cannot be told"),
        ({"a.zip": b"PK\x03\x04nonsense"}, {}, 422, "no zip file"),
        ({"a.zip": b"PK", "deposits.csv": DEPOSITS}, {}, 422, "one zip file"),
        ({"a.csv": DEPOSITS, "b.csv": DEPOSITS}, {"kind": "deposits", "date": D}, 422, "are both deposits"),
    ],
)
def test_what_is_refused(
    desk: Desk, files: dict[str, str | bytes], fields: dict[str, str], status: int, said: str
) -> None:
    """What cannot be meant, or cannot be read, is said in a sentence, and nothing comes of it."""
    answer = desk.send(files, fields)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    assert said in answer.text
    assert load_day(desk.opened.journal, DayId("main", "pier", business_date(D))).generation == 0


def test_a_form_without_files_and_an_upload_that_is_none(desk: Desk) -> None:
    """Files come in a multipart form, at least one."""
    empty = desk.client.send("POST", "/v1/imports", data={"location": "pier"}, files=[("other", ("a.csv", "x"))])
    assert (empty.status_code, "'file'" in empty.json()["detail"]) == (422, True)
    nothing = desk.client.send("POST", "/v1/imports", files=[("location", (None, "pier"))])
    assert (nothing.status_code, "no file" in nothing.json()["detail"]) == (422, True)
    assert desk.client.post("/v1/imports", {"location": "pier"}).status_code == 415
    large = desk.send({"deposits.csv": "x" * 200_000})
    assert (large.status_code, large.json()["type"]) == (413, "/problems/body-too-large")


def test_kinds_and_templates(desk: Desk) -> None:
    """Each of the 18 kinds tells its columns, and has a template that its own checker finds good."""
    kinds = desk.client.get("/v1/imports/kinds").json()["data"]
    assert [kind["kind"] for kind in kinds] == list(KINDS)
    assert len(kinds) == 18
    for kind in KINDS:
        answer = desk.client.get(f"/v1/imports/templates/{kind}")
        assert answer.text == template(KINDS[kind])
        checked = desk.send({f"{kind}.csv": answer.content}, {"check": "true", "date": D})
        assert checked.status_code == 200, checked.text
    assert desk.client.get("/v1/imports/templates/nonsense").status_code == 404


def test_people_stay_sealed(desk: Desk) -> None:
    """Personal data of imported employees never leaves in clear but for the names that are opened for display."""
    answer = desk.send({"employees.csv": template(KINDS["employees"])})
    assert answer.status_code == 200
    assert answer.json()["reference"] == {"added": 1, "changed": 0}
    catch_up(desk.opened.engine, desk.opened.journal)
    (employee,) = desk.client.get("/v1/employees").json()["data"]
    assert (employee["first_name"], employee["last_name"]) == ("Ann", "Example")
    assert employee["personal"]["address"] == employee["personal"]["middle_name"] == "sealed"
    facts = desk.client.get("/v1/facts").text
    assert "Springfield" not in facts
    assert "1 Example Street" not in facts


def test_deposits_come_in_files_beside_a_polled_point_of_sale(fresh: Site) -> None:
    """POS sales with file deposits: with the POS's own switched off, the file's count, and a repoll leaves them."""
    desk = Desk(fresh.opened)
    days = [DayId(fresh.settings.client, "alpha", date) for date in DATES]
    for date in DATES:
        assert fresh.poll(date).status_code == 201
    date = next(day.date for day in days if load_day(fresh.opened.journal, day).records.get("deposit"))
    text = f"DepositDate,Amount,Number\n{date:%m/%d/%Y},12.50,D-1\n"
    fields = {"location": "alpha", "date": date.isoformat()}
    fresh.catch_up()
    taken = desk.send({"deposits.csv": text}, fields)
    assert (taken.status_code, taken.json()["type"]) == (409, "/problems/fed-by-another")
    assert "disable_deposits_import" in taken.json()["detail"]
    sales = desk.send({"sales-detail.csv": SALES}, fields)
    assert (sales.status_code, "beside it files can bring" in sales.json()["detail"]) == (409, True)
    fresh.catch_up()
    configured = desk.client.send(
        "PUT",
        "/v1/connections/tray/configuration",
        json={"options": {"disable_deposits_import": True}, "overrides": {}, "reason": "deposits come from the bank"},
        headers={"If-Match": '"1"'},
    )
    assert configured.status_code in {200, 201}, configured.text
    fresh.poll(date)
    day = DayId(fresh.settings.client, "alpha", date)
    assert summarize(load_day(fresh.opened.journal, day)).over_short_cents is None
    imported = desk.send({"deposits.csv": text}, fields)
    assert imported.status_code == 201, imported.text
    for _ in range(2):
        fresh.poll(date)
        assert summarize(load_day(fresh.opened.journal, day)).total_deposit_cents == 1250
    assert load_day(fresh.opened.journal, day).connection == "tray"
