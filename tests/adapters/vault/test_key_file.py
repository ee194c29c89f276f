"""The key file: made once, for its owner only, and refused when it does not fit."""

import stat
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from adapters.vault import SqlVault
from domain.ports.vault import VaultLocked


def test_a_new_store_gets_a_key_file_for_its_owner_only(lite: sa.Engine, key_file: Path) -> None:
    """32 bytes, mode 0600, and no draft left beside it."""
    SqlVault(lite, key_file)
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert len(key_file.read_bytes()) == 32
    assert list(key_file.parent.iterdir()) == [key_file]


def test_the_key_file_opens_what_an_earlier_process_stored(engine: sa.Engine, key_file: Path) -> None:
    """A vault that is opened again reads everything."""
    before = SqlVault(engine, key_file)
    sealed = before.seal("acme", "p", {"a": "x"})
    before.keep_secret("acme", "one", "s")
    after = SqlVault(engine, key_file)
    assert after.open("acme", "p", sealed) == {"a": "x"}
    assert after.secret("acme", "one") == "s"


@pytest.mark.parametrize("stored", ["person", "secret"])
def test_a_missing_key_file_is_refused_while_something_hangs_on_it(
    lite: sa.Engine, key_file: Path, stored: str
) -> None:
    """A new key file would lock everything away for ever: none is made."""
    vault = SqlVault(lite, key_file)
    if stored == "person":
        vault.seal("acme", "p", {"a": "x"})
    else:
        vault.keep_secret("acme", "one", "s")
    key_file.unlink()
    with pytest.raises(VaultLocked, match="is missing"):
        SqlVault(lite, key_file)
    assert not key_file.exists()


def test_a_missing_key_file_is_made_again_while_nothing_hangs_on_it(lite: sa.Engine, key_file: Path) -> None:
    """Neither an empty store nor one whose only person was forgotten needs the old file."""
    SqlVault(lite, key_file).seal("acme", "p", {"a": "x"})
    SqlVault(lite, key_file).forget("acme", "p")
    key_file.unlink()
    vault = SqlVault(lite, key_file)
    assert vault.open("acme", "q", vault.seal("acme", "q", {"a": "x"})) == {"a": "x"}


def test_a_key_file_of_another_store_is_refused(engine: sa.Engine, key_file: Path) -> None:
    """A key file that does not fit is found out when the vault is opened, not when the first person is read."""
    SqlVault(engine, key_file)
    key_file.write_bytes(b"x" * 32)
    with pytest.raises(VaultLocked, match="does not open with this key file"):
        SqlVault(engine, key_file)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o644])
def test_a_key_file_that_others_can_read_or_change_is_refused(lite: sa.Engine, key_file: Path, mode: int) -> None:
    """The sentence says what to do."""
    SqlVault(lite, key_file)
    key_file.chmod(mode)
    with pytest.raises(VaultLocked, match="chmod 600"):
        SqlVault(lite, key_file)


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 33])
def test_a_file_that_is_no_key_is_refused(lite: sa.Engine, key_file: Path, content: bytes) -> None:
    """It must hold exactly 32 bytes; the sentence does not show them."""
    SqlVault(lite, key_file)
    key_file.write_bytes(content)
    with pytest.raises(VaultLocked, match="exactly 32 bytes"):
        SqlVault(lite, key_file)


def test_a_folder_in_the_place_of_the_key_file_is_refused(lite: sa.Engine, key_file: Path) -> None:
    """Whatever cannot be read is refused in a sentence, not with a traceback."""
    key_file.mkdir(parents=True)
    with pytest.raises(VaultLocked, match="cannot be read"):
        SqlVault(lite, key_file)


def test_a_place_where_no_key_file_can_be_made_is_refused(lite: sa.Engine, tmp_path: Path) -> None:
    """A file where the folder should be: nothing can be made there."""
    (tmp_path / "keys").write_text("")
    with pytest.raises(VaultLocked):
        SqlVault(lite, tmp_path / "keys" / "vault.key")


def test_processes_that_start_at_once_make_one_key_file(engine: sa.Engine, key_file: Path) -> None:
    """Eight vaults on a new store end up with the same key."""
    vaults: list[SqlVault] = []
    start = threading.Barrier(8)

    def work() -> None:
        start.wait()
        vaults.append(SqlVault(engine, key_file))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sealed = {vault.seal("acme", "p", {"a": "x"})["a"] for vault in vaults}
    assert len(vaults) == 8
    assert len(sealed) == 1
