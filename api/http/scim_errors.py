"""Below ``/scim/`` what goes wrong is told as RFC 7644 has it; everywhere else as RFC 9457."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.problems import MEDIA_TYPE as PROBLEM
from api.http.scim_models import ScimError
from api.scim.words import ERROR, MEDIA_TYPE, PREFIX

HEADER: Final = "Daybook-Problem"
"""Names the kind of problem, as ``/problems`` lists it: SCIM's errors have no place for it."""

_KINDS: Final[Mapping[str, str]] = {
    "/problems/bad-scim-filter": "invalidFilter",
    "/problems/bad-cursor": "invalidCursor",
    "/problems/bad-request": "invalidSyntax",
}
_STATUSES: Final = {422: 400}


def is_scim(path: str) -> bool:
    """The address belongs to the SCIM service."""
    return path.startswith(f"{PREFIX}/")


class ScimErrors:
    """ASGI middleware around everything else: it turns problems below ``/scim/v2`` into SCIM's errors."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, and turn its answer where it is a problem."""
        if scope["type"] == "http" and is_scim(scope["path"]):
            await self._app(scope, receive, _Turning(send))
        else:
            await self._app(scope, receive, send)


class _Turning:
    """Holds a problem back until all of it is there."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._begun: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_problem(message):
            self._begun = message
            return
        if self._begun is None or message["type"] != "http.response.body":
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if message.get("more_body", False):
            return
        body = scim_error(self._begun, self._body)
        await self._send(self._begun)
        await self._send({"type": "http.response.body", "body": body})


def _is_problem(message: Message) -> bool:
    return Headers(raw=message["headers"]).get("content-type", "") == PROBLEM


def scim_error(begun: Message, body: bytes) -> bytes:
    """The error that a problem is; the message that begins its answer is changed to fit."""
    problem: dict[str, Any] = msgspec.json.decode(body)
    begun["status"] = status = _STATUSES.get(begun["status"], begun["status"])
    content = {"schemas": [ERROR], "status": str(status), "detail": problem["detail"]}
    if status == 400:
        content["scimType"] = _KINDS.get(problem["type"], "invalidValue")
    written = msgspec.json.encode(content)
    headers = MutableHeaders(scope=begun)
    headers["content-type"], headers["content-length"] = MEDIA_TYPE, str(len(written))
    headers[HEADER] = problem["type"]
    return written


def tell_scim(document: dict[str, Any]) -> None:
    """Write into the OpenAPI document that the SCIM service answers errors of its own form."""
    template = "#/components/schemas/{model}"
    document["components"]["schemas"]["ScimError"] = ScimError.model_json_schema(ref_template=template)
    for path, operations in document["paths"].items():
        if is_scim(path):
            for operation in operations.values():
                _turn(operation["responses"])


def _turn(responses: dict[str, Any]) -> None:
    for status in [status for status in responses if int(status) in _STATUSES]:
        responses.setdefault(str(_STATUSES[int(status)]), responses[status])
        del responses[status]
    for status, response in responses.items():
        if int(status) >= 400:
            response["content"] = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ScimError"}}}
