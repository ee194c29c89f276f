"""Ids of users: location and employee, written so that they may stand in an address as they are."""

import re
from typing import Final

from domain.identifiers import plain
from domain.refusals import BadIdentifier

_SAFE: Final = re.compile(r"[A-Za-z0-9._-]")
_WRITTEN: Final = re.compile(r"(?:[A-Za-z0-9._-]|~[0-9A-F]{2})+")
_LONGEST: Final = 900


def user_id(location: str, employee: str) -> str:
    """The id of an employee: ``harbor:E17``; what may not stand in an address is ``~`` and two hex digits a byte."""
    written = "".join(
        letter if _SAFE.fullmatch(letter) else "".join(f"~{byte:02X}" for byte in letter.encode())
        for letter in employee
    )
    return f"{location}:{written}"


def employee_of(user: str) -> tuple[str, str] | None:
    """Location and employee of an id; None where it is none of ours."""
    location, colon, written = user.partition(":")
    if not colon or len(user) > _LONGEST or not _WRITTEN.fullmatch(written):
        return None
    try:
        employee = re.sub(rb"~([0-9A-F]{2})", lambda found: bytes.fromhex(found[1].decode()), written.encode()).decode()
        return (plain(location, "location"), employee) if user_id(location, employee) == user else None
    except (BadIdentifier, UnicodeDecodeError):
        return None
