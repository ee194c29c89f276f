"""The names of streams: what each aggregate is recorded under, and what a name is read as."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, Final

import pytest

from domain.identifiers import (
    ConnectionId,
    CustomerId,
    DayId,
    ImportJobId,
    ImportRunId,
    ObjectId,
    PersonId,
    PersonnelId,
    ScheduleId,
    connection_of,
    customer_of,
    day_of,
    import_job_of,
    import_run_of,
    object_of,
    person_of,
    personnel_of,
    schedule_of,
)

DATE: Final = dt.date(2026, 11, 20)
READERS: Final[Mapping[str, Callable[[str], Any]]] = {
    "day": day_of,
    "connection": connection_of,
    "person": person_of,
    "personnel": personnel_of,
    "object": object_of,
    "schedule": schedule_of,
    "customer": customer_of,
    "import job": import_job_of,
    "import run": import_run_of,
}
NAMES: Final = [
    ("day", DayId("acme", "pier", DATE), "business-day:acme:pier:2026-11-20"),
    ("connection", ConnectionId("acme", "tray"), "connection:acme:tray"),
    ("person", PersonId("acme", "tray", "pier", "E:17"), "person:acme:tray:pier:E:17"),
    ("personnel", PersonnelId("acme", "hr"), "personnel:acme:hr"),
    ("object", ObjectId("acme", "books", "je:pier:2026-11-20:sales"), "object:acme:books:je:pier:2026-11-20:sales"),
    ("schedule", ScheduleId("acme", "pier", DATE), "schedule:acme:pier:2026-11-20"),
    ("customer", CustomerId("group"), "customer:@group"),
    ("import job", ImportJobId("acme", "nightly"), "import-job:acme:nightly"),
    ("import run", ImportRunId("acme", "nightly", 3), "import-run:acme:nightly:3"),
]


@pytest.mark.parametrize(("what", "one", "name"), NAMES)
def test_a_stream_is_named_and_read_back(what: str, one: Any, name: str) -> None:
    """The name says whose it is, and is read as the same again, by the reader of its kind alone."""
    assert one.stream == name
    assert {kind for kind, reader in READERS.items() if reader(name) is not None} == {what}
    assert READERS[what](name) == one


@pytest.mark.parametrize(
    ("key", "location"),
    [
        ("je:pier:2026-11-20:sales", "pier"),
        ("employee:pier:E17", "pier"),
        ("account:4010", ""),
        ("location:pier", "pier"),
    ],
)
def test_the_key_of_an_object_names_its_location(key: str, location: str) -> None:
    """What is of the whole client, such as an account, is of none."""
    assert ObjectId("acme", "books", key).location == location


def test_an_employee_of_a_system_of_personnel_is_of_no_location() -> None:
    """The person has the connection's name, and an empty location."""
    assert PersonnelId("acme", "hr").person("u-17") == PersonId("acme", "hr", "", "u-17")
