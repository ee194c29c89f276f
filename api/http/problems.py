"""Problems: every answer that is not what was asked for, in the form of RFC 9457."""

import datetime as dt
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

import msgspec
from starlette.responses import Response
from structlog.contextvars import get_contextvars

from adapters.captures.sql import CaptureDamaged
from adapters.database import BadDatabaseUrl
from adapters.journal import NotMigrated, UnreadableFact
from api import refusals
from domain.accounts import BadAccountKey
from domain.books import BadLimit
from domain.business_date import NotABusinessDate
from domain.commands.examine_system import NothingToExamine
from domain.commands.feeding import BadSourceIds
from domain.commands.import_files import DayNotBegun
from domain.commands.loading import NothingRecorded
from domain.commands.poll_day import DayNotOver
from domain.commands.recording import NotTheVersion
from domain.connection import AlreadyConnected
from domain.facts import UnknownFact
from domain.forms import BadForm
from domain.permissions import NotPermitted
from domain.ports.journal import JournalUnavailable
from domain.ports.vault import VaultLocked
from domain.refusals import BadIdentifier, Conflict, NotFound, NotYet, Refusal
from domain.settling import NotInThatState
from projections.catching_up import ViewsStopped

MEDIA_TYPE: Final = "application/problem+json"
RETRY_SECONDS: Final = 1
"""What Retry-After says where nobody knows better."""

