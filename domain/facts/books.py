"""What happens to a client's books: which account each line of the journal entries goes to."""

import msgspec


class AccountsMapped(msgspec.Struct, frozen=True, omit_defaults=True):
    """The account mapping has a new version; recorded days do not change by it, their journal entries do.

    Attributes:
        version: from 1.
        accounts: account by key, of the client's own choice, over the defaults; all of them, not only what changed.
    """

    version: int
    accounts: dict[str, str] = {}
