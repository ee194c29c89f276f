"""The readers of what SCIM services answer, and of what SCIM's clients ask."""

import random
from functools import partial
from typing import Final

import msgspec

from adapters.hris.scim.reading import read_user
from adapters.hris.scim.wire import read_listing, read_object
from api.scim.filters import BadScimFilter, read_filter
from api.scim.ids import employee_of, user_id
from domain.ports.source import SourceFailure
from tests.fuzz.mutations import mutated
from tests.fuzz.parser import Parser
from tests.fuzz.tray_answers import JSON
from tests.support.scim_server import EXTENSION, person

_ANN: Final = {
    **person(
        "Ann Bell", number="17", email="a@b.c", born="1990-01-02", hired="2020-02-03", jobs=(("1", "Cook", "9.5"),)
    ),
    "id": "u-1",
    "meta": {"lastModified": "2026-11-01T12:00:00Z"},
}
_PAGE: Final = msgspec.json.encode({"totalResults": 1, "Resources": [_ANN], "nextCursor": "c"})
_FILTER: Final = b'userName eq "alpha:E1" and active eq true and meta.lastModified gt "2026-11-21T22:10:00Z"'
_TOKENS: Final = (b" and ", b" eq ", b'"', b"(", b" or ", b"not ", b"true", b"externalId", b"\\u0000", b"\\")


def _make(rng: random.Random, good: bytes, tokens: tuple[bytes, ...]) -> bytes:
    return good if rng.random() < 0.05 else mutated(rng, good, tokens)


def _page(data: bytes) -> bool:
    """Whatever is read has an id, and text in every field."""
    for key, row in read_listing(read_object(data)).rows.items():
        read = read_user(row, EXTENSION)
        assert read.employee.id == key
        assert all("\0" not in value for value in read.personal.values())
    return True


def _filter(data: bytes) -> bool:
    """A filter is one that can be answered, or none."""
    read_filter(data.decode("utf-8", "replace"))
    return True


def _id(data: bytes) -> bool:
    """An id is written in one way."""
    text = data.decode("utf-8", "replace")
    found = employee_of(text)
    assert found is None or user_id(*found) == text
    return found is not None


PARSERS: Final = (
    Parser("scim/users", partial(_make, good=_PAGE, tokens=JSON), _page, (SourceFailure,)),
    Parser("scim/filter", partial(_make, good=_FILTER, tokens=_TOKENS), _filter, (BadScimFilter,)),
    Parser("scim/id", partial(_make, good=b"alpha:E~201~C3~BC", tokens=(b"~", b":", b"~C3", b"~2f")), _id),
)
