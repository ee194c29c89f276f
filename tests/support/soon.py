"""A moment that no test reaches."""

import datetime as dt


def soon() -> dt.datetime:
    """In a minute, UTC."""
    return dt.datetime.now(dt.UTC) + dt.timedelta(seconds=60)
