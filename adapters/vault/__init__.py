"""The vault: keys and secrets in the database, under a root key that is not in it."""

from adapters.vault.roots import FileRoots, GivenRoots
from adapters.vault.rotating import Rotated
from adapters.vault.sql import SqlVault
from adapters.vault.tables import METADATA

__all__ = ["METADATA", "FileRoots", "GivenRoots", "Rotated", "SqlVault"]
