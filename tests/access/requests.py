"""One request that each operation takes, by its id: address, parameters and body; the places in it are filled in."""

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from api.http.scim_errors import HEADER
from api.scim.words import USER
from domain.permissions import Permission, Principal
from tests.access.town import DATES, Town

WHY: Final = {"reason": "a test"}
WEEK: Final = str(DATES[0] - dt.timedelta(days=DATES[0].weekday()))


@dataclass(frozen=True)
class Sample:
    """A request of one operation, besides the location, date and connection in its address.

    Attributes:
        path: values of other parts of the address.
        query: parameters.
        body: JSON, or None.
        headers: beside it.
        takes: the permission that this request takes, where its operation names several.
        whole: it is about a connection as a whole: who has not all of its locations may not.
    """

    path: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    takes: Permission | None = None
    whole: bool = False


STALE: Final = {"If-Match": '"999999"'}
"""Of what is not to be done to what other tests need: it comes through to the version, and no further."""

_DEPOSIT: Final = {"amount": "1.00", "number": "1", **WHY}


def _connecting(body: dict[str, Any], headers: dict[str, str] | None = None, *, whole: bool = False) -> Sample:
    """About the connection tray, or one to the same system."""
    return Sample(body={**body, **WHY}, headers=headers or {}, takes=Permission.CONNECT_POS, whole=whole)


