"""Assembling: canonical rows of import files become the tickets, punches and other records of a business day."""

from adapters.files.assembling.people import Owner, sealer
from adapters.files.assembling.reading import read_day
from adapters.files.assembling.reference import REFERENCE, ROSTER_FILES

__all__ = ["REFERENCE", "ROSTER_FILES", "Owner", "read_day", "sealer"]
