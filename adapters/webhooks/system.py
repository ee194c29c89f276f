"""Webhooks as daybook's catalogue knows them: trying a receiver with a ping, and telling it."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

import httpcore

from adapters.http import base_address, gate, open_client
from adapters.http.sending import Clock, utc_now
from adapters.webhooks.messages import PING, message
from adapters.webhooks.profile import KEY, PROFILE, SECRET, SECRET_BEFORE, TAKES
from adapters.webhooks.signing import key_of
from adapters.webhooks.target import Caller, WebhookTarget, check_taken
from adapters.without_days import NothingToPoll, WithoutDays
from domain.forms import Filled, filled_of
from domain.ports.source import (
    DEFAULT_LIMITS,
    BadEndpoint,
    Failure,
    Limits,
    SourceFailure,
)
from domain.ports.systems import Company, Examination
from domain.ports.target import OutcomeUncertain, TargetFailure
from domain.ports.vault import Vault

_LONGEST_SECONDS: Final = 20.0
_LARGEST_ANSWER: Final = 256 * 1024

_FAILURES: Final[Mapping[str, Failure]] = {
    "rejected": "bad-endpoint",
    "bad-endpoint": "bad-endpoint",
    "rate-limited": "rate-limited",
    "unavailable": "unavailable",
    "connection-failed": "connection-failed",
    "too-large": "too-large",
}


class WebhookSystem(WithoutDays):
    """Webhooks in the catalogue of systems."""

    key: Final = KEY
    title: Final = "Webhook"
    location_ids: Final[tuple[str, ...]] = ()
    profile: Final = PROFILE
    takes: Final = TAKES

    def connect(
        self,
        environment: str,
        secret: str,
        vault: Vault,  # noqa: ARG002 - the port's
        limits: Limits = DEFAULT_LIMITS,
    ) -> NothingToPoll:
        """Nothing is polled: checks the address and the secrets alone.

        Raises:
            BadEndpoint: one of them cannot be used.
        """
        _keys(filled_of(PROFILE.form, environment, {}, secret))
        base_address(environment, gate(KEY, PROFILE.hosts, limits.reach))
        return NothingToPoll(self.title)

    def examine(
        self,
        filled: Filled,
        limits: Limits = DEFAULT_LIMITS,
        *,
        now: Clock = utc_now,
        network: httpcore.NetworkBackend | None = None,
    ) -> Examination:
        """Post a signed ``ping`` to the receiver, which has to take it; see the port.

        Raises:
            BadEndpoint: the address or a secret cannot be used.
            SourceFailure: the receiver did not take it.
        """
        caller = _caller(filled, limits, now, network)
        at = now()
        body = message(PING, at.isoformat(timespec="seconds").replace("+00:00", "Z"), {})
        try:
            answered = caller.post(
                f"ping:{uuid.uuid4().hex}", body, at + dt.timedelta(seconds=limits.fetch_timeout), changes=False
            )
            _check_ping(answered.status)
            check_taken(answered, now())
        except TargetFailure as failure:
            kind = _FAILURES.get(failure.failure, "unexpected-answer")
            raise SourceFailure(kind, failure.message, retry_at=failure.retry_at) from None
        except OutcomeUncertain as uncertain:
            raise SourceFailure("unavailable", uncertain.message) from None
        finally:
            caller.close()
        host = urlsplit(caller.url).hostname or ""
        return Examination(caller.url, (Company(host.replace(":", "-").strip("-")[:64], host),), 1)

    def target(
        self,
        filled: Filled,
        limits: Limits = DEFAULT_LIMITS,
        *,
        now: Clock = utc_now,
        network: httpcore.NetworkBackend | None = None,
    ) -> WebhookTarget:
        """Who is told; sends nothing yet. Time and network are the machine's, if none are given.

        Raises:
            BadEndpoint: the address or a secret cannot be used.
        """
        return WebhookTarget(_caller(filled, limits, now, network))


SYSTEM: Final = WebhookSystem()


def _caller(filled: Filled, limits: Limits, now: Clock, network: httpcore.NetworkBackend | None) -> Caller:
    allowed = gate(KEY, PROFILE.hosts, limits.reach)
    address = base_address(filled.environment, allowed)
    keys = _keys(filled)
    bounded = replace(
        limits,
        request_timeout=min(limits.request_timeout, _LONGEST_SECONDS),
        answer_bytes=min(limits.answer_bytes, _LARGEST_ANSWER),
    )
    at_once = PROFILE.budget.at_once
    http = open_client(allowed, bounded, secrets={}, network=network, at_once=at_once, kept=False)
    return Caller(http, address.url, keys, bounded, at_once, now)


def _keys(filled: Filled) -> list[bytes]:
    """What is signed with, the newest first."""
    given = [filled.secrets.get(name, "") for name in (SECRET, SECRET_BEFORE)]
    if not given[0]:
        raise BadEndpoint("There is no secret to sign with: make one, and give it to the receiver as well.")
    return [key_of(secret) for secret in given if secret]


def _check_ping(status: int) -> None:
    """Say of a receiver that does not take the ping what its people have to look at.

    Raises:
        SourceFailure: it does not.
    """
    if status in {401, 403}:
        raise SourceFailure("not-authorized", "The receiver does not accept the signature: it has another secret.")
    if status in {404, 405}:
        raise SourceFailure("bad-endpoint", f"There is no receiver at this address (status {status}): check the path.")
    if 300 <= status < 400:
        raise SourceFailure("redirected", f"The receiver points elsewhere (status {status}), which is not followed.")
    if status in {400, 422}:
        raise SourceFailure("bad-request", f"The receiver does not understand the ping (status {status}).")
