"""Recognizing: whose API key, session or token it is, and what they may do now."""

import datetime as dt
import hmac
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from adapters.access import (
    KEY,
    AccessStore,
    BadToken,
    Session,
    StoredSecret,
    digest_of,
    read_secret,
)
from adapters.access.secrets import is_token
from api.access.remembering import FRESH_SECONDS, MOST_PROOFS, KnownPeople, NotAtHand, Recent
from api.refusals import NotLinked, NotSignedIn
from domain.identifiers import plain
from domain.people import User
from domain.permissions import Principal
from domain.ports.clock import Clock
from domain.ports.journal import Journal
from domain.refusals import BadIdentifier

if TYPE_CHECKING:
    from adapters.access.openid import OpenIdProvider

HOW_TO: Final = "Sign in (POST /v1/sessions), or send an API key: Authorization: Bearer dbk_…"

_DIGEST_SECONDS: Final = 3600.0
"""The digest of a secret never changes; whether it counts is asked of the facts each time."""


class Recognizer:
    """Recognizes who sends what. Every method answers a principal or refuses with :class:`NotSignedIn`.

    With ``at_hand`` nothing is asked of the database: :class:`NotAtHand` says that it would have to be. Most requests
    are recognized so, and what is revoked is void within a second all the same.

    Attributes:
        people: as of a moment ago.
    """

    def __init__(
        self,
        journal: Journal,
        store: AccessStore,
        clock: Clock,
        provider: "OpenIdProvider | None" = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.people = KnownPeople(journal, monotonic)
        self.provider = provider
        self._store = store
        self._clock = clock
        self._secrets: Recent[StoredSecret] = Recent(MOST_PROOFS, monotonic)
        self._sessions: Recent[Session] = Recent(MOST_PROOFS, monotonic)

    def by_key(self, text: str, *, at_hand: bool = False) -> Principal:
        """Whoever has an API key.

        Raises:
            NotSignedIn: the text is none that counts.
        """
        secret = read_secret(text)
        if secret is None or secret.kind != KEY:
            raise NotSignedIn(f"This is no API key of daybook. {HOW_TO}", "not a key")
        stored = self._secrets.get(secret.id, _DIGEST_SECONDS)
        if stored is None:
            began = self._secrets.begin()
            stored = None if at_hand else self._store.secret(secret.id)
            if at_hand:
                raise NotAtHand
            if stored is not None:
                self._secrets.put(secret.id, stored, began)
        # Compared also where there is nothing to compare with: both take the same time.
        fits = hmac.compare_digest(secret.digest, stored.digest if stored is not None else bytes(32))
        if stored is None or not fits or stored.kind != KEY:
            raise NotSignedIn(f"This is no API key of daybook. {HOW_TO}", f"unknown key {secret.id}")
        key = self.people.of(stored.client, at_hand=at_hand).keys.get(secret.id)
        if key is None or not key.stands(self._clock.now()):
            raise NotSignedIn("This API key has expired or was revoked: ask for another one.", f"void key {secret.id}")
        return Principal(key.actor, stored.client, key.rights, "key")

    def by_session(self, token: str, *, at_hand: bool = False) -> Principal:
        """Whoever has a session.

        Raises:
            NotSignedIn: the session is over, or there never was one.
        """
        session, user = self.session_of(token, at_hand=at_hand)
        return Principal(user.actor, session.client, user.rights, session.how)

    def session_of(self, token: str, *, at_hand: bool = False) -> tuple[Session, User]:
        """A session that stands, and whose it is.

        Raises:
            NotSignedIn: it does not.
        """
        if not is_token(token):
            raise NotSignedIn(f"This is no session of daybook. {HOW_TO}", "not a session")
        digest = digest_of(token)
        session = self._sessions.get(digest, FRESH_SECONDS)
        if session is None:
            if at_hand:
                raise NotAtHand
            began = self._sessions.begin()
            session = self._store.session(digest)
            if session is None:
                raise NotSignedIn(f"The session is over. {HOW_TO}", "unknown session")
            self._sessions.put(digest, session, began)
        user = self.people.of(session.client, at_hand=at_hand).users.get(session.login)
        over = self._clock.now() >= session.expires_at
        if over or user is None or not user.enabled or session.version < user.barrier:
            raise NotSignedIn(f"The session is over. {HOW_TO}", "session over")
        return session, user

    def by_token(self, token: str, client: str, *, at_hand: bool = False) -> Principal:
        """Whoever an OpenID provider's token is about, where a user of the client is linked to them.

        Raises:
            NotSignedIn: the token proves nothing, or nobody is linked.
            ProviderAway: the provider's keys cannot be fetched.
        """
        provider = self.provider
        if provider is None:
            raise NotSignedIn(f"This is no API key of daybook. {HOW_TO}", "no provider")
        if at_hand and not provider.at_hand:
            raise NotAtHand
        try:
            subject = provider.subject_of(token, self._clock.now())
        except BadToken as error:
            raise NotSignedIn(f"The bearer token is not one that counts here. {HOW_TO}", f"token: {error}") from None
        user = self.linked(provider.issuer, subject, client, at_hand=at_hand)
        return Principal(user.actor, client, user.rights, "oidc")

    def linked(self, issuer: str, subject: str, client: str, *, at_hand: bool = False) -> User:
        """The user who is linked to an identity at an OpenID provider.

        Raises:
            NotSignedIn: the client cannot be one.
            NotLinked: nobody is.
        """
        try:
            plain(client, "client")
        except BadIdentifier as refusal:
            raise NotSignedIn(str(refusal), "bad client") from None
        people = self.people.of(client, at_hand=at_hand)
        user = people.users.get(people.linked.get((issuer, subject), ""))
        if user is None or not user.enabled:
            raise NotLinked(
                f"No user of the client {client!r} is linked to {subject!r} of {issuer}: let somebody who manages "
                "people link them (`daybook link-user LOGIN SUBJECT`)."
            )
        return user

    def forget_session(self, token: str) -> None:
        """A session was ended: it counts no more, from this moment on."""
        self._sessions.drop(digest_of(token))

    def now(self) -> dt.datetime:
        """The time."""
        return self._clock.now()
