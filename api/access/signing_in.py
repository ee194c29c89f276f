"""Signing in: a password, or an OpenID provider's word, becomes a session."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Final

import structlog

from adapters.access import AccessStore, Passwords, Session, digest_of, new_token
from api.access.limiting import Allowance, Failures
from api.access.recognizing import Recognizer
from api.refusals import NotSignedIn
from domain.identifiers import plain
from domain.people import User, checked_login
from domain.permissions import Principal
from domain.refusals import BadIdentifier

OF_ONE_LOGIN: Final = Allowance(10, 60.0)
"""Wrong passwords for one user from one address."""

OF_ONE_ADDRESS: Final = Allowance(60, 60.0)
"""Failures of any kind from one address."""

WRONG: Final = "No user of this client has this login and password."

_LOG: Final = structlog.get_logger("daybook.access")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody has a session.

    Attributes:
        token: what the browser keeps; of us only its digest is kept.
        who: whom it stands for.
        expires_at: when it ends.
    """

    token: str = field(repr=False)
    who: Principal
    expires_at: dt.datetime


class Reception:
    """Lets people in and out.

    Attributes:
        recognizer: tells who sends what.
        store: hashes, digests and sessions.
        passwords: hashes and checks them.
    """

    def __init__(
        self, recognizer: Recognizer, store: AccessStore, passwords: Passwords, session_hours: float = 12.0
    ) -> None:
        self.recognizer = recognizer
        self.store = store
        self.passwords = passwords
        self._session = dt.timedelta(hours=session_hours)
        self._of_login = Failures(OF_ONE_LOGIN)
        self._of_address = Failures(OF_ONE_ADDRESS)

    def by_password(self, client: str, login: str, password: str, address: str) -> SignedIn:
        """Sign in with a password.

        A login that there is not costs as much as a wrong password, and is answered the same.

        Raises:
            NotSignedIn: they do not fit together.
            TooManyAttempts: too many before failed.
            TooManySignIns: too many sign in at this moment.
        """
        self._of_address.check(address)
        user = self._user(client, login)
        whose = f"{address} {client} {user.login if user is not None else login.lower()}"[:300]
        self._of_login.check(whose)
        # Asked also where there is nothing to find.
        hash_ = self.store.password(*((client, user.login, user.password) if user is not None else ("", "", "")))
        fits = self.passwords.fits(hash_, password)
        if user is None or not fits or not user.enabled:
            self._of_login.count(whose)
            self.failed(address, "wrong password" if user is not None else "unknown login")
            raise NotSignedIn(WRONG)
        self._of_login.forget(whose)
        if hash_ is not None and self.passwords.is_stale(hash_):
            fresh = self.passwords.hash(password)
            self.store.keep_password(client, user.login, user.password, fresh, self.recognizer.now())
        return self.begin(client, user, "password")

    def check_password(self, client: str, user: User, password: str, address: str) -> None:
        """Make sure that a user knows their password, though they are signed in.

        Raises:
            NotSignedIn: they do not.
            TooManyAttempts: too many attempts before failed.
        """
        whose = f"{address} {client} {user.login}"
        self._of_login.check(whose)
        hash_ = self.store.password(client, user.login, user.password) if user.password else None
        if not self.passwords.fits(hash_, password):
            self._of_login.count(whose)
            self.failed(address, "wrong password")
            raise NotSignedIn("This is not your present password.")

    def begin(self, client: str, user: User, how: str) -> SignedIn:
        """Begin a session of somebody who has proved who they are."""
        people = self.recognizer.people.newest(client)
        now = self.recognizer.now()
        token = new_token()
        session = Session(client, user.login, how, people.version, now, now + self._session)
        self.store.begin_session(digest_of(token), session)
        _LOG.info("signed in", client=client, login=user.login, how=how)
        return SignedIn(token, Principal(user.actor, client, user.rights, how), session.expires_at)

    def sign_out(self, token: str) -> None:
        """End a session."""
        self.store.end_session(digest_of(token))
        self.recognizer.forget_session(token)

    def failed(self, address: str, why: str) -> None:
        """Log and count a failure; not at the machine itself, which has no address and nobody to hide from.

        Raises:
            TooManyAttempts: that were too many of that address.
        """
        if not address:
            return
        _LOG.warning("not signed in", why=why, address=address)
        self._of_address.check(address)
        self._of_address.count(address)

    def check_address(self, address: str) -> None:
        """Go on, if not too much failed from there.

        Raises:
            TooManyAttempts: it did.
        """
        self._of_address.check(address)

    def _user(self, client: str, login: str) -> User | None:
        try:
            named, login = plain(client, "client"), checked_login(login)
        except BadIdentifier:
            return None
        return self.recognizer.people.newest(named).users.get(login)
