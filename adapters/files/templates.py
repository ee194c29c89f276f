"""Templates: a file of each kind with its official headers and one row that shows how cells are written."""

import csv
import io

from adapters.files.kinds import Kind


def template(kind: Kind) -> str:
    """The CSV text of a kind's template."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(kind.headers)
    writer.writerow([column.sample for column in kind.columns])
    return text.getvalue()
