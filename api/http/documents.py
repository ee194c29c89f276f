"""The OpenAPI document: what FastAPI finds out, and what it cannot know: problems, headers, not-modified."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from api.http.door import is_public
from api.http.models import Problem
from api.http.problems import MEDIA_TYPE

VERSION: Final = "1.0"

_PHRASES: Final = {
    400: "The address, a header or the body cannot be read.",
    401: "Nobody says who asks, or what they say proves nothing.",
    403: "The roles of who asks do not give that.",
    404: "It does not exist, or not for this client.",
    408: "The body did not arrive in time.",
    409: "What is there is not what the request needs; or the source's day is not closed yet.",
    412: "What is there is not at the version of If-Match.",
    413: "The body is too large.",
    414: "The address is too long.",
    415: "The body is not application/json.",
    421: "The Host header does not name this machine.",
    422: "A parameter or the body has the wrong form or an impossible value.",
    428: "If-Match is missing: what is replaced has to be named by its version.",
    429: "Too many attempts to sign in failed. Retry-After says how long to wait.",
    431: "The headers are too large.",
    500: "Something went wrong inside.",
    502: "The source did not give the day whole; the attempt is recorded.",
    503: "Not now: the database, the views or the source need time. Retry-After says how long.",
}
_EVERYWHERE: Final = (400, 414, 421, 422, 431, 500)
"""What may be answered to any request: an address that cannot be read, a parameter that there is not."""

_HEADERS: Final = {
    "Daybook-Position": "The position of the log that the answer is at least as new as.",
    "ETag": "The version of what is answered: the day's stream, the configuration, the books, the connection.",
    "Idempotent-Replayed": "`true` where the recorded outcome of an earlier request is answered.",
    "Link": "The next page.",
    "Location": "What was written: the day, or the connection.",
}

DESCRIPTION: Final = """\
daybook records what the points of sale of restaurants say about each business day, and every later change, as facts
that are never altered; this API asks for polls and reads the views that follow from the facts.

- **Who may:** programs send an API key, `Authorization: Bearer dbk_…`; people sign in (`POST /v1/sessions`, or through
  an OpenID provider) and have a cookie, which is good for writes only from a page of daybook itself, or with the header
  `Daybook-Write`. Roles say what they may do, and locations where; all they see is of one client. What needs no sign-in
  is health, problems, this document, and signing in.
- **Amounts** are decimal strings (`"480.00"`), **instants** are UTC, **business dates** are `YYYY-MM-DD`.
- **Personal data:** of employees the names are opened for display, with the last digits of the SSN and whether they
  are minors, until a person is forgotten: then all of it is null. Of the rest `sealed` only says that it is known, in
  facts, history and replays as well; who may opens it field by field, and each opening is recorded.
- **Versions:** the ETag of a day, its summary, labor and history is the version of the day's stream. `If-None-Match`
  saves an answer, `If-Match` on a poll makes sure that nobody came between. A configuration has a version of its own,
  as the accounts have; each is only replaced where `If-Match` names the newest. The ETag of journal entries is made of
  the versions of the day and of the accounts, as that of a generation is; that of a comparison of both sides'.
- **Moments:** `as_of` is a position of the log or an instant that has passed. The answer is what was answered then, and
  all pages of a list are of that moment.
- **Looking back:** generations and comparisons say what changed and what that means for every figure and journal line;
  figures and journal lines lead to their records, facts, captures and attempts; `/v1/trace` leads from any id there.
- **Reading your own write:** a poll answers its `Daybook-Position`; a read with `min_position` waits for it, and
  answers 503 rather than something stale.
- **Repeating:** a write with an `Idempotency-Key` is done once; its outcome is answered again.
- **Problems** are `application/problem+json` (RFC 9457). `/problems` lists their types.
"""


def documented(
    successes: Mapping[int, str],
    *statuses: int,
    headers: Sequence[str] = (),
    model: type[BaseModel] | None = None,
) -> dict[int | str, dict[str, Any]]:
    """The ``responses`` of a route.

    Args:
        successes: what each good status means; 304 is one.
        statuses: problems that it may answer, besides those that any request may meet.
        headers: of the good answers.
        model: of the good answers beside the first, which the route's own model describes.
    """
    shown = {name: {"description": _HEADERS[name], "schema": {"type": "string"}} for name in headers}
    responses: dict[int | str, dict[str, Any]] = {}
    for status, meaning in successes.items():
        responses[status] = {"description": meaning, "headers": shown}
        if status == 201 and model is not None:
            responses[status]["model"] = model
    for status in sorted({*statuses, *_EVERYWHERE}):
        responses[status] = problem_response(status)
    return responses


def problem_response(status: int) -> dict[str, Any]:
    """How the document describes a status that comes with a problem."""
    response: dict[str, Any] = {
        "description": _PHRASES[status],
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if status in {429, 503}:
        response["headers"] = {
            "Retry-After": {"description": "Seconds until it may work.", "schema": {"type": "integer"}}
        }
    return response


def _secure(document: dict[str, Any]) -> None:
    """Say how one is recognized, and what every address answers that takes it."""
    document["components"]["securitySchemes"] = {
        "key": {"type": "http", "scheme": "bearer", "description": "An API key, or a token of the OpenID provider."},
        "session": {"type": "apiKey", "in": "cookie", "name": "daybook-session", "description": "Of who signed in."},
    }
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if is_public(method.upper(), path):
                operation["security"] = []
                continue
            operation["security"] = [{"key": []}, {"session": []}]
            for status in (401, 403, 429):
                operation["responses"].setdefault(str(status), problem_response(status))


def openapi_of(app: FastAPI) -> dict[str, Any]:
    """The document, made once."""
    if app.openapi_schema is None:
        document = get_openapi(
            title="daybook",
            version=VERSION,
            summary="Business days of restaurants: polls, Daily Sales Summaries, their history and the log of facts.",
            description=DESCRIPTION,
            routes=app.routes,
            license_info=None,
        )
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        _secure(document)
        schemas["Problem"] = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        app.openapi_schema = document
    return app.openapi_schema
