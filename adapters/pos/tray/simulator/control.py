"""The simulator's own controls, under ``/simulator``: what is done to the POS, never part of Tray's API."""

import datetime as dt
import functools
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from adapters.pos.tray.simulator.edits import Edits
from adapters.pos.tray.simulator.kernel import Refused
from adapters.pos.tray.simulator.pos import TrayPos
from adapters.pos.tray.simulator.wall import MICRO, date_of, micro_text, micros_of

_Handler = Callable[[TrayPos, Request], Awaitable[Any]]


class _Arming(msgspec.Struct, forbid_unknown_fields=True):
    """The body that arms a fault."""

    name: str
    times: int | None = 1
    after: int = 0
    resource: str | None = None
    venue: str | None = None
    parameters: dict[str, Any] = {}


class _Warming(msgspec.Struct, forbid_unknown_fields=True):
    """The body that draws days ahead of time."""

    venue: str | None = None
    first: dt.date | None = None
    last: dt.date | None = None


class _Clock(msgspec.Struct, forbid_unknown_fields=True):
    """The body that stops the clock, or lets it run."""

    now: dt.datetime | None = None


def routes(pos: TrayPos) -> list[Route]:
    """Answer the routes of the controls."""
    table: tuple[tuple[str, str, _Handler], ...] = (
        ("/healthz", "GET", _healthz),
        ("/venues", "GET", _venues),
        ("/truth", "GET", _truth),
        ("/warm", "POST", _warm),
        ("/clock", "PUT", _clock),
        ("/edits", "POST", _edits),
        ("/days/{venue}/{date}/{resource}", "PUT", _put),
        ("/days/{venue}/{date}/{resource}", "DELETE", _reset),
        ("/days/{venue}/{date}", "DELETE", _reset),
        ("/days", "DELETE", _reset),
        ("/faults", "GET", _faults),
        ("/faults", "POST", _arm),
        ("/faults", "DELETE", _disarm),
        ("/requests", "GET", _requests),
        ("/requests", "DELETE", _forget_requests),
    )
    return [Route(f"/simulator{path}", _endpoint(pos, handler), methods=[method]) for path, method, handler in table]


def _endpoint(pos: TrayPos, handler: _Handler) -> Callable[[Request], Awaitable[Response]]:
    @functools.wraps(handler)
    async def endpoint(request: Request) -> Response:
        try:
            return _json(200, await handler(pos, request))
        except Refused as refused:
            return Response(refused.body(), refused.status, media_type="application/json")
        except msgspec.DecodeError as error:
            return _json(400, {"error": {"code": "bad_body", "message": str(error)}})

    return endpoint


def _json(status: int, content: Any) -> Response:
    return Response(msgspec.json.encode(content), status, media_type="application/json")


def _date(text: str) -> dt.date:
    date = date_of(text)
    if date is None:
        raise Refused(400, "bad_date", "businessDate is a date, YYYY-MM-DD.")
    return date


async def _healthz(pos: TrayPos, request: Request) -> dict[str, Any]:  # noqa: ARG001 - handlers share one signature
    return {"status": "ok", "now": micro_text(pos.now())}


async def _venues(pos: TrayPos, request: Request) -> list[dict[str, Any]]:  # noqa: ARG001
    return [
        {"id": venue.id, "name": venue.name, "zone": venue.zone, "dayStart": venue.day_start.isoformat()}
        for venue in pos.settings.venues
    ]


async def _truth(pos: TrayPos, request: Request) -> dict[str, Any]:
    return pos.truth(request.query_params.get("venue", ""), _date(request.query_params.get("businessDate", "")))


async def _warm(pos: TrayPos, request: Request) -> dict[str, Any]:
    body = msgspec.json.decode(await request.body() or b"{}", type=_Warming)
    return {"rows": pos.warm([body.venue] if body.venue else None, body.first, body.last)}


async def _clock(pos: TrayPos, request: Request) -> dict[str, Any]:
    pos.set_now(msgspec.json.decode(await request.body(), type=_Clock).now)
    return {"now": micro_text(pos.now())}


async def _edits(pos: TrayPos, request: Request) -> dict[str, Any]:
    return pos.edit(msgspec.json.decode(await request.body(), type=Edits))


async def _put(pos: TrayPos, request: Request) -> dict[str, Any]:
    rows = msgspec.json.decode(await request.body(), type=list[dict[str, Any]])
    given = request.query_params.get("modifiedAt")
    modified = micros_of(given) if given else pos.now() // MICRO * MICRO
    if modified is None:
        raise Refused(400, "bad_instant", "modifiedAt is an instant, YYYY-MM-DDTHH:MM:SSZ.")
    path = request.path_params
    pos.put(path["venue"], _date(path["date"]), path["resource"], rows, modified)
    return {"rows": len(rows)}


async def _reset(pos: TrayPos, request: Request) -> dict[str, Any]:
    path = request.path_params
    date = _date(path["date"]) if "date" in path else None
    pos.reset(path.get("venue"), date, path.get("resource"))
    return {"reset": True}


async def _faults(pos: TrayPos, request: Request) -> dict[str, Any]:  # noqa: ARG001
    return pos.board.listing()


async def _arm(pos: TrayPos, request: Request) -> dict[str, Any]:
    body = msgspec.json.decode(await request.body(), type=_Arming)
    pos.arm(
        body.name,
        times=body.times,
        after=body.after,
        resource=body.resource,
        venue=body.venue,
        parameters=body.parameters,
    )
    return {"armed": body.name}


async def _disarm(pos: TrayPos, request: Request) -> dict[str, Any]:  # noqa: ARG001
    pos.disarm()
    return {"armed": None}


async def _requests(pos: TrayPos, request: Request) -> list[dict[str, Any]]:  # noqa: ARG001
    return list(pos.requests)


async def _forget_requests(pos: TrayPos, request: Request) -> dict[str, Any]:  # noqa: ARG001
    pos.requests.clear()
    return {"requests": 0}
