"""The shapes of answers about import files."""

from typing import Literal

from pydantic import Field

from api.http.models import BusinessDate, OtherDay, Shape


class ImportProblem(Shape):
    """What is wrong with a file, a row or a cell."""

    severity: Literal["error", "warning"]
    row: int = Field(description="As a spreadsheet shows it, the header being 1; 0 for the whole file.")
    column: str
    value: str = Field(description="Cut to 40 characters; empty where it must not be shown.")
    code: str
    reason: str


class FileReport(Shape):
    """What came out of checking a file."""

    kind: str
    name: str
    rows: int
    size: int
    digest: str = Field(description="SHA-256 of the file, hex.")
    error_count: int
    warning_count: int
    counts: dict[str, int] = Field(description="Problems by code.")
    errors: list[ImportProblem] = Field(description="The first thousand.")
    warnings: list[ImportProblem] = Field(description="The first thousand.")


class ImportedReference(Shape):
    """What came of reference data."""

    added: int
    changed: int


class ImportedDay(Shape):
    """What came of one business day."""

    date: BusinessDate
    outcome: Literal["polled", "staged", "unchanged", "failed"]
    generation: int
    added: int
    changed: int
    removed: int
    failure: str | None
    compensated: list[OtherDay] = Field(
        default=[], description="Other business days that changed by it, with compensating facts; absent: none did."
    )
    observed: int = Field(
        default=0,
        description="Changes that other, approved days do not take until they are reopened; absent: none.",
    )
    conflicts: int = Field(
        default=0, description="Changes to what was entered here: each is listed until it is decided; absent: none."
    )


class ImportAnswer(Shape):
    """What came of import files."""

    location: str
    check: bool
    position: int = Field(description="Read with `min_position` at least this to see it; 0 where nothing was recorded.")
    outcome: Literal["imported", "good"]
    files: list[FileReport]
    problems: list[ImportProblem]
    reference: ImportedReference | None
    days: list[ImportedDay]


class ImportColumn(Shape):
    """A column of a kind of file."""

    name: str
    type: str
    required: bool
    personal: bool


class ImportKind(Shape):
    """A kind of file."""

    kind: str
    title: str
    reference: bool
    columns: list[ImportColumn]


class ImportKinds(Shape):
    """All kinds of files."""

    data: list[ImportKind]
