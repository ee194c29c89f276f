"""A part of the runs of ``python -m tests.sweep``, in every run of the tests."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.postgres import Server
from tests.sweep.__main__ import FLOWS, run
from tests.sweep.points import Points
from tests.sweep.running import Stores, sweep

LEAST_POINTS = 400


@pytest.mark.slow
def test_nothing_is_twice_or_forgotten_whatever_point_breaks() -> None:
    """Of every flow a few statements and requests are broken, each time others of all that there are."""
    came = run(list(FLOWS), sample=2)
    assert [told for flow in came["flows"] for told in flow["told"]] == []
    assert came["points"] >= LEAST_POINTS
    assert all(flow["kinds"]["statement"] and flow["kinds"]["commit"] for flow in came["flows"])


@pytest.mark.slow
def test_nor_on_postgresql(postgres: Server, postgres_template: str, tmp_path: Path) -> None:
    """The same with a flow on PostgreSQL, whose journal has a driver of its own."""
    with ExitStack() as closing:
        came = sweep(FLOWS["views of objects"](closing), Stores(tmp_path, postgres, postgres_template), sample=3)
    assert came.told == []
    assert came.points >= 50


def test_a_point_breaks_before_or_after_what_is_done_there() -> None:
    """Told of a failure, nothing was done, or it was; a process that is gone does nothing more."""
    done: list[int] = []
    for mode, count in (("error", 0), ("lost", 1)):
        done.clear()
        points = Points(2, mode)  # type: ignore[arg-type]
        with points.counted():
            points.through("statement", "one", lambda: None, lambda: OSError("no"))
            with pytest.raises(OSError, match="no"):
                points.through("statement", "two", lambda: done.append(2), lambda: OSError("no"))
        assert (len(done), points.passed) == (count, 2)
