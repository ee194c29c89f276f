"""Query parameters that a route does not know are refused: a filter with a typo must not answer everything."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import Request
from fastapi.exceptions import RequestValidationError

KnownParameters = Mapping[tuple[str, str], frozenset[str]]
"""The query parameters of each route: by its template and method, as the OpenAPI document has them."""


TAKES_MORE: Final = frozenset({"/v1/oidc/callback"})
"""Addresses that others complete, who add what they like."""


def known_parameters(document: Mapping[str, Any]) -> KnownParameters:
    """What an OpenAPI document says that its routes take in the query."""
    return {
        (path, method.upper()): frozenset(
            parameter["name"] for parameter in operation.get("parameters", []) if parameter["in"] == "query"
        )
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


async def only_known_parameters(request: Request) -> None:
    """Refuse what the route does not declare, and a parameter that is given twice.

    Raises:
        RequestValidationError: there is such a parameter.
    """
    given = request.query_params.multi_items()
    template = getattr(request.scope.get("route"), "path_format", "")  # as the document has it, without converters
    if not given or template in TAKES_MORE:
        return
    known = request.app.state.parameters.get((template, request.method), frozenset())
    errors: list[dict[str, Any]] = []
    seen: set[str] = set()
    for name, _ in given:
        if name not in known:
            errors.append({"type": "unknown", "loc": ("query", name[:60]), "msg": "There is no such parameter here"})
        elif name in seen:
            errors.append({"type": "twice", "loc": ("query", name), "msg": "The parameter is given twice"})
        seen.add(name)
    if errors:
        raise RequestValidationError(errors)
