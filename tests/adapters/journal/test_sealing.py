"""The arithmetic of seals, against published vectors and by its own laws."""

import datetime as dt
from hashlib import sha256

import pytest

from adapters.journal.sealing import GENESIS, Leaf, Verifier, leaf_hash, merkle_root, seal_hash, sealed

NOW = dt.datetime(2026, 10, 31, 12, tzinfo=dt.UTC)

INPUTS = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


@pytest.mark.parametrize("size", sorted(ROOTS))
def test_roots_are_those_of_certificate_transparency(size: int) -> None:
    """The Merkle tree is the one of RFC 6962: its published roots for 1 to 8 leaves come out."""
    leaves = [sha256(b"\0" + data).digest() for data in INPUTS[:size]]
    assert merkle_root(leaves).hex() == ROOTS[size]


def test_a_leaf_is_what_the_description_says() -> None:
    """Somebody who has the description only computes the same leaf."""
    stream, name, state = "connection:C1:ü", "connection.established", b'{"v":1}'
    where, what = stream.encode(), name.encode()
    lengths = len(where).to_bytes(4, "big"), (7).to_bytes(8, "big"), len(what).to_bytes(4, "big")
    assert leaf_hash(stream, 7, name, state) == sha256(b"\0" + b"".join(lengths) + where + what + state).digest()


def test_a_leaf_depends_on_every_part_and_on_where_each_ends() -> None:
    """No two different facts share a leaf, not even where their texts run together."""
    facts = [
        ("ab", 1, "c", b"d"),
        ("a", 1, "bc", b"d"),
        ("ab", 1, "", b"cd"),
        ("ab", 2, "c", b"d"),
        ("ab", 1, "c", b"e"),
        ("abc", 1, "", b"d"),
        ("", 1, "abc", b"d"),
    ]
    assert len({leaf_hash(*fact) for fact in facts}) == len(facts)


def test_a_seal_is_what_the_description_says() -> None:
    """Somebody who has the description only computes the same seal."""
    root = bytes(range(32))
    numbers = b"".join(number.to_bytes(8, "big") for number in (1, 5, 7, 3))
    moment = (int(NOW.timestamp()) * 1_000_000).to_bytes(8, "big")
    texts = b"\0\0\0\x02C1" + b"\0\0\0\x03c-1"
    expected = sha256(bytes(32) + numbers + root + moment + texts).digest()
    seal = sealed(None, first_position=5, leaves=3, root=root, now=NOW, client="C1", command="c-1")
    assert seal.seal == expected
    assert (seal.commit, seal.first_position, seal.last_position, seal.leaves) == (1, 5, 7, 3)


def test_a_seal_depends_on_every_part() -> None:
    """Changing any one thing that is sealed changes the seal."""
    base = {
        "commit": 1,
        "first_position": 1,
        "last_position": 2,
        "leaves": 2,
        "root": bytes(32),
        "recorded_at": NOW,
        "client": "C1",
        "command": "c",
    }
    others = {
        "commit": 2,
        "first_position": 0,
        "last_position": 3,
        "leaves": 3,
        "root": b"\1" * 32,
        "recorded_at": NOW + dt.timedelta(microseconds=1),
        "client": "C",
        "command": "1c",
    }
    seals = {seal_hash(GENESIS, **base)}  # type: ignore[arg-type]
    seals |= {seal_hash(GENESIS, **{**base, name: value}) for name, value in others.items()}  # type: ignore[arg-type]
    seals.add(seal_hash(b"\1" * 32, **base))  # type: ignore[arg-type]
    assert len(seals) == len(others) + 2


def test_time_never_runs_backwards() -> None:
    """Where the clock was set back, a commit repeats the time of the one before."""
    first = sealed(None, first_position=1, leaves=1, root=bytes(32), now=NOW, client="C1", command="1")
    early = NOW - dt.timedelta(hours=1)
    second = sealed(first, first_position=2, leaves=1, root=bytes(32), now=early, client="C1", command="2")
    assert second.recorded_at == NOW
    assert second.commit == 2


def test_a_commit_within_another_is_a_fault() -> None:
    """Seals that overlap, or that run backwards in time, are faults even where each of them fits its facts."""
    leaves = [leaf_hash("connection:C1:a", version, "n", b"{}") for version in (1, 2)]
    stored = [Leaf(1, "connection:C1:a", leaves[0]), Leaf(2, "connection:C1:a", leaves[1])]
    first = sealed(None, first_position=1, leaves=2, root=merkle_root(leaves), now=NOW, client="C1", command="1")
    inside = sealed(first, first_position=2, leaves=1, root=leaves[1], now=NOW, client="C1", command="2")
    verifier = Verifier()
    verifier.check(first, stored)
    verifier.check(inside, stored[1:])
    assert verifier.verification().faults == ("Commit 2 begins at position 2, inside the commit before.",)
