"""What the operator supplies so that forms need not ask for it: a file that only daybook can read."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from api.settings import BadSettings
from domain.forms import Supplied, separated
from domain.ports.source import System

_MOST_BYTES: Final = 2**20
_OTHERS: Final = 0o077


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    system: str
    where: dict[str, Any]
    values: dict[str, Any]


def read_supplied(path: Path | None, systems: Mapping[str, System]) -> tuple[Supplied, ...]:
    """What the file says, the secrets apart as the forms of the systems tell; nothing without a file.

    Raises:
        BadSettings: it cannot be read, others can read it, or it says something else; no value is shown.
    """
    if path is None:
        return ()
    variable = f"the file of DAYBOOK_SUPPLIED_FILE ({path})"
    try:
        status = path.stat()
        if status.st_mode & _OTHERS:
            raise BadSettings(f"Others can read or write {variable}, and it holds keys: chmod 600.")
        if status.st_size > _MOST_BYTES:
            raise BadSettings(f"It is too large: {variable}.")
        entries = msgspec.json.decode(path.read_bytes(), type=list[_Entry])
    except OSError as error:
        raise BadSettings(f"It cannot be read: {variable}: {error.strerror}.") from None
    except msgspec.ValidationError as error:
        raise BadSettings(f"It is a list of system, where and values: {variable}: {error}.") from None
    except (msgspec.DecodeError, RecursionError):
        raise BadSettings(f"It is not JSON: {variable}.") from None
    return tuple(_supplied(entry, systems, variable) for entry in entries)


def _supplied(entry: _Entry, systems: Mapping[str, System], variable: str) -> Supplied:
    if entry.system not in systems:
        raise BadSettings(f"It names a system that is not installed, {entry.system[:60]!r}: {variable}.")
    form = systems[entry.system].profile.form
    strange = sorted((entry.where.keys() | entry.values.keys()) - form["properties"].keys())
    if strange:
        raise BadSettings(f"It names a field that {entry.system!r} does not have, {strange[0][:60]!r}: {variable}.")
    filled = separated(form, entry.values, whole=False)
    return Supplied(entry.system, entry.where, filled.plain, filled.secrets)
