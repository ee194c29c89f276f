"""(w) sealing and opening people against plain AES of the same bytes, and (x) rotating the keys of twice as many."""

import gc
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from adapters.database import open_engine
from adapters.vault import SqlVault
from benchmarks.bench import Bench
from benchmarks.measuring import ALL_IN_ONE, Side, Stopwatch, Taken, alternate_within, job, run, sides_of, sound
from benchmarks.store import Store
from benchmarks.table import Line, at_most, line

LETTERS: Final = "wx"
ROTATION_SECONDS: Final = 10.0
"""The aim is about the keys of 10,000 persons."""

FIRST: Final = "seal anew"
AGAIN: Final = "seal again"
OPEN: Final = "open"
ROTATE: Final = "rotate"
AES: Final = "plain AES"

_CLIENT: Final = "bench"

People = Mapping[str, Mapping[str, str]]


def people_of(count: int) -> dict[str, dict[str, str]]:
    """So many people, each with the eight personal fields."""
    return {
        f"tray:L1:E{number:05}": {
            "first_name": f"First{number}",
            "last_name": f"Last{number}",
            "middle_name": "M.",
            "address": f"{number} Example Street, Springfield, NY 00501",
            "phone": f"(555) 555-{number % 10_000:04}",
            "ssn": f"900-{number % 100:02}-{number % 10_000:04}",
            "email": f"staff{number}@example.com",
            "date_of_birth": "1988-02-13",
        }
        for number in range(count)
    }


def seal_and_open(store: Store, people: int, repetitions: int) -> Taken:
    """Seal for people who are new, seal and open with nothing remembered, and encrypt the same bytes plainly."""
    engine = open_engine(store.url)
    # Nothing is remembered: each call reads all keys and unwraps them.
    vault = SqlVault(engine, Path(store.folder) / "key", cache_seconds=0)
    clear = people_of(people)
    sealed = {person: fields for person, fields in vault.seal_all(_CLIENT, clear).items() if fields is not None}
    ways: dict[str, Callable[[int], Taken]] = {
        FIRST: lambda repetition: _timed(lambda: len(vault.seal_all(f"{_CLIENT}-{repetition}", clear))),
        AGAIN: lambda _: _timed(lambda: _alike(vault.seal_all(_CLIENT, clear), sealed)),
        OPEN: lambda _: _timed(lambda: _alike(vault.open_all(_CLIENT, sealed), clear)),
        AES: lambda _: _timed(lambda: _encrypted(clear)),
    }
    gc.freeze()  # what was prepared is no part of anybody's collections
    taken = alternate_within(ways, repetitions)
    engine.dispose()
    return taken


def rotate(store: Store, people: int, repetitions: int) -> Taken:
    """Rotate the keys of people, and encrypt as many keys plainly."""
    engine = open_engine(store.url)
    vault = SqlVault(engine, Path(store.folder) / "key")
    vault.seal_all(_CLIENT, {person: {"a": "x"} for person in people_of(people)})
    keys = {str(number): {"key": "k" * 64} for number in range(people)}
    ways: dict[str, Callable[[int], Taken]] = {
        ROTATE: lambda _: _timed(lambda: vault.rotate().keys),
        AES: lambda _: _timed(lambda: _encrypted(keys)),
    }
    gc.freeze()
    taken = alternate_within(ways, repetitions)
    engine.dispose()
    return taken


def _alike(made: Mapping[str, Mapping[str, str] | None], expected: People) -> int:
    """How many people are as they should be."""
    return len(expected) if made == expected else sum(made[person] == fields for person, fields in expected.items())


def _encrypted(people: People) -> int:
    """The same values with one key and a random nonce each; answers how many people."""
    cipher = AESGCM(AESGCM.generate_key(256))
    for fields in people.values():
        for value in fields.values():
            nonce = os.urandom(12)
            cipher.encrypt(nonce, value.encode(), None)
    return len(people)


def _timed(way: Callable[[], int]) -> Taken:
    watch = Stopwatch()
    with watch.running():
        answer = way()
    return Taken(watch.seconds, {"answer": answer})


def lines(bench: Bench, letters: str) -> Iterator[Line]:
    """The lines of (w) and (x)."""
    people = bench.sizes.people
    for kind in bench.kinds:
        store = bench.stores.migrated(kind)
        repetitions = bench.sizes.repetitions
        if "w" in letters:
            bench.note(f"sealing {people:,} people {kind}")
            sides = sides_of(run(job(seal_and_open, store=store, people=people, repetitions=repetitions)))
            _check(sides, people)
            for name in (FIRST, AGAIN, OPEN):
                figure = (sides[name].seconds, f"{people / sides[name].seconds:,.0f}/s")
                text = f"{name} for {people:,} people, keys unwrapped each time: daybook / plain AES of the same bytes"
                yield line("w", kind, text, sides[name], sides[AES], figure=figure, note=ALL_IN_ONE)
        if "x" in letters:
            bench.note(f"rotating the keys of {2 * people:,} people {kind}")
            sides = sides_of(run(job(rotate, store=store, people=2 * people, repetitions=repetitions)))
            sound(all(one.found["answer"] >= 2 * people for one in sides[ROTATE].runs), "Not all keys were rotated.")
            figure = (sides[ROTATE].seconds, f"{sides[ROTATE].seconds:.2f} s")
            text = f"rotate the keys of {2 * people:,} people: daybook / plain AES of as many keys"
            aim = at_most(ROTATION_SECONDS, " s")
            yield line("x", kind, text, sides[ROTATE], sides[AES], aim=aim, figure=figure, note=ALL_IN_ONE)
        bench.stores.drop(store)


def _check(sides: Mapping[str, Side], people: int) -> None:
    for name, side in sides.items():
        for one in side.runs:
            sound(one.found["answer"] == people, f"'{name}' did {one.found['answer']} people, not {people}.")
