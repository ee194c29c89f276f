"""The simulated XML gateway: takes a request, does it to the books, answers. No sockets here."""

import datetime as dt
import threading
import uuid
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from adapters.erp.sage_intacct.simulator import posting, reading
from adapters.erp.sage_intacct.simulator.books import Books, Session
from adapters.erp.sage_intacct.simulator.faults import FAULTS, Fault, On, Reply
from adapters.erp.sage_intacct.simulator.saying import Refused, Told, fields_of, operation_of, response, result
from adapters.erp.sage_intacct.simulator.understanding import Function, NotUnderstood, Request, understood

_WRITES: Final = {"create": posting.create, "update": posting.update, "delete": posting.delete}
_MOST_REQUESTS: Final = 100_000
_ROLLED_BACK: Final = Refused(
    "XL03000009", "The entire transaction in this operation has been rolled back due to an error."
)


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class SimulatedGateway:
    """The gateway in front of one company's books. May be called by several threads at once.

    Args:
        books: of the company.
        now: what time it is.

    Attributes:
        books: of the company.
        endpoint: at which sessions are to be used; set when it is served.
        requests: what came in, the newest last: names of functions, control ids, who asked.
        at_once: the most requests that were under way at the same time.
    """

    def __init__(self, books: Books | None = None, now: Callable[[], dt.datetime] = _utc_now) -> None:
        self.books = books or Books()
        self.endpoint = ""
        self.requests: deque[dict[str, Any]] = deque(maxlen=_MOST_REQUESTS)
        self.at_once = 0
        self._under_way = 0
        self._now = now
        self._lock = threading.RLock()
        self._armed: list[tuple[str, Fault]] = []
        self._kept: dict[str, reading.Rest] = {}

    def set_clock(self, now: Callable[[], dt.datetime]) -> None:
        """Another clock from now on."""
        self._now = now

    def arm(self, name: str, times: int = 1) -> None:
        """Let a fault happen to the next requests that it waits for.

        Raises:
            KeyError: there is no such fault.
        """
        with self._lock:
            self._armed.extend([(name, FAULTS[name])] * times)

    def disarm(self) -> None:
        """Take back all faults that have not happened."""
        with self._lock:
            self._armed.clear()

    @contextmanager
    def armed(self, name: str) -> Iterator[None]:
        """A fault for the next request that it waits for, within the block."""
        self.arm(name)
        try:
            yield
        finally:
            with self._lock:  # whoever is inside has done what it was to do
                self.disarm()

    def end_sessions(self) -> None:
        """Every session is over."""
        with self._lock:
            self.books.sessions.clear()

    def answer(self, body: bytes) -> Reply:
        """The answer to the body of a request."""
        self._under_way += 1
        self.at_once = max(self.at_once, self._under_way)
        try:
            with self._lock:
                return self._answer(body)
        finally:
            self._under_way -= 1

    def _answer(self, body: bytes) -> Reply:
        try:
            asked = understood(body)
        except NotUnderstood as error:
            self.requests.append({"functions": [], "control_ids": []})
            return Reply(body=response({}, "failure", errors=[Refused("XL03000003", str(error))]))
        self._note(asked)
        self.books.begin()
        fault = self._due("change" if asked.changes else "sign-in" if asked.login else "read")
        if fault is None:
            return Reply(body=self._done(asked))
        if not fault.before:
            return fault.reply(Reply(body=self._done(asked)))
        reply = fault.reply(Reply(body=self._done(asked)))
        self.books.roll_back()
        return reply

    def _due(self, on: On) -> Fault | None:
        for number, (_, fault) in enumerate(self._armed):
            if fault.on == on:
                return self._armed.pop(number)[1]
        return None

    def _note(self, asked: Request) -> None:
        self.requests.append(
            {
                "functions": [function.name for function in asked.functions],
                "control_ids": [function.control_id for function in asked.functions],
                "once": asked.once,
                "entity": asked.login.get("locationid", ""),
            }
        )

    def _done(self, asked: Request) -> bytes:
        settings, control = self.books.settings, asked.control
        if settings.senders.get(control.get("senderid", "")) != control.get("password"):
            wrong = Refused("XL03000006", "Incorrect Intacct XML Partner ID or password.")
            return response(control, "failure", errors=[wrong])
        if control.get("dtdversion") not in {"3.0", "2.1"}:
            return response(control, "failure", errors=[Refused("XL03000003", "The dtdversion is not supported")])
        try:
            session = self._who(asked)
        except Refused as refused:
            who = {
                "status": "failure",
                "userid": asked.login.get("userid", ""),
                "companyid": asked.login.get("companyid", ""),
            }
            return response(control, "success", operation_of(who, "", [refused]))
        who = {
            "status": "success",
            "userid": session.user,
            "companyid": settings.company,
            "locationid": session.entity,
            "sessiontimestamp": self._now().isoformat(timespec="seconds"),
            "sessiontimeout": session.ends_at.isoformat(timespec="seconds"),
        }
        return response(control, "success", operation_of(who, self._results(asked, session)))

    def _who(self, asked: Request) -> Session:
        books, now = self.books, self._now()
        settings = books.settings
        sender = asked.control.get("senderid", "")
        if sender not in settings.authorized:
            raise Refused(
                "XL03000006",
                f"The sender ID '{sender}' is not authorized to make Web Services requests to company ID "
                f"'{settings.company}'.",
                "Contact the company administrator to grant Web Services authorization to this sender ID.",
            )
        if not asked.login:
            session = books.sessions.get(asked.session)
            if session is None or session.ends_at <= now:
                raise Refused("XL03000006", "The session is invalid or has timed out", "Sign in again.")
            return session
        user, entity = asked.login.get("userid", ""), asked.login.get("locationid", "")
        right = settings.users.get(user) == asked.login.get("password")
        if asked.login.get("companyid", "").upper() != settings.company.upper() or not right:
            raise Refused("XL03000006", "Sign-in information is incorrect", "Please check your credentials.")
        if entity and entity not in settings.entities:
            raise Refused("XL03000006", f"There is no entity '{entity}'", "Sign in at another entity.")
        return Session(user, entity, now + dt.timedelta(minutes=settings.session_minutes))

    def _results(self, asked: Request, session: Session) -> str:
        said: list[tuple[Function, Told | None, Refused | None]] = []
        failed = False
        for function in asked.functions:
            steps = self.books.steps
            try:
                said.append((function, self._function(asked, function, session), None))
            except Refused as refused:
                failed = True
                self.books.roll_back(steps)
                said.append((function, None, refused))
                if asked.together:
                    break
        if failed and asked.together:
            self.books.roll_back()
            return "".join(_undone(function, refused) for function, _, refused in said)
        return "".join(
            result("failure", function.name, function.control_id, Told({"count": "0"}), [refused])
            if refused
            else result("success", function.name, function.control_id, told)
            for function, told, refused in said
        )

    def _function(self, asked: Request, function: Function, session: Session) -> Told:
        books, entity = self.books, session.entity
        if asked.once and function.control_id in books.executed:
            raise Refused(
                "XL03000011",
                f"The function control ID '{function.control_id}' has already been processed",
                "Use another.",
            )
        if function.name == "getAPISession":
            told = self._session(function, session)
        elif function.name in _WRITES:
            told = _WRITES[function.name](books, function, entity)
        elif function.name == "query":
            told = reading.query(books, function, entity)
        elif function.name == "readByQuery":
            told = reading.read_by_query(books, function, entity, self._kept)
        elif function.name == "readMore":
            told = reading.read_more(function, self._kept)
        elif function.name in {"read", "readByName"}:
            told = reading.read(books, function, entity, by_name=function.name == "readByName")
        elif function.name in {"lookup", "inspect"}:
            told = reading.lookup(function)
        else:
            raise Refused("XL03000009", f"There was an error processing the function {function.name}")
        if asked.once:
            books.execute(function.control_id, function.name)
        return told

    def _session(self, function: Function, session: Session) -> Told:
        entity = (function.body.findtext("locationid") or "").strip() or session.entity
        if entity and entity not in self.books.settings.entities:
            raise Refused("XL03000006", f"There is no entity '{entity}'")
        name = f"{uuid.uuid4().hex}.."
        self.books.sessions[name] = Session(session.user, entity, session.ends_at)
        api = fields_of({"sessionid": name, "endpoint": self.endpoint, "locationid": entity})
        return Told(raw=f"<api>{api}</api>")


def _undone(function: Function, refused: Refused | None) -> str:
    errors = [refused, _ROLLED_BACK] if refused else [_ROLLED_BACK]
    return result("failure" if refused else "aborted", function.name, function.control_id, None, errors)
