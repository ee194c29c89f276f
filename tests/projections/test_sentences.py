"""Sentences: every fact of the catalogue is told to a person."""

import datetime as dt
from typing import Any

import msgspec
import pytest

from domain.facts import (
    AccessLost,
    AdminChanged,
    Attempt,
    Company,
    ConnectionEdited,
    ConnectionTested,
    Entry,
    Fact,
    FilesRead,
    LocationEdited,
    ReadFile,
    Venue,
    VisibilityChanged,
    fact_name,
)
from projections.sentences import sentence
from tests.support.facts import ATTEMPT, BY, EXAMPLES, NOON

WHY = " because 'the till was wrong'"
SENTENCES = {
    "people.user-added": f"Anna added the user Berta Süd (berta){WHY}: manager, payroll at L1, L2.",
    "people.user-changed": f"Anna changed the user Berta Nord (berta){WHY}: auditor at L1.",
    "people.user-disabled": f"Anna disabled the user berta{WHY}: sessions are over.",
    "people.user-enabled": f"Anna enabled the user berta again{WHY}.",
    "people.user-invited": f"Anna invited the user berta{WHY}, until 2026-10-31 12:00 UTC.",
    "people.password-set": "The user berta chose a password with a one-time secret.",
    "people.identity-linked": f"Anna linked the user berta to subject-17 of https://login.example{WHY}.",
    "people.identity-unlinked": f"Anna took subject-17 of https://login.example from the user berta{WHY}.",
    "people.key-issued": (
        f"Anna issued the API key nightly report (fedcba9876543210){WHY}: auditor at L1, until 2026-10-31 12:00 UTC."
    ),
    "people.key-revoked": f"Anna revoked the API key fedcba9876543210{WHY}.",
    "import-job.added": (
        f"Anna added the data import job Nightly on main{WHY}: sales, labor of the last 7 days of the companies o-1."
    ),
    "import-job.changed": (
        f"Anna changed the data import job October{WHY}: sales of 2026-10-01 to 2026-10-31 of the companies o-1, o-2."
    ),
    "import-job.scheduled": (
        f"Anna scheduled the data import job{WHY}: every day at 05:00, America/New_York, from 2026-11-01 on."
    ),
    "import-job.unscheduled": f"Anna took the data import job from the schedule{WHY}.",
    "import-job.ended": f"Anna ended the data import job{WHY}.",
    "import-job.run-started": (
        f"Anna started run 3{WHY}: 2 days to poll; left out: L1, 2026-09-01 to 2026-09-30: too far back, polled by the "
        "role 'support' alone; L1, deposits: its polling options switch them off."
    ),
    "import-job.run-ended": "Run 3 is over: partial.",
    "import-run.part-done": ("Anna imported 2026-10-31 of L1: failed (rate-limited): The source asks for patience."),
    "import-turn.taken": "Run 3 of the data import job nightly imports it.",
    "business-day.polled": f"Anna repolled the day{WHY}: generation 2, 1 record added, 1 changed, 1 removed.",
    "business-day.compensated": (
        "Reading 2026-10-30 from main changed this day (a shift over the start of the day): generation 3, "
        "1 record added, 1 changed, 1 removed."
    ),
    "business-day.late-change-observed": (
        "Reading 2026-11-02 from main showed 5 changes after the approval (a deposit found by looking back); "
        "they count once the day is reopened."
    ),
    "business-day.completed": f"Anna completed the day at generation 2{WHY}.",
    "business-day.approved": f"Anna approved the day at generation 2{WHY}: closing 3.",
    "business-day.generation-staged": (
        f"Anna repolled the day{WHY}, which is approved: 1 record added, 1 changed, 1 removed beside what was approved "
        "wait until it is reopened."
    ),
    "business-day.changes-staged": (
        "Part 1 of what waits as generation 3: ticket 17 added, ticket 18 changed, punch p-3 removed."
    ),
    "business-day.staged-applied": (
        "Reopened, the day took what had waited: generation 3, 1 record added, 1 changed, 1 removed."
    ),
    "business-day.replay-applied": (
        "Anna derived the day again from main under configuration 3 with open_time = True"
        f"{WHY}: generation 3, 1 record added, 1 changed, 1 removed."
    ),
    "business-day.replay-staged": (
        f"Anna derived the day again from main under configuration 3 with open_time = True{WHY}: it is approved, so "
        "that what differs from that waits until it is reopened (1 record added, 1 changed, 1 removed)."
    ),
    "business-day.deleted": f"Anna deleted the day at generation 2{WHY}: it is missing until it is read again.",
    "business-day.confirmed-closed": f"Anna confirmed at generation 2{WHY} that the place was closed.",
    "business-day.reopened": f"Anna reopened the approved day{WHY}.",
    "business-day.overlay-entered": f"Anna edited punch p-3{WHY}: clock_out none → 2026-11-01T02:00:00Z.",
    "business-day.overlay-withdrawn": (
        f"Anna withdrew the edit of punch p-3{WHY}: clock_out 2026-11-01T02:00:00Z → none."
    ),
    "business-day.overlay-agreed": "The source came to say of punch p-3 what was entered here.",
    "business-day.conflict-raised": (
        "Punch p-3 was edited here, and then changed at the source (ours → theirs): "
        "clock_out 2026-11-01T02:00:00Z → 2026-11-01T03:00:00Z; ours stands until it is decided."
    ),
    "business-day.conflict-resolved": "The stated policy decided the conflict about punch p-3: the source's stands.",
    "connection.location-edited": (
        f"Anna edited the location Pier 17 · Nord (L1){WHY}: America/Chicago, day from 05:00, number 0101."
    ),
    "connection.drafted": f"Anna drafted Pier 17 (tray) at https://tray.example{WHY}.",
    "connection.tested": (
        f"Anna tested the draft{WHY}, which failed (not-authorized): The source does not know this key."
    ),
    "connection.edited": (f"Anna edited the connection{WHY}: Pier 17 at https://tray.example with Pier Inc., Süd LLC."),
    "connection.visibility-changed": f"Anna let no other users edit the connection{WHY}.",
    "connection.credentials-rotated": f"Anna gave the connection the secret ba9876543210, version 3{WHY}.",
    "connection.renewed": f"Anna renewed the connection{WHY}: its grant is good until 2026-10-31 12:00 UTC.",
    "connection.suspended": f"Anna suspended the connection{WHY}: nothing is polled until it is resumed.",
    "connection.resumed": f"Anna resumed the connection{WHY}.",
    "connection.disconnected": (
        f"Anna disconnected the system{WHY}: the connection is over, and its locations are free."
    ),
    "connection.admin-changed": f"Anna made Bob the admin of the connection{WHY}.",
    "connection.access-lost": "The source no longer shows the company o-1 and the location L1 to the connection.",
    "connection.access-regained": "The source shows the company o-1 and the location L1 to the connection again.",
    "customer.registered": f"Anna registered the customer Harbor Group{WHY}.",
    "customer.client-added": f"Anna added the client Harbor New York (harbor-ny){WHY}.",
    "customer.client-renamed": f"Anna renamed the client harbor-ny to Harbor East{WHY}.",
    "connection.files-read": (
        f"Anna imported deposits for L1{WHY}, which failed (bad-file): The file menu-items has 2 errors."
    ),
}


