"""Guessing ids: each request is sent about something foreign and about something that is nowhere, and told apart."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote, unquote

import httpx

from domain.permissions import ROLES, Principal
from tests.access.requests import SAMPLES, Sample, operations, parts, told
from tests.access.town import DATES, HERE, PLACES, THERE, Town, principal

NOWHERE: Final = "xyzzy"
"""An id that nothing has, of the form of all of them."""

WHERE: Final[tuple[tuple[str, frozenset[str] | None], ...]] = (
    (HERE, frozenset({"alpha"})),
    (HERE, frozenset({"beta"})),
    (HERE, frozenset({"alpha", "gamma"})),
    (HERE, frozenset()),
    (THERE, None),
    (THERE, frozenset({"omega"})),
    ("third", None),
)
_ROLES: Final = ("operator", "full-access", "full-access", "full-access", *ROLES)

Ids = dict[str, set[str]]


@dataclass
class Outcome:
    """What came of guessing.

    Attributes:
        requests: how many were sent.
        statuses: how often each was answered.
        leaks: sentences, one for each answer that tells what it may not.
    """

    requests: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    leaks: list[str] = field(default_factory=list)


class Guessing:
    """Random requests against a town.

    Args:
        town: what is asked.
        seed: equal seeds make equal requests.
    """

    def __init__(self, town: Town, seed: int) -> None:
        self.town = town
        self.random = random.Random(seed)
        self.outcome = Outcome()
        self._operations = [one for one in operations(town) if one[1].startswith(("/v1/", "/scim/"))]
        self._places = {
            (client, location): gathered(town, client, location)
            for (client, _), locations in PLACES.items()
            for location in locations
        }
        self._connections = {(client, name): frozenset(locations) for (client, name), locations in PLACES.items()}

    def go(self, count: int) -> Outcome:
        """Send so many requests about foreign things, and as many about what is nowhere."""
        head = self.town.opened.journal.head()
        while self.outcome.requests < count:
            self._guess()
        if self.town.opened.journal.head() != head:
            self.outcome.leaks.append("Something was recorded by somebody who may not.")
        return self.outcome

    def _guess(self) -> None:
        client, at = self.random.choice(WHERE)
        who = principal(self.random.choice(_ROLES), client=client, at=at)
        foreign = self._foreign(who)
        method, path, operation = self.random.choice(self._operations)
        sample = SAMPLES.get(operation["operationId"], Sample())
        client, location = self.random.choice(foreign)
        ids = self._places[client, location]
        connection = self._foreign_connection(who)
        if "{connection}" in path and connection is None:
            return
        values = self._values(operation, sample, ids, location, connection or "tray")
        placed = "{location}" in path or "{connection}" in path
        if method != "GET" and not placed:
            return  # it is of the client as a whole, or names the location in its body: see the matrix
        answer = self._send(who, method, path, operation, values, sample)
        text = answer.text
        where = f"{who.client} {sorted(who.rights.locations or ['*'])} {who.rights.roles}: {method} {answer.url}"
        for told_id in self._forbidden(who, foreign):
            if told_id in text and told_id not in unquote(str(answer.url)):
                self.outcome.leaks.append(f"{where} tells of {told_id}.")
        if placed:
            self._compare(who, (method, path, operation, sample), values, answer, where)

    def _compare(
        self,
        who: Principal,
        request: tuple[str, str, dict[str, Any], Sample],
        values: dict[str, str],
        answer: httpx.Response,
        where: str,
    ) -> None:
        """The answer about what is nowhere is the same to the letter."""
        method, path, operation, sample = request
        nowhere = {name: NOWHERE if name in {"location", "connection"} else value for name, value in values.items()}
        absent = self._send(who, method, path, operation, nowhere, sample)
        mine = sorted({values["location"], values["connection"]}, key=len, reverse=True)
        if answer.status_code not in {400, 403, 404, 422} or told(answer, *mine) != told(absent, NOWHERE):
            self.outcome.leaks.append(f"{where} is answered {answer.text[:200]}, and {absent.text[:200]} for nowhere.")

    def _send(
        self,
        who: Principal,
        method: str,
        path: str,
        operation: dict[str, Any],
        values: dict[str, str],
        sample: Sample,
    ) -> httpx.Response:
        self.outcome.requests += 1
        arguments: dict[str, Any] = {"headers": sample.headers, "params": {**sample.query, **_query(values, operation)}}
        if sample.body is not None:
            arguments["json"] = sample.body
        answer = self.town.ask(who, method, path.format(**values), **arguments)
        self.outcome.statuses[answer.status_code] += 1
        return answer

    def _values(
        self, operation: dict[str, Any], sample: Sample, ids: Ids, location: str, connection: str
    ) -> dict[str, str]:
        """The parts of the address, and of the query those that somebody would guess."""
        # One that holds the place's name would tell the answers apart by itself.
        any_id = sorted({one for named in ids.values() for one in named if location not in one})
        date = str(self.random.choice(DATES))
        values = parts(self.town, sample, location=location, connection=connection, date=date)
        values["?limit"] = str(self.random.choice([1, 2, 100]))
        for name in ("id", "punch", "deposit", "employee"):
            if name in values:
                values[name] = quote(self.random.choice(any_id), safe="")
        if self.random.random() < 0.5:
            values["?location"] = location
        if self.random.random() < 0.3:
            values["?as_of"] = self.random.choice(sorted(ids["position"]))
        if self.random.random() < 0.3:
            values["?after"] = self.random.choice(sorted(ids["position"]))
        if operation["operationId"] == "getHistory" and self.random.random() < 0.7:
            values["?record"] = f"ticket/{self.random.choice(sorted(ids['ticket']))}"
        return values

    def _foreign(self, who: Principal) -> list[tuple[str, str]]:
        """The places that are not theirs."""
        return [
            (client, location)
            for client, location in self._places
            if client != who.client or not who.rights.reach(location)
            if not (client != who.client and (who.client, location) in self._places and who.rights.reach(location))
        ] or [place for place in self._places if place[0] != who.client]

    def _foreign_connection(self, who: Principal) -> str | None:
        """A connection that feeds none of theirs; None where every name is also one of theirs."""
        theirs = {
            name
            for (client, name), locations in self._connections.items()
            if client == who.client and (who.rights.locations is None or locations & who.rights.locations)
        }
        names = sorted({name for _, name in self._connections} - theirs)
        return self.random.choice(names) if names else None

    def _forbidden(self, who: Principal, foreign: list[tuple[str, str]]) -> Iterator[str]:
        """Ids that stand at foreign places alone."""
        known: set[str] = set()
        for place, ids in self._places.items():
            if place not in foreign and place[0] == who.client:
                known |= {one for named in ids.values() for one in named}
        for place in foreign:
            for kind, named in self._places[place].items():
                if kind != "position":
                    yield from sorted(named - known)


def _query(values: dict[str, str], operation: dict[str, Any]) -> dict[str, str]:
    """The chosen parameters that the operation has."""
    known = {one["name"] for one in operation.get("parameters", []) if one["in"] == "query"}
    return {name[1:]: value for name, value in values.items() if name[0] == "?" and name[1:] in known}


def gathered(town: Town, client: str, location: str) -> Ids:
    """Every id that stands at a location, by what it is, and what was entered there."""
    who = principal("operator", client=client)
    ids: Ids = {"mark": {f"mark-of-{location}-{client}", f"{location.title()} of {client}"}, "ticket": set()}
    for date in DATES:
        day = f"/v1/days/{location}/{date}"
        ids["ticket"] |= {row["ticket"] for row in town.get(who, f"{day}/tickets", limit=500)["data"]}
        ids.setdefault("punch", set()).update(row["punch"] for row in town.get(who, f"{day}/labor")["data"])
        ids.setdefault("capture", set()).add(town.get(who, day)["capture"])
    people = town.get(who, "/v1/employees", location=location, limit=500)["data"]
    ids["employee"] = {row["employee"] for row in people}
    ids["name"] = {f"{row['first_name']} {row['last_name']}" for row in people}
    attempts = town.get(who, "/v1/polls", location=location, limit=500)["data"]
    ids["position"] = {str(row["position"]) for row in attempts}
    ids["command"] = {row["command"] for row in attempts if row.get("command")}
    return {kind: {one for one in named if len(one) > 3 or kind == "position"} for kind, named in ids.items()}
