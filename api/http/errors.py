"""From exceptions to problems."""

from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from api.composition import unavailable
from api.http import problems
from api.http.problems import problem, problem_of
from api.plain_systems import plain_problems
from domain.forms import BadForm
from domain.ports.journal import JournalUnavailable
from domain.ports.source import SourceFailure
from domain.refusals import Refusal
from domain.schedule import BadShifts

_MOST_ERRORS = 20
_OF_HTTP = {
    400: problems.BAD_REQUEST,
    404: problems.NO_SUCH_ADDRESS,
    405: problems.METHOD_NOT_ALLOWED,
    415: problems.NOT_JSON,
}


def add_handlers(app: FastAPI) -> None:
    """Let the application answer every exception that is foreseen with a problem; the guard answers the others."""
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(SourceFailure, _unreadable)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    for away in (OperationalError, InterfaceError, PoolTimeout):
        app.add_exception_handler(away, _database_away)


async def _refused(_: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal)  # noqa: S101 - registered for nothing else
    if isinstance(refusal, BadForm):
        return problem_of(refusal, {"errors": plain_problems(refusal)})
    if isinstance(refusal, BadShifts):
        errors = [{"shift": one.row, "field": one.column, "message": one.message} for one in refusal.problems]
        return problem_of(refusal, {"errors": errors})
    return problem_of(refusal)


async def _unreadable(_: Request, failure: Exception) -> Response:
    """Only a replay lets a source's failure through: the kept answer cannot be read by this release."""
    assert isinstance(failure, SourceFailure)  # noqa: S101
    extensions = {"failure": failure.failure, "resource": failure.resource}
    return problem(problems.CAPTURE_UNREADABLE, failure.message, extensions=extensions)


async def _database_away(_: Request, error: Exception) -> Response:
    if isinstance(error, DBAPIError):
        # The driver's words may name hosts and files, so that they go to the log and not into the answer.
        refusal = unavailable(error)
        return problem_of(type(refusal)("The database does not answer, or is locked: ask again."))
    return problem_of(JournalUnavailable("All connections to the database are busy: ask again."))


async def _invalid(_: Request, error: Exception) -> Response:
    """What does not fit, place by place: never the values, which may be secret."""
    assert isinstance(error, RequestValidationError)  # noqa: S101
    found = error.errors()
    if any(one["type"] == "json_invalid" for one in found):
        return problem(problems.BAD_REQUEST, "The body is not JSON.")
    errors = [{"location": _place(one["loc"]), "message": one["msg"]} for one in found[:_MOST_ERRORS]]
    first = errors[0] if errors else {"location": "request", "message": "it does not fit"}
    detail = f"{first['location']}: {first['message']}."
    return problem(problems.INVALID_REQUEST, detail, extensions={"errors": errors})


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    kind = _OF_HTTP.get(error.status_code)
    if kind is None:
        return problem(problems.BAD_REQUEST, "The request was not taken.", status=error.status_code)
    details = {
        problems.NO_SUCH_ADDRESS: "There is nothing at this address: /docs lists the addresses that there are.",
        problems.METHOD_NOT_ALLOWED: f"This address does not know {request.method[:10]}.",
        problems.BAD_REQUEST: "The body of the request cannot be read.",
        problems.NOT_JSON: "Send the body as application/json.",
    }
    return problem(kind, details[kind], headers=error.headers)


def _place(loc: tuple[Any, ...]) -> str:
    text = ".".join(str(part) for part in loc)[:200]
    return text.encode("utf-8", "replace").decode("utf-8")
