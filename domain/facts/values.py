"""Values that several facts share."""

from typing import Final

import msgspec

ABSENT: Final = msgspec.Raw(b"null")
"""Before a record was added, and after it was removed."""


class Change(msgspec.Struct, frozen=True, gc=False):
    """One record before and after, as canonical bytes that nobody decodes until a field is needed.

    Attributes:
        kind: the record's kind, for example ``ticket``.
        key: its key within the kind.
        before: canonical bytes, or :data:`ABSENT` when the record was added.
        after: canonical bytes, or :data:`ABSENT` when it was removed.
    """

    kind: str
    key: str
    before: msgspec.Raw
    after: msgspec.Raw

    @property
    def operation(self) -> str:
        """``added``, ``changed`` or ``removed``."""
        # Compared as they are: a view asks this of every change that there ever was, and copying the bytes would tell.
        if self.before == ABSENT:
            return "added"
        return "removed" if self.after == ABSENT else "changed"
