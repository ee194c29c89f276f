"""Notices: what is told of a day that moved, and when nothing is."""

import datetime as dt

import msgspec
import pytest

from domain.business_day import NEW_DAY
from domain.commands.register_objects import RegisterObjects, register_objects
from domain.commands.review_objects import ReviewObjects, review_objects
from domain.facts.objects import LineDifference
from domain.identifiers import DayId, ObjectId
from domain.outward import (
    NoticeDocument,
    Registering,
    category_of,
    differing,
    document_bytes,
    document_of,
    notice_document,
    notice_key,
    same_news,
)
from domain.summary import DailySalesSummary, summarize
from tests.domain.outward.house import DATE, Stage, entry, named, worker

DAY = DayId("main", "pier", dt.date(2026, 11, 1))
SUMMARY = summarize(NEW_DAY)
MOVED = "2026-11-02T03:00:00Z"
ONE = named(notice_key(DAY))


def notice(summary: DailySalesSummary = SUMMARY, version: int = 3, position: int = 17) -> NoticeDocument:
    """The notice of the day."""
    return notice_document(DAY, summary, version=version, position=position, moved_at=MOVED)


def told(document: NoticeDocument) -> Registering:
    """The day as it is to be told."""
    return Registering(ONE, "notice", document, "pier", DATE, document.position)


def test_a_notice_says_where_a_day_stands_and_where_the_rest_is_read() -> None:
    """No figure and no name: whoever wants to know more asks the API, and is asked who they are."""
    assert ONE.key == "notice:day:pier:2026-11-01"
    assert (ONE.location, ObjectId("main", "hooks", "notice:day:a.b:2026-11-01").location) == ("pier", "a.b")
    assert category_of("notice") == "notice"
    found = notice()
    assert msgspec.to_builtins(found) == {
        "document": "notice",
        "client": "main",
        "location": "pier",
        "date": "2026-11-01",
        "state": "missing",
        "generation": 0,
        "digest": found.digest,
        "version": 3,
        "etag": '"3"',
        "position": 17,
        "path": "/v1/days/pier/2026-11-01",
        "moved_at": MOVED,
    }
    assert len(found.digest) == 32
    assert document_of(document_bytes(found)) == found
    assert len(document_bytes(found)) < 20_000


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({"capture": "c" * 64, "configuration": 9}, True),
        ({"net_sales_cents": 1}, False),
        ({"tags": ("busy",)}, False),
        ({"state": "approved"}, False),
        ({"generation": 2}, False),
    ],
)
def test_only_what_the_day_says_is_news(changes: dict[str, object], same: bool) -> None:
    """A reading that found nothing new moves versions and captures alone."""
    other = notice(msgspec.structs.replace(SUMMARY, **changes), version=4, position=20)
    assert same_news(notice(), other) is same
    assert not same_news(notice(), entry(480))
    assert not same_news(entry(480), notice())


def test_a_difference_of_notices_names_what_moved() -> None:
    """State, generation and digest, and not how far the log was read."""
    done = notice(msgspec.structs.replace(SUMMARY, state="completed"), version=4)
    found = differing(notice(), done)
    assert LineDifference("state", "missing", "completed") in found
    assert {one.key for one in found} == {"state", "digest"}


def test_news_are_told_once_and_nothing_else_is() -> None:
    """Registered, told, read again without news, and changed: two notices, each under a reference of its own."""
    stage = Stage()
    later = notice(version=9, position=40)
    completed = notice(msgspec.structs.replace(SUMMARY, state="completed"), version=10, position=41)
    for document, expected in ((notice(), 1), (notice(), 1), (later, 1), (completed, 2)):
        register_objects(RegisterObjects([told(document)], worker()), stage.house)
        stage.ask("background", ONE)
        if stage.known(ONE).state == "pending":
            assert stage.attempt(ONE).state == "success"
        assert stage.known(ONE).current == expected
    assert [(effect.step, effect.reference) for effect in stage.target.books.effects] == [
        ("create", f"{ONE.key}:v1"),
        ("update", f"{ONE.key}:v2"),
    ]


def test_nobody_is_asked_what_they_were_told() -> None:
    """A review of a notice sends nothing, and calls nothing deleted."""
    stage = Stage()
    register_objects(RegisterObjects([told(notice())], worker()), stage.house)
    stage.ask("background", ONE)
    stage.attempt(ONE)
    asked = len(stage.target.books.asked)
    (reviewed,) = review_objects(ReviewObjects([ONE], worker()), stage.house)
    assert (reviewed.found, reviewed.state) == ("not-looked", "success")
    assert len(stage.target.books.asked) == asked
