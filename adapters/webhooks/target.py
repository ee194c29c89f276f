"""Who is told: one receiver, by POST; what it answers says whether it has it."""

import datetime as dt
import threading
from collections.abc import Sequence
from typing import Final

import httpx

from adapters.http import Answered, send, told_wait
from adapters.http.sending import Clock, utc_now
from adapters.webhooks.messages import day_message, message_id
from adapters.webhooks.signing import signed
from domain.outward import NoticeDocument
from domain.ports.source import Limits
from domain.ports.target import Done, Effect, OutcomeUncertain, TargetFailure

_JSON: Final = {"Content-Type": "application/json"}


class Caller:
    """Posts signed messages to a receiver. May be used by several threads at once.

    Args:
        http: calls the receiver, and nobody else.
        url: its address.
        keys: that messages are signed with, the newest first.
        limits: bounds on each request.
        at_once: requests at the same time.
        now: what time it is.
    """

    def __init__(
        self, http: httpx.Client, url: str, keys: Sequence[bytes], limits: Limits, at_once: int, now: Clock = utc_now
    ) -> None:
        self._http = http
        self.url = url
        self._keys = tuple(keys)
        self._limits = limits
        self._turns = threading.BoundedSemaphore(at_once)
        self.now = now

    def post(self, message: str, body: bytes, until: dt.datetime, *, changes: bool = True) -> Answered:
        """Post a message, and answer what came back.

        Raises:
            TargetFailure: nothing was sent, or nothing that changes anything.
            OutcomeUncertain: it was sent, and there is no whole answer.
        """
        with self._turns:
            headers = {**_JSON, **signed(message, self.now(), body, self._keys)}
            return send(
                self._http,
                "POST",
                self.url,
                self._limits,
                until=until,
                content=body,
                headers=headers,
                changes=changes,
                now=self.now,
            )

    def close(self) -> None:
        """Give back connections."""
        self._http.close()


class WebhookTarget:
    """A receiver of notices. May be used by several threads at once."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def __repr__(self) -> str:
        return f"WebhookTarget({self._caller.url})"

    def write(self, effect: Effect, until: dt.datetime) -> Done:
        """Tell the receiver, under an id that stays the same, so that it takes it once; see the port."""
        document = _notice(effect)
        name = message_id(effect)
        answered = self._caller.post(name, day_message(document), until)
        check_taken(answered, self._caller.now())
        return Done(name, f"The receiver answered with status {answered.status}.")

    def look_up(self, effect: Effect, until: dt.datetime) -> Done | None:  # noqa: ARG002 - the port's
        """Nobody can ask a receiver what it was told: it never shows anything, and is told again under the same id."""
        _notice(effect)
        return None

    def close(self) -> None:
        """Give back connections."""
        self._caller.close()


def check_taken(answered: Answered, now: dt.datetime) -> None:
    """Let pass an answer that says that the message was taken.

    Receivers have bugs that their people mend within days: whatever they answer is tried again by itself, but for 410,
    by which a receiver says that it wants no more. What an answer says beside its status is not kept.

    Raises:
        TargetFailure: it was not taken.
        OutcomeUncertain: nobody knows whether it was.
    """
    status = answered.status
    if 200 <= status < 300:
        return
    wait = told_wait(answered.headers, now)
    retry_at = None if wait is None else now + dt.timedelta(seconds=wait)
    if status == 410:
        raise TargetFailure("rejected", "The receiver wants to be told no more (status 410): it is not told again.")
    if status == 429:
        raise TargetFailure("rate-limited", "The receiver has had too many requests.", retry_at=retry_at)
    if status == 503 and retry_at is not None:
        raise TargetFailure("unavailable", "The receiver cannot take it now (status 503).", retry_at=retry_at)
    if status == 408 or status >= 500:
        raise OutcomeUncertain(f"The receiver answered with status {status}: whether it took it is not known.")
    if 300 <= status < 400:
        raise TargetFailure("unavailable", f"The receiver points elsewhere (status {status}), which is not followed.")
    raise TargetFailure("unavailable", f"The receiver did not take it (status {status}).", retry_at=retry_at)


def _notice(effect: Effect) -> NoticeDocument:
    if not isinstance(effect.document, NoticeDocument):
        raise TargetFailure("not-taken", f"Webhooks tell of notices, of nothing of the type {effect.type}.")
    return effect.document
