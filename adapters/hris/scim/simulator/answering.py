"""The simulated service: what it answers to a request, without any network."""

import datetime as dt
import hmac
import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote

from adapters.hris.scim.simulator.describing import (
    CONFIG,
    ENTERPRISE,
    ERROR,
    EXTENSION,
    LARGEST_PAGE,
    LIST,
    SCHEMAS,
    TYPES,
    USER,
)
from adapters.hris.scim.simulator.directory import Directory, Entry

TOKEN: Final = "hr-token-one"  # noqa: S105 - made up
BASE: Final = "/scim/v2"
MOST_STEPS: Final = 1_000
_ALWAYS: Final = frozenset({"id", "schemas", "username", "meta"})
_TERM: Final = re.compile(r'\s*([A-Za-z.]+)\s+(eq|gt|ge|lt|le)\s+"([^"\\]*)"\s*', re.IGNORECASE)
_COMPARED: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "eq": operator.eq,
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request.

    Attributes:
        method: of it.
        path: percent-encoded, without the query.
        query: decoded parameters.
        headers: by names in small letters.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: what it says (None: nothing), and further headers."""

    status: int
    content: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


class _Refused(Exception):
    def __init__(self, status: int, detail: str, kind: str = "") -> None:
        super().__init__(detail)
        self.reply = Reply(
            status,
            {
                "schemas": [ERROR],
                "status": str(status),
                "detail": detail,
                **({"scimType": kind} if kind else {}),
            },
        )


class HrService:
    """A directory behind SCIM 2.0, read only. Any thread may call it.

    Args:
        directory: who is there.
        token: that is accepted.
        every: seconds after which something happens by the script; 0: nothing does by itself.
        now: the time, UTC.
    """

    def __init__(
        self,
        directory: Directory,
        *,
        token: str = TOKEN,
        every: float = 0,
        now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
    ) -> None:
        self.directory = directory
        self._token = token
        self._every = every
        self._now = now
        self._due = now()

    def answer(self, asked: Asked) -> Reply:
        """Answer a request, whatever it is."""
        self._catch_up()
        try:
            if asked.path.startswith("/simulator/"):
                return self._controlled(asked)
            return self._told(asked)
        except _Refused as refused:
            return refused.reply

    def _catch_up(self) -> None:
        """What should have happened since somebody last asked, happens now: nobody can tell the difference."""
        if self._every <= 0:
            return
        steps = int((self._now() - self._due).total_seconds() / self._every)
        self._due += dt.timedelta(seconds=steps * self._every)
        self.directory.go_on(min(steps, MOST_STEPS))

    def _controlled(self, asked: Asked) -> Reply:
        """What is told to the simulator itself: ``POST /simulator/next?steps=3`` lets the script go on."""
        steps = asked.query.get("steps", "1")
        if (asked.method, asked.path) != ("POST", "/simulator/next"):
            raise _Refused(404, "The simulator takes POST /simulator/next alone.")
        if not (steps.isascii() and steps.isdigit() and len(steps) < 6 and 1 <= int(steps) <= MOST_STEPS):
            raise _Refused(400, f"steps is a number from 1 to {MOST_STEPS}.", "invalidValue")
        happened = self.directory.go_on(int(steps))
        return Reply(200, {"happened": [{"event": one.event, "id": one.id} for one in happened]})

    def _told(self, asked: Asked) -> Reply:
        token = asked.headers.get("authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(token.encode(), self._token.encode()):
            raise _Refused(401, "The token is missing or unknown.")
        head, _, rest = asked.path.removeprefix(f"{BASE}/").partition("/")
        if not asked.path.startswith(f"{BASE}/"):
            raise _Refused(404, f"Everything is below {BASE}.")
        if asked.method != "GET":
            raise _Refused(405, "This service is read only.")
        match head, unquote(rest):
            case "ServiceProviderConfig", "":
                return Reply(200, CONFIG)
            case "Schemas", name:
                return _described(SCHEMAS, name, asked)
            case "ResourceTypes", name:
                return _described(TYPES, name, asked)
            case "Users", "":
                return self._list(asked.query)
            case "Users", name:
                return self._one(name, asked)
        raise _Refused(404, "There is no such address.")

    def _list(self, query: Mapping[str, str]) -> Reply:
        start = max(1, _number(query.get("startIndex", "1"), "startIndex"))
        count = min(max(0, _number(query.get("count", "100"), "count")), LARGEST_PAGE)
        wanted = _filter(query.get("filter", ""))
        found = [entry for entry in self.directory.listed() if wanted(entry)]
        page = [_chosen(_user(entry), query) for entry in found[start - 1 : start - 1 + count]]
        return Reply(200, _listing(page, len(found), start))

    def _one(self, name: str, asked: Asked) -> Reply:
        entry = self.directory.entries.get(name)
        if entry is None:
            raise _Refused(404, f"There is no user {name[:80]!r}.")
        tag = _tag(entry)
        if asked.headers.get("if-none-match", "") == tag:
            return Reply(304, None, {"ETag": tag})
        return Reply(200, _chosen(_user(entry), asked.query), {"ETag": tag})


def _described(known: Mapping[str, Any], name: str, asked: Asked) -> Reply:
    if "filter" in asked.query:  # RFC 7644, 4: what a service says of itself is not filtered
        raise _Refused(403, "What the service says of itself is not filtered.")
    if not name:
        return Reply(200, _listing(list(known.values()), len(known), 1))
    if name not in known:
        raise _Refused(404, f"There is no {name[:80]!r}.")
    return Reply(200, known[name])


def _listing(rows: list[Any], total: int, start: int) -> dict[str, Any]:
    counted = {"totalResults": total, "startIndex": start, "itemsPerPage": len(rows)}
    return {"schemas": [LIST], **counted, "Resources": rows}


def _number(text: str, name: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,9}", text):
        raise _Refused(400, f"{name} is no number.", "invalidValue")
    return int(text)


def _filter(text: str) -> Callable[[Entry], bool]:
    if not text:
        return lambda _: True
    term = _TERM.fullmatch(text)
    if term is None:
        raise _Refused(400, "A filter compares one attribute with one text.", "invalidFilter")
    name, compare, value = term[1].lower(), _COMPARED[term[2].lower()], term[3]
    if name == "meta.lastmodified":
        instant = _instant(value)
        return lambda entry: compare(entry.modified, instant)
    if name in {"id", "username"} and compare is operator.eq:
        return lambda entry: (entry.id if name == "id" else entry.worker.login) == value
    raise _Refused(400, "id and userName are compared by eq, and meta.lastModified.", "invalidFilter")


def _instant(text: str) -> dt.datetime:
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        raise _Refused(400, "meta.lastModified is compared with an instant.", "invalidFilter") from None
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


def _tag(entry: Entry) -> str:
    return f'W/"{entry.version}"'


def _user(entry: Entry) -> dict[str, Any]:
    who = entry.worker
    return {
        "schemas": [USER, ENTERPRISE, EXTENSION],
        "id": entry.id,
        "userName": who.login,
        "externalId": who.login,
        "active": who.active,
        **_said({"title": who.title, "name": _said({"givenName": who.first_name, "familyName": who.last_name})}),
        **_said({"emails": _contact("value", who.email), "phoneNumbers": _contact("value", who.phone)}),
        **_said({"addresses": _contact("formatted", who.address)}),
        ENTERPRISE: _said({"employeeNumber": who.number, "department": who.department}),
        EXTENSION: {
            **_said({"hireDate": who.hired, "birthDate": who.born, "ssn": who.ssn, "payrollId": who.number}),
            "jobs": [{"value": job.id, "display": job.name, "payRate": float(job.rate)} for job in who.jobs],
        },
        "meta": {
            "resourceType": "User",
            "created": _written(entry.created),
            "lastModified": _written(entry.modified),
            "location": f"{BASE}/Users/{entry.id}",
            "version": _tag(entry),
        },
    }


def _said(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}


def _contact(part: str, value: str) -> list[dict[str, str]]:
    return [{part: value, "type": "work"}] if value else []


def _written(instant: dt.datetime) -> str:
    return instant.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def _chosen(user: dict[str, Any], query: Mapping[str, str]) -> dict[str, Any]:
    """The attributes that were asked for, whole: of ``name.givenName`` the name."""
    if query.get("attributes"):
        wanted = _ALWAYS | _heads(query["attributes"])
        return {name: value for name, value in user.items() if name.lower() in wanted}
    left_out = _heads(query.get("excludedAttributes", "")) - _ALWAYS
    return {name: value for name, value in user.items() if name.lower() not in left_out}


def _heads(names: str) -> frozenset[str]:
    return frozenset(_heads_of(names.lower().split(",")))


def _heads_of(names: Iterable[str]) -> Iterable[str]:
    for name in names:
        urn = next((urn for urn in (ENTERPRISE, EXTENSION) if name.strip().startswith(urn.lower())), "")
        bare = name.strip().removeprefix(f"{USER.lower()}:")
        yield urn.lower() if urn else bare.partition(".")[0]
