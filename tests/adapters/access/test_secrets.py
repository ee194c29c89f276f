"""Secrets as texts, and passwords."""

import threading
from unittest import mock

import pytest

from adapters.access import KEY, ONE_TIME, Passwords, digest_of, new_secret, new_token, read_secret
from adapters.access import passwords as hashing
from adapters.access.passwords import TooManySignIns
from adapters.access.secrets import is_token

ID = "0123456789abcdef"
GOOD = new_secret(KEY, ID)


def test_a_secret_is_read_as_it_was_written() -> None:
    """Kind, id and digest come back; every secret is another, and its repr shows nothing of it."""
    assert read_secret(GOOD.text) == GOOD
    assert GOOD.text.startswith(f"dbk_{ID}_")
    assert len(GOOD.text) == 94
    assert new_secret(KEY, ID).text != GOOD.text
    assert new_secret(ONE_TIME, ID).digest != GOOD.digest
    assert GOOD.text.split("_")[2] not in repr(GOOD)
    assert GOOD.digest == digest_of(GOOD.text)


_PARTS = GOOD.text.split("_")
BAD = [
    "",
    "dbk_",
    GOOD.text[:-1],
    GOOD.text + "0",
    GOOD.text + "\n",
    " " + GOOD.text,
    GOOD.text.upper(),
    GOOD.text.replace("dbk", "dbs"),
    GOOD.text.replace("dbk", "dbo"),
    "_".join([*_PARTS[:3], "00000000"]),
    "_".join([_PARTS[0], "f" * 16, *_PARTS[2:]]),
    "_".join([*_PARTS[:2], "0" * 64, _PARTS[3]]),
    "_".join([*_PARTS[:2], _PARTS[2][::-1], _PARTS[3]]),
    GOOD.text.replace("_", "-"),
    GOOD.text.replace("a", "а"),  # Cyrillic
    GOOD.text.replace("0", "٠"),
    "x" * 10_000,
    "\0" + GOOD.text,
]


@pytest.mark.parametrize("text", BAD, ids=range(len(BAD)))
def test_a_typo_is_no_secret(text: str) -> None:
    """Whatever is not a whole secret is told by its form, without asking anybody."""
    assert read_secret(text) is None or text == GOOD.text


def test_tokens_of_sessions() -> None:
    """256 bits in hex, and nothing else has their form."""
    token = new_token()
    assert is_token(token)
    assert new_token() != token
    assert not any(map(is_token, ("", token[1:], token.upper(), token + "\n", GOOD.text)))


@pytest.fixture(scope="module")
def passwords() -> Passwords:
    """Cheap ones."""
    return Passwords(cheap=True)


def test_passwords_fit_themselves_alone(passwords: Passwords) -> None:
    """A hash fits its password, however its letters were composed, no other, and nobody's where there is none."""
    hash_ = passwords.hash("crème brûlée x7")
    assert hash_.startswith("$argon2id$")
    assert "crème" not in hash_
    assert passwords.hash("crème brûlée x7") != hash_
    assert passwords.fits(hash_, "crème brûlée x7")
    assert passwords.fits(hash_, "cre\u0300me bru\u0302le\u0301e x7")
    for other in ("", "Crème brûlée x7", "crème brûlée x7 ", "nobody's password"):
        assert not passwords.fits(hash_, other)
    assert not passwords.fits(None, "nobody's password")
    assert not passwords.fits("$argon2id$broken", "crème brûlée x7")
    assert not passwords.is_stale(hash_)


def test_an_unknown_user_costs_what_a_wrong_password_costs(passwords: Passwords) -> None:
    """Where there is no hash one of the same parameters is verified all the same."""
    hash_ = passwords.hash("a right password")
    with mock.patch.object(passwords, "_hasher", wraps=passwords._hasher) as hasher:
        passwords.fits(hash_, "a wrong password")
        passwords.fits(None, "a wrong password")
    first, second = [call.args[0] for call in hasher.verify.call_args_list]
    assert first.rsplit("$", 2)[0] == second.rsplit("$", 2)[0]


def test_what_is_in_use_is_expensive() -> None:
    """Outside of tests a hash takes 64 MiB, and hashes of cheaper days are renewed."""
    usual = Passwords()
    assert usual._hasher.memory_cost == 65536
    assert usual._hasher.time_cost == 3
    assert usual.is_stale(Passwords(cheap=True).hash("of cheaper days"))


def test_few_passwords_at_a_time(passwords: Passwords, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who does not get a turn in time is told to try again."""
    monkeypatch.setattr(hashing, "PATIENCE_SECONDS", 0.0)
    monkeypatch.setattr(passwords, "_turns", threading.BoundedSemaphore(1))
    with passwords._turn(), pytest.raises(TooManySignIns):
        passwords.hash("a password of mine")
    assert passwords.hash("a password of mine")
