"""The ASGI application: the kernel API with its faults, and the simulator's own controls."""

from typing import NamedTuple

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from adapters.pos.tray.simulator import control
from adapters.pos.tray.simulator.faults.board import Armed
from adapters.pos.tray.simulator.faults.registry import Answer, Wire
from adapters.pos.tray.simulator.kernel import CONSOLIDATED, Page, Refused, Visit, enter, page_of, understand
from adapters.pos.tray.simulator.parcel import pack, visits_for
from adapters.pos.tray.simulator.pos import TrayPos
from adapters.pos.tray.simulator.scheduling import SCHEDULE_WRITES, read_schedule, write_schedule
from adapters.pos.tray.simulator.venues import venues_page

TRANSPORT = "tray.transport"
"""The key under which a request's connection is lent to the faults; it may be a :class:`Wire` itself."""


class _Outcome(NamedTuple):
    """An answer, the faults that shaped it, and the one that is to deliver it, if any."""

    visit: Visit | None
    answer: Answer
    faults: list[str]
    wire: Armed | None = None


class _Wired(Response):
    """An answer that a fault delivers over the naked connection."""

    def __init__(self, pos: TrayPos, visit: Visit, answer: Answer, armed: Armed) -> None:
        super().__init__()
        self._pos = pos
        self._visit = visit
        self._answer = answer
        self._armed = armed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - the fault sends past ASGI
        transport = scope.get(TRANSPORT)
        act = self._armed.fault.wire
        if transport is None or act is None:
            message = f"{self._armed.name} needs a real connection; serve the POS with running()."
            raise ConnectionError(message)
        wire = transport if isinstance(transport, Wire) else Wire(transport, receive, self._pos.stopping)
        await act(self._visit, self._answer, wire)


def create_app(pos: TrayPos) -> Starlette:
    """Answer the ASGI application that serves this POS."""

    def kernel(request: Request) -> Response:
        outcome = _outcome(pos, request)
        _log(pos, request, outcome)
        if outcome.wire is not None and outcome.visit is not None:
            return _Wired(pos, outcome.visit, outcome.answer, outcome.wire)
        return Response(outcome.answer.body, outcome.answer.status, outcome.answer.headers)

    async def asked(request: Request) -> Response:
        return kernel(request)

    async def venues(request: Request) -> Response:
        outcome = _venues(pos, request)
        _log(pos, request, outcome)
        return Response(outcome.answer.body, outcome.answer.status, outcome.answer.headers)

    async def scheduled(request: Request) -> Response:
        outcome = _schedules(pos, request, await request.body())
        _log(pos, request, outcome)
        if outcome.wire is not None and outcome.visit is not None:
            return _Wired(pos, outcome.visit, outcome.answer, outcome.wire)
        return Response(outcome.answer.body, outcome.answer.status, outcome.answer.headers)

    kernel_routes = [
        Route("/kernel/v1/venues", venues),
        Route("/kernel/v1/venues/{venue}/schedules", scheduled, methods=["GET", "PUT"]),
        Route("/kernel/v1/venues/{venue}/{resource:path}", asked),
    ]
    return Starlette(routes=[*kernel_routes, *control.routes(pos)])


def _log(pos: TrayPos, request: Request, outcome: _Outcome) -> None:
    pos.requests.append(
        {
            "method": request.method,
            "path": request.url.path,
            "query": request.url.query,
            "status": outcome.answer.status,
            "faults": outcome.faults,
        }
    )


def _venues(pos: TrayPos, request: Request) -> _Outcome:
    try:
        with pos.lock:
            body = venues_page(pos, request.headers.get("x-api-key"), request.query_params.multi_items())
    except Refused as refused:
        return _refusal(refused, [])
    return _Outcome(None, Answer(200, body), [])


def _outcome(pos: TrayPos, request: Request) -> _Outcome:
    faults: list[str] = []
    try:
        with pos.lock:
            return _answer(pos, request, faults)
    except Refused as refused:
        return _refusal(refused, faults)


def _schedules(pos: TrayPos, request: Request, body: bytes) -> _Outcome:
    """Read or write a schedule: too many requests come before the effect, all other faults after it."""
    faults: list[str] = []
    writes = request.method == "PUT"
    key = request.headers.get("x-api-key")
    try:
        with pos.lock:
            book = enter(pos, key, request.path_params["venue"], "schedules")
            visit = Visit(pos, book, SCHEDULE_WRITES if writes else "schedules", {}, key or "")
            pos.board.keep_waiting(visit)
            due = pos.board.due(visit)
            early = [armed for armed in due if armed.name.startswith("status_429")]
            _shaped(visit, Answer(200, b""), early, faults)
            query = dict(request.query_params.multi_items())
            told = write_schedule(pos, book, body) if writes else read_schedule(pos, book, query)
            return _shaped(visit, Answer(200, told), [armed for armed in due if armed not in early], faults)
    except Refused as refused:
        return _refusal(refused, faults)


def _shaped(visit: Visit, answer: Answer, due: list[Armed], faults: list[str]) -> _Outcome:
    """An answer with the faults whose turn it is."""
    for armed in due:
        visit.parameters = armed.parameters
        if armed.fault.answer is not None:
            _note(armed, faults)
            answer = armed.fault.answer(visit, answer)
    for armed in due:
        if armed.fault.wire is not None:
            visit.parameters = armed.parameters
            _note(armed, faults)
            return _Outcome(visit, answer, faults, armed)
    return _Outcome(visit, answer, faults)


def _refusal(refused: Refused, faults: list[str]) -> _Outcome:
    headers = {"content-type": "application/json", **refused.headers}
    return _Outcome(None, Answer(refused.status, refused.body(), headers), faults)


def _answer(pos: TrayPos, request: Request, faults: list[str]) -> _Outcome:
    venue, resource = request.path_params["venue"], request.path_params["resource"]
    key = request.headers.get("x-api-key")
    visit = Visit(pos, enter(pos, key, venue, resource), resource, {}, key or "")
    understand(visit, request.query_params.multi_items())
    pos.board.keep_waiting(visit)
    due = pos.board.due(visit)
    packed = visit.resource in CONSOLIDATED
    answer = _parcel(visit, due, faults) if packed else Answer(200, _page(visit, due, faults).body())
    return _shaped(visit, answer, due, faults)


def _page(visit: Visit, due: list[Armed], faults: list[str]) -> Page:
    """The page of a visit, after the traps and with the faults whose turn it is."""
    for armed in due:
        visit.parameters = armed.parameters
        if armed.fault.trap is not None and armed.fault.trap(visit):
            _note(armed, faults)
    page = page_of(visit)
    for armed in due:
        visit.parameters = armed.parameters
        if armed.fault.page is not None and (changed := armed.fault.page(visit, page)) is not page:
            page = changed
            _note(armed, faults)
    return page


def _parcel(visit: Visit, due: list[Armed], faults: list[str]) -> Answer:
    """The archive that was asked for; traps and faults of rows act on each resource that goes into it."""
    pages = [(inner.resource, _page(inner, visit.pos.board.due(inner), faults)) for inner in visits_for(visit)]
    parcel = pack(visit, pages)
    for armed in due:
        visit.parameters = armed.parameters
        if armed.fault.parcel is not None and (changed := armed.fault.parcel(visit, parcel)) is not parcel:
            parcel = changed
            _note(armed, faults)
    sealed = parcel.seal()
    visit.pos.hand_out(parcel.question(), sealed)
    return Answer(200, sealed, {"content-type": "application/octet-stream"})


def _note(armed: Armed, faults: list[str]) -> None:
    armed.spend()
    faults.append(armed.name)
