"""References: the names under which other systems know what they were told, the same however often it is told."""

from typing import Final

from domain.facts.objects import Step

OF_DELTA: Final = ":d"
"""How the reference of a difference ends."""

_SUFFIX: Final[dict[Step, str]] = {"create": "", "update": "", "reverse": ":r", "delta": OF_DELTA}


def reference(key: str, version: int, step: Step, redone: int = 0) -> str:
    """The reference of one effect: ``je:L1:2026-11-25:sales:v2``; ``…:v1:r`` is the reversal of version 1.

    Args:
        key: of the object.
        version: the one that is written; of a reversal, the one that is taken back.
        step: what is done.
        redone: how often this version has to be written anew, because somebody changed or deleted it there. Under the
            reference of before it would be taken for what was done already: ``…:v1.1``.
    """
    return f"{key}:v{version}{f'.{redone}' if redone else ''}{_SUFFIX[step]}"