_STATUS: Final[tuple[tuple[type[Refusal], int], ...]] = (
    # The more special first.
    (DayNotOver, 409),
    (DayNotBegun, 409),
    (refusals.KeyInUse, 409),
    (refusals.NotSignedIn, 401),
    (refusals.FromElsewhere, 403),
    (refusals.NotLinked, 403),
    (refusals.TooManyAttempts, 429),
    (NotTheVersion, 412),
    (NotFound, 404),
    (Conflict, 409),
    (NotYet, 503),
    (VaultLocked, 503),
    (UnknownFact, 503),
    (ViewsStopped, 503),
    (NotMigrated, 503),
    (refusals.NotInitialized, 503),
    (CaptureDamaged, 500),
    (UnreadableFact, 500),
    (BadDatabaseUrl, 500),
    (BadIdentifier, 400),
    (NotABusinessDate, 400),
    (refusals.BadMoment, 400),
    (refusals.BadCursor, 400),
    (refusals.BadVersion, 400),
    (refusals.BadIdempotencyKey, 400),
    (refusals.NoVersionGiven, 428),
    (NotPermitted, 403),
    (Refusal, 422),
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem.

    Attributes:
        code: the last part of its ``type``.
        status: the HTTP status that it comes with (``poll-failed`` has others as well, see its title).
        title: what it means, for every occurrence the same.
    """

    code: str
    status: int
    title: str

    @property
    def type(self) -> str:
        """The URI reference that names it."""
        return f"/problems/{quote(self.code)}"


BAD_REQUEST: Final = Kind("bad-request", 400, "The request cannot be read.")
CONTROL_CHARACTERS: Final = Kind(
    "control-characters", 400, "The address holds control characters, or bytes that are not UTF-8."
)
NO_SUCH_ADDRESS: Final = Kind("no-such-address", 404, "There is nothing at this address.")
METHOD_NOT_ALLOWED: Final = Kind("method-not-allowed", 405, "The address does not know this method.")
BODY_TOO_SLOW: Final = Kind("body-too-slow", 408, "The body of the request did not arrive in time.")
BODY_TOO_LARGE: Final = Kind("body-too-large", 413, "The body of the request is larger than what is taken.")
ADDRESS_TOO_LONG: Final = Kind("address-too-long", 414, "The address of the request is longer than what is taken.")
NOT_JSON: Final = Kind("not-json", 415, "The body of the request must be application/json.")
NOT_THIS_HOST: Final = Kind(
    "not-this-host",
    421,
    "The Host header does not name this machine: localhost, 127.0.0.1, [::1] and the names of the settings do.",
)
INVALID_REQUEST: Final = Kind("invalid-request", 422, "The request has the wrong form; `errors` says where.")
HEADERS_TOO_LARGE: Final = Kind("headers-too-large", 431, "The headers of the request are more than what is taken.")
INTERNAL_ERROR: Final = Kind(
    "internal-error", 500, "Something went wrong inside; `instance` carries the id under which it is logged."
)
POLL_FAILED: Final = Kind(
    "poll-failed",
    502,
    "The source did not give the day whole; the attempt is recorded and nothing of it counts (502; 503 where it says "
    "when to ask again; 409 where its day is not closed yet).",
)
BAD_FILES: Final = Kind(
    "bad-files", 422, "Import files have errors, or cannot be told what they are: `files` and `problems` say where."
)
CAPTURE_UNREADABLE: Final = Kind(
    "capture-unreadable", 409, "The answer that is kept of the source cannot be read by this release."
)

KINDS: Final = (
    BAD_REQUEST,
    CONTROL_CHARACTERS,
    NO_SUCH_ADDRESS,
    METHOD_NOT_ALLOWED,
    BODY_TOO_SLOW,
    BODY_TOO_LARGE,
    ADDRESS_TOO_LONG,
    NOT_JSON,
    NOT_THIS_HOST,
    INVALID_REQUEST,
    HEADERS_TOO_LARGE,
    INTERNAL_ERROR,
    POLL_FAILED,
    BAD_FILES,
    CAPTURE_UNREADABLE,
)
"""Problems of HTTP itself, and of polls; the others are refusals."""

_RELEVANT: Final = (
    AlreadyConnected,
    BadAccountKey,
    BadLimit,
    BadForm,
    BadSourceIds,
    JournalUnavailable,
    NothingToExamine,
    NotInThatState,
    NothingRecorded,
)
"""Named so that the modules of these refusals are loaded, and so listed, whoever asks first."""


def status_of(refusal: type[Refusal]) -> int:
    """The HTTP status of a kind of refusal."""
    return next(status for kind, status in _STATUS if issubclass(refusal, kind))


def kind_of(refusal: Refusal) -> Kind:
    """The kind of problem that a refusal is."""
    return Kind(refusal.code, status_of(type(refusal)), _title(type(refusal)))


def all_kinds() -> list[Kind]:
    """Every kind of problem that can be answered, by code."""
    found = {kind.code: kind for kind in KINDS}
    for refusal in _subclasses(Refusal):
        code = refusal.__new__(refusal).code  # some take more than a message
        found[code] = Kind(code, status_of(refusal), _title(refusal))
    return sorted(found.values(), key=lambda kind: kind.code)


def problem(
    kind: Kind,
    detail: str,
    *,
    status: int | None = None,
    headers: Mapping[str, str] | None = None,
    extensions: Mapping[str, Any] | None = None,
) -> Response:
    """The answer that tells of a problem.

    Args:
        kind: which.
        detail: a sentence about this occurrence; no internals, no secrets.
        status: where it differs from the kind's.
        headers: further headers.
        extensions: further members.
    """
    status = status or kind.status
    content = {"type": kind.type, "title": kind.title, "status": status, "detail": detail}
    request = get_contextvars().get("request")
    if request:
        content["instance"] = f"urn:uuid:{request}"
    content.update(extensions or {})
    return Response(msgspec.json.encode(content), status, headers, media_type=MEDIA_TYPE)


def problem_of(refusal: Refusal, extensions: Mapping[str, Any] | None = None) -> Response:
    """The answer that tells of a refusal; what can be done later says when to ask again."""
    kind = kind_of(refusal)
    waits = isinstance(refusal, NotYet) and not isinstance(refusal, DayNotOver | DayNotBegun)
    headers = {"Retry-After": str(RETRY_SECONDS)} if waits else {}
    if isinstance(refusal, refusals.TooManyAttempts):
        headers["Retry-After"] = str(refusal.seconds)
    elif isinstance(refusal, refusals.NotSignedIn):
        headers["WWW-Authenticate"] = 'Bearer realm="daybook"'
    return problem(kind, _printable(str(refusal)), headers=headers, extensions=extensions)


def seconds_until(instant: dt.datetime, now: dt.datetime) -> int:
    """Whole seconds from now, rounded up, at least 1: for Retry-After."""
    return max(math.ceil((instant - now).total_seconds()), 1)


def _printable(text: str) -> str:
    """What somebody sent may stand in a sentence; a lone surrogate in it could not be written as UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _title(refusal: type[Refusal]) -> str:
    return " ".join((refusal.__doc__ or refusal.__name__).strip().split("\n\n")[0].split())


def _subclasses(of: type[Refusal]) -> Iterator[type[Refusal]]:
    yield of
    for subclass in of.__subclasses__():
        yield from _subclasses(subclass)
