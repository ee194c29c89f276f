"""Sealed archives: what opens, and that nothing else does."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.pos.tray.sealed import ArchiveKey, bound_to, mark_of
from adapters.pos.tray.simulator.parcel import Parcel
from domain.ports.source import SourceFailure
from tests.support.laws import examples
from tests.support.tray_stage import KEY

ASKED = {
    "businessDate": "2026-11-20",
    "createdFrom": "2026-11-20T05:00:00Z",
    "createdTo": "2026-11-21T05:00:00Z",
}
BOUND = bound_to("V100", "sales", ASKED)
# Made by hand: HKDF as RFC 5869 has it, of two HMACs, and AES-256-GCM.
KNOWN = bytes.fromhex(
    "5452415941524331000102030405060708090a0b0c0d0e0f101112131415161718191a1bb17b8fc2ed7438c668e03887a76cbabdd0aaa25c38"
    "cce52cbb9bfbce9b2b4dfd33f43a390e647fbe5d226a5e29177e635c8edf"
)
PLAIN = b"a zip, for all that this test knows"


def parcel(content: bytes, chance: bytes = bytes(28), **changed: str) -> bytes:
    """What the simulator seals, which shares no code with what opens it."""
    made = {"venue": "V100", "part": "sales", "key": KEY, **changed}
    return Parcel(
        venue=made["venue"], part=made["part"], key=made["key"], asked=ASKED, chance=chance, contents={}, zipped=content
    ).seal()


def test_a_known_archive_opens() -> None:
    """The contract's bytes, worked out outside of this software."""
    assert ArchiveKey(KEY).open(KNOWN, BOUND) == PLAIN
    assert mark_of(KNOWN) == bytes(range(28))
    assert parcel(PLAIN, bytes(range(28))) == KNOWN


@settings(max_examples=examples(100), deadline=None)
@given(st.binary(max_size=2_000), st.binary(min_size=28, max_size=28))
def test_what_was_sealed_is_what_opens(content: bytes, chance: bytes) -> None:
    """Any content under any salt and nonce, from the other side's code."""
    assert ArchiveKey(KEY).open(parcel(content, chance), BOUND) == content


@settings(max_examples=examples(300), deadline=None)
@given(st.data())
def test_no_changed_cut_or_longer_archive_opens(data: st.DataObject) -> None:
    """Every bit counts, from the first of the magic to the last of the tag."""
    bit = data.draw(st.integers(0, 8 * len(KNOWN) - 1))
    changed = bytearray(KNOWN)
    changed[bit // 8] ^= 1 << bit % 8
    cut = KNOWN[: data.draw(st.integers(0, len(KNOWN) - 1))]
    longer = KNOWN + data.draw(st.binary(min_size=1, max_size=40))
    for sealed in (bytes(changed), cut, longer):
        with pytest.raises(SourceFailure) as failed:
            ArchiveKey(KEY).open(sealed, BOUND)
        assert failed.value.failure == "malformed"


OTHERS = {
    "another venue": bound_to("V101", "sales", ASKED),
    "another part": bound_to("V100", "labor", ASKED),
    "another date": bound_to("V100", "sales", {**ASKED, "businessDate": "2026-11-19"}),
    "another window": bound_to("V100", "sales", {**ASKED, "createdTo": "2026-11-22T05:00:00Z"}),
    "a parameter less": bound_to("V100", "sales", {"businessDate": "2026-11-20"}),
    "a parameter more": bound_to("V100", "sales", {**ASKED, "includeInactive": "true"}),
    "nothing": b"",
}


@pytest.mark.parametrize("bound", OTHERS.values(), ids=OTHERS)
def test_an_archive_moved_elsewhere_does_not_open(bound: bytes) -> None:
    """It is bound to the whole question: what was made for one opens as the answer to no other."""
    with pytest.raises(SourceFailure, match="another question"):
        ArchiveKey(KEY).open(KNOWN, bound)


@pytest.mark.parametrize("key", ["another", KEY.upper(), f"{KEY} "[:-2], "x"])
def test_another_key_opens_nothing(key: str) -> None:
    """The sentence of the failure shows neither key."""
    with pytest.raises(SourceFailure) as failed:
        ArchiveKey(key).open(KNOWN, BOUND)
    assert KEY not in str(failed.value)
    assert failed.value.failure == "malformed"


def test_the_order_of_parameters_says_nothing() -> None:
    """They are bound in alphabetical order, one a line."""
    assert bound_to("V100", "sales", dict(reversed(ASKED.items()))) == BOUND
    assert BOUND.decode().splitlines() == [
        "TRAYARC1",
        "venue=V100",
        "part=sales",
        "businessDate=2026-11-20",
        "createdFrom=2026-11-20T05:00:00Z",
        "createdTo=2026-11-21T05:00:00Z",
    ]


def test_a_key_shows_itself_to_nobody() -> None:
    """What holds it does not print it."""
    assert KEY not in repr(ArchiveKey(KEY))
    assert KEY not in repr(vars(ArchiveKey)) + str(ArchiveKey(KEY))
