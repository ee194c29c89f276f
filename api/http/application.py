"""The HTTP application: routes, problems, the guard around them, and nothing that opens anything."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import anyio.to_thread
from fastapi import APIRouter, Depends, FastAPI
from starlette.routing import BaseRoute

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
    import_jobs,
    imports,
    keeping,
    lives,
    log,
    making,
    objects,
    openid,
    overlays,
    people,
    personnel,
    persons,
    polls,
    replays,
    schedules,
    scim,
    service,
    sessions,
    settling,
    standing,
    syncing,
    systems,
    tracing,
)
from api.http.scim_errors import ScimErrors, tell_scim
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
    personnel.router,
    connections.router,
    making.router,
    lives.router,
    standing.router,
    systems.router,
    syncing.router,
    objects.router,
    import_jobs.router,
    imports.router,
    log.router,
    tracing.router,
    sessions.router,
    openid.router,
    people.router,
    scim.router,
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

    described = _described(ROUTERS)
    app = _application(described.routes, bounded)
    app.state.opened = opened
    # A poll may take minutes. Two threads always stay free for those who read.
    app.state.polls = Few(max(1, opened.settings.threads - 2))
    app.openapi_schema, app.state.parameters = described.document, described.parameters
    add_handlers(app)
    app.add_middleware(Guard, settings=opened.settings, door=Door(opened).let_in, signing=opened.signing)
    app.add_middleware(ScimErrors)
    return app


def _application(
    routes: Sequence[BaseRoute], lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]] | None = None
) -> FastAPI:
    return FastAPI(
        title="daybook",
        version=VERSION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        dependencies=[Depends(only_known_parameters)],
        routes=list(routes),
        lifespan=lifespan,
    )


@dataclass(frozen=True, slots=True)
class _Description:
    """What routes say of themselves.

    Attributes:
        routers: whose; kept, so that no other tuple can pass for them.
        routes: theirs, with what their dependencies are; every application answers with these very ones.
        document: the OpenAPI document.
        parameters: of each route.
    """

    routers: tuple[APIRouter, ...]
    routes: tuple[BaseRoute, ...]
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
        app = _application(())
        for router in routers:
            app.include_router(router)
        declared = declarations(app.routes)
        document = openapi_of(app)
        tell(document, declared)
        tell_scim(document)
        known = _DESCRIBED[id(routers)] = _Description(routers, tuple(app.routes), document, known_parameters(document))
    return known
