"""What a connection's form says about objects: which go out, from when, after what, and at which level."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final, Literal

from domain.facts.objects import Level, ObjectType
from domain.outward.state import FINANCE

POST_ON: Final = "post_on"
"""The field that says when journal entries go out: ``completed`` or ``approved``, the default."""

POST_FROM: Final = "post_from"
"""The field with the first business date whose entries go out; the default is the date of the connection."""

LEVEL: Final = "transaction_integration_level"
"""The field with the level of transactions: ``top``, the default, or ``entity``."""

OBJECTS: Final = "objects"
"""The field with the types of objects that go out; the default are all that the system takes."""

PostOn = Literal["completed", "approved"]


def post_on(values: Mapping[str, Any]) -> PostOn:
    """After what journal entries go out."""
    return "completed" if values.get(POST_ON) == "completed" else "approved"


def post_from(values: Mapping[str, Any], established: dt.date) -> dt.date:
    """The first business date whose entries go out.

    Args:
        values: of the form.
        established: when the connection was.
    """
    try:
        return dt.date.fromisoformat(str(values.get(POST_FROM, "")))
    except ValueError:
        return established


def level_of(values: Mapping[str, Any], kind: ObjectType) -> Level:
    """At which level an object is entered: all but finance at the top."""
    return "entity" if kind in FINANCE and values.get(LEVEL) == "entity" else "top"


def going_out(values: Mapping[str, Any], takes: frozenset[ObjectType]) -> frozenset[ObjectType]:
    """The types of objects that go out over a connection."""
    chosen = values.get(OBJECTS)
    if not isinstance(chosen, list | tuple):
        return takes
    return frozenset(kind for kind in takes if kind in chosen)
