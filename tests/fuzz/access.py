"""What strangers send to say who they are: secrets, tokens, cookies."""

import random
from functools import partial
from typing import Final

from starlette.datastructures import Headers

from adapters.access import KEY, BadToken, new_secret, read_secret
from adapters.access.openid import OpenIdProvider
from api.http.door import cookie_in
from tests.fuzz.mutations import mutated
from tests.fuzz.parser import Parser
from tests.support.openid import NOW, Provider

_SECRET: Final = new_secret(KEY, "0123456789abcdef").text
_COOKIE: Final = "daybook-session"
_TOKENS: Final = (b".", b"==", b"-", b"_", b"eyJhbGciOiJub25lIn0", b"e30", b"dbk_", b"dbo_", b"; ", b"=", b'"', b",")


def _make(rng: random.Random, good: bytes) -> bytes:
    return good if rng.random() < 0.05 else mutated(rng, good, _TOKENS)


def _secret(data: bytes) -> bool:
    """A text is a secret to the letter, or none."""
    text = data.decode("utf-8", "surrogateescape")
    found = read_secret(text)
    assert found is None or (found.text, len(text)) == (text, len(_SECRET))
    return found is not None


def _cookies(data: bytes) -> bool:
    """Whatever the header says, there is one value of the name, or none."""
    found = cookie_in(Headers(raw=[(b"cookie", data)]), _COOKIE)
    assert found is None or isinstance(found, str)
    return found is not None


class _Tokens:
    """A provider's tokens; made when they are first needed, because its keys take a moment."""

    def __init__(self) -> None:
        self._made: tuple[OpenIdProvider, list[bytes]] | None = None

    @property
    def made(self) -> tuple[OpenIdProvider, list[bytes]]:
        if self._made is None:
            there = Provider()
            good = [there.token(), there.token(key=there.ec), there.token(aud=["x", "daybook"])]
            self._made = there.connect(), [token.encode() for token in good]
        return self._made

    def make(self, rng: random.Random) -> bytes:
        """A token, as it was or mutated."""
        return _make(rng, rng.choice(self.made[1]))

    def parse(self, data: bytes) -> bool:
        """Only what was signed counts, to the letter of what it says."""
        ours, good = self.made
        subject = ours.subject_of(data.decode("utf-8", "surrogateescape"), NOW)
        assert subject == "s-1"
        assert data.rpartition(b".")[0] in {token.rpartition(b".")[0] for token in good}
        return True


_ALL: Final = _Tokens()

PARSERS: Final = (
    Parser("access/secret", partial(_make, good=_SECRET.encode()), _secret),
    Parser("access/cookie", partial(_make, good=f"a=b; {_COOKIE}={'0' * 64}; c=d".encode()), _cookies),
    Parser("access/token", _ALL.make, _ALL.parse, (BadToken,)),
)
