"""How every system reads a day: whole, the same every time, and without personal data in clear."""

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager

import msgspec

from adapters.conformance.sockets import connects
from adapters.conformance.trying import Trial, TrialVault, hold, limits_for_trials, refused
from adapters.forms import fill
from domain.business_date import Window, window
from domain.identifiers import OURS
from domain.ports.captures import Capture, Page
from domain.ports.source import Source, SourceFailure, System
from domain.ports.vault import Vault
from domain.records import KINDS, canonical

_DAMAGED = b'[{"damaged'


class Reading:
    """Captures are canonical, sealed and enough to read the day again."""

    def system(self) -> System:
        """The system that is tried."""
        raise NotImplementedError

    def trial(self) -> AbstractContextManager[Trial]:
        """The source that is being served; of a system that pushes there is none."""
        raise NotImplementedError

    @property
    def polled(self) -> bool:
        """It is asked for business days."""
        return "polls" in self.system().profile.capabilities

    @property
    def brings_days(self) -> bool:
        """It has business days, whoever asks whom."""
        return self.polled or self.system().pushes

    def test_a_system_without_days_has_none(self) -> None:
        """One that is neither polled nor pushes answers that it has no business days, without being called."""
        if self.brings_days:
            return
        with self.trial() as trial, self._source(trial, TrialVault()) as source, connects() as seen:
            failure = refused(SourceFailure, lambda: source.fetch(trial.request), "There is no day to be had.")
        hold(not failure.retryable, "Asking again does not help.")
        hold(seen == [], "Nothing is called.")

    def _made_up(self) -> tuple[Capture, Window]:
        page = Page("day", 1, _DAMAGED)
        return Capture(self.system().key, 1, {}, (page,)), window(dt.date(2026, 11, 20), "UTC")

    def captured(self) -> tuple[Capture, Window]:
        """A day as it is captured. A system that pushes says here how one looks."""
        with self.trial() as trial, self._source(trial, TrialVault()) as source:
            return source.fetch(trial.request).capture, trial.request.window

    @contextmanager
    def _source(self, trial: Trial, vault: Vault) -> Iterator[Source]:
        filled = fill(self.system().profile.form, trial.values)
        with closing(self.system().connect(filled.environment, filled.secret, vault, limits_for_trials())) as source:
            yield source

    def test_equal_days_make_equal_captures(self) -> None:
        """A day that did not change makes the same capture, also when several threads read it at once."""
        if not self.polled:
            return
        with self.trial() as trial, self._source(trial, TrialVault()) as source, ThreadPoolExecutor(3) as threads:
            found = list(threads.map(source.fetch, [trial.request] * 3))
        hold(len({fetched.capture.digest for fetched in found}) == 1, "Equal days make equal captures.")
        fetched = found[0]
        hold(fetched.capture.system == self.system().key, "A capture names its system.")
        hold(fetched.requests >= 1 and fetched.read_bytes >= 1, "A fetch counts requests and bytes.")
        totals = {page.resource: 0 for page in fetched.capture.pages}
        for page in fetched.capture.pages:
            totals[page.resource] += page.rows
            rows = msgspec.json.decode(page.data)
            hold(isinstance(rows, list) and len(rows) == page.rows, "A page is as many rows as it says.")

    def test_people_are_sealed(self) -> None:
        """No personal value stands in a capture in clear; people who were forgotten stay so, and the day is read."""
        if not self.polled:
            return
        with self.trial() as trial:
            with self._source(trial, TrialVault()) as source:
                capture = source.fetch(trial.request).capture
            with self._source(trial, TrialVault(forgets=True)) as source:
                forgotten = source.fetch(trial.request).capture
        for kept in (capture, forgotten):
            text = b"".join([kept.manifest(), *(page.data for page in kept.pages)]).decode()
            hold(not [value for value in trial.personal if value in text], "Personal data is sealed.")

    def test_reading_is_pure(self) -> None:
        """The same capture reads the same: known kinds, each key once, and none of the keys that are daybook's."""
        if not self.brings_days:
            return
        capture, window = self.captured()
        first, again = self._read(capture, window), self._read(capture, window)
        hold(first == again, "The same capture reads the same.")
        names = [(kind, key) for kind, key, _ in first]
        hold(len(set(names)) == len(names), "No record comes twice.")
        hold({kind for kind, _ in names} <= KINDS.keys(), "Records are of known kinds.")
        hold(not [key for _, key in names if key.startswith(OURS) or not key], "Keys are the source's own.")

    def test_what_cannot_be_read_is_a_failure(self) -> None:
        """A capture whose rows cannot be read is a failure of the source, never another exception."""
        capture, around = self.captured() if self.brings_days else self._made_up()
        pages = tuple(msgspec.structs.replace(page, data=_DAMAGED) for page in capture.pages)
        damaged = msgspec.structs.replace(capture, pages=pages)
        failure = refused(SourceFailure, lambda: self._read(damaged, around), "It is a failure.")
        hold(failure.failure == "malformed", "The failure is «malformed».")

    def _read(self, capture: Capture, window: Window) -> list[tuple[str, str, bytes]]:
        day = self.system().read(capture, window)
        return sorted(canonical(record) for records in day.records.values() for record in records)
