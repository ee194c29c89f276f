"""The books of one organization: its chart, its open periods, what was posted, and its customers."""

import datetime as dt
import hashlib
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

MOST_LINES = 1_000
LONGEST_COMMENT = 75
DEFAULT_LIMIT = 50
HIGHEST_LIMIT = 100
_CUSTOMER = ("id", "name", "isCompany", "organizationNumber", "person", "email", "phone")
ACCOUNTS = {
    1500: "Accounts receivable",
    1900: "Cash",
    1920: "Bank",
    2700: "Tax payable",
    2930: "Accrued payroll",
    3000: "Food",
    3010: "Beverage",
    5000: "Wages",
    7770: "Over and short",
}


class Refused(Exception):
    """The API answers with an error status."""

    def __init__(self, status: int, name: str, message: str, **payload: Any) -> None:
        super().__init__(message)
        self.status = status
        self.name = name
        self.payload = payload

    def body(self) -> dict[str, Any]:
        """The error as the API tells it."""
        return {"error": {"name": self.name, "message": str(self), "payload": self.payload}, "trackingId": "0"}


@dataclass(frozen=True, slots=True)
class Organization:
    """An organization that connected the application.

    Attributes:
        id: of it.
        name: what it is called.
    """

    id: int
    name: str


@dataclass(slots=True)
class Books:
    """The books of an organization.

    Attributes:
        organization: whose.
        accounts: the chart: names by number.
        types: numbers of transaction types.
        taxes: numbers of tax codes.
        closed_until: the last date that nothing can be posted on any more.
        transactions: what was posted, in order: each with its lines as they are read.
        customers: by number.
    """

    organization: Organization
    accounts: dict[int, str] = field(default_factory=lambda: dict(ACCOUNTS))
    types: frozenset[int] = frozenset({1, 2})
    taxes: frozenset[int] = frozenset({0, 3})
    closed_until: dt.date | None = None
    transactions: list[dict[str, Any]] = field(default_factory=list)
    customers: dict[int, dict[str, Any]] = field(default_factory=dict)

    def post(self, body: Any, at: float = 0.0) -> dict[str, Any]:
        """Post a transaction, at a second of the vendor's clock.

        Raises:
            Refused: 400 where it is not one, or its period is closed.
        """
        transaction = self._understood(body)
        number = len(self.transactions) + 1
        digest = hashlib.sha256(f"{self.organization.id}/{number}".encode()).hexdigest()
        id_ = f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-8{digest[17:20]}-{digest[20:32]}"
        self.transactions.append({"id": id_, "number": number, "posted": at, **transaction})
        return {"transactionId": id_}

    def lines(
        self, begins: dt.date, ends: dt.date, hidden: int = 0, until: float = float("inf")
    ) -> list[dict[str, Any]]:
        """The lines of transactions from a date up to another.

        Args:
            begins: the first date.
            ends: the one after the last.
            hidden: so many of the last transactions are left out.
            until: and what was posted after this second.
        """
        shown = self.transactions[: len(self.transactions) - hidden] if hidden else self.transactions
        return [
            {
                "id": f"{posted['id']}-{index}",
                "transaction": {"id": posted["id"], "number": posted["number"]},
                "account": {"number": line["accountNumber"], "name": self.accounts[line["accountNumber"]]},
                "transactionType": {"id": posted["transactionTypeNumber"]},
                "amount": line["amount"],
                "date": line["date"].isoformat(),
                "comment": line["comment"],
            }
            for posted in shown
            if posted["posted"] <= until
            for index, line in enumerate(posted["lines"])
            if begins <= line["date"] < ends
        ]

    def standing(self, mark: str) -> int:
        """How many transactions have this mark in their comment."""
        return sum(_holds(posted["comment"], mark) for posted in self.transactions)

    def add_customer(self, body: Any) -> dict[str, Any]:
        """Create a customer.

        Raises:
            Refused: 400 where it is not one, 409 for a number that is taken.
        """
        fields = _customer(body)
        named = "name" if fields.get("isCompany") else "person"
        if not fields.get(named) or not isinstance(fields.get("isCompany"), bool):
            raise Refused(400, "ValidationError", "A company has a name, and a person a first and last name.")
        number = fields.get("id") or max(self.customers, default=1_000) + 1
        if number in self.customers:
            raise Refused(409, "ConflictError", "There is a customer of this id.")
        self.customers[number] = {**fields, "id": number}
        return self.customers[number]

    def change_customer(self, number: int, body: Any) -> dict[str, Any]:
        """Change a customer.

        Raises:
            Refused: 400 where it is not one, 404 for an unknown number.
        """
        self.customers[number] = {**self.customer(number), **_customer(body), "id": number}
        return self.customers[number]

    def customer(self, number: int) -> dict[str, Any]:
        """A customer.

        Raises:
            Refused: 404 for an unknown number.
        """
        if number not in self.customers:
            raise Refused(404, "NotFoundError", "There is no such customer.")
        return self.customers[number]

    def _understood(self, body: Any) -> dict[str, Any]:
        if not isinstance(body, dict) or not isinstance(body.get("lines"), list):
            raise Refused(400, "ValidationError", "A transaction has lines.")
        if body.get("transactionTypeNumber") not in self.types:
            raise Refused(400, "ValidationError", "There is no transaction type of this number.")
        date, comment = self._open(body.get("date")), _comment(body.get("comment", ""))
        if not 0 < len(body["lines"]) <= MOST_LINES:
            raise Refused(400, "ValidationError", f"A transaction has 1 to {MOST_LINES} lines.")
        lines = [self._line(line, date, comment) for line in body["lines"]]
        balance: dict[dt.date, Decimal] = defaultdict(Decimal)
        for line in lines:
            balance[line["date"]] += line["amount"]
        if any(balance.values()):
            raise Refused(400, "ValidationError", "The lines do not balance.")
        number = body["transactionTypeNumber"]
        return {"transactionTypeNumber": number, "date": date, "comment": comment, "lines": lines}

    def _line(self, line: Any, date: dt.date, comment: str) -> dict[str, Any]:
        if not isinstance(line, dict) or not isinstance(line.get("amount"), int | Decimal):
            raise Refused(400, "ValidationError", "A line has an amount.")
        if line.get("accountNumber") not in self.accounts:
            raise Refused(400, "ValidationError", f"There is no account {line.get('accountNumber')}.")
        if not isinstance(line.get("tax"), dict) or line["tax"].get("number") not in self.taxes:
            raise Refused(400, "ValidationError", "There is no tax code of this number.")
        amount = Decimal(line["amount"])
        if amount != amount.quantize(Decimal("0.01")):
            raise Refused(400, "ValidationError", "An amount has two decimals.")
        own = self._open(line["date"]) if "date" in line else date
        return {
            "accountNumber": line["accountNumber"],
            "amount": amount,
            "date": own,
            "comment": _comment(line["comment"]) if "comment" in line else comment,
        }

    def _open(self, text: Any) -> dt.date:
        try:
            date = dt.date.fromisoformat(text)
        except (TypeError, ValueError):
            raise Refused(400, "ValidationError", "A date is written YYYY-MM-DD.") from None
        if self.closed_until is not None and date <= self.closed_until:
            raise Refused(400, "PeriodError", f"There is no financial period open for {date}.", type="PeriodClosed")
        return date


def _comment(text: Any) -> str:
    if not isinstance(text, str) or len(text) > LONGEST_COMMENT:
        raise Refused(400, "ValidationError", f"A comment has at most {LONGEST_COMMENT} characters.")
    return text


def _customer(body: Any) -> dict[str, Any]:
    if not isinstance(body, dict) or not isinstance(body.get("id", 1), int):
        raise Refused(400, "ValidationError", "A customer is an object, and its id a number.")
    return {name: body[name] for name in _CUSTOMER if name in body}


def _holds(comment: str, mark: str) -> bool:
    return comment.split(" ", 1)[0] == mark
