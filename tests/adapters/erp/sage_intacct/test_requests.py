"""Requests: the envelope, entries and records in Sage Intacct's words, to the letter."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.erp.sage_intacct.entries import MOST_LINES, Books, create_entry, has_lines, reference_number
from adapters.erp.sage_intacct.envelope import control_id, function, login, request, text_of
from adapters.erp.sage_intacct.records import create_record, update_record, wanted
from adapters.erp.sage_intacct.simulator.understanding import understood
from domain.outward import EntryDocument, EntryLine, RecordDocument
from domain.ports.target import Effect, TargetFailure
from tests.support.intacct import LINES, entry, record

JOURNALS = Books({"sales": "SJ", "labor": "PYRJ", "statistical": "STAT"})


def created(effect: Effect, books: Books = JOURNALS) -> str:
    """The function of an entry."""
    assert isinstance(effect.document, EntryDocument)
    return create_entry(effect, effect.document, books)


def test_the_envelope() -> None:
    """Control, operation in one transaction, authentication, functions; texts are escaped."""
    body = request("s&d", "p<w", "r1", login("C", "u", "w", "E1"), [function('f"1', ("query", ""))], once=True)
    assert body.decode() == (
        '<?xml version="1.0" encoding="utf-8"?><request><control><senderid>s&amp;d</senderid>'
        "<password>p&lt;w</password><controlid>r1</controlid><uniqueid>true</uniqueid><dtdversion>3.0</dtdversion>"
        '<includewhitespace>false</includewhitespace></control><operation transaction="true"><authentication><login>'
        "<userid>u</userid><companyid>C</companyid><password>w</password><locationid>E1</locationid></login>"
        "</authentication><content><function controlid='f\"1'><query></query></function></content>"
        "</operation></request>"
    )


def test_an_entry_to_the_letter() -> None:
    """Amounts are absolute with a sign beside them, dates American, the reference number a fingerprint."""
    effect = entry("sales", EntryLine("1000", "payments/Cash & <more>", 12_05), EntryLine("4000", "sales", -12_05))
    assert created(effect, replace(JOURNALS, department="D1")) == (
        '<function controlid="je:pier:2026-11-25:sales:v1"><create><GLBATCH><JOURNAL>SJ</JOURNAL>'
        "<BATCH_DATE>11/25/2026</BATCH_DATE><BATCH_TITLE>Pier 2026-11-25 sales</BATCH_TITLE>"
        "<HISTORY_COMMENT>je:pier:2026-11-25:sales:v1</HISTORY_COMMENT>"
        f"<REFERENCENO>{reference_number(effect.reference)}</REFERENCENO><ENTRIES>"
        "<GLENTRY><ACCOUNTNO>1000</ACCOUNTNO><TR_TYPE>1</TR_TYPE><TRX_AMOUNT>12.05</TRX_AMOUNT><LOCATION>L1</LOCATION>"
        "<DEPARTMENT>D1</DEPARTMENT><DESCRIPTION>payments/Cash &amp; &lt;more&gt;</DESCRIPTION></GLENTRY>"
        "<GLENTRY><ACCOUNTNO>4000</ACCOUNTNO><TR_TYPE>-1</TR_TYPE><TRX_AMOUNT>12.05</TRX_AMOUNT>"
        "<LOCATION>L1</LOCATION><DEPARTMENT>D1</DEPARTMENT><DESCRIPTION>sales</DESCRIPTION></GLENTRY>"
        "</ENTRIES></GLBATCH></create></function>"
    )


def test_a_reversal_turns_the_signs() -> None:
    """It is an entry of its own, on the date on which it is entered, and says what it takes back."""
    made = created(replace(entry("labor"), step="reverse", date="2026-12-01", reference="x:r", related="x"))
    assert "<BATCH_DATE>12/01/2026</BATCH_DATE><BATCH_TITLE>Reversal of Pier" in made
    assert "<HISTORY_COMMENT>x:r reverses x</HISTORY_COMMENT><REFERENCENO>x:r</REFERENCENO>" in made
    assert "<ACCOUNTNO>6000</ACCOUNTNO><TR_TYPE>-1</TR_TYPE><TRX_AMOUNT>80.00</TRX_AMOUNT>" in made


def test_statistics_are_quantities() -> None:
    """They go to the statistical journal, and need not balance."""
    made = created(entry("statistical", EntryLine("9010", "hours", quantity=Decimal("-7.25"))))
    assert "<JOURNAL>STAT</JOURNAL>" in made
    assert "<TR_TYPE>-1</TR_TYPE><TRX_AMOUNT>7.25</TRX_AMOUNT>" in made


def changed(**fields: Any) -> Effect:
    """The sales entry with other fields of its document."""
    return replace(entry(), document=msgspec.structs.replace(entry().document, **fields))


ONE = (EntryLine("1000", "a"), EntryLine("4000", "b"))
NOT_SENT: list[tuple[Effect, str]] = [
    (replace(entry(), place={}), "unmapped"),
    (changed(lines=(EntryLine("", "sales/Food", 5), EntryLine("1", "b", -5))), "unmapped"),
    (changed(lines=()), "rejected"),
    (changed(lines=ONE), "rejected"),
    (changed(lines=(EntryLine("1000", "a", 5),)), "rejected"),
    (changed(lines=(EntryLine("1000", "a", quantity=Decimal(1)),)), "rejected"),
    (changed(date="2026-13-01"), "rejected"),
    (replace(entry(), date="tomorrow"), "rejected"),
    (changed(lines=LINES["labor"] * (MOST_LINES // 2 + 1)), "too-large"),
]


@pytest.mark.parametrize(("effect", "failure"), NOT_SENT)
def test_entries_that_cannot_be_right(effect: Effect, failure: str) -> None:
    """They are refused in a sentence before anything is sent."""
    with pytest.raises(TargetFailure) as failed:
        created(effect)
    assert failed.value.failure == failure
    assert not failed.value.retryable


def test_lines_without_an_account_are_named() -> None:
    """At most three of them, so that somebody can set their accounts."""
    lines = tuple(EntryLine("", f"sales/{name}", 0) for name in "ABCDE")
    with pytest.raises(TargetFailure, match="«sales/A», «sales/B», «sales/C» and 2 more"):
        created(changed(lines=lines))


@given(st.text(max_size=400))
def test_references_become_ids(reference: str) -> None:
    """Within their bounds, the same every time; those that fit are left as they are."""
    assert len(control_id(reference)) <= 256
    assert len(reference_number(reference)) <= 20
    assert control_id(reference) == control_id(reference)
    if len(reference) <= 20:
        assert reference_number(reference) == control_id(reference) == reference


def test_reference_numbers_differ() -> None:
    """Versions, reversals and locations have numbers of their own."""
    names = [f"je:{place}:2026-11-25:sales:v{n}{end}" for place in "ab" for n in range(50) for end in ("", ":r", ":d")]
    assert len({reference_number(name) for name in names}) == len(names)


@given(st.text(max_size=50))
def test_any_text_can_be_sent(text: str) -> None:
    """Whatever stands in a text, it is XML, and comes back but for what XML cannot have."""
    body = request("s", "p", "r", "", [function("f", ("create", [("GLBATCH", [("BATCH_TITLE", text)])]))], once=False)
    asked = understood(body)
    back = asked.functions[0].body.findtext("GLBATCH/BATCH_TITLE") or ""
    assert back.split() == text_of(text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").split()


def test_records_to_the_letter() -> None:
    """Created with what is known, changed with all of it, put out of use by their status."""
    job = record("job", "J1", "Server")
    assert isinstance(job.document, RecordDocument)
    want = wanted(job, job.document)
    [made] = create_record(job, want, has_contact=False)
    assert made == (
        '<function controlid="job:J1:v1"><create><DEPARTMENT><DEPARTMENTID>J1</DEPARTMENTID><TITLE>Server</TITLE>'
        "<STATUS>active</STATUS></DEPARTMENT></create></function>"
    )
    off = record("item", "I1", "", active=False, version=2, step="update")
    assert isinstance(off.document, RecordDocument)
    [done] = update_record(off, wanted(off, off.document), {})
    assert done == (
        '<function controlid="item:I1:v2"><update><ITEM><ITEMID>I1</ITEMID><STATUS>inactive</STATUS></ITEM></update>'
        "</function>"
    )


def test_people_go_to_their_contact() -> None:
    """Names, mail and phone, and nothing else of a person; the contact's own name says nothing of them."""
    opened = {"first_name": " Anna  B ", "last_name": "Canary", "email": "", "ssn": "900-11-0001", "address": "1 St"}
    anna = record("employee", "S7", opened=opened, hire_date="2020-02-01")
    assert isinstance(anna.document, RecordDocument)
    want = wanted(anna, anna.document)
    contact, employee = create_record(anna, want, has_contact=False)
    assert contact == (
        '<function controlid="employee:S7:v1:contact"><create><CONTACT><CONTACTNAME>Employee S7</CONTACTNAME>'
        "<PRINTAS>Anna B Canary</PRINTAS><FIRSTNAME>Anna B</FIRSTNAME><LASTNAME>Canary</LASTNAME></CONTACT></create>"
        "</function>"
    )
    assert employee == (
        '<function controlid="employee:S7:v1"><create><EMPLOYEE><EMPLOYEEID>S7</EMPLOYEEID>'
        "<PERSONALINFO><CONTACTNAME>Employee S7</CONTACTNAME></PERSONALINFO><STARTDATE>02/01/2020</STARTDATE>"
        "<STATUS>active</STATUS></EMPLOYEE></create></function>"
    )
    assert "900-11" not in contact + employee
    assert "Anna" not in repr(want) + repr(anna)
    nobody = record("employee", "S8")
    assert isinstance(nobody.document, RecordDocument)
    assert (
        "<PRINTAS>Employee S8</PRINTAS>" in create_record(nobody, wanted(nobody, nobody.document), has_contact=False)[0]
    )
    assert create_record(anna, want, has_contact=True)[0].count("<update><CONTACT>") == 1


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("2020-02-01", "02/01/2020"),
        ("2020-02-01T00:00:00Z", "02/01/2020"),
        ("02/01/2020 00:00:00", "02/01/2020"),
        ("", ""),
        ("in spring", None),
    ],
)
def test_dates_of_people(text: str, sent: str | None) -> None:
    """As the source states them, in Sage Intacct's way; what cannot be a date is left out."""
    effect = record("employee", "S1", hire_date=text)
    assert isinstance(effect.document, RecordDocument)
    assert wanted(effect, effect.document).fields.get("STARTDATE") == sent


@pytest.mark.parametrize(
    ("rows", "same"),
    [
        (
            [
                {"ACCOUNTNO": "6000", "TR_TYPE": "1", "TRX_AMOUNT": "80"},
                {"ACCOUNTNO": "1000", "TR_TYPE": "-1", "TRX_AMOUNT": "80.000"},
            ],
            True,
        ),
        ([{"ACCOUNTNO": "6000", "TR_TYPE": "1", "TRX_AMOUNT": "80"}], False),
        ([{"ACCOUNTNO": "6000", "TR_TYPE": "?", "TRX_AMOUNT": "80"}], True),
        ([{"ACCOUNTNO": "6000"}], True),
        ([], True),
    ],
)
def test_lines_are_compared_as_far_as_they_can_be_read(rows: list[dict[str, str]], same: bool) -> None:
    """What cannot be read is no reason to say that somebody changed an entry."""
    assert has_lines(entry("labor"), rows) is same
