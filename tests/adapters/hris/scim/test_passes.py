"""Reading a list that changes meanwhile: nobody who is there the whole time is lost, or the reading fails whole."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.hris.scim.asking import Caller, NotUnderstood
from adapters.hris.scim.passes import MOST_PASSES, Users
from adapters.hris.scim.wire import Object
from domain.ports.source import SourceFailure

MOVES = st.lists(st.tuples(st.sampled_from("dimsx"), st.floats(0, 0.999), st.floats(0, 0.999)), max_size=4)
"""What somebody does to the list between two answers: delete, insert, move, swap, or nothing."""


@dataclass
class Changing:
    """A list of users that is changed after each answer, as a script says; then it stands still.

    Attributes:
        ids: now, in the order of the service.
        script: what is done after each answer.
        cursors: pages go by cursor, after an id.
        counts: the service says how many there are.
        always: who was there all the time.
    """

    ids: list[str]
    script: list[list[tuple[str, float, float]]]
    cursors: bool = False
    counts: bool = True
    asked: int = 0
    most_pages: int = 500
    always: set[str] = field(default_factory=set)
    attributes: list[str] = field(default_factory=list)
    _new: Any = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.always = set(self.ids)

    def ask(self, path: str, parameters: Mapping[str, str] | None = None) -> Object | None:
        """A page, or one user."""
        self.asked += 1
        answer = self._one(path.partition("/")[2]) if parameters is None else self._page(parameters)
        for move in self.script.pop(0) if self.script else []:
            self._move(*move)
        return answer

    def _one(self, user: str) -> Object | None:
        return {"id": user} if user in self.ids else None

    def _page(self, parameters: Mapping[str, str]) -> Object:
        self.attributes.append(parameters.get("attributes", ""))
        count = int(parameters["count"])
        total = {"totalresults": len(self.ids)} if self.counts else {}
        if self.cursors:
            after = parameters["cursor"]
            left = sorted(one for one in self.ids if one > after)
            more = {"nextcursor": left[count - 1]} if len(left) > count else {}
            return {**total, **more, "resources": [{"id": one} for one in left[:count]]}
        start = int(parameters["startIndex"]) - 1
        return {**total, "resources": [{"id": one} for one in self.ids[start : start + count]]}

    def _move(self, kind: str, where: float, to: float) -> None:
        at, other = int(where * len(self.ids)), int(to * (len(self.ids) + 1))
        if kind == "i":
            self.ids.insert(other, f"new-{next(self._new):04}")
        elif kind != "x" and self.ids:
            gone = self.ids.pop(at)
            if kind == "m":
                self.ids.insert(min(other, len(self.ids)), gone)
            elif kind == "s":
                self.ids.insert(0, gone)
            else:
                self.always.discard(gone)


def read(service: Changing, rows: int = 3) -> set[str]:
    """Everybody whom a reading finds."""
    users = Users(cast("Caller", service), rows, by_cursor=service.cursors)
    return set(users.everybody(lambda user: service.ask(f"Users/{user}")).rows)


@given(st.integers(0, 14), st.lists(MOVES, max_size=60), st.integers(1, 5), st.booleans())
def test_nobody_who_was_there_the_whole_time_is_lost(
    count: int, script: list[list[tuple[str, float, float]]], rows: int, cursors: bool
) -> None:
    """However users are deleted, added and moved between the answers; else the reading fails, and says so."""
    service = Changing([f"u-{number:02}" for number in range(count)], script, cursors)
    kinds = []
    try:
        found = read(service, rows)
    except SourceFailure as failure:
        found, kinds = service.always, [failure.failure]
    assert service.always <= found
    assert kinds in ([], ["changed-while-reading"])


def test_a_deletion_before_the_page_is_noticed() -> None:
    """The case that index paging is known for: the fourth of six would be skipped."""
    service = Changing([f"u-{number}" for number in range(6)], [[("d", 0.0, 0.0)]])
    assert read(service) == {f"u-{number}" for number in range(1, 6)}
    assert service.asked == 2 + 2 + 2 + 1  # who was skipped is read by themselves


def test_who_moved_past_the_page_is_noticed_though_all_counts_stay() -> None:
    """One is deleted, one moves up, one is added at the end: the totals of the first pass stay the same."""
    service = Changing(["a", "b", "c", "d", "e", "f"], [[("d", 0.0, 0.0), ("m", 0.7, 0.0), ("i", 0.0, 0.999)]])
    assert "e" in read(service)


def test_one_page_is_one_answer() -> None:
    """And proof enough; of several pages the second look asks for ids alone."""
    small, large = Changing(["a", "b"], []), Changing(list("abcdef"), [])
    assert (read(small), small.asked) == ({"a", "b"}, 1)
    assert (read(large), large.attributes) == (set("abcdef"), ["", "", "id", "id"])


@pytest.mark.parametrize("cursors", [False, True])
def test_a_list_that_never_stands_still_fails_whole(cursors: bool) -> None:
    """After a bounded number of passes."""
    forever = [[("i", 0.0, 0.0), ("d", 0.5, 0.0)]] * 200
    service = Changing([f"u-{number:02}" for number in range(12)], forever, cursors)
    with pytest.raises(SourceFailure) as refused:
        read(service)
    assert refused.value.failure == "changed-while-reading"
    assert str(MOST_PASSES) in refused.value.message


def test_who_comes_during_the_first_pass_is_read_by_themselves() -> None:
    """Once the passes agree on them."""
    service = Changing(["a", "b", "c", "d"], [[], [("i", 0.0, 0.999)]])
    assert read(service) == {"a", "b", "c", "d", "new-0001"}


def test_a_service_that_pages_by_cursor_need_not_count() -> None:
    """Two passes agree all the same."""
    service = Changing(list("abcdef"), [], cursors=True, counts=False)
    assert read(service, 2) == set("abcdef")


def test_a_service_that_pages_by_index_has_to_count() -> None:
    """Without a count nothing is proved."""
    with pytest.raises(SourceFailure, match="how many"):
        read(Changing(list("abc"), [], counts=False))


@dataclass
class Answering:
    """A service that answers these pages, whatever is asked."""

    pages: list[Any]
    most_pages: int = 4

    def ask(self, path: str, parameters: Mapping[str, str] | None = None) -> Object | None:
        """The next one."""
        assert path == "Users"
        assert parameters
        page: Any = self.pages.pop(0) if len(self.pages) > 1 else self.pages[0]
        if isinstance(page, Exception):
            raise page
        return cast("Object | None", page)


CIRCLE = {"resources": [{"id": "a"}], "nextcursor": "c"}


@pytest.mark.parametrize(
    ("pages", "cursors", "failure"),
    [
        ([CIRCLE], True, "repeated-cursor"),
        ([{"totalresults": 9, "resources": [{"id": "a"}, {"id": "b"}]}] * 9, False, "too-large"),
        ([None], False, "bad-endpoint"),
        ([{"totalresults": 10**7, "resources": []}], False, "too-large"),
        ([{"totalresults": -1}], False, "malformed"),
        ([{"totalresults": True}], False, "malformed"),
        ([{"totalresults": 1, "resources": {}}], False, "malformed"),
        ([{"totalresults": 1, "resources": [{"id": ""}]}], False, "malformed"),
        ([{"totalresults": 1, "resources": ["a"]}], False, "malformed"),
        ([{"totalresults": 1, "resources": [], "nextcursor": 7}], True, "malformed"),
        ([{"totalresults": 3, "resources": [{"id": "a"}]}, {"totalresults": 3}], False, "changed-while-reading"),
        ([CIRCLE, NotUnderstood("expiredcursor")] * 20, True, "changed-while-reading"),
    ],
)
def test_answers_that_cannot_be_trusted(pages: list[Any], cursors: bool, failure: str) -> None:
    """Circles, counts that cannot be, rows without ids, cursors that ran out: a failure of its kind."""
    users = Users(cast("Caller", Answering(list(pages))), 1, by_cursor=cursors)
    with pytest.raises(SourceFailure) as refused:
        users.everybody(lambda _: None)
    assert refused.value.failure == failure


def test_a_filter_that_is_not_taken_is_told() -> None:
    """For whoever asked to ask otherwise."""
    with pytest.raises(NotUnderstood):
        Users(cast("Caller", Answering([NotUnderstood("invalidfilter")])), 1, chosen="x").everybody(lambda _: None)
