"""One request that each operation takes, by its id: address, parameters and body; the places in it are filled in."""

import re
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from domain.permissions import Principal
from tests.access.town import DATES, Town

WHY: Final = {"reason": "a test"}


@dataclass(frozen=True)
class Sample:
    """A request of one operation, besides the location, date and connection in its address.

    Attributes:
        path: values of other parts of the address.
        query: parameters.
        body: JSON, or None.
        headers: beside it.
        location: it is about a location; in its address or elsewhere.
    """

    path: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


_DEPOSIT: Final = {"amount": "1.00", "number": "1", **WHY}

SAMPLES: Final[dict[str, Sample]] = {
    "getGeneration": Sample({"generation": "1"}),
    "compareDay": Sample(query={"left": "1"}),
    "explainFigure": Sample({"figure": "net_sales"}),
    "explainJournalLine": Sample({"entry": "statistical", "line": "guests"}),
    "getClosing": Sample({"number": "1"}),
    "listReference": Sample({"kind": "tenders"}),
    "getImportTemplate": Sample({"kind": "deposits"}),
    "trace": Sample({"id": "tray"}),
    "pollDay": Sample(body=WHY),
    "syncConnection": Sample(body=WHY),
    "replayDay": Sample(body={}),
    "replayConnection": Sample(body={"from": str(DATES[1]), "to": str(DATES[1])}),
    "replayLocation": Sample(body={"from": str(DATES[1]), "to": str(DATES[1])}),
    "setState": Sample(body={"state": "completed", **WHY}),
    "editPunch": Sample({"punch": "1"}, body={"rate": "9.00", **WHY}),
    "addPunch": Sample(
        body={
            "employee": "1",
            "job": "1",
            "clock_in": f"{DATES[1]}T18:00:00Z",
            "clock_out": f"{DATES[1]}T19:00:00Z",
            **WHY,
        }
    ),
    "strikePunch": Sample(body={"punch": "1", **WHY}),
    "enterDeposit": Sample(body=_DEPOSIT),
    "changeDeposit": Sample({"deposit": "daybook:9"}, body={"amount": "2.00", **WHY}),
    "enterComment": Sample(body={"text": "looks right", **WHY}),
    "enterTag": Sample(body={"tag": "rain", **WHY}),
    "withdrawEntry": Sample(body={"kind": "tag", "key": "rain", **WHY}),
    "resolveConflict": Sample(body={"kind": "punch", "key": "1", "side": "ours", **WHY}),
    "deleteSummary": Sample(body=WHY),
    "confirmClosed": Sample(body=WHY),
    "putAccounts": Sample(
        body={"accounts": {}, "defaults": True, "over_short_limit": "5.00", **WHY}, headers={"If-Match": '"0"'}
    ),
    "configureConnection": Sample(body={"options": {}, "overrides": {}, **WHY}, headers={"If-Match": "*"}),
    "addLocations": Sample(body={"locations": [{"id": "new", "zone": "UTC", "source": {"venue": "V999"}}], **WHY}),
}
"""Of operations that need more than a location, a date and a connection."""


def operations(town: Town) -> list[tuple[str, str, dict[str, Any]]]:
    """Method, address and description of every operation of the document."""
    document = town.app.openapi_schema or {}
    return [
        (method.upper(), path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def send(
    town: Town,
    who: Principal,
    method: str,
    path: str,
    operation: dict[str, Any],
    *,
    location: str,
    connection: str,
    date: str = str(DATES[1]),
    **changes: str,
) -> httpx.Response:
    """Send the sample of an operation, about a location and a connection."""
    name = operation["operationId"]
    if name == "importFiles":
        given = {"location": (None, location), "kind": (None, "deposits"), "file": ("d.csv", b"x\n1\n")}
        return town.ask(who, method, path, files=given)
    sample = SAMPLES.get(name, Sample())
    values = {"location": location, "connection": connection, "date": date, **sample.path, **changes}
    arguments: dict[str, Any] = {"params": sample.query, "headers": sample.headers}
    if sample.body is not None:
        arguments["json"] = sample.body
    return town.ask(who, method, path.format(**values), **arguments)


def told(answer: httpx.Response, *ids: str) -> tuple[int, str, dict[str, str]]:
    """Everything that an answer tells, but for the ids that were asked for and the id of the request itself."""
    text = answer.text
    for name in ids:
        text = text.replace(name, "?")
    kept = {"content-type", "etag", "link", "location", "daybook-position", "retry-after", "cache-control"}
    headers = {name: value for name, value in answer.headers.items() if name in kept}
    return answer.status_code, _INSTANCE.sub("?", text), headers


_INSTANCE: Final = re.compile(r"urn:uuid:[0-9a-f-]{36}")
