"""What a new password has to be."""

from typing import Final

from api.refusals import BadPassword

SHORTEST: Final = 12
LONGEST: Final = 200
_LEAST_DIFFERENT: Final = 5


def checked_password(password: str, login: str) -> str:
    """A password that may be chosen.

    Raises:
        BadPassword: it may not.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadPassword(f"A password has {SHORTEST} to {LONGEST} characters: several words are easy to remember.")
    plain = password.casefold()
    rest = plain.replace(login.casefold(), "").replace("daybook", "").replace("password", "")
    if len(set(rest)) < _LEAST_DIFFERENT:
        raise BadPassword("This password is easy to guess: take several words that have nothing to do with you.")
    return password
