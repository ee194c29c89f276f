"""Sage Intacct as daybook's catalogue knows it: there is nothing to poll, and much to write to."""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Final

import httpcore
import httpx

from adapters.erp.sage_intacct.directory import company_of
from adapters.erp.sage_intacct.entries import Books
from adapters.erp.sage_intacct.gateway import Credentials, Gateway
from adapters.erp.sage_intacct.profile import (
    COMPANY,
    DEPARTMENT,
    ENTITY,
    LABOR_JOURNAL,
    PASSWORD,
    PATH,
    PROFILE,
    SALES_JOURNAL,
    SENDER,
    SENDER_PASSWORD,
    STATISTICAL_JOURNAL,
    SYSTEM_KEY,
    TAKES,
    USER,
)
from adapters.erp.sage_intacct.sessions import Sessions
from adapters.erp.sage_intacct.target import SageIntacctTarget
from adapters.http import base_address, gate, open_client
from adapters.http.sending import Clock, utc_now
from adapters.without_days import NothingToPoll, WithoutDays
from domain.facts.objects import ObjectType
from domain.forms import Filled
from domain.ports.source import DEFAULT_LIMITS, BadEndpoint, Limits, SourceFailure
from domain.ports.source import Failure as SourceFailureKind
from domain.ports.systems import Examination
from domain.ports.target import Failure, TargetFailure
from domain.ports.vault import Vault

_SESSIONS: Final = Sessions()
"""Of this process. A target is opened for a few effects and closed; its sessions are used again."""

_LONGEST_SECRET: Final = 1_000
_JOURNALS: Final = {
    "sales": (SALES_JOURNAL, "SJ"),
    "labor": (LABOR_JOURNAL, "PYRJ"),
    "statistical": (STATISTICAL_JOURNAL, "STAT"),
}
_AS_SOURCE: Final[Mapping[Failure, SourceFailureKind]] = {
    "not-authorized": "not-authorized",
    "bad-endpoint": "bad-endpoint",
    "rate-limited": "rate-limited",
    "unavailable": "unavailable",
    "connection-failed": "connection-failed",
    "unexpected-answer": "unexpected-answer",
    "too-large": "too-large",
}


class SageIntacctSystem(WithoutDays):
    """Sage Intacct in the catalogue of systems."""

    key: Final = SYSTEM_KEY
    title: Final = "Sage Intacct"
    location_ids: Final[tuple[str, ...]] = ("location",)
    profile: Final = PROFILE

    @property
    def takes(self) -> frozenset[ObjectType]:
        """The types of objects that it takes."""
        return TAKES

    def connect(self, environment: str, secret: str, vault: Vault, limits: Limits = DEFAULT_LIMITS) -> NothingToPoll:  # noqa: ARG002 - the port's
        """A source that has nothing to poll; says whether the address and the secrets can be used. Sends nothing.

        Raises:
            BadEndpoint: they cannot.
        """
        base_address(environment, gate(self.key, PROFILE.hosts, limits.reach))
        for value in _secrets(secret):
            _usable(value)
        return NothingToPoll(self.title)

    def examine(
        self,
        filled: Filled,
        limits: Limits = DEFAULT_LIMITS,
        *,
        now: Clock = utc_now,
        network: httpcore.NetworkBackend | None = None,
    ) -> Examination:
        """Sign in, and list the locations that these credentials see; see the port.

        Raises:
            BadEndpoint: the address or a secret cannot be used.
            SourceFailure: Sage Intacct does not accept the credentials, or does not answer as it should.
        """
        # Credentials are tested by signing in, whatever sessions there are.
        http, gateway, address = _opened(filled, limits, now, network, Sessions())
        with http:
            until = now() + dt.timedelta(seconds=limits.fetch_timeout)
            try:
                company = company_of(gateway, until, str(filled.plain.get(ENTITY, "")))
            except TargetFailure as failure:
                kind = _AS_SOURCE.get(failure.failure, "forbidden")
                raise SourceFailure(
                    kind, failure.message, retry_at=failure.retry_at, requests=gateway.requests
                ) from None
            return Examination(address, (company,), gateway.requests)

    def target(
        self,
        filled: Filled,
        limits: Limits = DEFAULT_LIMITS,
        *,
        now: Clock = utc_now,
        network: httpcore.NetworkBackend | None = None,
        sessions: Sessions | None = None,
    ) -> SageIntacctTarget:
        """What objects are written to; sends nothing yet. Without others, time, network, sessions are ours.

        Raises:
            BadEndpoint: the address or a secret cannot be used.
        """
        http, gateway, _ = _opened(filled, limits, now, network, _SESSIONS if sessions is None else sessions)
        journals = {kind: str(filled.plain.get(name, symbol)) for kind, (name, symbol) in _JOURNALS.items()}
        books = Books(journals, str(filled.plain.get(DEPARTMENT, "")))
        return SageIntacctTarget(http, gateway, books, str(filled.plain.get(ENTITY, "")))


SYSTEM: Final = SageIntacctSystem()


def _opened(
    filled: Filled, limits: Limits, now: Clock, network: httpcore.NetworkBackend | None, sessions: Sessions
) -> tuple[httpx.Client, Gateway, str]:
    allowed = gate(SYSTEM_KEY, PROFILE.hosts, limits.reach)
    address = base_address(filled.environment, allowed)
    base = address.url.removesuffix(PATH)  # as people copy it
    credentials = _credentials(filled)
    http = open_client(allowed, limits, secrets={}, network=network, at_once=PROFILE.budget.at_once, kept=False)
    return http, Gateway(http, base, allowed, credentials, limits, sessions, now), base


def _credentials(filled: Filled) -> Credentials:
    sender, password = str(filled.plain.get(SENDER, "")), filled.secrets.get(SENDER_PASSWORD, "")
    if not sender or not password:
        raise BadEndpoint(
            "There is neither a sender id nor its password: enter those of your web services subscription, or ask "
            "whoever operates daybook to supply them in the file that DAYBOOK_SUPPLIED_FILE names."
        )
    plain = filled.plain
    return Credentials(
        str(plain.get(COMPANY, "")),
        str(plain.get(USER, "")),
        _usable(filled.secrets.get(PASSWORD, "")),
        sender,
        _usable(password),
    )


def _secrets(secret: str) -> list[str]:
    """The secrets as a connection keeps them: one as it is, several as JSON."""
    try:
        given = json.loads(secret)
    except ValueError:
        return [secret]
    return [str(value) for value in given.values()] if isinstance(given, dict) else [secret]


def _usable(secret: str) -> str:
    if not 0 < len(secret) <= _LONGEST_SECRET or not secret.isprintable():
        raise BadEndpoint("A password is empty, too long, or has characters that no password has: copy it again.")
    return secret
