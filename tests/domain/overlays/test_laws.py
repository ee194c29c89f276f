"""Laws of any story of polls, entries, withdrawals and resolutions, told against a model that fits on a page."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.business_day import NEW_DAY, fold
from domain.overlays import (
    PunchFields,
    decide_add_punch,
    decide_comment,
    decide_deposit,
    decide_edit_punch,
    decide_resolve,
    decide_strike_punch,
    decide_withdraw,
)
from domain.refusals import Refusal
from domain.summary import summarize, summary_bytes, summary_of_bytes
from tests.domain.build import DATE, at, punch
from tests.domain.overlays.days import PLACE, Story, deposit
from tests.support.laws import examples

KEYS = ("s1", "s2", "s3")
TIPS = st.integers(1, 3)
"""What sources and people disagree about: the tips of a punch, so that the model is a number."""

source = st.tuples(
    st.dictionaries(st.sampled_from(KEYS), TIPS, max_size=3),
    st.dictionaries(st.sampled_from(("d1", "d2")), st.integers(1, 3), max_size=2),
)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("poll"), source),
        st.tuples(st.just("edit"), st.sampled_from(KEYS), TIPS),
        st.tuples(st.just("strike"), st.sampled_from(KEYS)),
        st.tuples(st.just("add")),
        st.tuples(st.just("deposit"), st.integers(4, 6)),
        st.tuples(st.just("comment")),
        st.tuples(st.just("withdraw"), st.integers(0, 9)),
        st.tuples(st.just("resolve"), st.integers(0, 9), st.sampled_from(("ours", "theirs", "both"))),
    ),
    max_size=25,
)
many = settings(max_examples=examples(300), deadline=None)


@dataclass
class Model:
    """What should be shown: of each punch the tips on either side, of each deposit its cents.

    Attributes:
        source: tips by punch, as the source has them.
        ours: tips by punch that was entered here; None where it was struck out.
        basis: what the source said when that was decided.
        deposits: cents of the source's deposits; ``manual`` those of ours.
        aside: deposits of the source that do not count, with the cents that were decided on; None: nobody decided.
        beside: those that count beside manual ones.
        open: punches in conflict.
    """

    source: dict[str, int] = field(default_factory=dict)
    ours: dict[str, int | None] = field(default_factory=dict)
    basis: dict[str, int | None] = field(default_factory=dict)
    deposits: dict[str, int] = field(default_factory=dict)
    manual: dict[str, int] = field(default_factory=dict)
    aside: dict[str, int | None] = field(default_factory=dict)
    beside: set[str] = field(default_factory=set)
    open: set[str] = field(default_factory=set)

    def poll(self, punches: dict[str, int], deposits: dict[str, int]) -> None:
        """The source has just these."""
        self.source, self.deposits = punches, deposits
        for key, ours in self.ours.items():
            theirs, basis = punches.get(key), self.basis[key]
            if theirs == basis:
                self.open.discard(key)
            elif theirs == ours and basis != ours:
                self.basis[key] = theirs
                self.open.discard(key)
            else:
                self.open.add(key)
        if not self.manual:
            return
        for key, cents in deposits.items():
            if key in self.beside or self.aside.get(key) == cents:
                continue
            self.aside[key] = None
        for key in [key for key, cents in self.aside.items() if cents is None and key not in deposits]:
            del self.aside[key]

    @property
    def tips(self) -> dict[str, int]:
        """What is shown of punches."""
        merged = {**self.source, **self.ours}
        return {key: tips for key, tips in merged.items() if tips is not None}

    @property
    def counted(self) -> dict[str, int]:
        """What is shown of deposits."""
        return {**{key: cents for key, cents in self.deposits.items() if key not in self.aside}, **self.manual}

    @property
    def conflicts(self) -> set[str]:
        """What nobody has decided on."""
        return {f"punch/{key}" for key in self.open} | {
            f"deposit/{key}" for key, cents in self.aside.items() if cents is None
        }

    def forget(self, key: str) -> None:
        """An entry about a punch ends."""
        del self.ours[key], self.basis[key]
        self.open.discard(key)

    def without_manual(self) -> None:
        """The last manual deposit is gone."""
        self.manual, self.aside, self.beside = {}, {}, set()


def play(story: Story, model: Model, step: tuple[Any, ...]) -> None:
    """Take one step in both; what is refused happens in neither."""
    verb, *given = step
    try:
        _TAKE[verb](story, model, *given)
    except Refusal:
        assert verb != "poll"


def _poll(story: Story, model: Model, drawn: tuple[dict[str, int], dict[str, int]]) -> None:
    punches, deposits = drawn
    sold = [punch(key, declared_tips_cents=tips) for key, tips in punches.items()]
    story.poll(*sold, *[deposit(key, cents) for key, cents in deposits.items()])
    model.poll(dict(punches), dict(deposits))


def _edit(story: Story, model: Model, key: str, tips: int) -> None:
    story.record(decide_edit_punch(story.day, key, PunchFields(declared_tips_cents=tips), PLACE))
    if "OverlayWithdrawn" in story.names:
        model.forget(key)
    elif story.last:
        model.ours[key], model.basis[key] = tips, model.source.get(key)


def _strike(story: Story, model: Model, key: str) -> None:
    story.record(decide_strike_punch(story.day, key))
    if "OverlayWithdrawn" in story.names:
        model.forget(key)
    else:
        model.ours[key], model.basis[key] = None, model.source.get(key)


def _add(story: Story, model: Model) -> None:
    added = PunchFields(at("16:00"), at("17:00"), job="j1", rate=Decimal(1), declared_tips_cents=9)
    story.record(decide_add_punch(story.day, "e1", added, DATE, PLACE))
    key = list(story.day.overlays)[-1][1]
    model.ours[key], model.basis[key] = 9, None


def _deposit(story: Story, model: Model, cents: int) -> None:
    story.record(decide_deposit(story.day, DATE, cents, None))
    if not model.manual:
        model.beside = set(model.deposits)
    else:
        model.beside |= model.deposits.keys() - model.aside.keys()
    model.manual[list(story.day.overlays)[-1][1]] = cents


def _comment(story: Story, _: Model) -> None:
    story.record(decide_comment(story.day, "x", "a"))


def _withdraw(story: Story, model: Model, place: int) -> None:
    known = list(story.day.overlays)
    if not known:
        return
    kind, key = known[place % len(known)]
    story.record(decide_withdraw(story.day, kind, key))
    if kind == "punch":
        model.forget(key)
    elif kind == "deposit":
        del model.manual[key]
        if not model.manual:
            model.without_manual()


def _resolve(story: Story, model: Model, place: int, side: Any) -> None:
    known = list(story.day.conflicts)
    if not known:
        return
    kind, key = known[place % len(known)]
    story.record(decide_resolve(story.day, kind, key, side))
    if kind == "punch":
        model.open.discard(key)
        if side == "theirs":
            model.forget(key)
        else:
            model.basis[key] = model.source.get(key)
    elif side == "theirs":
        model.without_manual()
    elif side == "both":
        del model.aside[key]
        model.beside.add(key)
    else:
        model.aside[key] = model.deposits[key]


_TAKE: dict[str, Callable[..., None]] = {
    "poll": _poll,
    "edit": _edit,
    "strike": _strike,
    "add": _add,
    "deposit": _deposit,
    "comment": _comment,
    "withdraw": _withdraw,
    "resolve": _resolve,
}


def tips_of(story: Story) -> dict[str, int]:
    """The tips of the punches that are shown."""
    found = {key: story.shown(key) for key in story.day.shown.get("punch", {})}
    return {key: one.declared_tips_cents for key, one in found.items() if one}


@many
@given(steps)
def test_what_is_shown_is_what_the_model_says(story_steps: list[tuple[Any, ...]]) -> None:
    """Whatever comes in whatever order: shown, conflicts and records are those of the model, after every step."""
    story, model = Story(punch("s1", declared_tips_cents=1)), Model(source={"s1": 1})
    for step in story_steps:
        play(story, model, step)
        assert tips_of(story) == model.tips
        assert story.deposits == dict(sorted(model.counted.items()))
        assert set(story.conflicts) == model.conflicts
        assert set(story.day.records.get("punch", {})) == set(model.source)
        summary = story.summary
        assert sum(issue.code == "conflict" for issue in summary.issues) == len(model.conflicts)
        assert summary_of_bytes(summary_bytes(summary)) == summary


@many
@given(steps)
def test_withdrawing_everything_gives_the_source_back(story_steps: list[tuple[Any, ...]]) -> None:
    """Once all entries are withdrawn, what is shown is what the source said last, and nothing is in conflict."""
    story, model = Story(punch("s1", declared_tips_cents=1)), Model(source={"s1": 1})
    for step in story_steps:
        play(story, model, step)
    for kind, key in list(story.day.conflicts):
        if (kind, key) in story.day.conflicts:
            story.record(decide_resolve(story.day, kind, key, "theirs"))
    for kind, key in list(story.day.overlays):
        story.record(decide_withdraw(story.day, kind, key))
    assert (story.day.shown, story.day.conflicts, story.day.entered.answers) == (story.day.records, {}, {})


@many
@given(steps, st.integers(0, 100))
def test_folding_in_parts_is_folding_at_once(story_steps: list[tuple[Any, ...]], cut: int) -> None:
    """A day folded from its facts at once, or from a point on, is the same day with the same summary."""
    story, model = Story(punch("s1", declared_tips_cents=1)), Model(source={"s1": 1})
    for step in story_steps:
        play(story, model, step)
    at_once = fold(story.facts)
    half = fold(story.facts[:cut], NEW_DAY)
    assert at_once == story.day == fold(story.facts[cut:], half)
    assert summarize(at_once) == story.summary
