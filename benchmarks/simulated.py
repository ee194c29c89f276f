"""The simulated Tray POS in a process of its own, its days drawn before anything is measured."""

import datetime as dt
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import msgspec

from adapters.pos.tray.simulator import TrayPos, TrayPosSettings, running, some_venues
from benchmarks.measuring import ROOT, sound
from benchmarks.pos import Pos

FIRST_DAY: Final = dt.date(2025, 6, 2)
"""The first business day that is polled: long over, and no clock changes in the days after it."""

_STOP_SECONDS: Final = 10


class Drawn(msgspec.Struct, frozen=True):
    """What the POS has.

    Attributes:
        tickets: on each day.
        items: on each ticket; None for a realistic spread (about four).
        days: how many, from :data:`FIRST_DAY`.
    """

    tickets: int
    items: int | None
    days: int


@contextmanager
def pos_with(drawn: Drawn) -> Iterator[Pos]:
    """A POS that serves on 127.0.0.1 for as long as the block lasts."""
    process = subprocess.Popen(  # noqa: S603 - our own module in our own interpreter
        [sys.executable, "-m", "benchmarks.simulated", msgspec.json.encode(drawn).decode()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        sound(bool(line), "The simulated POS did not start.")
        yield msgspec.json.decode(line, type=Pos)
    finally:
        assert process.stdin is not None
        process.stdin.close()  # it stops when nobody holds this end any more, however we end
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def main() -> None:
    """Serve until standard input ends."""
    drawn = msgspec.json.decode(sys.argv[1], type=Drawn)
    dates = tuple(FIRST_DAY + dt.timedelta(days=number) for number in range(drawn.days))
    (venue, *_) = some_venues(1)
    settings = TrayPosSettings(
        venues=(venue,), tickets=drawn.tickets, items=drawn.items, first=dates[0], last=dates[-1]
    )
    pos = TrayPos(settings)
    pos.warm()
    with running(pos) as served:
        answer = Pos(served.url, venue.id, venue.api_key, venue.zone, dates)
        sys.stdout.buffer.write(msgspec.json.encode(answer) + b"\n")
        sys.stdout.flush()
        sys.stdin.buffer.read()


if __name__ == "__main__":
    main()
