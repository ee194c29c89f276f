"""Mutations of bytes: what a careless program, a broken disk or somebody malicious makes of a good input."""

import random
from collections.abc import Callable, Sequence
from typing import Final

Mutation = Callable[[random.Random, bytearray, Sequence[bytes]], None]

TOKENS: Final = (
    b"\x00", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"\xed\xa0\x80", b"\xc3", b"\r", b"\n", b"\r\n", b'"', b'""',
    b",", b",,,,,,,,", b";", b"\t", b"'", b"\\", b"=", b"-", b"+", b".", b"e", b"0", b"-0", b"NaN", b"inf", b"1e999",
    b"99999999999999999999", b"0x10", b"02/30/2026", b"11/20/2026 24:00:00", b"12:00 AM", b"4111111111111111",
    b"\x1f", b"\x1e", b"\x02", b"\x03", b"\x03formula x", b"\x04bad-quotes x", b"\x02x", b"\x85", b"\xe2\x80\xa8",
    b"\xf0\x9f\x8d\x94", b"<", b">", b"&", b"&amp;", b"<!DOCTYPE a>", b"]]>", b"{", b"}", b"[", b"]", b"null",
    b"true", b":",
)  # fmt: skip


def _flip(rng: random.Random, data: bytearray, _: Sequence[bytes]) -> None:
    for _bit in range(rng.randint(1, 4)):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def _insert(rng: random.Random, data: bytearray, tokens: Sequence[bytes]) -> None:
    at = rng.randint(0, len(data))
    data[at:at] = rng.choice(tokens) * rng.choice((1, 1, 1, 2, 50))


def _replace(rng: random.Random, data: bytearray, tokens: Sequence[bytes]) -> None:
    at = rng.randint(0, len(data))
    data[at : at + rng.randint(1, 12)] = rng.choice(tokens)


def _delete(rng: random.Random, data: bytearray, _: Sequence[bytes]) -> None:
    at = rng.randint(0, len(data))
    del data[at : at + rng.choice((1, 2, 8, 64))]


def _repeat(rng: random.Random, data: bytearray, _: Sequence[bytes]) -> None:
    at = rng.randint(0, len(data))
    piece = bytes(data[at : at + rng.choice((1, 8, 80, 400))])
    data[at:at] = piece * rng.randint(1, 5)


def _move(rng: random.Random, data: bytearray, _: Sequence[bytes]) -> None:
    at, size = rng.randint(0, len(data)), rng.choice((1, 8, 80))
    piece = bytes(data[at : at + size])
    del data[at : at + size]
    to = rng.randint(0, len(data))
    data[to:to] = piece


def _cut(rng: random.Random, data: bytearray, _: Sequence[bytes]) -> None:
    del data[rng.randint(0, len(data)) :]


def _noise(rng: random.Random, data: bytearray, _: Sequence[bytes]) -> None:
    at = rng.randint(0, len(data))
    data[at:at] = rng.randbytes(rng.randint(1, 24))


_MUTATIONS: Final[tuple[Mutation, ...]] = (
    _flip,
    _insert,
    _insert,
    _replace,
    _replace,
    _delete,
    _repeat,
    _move,
    _cut,
    _noise,
)


def mutated(rng: random.Random, data: bytes, tokens: Sequence[bytes] = TOKENS) -> bytes:
    """The data with one to six mutations."""
    found = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 3, 6))):
        if found:
            rng.choice(_MUTATIONS)(rng, found, tokens)
    return bytes(found)
