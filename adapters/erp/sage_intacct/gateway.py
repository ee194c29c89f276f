"""The gateway's calls: one request at a time with a session, its answer checked, whatever is not certain told apart."""

import datetime as dt
import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, cast

import httpx

from adapters.erp.sage_intacct.answers import Answer, NotAnAnswer, Result, answer_of
from adapters.erp.sage_intacct.envelope import function, login, request, session
from adapters.erp.sage_intacct.profile import PATH
from adapters.erp.sage_intacct.sessions import Session, Sessions
from adapters.erp.sage_intacct.verdicts import Kind, Verdict, unknown_to_us, verdict_of
from adapters.http import Gate, base_address, check_answered, send
from adapters.http.sending import Clock
from domain.ports.source import BadEndpoint, Limits
from domain.ports.target import Failure, OutcomeUncertain, TargetFailure

_HEADERS: Final = {"Content-Type": "application/xml", "Accept": "application/xml, text/xml"}
_RENEW_BEFORE: Final = dt.timedelta(minutes=1)
_SHORTEST_SESSION: Final = dt.timedelta(minutes=5)
_AS_FAILURE: Final[Mapping[Kind, Failure]] = {
    "duplicate": "rejected",
    "unclear": "rejected",
    "session-over": "not-authorized",
}
_REFUSED: Final[dict[int, tuple[Failure, str]]] = {
    404: ("bad-endpoint", "There is no XML gateway at this address: check it."),
    405: ("bad-endpoint", "There is no XML gateway at this address: check it."),
    413: ("too-large", "The request is larger than the gateway takes."),
}


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who asks."""

    company: str
    user: str
    password: str = field(repr=False)
    sender: str
    sender_password: str = field(repr=False)

    def fingerprint(self, url: str, entity: str) -> str:
        """What tells sessions apart; it is kept in memory only."""
        said = (url, self.company, self.user, self.password, self.sender, self.sender_password, entity)
        return hashlib.sha256("\0".join(said).encode()).hexdigest()


class Gateway:
    """Asks the XML gateway of one company. May be used by several threads at once."""

    def __init__(
        self,
        http: httpx.Client,
        base: str,
        allowed: Gate,
        credentials: Credentials,
        limits: Limits,
        sessions: Sessions,
        now: Clock,
    ) -> None:
        self._http = http
        self._url = f"{base}{PATH}"
        self._allowed = allowed
        self._credentials = credentials
        self._limits = limits
        self._now = now
        self._sessions = sessions
        self.requests = 0

    def ask(
        self, functions: Sequence[str], until: dt.datetime, *, entity: str = "", changes: bool = False
    ) -> tuple[Result, ...]:
        """What came of functions, in one operation: all of them happened, or none. Each may have failed.

        A session that is over is begun again, once: a request that it was refused for did nothing.

        Args:
            functions: each by :func:`function`.
            until: nothing is sent after it.
            entity: at which it is done; empty: at the top level.
            changes: they change something.

        Raises:
            TargetFailure: nothing was done.
            OutcomeUncertain: it may have been done.
        """
        for _ in range(2):
            current = self.session(until, entity)
            answer = self._post(current.url, session(current.id), functions, until, changes=changes)
            if answer.authentication == "success":
                return answer.results
            verdict = verdict_of(answer.troubles)
            self._sessions.forget(self._key(entity), current)
            if verdict.kind not in {"session-over", "not-authorized"}:
                break
        raise _not_let_in(verdict)

    def session(self, until: dt.datetime, entity: str = "") -> Session:
        """A session that is not over.

        Raises:
            TargetFailure: there is none to be had.
        """
        return self._sessions.get(self._key(entity), self._now(), lambda: self._begin(until, entity))

    def _key(self, entity: str) -> str:
        return self._credentials.fingerprint(self._url, entity)

    def _begin(self, until: dt.datetime, entity: str) -> Session:
        mine = self._credentials
        name = login(mine.company, mine.user, mine.password, entity)
        asked = function(f"session:{uuid.uuid4()}", ("getAPISession", ""))
        answer = self._post(self._url, name, [asked], until, changes=False)
        if answer.authentication != "success":
            raise _not_let_in(verdict_of(answer.troubles))
        [result] = answer.results
        if result.status != "success":
            raise failure_of(verdict_of(result.troubles))
        row = result.rows[0] if result.rows else {}
        if not row.get("sessionid"):
            raise TargetFailure("unexpected-answer", "Sage Intacct answered without a session.")
        return Session(row["sessionid"], self._endpoint(row.get("endpoint", "")), answer.company, self._ends(answer))

    def _endpoint(self, told: str) -> str:
        """Where the session is used: never at a host that is none of the system's."""
        if not told:
            return self._url
        try:
            return base_address(told, self._allowed).url
        except BadEndpoint:
            message = "Sage Intacct sends the session to a host that is none of its own: nothing was sent there."
            raise TargetFailure("bad-endpoint", message) from None

    def _ends(self, answer: Answer) -> dt.datetime:
        """A little before the gateway says; of what it says that cannot be so, soon."""
        now = self._now()
        try:
            told = dt.datetime.fromisoformat(answer.session_ends)
        except ValueError:
            return now + _SHORTEST_SESSION
        if told.tzinfo is None or told <= now:
            return now + _SHORTEST_SESSION
        return max(told - _RENEW_BEFORE, now)

    def _post(
        self, url: str, authentication: str, functions: Sequence[str], until: dt.datetime, *, changes: bool
    ) -> Answer:
        mine, name = self._credentials, f"daybook:{uuid.uuid4()}"
        body = request(mine.sender, mine.sender_password, name, authentication, functions, once=changes)
        self.requests += 1
        answered = send(
            self._http,
            "POST",
            url,
            self._limits,
            until=until,
            content=body,
            headers=_HEADERS,
            changes=changes,
            now=self._now,
        )
        check_answered(answered, changes=changes, now=self._now)
        try:
            answer = answer_of(answered.body)
        except NotAnAnswer as error:
            if answered.status != 200:
                raise _refused(answered.status) from None
            raise _doubtful(str(error), changes=changes) from None
        return _checked(answer, name, len(functions), changes=changes)


