"""Captures in the database: compressed pages, each kept once per client."""

from adapters.captures.sql import CaptureDamaged, SqlCaptures
from adapters.captures.tables import METADATA

__all__ = ["METADATA", "CaptureDamaged", "SqlCaptures"]
