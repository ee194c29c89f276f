"""Answers are read strictly and within bounds; what attacks a parser is refused, and shows nothing of itself."""

import pytest

from adapters.erp.sage_intacct.answers import DEEPEST, MOST_ELEMENTS, NotAnAnswer, Trouble, answer_of
from adapters.erp.sage_intacct.simulator.faults import FAULTS, Reply

HEAD = "<response><control><status>success</status><controlid>r1</controlid></control>"
WHO = "<authentication><status>success</status><companyid>HARBOR</companyid></authentication>"
LAUGHS = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))


def test_a_whole_answer() -> None:
    """Status at three levels, rows with their nested fields by dotted names, counts, errors."""
    body = (
        f'<?xml version="1.0" encoding="UTF-8"?>{HEAD}<operation>{WHO}<result><status>success</status>'
        '<controlid>f1</controlid><data listtype="EMPLOYEE" totalcount="12" numremaining="11"><EMPLOYEE>'
        "<RECORDNO> 7 </RECORDNO><PERSONALINFO><FIRSTNAME>Anna &amp; Bo</FIRSTNAME></PERSONALINFO>"
        "<PERSONALINFO.EMAIL1>x</PERSONALINFO.EMAIL1></EMPLOYEE></data></result><result><status>failure</status>"
        "<controlid>f2</controlid><errormessage><error><errorno>BL01001973</errorno><description>d</description>"
        "<description2>d2</description2><correction>c</correction></error><error><errorno>X</errorno>"
        "<description>only</description></error></errormessage></result></operation></response>"
    )
    answer = answer_of(body.encode())
    assert (answer.control, answer.request_id, answer.authentication, answer.company) == (
        "success",
        "r1",
        "success",
        "HARBOR",
    )
    good, bad = answer.results
    assert good.rows == ({"RECORDNO": "7", "PERSONALINFO.FIRSTNAME": "Anna & Bo", "PERSONALINFO.EMAIL1": "x"},)
    assert (good.total, good.remaining) == (12, 11)
    assert bad.troubles == (Trouble("BL01001973", "d2", "c"), Trouble("X", "only", ""))
    assert "Anna" not in repr(answer)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"\x00\xff\xfe",
        b"<html><body>Just a moment</body></html>",
        b"<response></response>",
        b"<response><control>",
        b"<response><control/></response><response/>",
        f'<!DOCTYPE r [<!ENTITY e0 "x">{LAUGHS}]>{HEAD}&e9;</response>'.encode(),
        f'<!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/hostname">]>{HEAD}&f;</response>'.encode(),
        f'<!DOCTYPE r SYSTEM "http://127.0.0.1/x.dtd">{HEAD}</response>'.encode(),
        f'<!DOCTYPE r [<!ENTITY % p SYSTEM "http://127.0.0.1/x">%p;]>{HEAD}</response>'.encode(),
        f"<!DOCTYPE response>{HEAD}</response>".encode(),
        f"{HEAD}&undefined;</response>".encode(),
        (HEAD + "<a>" * DEEPEST + "</a>" * DEEPEST + "</response>").encode(),
        (HEAD + "<a>" * 200_000).encode(),
        (HEAD + "<a/>" * MOST_ELEMENTS + "</response>").encode(),
        f'<?xml version="1.0" encoding="utf-7"?>{HEAD}</response>'.encode(),
        f'<?xml version="1.0" encoding="made-up"?>{HEAD}</response>'.encode(),
        *(FAULTS[name].reply(Reply(body=b"<response/>")).body for name in ("bomb", "external", "deep", "html")),
    ],
)
def test_what_is_no_answer(body: bytes) -> None:
    """Document types, entities, depth, size and what is not XML are refused, and the reason shows nothing of it."""
    with pytest.raises(NotAnAnswer) as refused:
        answer_of(body)
    assert "hostname" not in str(refused.value)
    assert "127.0.0.1" not in str(refused.value)


def test_numbers_that_are_none() -> None:
    """Counts that cannot be read are what was counted."""
    rows = "<GLBATCH><RECORDNO>1</RECORDNO></GLBATCH>"
    body = (
        f'{HEAD}<operation>{WHO}<result><data totalcount="9{"9" * 20}" numremaining="-1">{rows}</data></result>'
        "</operation></response>"
    )
    [result] = answer_of(body.encode()).results
    assert (result.total, result.remaining, result.status) == (1, 0, "")
