"""Faults of archives: sealed wrongly, zipped dishonestly, or not holding what their manifest says."""

import zlib
from collections.abc import Callable
from dataclasses import replace

import msgspec

from adapters.pos.tray.simulator.faults.registry import parcel_fault
from adapters.pos.tray.simulator.kernel import Visit
from adapters.pos.tray.simulator.parcel import MANIFEST, Parcel
from adapters.pos.tray.simulator.zipping import Entry, deflated, written

_MEBIBYTE = 1 << 20
_RAW = -15
_ENCRYPTED = 1
_BZIP2 = 12


@parcel_fault("archive_wrong_key", "The archive is sealed with another key than the one that asked.")
def _wrong_key(visit: Visit, parcel: Parcel) -> Parcel:  # noqa: ARG001 - faults of a kind share one signature
    return replace(parcel, key=f"{parcel.key}-of-old")


@parcel_fault("archive_wrong_tag", "The last byte of the archive, which is of its tag, is another.")
def _wrong_tag(visit: Visit, parcel: Parcel) -> Parcel:  # noqa: ARG001
    sealed = parcel.seal()
    return replace(parcel, sealed=sealed[:-1] + bytes([sealed[-1] ^ 1]))


@parcel_fault("archive_changed", "A byte in the middle of the archive is another.")
def _changed(visit: Visit, parcel: Parcel) -> Parcel:  # noqa: ARG001
    sealed = bytearray(parcel.seal())
    sealed[len(sealed) // 2] ^= 1
    return replace(parcel, sealed=bytes(sealed))


@parcel_fault("archive_truncated", "The archive ends after parameters.bytes (half), although the message is whole.")
def _truncated(visit: Visit, parcel: Parcel) -> Parcel:
    sealed = parcel.seal()
    return replace(parcel, sealed=sealed[: int(visit.parameters.get("bytes", len(sealed) // 2))])


@parcel_fault("archive_moved", "The archive was made for other parameters, parameters.asked (the date 2001-01-01).")
def _moved(visit: Visit, parcel: Parcel) -> Parcel:
    return replace(parcel, asked={**parcel.asked, **visit.parameters.get("asked", {"businessDate": "2001-01-01"})})


@parcel_fault("archive_of_another_venue", "The archive was made for another venue, parameters.venue (V999).")
def _of_another_venue(visit: Visit, parcel: Parcel) -> Parcel:
    return replace(parcel, venue=str(visit.parameters.get("venue", "V999")))


@parcel_fault("archive_kept", "The archive is the one that was answered to the same question before, byte for byte.")
def _kept(visit: Visit, parcel: Parcel) -> Parcel:
    kept = visit.pos.handed_out.get(parcel.question())
    return replace(parcel, sealed=kept) if kept else parcel


@parcel_fault("archive_unknown_version", "The archive says that it is sealed in a way that nobody knows yet.")
def _unknown_version(visit: Visit, parcel: Parcel) -> Parcel:  # noqa: ARG001
    sealed = parcel.seal()
    return replace(parcel, sealed=sealed[:7] + b"9" + sealed[8:])


@parcel_fault("archive_in_clear", "The zip comes as it is, not sealed.")
def _in_clear(visit: Visit, parcel: Parcel) -> Parcel:  # noqa: ARG001
    return replace(parcel, sealed=parcel.zip())


def _entries(visit: Visit, parcel: Parcel, change: Callable[[Entry], list[Entry]]) -> Parcel:
    """Answer the parcel with the entry parameters.entry (the first one) changed."""
    name = str(visit.parameters.get("entry", next(iter(parcel.contents))))
    changed = [part for entry in parcel.entries() for part in (change(entry) if entry.name == name else [entry])]
    return parcel.with_entries(changed)


@parcel_fault("zip_bomb", "An entry (parameters.entry, the first) ends in parameters.bytes (1073741824) of blanks.")
def _zip_bomb(visit: Visit, parcel: Parcel) -> Parcel:
    more = int(visit.parameters.get("bytes", 1024 * _MEBIBYTE))
    return _entries(visit, parcel, lambda entry: [_burst(parcel.contents[entry.name], entry.name, more)])


@parcel_fault("zip_lying_size", "An entry unpacks to parameters.bytes (67108864) more of blanks than it says.")
def _lying_size(visit: Visit, parcel: Parcel) -> Parcel:
    more = int(visit.parameters.get("bytes", 64 * _MEBIBYTE))

    def lying(entry: Entry) -> list[Entry]:
        content = parcel.contents[entry.name]
        return [replace(_burst(content, entry.name, more), size=len(content), crc=zlib.crc32(content))]

    return _entries(visit, parcel, lying)


@parcel_fault("zip_short_entry", "An entry says that it unpacks to one byte more than it does.")
def _short_entry(visit: Visit, parcel: Parcel) -> Parcel:
    return _entries(visit, parcel, lambda entry: [replace(entry, size=entry.size + 1)])


@parcel_fault("zip_bad_checksum", "The checksum of an entry is wrong.")
def _bad_checksum(visit: Visit, parcel: Parcel) -> Parcel:
    return _entries(visit, parcel, lambda entry: [replace(entry, crc=entry.crc ^ 1)])


@parcel_fault("zip_slip", "An entry is named so that it would leave its folder, parameters.name (../../checks.json).")
def _slip(visit: Visit, parcel: Parcel) -> Parcel:
    name = str(visit.parameters.get("name", "../../checks.json"))
    return _entries(visit, parcel, lambda entry: [replace(entry, name=name)])


@parcel_fault("zip_two_names", "An entry has another name in the list at the end than where it stands.")
def _two_names(visit: Visit, parcel: Parcel) -> Parcel:
    return _entries(visit, parcel, lambda entry: [replace(entry, name="another.json", listed_as=entry.name)])


@parcel_fault("zip_missing_entry", "An entry is not there; the manifest knows of it.")
def _missing_entry(visit: Visit, parcel: Parcel) -> Parcel:
    return _entries(visit, parcel, lambda _: [])


@parcel_fault("zip_extra_entry", "There is an entry more, parameters.name (readme.txt).")
def _extra_entry(visit: Visit, parcel: Parcel) -> Parcel:
    extra = deflated(str(visit.parameters.get("name", "readme.txt")), b"Hello.")
    return parcel.with_entries([*parcel.entries(), extra])


@parcel_fault("zip_many_entries", "There are parameters.count (5000) entries more, all empty.")
def _many_entries(visit: Visit, parcel: Parcel) -> Parcel:
    count = int(visit.parameters.get("count", 5_000))
    return parcel.with_entries([*parcel.entries(), *(deflated(f"{number}.json", b"") for number in range(count))])


@parcel_fault("zip_duplicate_entry", "An entry is there twice, the second time without rows.")
def _duplicate_entry(visit: Visit, parcel: Parcel) -> Parcel:
    return _entries(visit, parcel, lambda entry: [entry, deflated(entry.name, b"[]")])


@parcel_fault("zip_overlapping", "The second entry is said to stand where the first one does.")
def _overlapping(visit: Visit, parcel: Parcel) -> Parcel:  # noqa: ARG001
    first, second, *others = parcel.entries()
    return parcel.with_entries([first, replace(second, listed_at=0), *others])


@parcel_fault("zip_encrypted_entry", "An entry says that it is encrypted by the zip itself.")
def _encrypted_entry(visit: Visit, parcel: Parcel) -> Parcel:
    return _entries(visit, parcel, lambda entry: [replace(entry, flags=_ENCRYPTED)])


@parcel_fault("zip_unknown_method", "An entry says that it is packed with bzip2.")
def _unknown_method(visit: Visit, parcel: Parcel) -> Parcel:
    return _entries(visit, parcel, lambda entry: [replace(entry, method=_BZIP2)])


@parcel_fault("zip_nested", "An entry is a zip itself, with the rows in it.")
def _nested(visit: Visit, parcel: Parcel) -> Parcel:
    return _entries(visit, parcel, lambda entry: [deflated(entry.name, written([entry]))])


@parcel_fault("zip_before", "There are bytes before the zip, as in a program that unpacks itself.")
def _before(visit: Visit, parcel: Parcel) -> Parcel:  # noqa: ARG001
    return replace(parcel, zipped=b"#!/bin/sh\n" + parcel.zip())


@parcel_fault("zip_after", "There are bytes after the end of the zip.")
def _after(visit: Visit, parcel: Parcel) -> Parcel:  # noqa: ARG001
    return replace(parcel, zipped=parcel.zip() + b"\0")


@parcel_fault("zip_none", "What was sealed is no zip.")
def _none(visit: Visit, parcel: Parcel) -> Parcel:  # noqa: ARG001
    return replace(parcel, zipped=b"no zip")


@parcel_fault("manifest_miscounts", "The manifest counts one row more of the first resource than there are.")
def _miscounts(visit: Visit, parcel: Parcel) -> Parcel:  # noqa: ARG001
    manifest = msgspec.json.decode(parcel.contents[MANIFEST])
    first = next(iter(manifest["rows"]))
    manifest["rows"][first] += 1
    return _with_manifest(parcel, manifest)


@parcel_fault("manifest_of_another", "The manifest has parameters.fields (the business date 2001-01-01) instead.")
def _of_another(visit: Visit, parcel: Parcel) -> Parcel:
    fields = visit.parameters.get("fields", {"businessDate": "2001-01-01"})
    return _with_manifest(parcel, {**msgspec.json.decode(parcel.contents[MANIFEST]), **fields})


@parcel_fault("entry_replaced", "An entry says parameters.text (an object instead of a list).")
def _replaced(visit: Visit, parcel: Parcel) -> Parcel:
    text = str(visit.parameters.get("text", '{"data":[]}'))
    return _entries(visit, parcel, lambda entry: [deflated(entry.name, text.encode())])


def _with_manifest(parcel: Parcel, manifest: object) -> Parcel:
    return replace(parcel, contents={**parcel.contents, MANIFEST: msgspec.json.encode(manifest)})


def _burst(content: bytes, name: str, padding: int) -> Entry:
    """Answer an entry of the content and ``padding`` blanks (whole mebibytes), without ever holding these.

    One mebibyte is packed, and its block repeated: a full flush forgets what came before, so that equal input gives
    equal blocks.
    """
    blanks, times = b" " * _MEBIBYTE, padding // _MEBIBYTE
    packer = zlib.compressobj(9, zlib.DEFLATED, _RAW)
    first = packer.compress(content) + packer.flush(zlib.Z_FULL_FLUSH)
    packer = zlib.compressobj(9, zlib.DEFLATED, _RAW)
    block = packer.compress(blanks) + packer.flush(zlib.Z_FULL_FLUSH)
    packer = zlib.compressobj(9, zlib.DEFLATED, _RAW)
    checksum = zlib.crc32(content)
    for _ in range(times):
        checksum = zlib.crc32(blanks, checksum)
    return Entry(name, first + block * times + packer.flush(zlib.Z_FINISH), len(content) + times * _MEBIBYTE, checksum)
