"""The vault: keys of persons and secrets of connections, in the database, under a key file that is not in it."""

from adapters.vault.sql import SqlVault
from adapters.vault.tables import METADATA

__all__ = ["METADATA", "SqlVault"]
