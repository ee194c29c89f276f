"""Rows: the structs that canonical rows decode to have the official columns in official order."""

import json

import msgspec
import pytest

from adapters.files import KINDS
from adapters.files.assembling import rows
from tests.adapters.files.assembling.build import CUSTOMARY


@pytest.mark.parametrize(
    ("kind", "shape", "named"), CUSTOMARY, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_row_has_its_cells_at_their_places(kind: str, shape: type[msgspec.Struct], named: dict[str, str]) -> None:
    """What is read of a row is the cell of the column that it is meant to be, whatever stands beside it."""
    headers = KINDS[kind].headers
    if shape is rows.SaleHead:
        headers = headers[: len(shape.__struct_fields__)]
    elif shape is rows.SaleRow:
        headers = headers[len(rows.SaleHead.__struct_fields__) :]
    decoded = msgspec.json.decode(json.dumps(list(headers)), type=shape)
    assert {field: getattr(decoded, field) for field in named} == named
    assert len(msgspec.structs.fields(shape)) == len(headers)
