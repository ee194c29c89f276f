"""Reach: which addresses outside adapters may call, as the operator allows."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Reach:
    """What the operator allows beyond the hosts that a system names itself.

    Without more, requests go out over ``https`` alone, to port 443 of public addresses.

    Attributes:
        loopback: this machine too, over plain ``http`` and at any port: for simulators and tests.
        hosts: further hosts, each ``host``, ``*.host`` for all below it, or ``host:port``; with ``system=`` before it
            for that system alone.
    """

    loopback: bool = False
    hosts: tuple[str, ...] = ()


PUBLIC: Final = Reach()
"""Nothing beyond the systems' own hosts."""
