"""A connected SCIM service: pulling its users, sealed."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final
from urllib.parse import quote

import httpx
import msgspec
import structlog

from adapters.hris.scim.asking import Caller, NotUnderstood, Timing
from adapters.hris.scim.passes import Seen, Users
from adapters.hris.scim.profile import KEY
from adapters.hris.scim.reading import Read, read_user
from adapters.hris.scim.wire import Object
from adapters.without_days import NothingToPoll
from domain.identifiers import PersonnelId
from domain.ports.captures import Capture, Page
from domain.ports.personnel import PulledEmployees, PullRequest
from domain.ports.source import Limits, SourceFailure
from domain.ports.vault import Vault
from domain.records import HrEmployee

OVERLAP: Final = dt.timedelta(minutes=5)
"""How far before the last change an incremental pull begins: clocks differ, and what is changed first may show last."""

CONTRACT: Final = 1
_AT_ONCE: Final = 500
_LOG: Final = structlog.get_logger("daybook.scim")
_ENCODE: Final = msgspec.json.Encoder(decimal_format="string").encode


class ScimSource(NothingToPoll):
    """One service with one token.

    Args:
        http: calls it, with the token.
        base: its base address.
        vault: seals personal data.
        limits: bounds on a pull.
        timing: time and chance.
        page_rows: users on a page.
        extension: the URN of the schema with dates, jobs and pay rates; empty: none.
    """

    def __init__(
        self,
        http: httpx.Client,
        base: str,
        vault: Vault,
        limits: Limits,
        timing: Timing,
        *,
        page_rows: int,
        extension: str = "",
    ) -> None:
        super().__init__("A system of personnel")
        self._http = http
        self._base = base
        self._vault = vault
        self._limits = limits
        self._timing = timing
        self._page_rows = page_rows
        self._extension = extension

    def __repr__(self) -> str:
        return f"ScimSource({self._base})"

    def pull(self, request: PullRequest) -> PulledEmployees:
        """Read employees; see the port."""
        caller = Caller(self._http, self._base, self._limits, self._timing)
        try:
            pulled = self._pulled(caller, request)
        except SourceFailure as failure:
            failure.requests, failure.read_bytes = caller.requests, caller.read_bytes
            _LOG.warning("scim.failed", failure=failure.failure, requests=caller.requests)
            raise
        _LOG.info("scim.pulled", way=pulled.way, users=len(pulled.employees), requests=pulled.requests)
        return pulled

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def _pulled(self, caller: Caller, request: PullRequest) -> PulledEmployees:
        config = caller.need("ServiceProviderConfig")
        seen = None
        if request.since and _says(config, "filter", "supported"):
            seen = self._changed(caller, config, request.since)
        rows, passes = (seen.rows, seen.passes) if seen else ({}, 0)
        if seen is None:
            everybody = self._users(caller, config).everybody(lambda user: self._one(caller, user))
            rows, passes = {**everybody.rows, **self._missing(caller, request, everybody)}, everybody.passes
        read = [self._read(user, rows[user]) for user in sorted(rows)]
        employees = dict(self._sealed(request, read))
        return PulledEmployees(
            "incremental" if seen else "whole",
            employees,
            _watermark(read),
            _capture(request, employees) if employees else None,
            caller.requests,
            passes,
        )

    def _changed(self, caller: Caller, config: Object, since: str) -> Seen | None:
        """Who changed since the last pull; None where the service cannot tell."""
        begin = dt.datetime.fromisoformat(since) - OVERLAP
        for comparison in ("ge", "gt"):
            chosen = f'meta.lastModified {comparison} "{written(begin)}"'
            try:
                return self._users(caller, config, chosen).everybody(lambda user: self._one(caller, user))
            except NotUnderstood:
                continue
        return None

    def _read(self, user: str, row: Object) -> Read:
        """A user in our words; who cannot be read is told by id, so that somebody can look at the HR system."""
        try:
            return read_user(row, self._extension)
        except SourceFailure as failure:
            message = f"The user {user[:80]!r} cannot be read: {failure.message}"
            raise SourceFailure(failure.failure, message, resource="Users") from None

    def _users(self, caller: Caller, config: Object, chosen: str = "") -> Users:
        by_cursor = _says(config, "pagination", "cursor")
        return Users(caller, self._page_rows, by_cursor=by_cursor, chosen=chosen)

    def _missing(self, caller: Caller, request: PullRequest, seen: Seen) -> dict[str, Object]:
        """Who was listed before and is not now, and is there all the same."""
        asked = ((user, self._one(caller, user)) for user in sorted(request.known - seen.rows.keys()))
        return {user: row for user, row in asked if row is not None}

    def _one(self, caller: Caller, user: str) -> Object | None:
        try:
            return caller.ask(f"Users/{quote(user, safe='')}")
        except NotUnderstood:
            raise SourceFailure("bad-request", "The service does not answer for a user that it listed.") from None

    def _sealed(self, request: PullRequest, read: Sequence[Read]) -> Iterator[tuple[str, HrEmployee]]:
        """Everybody with their personal data sealed; of who was forgotten here nothing comes back."""
        personnel = PersonnelId(request.client, request.connection)
        for start in range(0, len(read), _AT_ONCE):
            lot = [(personnel.person(one.employee.id).person, one) for one in read[start : start + _AT_ONCE]]
            sealed = self._vault.seal_all(request.client, {person: one.personal for person, one in lot})
            for person, one in lot:
                yield one.employee.id, msgspec.structs.replace(one.employee, person=person, **(sealed[person] or {}))


def _says(config: Object, name: str, part: str) -> bool:
    found = config.get(name)
    return isinstance(found, dict) and found.get(part) is True


def written(instant: dt.datetime) -> str:
    """An instant as filters have it."""
    return instant.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def _watermark(read: Iterable[Read]) -> str:
    newest = max((one.modified for one in read if one.modified is not None), default=None)
    return "" if newest is None else written(newest)


def _capture(request: PullRequest, employees: Mapping[str, HrEmployee]) -> Capture:
    rows = [employees[user] for user in sorted(employees)]
    lots = [rows[start : start + _AT_ONCE] for start in range(0, len(rows), _AT_ONCE)]
    pages = tuple(Page("Users", len(lot), _ENCODE(lot)) for lot in lots)
    return Capture(KEY, CONTRACT, {"connection": request.connection}, pages)
