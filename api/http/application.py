"""The HTTP application: routes, problems, the guard around them, and nothing that opens anything."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import anyio.to_thread
from fastapi import APIRouter, Depends, FastAPI

from api.composition import OpenHouse
from api.http.documents import VERSION, openapi_of
from api.http.door import Door
from api.http.errors import add_handlers
from api.http.few_at_once import Few
from api.http.guard import Guard
from api.http.permitting import declarations, tell
from api.http.routes import (
    approvals,
    books,
    conflicts,
    connections,
    days,
    directory,
    figures,
    generations,
    imports,
    keeping,
    lives,
    log,
    making,
    objects,
    openid,
    overlays,
    people,
    persons,
    polls,
    replays,
    schedules,
    service,
    sessions,
    settling,
    standing,
    syncing,
    systems,
    tracing,
)
from api.http.strictness import KnownParameters, known_parameters, only_known_parameters

ROUTERS: Final[tuple[APIRouter, ...]] = (
    days.router,
    generations.router,
    figures.router,
    books.router,
    polls.router,
    replays.router,
    settling.router,
    overlays.router,
    conflicts.router,
    approvals.router,
    keeping.router,
    schedules.router,
    directory.router,
    persons.router,
    connections.router,
    making.router,
    lives.router,
    standing.router,
    systems.router,
    syncing.router,
    objects.router,
    imports.router,
    log.router,
    tracing.router,
    sessions.router,
    openid.router,
    people.router,
    service.router,
)
"""In the order of the document."""


def create_app(opened: OpenHouse) -> FastAPI:
    """The application on an opened house, whose owner closes it.

    Raises:
        UndeclaredRoute: a route does not say which permission it takes.
    """

    @asynccontextmanager
    async def bounded(_: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = opened.settings.threads
        yield

    app = _of_routes(ROUTERS, bounded)
    app.state.opened = opened
    # A poll may take minutes. Two threads always stay free for those who read.
    app.state.polls = Few(max(1, opened.settings.threads - 2))
    described = _described(ROUTERS)
    app.openapi_schema, app.state.parameters = described.document, described.parameters
    add_handlers(app)
    app.add_middleware(Guard, settings=opened.settings, door=Door(opened).let_in, signing=opened.signing)
    return app


def _of_routes(
    routers: tuple[APIRouter, ...], lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]] | None = None
) -> FastAPI:
    app = FastAPI(
        title="daybook",
        version=VERSION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        dependencies=[Depends(only_known_parameters)],
        lifespan=lifespan,
    )
    for router in routers:
        app.include_router(router)
    return app


@dataclass(frozen=True, slots=True)
class _Description:
    """What routes say of themselves.

    Attributes:
        routers: whose; kept, so that no other tuple can pass for them.
        document: the OpenAPI document.
        parameters: of each route.
    """

    routers: tuple[APIRouter, ...]
    document: dict[str, Any]
    parameters: KnownParameters


_DESCRIBED: dict[int, _Description] = {}


def _described(routers: tuple[APIRouter, ...]) -> _Description:
    """The description of routes: a second's work, and the same for every application of a process.

    Raises:
        UndeclaredRoute: a route does not say which permission it takes.
    """
    known = _DESCRIBED.get(id(routers))
    if known is None:
        app = _of_routes(routers)
        declared = declarations(app.routes)
        document = openapi_of(app)
        tell(document, declared)
        known = _DESCRIBED[id(routers)] = _Description(routers, document, known_parameters(document))
    return known
