"""Faults of the body as a whole: cut, marked, padded, or packed to burst."""

import gzip
import struct
import zlib

from adapters.pos.tray.simulator.faults.registry import Answer, answer_fault
from adapters.pos.tray.simulator.kernel import Visit

_MEBIBYTE = 1 << 20
_GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03"
_RAW_DEFLATE = -15


@answer_fault("truncated_json", "The JSON ends in the middle, although the message is whole.")
def _truncated(visit: Visit, answer: Answer) -> Answer:  # noqa: ARG001 - faults of a kind share one signature
    return answer.but(body=answer.body[: len(answer.body) // 2])


@answer_fault("bad_utf8", "A text contains a byte that is not UTF-8.")
def _bad_utf8(visit: Visit, answer: Answer) -> Answer:  # noqa: ARG001
    head, quote, tail = answer.body.rpartition(b'"')
    return answer.but(body=head + b"\xff" + quote + tail)


@answer_fault("byte_order_mark", "The JSON comes after a byte order mark.")
def _byte_order_mark(visit: Visit, answer: Answer) -> Answer:  # noqa: ARG001
    return answer.but(body=b"\xef\xbb\xbf" + answer.body)


@answer_fault("huge_page", "The page is padded by parameters.bytes (67108864) in a field that nobody knows.")
def _huge(visit: Visit, answer: Answer) -> Answer:
    padding = b"x" * int(visit.parameters.get("bytes", 64 * _MEBIBYTE))
    return answer.but(body=b'{"padding":"' + padding + b'",' + answer.body[1:])


@answer_fault("gzip_bomb", "The page, gzipped, unpacks to parameters.bytes (1073741824) more of blanks.")
def _gzip_bomb(visit: Visit, answer: Answer) -> Answer:
    return answer.but(
        body=bomb(answer.body, int(visit.parameters.get("bytes", 1024 * _MEBIBYTE))), content_encoding="gzip"
    )


@answer_fault("double_gzip", "The page is gzipped twice, after parameters.bytes (0) of blanks were put before it.")
def _double_gzip(visit: Visit, answer: Answer) -> Answer:
    inner = bomb(answer.body, int(visit.parameters.get("bytes", 0)))
    return answer.but(body=gzip.compress(inner, mtime=0), content_encoding="gzip, gzip")


def bomb(body: bytes, padding: int) -> bytes:
    """Answer a gzip stream of ``padding`` blanks (whole mebibytes) and the body.

    One mebibyte is compressed, and its block repeated: a full flush forgets what came before, so that equal input gives
    equal blocks.
    """
    blanks, times = b" " * _MEBIBYTE, padding // _MEBIBYTE
    packer = zlib.compressobj(9, zlib.DEFLATED, _RAW_DEFLATE)
    block = packer.compress(blanks) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = 0
    for _ in range(times):
        checksum = zlib.crc32(blanks, checksum)
    packer = zlib.compressobj(9, zlib.DEFLATED, _RAW_DEFLATE)
    last = packer.compress(body) + packer.flush(zlib.Z_FINISH)
    size = (times * _MEBIBYTE + len(body)) & 0xFFFFFFFF
    return _GZIP_HEADER + block * times + last + struct.pack("<II", zlib.crc32(body, checksum), size)
