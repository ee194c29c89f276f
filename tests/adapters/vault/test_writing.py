"""What the vault overwrote is gone from every file: also what SQLite had copied when it split full pages."""

import random
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from adapters.vault.tables import PERSON_KEYS
from adapters.vault.writing import now, wipe, writing

PEOPLE = 600
LOT = 50


@pytest.mark.parametrize("seed", [12, 17, 18, 21])
def test_what_was_overwritten_is_in_no_file(lite: sa.Engine, tmp_path: Path, seed: int) -> None:
    """People come and go in any order: in these orders a mark was left where a page of the index had been split."""
    rng = random.Random(seed)
    rows: list[dict[str, Any]] = [
        {"client": "acme", "person": f"p{number}", "wrapped_key": rng.randbytes(40), "ssn_mark": rng.randbytes(32)}
        for number in rng.sample(range(10 * PEOPLE), PEOPLE)
    ]
    stamped = [{**row, "created_at": now(), "key_version": 1} for row in rows]
    for lot in range(0, PEOPLE, LOT):
        with writing(lite) as connection:
            connection.execute(sa.insert(PERSON_KEYS), stamped[lot : lot + LOT])
    before = _all(lite)
    gone = rng.sample(rows, PEOPLE // 2)
    for row in gone:
        with writing(lite) as connection:
            mine = PERSON_KEYS.c.person == row["person"]
            connection.execute(sa.update(PERSON_KEYS).where(mine).values(wrapped_key=None, ssn_mark=None))
    wipe(lite, PERSON_KEYS)
    content = b"".join(file.read_bytes() for file in (tmp_path / "database").iterdir())
    assert [row["person"] for row in gone if row["wrapped_key"] in content or row["ssn_mark"] in content] == []
    left = {row["person"] for row in rows} - {row["person"] for row in gone}
    assert [row for row in _all(lite) if row.person in left] == [row for row in before if row.person in left]
    assert len(_all(lite)) == PEOPLE


def _all(engine: sa.Engine) -> list[sa.Row[tuple[object, ...]]]:
    with engine.connect() as connection:
        return list(connection.execute(sa.select(PERSON_KEYS).order_by(PERSON_KEYS.c.person)).all())
