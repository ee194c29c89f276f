"""The journal: facts and their seals in SQLite or PostgreSQL, on the recorders of the ``eventsourcing`` library.

The library is imported in this folder only.
"""

from adapters.journal.journal import open_journal
from adapters.journal.mapping import UnreadableFact
from adapters.journal.settings import JournalSettings, NotMigrated, UnsafeSetting

__all__ = ["JournalSettings", "NotMigrated", "UnreadableFact", "UnsafeSetting", "open_journal"]
