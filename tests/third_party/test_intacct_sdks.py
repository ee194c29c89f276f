"""The simulated Sage Intacct answers code that nobody here wrote: the vendor's SDK of npm, and the one of PyPI."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest
import requests
from sageintacctsdk import SageIntacctSDK
from sageintacctsdk.exceptions import InvalidTokenError, WrongParamsError

from adapters.erp.sage_intacct import SYSTEM
from adapters.erp.sage_intacct.simulator import Line, Running, SimulatedGateway, running
from adapters.forms import fill
from tests.support.intacct import PASSWORD, SENDER_PASSWORD, entry, filled_in
from tests.support.reach import limits_here
from tests.support.soon import soon

FOLDER: Final = Path(__file__).parent / "intacct_js"
HARD_WIRED: Final = "https://api.intacct.com"


@pytest.fixture(scope="module")
def js() -> Iterator[tuple[Running, dict[str, list[dict[str, Any]]]]]:
    """What the SDK of npm said at each step, and the gateway afterwards."""
    node = shutil.which("node")
    if node is None or not (FOLDER / "node_modules" / "@intacct").is_dir():
        pytest.skip("there is no Node.js, or its packages are not installed: `make test` installs them")
    with running(SimulatedGateway()) as served:
        told = subprocess.run(
            [node, str(FOLDER / "drive.cjs"), served.gateway.endpoint],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert told.returncode == 0, told.stderr
        steps: dict[str, list[dict[str, Any]]] = {}
        for line in told.stdout.splitlines():
            one = json.loads(line)
            steps.setdefault(one.pop("step"), []).append(one)
        yield served, steps


def test_the_vendors_sdk_signs_in(js: tuple[Running, dict[str, list[dict[str, Any]]]]) -> None:
    """It has a session with the endpoint, and understands who is refused at which level."""
    served, steps = js
    assert steps["session"] == [{"company": "HARBOR", "user": "daybook", "endpoint": served.gateway.endpoint}]
    assert steps["wrong password"][0]["message"].startswith("Response authentication status failure - XL03000006")
    assert steps["wrong sender"][0]["message"].startswith("Response control status failure - XL03000006")


def test_the_vendors_sdk_enters_journal_entries(js: tuple[Running, dict[str, list[dict[str, Any]]]]) -> None:
    """Financial and statistical ones; one control id is executed once; what does not balance is refused."""
    served, steps = js
    books = served.gateway.books
    assert [step["status"] for step in steps["entry"]] == ["success"]
    assert "je:js:1" in steps["entry again"][0]["message"]
    assert "are not equal" in steps["unbalanced"][0]["errors"][0]
    assert books.entries("js-2") == []
    [(row, lines)] = books.entries("js-3")
    assert (row["JOURNAL"], row["BATCH_DATE"], row["BATCH_TITLE"]) == ("STAT", "11/25/2026", "By the SDK")
    assert lines == (
        Line("9000", Decimal(42), "L1", "", "by the SDK"),
        Line("9010", Decimal("-7.25"), "L1", "", "by the SDK"),
    )
    assert {"je:js:1", "je:js:3"} <= books.executed.keys()
    assert "je:js:2" not in books.executed


def test_the_vendors_sdk_keeps_master_data(js: tuple[Running, dict[str, list[dict[str, Any]]]]) -> None:
    """Each kind is created; an employee needs a contact; several functions are one transaction, or each for itself."""
    served, steps = js
    books = served.gateway.books
    assert "Invalid Contact" in steps["employee without contact"][0]["errors"][0]
    assert [step["status"] for step in steps["both"]] == ["success"] * 2
    assert [step["status"] for step in steps["masters"]] == ["success"] * 4
    employee = next(row for row in books.rows("EMPLOYEE") if row["EMPLOYEEID"] == "S1")
    assert employee["PERSONALINFO.FIRSTNAME"] == "Anna"
    department = books.known("DEPARTMENT", "J1")
    assert department is not None
    assert (department["TITLE"], department["STATUS"]) == ("Server", "inactive")


def test_the_vendors_sdk_reads(js: tuple[Running, dict[str, list[dict[str, Any]]]]) -> None:
    """By query, by condition and page after page, by key with the lines; what is deleted is gone."""
    _, steps = js
    assert [row["BATCH_TITLE"] for row in steps["query"][0]["data"]] == ["By the SDK"]
    first, more = steps["by query"][0], steps["more"][0]
    assert (first["totalCount"], first["numRemaining"], more["totalCount"]) == (5, 3, 5)
    assert [row["LOCATIONID"] for row in (*first["data"], *more["data"])] == ["E100", "E200", "L1", "L2"]
    assert more["numRemaining"] == 1
    [read] = steps["read"][0]["data"]
    assert [line["TRX_AMOUNT"] for line in read["ENTRIES"]["glentry"]] == ["120.55", "120.55"]
    assert "Cannot find" in steps["delete what is not there"][0]["message"]
    assert steps["delete"][0]["status"] == "success"


# What the SDK of npm sends, written down by its shape, for machines without Node.js.
RECORDED: Final = """<?xml version="1.0" encoding="utf-8"?><request><control><senderid>daybook-sender</senderid>\
<password>sender-pass-word</password><controlid>1795597200000</controlid><uniqueid>true</uniqueid>\
<dtdversion>3.0</dtdversion><includewhitespace>false</includewhitespace></control><operation transaction="false">\
<authentication>{who}</authentication><content><function controlid="{id}">{what}</function></content>\
</operation></request>"""
LOGIN: Final = "<login><userid>daybook</userid><companyid>HARBOR</companyid><password>user-pass-word</password></login>"
ENTRY: Final = """<create><GLBATCH><JOURNAL>SJ</JOURNAL><BATCH_DATE>11/25/2026</BATCH_DATE><BATCH_TITLE>t</BATCH_TITLE>\
<REFERENCENO>rec-1</REFERENCENO><ENTRIES><GLENTRY><ACCOUNTNO>1000</ACCOUNTNO><TR_TYPE>1</TR_TYPE>\
<TRX_AMOUNT>120.55</TRX_AMOUNT><LOCATION>L1</LOCATION><DESCRIPTION>m</DESCRIPTION></GLENTRY><GLENTRY>\
<ACCOUNTNO>4000</ACCOUNTNO><TR_TYPE>-1</TR_TYPE><TRX_AMOUNT>120.55</TRX_AMOUNT><LOCATION>L1</LOCATION>\
<DESCRIPTION>m</DESCRIPTION></GLENTRY></ENTRIES></GLBATCH></create>"""


def test_recorded_requests_of_the_vendors_sdk() -> None:
    """They are understood: signing in answers a session, and with it an entry is entered once."""
    gateway = SimulatedGateway()
    signed = gateway.answer(RECORDED.format(who=LOGIN, id="a", what="<getAPISession />").encode()).body.decode()
    found = re.search(r"<sessionid>([^<]+)</sessionid>", signed)
    assert found is not None
    asked = RECORDED.format(who=f"<sessionid>{found[1]}</sessionid>", id="je:1", what=ENTRY).encode()
    for status in ("success", "failure"):
        assert f"<status>{status}</status><function>create</function>" in gateway.answer(asked).body.decode()
    assert len(gateway.books.entries("rec-1")) == 1


def test_our_entries_have_the_elements_of_the_vendors() -> None:
    """Ours have the same elements in the same order, besides the one with our whole reference."""
    gateway, seen = SimulatedGateway(), []
    real = gateway.answer
    gateway.answer = lambda body: seen.append(body) or real(body)  # type: ignore[method-assign, func-returns-value]
    with running(gateway) as served:
        target = SYSTEM.target(fill(SYSTEM.profile.form, filled_in(served.url)), limits_here())
        target.write(entry(), soon())
        target.close()
    names = re.findall(r"<([A-Z_]+)>", seen[-1].decode())
    theirs = re.findall(r"<([A-Z_]+)>", ENTRY)
    assert list(dict.fromkeys(name for name in names if name != "HISTORY_COMMENT")) == list(dict.fromkeys(theirs))


@pytest.fixture(scope="module")
def served() -> Iterator[Running]:
    """A gateway for the SDK of PyPI."""
    with running(SimulatedGateway()) as one:
        yield one


@pytest.fixture
def here(served: Running, monkeypatch: pytest.MonkeyPatch) -> Running:
    """The host that the SDK of PyPI has built in is this gateway."""
    real = requests.post
    monkeypatch.setattr(requests, "post", lambda url, **more: real(url.replace(HARD_WIRED, served.url), **more))
    return served


def python_sdk(**more: Any) -> Any:
    """The SDK of PyPI, signed in."""
    return SageIntacctSDK(
        **{
            "sender_id": "daybook-sender",
            "sender_password": SENDER_PASSWORD,
            "user_id": "daybook",
            "company_id": "HARBOR",
            "user_password": PASSWORD,
            **more,
        }
    )


def test_the_sdk_of_pypi_signs_in(here: Running) -> None:
    """At the top level or at an entity; whoever is refused is told in the way that it knows."""
    assert [row["LOCATIONID"] for row in python_sdk().locations.get_all(fields=["LOCATIONID", "NAME"])] == [
        "E100",
        "E200",
        "L1",
        "L2",
    ]
    at_east = python_sdk(entity_id="E100").locations.get_all(fields=["LOCATIONID"])
    assert [row["LOCATIONID"] for row in at_east] == ["E100", "L1"]
    for wrong, error in (
        ({"user_password": "not-it"}, InvalidTokenError),
        ({"sender_password": "not-it"}, WrongParamsError),
    ):
        with pytest.raises(error):
            python_sdk(**wrong)


def test_the_sdk_of_pypi_enters_and_reads(here: Running) -> None:
    """Entries and master data, by query and by condition; refusals come with number and text."""
    sdk = python_sdk()
    lines = [
        {"ACCOUNTNO": "1000", "TR_TYPE": "1", "TRX_AMOUNT": "3.00", "LOCATION": "L1"},
        {"ACCOUNTNO": "4000", "TR_TYPE": "-1", "TRX_AMOUNT": "3.00", "LOCATION": "L1"},
    ]
    batch = {
        "JOURNAL": "SJ",
        "BATCH_DATE": "11/25/2026",
        "BATCH_TITLE": "By the SDK",
        "REFERENCENO": "py-1",
        "ENTRIES": {"GLENTRY": lines},
    }
    made = sdk.journal_entries.post(batch)
    number = made["data"]["glbatch"]["RECORDNO"]
    by_query = sdk.journal_entries.get_by_query(
        ["RECORDNO", "BATCH_TITLE"], and_filter=[("equalto", "REFERENCENO", "py-1")]
    )
    assert by_query == [{"RECORDNO": number, "BATCH_TITLE": "By the SDK"}]
    assert sdk.journal_entries.get("REFERENCENO", "py-1", ["RECORDNO"])["glbatch"]["RECORDNO"] == number
    with pytest.raises(WrongParamsError) as refused:
        sdk.journal_entries.post({**batch, "ENTRIES": {"GLENTRY": [lines[0], lines[0]]}})
    assert refused.value.response["error"][0]["errorno"] == "BL03000066"
    sdk.departments.post({"DEPARTMENTID": "J9", "TITLE": "Host"})
    sdk.departments.update({"DEPARTMENTID": "J9", "STATUS": "inactive"})
    [department] = sdk.departments.get_all(field="DEPARTMENTID", value="J9", fields=["TITLE", "STATUS"])
    assert department == {"TITLE": "Host", "STATUS": "inactive"}
    assert sdk.accounts.count() == len(here.gateway.books.settings.accounts)
    sdk.journal_entries.delete(number)
    assert here.gateway.books.entries("py-1") == []
