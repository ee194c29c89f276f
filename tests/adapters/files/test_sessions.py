"""Sessions: a folder or a zip of files, in the order in which they are imported."""

import datetime as dt
import io
from pathlib import Path

import pytest

from adapters.files import KINDS, check
from adapters.files.archives import ArchiveDamaged, ArchiveUnsafe
from adapters.files.limits import Limits
from adapters.files.sessions import NoFolder, Session, folder_session, zip_session
from adapters.files.templates import template
from tests.adapters.files.build import as_xlsx
from tests.adapters.files.test_archives import zipped


def files(*names: str) -> dict[str, bytes]:
    """Good files of the kinds that their names begin with."""
    kinds = {name: name.rpartition("/")[2].partition(" ")[0].removesuffix(".csv") for name in names}
    return {name: template(KINDS[kind]).encode() for name, kind in kinds.items()}


MONTH = files(
    "2026-11-21/labor-detail.csv",
    "2026-11-20/labor-detail.csv",
    "voids 2026-11-20.csv",
    "sales-detail 20261121.csv",
    "sales-detail 20261120.csv",
    "tills.csv",
    "tenders.csv",
    "employees.csv",
)

ORDER = [
    ("tenders", "tenders.csv", None),
    ("employees", "employees.csv", None),
    ("sales-detail", "sales-detail 20261120.csv", dt.date(2026, 11, 20)),
    ("sales-detail", "sales-detail 20261121.csv", dt.date(2026, 11, 21)),
    ("voids", "voids 2026-11-20.csv", dt.date(2026, 11, 20)),
    ("tills", "tills.csv", None),
    ("labor-detail", "2026-11-20/labor-detail.csv", dt.date(2026, 11, 20)),
    ("labor-detail", "2026-11-21/labor-detail.csv", dt.date(2026, 11, 21)),
]


def of_zip(entries: dict[str, bytes]) -> tuple[list[object], list[tuple[str, str]]]:
    """What a session of a zip has, and what is wrong with the rest; every file of it is good."""
    with zip_session(io.BytesIO(zipped(entries))) as session:
        for entry in session.files:
            with entry.open() as file:
                assert check(file, entry.kind).errors == ()
        return shape(session)


def shape(session: Session) -> tuple[list[object], list[tuple[str, str]]]:
    """Kinds, names and dates, and names and codes of problems."""
    return (
        [(file.kind.key, file.name, file.date) for file in session.files],
        [(name, problem.code) for name, problem in session.problems],
    )


def in_folder(folder: Path, entries: dict[str, bytes]) -> Path:
    """The files in a folder."""
    for name, content in entries.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def test_a_session_is_imported_in_order(tmp_path: Path) -> None:
    """Reference data, sales, what hangs on their checks, cash, labor; days in order; a folder like a zip."""
    assert of_zip(MONTH) == (ORDER, [])
    assert shape(folder_session(in_folder(tmp_path, MONTH))) == (ORDER, [])


def test_what_systems_leave_behind_is_passed_over(tmp_path: Path) -> None:
    """And nothing else is: a file that is no table is told by name."""
    names = ("__MACOSX/._tills.csv", ".DS_Store", "a/Thumbs.db", "~$tills.xlsx", "._tills.csv", "desktop.ini")
    litter = dict.fromkeys(names, b"x")
    tills = files("tills.csv")
    expected = ([("tills", "tills.csv", None)], [("notes.docx", "not-a-table"), ("old.zip", "not-a-table")])
    strange = {"notes.docx": b"x", "old.zip": zipped({})}
    assert of_zip({**litter, **tills, **strange}) == expected
    assert shape(folder_session(in_folder(tmp_path, {**litter, **tills, **strange}))) == expected


@pytest.mark.parametrize(
    ("entries", "problems"),
    [
        ({"export.csv": template(KINDS["tills"]).encode()}, []),
        ({"export.xlsx": as_xlsx([list(KINDS["tills"].headers), ["x"]])}, []),
        ({"export.csv": b"Number,Name\n1,Visa\n"}, [("export.csv", "unknown-kind")]),
        ({"export.csv": b"a,b\n1,2\n"}, [("export.csv", "unknown-kind")]),
        ({"voids.csv": template(KINDS["tills"]).encode()}, [("voids.csv", "unknown-kind")]),
        ({"voids.csv": b""}, [("voids.csv", "empty-file")]),
        ({"voids.xlsx": b"PK\x03\x04 broken"}, [("voids.xlsx", "damaged")]),
        ({"voids.csv": zipped({"voids.csv": b"x"})}, [("voids.csv", "not-a-table")]),
        ({"voids.xls": b"\xd0\xcf\x11\xe0 old"}, [("voids.xls", "old-excel")]),
        ({"voids.csv": "a,b".encode("utf-16")}, [("voids.csv", "encoding")]),
        (files("voids.csv", "a/voids.csv"), [("a/voids.csv", "two-files")]),
        (files("voids 2026-11-20.csv", "2026-11-20/voids.csv"), [("2026-11-20/voids.csv", "two-files")]),
    ],
)
def test_a_file_that_cannot_be_told_is_named(entries: dict[str, bytes], problems: list[object]) -> None:
    """Its kind is read from its name, else from its headers; never guessed."""
    with zip_session(io.BytesIO(zipped(entries))) as session:
        found = shape(session)
        assert found[1] == problems
        assert len(found[0]) == len(entries) - len(problems)
        assert all(name in problem.reason for name, problem in session.problems)


def test_a_workbook_in_a_zip_is_read_in_place() -> None:
    """Nothing is unpacked to disk."""
    with zip_session(io.BytesIO(zipped({"tenders.xlsx": as_xlsx([["Number", "Name"], [1, "Visa"]])}))) as session:
        (entry,) = session.files
        with entry.open() as file:
            assert check(file, entry.kind).rows == 1


def test_a_file_of_a_damaged_zip_is_damaged() -> None:
    """Whether it is found out at its beginning or at its end."""
    data = bytearray(zipped({"tills.csv": template(KINDS["tills"]).encode() + b"\n" * 500_000}))
    data[data.index(b"PK\x01\x02") - 4] ^= 1
    with zip_session(io.BytesIO(bytes(data))) as session:
        codes = [problem.code for _, problem in session.problems]
        for entry in session.files:
            with entry.open() as file:
                codes += [error.code for error in check(file, entry.kind).errors]
        assert codes == ["damaged"]


def test_links_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    """Neither to files nor to folders."""
    in_folder(tmp_path / "outside", files("voids.csv"))
    folder = in_folder(tmp_path / "session", files("tills.csv"))
    (folder / "voids.csv").symlink_to(tmp_path / "outside" / "voids.csv")
    (folder / "more").symlink_to(tmp_path / "outside")
    assert shape(folder_session(folder))[0] == [("tills", "tills.csv", None)]


def test_sessions_are_bounded(tmp_path: Path) -> None:
    """On files and on bytes, in folders and zips."""
    folder = in_folder(tmp_path, MONTH)
    for limits in (Limits(entries=3), Limits(session_bytes=200)):
        with pytest.raises(ArchiveUnsafe):
            folder_session(folder, limits)
        with pytest.raises(ArchiveUnsafe), zip_session(io.BytesIO(zipped(MONTH)), limits):
            pass


def test_what_is_not_there_is_not_opened(tmp_path: Path) -> None:
    """No folder, and no zip file."""
    with pytest.raises(NoFolder):
        folder_session(tmp_path / "nowhere")
    with pytest.raises(ArchiveDamaged), zip_session(io.BytesIO(b"x")):
        pass
