"""Who asks, as a test says: in the place of whomever the door would recognize."""

import contextlib
from collections.abc import Callable, Iterator
from unittest import mock

from fastapi import FastAPI
from starlette.types import Scope

from api.http import answering
from domain.permissions import Principal


@contextlib.contextmanager
def asked_by(app: FastAPI, who: Callable[[Scope], Principal]) -> Iterator[None]:
    """Requests to an application are those of whom ``who`` answers, which may refuse them.

    Overriding a dependency would do the same, and the framework would look at every signature anew with every request:
    most of what the request costs.
    """
    door: Callable[[Scope], Principal | None] = vars(answering)["principal_in"]

    def recognized(scope: Scope) -> Principal | None:
        return who(scope) if scope["app"] is app else door(scope)

    with mock.patch.object(answering, "principal_in", recognized):
        yield
