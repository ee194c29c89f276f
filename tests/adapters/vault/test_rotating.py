"""Rotating keys: everything opens as before, the older root key opens nothing, and an interruption is made good."""

import base64
import itertools
import threading
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from adapters.vault import FileRoots, GivenRoots, SqlVault, rotating
from adapters.vault.key_file import MasterKey
from adapters.vault.roots import RootKey
from adapters.vault.tables import CLIENT_KEYS, PERSON_KEYS, SECRETS
from adapters.vault.writing import now
from domain.ports.vault import VaultLocked

ANA = {"first_name": "Ana", "ssn": "900-11-0001"}
PEOPLE = 1_200


class Killed(Exception):
    """The process ends here."""


def fill(vault: SqlVault, people: int = 20) -> dict[str, dict[str, str] | None]:
    """People of two clients, and a secret of each."""
    for client in ("acme", "other"):
        vault.keep_secret(client, "connection/one", f"key of {client}")
        vault.seal_all(client, {f"p{number}": ANA for number in range(people)})
    return vault.seal_all("acme", {f"p{number}": ANA for number in range(people)})


def assert_whole(vault: SqlVault, sealed: dict[str, dict[str, str] | None]) -> None:
    """All of it opens, and seals as before."""
    people = {person: fields for person, fields in sealed.items() if fields is not None}
    assert vault.open_all("acme", people) == dict.fromkeys(people, ANA)
    assert vault.seal_all("acme", dict.fromkeys(people, ANA)) == sealed
    assert [vault.secret(client, "connection/one") for client in ("acme", "other")] == ["key of acme", "key of other"]


def opened_by(engine: sa.Engine, material: bytes) -> int:
    """How many rows of the vault a root key opens, of those that earlier releases stored as well."""
    root, legacy = RootKey(material), MasterKey(material)
    opened = 0
    with engine.connect() as connection:
        tries: list[Any] = [
            *[
                lambda row=row: root.unwrap(row.wrapped_key, row.client, row.purpose, row.version)
                for row in connection.execute(sa.select(CLIENT_KEYS))
            ],
            *[
                lambda row=row: legacy.unwrap(row.wrapped_key, row.client, row.person)
                for row in connection.execute(sa.select(PERSON_KEYS).where(PERSON_KEYS.c.wrapped_key.is_not(None)))
            ],
            *[
                lambda row=row: legacy.decrypt(row.ciphertext, row.client, row.name)
                for row in connection.execute(sa.select(SECRETS).where(SECRETS.c.ciphertext.is_not(None)))
            ],
        ]
    for attempt in tries:
        try:
            attempt()
        except VaultLocked:
            continue
        opened += 1
    return opened


def test_after_a_rotation_everything_opens_and_the_older_key_opens_nothing(engine: sa.Engine, key_file: Path) -> None:
    """Keys of persons are wrapped anew, two clients' at once, in several lots; what was sealed stays as it is."""
    vault = SqlVault(engine, key_file, cache_seconds=0)
    sealed = fill(vault, PEOPLE)
    older = key_file.read_bytes()
    told: list[tuple[int, int]] = []
    done = vault.rotate(lambda reached, goal: told.append((reached, goal)))
    assert (done.clients, done.keys, done.secrets, done.resumed) == (2, 2 * PEOPLE, 2, False)
    assert told[-1] == (2 * PEOPLE + 2, 2 * PEOPLE + 2)
    assert key_file.read_bytes() != older
    assert list(key_file.parent.iterdir()) == [key_file]
    assert opened_by(engine, older) == 0
    assert_whole(vault, sealed)
    assert_whole(SqlVault(engine, key_file), sealed)
    key_file.write_bytes(older)
    with pytest.raises(VaultLocked, match="does not open with this key file"):
        SqlVault(engine, key_file)


def test_fingerprints_outlast_rotations(engine: sa.Engine, key_file: Path) -> None:
    """Facts hold them: the same secret has the same fingerprint for ever."""
    vault = SqlVault(engine, key_file)
    before = vault.keep_secret("acme", "one", "s")
    vault.rotate()
    vault.rotate()
    assert SqlVault(engine, key_file).keep_secret("acme", "one", "s") == before


def test_who_was_forgotten_stays_so(engine: sa.Engine, key_file: Path) -> None:
    """A rotation brings no destroyed key back, and keeps marks and restrictions."""
    vault = SqlVault(engine, key_file, cache_seconds=0)
    sealed = fill(vault)
    vault.forget("acme", "p1")
    vault.restrict("acme", "p2")
    vault.rotate()
    people = {person: fields or {} for person, fields in sealed.items()}
    opened = vault.open_all("acme", people)
    assert [person for person, fields in opened.items() if fields is None] == ["p1", "p2"]
    assert len(vault.with_ssn("acme", "900110001")) == 18


