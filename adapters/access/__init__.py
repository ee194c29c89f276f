"""Access: what proves who somebody is. Hashes of passwords, digests of secrets, sessions, and OpenID providers.

Who may do what is not here: that is what the facts about people say. A row here proves nothing without a fact that
names it.
"""

from adapters.access.openid import BadToken, OpenIdProvider, ProviderAway
from adapters.access.passwords import Passwords
from adapters.access.secrets import KEY, ONE_TIME, Secret, digest_of, new_secret, new_token, read_secret
from adapters.access.store import AccessStore, Session, StoredSecret

__all__ = [
    "KEY",
    "ONE_TIME",
    "AccessStore",
    "BadToken",
    "OpenIdProvider",
    "Passwords",
    "ProviderAway",
    "Secret",
    "Session",
    "StoredSecret",
    "digest_of",
    "new_secret",
    "new_token",
    "read_secret",
]
