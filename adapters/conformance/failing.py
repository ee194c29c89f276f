"""How writing fails: what is certain is told apart from what is not, and no failure shows what is private."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from decimal import Decimal

import msgspec
import structlog.testing

from adapters.conformance.overhearing import everything_logged
from adapters.conformance.targets import (
    FAULTS,
    LOST,
    RETRY_AFTER_SECONDS,
    Fault,
    TargetTrial,
    Trying,
    another,
    closed_port,
    is_found,
    outcome_of,
    secrets_of,
    soon,
)
from adapters.conformance.trying import hold, refused
from adapters.conformance.writing import entries
from domain.forms import ENVIRONMENT
from domain.outward import EntryDocument, EntryLine, ScheduleDocument
from domain.ports.target import FAILURES, Done, Effect, Failure, OutcomeUncertain, Target, TargetFailure

Ask = Callable[[Effect, dt.datetime], Done | None]


class Failing(Trying):
    """A failure is certain, an uncertain outcome is looked up, and neither says anything private."""

    def test_what_is_refused_is_not_there(self) -> None:
        """What the system will not take is a failure that says so, and nothing of it is there."""
        with self.target_trial() as trial, self.target(trial) as target:
            for effect in trial.refused:
                failure = failed(target.write, effect)
                hold(failure.failure in FAILURES, "The failure is of a known kind.")
                hold(not failure.retryable, "Sending the same again does not help.")
                hold(failure.message.strip(), "The message says why.")
                hold(trial.standing(effect) == 0, "Nothing of it is there.")
                hold(target.look_up(effect, soon()) is None, "It is not found either.")

    def test_what_was_sent_and_not_answered_is_uncertain(self) -> None:
        """Silence, a cut answer and a gateway's error after the effect are uncertain, and the effect is found."""
        with self.target_trial() as trial, self.target(trial) as patient:
            for number, fault in enumerate(LOST, 1):
                effect = another(trial.effects[0], number)
                with self._facing(trial, fault) as target, trial.fault(fault):
                    uncertain = refused(
                        OutcomeUncertain,
                        lambda target=target, effect=effect: target.write(effect, soon()),  # type: ignore[misc]
                        f"After «{fault}» the outcome is uncertain.",
                    )
                hold(uncertain.message.strip(), "The message says what happened.")
                hold(trial.standing(effect) == 1, f"After «{fault}» it was sent once.")
                found = patient.look_up(effect, soon())
                is_found(found, found or Done(), effect)
                is_found(patient.write(effect, soon()), found or Done(), effect)
                hold(trial.standing(effect) == 1, f"After «{fault}» it stands there once.")

    def test_what_was_not_sent_is_a_failure(self) -> None:
        """Where nobody listens nothing was sent: a failure that trying again may help."""
        with self.target_trial() as trial, closed_port() as port:
            moved = replace(trial, values={**trial.values, ENVIRONMENT: f"http://127.0.0.1:{port}"})
            with self.target(moved) as target:
                for ask in (target.write, target.look_up):
                    failure = failed(ask, trial.effects[0])
                    hold(failure.failure == "connection-failed", "The failure is «connection-failed».")
                    hold(failure.retryable, "Trying again may help.")
            hold(trial.standing(trial.effects[0]) == 0, "It is not there.")

    def test_too_many_requests(self) -> None:
        """An answer 429 is a failure that says when to come again; nothing was done."""
        with self.target_trial() as trial, self.target(trial) as target, trial.fault("too-many"):
            earliest = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=RETRY_AFTER_SECONDS)
            failure = failed(target.write, trial.effects[0])
            hold(failure.failure == "rate-limited", "The failure is «rate-limited».")
            hold(failure.retry_at is not None and failure.retry_at >= earliest, "It says when to come again.")
            hold(trial.standing(trial.effects[0]) == 0, "It is not there.")

    def test_nothing_is_sent_too_late(self) -> None:
        """After the moment until which it may be sent, nothing is, and nothing is looked up."""
        past = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1)
        with self.target_trial() as trial, self.target(trial) as target:
            before = trial.requests()
            for effect in trial.effects:
                for ask in (target.write, target.look_up):
                    hold(failed(ask, effect, past).retryable, "Trying again helps.")
            hold(trial.requests() == before, "Nothing was sent.")

    def test_what_cannot_be_right_is_not_sent(self) -> None:
        """Entries that do not balance, lines without an account and types that it does not take are never sent."""
        with self.target_trial() as trial, self.target(trial) as target:
            before = trial.requests()
            for effect, kind in self._not_right(trial.effects):
                failure = failed(target.write, effect)
                hold(failure.failure == kind, f"{effect.reference} fails as «{kind}», not as «{failure.failure}».")
            hold(trial.requests() == before, "Nothing was sent.")

    def test_wrong_credentials_write_nothing(self) -> None:
        """They are a failure that trying again does not help."""
        with self.target_trial() as trial, self.target(_with_wrong(trial)) as target:
            for ask in (target.write, target.look_up):
                failure = failed(ask, trial.effects[0])
                hold(failure.failure == "not-authorized", "The failure is «not-authorized».")
                hold(not failure.retryable, "Trying again does not help.")
            hold(trial.standing(trial.effects[0]) == 0, "It is not there.")

    def test_nothing_private_is_said(self) -> None:
        """No message, repr or log line has a secret or personal data, whatever happens."""
        with self.target_trial() as trial, everything_logged() as said, structlog.testing.capture_logs() as events:
            effects = (*trial.effects, *trial.refused)
            for tried in (trial, _with_wrong(trial)):
                with self.target(tried) as target:
                    for effect in effects:
                        said.append(repr(effect))
                        said.extend(_outcome(ask, effect) for ask in (target.look_up, target.write, target.write))
            for number, fault in enumerate(FAULTS, 1):
                with self._facing(trial, fault) as target, trial.fault(fault):
                    said.append(_outcome(target.write, another(trial.effects[-1], number)))
        text = "\n".join((*said, repr(events)))
        private = [value for effect in effects for value in effect.opened.values()]
        hidden = [*secrets_of(self.filled(trial.values)), *trial.wrong.values(), *private]
        hold(not [value for value in hidden if value and value in text], "Secrets and personal data are shown nowhere.")

    def _facing(self, trial: TargetTrial, fault: Fault) -> AbstractContextManager[Target]:
        """A target that does not wait long for what never comes."""
        bounds = {"request_timeout": trial.patience_seconds} if fault == "silent" else {}
        return self.target(trial, **bounds)

    def _not_right(self, effects: tuple[Effect, ...]) -> Iterator[tuple[Effect, Failure]]:
        for effect in entries(effects):
            if not isinstance(effect.document, EntryDocument):
                continue
            first, *rest = effect.document.lines
            statistical = effect.document.kind == "statistical"
            more = EntryLine(first.account, first.key, cents=1, quantity=Decimal(int(statistical)))
            yield _with_lines(effect, (msgspec.structs.replace(first, account=""), *rest)), "unmapped"
            yield _with_lines(effect, (first, *rest, more)), "rejected"
        if "schedules" not in self.system().profile.capabilities:
            schedule = ScheduleDocument("pier", "2026-11-23", ())
            name = "schedule:pier:2026-11-23:v1"
            yield replace(effects[0], type="schedule", reference=name, document=schedule), "not-taken"


def failed(ask: Ask, effect: Effect, until: dt.datetime | None = None) -> TargetFailure:
    """The failure of an effect that must fail.

    Raises:
        AssertionError: it does not.
    """
    return refused(TargetFailure, lambda: ask(effect, until or soon()), f"{effect.reference} is a failure.")


def _outcome(ask: Ask, effect: Effect) -> str:
    return outcome_of(lambda: ask(effect, soon()))


def _with_wrong(trial: TargetTrial) -> TargetTrial:
    return replace(trial, values={**trial.values, **trial.wrong})


def _with_lines(effect: Effect, lines: tuple[EntryLine, ...]) -> Effect:
    return replace(effect, document=msgspec.structs.replace(effect.document, lines=lines))
