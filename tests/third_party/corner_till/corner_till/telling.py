"""Telling a till of employees, jobs and locations: each is written by its id, and written again it is the same."""

import datetime as dt
import threading
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote

import httpx
import msgspec

from adapters.http import check_answered, send
from domain.facts.objects import ObjectType
from domain.outward.documents import RecordDocument
from domain.outward.staff import RATE
from domain.ports.source import Limits
from domain.ports.target import Done, Effect, OutcomeUncertain, TargetFailure

TAKES: Final[frozenset[ObjectType]] = frozenset({"employee", "job", "location"})

_AT_ONCE: Final = 2
_JSON: Final = {"Content-Type": "application/json"}
_CODES: Final = {"unknown_job": "The till has no such job.", "unknown_zone": "The till knows no such zone."}


@dataclass(slots=True)
class TillTarget:
    """A till that is told things. May be used by several threads at once."""

    base: str
    http: httpx.Client
    limits: Limits
    turns: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(_AT_ONCE))

    def __repr__(self) -> str:
        return f"TillTarget({self.base})"

    def write(self, effect: Effect, until: dt.datetime) -> Done:
        """Write a record, unless it stands there just so; what is left out of it, the till keeps."""
        path, wanted = _told(effect)
        found = self._standing(path, wanted, until)
        if found is not None:
            return found
        answered = self._send("PUT", path, until, content=msgspec.json.encode(wanted), changes=True)
        if answered[0] == 404:
            raise TargetFailure("not-there", "The till has no such store.")
        if answered[0] == 422:
            raise TargetFailure("rejected", _said(answered[1]))
        if answered[0] != 200:
            raise OutcomeUncertain(f"The till answered with the status {answered[0]}, which says nothing of it.")
        return Done(_id(effect), "The till has it.")

    def look_up(self, effect: Effect, until: dt.datetime) -> Done | None:
        """Whether the record stands there just as it was written."""
        return self._standing(*_told(effect), until)

    def close(self) -> None:
        """Give back connections."""
        self.http.close()

    def _standing(self, path: str, wanted: dict[str, Any], until: dt.datetime) -> Done | None:
        status, body = self._send("GET", path, until, changes=False)
        if status == 404:
            return None
        if status != 200:
            raise TargetFailure("unexpected-answer", f"The till answered with the status {status}.")
        try:
            there = msgspec.json.decode(body, type=dict[str, Any])
        except (msgspec.DecodeError, RecursionError):
            raise TargetFailure("unexpected-answer", "The till's answer is not what it promises.") from None
        same = all(there.get(name) == value for name, value in wanted.items())
        return Done(str(there.get("id", "")), "The till has it.", found=True) if same else None

    def _send(
        self, method: str, path: str, until: dt.datetime, *, content: bytes | None = None, changes: bool
    ) -> tuple[int, bytes]:
        with self.turns:
            answered = send(
                self.http,
                method,
                f"{self.base}{path}",
                self.limits,
                until=until,
                content=content,
                headers=_JSON,
                changes=changes,
            )
        check_answered(answered, changes=changes)
        return answered.status, answered.body


def _told(effect: Effect) -> tuple[str, dict[str, Any]]:
    """Where something is written at the till, and what."""
    document = effect.document
    if effect.type not in TAKES or not isinstance(document, RecordDocument):
        raise TargetFailure("not-taken", f"The till takes nothing of the type {effect.type}.")
    store = effect.place.get("store", "")
    if not store.isalnum():
        raise TargetFailure("unmapped", "The location has no usable store id.")
    if effect.type == "location":
        settings: dict[str, Any] = {"id": store, "active": document.active}
        settings |= {
            name: document.fields[name] for name in ("number", "zone", "day_starts") if name in document.fields
        }
        return f"/stores/{store}/settings", settings | ({"name": document.name} if document.name else {})
    if effect.type == "job":
        named = {"id": _id(effect), "name": document.name, "active": document.active}
        return f"/stores/{store}/jobs/{quote(_id(effect), safe='')}", named
    return f"/stores/{store}/people/{quote(_id(effect), safe='')}", _person(effect, document)


def _person(effect: Effect, document: RecordDocument) -> dict[str, Any]:
    told: dict[str, Any] = {"id": _id(effect), **effect.opened, "active": document.active}
    fields = document.fields
    told |= {"payroll_id": fields["payroll_id"]} if "payroll_id" in fields else {}
    told |= {"hired": fields["hire_date"]} if "hire_date" in fields else {}
    told |= {"jobs": fields["jobs"].split(",")} if "jobs" in fields else {}
    rates = {name.removeprefix(RATE): rate for name, rate in fields.items() if name.startswith(RATE)}
    return told | ({"rates": rates} if rates else {})


def _id(effect: Effect) -> str:
    """The till's id: of employees and jobs that it has, it is that of the document."""
    document = effect.document
    return document.id if isinstance(document, RecordDocument) and effect.type != "location" else effect.place["store"]


def _said(body: bytes) -> str:
    """What a refusal says, as far as it is known to have nothing private in it."""
    try:
        code = msgspec.json.decode(body, type=dict[str, Any]).get("error")
    except (msgspec.DecodeError, RecursionError):
        code = None
    return _CODES.get(str(code), "The till does not take it.")
