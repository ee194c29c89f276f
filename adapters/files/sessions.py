"""Sessions: a folder or a zip of files, for one day or many, in the order in which they are imported."""

import datetime as dt
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from adapters.files.archives import ArchiveDamaged, ArchiveUnsafe, open_archive, open_entry
from adapters.files.kinds import Kind
from adapters.files.limits import DEFAULT_LIMITS, Limits
from adapters.files.naming import date_of_name, fits, kind_of_headers, kind_of_name
from adapters.files.problems import Problem, Unreadable, shown
from adapters.files.reading import open_table
from adapters.files.reading.batches import SEPARATOR
from domain.refusals import NotFound

_TABLES: Final = (".csv", ".txt", ".xlsx", ".xls", ".xlsm")
_LITTER: Final = re.compile(r"(?i)(^|/)(__MACOSX/|\._|\.DS_Store$|thumbs\.db$|desktop\.ini$|~\$)")


class NoFolder(NotFound):
    """There is no such folder."""


@dataclass(frozen=True, slots=True)
class SessionFile:
    """One file of a session.

    Attributes:
        kind: what it is read as.
        name: its name, with the folders inside the session.
        date: the business date that its name or folder says, or None.
        open: opens it anew: binary and seekable, to be closed.
    """

    kind: Kind
    name: str
    date: dt.date | None
    open: Callable[[], IO[bytes]]


@dataclass(frozen=True, slots=True)
class Session:
    """The files of a session, in the order in which they are imported, and what is wrong with others.

    Attributes:
        files: reference data first, then sales, what hangs on their checks, cash, labor; the days of a kind in order.
        problems: files that cannot be told what they are, by name; with any of them the session is not imported.
    """

    files: tuple[SessionFile, ...]
    problems: tuple[tuple[str, Problem], ...]


def folder_session(folder: Path, limits: Limits = DEFAULT_LIMITS) -> Session:
    """The session of a folder and the folders in it; links are not followed, nor taken.

    Raises:
        NoFolder: there is none.
        ArchiveUnsafe: it has more files, or more bytes, than a session may have.
    """
    if not folder.is_dir():
        raise NoFolder(f"There is no folder {folder.name!r}.")
    found: list[tuple[str, Callable[[], IO[bytes]]]] = []
    size = 0
    for path in _walk(folder):
        size += path.stat().st_size
        found.append((path.relative_to(folder).as_posix(), _opener(path)))
        if len(found) > limits.entries:
            raise ArchiveUnsafe(f"The folder has more than {limits.entries} files.")
        if size > limits.session_bytes:
            raise ArchiveUnsafe(f"The files of the folder have more than {limits.session_bytes} bytes.")
    return _session(found, limits)


@contextmanager
def zip_session(file: IO[bytes], limits: Limits = DEFAULT_LIMITS) -> Iterator[Session]:
    """The session of a zip file; its files can be opened as long as this lasts. Nothing is unpacked to disk.

    Raises:
        ArchiveDamaged: it is no zip file, or not a whole one.
        ArchiveUnsafe: it has too much of something, or something that is never unpacked.
    """
    archive = open_archive(file, entries=limits.entries, total_bytes=limits.session_bytes, ratio=limits.ratio)
    with closing(archive):
        names = [info for info in archive.infolist() if not info.is_dir()]
        yield _session([(info.filename.replace("\\", "/"), _unpacker(archive, info)) for info in names], limits)


def files_session(
    found: Iterable[tuple[str, Callable[[], IO[bytes]]]], kind: Kind | None = None, limits: Limits = DEFAULT_LIMITS
) -> Session:
    """The session of some files that were given one by one.

    Args:
        found: names, and what opens each anew.
        kind: what they are read as, whatever their names say; None lets names and headers say it.
        limits: bounds.
    """
    if kind is None:
        return _session(found, limits)
    return Session(tuple([SessionFile(kind, name, date_of_name(name), opener) for name, opener in found]), ())


def _walk(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_symlink():
            continue
        if path.is_dir():
            yield from _walk(path)
        elif path.is_file():
            yield path


def _opener(path: Path) -> Callable[[], IO[bytes]]:
    return lambda: path.open("rb")


def _unpacker(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    return lambda: open_entry(archive, info)


def _session(found: Iterable[tuple[str, Callable[[], IO[bytes]]]], limits: Limits) -> Session:
    files: list[SessionFile] = []
    problems: list[tuple[str, Problem]] = []
    taken: dict[tuple[str, dt.date | None], str] = {}
    for name, opener in found:
        if _LITTER.search(name):
            continue
        date = date_of_name(name)
        try:
            kind = _kind(name, opener, limits)
            if (kind.key, date) in taken:
                raise Unreadable(
                    "two-files", f"{shown(taken[kind.key, date])} is of the same kind and date: a file is a whole day."
                )
        except Unreadable as error:
            problems.append((name, Problem("error", error.row, "", "", error.code, f"{shown(name)}: {error.reason}")))
            continue
        taken[kind.key, date] = name
        files.append(SessionFile(kind, name, date, opener))
    files.sort(key=lambda file: (file.kind.order, file.date or dt.date.min, file.name))
    return Session(tuple(files), tuple(problems))


def _kind(name: str, opener: Callable[[], IO[bytes]], limits: Limits) -> Kind:
    """What a file is, by its name, else by its headers.

    Raises:
        Unreadable: it is no table, or no one kind.
    """
    if not name.lower().endswith(_TABLES):
        raise Unreadable("not-a-table", "It is neither CSV nor xlsx.")
    kind = kind_of_name(name)
    try:
        with opener() as file:
            headers = open_table(file, limits).header().records[0].split(SEPARATOR)
    except ArchiveDamaged:
        raise Unreadable("damaged", "It cannot be unpacked.") from None
    by_headers = kind_of_headers(headers)
    if kind is not None and by_headers is not None and not fits(kind, headers):
        raise Unreadable("unknown-kind", f"Its name says {kind.title}, its headers say {by_headers.title}.")
    kind = kind or by_headers
    if kind is None:
        raise Unreadable(
            "unknown-kind", "Neither its name nor its headers say which kind of file it is: put the kind into its name."
        )
    return kind
