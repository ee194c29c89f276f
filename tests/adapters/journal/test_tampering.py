"""Changes behind the journal's back: refused by the database, and found where its guards were taken away."""

import sqlite3

import psycopg
import pytest

from adapters.journal import UnreadableFact, open_journal
from domain.facts import UnknownFact
from domain.ports.journal import Journal
from tests.support.facts import by, recording
from tests.support.tampering import Statement, position_column, query, tamper

A, B = "connection:C1:a", "connection:C2:a"


@pytest.fixture
def filled(journal: Journal) -> Journal:
    """Five commits of one to five facts: positions 1 to 15."""
    version = 0
    for number in range(1, 6):
        journal.append(
            [recording(A if number % 2 else B, version if number % 2 else (number // 2 - 1) * 10, number)], by()
        )
        version += number if number % 2 else 0
        if number == 2:
            journal.append([recording(B, 2, 8)], by())
    return journal


def test_the_database_refuses_changes(database_url: str, filled: Journal) -> None:
    """UPDATE and DELETE (and TRUNCATE) on facts and seals are refused by the database itself."""
    for table in ("facts", "seals"):
        column = "topic" if table == "facts" else "command"
        statements = ["UPDATE {table} SET {column} = 'x'", "DELETE FROM {table}"]
        if database_url.startswith("postgresql"):
            statements += ["TRUNCATE {table} CASCADE", "DELETE FROM {table} WHERE false"]
        for statement in (text.format(table=table, column=column) for text in statements):
            with pytest.raises(
                (sqlite3.IntegrityError, psycopg.errors.InsufficientPrivilege), match="only ever added to"
            ):
                query(database_url, statement)
    assert filled.verify().faults == ()


FACT_TAMPERINGS: dict[str, list[Statement]] = {
    "a byte of a fact edited": [("UPDATE facts SET state = replace_text WHERE POSITION = 4", ())],
    "a fact renamed": [("UPDATE facts SET topic = 'connection.location-added' WHERE POSITION = 4", ())],
    "a fact moved to another stream": [("UPDATE facts SET originator_id = 'connection:C1:z' WHERE POSITION = 1", ())],
    "a fact moved to another client": [("UPDATE facts SET originator_id = 'connection:C9:z' WHERE POSITION = 1", ())],
    "a version changed": [("UPDATE facts SET originator_version = 99 WHERE POSITION = 4", ())],
    "the first fact deleted": [("DELETE FROM facts WHERE POSITION = 1", ())],
    "a fact in the middle deleted": [("DELETE FROM facts WHERE POSITION = 5", ())],
    "the last fact deleted": [("DELETE FROM facts WHERE POSITION = (SELECT max(POSITION) FROM facts)", ())],
    "a whole commit's facts deleted": [("DELETE FROM facts WHERE POSITION IN (2, 3)", ())],
    "a fact put in past the end": [
        ("INSERT INTO facts (originator_id, originator_version, topic, state) VALUES (?, 77, 'x', ?)", (A, b"{}"))
    ],
    "two facts exchanged": [
        ("UPDATE facts SET POSITION = -1 WHERE POSITION = 4", ()),
        ("UPDATE facts SET POSITION = 4 WHERE POSITION = 5", ()),
        ("UPDATE facts SET POSITION = 5 WHERE POSITION = -1", ()),
    ],
    "compressed bytes damaged": [("UPDATE facts SET state = ? WHERE POSITION = 4", (b"\x28\xb5\x2f\xfd\x00",))],
    "bytes that are nothing": [("UPDATE facts SET state = ? WHERE POSITION = 4", (b"\x00",))],
}
SEAL_TAMPERINGS: dict[str, list[Statement]] = {
    "a time changed": [("UPDATE seals SET recorded_at = '2020-01-01T00:00:00.000000Z' WHERE \"commit\" = 3", ())],
    "a client changed": [("UPDATE seals SET client = 'C9' WHERE \"commit\" = 3", ())],
    "a command changed": [("UPDATE seals SET command = 'other' WHERE \"commit\" = 3", ())],
    "a root changed": [('UPDATE seals SET root = ? WHERE "commit" = 3', (bytes(32),))],
    "a seal changed": [('UPDATE seals SET seal = ? WHERE "commit" = 3', (bytes(32),))],
    "the first seal deleted": [('DELETE FROM seals WHERE "commit" = 1', ())],
    "a seal in the middle deleted": [('DELETE FROM seals WHERE "commit" = 3', ())],
    "the last seal deleted, its facts kept": [('DELETE FROM seals WHERE "commit" = 6', ())],
    "a commit deleted as if it never was": [
        ("DELETE FROM facts WHERE POSITION IN (2, 3)", ()),
        ('DELETE FROM seals WHERE "commit" = 2', ()),
    ],
    "a seal put in": [
        (
            "INSERT INTO seals VALUES (7, 100, 100, 1, ?, ?, '2030-01-01T00:00:00.000000Z', 'C1', 'forged')",
            (bytes(32), bytes(32)),
        )
    ],
}


@pytest.mark.parametrize("what", [*FACT_TAMPERINGS, *SEAL_TAMPERINGS])
def test_tampering_is_found(database_url: str, filled: Journal, what: str) -> None:
    """Whatever is edited, deleted, moved or put in, verification says so."""
    assert filled.verify().faults == ()
    statements = {**FACT_TAMPERINGS, **SEAL_TAMPERINGS}[what]
    edited = "CAST(replace(CAST(state AS TEXT), 'number', 'nvmber') AS BLOB)"
    if database_url.startswith("postgresql"):
        edited = "convert_to(replace(convert_from(state, 'UTF8'), 'number', 'nvmber'), 'UTF8')"
    position = position_column(database_url)
    tamper(
        database_url,
        [(text.replace("POSITION", position).replace("replace_text", edited), values) for text, values in statements],
    )
    assert filled.verify().faults != ()


def test_a_fact_put_into_a_gap_is_found(database_url: str, filled: Journal) -> None:
    """Positions that were never used are no hiding place: a fact there belongs to no commit."""
    burn = "UPDATE sqlite_sequence SET seq = seq + 5 WHERE name = 'facts'"
    if database_url.startswith("postgresql"):
        burn = "SELECT nextval('facts_notification_id_seq') FROM generate_series(1, 5)"
    tamper(database_url, [(burn, ())])
    gap = filled.head() + 2
    after = filled.append([recording("connection:C1:later", 0)], by())
    assert filled.verify().faults == ()
    forged = "INSERT INTO facts ({}, originator_id, originator_version, topic, state) VALUES (?, ?, 1, 'x', ?)"
    tamper(database_url, [(forged.format(position_column(database_url)), (gap, "connection:C1:forged", b"{}"))])
    assert gap < after.position
    assert filled.verify().faults == (
        f"The fact at position {gap} belongs to no commit: it was put in past the journal.",
    )
    assert gap not in [entry.position for entry in filled.log(after=gap - 1, limit=10, client="C1")]


def test_a_damaged_fact_is_named_with_its_position(database_url: str, filled: Journal) -> None:
    """Bytes that cannot be decoded stop the reader with the position; a newer release's fact by its own name."""
    damage = f"UPDATE facts SET state = ? WHERE {position_column(database_url)} = 4"  # noqa: S608 - a column
    for damaged in (
        b"\x00",
        b'{"v":1',
        b"\x28\xb5\x2f\xfd\x00\x00",
        b'{"v":1,"by":{"actor":"a","command":"c"},"data":{}}',
    ):
        tamper(database_url, [(damage, (damaged,))])
        with pytest.raises(UnreadableFact, match="position 4"):
            filled.log(after=0, limit=100)
    tamper(database_url, [(damage, (b'{"v":99,"by":{"actor":"a","command":"c"},"data":{}}',))])
    with pytest.raises(UnknownFact, match="position 4"):
        filled.log(after=0, limit=100)


def test_at_most_a_hundred_faults_are_named(database_url: str, journal: Journal) -> None:
    """A journal that was wiped out is told in a hundred sentences, not in a million."""
    for version in range(130):
        journal.append([recording(A, version)], by())
    tamper(database_url, [("UPDATE facts SET topic = 'x'", ())])
    verification = journal.verify()
    assert len(verification.faults) == 100
    assert verification.commits == 130


def test_another_process_verifies_the_same_head(database_url: str, filled: Journal) -> None:
    """The head is a function of what is stored: a second journal on the same database computes the same one."""
    second = open_journal(database_url)
    assert second.verify() == filled.verify()
    second.close()