def told(fact: Fact) -> str:
    """The sentence of a fact that Anna recorded."""
    return sentence(Entry("business-day:C1:L1:2026-10-31", 1, 1, NOON, BY, fact))


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_every_fact_is_a_sentence(name: str) -> None:
    """It begins with a capital and ends with a full stop; of some it is known word by word."""
    found = told(EXAMPLES[name])
    assert (found[0].isupper(), found[-1]) == (True, ".")
    assert found == SENTENCES.get(name, found)


def imported(*kinds: str) -> Attempt:
    """An attempt to import files of these kinds."""
    files = tuple(ReadFile(kind, f"{kind}.csv", "f" * 64, 1) for kind in kinds)
    return msgspec.structs.replace(ATTEMPT, kind="import", files=files)


@pytest.mark.parametrize(
    ("kinds", "said"),
    [
        ((), "files"),
        (("deposits",), "deposits"),
        (tuple(f"k{number}" for number in range(10)), "k0, k1, k2, k3, k4, k5, k6, k7, and 2 more"),
    ],
)
def test_imports_name_the_kinds_of_their_files(kinds: tuple[str, ...], said: str) -> None:
    """The first eight, and how many more."""
    fact = FilesRead("L1", imported(*kinds), "c" * 64, added=2, changed=1)
    assert told(fact) == f"Anna imported {said} for L1{WHY}: 2 added, 1 changed."
    polled = msgspec.structs.replace(EXAMPLES["business-day.poll-unchanged"], attempt=imported(*kinds))
    assert told(polled) == f"Anna imported {said} for the day{WHY}: nothing differs from generation 2."


