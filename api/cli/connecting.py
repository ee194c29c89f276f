"""What `daybook connect` and `add-location` are given: a file or options, and the key, which never stands there."""

import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec
import typer

from api.refusals import UnreadableFile
from domain.facts import LocationAdded
from domain.refusals import Refusal
from projections.rows import LocationRow

_F = TypeVar("_F")

SECRET_VARIABLE: Final = "DAYBOOK_SECRET"  # noqa: S105 - the name of a variable
_MOST_BYTES: Final = 2**20


class NoKey(Refusal):
    """The system's API key was given nowhere."""


class LocationEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A location of a connection file.

    Attributes:
        id: our id of it.
        zone: IANA zone.
        source: the system's own ids, for Tray ``{"venue": "V100"}``; none for import files.
        name: what people call it; the id where nothing is said.
        day_starts: ``HH:MM``.
        number: its number in the books.
        preset: the system's options for a kind of locations, over those of the connection.
        options: polling options of its own, over those of the preset.
    """

    id: str
    zone: str
    source: dict[str, str] = {}
    name: str = ""
    day_starts: str = "00:00"
    number: str = ""
    preset: str = ""
    options: dict[str, Any] = {}

    def fact(self) -> LocationAdded:
        """As the domain takes it."""
        return LocationAdded(
            self.id, self.name or self.id, self.zone, dict(self.source), day_starts=self.day_starts, number=self.number
        )


class ConnectionFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A connection as a JSON file; the key is not in it.

    Attributes:
        id: the connection's id.
        environment: base address of the source; none for import files.
        locations: what it feeds.
        system: key of the catalogue.
        name: what people call it; the id where nothing is said.
        preset: the system's options for a kind of locations, over what is inherited.
        options: polling options over those of the preset, and over what is inherited from existing locations.
    """

    id: str
    environment: str = ""
    locations: list[LocationEntry]
    system: str = "tray"
    name: str = ""
    preset: str = ""
    options: dict[str, Any] = {}


class LocationsFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Locations to add, as a JSON file."""

    locations: list[LocationEntry]


EXAMPLE: Final = """{"id": "tray-main", "environment": "https://kernel.example.com", "locations": [
  {"id": "harbor", "zone": "America/New_York", "source": {"venue": "V100"}}]}"""
"""The least that a file has to say."""

LOCATIONS_EXAMPLE: Final = """{"locations": [
  {"id": "harbor", "zone": "America/New_York", "source": {"venue": "V100"}}]}"""
"""The same of a file with locations to add."""


def read_connection(path: Path) -> ConnectionFile:
    """The connection that a file describes.

    Raises:
        UnreadableFile: it cannot be read, is no JSON, or has unknown, missing or ill-typed members.
    """
    return read_file(path, ConnectionFile, "a connection", EXAMPLE)


def read_file(path: Path, shape: type[_F], what: str, example: str) -> _F:
    """What a JSON file says.

    Args:
        path: where it is.
        shape: of its content.
        what: the noun for messages.
        example: the least that such a file has to say.

    Raises:
        UnreadableFile: it cannot be read, is no JSON, or has unknown, missing or ill-typed members.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise UnreadableFile(f"{path} is larger than a file that describes {what} can be.")
        return msgspec.json.decode(path.read_bytes(), type=shape)
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be read: {error.strerror}.") from None
    except msgspec.ValidationError as error:
        raise UnreadableFile(f"{path} does not describe {what}: {error}. The least it has to say: {example}") from None
    except msgspec.DecodeError as error:
        raise UnreadableFile(f"{path} is not JSON: {error}.") from None
    except RecursionError:
        raise UnreadableFile(f"{path} is nested deeper than JSON of ours ever is.") from None


def presets_of(locations: Iterable[LocationEntry]) -> dict[str, str]:
    """The presets of locations that name one, by id."""
    return {entry.id: entry.preset for entry in locations if entry.preset}


def overrides_of(locations: Iterable[LocationEntry]) -> dict[str, dict[str, Any]]:
    """The options of locations that have some of their own, by id."""
    return {entry.id: entry.options for entry in locations if entry.options}


def locations_of(
    texts: Iterable[str],
    zone: str | None,
    day_starts: str | None,
    id_names: tuple[str, ...],
    known: Mapping[str, LocationRow],
) -> list[LocationEntry]:
    """Locations written ``ID=VENUE`` or ``ID=VENUE:ZONE``; ``ID`` or ``ID:ZONE`` where the system has no ids of them.

    Args:
        texts: as given.
        zone: for those that do not say theirs.
        day_starts: for all of them, or None for midnight.
        id_names: what the system calls its ids of a location, for Tray ``venue``.
        known: locations that another connection feeds, by id: what is not said of them is as it is there.

    Raises:
        typer.BadParameter: one is not of that form, has no zone, or the system has several ids of a location.
    """
    if len(id_names) > 1:
        raise typer.BadParameter(f"Locations need the ids {', '.join(id_names)}: describe them in a JSON file.")
    found = []
    for text in texts:
        name, source, own_zone = _parts(text, id_names)
        there = known.get(name)
        place = own_zone or zone or (there.zone if there else "")
        if not place:
            raise typer.BadParameter(f"{text!r} has no time zone: write {text}:America/New_York, or give --zone.")
        starts = day_starts or (there.day_starts if there else "00:00")
        entry = LocationEntry(name, place, source, day_starts=starts)
        found.append(msgspec.structs.replace(entry, name=there.name, number=there.number) if there else entry)
    return found


def _parts(text: str, id_names: tuple[str, ...]) -> tuple[str, dict[str, str], str]:
    """The location's id, the system's ids of it, and its zone or the empty text."""
    named, _, zone = text.partition(":")
    name, equals, venue = named.partition("=")
    if id_names:
        if name and venue:
            return name, {id_names[0]: venue}, zone
        form, example = "ID=VENUE or ID=VENUE:ZONE", "harbor=V100:America/New_York"
    else:
        if name and not equals:
            return name, {}, zone
        form, example = "ID or ID:ZONE, because the system has no ids of locations", "harbor:America/New_York"
    raise typer.BadParameter(f"{text!r}: write {form}, for example {example}.")


def the_key(variable: str | None, path: Path | None) -> str:
    """The system's API key: from a variable, a file, DAYBOOK_SECRET, or asked for at a terminal without showing it.

    Raises:
        NoKey: it is nowhere.
        UnreadableFile: the file cannot be read.
    """
    if variable is not None:
        key = os.environ.get(variable, "")
        if not key.strip():
            raise NoKey(f"The environment variable {variable} holds no key.")
        return key.strip()
    if path is not None:
        try:
            return path.read_text().strip()
        except (OSError, UnicodeDecodeError) as error:
            raise UnreadableFile(f"The key file {path} cannot be read: {error}.") from None
    key = os.environ.get(SECRET_VARIABLE, "")
    if not key and sys.stdin.isatty():
        key = typer.prompt("API key of the system", hide_input=True, err=True)
    if not key.strip():
        raise NoKey(
            f"Give the system's API key with --key-env, --key-file or {SECRET_VARIABLE}; there is no terminal to ask."
        )
    return key.strip()
