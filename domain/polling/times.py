"""Offset time zone: the source's clock put right, on every instant of a record, before anything is dated."""

import datetime as dt
import functools
from collections.abc import Callable
from operator import attrgetter
from typing import Any, TypeVar, get_args, get_type_hints

import msgspec

T = TypeVar("T")


def corrected_by(offset: dt.timedelta) -> Callable[[T], T]:
    """What adds the offset to every instant of a record, those of its parts included; business dates stay.

    The one option that must not be applied twice: it leads from the source's clock to the location's, so it stands at
    the door and is no step.
    """
    if not offset:
        return lambda record: record

    def corrected(record: T) -> T:
        shape: Any = record.__class__
        moved: T = _mover(shape, offset)(record)
        return moved

    return corrected


@functools.lru_cache(maxsize=1024)
def _mover(shape: Any, offset: dt.timedelta) -> Callable[[Any], Any]:
    """What moves the instants of one kind of record, or of a part of one, by what the types of its fields say."""
    instants = _instants(shape)
    parts = [(name, part, _holds(part), _mover(part, offset)) for name, part in _dated_parts(shape).items()]

    def moved(record: Any) -> Any:
        later: dict[str, Any] = {}
        for name in instants:
            instant = getattr(record, name)
            if instant is not None:
                later[name] = instant + offset
        for name, part, holds, move in parts:
            known = getattr(record, name)
            if known:
                if isinstance(known, part):
                    later[name] = move(known)
                elif any(map(holds, known)):
                    later[name] = tuple([move(entry) for entry in known])
        return msgspec.structs.replace(record, **later) if later else record

    return moved


def _instants(shape: Any) -> list[str]:
    """The fields that are instants."""
    return [name for name, hint in get_type_hints(shape).items() if dt.datetime in (hint, *get_args(hint))]


def _dated_parts(shape: Any) -> dict[str, Any]:
    """The fields that hold a part, or a tuple of parts, with instants somewhere; and the kind of these."""
    found = {}
    for name, hint in get_type_hints(shape).items():
        for part in get_args(hint):
            if isinstance(part, type) and issubclass(part, msgspec.Struct) and (_instants(part) or _dated_parts(part)):
                found[name] = part
    return found


def _holds(part: Any) -> Callable[[Any], Any]:
    """Whether a part may have an instant: most parts of a day have none. With one such field, its value tells."""
    names = [*_instants(part), *_dated_parts(part)]
    return attrgetter(names[0]) if len(names) == 1 else lambda _: True
