"""What an error of the gateway means: its number and its text decide together."""

import pytest

from adapters.erp.sage_intacct.answers import Trouble
from adapters.erp.sage_intacct.gateway import failure_of
from adapters.erp.sage_intacct.verdicts import unknown_to_us, verdict_of

GENERIC = "BL01001973"
UNDONE = ("XL03000009", "The entire transaction in this operation has been rolled back due to an error.")
SUPPORT = " [Support ID: c0ffee%7EY2Ej6Wm]"

TABLE: list[tuple[list[tuple[str, str]], str]] = [
    # Nothing that says anything: it could not, undid it, and may be asked again.
    ([], "unavailable"),
    ([(GENERIC, "")], "unavailable"),
    ([(GENERIC, "Could not create GLBatch record!")], "unavailable"),
    ([(GENERIC, "Could not create Document record!"), UNDONE], "unavailable"),
    ([(GENERIC, "Could not create GLBatch record!" + SUPPORT), UNDONE], "unavailable"),
    # What says something counts, wherever it stands.
    ([(GENERIC, "Could not create GLBatch record!"), ("", "The account number '9' is invalid")], "rejected"),
    ([UNDONE, (GENERIC, "Invalid Location 'L9' specified.")], "rejected"),
    # The gateway.
    ([("GW-0010", "Too Many Requests")], "rate-limited"),
    ([("", "API rate limit exceeded")], "rate-limited"),
    ([("GW-0011", "Invalid Request")], "rejected"),
    ([(GENERIC, "The Service is Temporarily Off-line")], "unavailable"),
    ([("XL03000003", "XML Parse schema error: Fatal Error 76")], "rejected"),
    # One number, four meanings.
    ([("XL03000006", "Incorrect Intacct XML Partner ID or password.")], "not-authorized"),
    ([("XL03000006", "The sender ID 'x' is not authorized to make Web Services requests")], "not-authorized"),
    ([("XL03000006", "Sign-in information is incorrect")], "not-authorized"),
    ([("XL03000006", "Your session has timed out")], "session-over"),
    ([(GENERIC, "Invalid session.")], "session-over"),
    ([("invalidRequest", "Invalid Request")], "not-authorized"),
    ([(GENERIC, "You do not have permission for API operation CREATE on objects of type GLBATCH")], "not-authorized"),
    # Executed before, in one wording or another.
    ([("XL03000011", "The function control ID 'je:1' has already been processed")], "duplicate"),
    ([("", "Duplicate control ID je:1")], "duplicate"),
    ([("", "controlid is not unique: je:1")], "duplicate"),
    ([(GENERIC, "Transaction je:1 already posted")], "duplicate"),
    ([("BL34000061", "Another Class with the given value(s) UT01  already exists")], "duplicate"),
    # Closed periods.
    ([("BL03000018", "The date 11/25/2026 is in a period that has been closed")], "closed-period"),
    ([(GENERIC, "Books are closed for this date")], "closed-period"),
    ([(GENERIC, "The posting date is not in an open period")], "closed-period"),
    # What is not there, and what does not fit.
    ([(GENERIC, "Cannot find customer with key '7' to update.")], "not-there"),
    ([(GENERIC, "The record does not exist")], "not-there"),
    ([("BL03000066", "The debits and the credits of the transaction are not equal")], "rejected"),
    ([(GENERIC, "Account 9999 does not exist")], "rejected"),
    ([(GENERIC, "Invalid Department 'D9' specified.")], "rejected"),
    ([(GENERIC, "The moon is in the wrong house")], "unclear"),
    ([("XX00000001", "")], "unclear"),
]


@pytest.mark.parametrize(("troubles", "kind"), TABLE)
def test_what_errors_mean(troubles: list[tuple[str, str]], kind: str) -> None:
    """Generic numbers say nothing by themselves; the first error that says something of its own counts."""
    verdict = verdict_of(Trouble(number, text) for number, text in troubles)
    assert verdict.kind == kind
    assert verdict.sentence.endswith(".")
    assert all(text not in verdict.sentence for _, text in troubles if text)


def test_what_failures_come_of_verdicts() -> None:
    """Those that are no kinds of failures become one where nothing else is known."""
    for text, failure in (("already exists", "rejected"), ("?", "rejected"), ("Invalid session", "not-authorized")):
        assert failure_of(verdict_of([Trouble("", text)])).failure == failure


def test_gateway_errors_that_nobody_documents() -> None:
    """Of those nobody knows whether anything was done behind the gateway."""
    assert unknown_to_us([Trouble("GW-0099", "?")])
    assert not unknown_to_us([Trouble("GW-0010", "?"), Trouble("BL01001973", "?")])