SAMPLES: Final[dict[str, Sample]] = {
    "getGeneration": Sample({"generation": "1"}),
    "compareDay": Sample(query={"left": "1"}),
    "explainFigure": Sample({"figure": "net_sales"}),
    "explainJournalLine": Sample({"entry": "statistical", "line": "guests"}),
    "getClosing": Sample({"number": "1"}),
    "listReference": Sample({"kind": "tenders"}),
    "getImportTemplate": Sample({"kind": "deposits"}),
    "trace": Sample({"id": "tray"}),
    "getScimResourceType": Sample({"resource_type": "User"}),
    "getScimSchema": Sample({"schema_id": USER}),
    "pollDay": Sample(body=WHY),
    "syncConnection": Sample(body=WHY),
    "synchronizeObjects": Sample(body={"objects": [{"connection": "tray", "key": "account:4010"}], **WHY}),
    "reviewObjects": Sample(body={"objects": [{"connection": "tray", "key": "account:4010"}], **WHY}),
    "forceSynchronizeObjects": Sample(body={"objects": [{"connection": "tray", "key": "account:4010"}], **WHY}),
    "getObject": Sample({"object": "account:4010"}),
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
    "enterSchedule": Sample({"week": WEEK}, body={"shifts": [], **WHY}),
    "publishSchedule": Sample({"week": WEEK}, body=WHY),
    "getSchedule": Sample({"week": WEEK}),
    "getScheduleHistory": Sample({"week": WEEK}),
    "putAccounts": Sample(
        body={"accounts": {}, "defaults": True, "over_short_limit": "5.00", **WHY}, headers={"If-Match": '"0"'}
    ),
    "configureConnection": Sample(body={"options": {}, "overrides": {}, **WHY}, headers={"If-Match": "*"}),
    "addLocations": Sample(
        body={"locations": [{"id": "new", "zone": "UTC", "source": {"venue": "V999"}}], **WHY}, whole=True
    ),
    "draftConnection": _connecting({"id": "draft", "system": "tray"}),
    "testConnection": _connecting({}, whole=True),
    "establishConnection": _connecting({}, whole=True),
    "editConnection": _connecting({"name": "another"}, STALE, whole=True),
    "rotateCredentials": _connecting({"secret": "another"}, STALE, whole=True),
    "renewConnection": _connecting({}, STALE, whole=True),
    "shareConnection": _connecting({"visibility": "private"}, STALE, whole=True),
    "changeConnectionAdmin": _connecting({"admin": "berta-main"}, STALE, whole=True),
    "suspendConnection": _connecting({}, STALE, whole=True),
    "resumeConnection": _connecting({}, whole=True),
    "disconnect": _connecting({}, STALE, whole=True),
    "editLocation": Sample(body={"name": "Alpha of main", **WHY}),
    "addClient": Sample(body={"client": "added", "name": "Added", **WHY}),
    "renameClient": Sample(body={"name": "Client main", **WHY}),
    "testSystem": Sample(
        body={"values": {"environment": "http://127.0.0.1:1", "api_key": "nokey"}}, takes=Permission.CONNECT_POS
    ),
    "addImportJob": Sample(
        body={
            "id": "added",
            "name": "Added",
            "connection": "tray",
            "locations": ["alpha"],
            "period": {"kind": "last-days", "days": 1},
            **WHY,
        }
    ),
    "changeImportJob": Sample(body={"name": "Another", **WHY}, headers=STALE),
    "scheduleImportJob": Sample(body={"at": None, **WHY}, headers=STALE),
    "endImportJob": Sample(body=WHY, headers=STALE),
    "runImportJob": Sample(body=WHY),
    "continueImportRun": Sample(body=WHY),
    "openPersonalData": Sample(body={"fields": ["address"], **WHY}),
    "pullPersonnel": Sample(body=WHY),
    "linkEmployee": Sample(body={"connection": "tray", "hr": "nobody", **WHY}),
    "unlinkEmployee": Sample(body={"connection": "tray", "hr": "nobody", **WHY}),
    "openHrData": Sample({"hr": "nobody"}, body={"fields": ["address"], **WHY}),
    "forgetHrEmployee": Sample({"hr": "nobody"}, body=WHY),
    "findEmployees": Sample(body={"ssn": "900-11-0001", **WHY}),
    "exportPersonalData": Sample(body=WHY),
    "forgetEmployee": Sample(body=WHY, headers=STALE),
    "holdEmployee": Sample(body={"held": False, **WHY}),
    "addUser": Sample(body={"login": "new", "roles": ["auditor"], "locations": ["alpha"], **WHY}),
    "changeUser": Sample(body={"name": "Berta", **WHY}),
    "setUserState": Sample(body={"state": "enabled", **WHY}),
    "inviteUser": Sample(body=WHY),
    "linkIdentity": Sample(body={"subject": "1", "issuer": "https://id.example.com", **WHY}),
    "issueKey": Sample(body={"name": "new", "roles": ["auditor"], "locations": ["alpha"], **WHY}),
    "revokeKey": Sample(body=WHY),
    "signIn": Sample(body={"login": "nobody", "password": "wrong, and long enough"}),
    "choosePassword": Sample(body={"secret": "dbo_none", "password": "good, and long enough"}),
    "changePassword": Sample(body={"current": "wrong", "password": "good, and long enough"}),
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


def parts(town: Town, sample: Sample, **changes: str) -> dict[str, str]:
    """What stands in the address of a sample: of the location alpha and the connection tray, unless changed."""
    begun = {"location": "alpha", "connection": "tray", "date": str(DATES[1])}
    return {**begun, **town.ids, **sample.path, **changes}


def send(
    town: Town,
    who: Principal | None,
    method: str,
    path: str,
    operation: dict[str, Any],
    *,
    location: str,
    connection: str,
    headers: dict[str, str] | None = None,
    **changes: str,
) -> httpx.Response:
    """Send the sample of an operation, about a location and a connection; with other headers than its own if given."""
    name = operation["operationId"]
    if name == "importFiles":
        given = {"location": (None, location), "kind": (None, "deposits"), "file": ("d.csv", b"x\n1\n")}
        return town.ask(who, method, path, files=given)
    sample = SAMPLES.get(name, Sample())
    values = parts(town, sample, location=location, connection=connection, **changes)
    arguments: dict[str, Any] = {"params": sample.query, "headers": sample.headers if headers is None else headers}
    if sample.body is not None:
        arguments["json"] = sample.body
    return town.ask(who, method, path.format(**values), **arguments)


def problem_type(answer: httpx.Response) -> str:
    """The kind of problem of an answer; SCIM's errors tell it in a header, for want of a member that they may have."""
    return answer.headers.get(HEADER) or str(answer.json()["type"])


def told(answer: httpx.Response, *ids: str) -> tuple[int, str, dict[str, str]]:
    """Everything that an answer tells, but for the ids that were asked for and the id of the request itself."""
    text = answer.text
    for name in ids:
        text = text.replace(name, "?")
    kept = {"content-type", "etag", "link", "location", "daybook-position", "retry-after", "cache-control"}
    headers = {name: value for name, value in answer.headers.items() if name in kept}
    return answer.status_code, _INSTANCE.sub("?", text), headers


_INSTANCE: Final = re.compile(r"urn:uuid:[0-9a-f-]{36}")
