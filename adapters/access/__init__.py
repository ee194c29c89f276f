"""Access: what proves who somebody is. Hashes of passwords, digests of secrets, sessions, and OpenID providers.

``openid`` is imported where a provider is set up: it takes a moment that nobody else need wait. Who may do what is not
here: that is what the facts about people say. A row here proves nothing without a fact that names it.
"""

from adapters.access.passwords import Passwords
from adapters.access.refusing import BadToken, ProviderAway
from adapters.access.secrets import KEY, ONE_TIME, Secret, digest_of, new_secret, new_token, read_secret
from adapters.access.store import AccessStore, Session, StoredSecret

__all__ = [
    "KEY",
    "ONE_TIME",
    "AccessStore",
    "BadToken",
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
