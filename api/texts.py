"""Texts that people send, what may not be in them, and numbers of things."""

from domain.texts import has_control_characters

__all__ = ["counted", "has_control_characters"]


def counted(count: int, noun: str) -> str:
    """A number of things: ``1 day``, ``3 days``."""
    return f"{count} {noun}{'' if count == 1 else 's'}"
