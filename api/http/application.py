"""The HTTP application: routes, problems, the guard around them, and nothing that opens anything."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio.to_thread
from fastapi import Depends, FastAPI

from api.composition import OpenHouse
from api.http.documents import VERSION, openapi_of
from api.http.errors import add_handlers
from api.http.few_at_once import Few
from api.http.guard import Guard
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
    log,
    overlays,
    polls,
    replays,
    service,
    settling,
    tracing,
)
from api.http.strictness import known_parameters, only_known_parameters


def create_app(opened: OpenHouse) -> FastAPI:
    """The application on an opened house, whose owner closes it."""

    @asynccontextmanager
    async def bounded(_: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = opened.settings.threads
        yield

    app = FastAPI(
        title="daybook",
        version=VERSION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        dependencies=[Depends(only_known_parameters)],
        lifespan=bounded,
    )
    app.state.opened = opened
    # A poll may take minutes. Two threads always stay free for those who read.
    app.state.polls = Few(max(1, opened.settings.threads - 2))
    routers: tuple[Any, ...] = (
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
        directory.router,
        connections.router,
        imports.router,
        log.router,
        tracing.router,
        service.router,
    )
    for router in routers:
        app.include_router(router)
    app.state.parameters = known_parameters(openapi_of(app))
    add_handlers(app)
    app.add_middleware(Guard, settings=opened.settings)
    return app
