"""The account mapping: a client's own accounts over the defaults; the nearest pattern wins."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from domain.accounts.defaults import DEFAULT_ACCOUNTS
from domain.accounts.keys import Parts, patterns
from domain.refusals import Refusal

LONGEST_ACCOUNT: Final = 40

_ACCOUNT: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ._:/-]{0,38}[A-Za-z0-9])?")
# Sources write `VISA` and `visa`; a default is for all of them, while what a client writes is meant to the letter.
_FOLDED: Final = {pattern.casefold(): account for pattern, account in DEFAULT_ACCOUNTS.items()}


class BadAccount(Refusal):
    """An account of the mapping is not written as an account."""


def checked_account(text: str) -> str:
    """The text, if it can be an account of somebody's books.

    Raises:
        BadAccount: it cannot.
    """
    if not _ACCOUNT.fullmatch(text):
        raise BadAccount(
            f"{text[:60]!r} is no account: use 1 to {LONGEST_ACCOUNT} letters, digits, spaces, dots, dashes, colons, "
            "slashes or underscores, with a letter or digit at both ends."
        )
    return text


@dataclass(frozen=True, slots=True)
class AccountMapping:
    """Which account each key goes to.

    Attributes:
        own: account by key or pattern, of the client's own choice.
        defaults: where the client chose none, the default accounts count.
    """

    own: Mapping[str, str] = field(default_factory=dict)
    defaults: bool = True

    def account(self, parts: Parts) -> str:
        """The account of a key, or empty where none is mapped to it.

        The client's own come before the defaults; among each, the key itself comes before patterns, and a longer
        pattern before a shorter one.
        """
        asked = patterns(parts)
        for pattern in asked:
            if pattern in self.own:
                return self.own[pattern]
        if self.defaults:
            for pattern in asked:
                known = _FOLDED.get(pattern.casefold())
                if known:
                    return known
        return ""
