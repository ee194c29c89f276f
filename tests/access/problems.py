"""Whether an answer of 4xx or 5xx is a problem of a registered type."""

import json
from collections.abc import Mapping
from typing import Final

from api.http.problems import POLL_FAILED, all_kinds
from api.http.scim_errors import HEADER

STATUSES: Final = {kind.type: {kind.status} for kind in all_kinds()} | {POLL_FAILED.type: {409, 502, 503}}
"""Which each registered type comes with."""


def problem_in(status: int, headers: Mapping[str, object], content: bytes, *, empty: bool = False) -> tuple[str, str]:
    """The type of problem that an answer tells, and a sentence where it is none as it should be.

    Args:
        status: 400 and more.
        headers: of the answer.
        content: its body.
        empty: it has none, as one to HEAD.
    """
    named = {name.lower(): str(value[0] if isinstance(value, list) else value) for name, value in headers.items()}
    told = named.get("content-type", "")
    if "application/scim+json" in told:
        return _scim_error_in(status, named.get(HEADER.lower(), ""), content)
    if "application/problem+json" not in told:
        return "", f"{status} as {told or 'nothing'}"
    if empty:
        return "", ""
    try:
        problem = json.loads(content)
        kind, stated = str(problem["type"]), problem["status"]
        sentences = problem["title"], problem["detail"]
    except (ValueError, KeyError, TypeError) as error:
        return "", f"{status} that cannot be read: {error!r}"
    if kind not in STATUSES:
        return kind, f"{status} of the unknown type {kind}"
    if stated != status or status not in STATUSES[kind]:
        return kind, f"{status} of {kind} that says {stated}"
    return kind, "" if all(sentences) else f"{status} of {kind} that says nothing"


def _scim_error_in(status: int, kind: str, content: bytes) -> tuple[str, str]:
    """Below ``/scim`` errors have the form of RFC 7644, and a header says which problem it is."""
    try:
        error = json.loads(content)
        stated, detail = error["status"], error["detail"]
    except (ValueError, KeyError, TypeError) as fault:
        return kind, f"{status} that cannot be read: {fault!r}"
    # It has no 422: what cannot be processed is a bad request there.
    meant = {400 if one == 422 else one for one in STATUSES.get(kind, set())}
    if status not in meant or stated != str(status):
        return kind, f"{status} of {kind or 'no problem'} that says {stated}"
    known = set(error) - {"scimType"} == {"schemas", "status", "detail"}
    return kind, "" if known and detail else f"{status} of {kind} that is no error of SCIM"
