"""The state machine of an object against a model that fits on a page: whatever happens, nothing is there twice."""

import datetime as dt

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from domain.facts.objects import AttemptFailed, How, ObjectFact, RemoteChanged, SyncRefused
from domain.outward import (
    KEYED,
    NEW_OBJECT,
    NotToBeAttempted,
    Showing,
    SyncObject,
    check_startable,
    decide_failure,
    decide_not_shown,
    decide_register,
    decide_start,
    decide_success,
    decide_sync,
    decide_unknown,
    evolve,
    fold,
    is_overdue,
    next_step,
)
from tests.domain.outward.objects import KEY, NOON

CONTENTS = ("a", "b", "c", "")
"""What is to stand at the other side; nothing for the last."""


class Books:
    """The other side: effects by reference, each once; what stands there in sum.

    Attributes:
        hidden: references of effects that are there, and that no search shows.
    """

    def __init__(self) -> None:
        self.effects: dict[str, str] = {}
        self.hidden: set[str] = set()
        self.standing: dict[str, int] = {}
        self.closed = False

    def write(self, step: str, reference: str, document: str, content: str) -> str:
        """Bring about an effect, unless it is there already; or refuse it."""
        if self.shows(reference):
            return "found"
        if step == "reverse" and self.closed:
            return "closed-period"
        self.effects[reference] = document
        if step == "reverse":
            self.add(document, -1)
        elif step == "delta":
            was, _, now = document.partition(">")
            self.add(was, -1)
            self.add(now, 1)
        else:
            self.add(content, 1)
        return "done"

    def shows(self, reference: str) -> bool:
        """A search shows the effect."""
        return reference in self.effects and reference not in self.hidden

    def add(self, content: str, times: int) -> None:
        """So many more of what stands there."""
        if content:
            self.standing[content] = self.standing.get(content, 0) + times


