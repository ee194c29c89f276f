"""People in the vault: many at once, restricted, found by their social security number, and how much of it is kept."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from adapters.vault import SqlVault
from adapters.vault.marks import Ssn
from adapters.vault.tables import PERSON_KEYS
from domain.ports.vault import PersonForgotten, Vault

ANA = {"first_name": "Ana", "ssn": "900-11-0001"}
BEN = {"first_name": "Ben", "ssn": "900 11 0002"}


def test_many_are_sealed_and_opened_as_one_is(vault: Vault) -> None:
    """The same texts, in the order that they were asked for in."""
    alone = {"a": vault.seal("acme", "a", ANA)}
    sealed = vault.seal_all("acme", {"b": BEN, "a": ANA})
    assert list(sealed) == ["b", "a"]
    assert sealed["a"] == alone["a"]
    assert vault.open_all("acme", {person: fields or {} for person, fields in sealed.items()}) == {"b": BEN, "a": ANA}
    assert vault.seal_all("acme", {}) == vault.open_all("acme", {}) == {}


def test_of_many_those_who_were_forgotten_are_told_apart(vault: Vault) -> None:
    """They stop nobody else."""
    sealed = vault.seal_all("acme", {"a": ANA, "b": BEN})
    vault.forget("acme", "a")
    assert vault.seal_all("acme", {"a": ANA, "b": BEN}) == {"a": None, "b": sealed["b"]}
    assert vault.open_all("acme", {person: fields or {} for person, fields in sealed.items()}) == {"a": None, "b": BEN}
    empty = {"a": {"first_name": ""}, "b": {"first_name": ""}, "nobody": {"first_name": ""}}
    assert vault.open_all("acme", empty) == {**empty, "a": None}


def test_a_restricted_person_is_sealed_for_and_not_opened(vault: Vault) -> None:
    """So an unchanged person makes no difference, and nobody reads anything."""
    sealed = vault.seal("acme", "a", ANA)
    assert vault.restrict("acme", "a") is True
    assert vault.restrict("acme", "a") is False
    assert vault.restrict("acme", "nobody") is False
    assert vault.seal("acme", "a", ANA) == sealed
    with pytest.raises(PersonForgotten):
        vault.open("acme", "a", sealed)
    assert vault.open_all("acme", {"a": sealed}) == {"a": None}
    assert vault.open("acme", "a", {"email": ""}) == {"email": ""}
    assert vault.forget("acme", "a") is True


@pytest.mark.parametrize("written", ["900-11-0001", "900110001", " 900 11 0001 "])
def test_people_are_found_by_their_number_however_it_is_written(vault: Vault, written: str) -> None:
    """All who have it, of one client; a number that is not whole finds nobody."""
    vault.seal_all("acme", {"a": ANA, "a again": {**ANA, "ssn": "900110001"}, "b": BEN})
    vault.seal("other", "a", ANA)
    assert vault.with_ssn("acme", written) == ["a", "a again"]
    assert vault.with_ssn("nobody's", written) == []
    assert vault.with_ssn("acme", written[:-2]) == []


def test_who_has_the_same_number_is_told_apart_without_it(vault: Vault) -> None:
    """By the name of the first who has it; who has none, is restricted or forgotten is left out."""
    vault.seal_all("acme", {"a": ANA, "b": BEN, "c": {**ANA, "ssn": "900110001"}, "d": {"first_name": "Dan"}})
    asked = ["d", "c", "b", "a", "nobody"]
    assert vault.same_ssn("acme", asked) == {"a": "a", "b": "b", "c": "a"}
    assert vault.same_ssn("other", asked) == {}
    vault.restrict("acme", "a")
    vault.forget("acme", "b")
    assert vault.same_ssn("acme", asked) == {"c": "c"}


def test_a_number_that_changed_is_found_and_the_one_before_is_not(vault: Vault) -> None:
    """What was sealed last counts; where no number is said, the one before stays."""
    vault.seal("acme", "a", ANA)
    vault.seal("acme", "a", {"first_name": "Anna"})
    assert vault.with_ssn("acme", ANA["ssn"]) == ["a"]
    vault.seal("acme", "a", {**ANA, "ssn": BEN["ssn"]})
    assert (vault.with_ssn("acme", ANA["ssn"]), vault.with_ssn("acme", BEN["ssn"])) == ([], ["a"])
    vault.seal("acme", "a", {**ANA, "ssn": ""})
    assert vault.with_ssn("acme", BEN["ssn"]) == []


def test_who_is_restricted_or_forgotten_is_not_found(vault: Vault) -> None:
    """Not even that they exist is told."""
    vault.seal_all("acme", {"a": ANA, "b": ANA})
    vault.restrict("acme", "a")
    vault.forget("acme", "b")
    assert vault.with_ssn("acme", ANA["ssn"]) == []


@pytest.mark.parametrize(
    ("kept", "opened", "found"),
    [("none", "", []), ("last4", "0001", ["a"]), ("vault", "900-11-0001", ["a"])],
)
def test_how_much_of_a_number_is_kept_is_a_setting(
    lite: sa.Engine, key_file: Path, kept: Ssn, opened: str, found: list[str]
) -> None:
    """Nothing at all; the last four digits and a mark; or the number as well."""
    vault = SqlVault(lite, key_file, store_ssn=kept)
    sealed = vault.seal("acme", "a", ANA)
    assert vault.open("acme", "a", sealed) == {**ANA, "ssn": opened}
    assert vault.with_ssn("acme", ANA["ssn"]) == found


def test_marks_of_clients_differ_and_say_nothing_of_the_number(lite: sa.Engine, key_file: Path) -> None:
    """32 bytes by a key per client: equal numbers are equal within one client alone."""
    vault = SqlVault(lite, key_file)
    vault.seal_all("acme", {"a": ANA, "b": ANA})
    vault.seal("other", "a", ANA)
    with lite.connect() as connection:
        marks = list(connection.scalars(sa.select(PERSON_KEYS.c.ssn_mark).order_by("client", "person")))
    assert marks[0] == marks[1] != marks[2]
    assert all(len(mark) == 32 and b"0001" not in mark for mark in marks)


def test_forgetting_destroys_the_mark(engine: sa.Engine, key_file: Path) -> None:
    """Nobody can ask any more whether the number was theirs."""
    vault = SqlVault(engine, key_file)
    vault.seal("acme", "a", ANA)
    vault.forget("acme", "a")
    with engine.connect() as connection:
        row = connection.execute(sa.select(PERSON_KEYS)).one()
    assert (row.wrapped_key, row.ssn_mark) == (None, None)


def test_destroyed_keys_and_marks_are_in_no_file_of_the_database(
    lite: sa.Engine, key_file: Path, tmp_path: Path
) -> None:
    """Of many people, so that pages of the tables were split and filled again; searched byte by byte."""
    vault = SqlVault(lite, key_file)
    for lot in range(5):
        vault.seal_all("acme", {f"p{lot}-{number}": {"ssn": f"9{lot:02}{number:06}"} for number in range(80)})
    with lite.connect() as connection:
        rows = connection.execute(sa.select(PERSON_KEYS)).all()
    gone = [row for row in rows if row.person.endswith(("1", "4"))]
    for row in gone:
        vault.forget("acme", row.person)
    content = b"".join(file.read_bytes() for file in (tmp_path / "database").iterdir())
    left = [row.person for row in gone if row.wrapped_key in content or row.ssn_mark in content]
    assert (len(gone), left) == (80, [])
    assert all(row.wrapped_key in content for row in rows if row not in gone)
