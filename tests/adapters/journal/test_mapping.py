"""How states are stored: short ones plain, long ones compressed, none without bounds."""

import pytest
import zstandard

from adapters.journal.mapping import COMPRESS_BYTES, STATE_BYTES, StateCompressor

COMPRESSOR = StateCompressor()


def test_short_states_stay_plain_and_long_ones_shrink() -> None:
    """Up to 4,096 bytes a state is stored as it is; past that it is compressed, and reads back the same."""
    short = b"{" + b"x" * (COMPRESS_BYTES - 1)
    assert COMPRESSOR.compress(short) == short
    long = short + b"x"
    stored = COMPRESSOR.compress(long)
    assert len(stored) < 100
    assert stored[0] != ord("{")
    assert COMPRESSOR.decompress(stored) == long
    assert COMPRESSOR.decompress(short) == short


def test_a_bomb_is_not_unpacked() -> None:
    """Bytes that would become more than the limit, or do not say how much, are refused before they are unpacked."""
    honest = zstandard.ZstdCompressor(level=19).compress(b"{" + bytes(STATE_BYTES))
    silent = zstandard.ZstdCompressor(write_content_size=False).compress(b"{" + bytes(10_000))
    assert len(honest) < 10_000
    for bomb in (honest, silent):
        with pytest.raises(ValueError, match="length"):
            COMPRESSOR.decompress(bomb)


@pytest.mark.parametrize("damage", ["first", "middle", "end", "more"])
def test_damaged_bytes_are_an_error(damage: str) -> None:
    """Neither a changed first byte nor a cut or lengthened frame is taken for a state."""
    stored = COMPRESSOR.compress(b"{" + bytes(range(256)) * 40)
    damaged = {
        "first": b"\x00" + stored[1:],
        "middle": stored[:10] + b"\xff\xff\xff\xff" + stored[14:],
        "end": stored[:-3],
        "more": stored + b"{}",
    }[damage]
    with pytest.raises(ValueError, match="bytes"):
        COMPRESSOR.decompress(damaged)