def failure_of(verdict: Verdict) -> TargetFailure:
    """The failure that a verdict is, where nothing was done; says nothing of what Sage Intacct said."""
    return TargetFailure(_AS_FAILURE.get(verdict.kind) or cast(Failure, verdict.kind), verdict.sentence)


def _not_let_in(verdict: Verdict) -> TargetFailure:
    """The failure that a refused sign-in is: without words that are known, it is still one of the sign-in."""
    if verdict.kind in {"unclear", "duplicate", "rejected"} or not verdict.said:
        return TargetFailure("not-authorized", "Sage Intacct does not accept the sign-in, in words that are not known.")
    return failure_of(verdict)


def _checked(answer: Answer, name: str, functions: int, *, changes: bool) -> Answer:
    """An answer to just what was asked, one that was not refused as a whole."""
    if answer.control == "failure" and not (changes and unknown_to_us(answer.troubles)):
        raise failure_of(verdict_of(answer.troubles))  # no operation was executed
    if answer.control == "failure":
        raise _doubtful("The gateway failed in a way that is not documented.", changes=changes)
    if answer.control != "success" or answer.request_id != name:
        raise _doubtful("It is the answer to another request.", changes=changes)
    if answer.authentication == "success" and len(answer.results) != functions:
        raise _doubtful("It does not say what came of each function.", changes=changes)
    if answer.authentication not in {"success", "failure"}:
        raise _doubtful("It does not say whether the sign-in was accepted.", changes=changes)
    return answer


def _doubtful(why: str, *, changes: bool) -> Exception:
    message = f"Sage Intacct's answer cannot be trusted. {why}"
    return OutcomeUncertain(message) if changes else TargetFailure("unexpected-answer", message)


def _refused(status: int) -> TargetFailure:
    failure, message = _REFUSED.get(status, ("rejected", f"The gateway refused the request (status {status})."))
    return TargetFailure(failure, message)
