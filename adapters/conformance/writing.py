"""How every system is written to: each effect once, whoever asks how often."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Final

import msgspec

from adapters.conformance.sockets import connects
from adapters.conformance.targets import Trying, another, is_found, secrets_of, soon
from adapters.conformance.trying import hold, refused
from domain.facts.objects import Step
from domain.forms import ENVIRONMENT, Filled
from domain.outward import EntryDocument, RecordDocument, reference
from domain.ports.source import BadEndpoint
from domain.ports.target import Effect

INSIDE: Final = (
    "http://books.example.com",
    "https://127.0.0.1",
    "https://169.254.169.254",
    "https://2130706433",
    "https://user:pw@books.example.com",
    "ftp://books.example.com",
    "",
)
"""Addresses that no target may take, whatever hosts its system has."""

TAKES: Final = frozenset({"journal-entries", "master-data", "schedules", "notices"})
_TAKEN_BACK: Final[tuple[Step, ...]] = ("reverse", "delta")


class Writing(Trying):
    """What is written stands there once, and is found by its reference."""

    def test_it_can_be_written_to(self) -> None:
        """It has a target, and says in its capabilities what it takes."""
        self.writable()
        hold(self.system().profile.capabilities & TAKES, f"It has one of the capabilities {', '.join(sorted(TAKES))}.")

    def test_making_a_target_sends_nothing(self) -> None:
        """A target is made without a call, and does not show its secrets."""
        with self.target_trial() as trial, connects() as seen, self.target(trial) as target:
            shown = repr(target)
        hidden = secrets_of(self.filled(trial.values))
        hold(seen == [], "Making a target makes no connection.")
        hold(not [secret for secret in hidden if secret in shown], "The repr of a target shows no secret.")

    def test_targets_at_addresses_inside_are_refused(self) -> None:
        """Addresses of this machine, of our networks, or without encryption are refused before anything is sent."""
        with self.target_trial() as trial, connects() as seen:
            filled = self.filled(trial.values)
            for address in INSIDE:
                moved = Filled({**filled.plain, ENVIRONMENT: address}, filled.secrets)
                refused(
                    BadEndpoint,
                    lambda moved=moved: self.writable().target(moved),  # type: ignore[misc]
                    f"The address {address!r} is refused.",
                )
        hold(seen == [], "Nothing is called for an address that is refused.")

    def test_what_is_written_is_there(self) -> None:
        """Each kind of object can be written, stands there once, and is found by its reference."""
        with self.target_trial() as trial, self.target(trial) as target:
            for effect in trial.effects:
                hold(target.look_up(effect, soon()) is None, f"{effect.reference} is not there yet.")
                done = target.write(effect, soon())
                hold(not done.found, f"{effect.reference} is new.")
                hold(trial.standing(effect) == 1, f"{effect.reference} stands there once.")
                is_found(target.look_up(effect, soon()), done, effect)

    def test_the_same_reference_is_one_effect(self) -> None:
        """Written again, also by another process, it is answered as found, and stands there once."""
        with self.target_trial() as trial, self.target(trial) as target, self.target(trial) as other:
            for effect in trial.effects:
                done = target.write(effect, soon())
                for again in (target, other):
                    is_found(again.write(effect, soon()), done, effect)
                hold(trial.standing(effect) == 1, f"{effect.reference} stands there once.")

    def test_an_entry_can_be_taken_back(self) -> None:
        """A reversal is an effect of its own, with a reference of its own, once; so is a difference."""
        with self.target_trial() as trial, self.target(trial) as target:
            for effect in entries(trial.effects):
                done = target.write(effect, soon())
                for step in _TAKEN_BACK:
                    name = reference(effect.key, 1, step)
                    known = done.external_id if step == "reverse" else ""
                    other = replace(effect, step=step, reference=name, external_id=known, date=trial.open_date)
                    other = replace(other, related=effect.reference)
                    hold(target.look_up(other, soon()) is None, f"{name} is not there yet.")
                    written = target.write(other, soon())
                    hold(not written.found, f"{name} is new.")
                    is_found(target.look_up(other, soon()), written, other)
                    is_found(target.write(other, soon()), written, other)
                    hold(trial.standing(other) == 1, f"{name} stands there once.")
                hold(trial.standing(effect) == 1, "What was taken back is still there, once.")

    def test_a_record_can_be_changed(self) -> None:
        """A record that goes out of use is written as a change; it is found as it is, and not as it was."""
        with self.target_trial() as trial, self.target(trial) as target:
            for effect in trial.effects:
                if not isinstance(effect.document, RecordDocument):
                    continue
                done = target.write(effect, soon())
                changed = replace(
                    effect,
                    step="update",
                    reference=reference(effect.key, 2, "update"),
                    external_id=done.external_id,
                    document=msgspec.structs.replace(effect.document, active=False),
                )
                hold(target.look_up(changed, soon()) is None, "What is not written yet is not there.")
                written = target.write(changed, soon())
                is_found(target.look_up(changed, soon()), written, changed)
                is_found(target.write(changed, soon()), written, changed)
                hold(trial.standing(changed) == 1, f"{changed.reference} stands there once.")
                hold(target.look_up(effect, soon()) is None, "It is not found as it was before.")

    def test_several_threads_may_write(self) -> None:
        """A target that several threads use at once writes each effect once."""
        with self.target_trial() as trial, self.target(trial) as target, ThreadPoolExecutor(3) as threads:
            effects = [another(trial.effects[0], number) for number in range(1, 7)]
            done = list(threads.map(lambda effect: target.write(effect, soon()), effects))
            hold(len({one.external_id for one in done}) == len(effects), "Each has an id of its own.")
            hold(all(trial.standing(effect) == 1 for effect in effects), "Each stands there once.")


def entries(effects: Iterable[Effect]) -> Iterator[Effect]:
    """Those that are journal entries."""
    return (effect for effect in effects if isinstance(effect.document, EntryDocument))
