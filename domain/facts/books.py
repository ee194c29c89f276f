"""What happens to a client's books: which account each line of the journal entries goes to."""

import msgspec


class AccountsMapped(msgspec.Struct, frozen=True, omit_defaults=True):
    """The account mapping has a new version; recorded days do not change by it, their journal entries do.

    Attributes:
        version: from 1.
        accounts: account by key or pattern, of the client's own choice, over the defaults; all of them, not only what
            changed.
        defaults: where the client has no account of its own, the default one counts.
        over_short_limit_cents: over/short beyond it, either way, is flagged.
    """

    version: int
    accounts: dict[str, str] = {}
    defaults: bool = True
    over_short_limit_cents: int = 500