SEEN = (Company("o-1"), *(Company(f"o-{number}", f"Company {number}") for number in range(2, 11)))


@pytest.mark.parametrize(
    ("test", "said"),
    [
        ({"asked": False}, "address and secret have the right form; the system cannot be asked."),
        ({}, "the source shows nothing by name."),
        ({"venues": (Venue({"venue": "V1"}), Venue({"venue": "V2"}, "Pier"))}, "the source shows V1, Pier."),
        (
            {"companies": SEEN, "venues": (Venue({}, "Pier"),)},
            (
                "the source shows o-1, Company 2, Company 3, Company 4, Company 5, Company 6, Company 7, Company 8, "
                "2 more and Pier."
            ),
        ),
    ],
)
def test_what_a_test_shows(test: dict[str, Any], said: str) -> None:
    """A test that passed says what the source shows, and whether it was asked at all."""
    assert told(ConnectionTested("connection", passed=True, credential_version=1, **test)) == (
        f"Anna tested the connection{WHY}: {said}"
    )


def test_lives_in_short() -> None:
    """What a fact does not name is not told."""
    assert told(VisibilityChanged("shared")) == f"Anna let other users edit the connection{WHY}."
    assert told(AdminChanged("")) == f"Anna made the operator the admin of the connection{WHY}."
    assert told(ConnectionEdited("Pier")) == f"Anna edited the connection{WHY}: Pier at no address."
    assert told(AccessLost(locations=("L1",))) == "The source no longer shows the location L1 to the connection."
    failed = ConnectionTested("edit", passed=False, credential_version=1, failure="timeout", message="No answer")
    assert told(failed) == f"Anna tested the edit{WHY}, which failed (timeout): No answer."
    assert told(LocationEdited("L1", "Pier", "UTC")) == (
        f"Anna edited the location Pier (L1){WHY}: UTC, day from 00:00."
    )


def test_an_origin_that_a_newer_release_wrote_stands_as_it_is() -> None:
    """A word that this release has no sentence for is shown, not lost."""
    fact = msgspec.structs.replace(EXAMPLES["business-day.compensated"], origin="time-travel")
    assert "(time-travel)" in told(fact)
    assert fact_name(fact) == "business-day.compensated"
    assert dt.date(2026, 10, 30).isoformat() in told(fact)


def test_a_source_that_is_back_at_what_was_approved() -> None:
    """A staging without changes says so; one that is the second closing's has its number, an old one none."""
    staged = EXAMPLES["business-day.generation-staged"]
    assert told(msgspec.structs.replace(staged, parts=0)) == (
        f"Anna repolled the day{WHY}: no record differs from what was approved."
    )
    old = msgspec.structs.replace(EXAMPLES["business-day.approved"], number=0)
    assert told(old) == f"Anna approved the day at generation 2{WHY}."
