"""Uploads: the parts of a multipart form as import files, opened as often as they are needed."""

import datetime as dt
import io
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import IO, Any, Final, cast

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from adapters.files import Kind, kind_named
from adapters.files.sessions import Session, files_session, zip_session
from api import days
from api.texts import has_control_characters
from domain.business_date import business_date
from domain.identifiers import plain
from domain.refusals import Refusal

MOST_FILES: Final = 200
_FIELDS: Final = ("location", "date", "kind", "check", "reason")
_FILE: Final = "file"
_LONGEST_NAME: Final = 200


class BadUpload(Refusal):
    """The form lacks a field that it needs, or has one that it cannot have; the message says which."""


@dataclass(frozen=True, slots=True)
class Upload:
    """What a form asks for.

    Attributes:
        location: whose files they are.
        date: the one business date that they are of, or None.
        kind: what the files are read as, or None where names and headers say it.
        check: record nothing.
        reason: why, or empty.
        files: name and content of each.
    """

    location: str
    date: dt.date | None = None
    kind: Kind | None = None
    check: bool = False
    reason: str = ""
    files: tuple[tuple[str, IO[bytes]], ...] = field(default=(), repr=False)


@asynccontextmanager
async def uploaded(request: Request) -> AsyncIterator[Upload]:
    """The upload of a request; its files lie in temporary files as long as the block lasts.

    Raises:
        BadUpload: a field is missing, unknown, there twice or ill-formed.
        NotABusinessDate, BadIdentifier, NoSuchKind, BadReason: a field says something that cannot be.
    """
    try:
        form = await request.form(max_files=MOST_FILES, max_fields=len(_FIELDS))
    except HTTPException as error:
        raise BadUpload(f"The form cannot be read: {error.detail}") from None
    try:
        yield _read(form)
    finally:
        await form.close()


def _read(form: FormData) -> Upload:
    texts: dict[str, str] = {}
    files: list[tuple[str, IO[bytes]]] = []
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            if name != _FILE:
                raise BadUpload(f"Files come in the field {_FILE!r}, not in {name[:40]!r}.")
            files.append((_file_name(value.filename), cast("IO[bytes]", value.file)))
        elif name not in _FIELDS or name in texts:
            what = "twice" if name in texts else "unknown"
            raise BadUpload(f"The field {name[:40]!r} is {what}: a form has {_FILE} and {', '.join(_FIELDS)}.")
        else:
            texts[name] = value
    if not files:
        raise BadUpload(f"The form has no file: send at least one in the field {_FILE!r}.")
    return _upload(texts, tuple(files))


def _upload(texts: Mapping[str, str], files: tuple[tuple[str, IO[bytes]], ...]) -> Upload:
    if "location" not in texts:
        raise BadUpload("The form has no field 'location': whose files they are.")
    check = texts.get("check", "false").lower()
    if check not in {"true", "false"}:
        raise BadUpload("The field 'check' is 'true' or 'false'.")
    return Upload(
        plain(texts["location"], "location"),
        business_date(texts["date"]) if "date" in texts else None,
        kind_named(texts["kind"]) if "kind" in texts else None,
        check == "true",
        days.checked_reason(texts["reason"]) if "reason" in texts else "",
        files,
    )


@contextmanager
def session_of(upload: Upload) -> Iterator[Session]:
    """The files of an upload as a session: some tables, or one zip file.

    Raises:
        BadUpload: a zip file comes beside others.
        ArchiveDamaged, ArchiveUnsafe: the zip file cannot be opened.
    """
    zipped = [file for name, file in upload.files if name.lower().endswith(".zip")]
    if not zipped or upload.kind is not None:
        yield files_session([(name, _opener(file)) for name, file in upload.files], upload.kind)
    elif len(upload.files) > 1:
        raise BadUpload("Send one zip file, or some tables, and not both.")
    else:
        with _again(zipped[0]) as file, zip_session(file) as session:
            yield session


def _file_name(name: str | None) -> str:
    text = (name or "").replace("\\", "/").rpartition("/")[2].strip()
    if not text or len(text) > _LONGEST_NAME or has_control_characters(text):
        raise BadUpload(f"A file has a name of 1 to {_LONGEST_NAME} printable characters.")
    return text


def _opener(file: IO[bytes]) -> Any:
    return lambda: _again(file)


def _again(file: IO[bytes]) -> IO[bytes]:
    """The file from its start; closing this leaves the file open for the next."""
    return io.BufferedReader(_Kept(file))


class _Kept(io.RawIOBase):
    """A view of a file that stays open when the view is closed."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        file.seek(0)

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any) -> int:
        """The next bytes."""
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to a place."""
        self._file.seek(offset, whence)
        return self._file.tell()

    def tell(self) -> int:
        """The place."""
        return self._file.tell()
