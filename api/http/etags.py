"""Entity tags: a version in quotes; If-None-Match saves an answer, If-Match guards a change."""

import re
from typing import Final

from api.refusals import BadVersion
from domain.commands.recording import NotTheVersion

_TAG: Final = re.compile(r'\s*(W/)?"([\x21\x23-\x7e\x80-\xff]*)"\s*')
_LISTED: Final = 50


def etag(version: int | str) -> str:
    """The strong entity tag of a version, or of several that go together."""
    return f'"{version}"'


def not_modified(if_none_match: str | None, version: int | str) -> bool:
    """Whether the reader has this version already; a header that makes no sense counts as none."""
    if if_none_match is None:
        return False
    if if_none_match.strip() == "*":
        return True
    # Weak comparison, as RFC 9110 asks for here.
    found = _TAG.findall(if_none_match)
    return any(tag == str(version) for _, tag in found[:_LISTED])


def expected_version(if_match: str | None, current: int, what: str = "day") -> int | None:
    """The version that a change may be made to, or None where the caller does not say.

    Args:
        if_match: the header.
        current: the version now, 0 where there is none.
        what: whose version it is, for the message.

    Raises:
        BadVersion: the header holds no entity tags.
        NotTheVersion: none of them is the current one.
    """
    if if_match is None:
        return None
    if if_match.strip() == "*":
        if current:
            return current
        raise NotTheVersion(f"There is no version of the {what} yet, so that If-Match: * cannot hold.")
    tags = [_TAG.fullmatch(part) for part in if_match.split(",")]
    if len(tags) > _LISTED or not all(tags):
        raise BadVersion('If-Match holds entity tags as daybook gives them, for example "17".')
    # Strong comparison: a weak tag never matches.
    if any(tag and not tag[1] and tag[2] == str(current) for tag in tags):
        return current
    raise NotTheVersion(f"The {what} is at version {current}, not {if_match[:60]}: look at it again, then decide.")