def test_other_processes_go_on(engine: sa.Engine, key_file: Path) -> None:
    """A vault that was opened before the rotation opens, seals and keeps secrets after it."""
    here, there = SqlVault(engine, key_file, cache_seconds=0), SqlVault(engine, key_file, cache_seconds=0)
    sealed = fill(there)
    here.rotate()
    assert_whole(there, sealed)
    there.seal("acme", "somebody new", ANA)
    there.seal("a new client", "p", ANA)
    there.keep_secret("acme", "another", "s")
    assert here.secret("acme", "another") == "s"
    here.rotate()
    assert_whole(there, sealed)


def test_sealing_while_keys_are_rotated_loses_nobody(engine: sa.Engine, key_file: Path) -> None:
    """New people are sealed for all along, by another process; every one of them opens afterwards."""
    here, there = SqlVault(engine, key_file, cache_seconds=0), SqlVault(engine, key_file, cache_seconds=0)
    fill(here, 50)
    sealed: dict[str, dict[str, str]] = {}
    stop = threading.Event()

    def work() -> None:
        for number in itertools.count():
            sealed[f"new {number}"] = there.seal("acme", f"new {number}", ANA)
            if stop.is_set():
                return

    thread = threading.Thread(target=work)
    thread.start()
    for _ in range(3):
        here.rotate()
    stop.set()
    thread.join()
    assert SqlVault(engine, key_file).open_all("acme", sealed) == dict.fromkeys(sealed, ANA)


