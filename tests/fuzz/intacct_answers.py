"""The reader of what Sage Intacct's gateway answers, and what its errors are taken to mean."""

import random
from typing import Final

from adapters.erp.sage_intacct.answers import NotAnAnswer, answer_of
from adapters.erp.sage_intacct.envelope import Tree, function, login, request
from adapters.erp.sage_intacct.gateway import failure_of
from adapters.erp.sage_intacct.simulator import SimulatedGateway
from adapters.erp.sage_intacct.verdicts import unknown_to_us, verdict_of
from domain.ports.target import FAILURES
from tests.fuzz.mutations import mutated
from tests.fuzz.parser import Parser
from tests.support.intacct import PASSWORD, SENDER_PASSWORD

XML: Final = (
    b"<", b">", b"/>", b"</", b"&", b"&amp;", b"&#0;", b"&#x41;", b"&#xD800;", b"&lol;", b"<![CDATA[", b"]]>", b"<!--",
    b"-->", b"<?xml version='1.1'?>", b"<!DOCTYPE r>", b"<!DOCTYPE r [<!ENTITY x 'y'>]>", b"<a>" * 30, b"</a>",
    b"<status>failure</status>", b"<status>aborted</status>", b"<result>", b"</result>", b"<data>", b"<errormessage>",
    b"<error><errorno>BL01001973</errorno></error>", b"totalcount='99999999999'", b" xmlns='x'", b"\xc3", b"\x00",
)  # fmt: skip
"""Pieces that XML is made of, and those that attack a parser."""


def _said(*content: Tree) -> bytes:
    gateway = SimulatedGateway()
    functions = [function(f"f{number}", one) for number, one in enumerate(content)]
    who = login("HARBOR", "daybook", PASSWORD, "")
    asked = request("daybook-sender", SENDER_PASSWORD, "r", who, functions, once=False)
    return gateway.answer(asked).body


_QUERY: Final[Tree] = ("query", [("object", "LOCATION"), ("select", [("field", "LOCATIONID"), ("field", "NAME")])])
ANSWERS: Final = (
    _said(("getAPISession", "")),
    _said(_QUERY),
    _said(_QUERY, ("create", [("DEPARTMENT", [("DEPARTMENTID", "D1"), ("TITLE", "x")])])),
    _said(("create", [("GLBATCH", [("JOURNAL", "XX")])])),
    _said(_QUERY, ("dance", "")),
)


def _make(rng: random.Random) -> bytes:
    return mutated(rng, rng.choice(ANSWERS), XML)


def read_answer(body: bytes) -> bool:
    """Read it; whatever it says of its errors, they are failures of a known kind."""
    answer = answer_of(body)
    for troubles in (answer.troubles, *(result.troubles for result in answer.results)):
        assert failure_of(verdict_of(troubles)).failure in FAILURES
        unknown_to_us(troubles)
    return answer.control == "success"


PARSERS: Final = (Parser("intacct", _make, read_answer, (NotAnAnswer,)),)
