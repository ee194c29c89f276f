"""Facts that carry the changes of a generation."""

from domain.facts import Change, RecordsChanged


def numbered(generation: int, lots: list[tuple[Change, ...]]) -> list[RecordsChanged]:
    """The facts that carry the changes of a generation."""
    return [RecordsChanged(generation, number, lot) for number, lot in enumerate(lots, start=1)]
