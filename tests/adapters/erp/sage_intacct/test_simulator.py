"""The simulated gateway: its own controls, rules that no SDK of the tests reaches, and its command."""

import re
import socket
from collections.abc import Iterator

import httpx
import pytest

from adapters.erp.sage_intacct.envelope import Tree, function, login, request
from adapters.erp.sage_intacct.profile import PATH
from adapters.erp.sage_intacct.simulator import Running, SimulatedGateway, running
from tests.support.intacct import PASSWORD, SENDER_PASSWORD


@pytest.fixture(scope="module")
def served() -> Iterator[Running]:
    """A gateway."""
    with running(SimulatedGateway()) as one:
        yield one


def told(gateway: SimulatedGateway, *content: Tree, once: bool = False, ids: tuple[str, ...] = ("f",)) -> str:
    """What the gateway answers to functions."""
    functions = [function(id_, one) for id_, one in zip(ids * len(content), content, strict=False)]
    who = login("HARBOR", "daybook", PASSWORD, "")
    return gateway.answer(request("daybook-sender", SENDER_PASSWORD, "r", who, functions, once=once)).body.decode()


def batch(*lines: Tree, **fields: str) -> Tree:
    """A function that enters an entry."""
    named = {"JOURNAL": "SJ", "BATCH_DATE": "11/25/2026", **fields}
    return ("create", [("GLBATCH", [*named.items(), ("ENTRIES", lines)])])


def line(account: str, sign: str, amount: str, **fields: str) -> Tree:
    """A line."""
    return ("GLENTRY", [("ACCOUNTNO", account), ("TR_TYPE", sign), ("TRX_AMOUNT", amount), *fields.items()])


GOOD = (line("1000", "1", "5.00", LOCATION="L1"), line("4000", "-1", "5.00", LOCATION="L1"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (batch(*GOOD, JOURNAL="XX"), "Invalid Journal 'XX'"),
        (batch(*GOOD, BATCH_DATE="2026-11-25"), "Invalid date"),
        (batch(GOOD[0]), "at least two lines"),
        (batch(GOOD[0], line("9999", "-1", "5.00")), "'9999' is invalid"),
        (batch(GOOD[0], line("4000", "-1", "4.00")), "not equal"),
        (batch(GOOD[0], line("4000", "2", "5.00")), "TR_TYPE"),
        (batch(line("1000", "1", "-5"), line("4000", "1", "5")), "negative"),
        (batch(line("1000", "1", "5", LOCATION="L9"), line("4000", "-1", "5")), "Invalid Location"),
        (batch(line("1000", "1", "5", DEPARTMENT="D9"), line("4000", "-1", "5")), "Invalid Department"),
        (("create", [("VESSEL", [])]), "Object definition VESSEL not found"),
        (("create", [("LOCATION", [("NAME", "x")])]), "Required field LOCATIONID"),
        (("create", [("LOCATION", [("LOCATIONID", "L1")])]), "already exists"),
        (("create", [("GLACCOUNT", [("ACCOUNTNO", "5000")])]), "NORMALBALANCE is missing"),
        (("update", [("ITEM", [("ITEMID", "none")])]), "Cannot find item"),
        (("query", [("object", "LOCATION")]), "names no field"),
        (("query", [("object", "VESSEL"), ("select", [("field", "X")])]), "VESSEL not found"),
        (
            (
                "query",
                [("object", "LOCATION"), ("select", [("field", "NAME")]), ("filter", [("near", [("field", "X")])])],
            ),
            "cannot be used",
        ),
        (("readByQuery", [("object", "LOCATION"), ("query", "NAME is nice")]), "cannot be read"),
        (("readMore", [("resultId", "none")]), "Invalid result id"),
        (("dance", ""), "error processing the function dance"),
    ],
)
def test_what_it_refuses(served: Running, content: Tree, words: str) -> None:
    """Each rule is a failure of the function, in words, and undoes what came before it in the same transaction."""
    books = served.gateway.books
    before = len(books.rows("GLBATCH"))
    said = told(served.gateway, batch(*GOOD, REFERENCENO="undone"), content, ids=("a", "b"))
    assert words in said.replace("&apos;", "'")
    assert "<status>aborted</status>" in said
    assert "rolled back" in said
    assert len(books.rows("GLBATCH")) == before
    assert books.entries("undone") == []