@pytest.mark.parametrize("point", ["take", "advance", "store", "retire", "wipe"])
def test_an_interrupted_rotation_is_finished_by_the_next(
    engine: sa.Engine, key_file: Path, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    """Wherever it ends: what is stored opens meanwhile, new people are sealed for, and the next call finishes it."""
    vault = SqlVault(engine, key_file, cache_seconds=0)
    sealed = fill(vault, 600)
    older = key_file.read_bytes()

    def killed(*_: Any, **__: Any) -> None:
        raise Killed

    where: dict[str, tuple[Any, str]] = {
        "take": (rotating, "_take_into_use"),
        "advance": (FileRoots, "advance"),
        "store": (rotating._Rewrapping, "_store"),
        "retire": (rotating._Rewrapping, "_retired"),
        "wipe": (rotating, "wipe"),
    }
    with monkeypatch.context() as patch:
        patch.setattr(*where[point], killed)
        with pytest.raises(Killed):
            vault.rotate()
    between = SqlVault(engine, key_file, cache_seconds=0)
    assert_whole(between, sealed)
    between.seal("acme", "meanwhile", ANA)
    done = SqlVault(engine, key_file).rotate()
    assert done.resumed is (point != "take")  # also where only the last wiping was to be done
    assert opened_by(engine, older) == 0
    assert list(key_file.parent.iterdir()) == [key_file]
    assert_whole(SqlVault(engine, key_file), sealed)


def test_a_store_of_an_earlier_release_opens_and_is_rotated(engine: sa.Engine, key_file: Path) -> None:
    """There the key file itself wrapped the keys of persons and encrypted secrets, beside a proof of its own."""
    SqlVault(engine, key_file)
    older = key_file.read_bytes()
    master = MasterKey(older)
    at = now()
    with engine.begin() as connection:
        connection.execute(sa.delete(CLIENT_KEYS))
        connection.execute(
            sa.insert(PERSON_KEYS),
            [{"client": "acme", "person": "p", "wrapped_key": master.wrap(b"k" * 64, "acme", "p"), "created_at": at}],
        )
        connection.execute(
            sa.insert(SECRETS),
            [
                {
                    "client": client,
                    "name": name,
                    "version": 1,
                    "ciphertext": master.encrypt(secret, client, name),
                    "fingerprint": master.fingerprint(client, secret),
                    "created_at": at,
                }
                for client, name, secret in (("", "key-file", "daybook"), ("acme", "one", "s"))
            ],
        )
    vault = SqlVault(engine, key_file, cache_seconds=0)
    sealed = vault.seal("acme", "p", ANA)
    assert vault.secret("acme", "one") == "s"
    assert vault.keep_secret("acme", "one", "s") == master.fingerprint("acme", "s")
    vault.seal("acme", "q", ANA)
    assert opened_by(engine, older) >= 3
    done = vault.rotate()
    assert (done.clients, done.keys, done.secrets) == (1, 2, 1)
    assert opened_by(engine, older) == 0
    after = SqlVault(engine, key_file)
    assert after.open("acme", "p", sealed) == ANA
    assert after.secret("acme", "one") == "s"
    assert after.keep_secret("acme", "one", "s") == master.fingerprint("acme", "s")


def test_a_key_file_that_is_not_an_earlier_releases_is_refused(engine: sa.Engine, key_file: Path) -> None:
    """The proof of earlier releases counts until keys of clients are made."""
    SqlVault(engine, key_file)
    strange = MasterKey(b"x" * 32)
    with engine.begin() as connection:
        connection.execute(sa.delete(CLIENT_KEYS))
        connection.execute(
            sa.insert(SECRETS).values(
                client="",
                name="key-file",
                version=1,
                ciphertext=strange.encrypt("daybook", "", "key-file"),
                fingerprint="",
                created_at=now(),
            )
        )
    with pytest.raises(VaultLocked, match="does not open with this key file"):
        SqlVault(engine, key_file)


def given(number: int) -> str:
    """A root key as people write it into a variable."""
    return base64.b64encode(bytes([number]) * 32).decode()


def test_a_root_key_may_come_from_the_environment(lite: sa.Engine) -> None:
    """Whoever keeps it gives the next one beside it, to every process, and then takes the older one away."""
    vault = SqlVault(lite, GivenRoots(given(1)), cache_seconds=0)
    sealed = fill(vault)
    with pytest.raises(VaultLocked, match="DAYBOOK_NEXT_ROOT_KEY"):
        vault.rotate()
    both = SqlVault(lite, GivenRoots(given(1), given(2)), cache_seconds=0)
    SqlVault(lite, GivenRoots(given(1), given(2))).rotate()
    assert_whole(both, sealed)
    assert_whole(SqlVault(lite, GivenRoots(given(2))), sealed)
    with pytest.raises(VaultLocked, match="DAYBOOK_ROOT_KEY"):
        SqlVault(lite, GivenRoots(given(1)))
    with pytest.raises(VaultLocked, match="in use already"):
        SqlVault(lite, GivenRoots(given(1), given(2))).rotate()


@pytest.mark.parametrize("text", ["", "short", "not base64!", base64.b64encode(b"x" * 31).decode()])
def test_what_is_no_root_key_is_refused(text: str) -> None:
    """The sentence names the variable and does not repeat what is in it."""
    with pytest.raises(VaultLocked, match="DAYBOOK_ROOT_KEY is not a root key") as refused:
        GivenRoots(text)
    assert not text or text not in str(refused.value)


def test_neither_root_keys_nor_keys_of_clients_show_themselves(lite: sa.Engine, key_file: Path) -> None:
    """Not in their reprs, and nobody adds an attribute to one."""
    vault = SqlVault(lite, key_file)
    shown = repr(vault._keys) + repr(RootKey(key_file.read_bytes())) + repr(MasterKey(key_file.read_bytes()))
    assert shown == "ClientKeys(…)RootKey(…)MasterKey(…)"


@pytest.mark.parametrize("column", ["client", "purpose", "version"])
def test_a_key_of_a_client_that_was_moved_does_not_open(lite: sa.Engine, key_file: Path, column: str) -> None:
    """It is bound to client, purpose and version: nobody gives one client another one's key."""
    vault = SqlVault(lite, key_file)
    vault.seal("acme", "p", ANA)
    other: dict[str, Any] = {"client": "b", "purpose": "wrapping", "version": 2}
    moved = "marking" if column == "purpose" else "wrapping"
    places: dict[str, dict[str, Any]] = {"client": {"client": "b"}, "purpose": {}, "version": {"key_version": 2}}
    there = places[column]
    with lite.begin() as connection:
        if column == "purpose":
            connection.execute(sa.delete(CLIENT_KEYS).where(CLIENT_KEYS.c.purpose == "wrapping"))
        moving = sa.update(CLIENT_KEYS).where(CLIENT_KEYS.c.purpose == moved)
        connection.execute(moving.values({column: other[column]}))
        if there:
            connection.execute(sa.update(PERSON_KEYS).values(there))
    with pytest.raises(VaultLocked):
        SqlVault(lite, key_file).seal("b" if column == "client" else "acme", "p", ANA)


@pytest.mark.parametrize("kind", ["person", "secret"])
def test_ciphertexts_that_were_swapped_between_rows_do_not_open(lite: sa.Engine, key_file: Path, kind: str) -> None:
    """Of every two rows, also of one client: each is bound to its place."""
    vault = SqlVault(lite, key_file, cache_seconds=0)
    for client in ("acme", "other"):
        for name in ("a", "b"):
            vault.seal(client, name, ANA)
            vault.keep_secret(client, name, f"{client} {name}")
    table, what, name = (PERSON_KEYS, "wrapped_key", "person") if kind == "person" else (SECRETS, "ciphertext", "name")
    with lite.connect() as connection:
        rows = connection.execute(sa.select(table)).all()
    refused = 0
    for one, another in itertools.permutations(rows, 2):
        place = (table.c.client == one.client) & (table.c[name] == getattr(one, name))
        with lite.begin() as connection:
            connection.execute(sa.update(table).where(place).values({what: getattr(another, what)}))
        with pytest.raises(VaultLocked):
            _use(vault, one)
        refused += 1
        with lite.begin() as connection:
            connection.execute(sa.update(table).where(place).values({what: getattr(one, what)}))
    assert refused == 12


def _use(vault: SqlVault, row: sa.Row[Any]) -> None:
    """Need what a row holds."""
    if "person" in row._fields:
        vault.seal(row.client, row.person, ANA)
    else:
        vault.secret(row.client, row.name)
