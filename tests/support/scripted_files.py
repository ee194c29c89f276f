"""A system of import files whose pages hold records in canonical bytes: for tests of what stands above reading."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from domain.business_date import Window
from domain.facts import ReadFile
from domain.polling import Options
from domain.polling.source_day import SourceDay
from domain.ports.captures import Capture, Page
from domain.ports.source import BadEndpoint, SourceFailure
from domain.records import canonical, decode
from tests.support.scripted import NotExamined

KINDS: Final = {
    "sales-detail": "ticket",
    "deposits": "deposit",
    "labor-detail": "punch",
    "tills": "till",
    "menu-items": "menu-item",
    "jobs": "job",
}


@dataclass
class ScriptedFiles(NotExamined):
    """Reads pages whose rows are records; ``broken`` as a row is one that means nothing."""

    key: str = "files"
    title: str = "Import files"
    location_ids: tuple[str, ...] = ()
    default_options: dict[str, Any] = field(default_factory=dict)
    options: frozenset[str] = frozenset(Options.__struct_fields__)
    presets: dict[str, dict[str, Any]] = field(default_factory=dict)
    pushes: bool = True
    read_captures: list[Capture] = field(default_factory=list)

    def connect(self, *_: object) -> Any:
        """There is nothing to connect to."""
        raise BadEndpoint("There is nothing to connect to.")

    def read(self, capture: Capture, asked: Window) -> SourceDay:
        """The records of the pages, by kind."""
        assert asked.zone
        self.read_captures.append(capture)
        named: dict[str, list[Any]] = {}
        for page in capture.pages:
            if "reference:" in page.resource:
                continue
            if page.data == b"broken":
                raise SourceFailure("malformed", "A row means nothing.")
            kind = KINDS[page.resource.rpartition(":")[2]]  # of an earlier day: ``earlier:2026-11-01:labor-detail``
            rows = msgspec.json.decode(page.data, type=list[msgspec.Raw])
            named.setdefault(kind, []).extend(decode(kind, row) for row in rows)
        return SourceDay(named)


def pages(**records: list[Any]) -> Mapping[str, tuple[Page, ...]]:
    """Pages of records by kind of file (underscores stand for dashes)."""
    return {
        name.replace("_", "-"): (
            Page(name.replace("_", "-"), len(rows), b"[" + b",".join(canonical(row)[2] for row in rows) + b"]"),
        )
        for name, rows in records.items()
    }


def read_files(given: Mapping[str, tuple[Page, ...]]) -> tuple[ReadFile, ...]:
    """What an import says about such files."""
    return tuple(
        ReadFile(kind, f"{kind}.csv", made[0].digest, sum(page.rows for page in made)) for kind, made in given.items()
    )
