"""What every vault must do: the port's promises, one by one."""

import datetime as dt

import pytest

from domain.ports.vault import PersonForgotten, Vault, VaultLocked
from domain.refusals import NotFound

ANA = {"first_name": "Ana", "ssn": "900-11-0001", "phone": "(555) 555-0100"}


def test_sealed_fields_open_again(vault: Vault) -> None:
    """What was sealed opens to the same values."""
    sealed = vault.seal("acme", "tray.1.E1", ANA)
    assert vault.open("acme", "tray.1.E1", sealed) == ANA


def test_a_sealed_value_is_prefixed_base64_and_shows_nothing(vault: Vault) -> None:
    """A sealed value is ``sealed:`` and base64 without padding, and does not contain the value."""
    sealed = vault.seal("acme", "tray.1.E1", ANA)
    for name, value in sealed.items():
        assert value.startswith("sealed:")
        assert "=" not in value
        assert ANA[name] not in value


def test_empty_values_stay_empty(vault: Vault) -> None:
    """Empty values are neither sealed nor opened."""
    assert vault.seal("acme", "p", {"email": "", "phone": "1"})["email"] == ""
    assert vault.open("acme", "p", {"email": ""}) == {"email": ""}


def test_sealing_is_deterministic_per_person_and_field(vault: Vault) -> None:
    """The same value seals to the same text for the same person and field, and to another one elsewhere."""
    once = vault.seal("acme", "p", {"a": "x", "b": "x"})
    assert vault.seal("acme", "p", {"a": "x", "b": "x"}) == once
    others = [vault.seal("acme", "q", {"a": "x"})["a"], vault.seal("other", "p", {"a": "x"})["a"]]
    assert len({*once.values(), *others}) == 4


@pytest.mark.parametrize(
    ("client", "person", "field"),
    [("acme", "p", "b"), ("acme", "q", "a"), ("other", "p", "a")],
    ids=["other field", "other person", "other client"],
)
def test_a_sealed_value_that_was_moved_does_not_open(vault: Vault, client: str, person: str, field: str) -> None:
    """A sealed value is bound to client, person and field."""
    value = vault.seal("acme", "p", {"a": "x"})["a"]
    vault.seal(client, person, {"a": "so that there is a key"})
    with pytest.raises(VaultLocked):
        vault.open(client, person, {field: value})


@pytest.mark.parametrize("damaged", ["clear text", "sealed:", "sealed:!!!", "sealed:AAAA", "SEALED:AAAA", "sealed:é"])
def test_a_damaged_sealed_value_does_not_open(vault: Vault, damaged: str) -> None:
    """What is not a whole sealed value is refused, clear text included."""
    vault.seal("acme", "p", {"a": "x"})
    with pytest.raises(VaultLocked):
        vault.open("acme", "p", {"a": damaged})


def test_a_value_of_somebody_without_a_key_does_not_open(vault: Vault) -> None:
    """Where no key was ever made, nothing opens."""
    value = vault.seal("acme", "p", {"a": "x"})["a"]
    with pytest.raises(VaultLocked):
        vault.open("acme", "nobody", {"a": value})


def test_a_forgotten_person_is_neither_opened_nor_sealed_again(vault: Vault) -> None:
    """Forgetting is for ever: no reading, and no new key."""
    sealed = vault.seal("acme", "p", ANA)
    assert vault.forget("acme", "p") is True
    with pytest.raises(PersonForgotten):
        vault.open("acme", "p", sealed)
    with pytest.raises(PersonForgotten):
        vault.seal("acme", "p", ANA)
    assert vault.forget("acme", "p") is False


def test_forgetting_touches_nobody_else(vault: Vault) -> None:
    """Another person, and the same person at another client, stay readable."""
    kept = vault.seal("acme", "q", ANA), vault.seal("other", "p", ANA)
    vault.seal("acme", "p", ANA)
    vault.forget("acme", "p")
    assert vault.open("acme", "q", kept[0]) == ANA
    assert vault.open("other", "p", kept[1]) == ANA


def test_forgetting_somebody_unknown_answers_no(vault: Vault) -> None:
    """There was no key: nothing happens, and a key can still be made."""
    assert vault.forget("acme", "p") is False
    assert vault.open("acme", "p", vault.seal("acme", "p", ANA)) == ANA


def test_a_secret_is_kept_and_replaced(vault: Vault) -> None:
    """The last secret of a name counts; another client's is another one."""
    vault.keep_secret("acme", "connection/one", "first")
    vault.keep_secret("acme", "connection/one", "second")
    vault.keep_secret("other", "connection/one", "theirs")
    assert vault.secret("acme", "connection/one") == "second"
    assert vault.secret("other", "connection/one") == "theirs"


def test_a_secret_that_was_destroyed_is_gone(vault: Vault) -> None:
    """It opens no more, its fingerprint is what it was, and it can be kept anew; no other is touched."""
    first = vault.keep_secret("acme", "connection/one/c", "first")
    vault.keep_secret("acme", "connection/two/c", "first")
    vault.keep_secret("other", "connection/one/c", "theirs")
    assert vault.destroy_secret("acme", "connection/one/c")
    assert not vault.destroy_secret("acme", "connection/one/c")
    assert not vault.destroy_secret("acme", "connection/none/c")
    with pytest.raises(NotFound):
        vault.secret("acme", "connection/one/c")
    assert vault.secret("acme", "connection/two/c") == "first"
    assert vault.secret("other", "connection/one/c") == "theirs"
    assert vault.fingerprint("acme", "first") == first
    assert vault.keep_secret("acme", "connection/one/c", "first") == first
    assert vault.secret("acme", "connection/one/c") == "first"


def test_names_of_secrets_come_in_pages(vault: Vault) -> None:
    """Of one client, of those that are kept still, and were before a moment."""
    names = [f"connection/c-{number}/c" for number in range(5)]
    for name in names:
        vault.keep_secret("acme", name, "s")
        vault.keep_secret("acme", name, "t")
    vault.keep_secret("other", "connection/theirs/c", "s")
    vault.destroy_secret("acme", names[3])
    now = dt.datetime.now(dt.UTC)
    soon = now + dt.timedelta(minutes=1)
    first = vault.secret_names("acme", before=soon, limit=2)
    rest = vault.secret_names("acme", before=soon, after=first[-1])
    assert [*first, *rest] == [name for name in names if name != names[3]]
    assert vault.secret_names("acme", before=now - dt.timedelta(minutes=1)) == []


def test_a_secret_that_nobody_kept_is_not_found(vault: Vault) -> None:
    """There is none of that name for this client."""
    vault.keep_secret("acme", "connection/one", "first")
    with pytest.raises(NotFound):
        vault.secret("other", "connection/one")


def test_a_fingerprint_tells_secrets_apart_and_says_nothing(vault: Vault) -> None:
    """12 hex digits: equal for equal secrets of a client, different for others."""
    first = vault.keep_secret("acme", "a", "first")
    assert first == vault.keep_secret("acme", "a", "first") == vault.keep_secret("acme", "b", "first")
    assert first != vault.keep_secret("acme", "a", "second")
    assert first != vault.keep_secret("other", "a", "first")
    assert len(first) == 12
    int(first, 16)
