"""Corner Till for daybook."""

from .system import SYSTEM

__all__ = ["SYSTEM"]
