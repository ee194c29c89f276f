"""Queries for who may see some locations only, on both databases."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, insert, select

from adapters.database import open_engine
from projections import queries, tables
from projections.making import make_missing_views

SOME = ("connection", "location", "mention")
LOCATIONS = {"tray": ("pier", "harbor"), "tray-two": ("attic",), "files": ("pier",)}


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """Views of two clients with connections of the same names, and which fact names which location."""
    opened = open_engine(database_url)
    make_missing_views(opened)
    position = 0
    with opened.begin() as connection:
        for client in ("main", "other"):
            for name, locations in LOCATIONS.items():
                connection.execute(
                    insert(tables.connection).values(**_row("connection", client=client, connection=name))
                )
                for location in locations:
                    position += 1
                    for id_, meaning in ((location, queries.LOCATION), (name, "connection")):
                        connection.execute(
                            insert(tables.mention).values(
                                client=client,
                                id=id_,
                                meaning=meaning,
                                stream=f"connection:{client}:{name}",
                                record="",
                                position=position,
                            )
                        )
    yield opened
    opened.dispose()


def _row(table: str, **given: str) -> dict[str, object]:
    """A row with something in every column that wants it."""
    blank: dict[str, object] = {}
    for column in getattr(tables, table).c:
        if column.nullable:
            continue
        text = column.type.python_type is str
        blank[column.name] = ("{}" if column.name.endswith("_json") else "") if text else 0
    return {**blank, **given}


@pytest.mark.parametrize(
    ("among", "expected"),
    [
        (None, ["files", "tray", "tray-two"]),
        ({"pier"}, ["files", "tray"]),
        ({"attic", "harbor"}, ["tray", "tray-two"]),
        ({"nowhere"}, []),
        (set(), []),
    ],
)
def test_connections_that_feed_one_of_them(engine: Engine, among: set[str] | None, expected: list[str]) -> None:
    """Each once, in order, page by page, also one that feeds a location beside the connection that polls it."""
    found: list[str] = []
    while page := queries.connections(engine, "main", after=found[-1] if found else "", limit=1, among=among):
        found += [row.connection for row in page]
    assert found == expected


@pytest.mark.parametrize(
    ("among", "expected"), [({"pier"}, [1, 4]), ({"pier", "attic"}, [1, 3, 4]), ({"nowhere"}, []), (set(), [])]
)
def test_positions_of_facts_that_name_one_of_them(engine: Engine, among: set[str], expected: list[int]) -> None:
    """Of this client alone, in order, past a position."""
    assert queries.positions_naming(engine, "main", among, after=0, limit=10) == expected
    assert queries.positions_naming(engine, "main", among, after=1, limit=10) == [one for one in expected if one > 1]
    assert queries.positions_naming(engine, "main", among, after=0, limit=1) == expected[:1]


def test_mentions_in_facts_that_name_one_of_them_too(engine: Engine) -> None:
    """The connection is named by every fact of its stream, and shown by those of the own locations."""
    asked = select(tables.mention.c.position).where(
        tables.mention.c.client == "main",
        tables.mention.c.id == "tray",
        queries.naming_too("main", {"harbor"}, tables.mention),
    )
    with engine.connect() as connection:
        assert list(connection.scalars(asked)) == [2]
