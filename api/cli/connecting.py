"""What `daybook connect` is given: a file or options, and the key, which never stands on a command line."""

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import msgspec
import typer

from api.refusals import UnreadableFile
from domain.facts import LocationAdded
from domain.refusals import Refusal

SECRET_VARIABLE: Final = "DAYBOOK_SECRET"  # noqa: S105 - the name of a variable
_MOST_BYTES: Final = 2**20


class NoKey(Refusal):
    """The system's API key was given nowhere."""


class LocationEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A location of a connection file.

    Attributes:
        id: our id of it.
        zone: IANA zone.
        source: the system's own ids, for Tray ``{"venue": "V100"}``.
        name: what people call it; the id where nothing is said.
        day_starts: ``HH:MM``.
        number: its number in the books.
    """

    id: str
    zone: str
    source: dict[str, str]
    name: str = ""
    day_starts: str = "00:00"
    number: str = ""

    def fact(self) -> LocationAdded:
        """As the domain takes it."""
        return LocationAdded(
            self.id, self.name or self.id, self.zone, dict(self.source), day_starts=self.day_starts, number=self.number
        )


class ConnectionFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A connection as a JSON file; the key is not in it.

    Attributes:
        id: the connection's id.
        environment: base address of the source.
        locations: what it feeds.
        system: key of the catalogue.
        name: what people call it; the id where nothing is said.
        options: polling options over the system's defaults.
    """

    id: str
    environment: str
    locations: list[LocationEntry]
    system: str = "tray"
    name: str = ""
    options: dict[str, Any] = {}


EXAMPLE: Final = """{"id": "tray-main", "environment": "https://kernel.example.com", "locations": [
  {"id": "harbor", "zone": "America/New_York", "source": {"venue": "V100"}}]}"""
"""The least that a file has to say."""


def read_connection(path: Path) -> ConnectionFile:
    """The connection that a file describes.

    Raises:
        UnreadableFile: it cannot be read, is no JSON, or has unknown, missing or ill-typed members.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise UnreadableFile(f"{path} is larger than a connection file can be.")
        return msgspec.json.decode(path.read_bytes(), type=ConnectionFile)
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be read: {error.strerror}.") from None
    except msgspec.ValidationError as error:
        raise UnreadableFile(
            f"{path} does not describe a connection: {error}. The least it has to say: {EXAMPLE}"
        ) from None
    except msgspec.DecodeError as error:
        raise UnreadableFile(f"{path} is not JSON: {error}.") from None


def locations_of(texts: Iterable[str], zone: str | None, day_starts: str, id_name: str) -> list[LocationEntry]:
    """Locations written ``ID=VENUE`` or ``ID=VENUE:ZONE``.

    Args:
        texts: as given.
        zone: for those that do not say theirs.
        day_starts: for all of them.
        id_name: what the system calls its id of a location, for Tray ``venue``.

    Raises:
        typer.BadParameter: one is not of that form, or has no zone.
    """
    found = []
    for text in texts:
        name, equals, rest = text.partition("=")
        venue, _, own_zone = rest.partition(":")
        if not equals or not name or not venue:
            raise typer.BadParameter(
                f"{text!r}: write ID=VENUE or ID=VENUE:ZONE, for example harbor=V100:America/New_York."
            )
        place = own_zone or zone
        if not place:
            raise typer.BadParameter(f"{text!r} has no time zone: write {text}:America/New_York, or give --zone.")
        found.append(LocationEntry(name, place, {id_name: venue}, day_starts=day_starts))
    return found


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
