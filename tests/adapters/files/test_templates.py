"""Templates: official headers and a row that the checker takes."""

import csv
import io

import pytest

from adapters.files import KINDS, Kind
from adapters.files.templates import template
from tests.adapters.files.build import checked, rows


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.key)
def test_a_template_is_a_good_file(kind: Kind) -> None:
    """Without an error and without a warning; every column has a value that shows how it is written."""
    data = template(kind).encode()
    report = checked(data, kind)
    assert (report.rows, report.errors, report.warnings) == (1, (), ())
    header, row = csv.reader(io.StringIO(template(kind), newline=""))
    assert tuple(header) == kind.headers
    assert all(row)
    (found,) = rows(data, kind, seal=dict)
    assert set(found) == set(kind.headers)
