"""What each route takes: every one declares it, the application checks it first, and tells it in its document."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fastapi import Depends, Request
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from starlette.routing import BaseRoute

from api.http.answering import Acting
from api.http.documents import problem_response
from api.refusals import NoSuchLocation
from domain.identifiers import plain
from domain.permissions import NotPermitted, Permission, Principal


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a route takes.

    Attributes:
        permissions: one of them is enough to come in; the command behind the route asks for the one that it takes.
            None: the route takes none.
        word: how the document says it, where the route takes none: ``public`` or ``signed-in``.
    """

    permissions: tuple[Permission, ...] = ()
    word: str = ""

    @property
    def names(self) -> list[str]:
        """As the document lists them."""
        return [permission.value for permission in self.permissions] or [self.word]

    def allows(self, who: Principal) -> bool:
        """They may come in, whatever the location."""
        return not self.permissions or any(one in who.rights.permissions for one in self.permissions)


class _Asking(Declaration):
    """Whoever asks is recognized first."""

    async def __call__(self, request: Request, who: Acting) -> None:
        """Let a request through that may come in.

        A location out of reach is answered as one that does not exist, before anything of it is looked at: so nobody
        can tell the one from the other.

        Raises:
            NotPermitted: no role of whoever asks gives one of the permissions.
            BadIdentifier: the location in the address cannot be one.
            NoSuchLocation: it is out of their reach.
        """
        if not self.allows(who):
            raise _not_permitted(self.names, who)
        location = request.path_params.get("location")
        if location is not None:
            check_reach(who, plain(location, "location"))


class _Public(Declaration):
    """Nobody is asked who they are."""

    async def __call__(self) -> None:
        """Let everybody through."""


class UndeclaredRoute(Exception):
    """A route does not say which permission it takes: a fault in daybook, which does not start so."""


def takes(*permissions: Permission) -> Any:
    """The dependency of a route that takes one of these permissions, at the location in its address if it has one."""
    return Depends(_Asking(permissions))


SIGNED_IN: Final = Depends(_Asking(word="signed-in"))
"""The dependency of a route for everybody who is recognized."""

PUBLIC: Final = Depends(_Public(word="public"))
"""The dependency of a route for everybody."""


def check_reach(who: Principal, location: str) -> None:
    """Go on, if a location is one of those of whoever asks.

    Raises:
        NoSuchLocation: it is not, or there is none of that id.
    """
    if not who.rights.reach(location):
        raise NoSuchLocation(
            f"There is no location {location!r} here: `GET /v1/locations` lists those that connections feed."
        )


def _not_permitted(names: Iterable[str], who: Principal) -> NotPermitted:
    roles = ", ".join(repr(role) for role in who.rights.roles) or "none"
    wanted = " or ".join(repr(name) for name in names)
    return NotPermitted(f"This takes the permission {wanted}, which the roles ({roles}) do not give.")


def declarations(routes: Sequence[BaseRoute]) -> dict[tuple[str, str], Declaration]:
    """What every route takes, by method and address, in the order of the application.

    Raises:
        UndeclaredRoute: one of them does not say, or says it twice.
    """
    found: dict[tuple[str, str], Declaration] = {}
    silent: list[str] = []
    for route in iter_route_contexts(routes):
        declared = _declared(route)
        methods = sorted(route.methods or ["(no method)"])
        if len(declared) != 1:
            silent.append(f"{', '.join(methods)} {route.path}")
        else:
            found |= {(method, str(route.path_format)): declared[0] for method in methods}
    if silent:
        raise UndeclaredRoute(
            f"Routes that do not declare once which permission they take: {'; '.join(silent)}. Give each "
            "`dependencies=[takes(…)]`, or say that it is PUBLIC or for everybody SIGNED_IN (api/http/permitting.py)."
        )
    return found


def _declared(route: RouteContext) -> list[Declaration]:
    if not isinstance(route.original_route, APIRoute):
        return []
    asked = [depends.dependency for depends in route.dependencies]
    return [dependency for dependency in asked if isinstance(dependency, Declaration)]


def tell(document: Mapping[str, Any], known: Mapping[tuple[str, str], Declaration]) -> None:
    """Write into the OpenAPI document what every operation takes, and the answers that this can lead to."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            declared = known[method.upper(), path]
            operation["x-permission"] = declared.names
            operation["description"] = f"{operation.get('description', '')}\n\n{_sentence(declared)}".strip()
            statuses = [] if declared.word == "public" else [401]
            statuses += [403] if declared.permissions else []
            statuses += [404] if "{location}" in path or "{connection}" in path else []
            for status in statuses:
                operation["responses"].setdefault(str(status), problem_response(status))


def _sentence(declared: Declaration) -> str:
    if declared.word:
        return {"public": "Nobody is asked who they are.", "signed-in": "For everybody who is signed in."}[
            declared.word
        ]
    names = [f"`{permission.value}`" for permission in declared.permissions]
    if len(names) == 1:
        return f"Takes the permission {names[0]}."
    return f"Takes one of the permissions {', '.join(names[:-1])} or {names[-1]}: which one follows from what is asked."
