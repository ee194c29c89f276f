"""Limits for tests: systems may be on this machine."""

from typing import Any, Final

from domain.ports.reach import Reach
from domain.ports.source import Limits

LOOPBACK: Final = Reach(loopback=True)
HERE: Final = Limits(reach=LOOPBACK)


def limits_here(**bounds: Any) -> Limits:
    """Limits with which this machine may be called."""
    return Limits(**{"reach": LOOPBACK, **bounds})
