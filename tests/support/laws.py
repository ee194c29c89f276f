"""How often laws are tried: a share of the number that their authors ask for, and all of it where that is wanted."""

import os
from typing import Final

SHARE: Final = 4
"""Every run tries one in so many of the examples; `make coverage` tries all of them."""

FEWEST: Final = 20


def examples(full: int) -> int:
    """How many examples a law is tried with, for one that asks for ``full``; all under ``DAYBOOK_TEST_EXAMPLES=all``.

    A law that asks for few has its reason, mostly a database: it gets them.
    """
    if os.environ.get("DAYBOOK_TEST_EXAMPLES") == "all":
        return full
    return min(full, max(full // SHARE, FEWEST))