def test_automatic_reversals(served: Running) -> None:
    """An entry with a reversing date makes another on that date, with the signs turned."""
    assert "success" in told(served.gateway, batch(*GOOD, REVERSEDATE="12/01/2026", BATCH_TITLE="accrual"))
    (first, lines), (second, turned) = served.gateway.books.entries()[-2:]
    assert (second["BATCH_DATE"], second["REVERSEDFROM"]) == ("12/01/2026", first["RECORDNO"])
    assert [line.amount for line in turned] == [-line.amount for line in lines]


def test_entries_can_be_changed_there(served: Running) -> None:
    """An accountant changes an entry by its record number: its lines are replaced as a whole."""
    gateway = served.gateway
    told(gateway, batch(*GOOD, REFERENCENO="by-hand"))
    [(row, _)] = gateway.books.entries("by-hand")
    lines: list[Tree] = [line("1000", "1", "7"), line("4010", "-1", "7")]
    fields: list[Tree] = [("RECORDNO", row["RECORDNO"]), ("BATCH_TITLE", "changed"), ("ENTRIES", lines)]
    assert "success" in told(gateway, ("update", [("GLBATCH", fields)]))
    [(row, changed)] = gateway.books.entries("by-hand")
    assert (row["BATCH_TITLE"], [line.account for line in changed]) == ("changed", ["1000", "4010"])


def test_filters_and_orders(served: Running) -> None:
    """Queries compare, join, sort and page as the SDKs ask for it."""

    def ids(*more: Tree) -> list[str]:
        content: Tree = ("query", [("object", "GLACCOUNT"), ("select", [("field", "ACCOUNTNO")]), *more])
        return re.findall(r"<ACCOUNTNO>(\d+)</ACCOUNTNO>", told(served.gateway, content))

    def test(name: str, *values: str) -> Tree:
        return (name, [("field", "ACCOUNTNO"), *(("value", value) for value in values)])

    order: Tree = ("orderby", [("order", [("field", "ACCOUNTNO"), ("descending", "")])])
    assert ids(("filter", [test("greaterthanorequalto", "6000")]), order) == ["6900", "6000"]
    assert ids(("filter", [("or", [test("equalto", "1000"), test("lessthan", "1001")])])) == ["1000"]
    assert ids(("filter", [("and", [test("like", "40%"), test("notequalto", "4000")])])) == ["4010"]
    assert ids(("filter", [test("in", "1000", "2200")])) == ["1000", "2200"]
    assert ids(("filter", [test("notin", "1000", "1010", "2200", "4000", "4010")])) == ["6000", "6900"]
    assert ids(("filter", [test("between", "1000", "2000")])) == ["1000", "1010"]
    assert ids(("filter", [test("isnull")])) == []
    assert ids(("pagesize", "2"), ("offset", "2")) == ["2200", "4000"]
    lines: Tree = ("query", [("object", "GLENTRY"), ("select", [("field", "TRX_AMOUNT")])])
    assert "<TRX_AMOUNT>" in told(served.gateway, lines) or not served.gateway.books.entries()
    by_query: Tree = ("readByQuery", [("object", "LOCATION"), ("query", "NAME like 'P%' and PARENTID = 'E100'")])
    assert "<LOCATIONID>L1</LOCATIONID>" in told(served.gateway, by_query)
    assert "<ID>LOCATIONID</ID>" in told(served.gateway, ("lookup", [("object", "LOCATION")]))


def test_it_is_told_faults_over_http(served: Running) -> None:
    """Programs in other processes arm faults and read what stands in the books."""
    with httpx.Client(base_url=served.url, trust_env=False) as http:
        assert http.post("/_simulator/faults", json={"fault": "gateway"}).json() == {"armed": "gateway"}
        served.gateway.disarm()
        assert "silent" in http.post("/_simulator/faults", json={"fault": "rain"}).json()["faults"]
        assert http.get("/_simulator").json()["requests"] == len(served.gateway.requests)
        assert http.get("/elsewhere").status_code == 404
        assert "XL03000003" in http.post(PATH, content=b"<request>").text
    with socket.create_connection(("127.0.0.1", int(served.url.rpartition(":")[2]))) as raw:
        raw.sendall(f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n".encode())
        assert b" 413 " in raw.recv(100)