class Outward(RuleBasedStateMachine):
    """Everything that can happen to one journal entry, in any order, with an other side that remembers."""

    showing = KEYED

    def __init__(self) -> None:
        super().__init__()
        self.known: SyncObject = NEW_OBJECT
        self.facts: list[ObjectFact] = []
        self.books = Books()
        self.now = NOON
        self.wanted = "a"
        self.sent = False

    def record(self, *facts: ObjectFact) -> None:
        """These facts are recorded."""
        for fact in facts:
            self.facts.append(fact)
            self.known = evolve(self.known, fact)

    @initialize()
    def registered(self) -> None:
        """There is an entry."""
        self.record(*decide_register(self.known, "sales-entry", "a", location="pier", date="2026-11-01"))

    @rule(content=st.sampled_from(CONTENTS))
    def changed(self, content: str) -> None:
        """The day changes."""
        self.wanted = content
        self.record(*decide_register(self.known, "sales-entry", content, empty=not content))

    @rule(how=st.sampled_from(("synchronize", "force", "background")))
    def asked(self, how: How) -> None:
        """Somebody asks for it."""
        before = self.known
        if how == "force" and before.doubt and before.doubt.reference in self.books.hidden:
            return  # whoever was told to look there sees it
        (fact,) = decide_sync(before, how, KEY)
        self.record(fact)
        if isinstance(fact, SyncRefused):
            assert self.known.state == before.state
        else:
            assert self.known.state == "pending"

    @rule(minutes=st.sampled_from((1, 7, 90)))
    def later(self, minutes: int) -> None:
        """Time passes."""
        self.now += dt.timedelta(minutes=minutes)

    @rule()
    def period_closes(self) -> None:
        """The period of the entry is closed at the other side, for good."""
        self.books.closed = True

    @rule()
    def started(self) -> None:
        """A worker begins an attempt."""
        try:
            check_startable(self.known, self.now, KEY)
        except NotToBeAttempted:
            return
        planned = next_step(self.known)
        assert planned is not None, "Whoever waits for something has something to do."
        posted = self.known.posted
        document = planned.document
        if planned.step == "delta" and not planned.again:
            assert posted is not None
            document = f"{posted.document}>{self.known.document}"
        until = self.now + dt.timedelta(minutes=1)
        self.record(decide_start(self.known, KEY, planned, document, "top", until))
        self.sent = False

    @precondition(lambda self: self.known.state == "processing" and self.now <= self.known.running.until)
    @rule(loses=st.sampled_from(("nothing", "the request", "the answer", "the worker after it")))
    def wrote(self, loses: str) -> None:
        """The effect is sent; something may get lost on the way."""
        running = self.known.running
        assert running is not None
        if self.sent and not self.showing.keyed:
            return  # the worker is gone, and an attempt is of one worker
        if loses == "the request":
            self.record(*decide_unknown(self.known, running.attempt, "No answer."))
            return
        came = self.books.write(running.step, running.reference, running.document, running.content)
        self.sent = True
        self.lag(running.reference)
        if loses == "the worker after it":
            return
        if loses == "the answer":
            self.record(*decide_unknown(self.known, running.attempt, "No answer."))
        elif came == "closed-period":
            self.record(*decide_failure(self.known, running.attempt, came, "Closed.", now=self.now, retryable=False))
        else:
            self.record(*decide_success(self.known, running.attempt, "4711", "", found=came == "found"))

    @precondition(lambda self: self.known.state == "processing" and not self.sent)
    @rule(failure=st.sampled_from(("rejected", "unavailable")))
    def refused(self, failure: str) -> None:
        """The other side has nothing of it, for certain."""
        running = self.known.running
        assert running is not None
        retryable = failure == "unavailable"
        self.record(*decide_failure(self.known, running.attempt, failure, "No.", now=self.now, retryable=retryable))

    @rule(answers=st.booleans())
    def looked_up(self, answers: bool) -> None:
        """A worker looks an effect up."""
        if is_overdue(self.known, self.now):
            assert self.known.running is not None
            self.record(*decide_unknown(self.known, self.known.running.attempt, "The worker is gone."))
        running = self.known.running
        if self.known.state != "verifying" or running is None:
            return
        if answers and self.books.shows(running.reference):
            self.record(*decide_success(self.known, running.attempt, "4711", "", found=True))
        else:
            told = decide_not_shown(
                self.known, running.attempt, "?", answered=answers, now=self.now, showing=self.showing
            )
            self.record(*told)

    def lag(self, reference: str) -> None:
        """What was brought about shows at once."""

    @precondition(lambda self: self.known.posted and self.known.running is None and self.known.doubt is None)
    @rule()
    def deleted_there(self) -> None:
        """Somebody deletes what stands at the other side."""
        if self.books.standing == {self.known.posted.document: 1}:  # type: ignore[union-attr]
            self.books.standing = {}
            self.record(RemoteChanged("deleted"))
            self.record(*decide_register(self.known, "sales-entry", f"{self.wanted} ", empty=not self.wanted))
            self.record(*decide_register(self.known, "sales-entry", self.wanted, empty=not self.wanted))

    @invariant()
    def folds(self) -> None:
        """The state is the fold of the facts, and nothing else."""
        assert fold(self.facts) == self.known

    @invariant()
    def never_twice(self) -> None:
        """Nothing stands at the other side twice, or less than not at all; and never two things at once."""
        counts = [count for count in self.books.standing.values() if count]
        assert counts in ([], [1])

    @invariant()
    def shown(self) -> None:
        """What is called synchronized stands there, once; what is not is visibly so."""
        if self.known.state == "success":
            wanted = {self.wanted: 1} if self.wanted else {}
            assert {content: count for content, count in self.books.standing.items() if count} == wanted
        if self.known.waiting:
            assert any(isinstance(fact, AttemptFailed) for fact in self.facts)

    def teardown(self) -> None:
        """Without faults, whoever goes on gets there: the other side has what it should, exactly once."""
        self.books.hidden.clear()
        for _ in range(40):
            self.later(90)
            self.looked_up(answers=True)
            self.asked("background")
            self.asked("force")
            self.started()
            if self.known.state == "processing":
                self.wrote("nothing")
        if self.facts:
            assert self.known.state == "success"
            self.shown()


class Forgetful(Outward):
    """The same with an other side that would do everything twice, and whose search shows what it did when it likes."""

    showing = Showing(keyed=False, within=900.0)

    def lag(self, reference: str) -> None:
        """What was brought about does not show yet."""
        self.books.hidden.add(reference)

    @rule()
    def shown_at_last(self) -> None:
        """The search shows everything."""
        self.books.hidden.clear()


Outward.TestCase.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)
TestOutward = Outward.TestCase

Forgetful.TestCase.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)
TestForgetful = Forgetful.TestCase
