"""Sage Intacct as a target: each effect once, by the control id that the gateway executes once."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

import httpx
import structlog

from adapters.erp.sage_intacct.answers import Result
from adapters.erp.sage_intacct.directory import Entities
from adapters.erp.sage_intacct.entries import ENTRY_TYPES, Books, create_entry, has_lines, reference_number
from adapters.erp.sage_intacct.gateway import Gateway, failure_of
from adapters.erp.sage_intacct.queries import Row, rows_of
from adapters.erp.sage_intacct.records import (
    KINDS,
    Wanted,
    check_id,
    contact_name,
    create_record,
    update_record,
    wanted,
)
from adapters.erp.sage_intacct.verdicts import Verdict, verdict_of
from domain.outward import EntryDocument, RecordDocument
from domain.ports.target import Done, Effect, OutcomeUncertain, TargetFailure

_LONGEST_MESSAGE: Final = 400
_CHANGES_WHAT_IS_THERE: Final = frozenset({"update", "reverse"})
_OF_PEOPLE: Final = frozenset({"employee", "customer"})
_LOG: Final = structlog.get_logger("daybook.intacct")


class SageIntacctTarget:
    """A company at Sage Intacct. May be used by several threads at once.

    Args:
        http: closed with the target.
        gateway: asks the company.
        books: where entries are entered.
        entity: to which the connection is confined; empty: none.
    """

    def __init__(self, http: httpx.Client, gateway: Gateway, books: Books, entity: str) -> None:
        self._http = http
        self._gateway = gateway
        self._books = books
        self._entity = entity
        self._entities = Entities(gateway)

    def __repr__(self) -> str:
        return "SageIntacctTarget()"

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def write(self, effect: Effect, until: dt.datetime) -> Done:
        """Bring about an effect, once; see the port."""
        try:
            done = self._write(effect, until)
        except TargetFailure as failure:
            _LOG.warning("intacct.failed", type=effect.type, step=effect.step, failure=failure.failure)
            raise
        except OutcomeUncertain:
            _LOG.warning("intacct.uncertain", type=effect.type, step=effect.step)
            raise
        _LOG.info("intacct.written", type=effect.type, step=effect.step, found=done.found)
        return done

    def look_up(self, effect: Effect, until: dt.datetime) -> Done | None:
        """Whether an entry of the reference is there, or the record just so; see the port."""
        if effect.type in ENTRY_TYPES:
            return self._entry(effect, self._entity_of(effect, until), until)
        if effect.type in KINDS and isinstance(effect.document, RecordDocument):
            want = wanted(effect, effect.document)
            row = self._record(want, until)
            if row is None:
                return self._counted(want, until)
            return Done(row.get("RECORDNO", ""), found=True) if want.stands(row) else None
        raise _not_taken()

    def _write(self, effect: Effect, until: dt.datetime) -> Done:
        document = effect.document
        if effect.type in ENTRY_TYPES and isinstance(document, EntryDocument) and effect.step != "update":
            return self._write_entry(effect, document, until)
        if effect.type in KINDS and isinstance(document, RecordDocument) and effect.step in {"create", "update"}:
            return self._write_record(effect, wanted(effect, document), until)
        raise _not_taken()

    def _write_entry(self, effect: Effect, document: EntryDocument, until: dt.datetime) -> Done:
        create = create_entry(effect, document, self._books)
        entity = self._entity_of(effect, until)
        if effect.step == "reverse":
            self._check_still_there(effect, entity, until)
        return self._execute(effect, [create], until, entity)

    def _check_still_there(self, effect: Effect, entity: str, until: dt.datetime) -> None:
        """What is taken back has to be there: otherwise the reversal alone would stand in the books."""
        where = {"RECORDNO": effect.external_id} if effect.external_id else {"REFERENCENO": _related(effect)}
        if not rows_of(self._gateway, "GLBATCH", ["RECORDNO"], where, until, entity=entity):
            raise TargetFailure("not-there", "The entry that was to be reversed is not at Sage Intacct any more.")

    def _write_record(self, effect: Effect, want: Wanted, until: dt.datetime) -> Done:
        check_id(want)
        row = self._record(want, until)
        if row is None and (counted := self._counted(want, until)) is not None:
            return counted
        if row is None:
            if effect.step == "update":
                raise TargetFailure("not-there", f"{want.kind.name} {want.id} is not at Sage Intacct any more.")
            return self._execute(effect, self._creating(effect, want, until), until, "")
        known = row.get("RECORDNO", "")
        if want.stands(row):
            return Done(known, "It was there just so.", found=True)
        done = self._execute(effect, update_record(effect, want, row), until, "")
        message = done.message if effect.step == "update" else "It was there, and was brought up to date."
        return Done(known, message, found=done.found)

    def _creating(self, effect: Effect, want: Wanted, until: dt.datetime) -> list[str]:
        has_contact = want.kind.name == "EMPLOYEE" and bool(
            rows_of(self._gateway, "CONTACT", ["RECORDNO"], {"CONTACTNAME": contact_name(want.id)}, until)
        )
        return create_record(effect, want, has_contact=has_contact)

    def _execute(self, effect: Effect, functions: Sequence[str], until: dt.datetime, entity: str) -> Done:
        results = self._gateway.ask(functions, until, entity=entity, changes=True)
        last = results[-1]
        if all(result.status == "success" for result in results):
            known = last.rows[0].get("RECORDNO", "") if last.rows else ""
            return Done(known or self._number(effect, until))
        failed = [result for result in results if result.status != "success"]
        if not all(result.status in {"failure", "aborted"} for result in failed) or len(failed) < len(results):
            raise OutcomeUncertain("Sage Intacct's answer does not say whether all of it was done, or none.")
        verdict = _first(failed)
        if verdict.kind == "duplicate":
            there = self._seen(effect, until, "Sage Intacct has executed it before.")
            if there is None:
                raise OutcomeUncertain("Sage Intacct has executed it before, and does not show it: look there.")
            return there
        if verdict.kind == "unclear":
            there = self._seen(effect, until, "Sage Intacct refused it in words that are not known.")
            if there is not None:
                return there
        raise _failure(verdict, effect)

    def _number(self, effect: Effect, until: dt.datetime) -> str:
        """The record number of what was written, where the answer did not say it."""
        try:
            seen = self.look_up(effect, until)
        except TargetFailure:
            return ""
        return seen.external_id if seen else ""

    def _seen(self, effect: Effect, until: dt.datetime, why: str) -> Done | None:
        """What a look-up shows, where it decides about the outcome."""
        try:
            return self.look_up(effect, until)
        except TargetFailure as failure:
            raise OutcomeUncertain(f"{why} It could not be looked up: {failure.message}") from None

    def _entry(self, effect: Effect, entity: str, until: dt.datetime) -> Done | None:
        where = {"REFERENCENO": reference_number(effect.reference)}
        rows = rows_of(self._gateway, "GLBATCH", ["RECORDNO", "BATCHNO", "JOURNAL"], where, until, entity=entity)
        if not rows:
            return None
        first = min(rows, key=lambda row: (len(row.get("RECORDNO", "")), row.get("RECORDNO", "")))
        number = f"Entry {first.get('BATCHNO', '')} of {first.get('JOURNAL', '')}."
        if len(rows) > 1:
            number += f" There are {len(rows)} entries of this reference number: check them."
        altered = not self._has_lines(effect, first.get("RECORDNO", ""), entity, until)
        if altered:
            number += " Its lines are others than those that were sent: somebody changed it there."
        return Done(first.get("RECORDNO", ""), number, found=True, altered=altered)

    def _has_lines(self, effect: Effect, batch: str, entity: str, until: dt.datetime) -> bool:
        """The lines that stand there are those of the effect; where they cannot be read, nothing is said of them."""
        fields = ["RECORDNO", "ACCOUNTNO", "TR_TYPE", "TRX_AMOUNT"]
        try:
            rows = rows_of(self._gateway, "GLENTRY", fields, {"BATCHNO": batch}, until, entity=entity)
        except TargetFailure:
            return True
        return has_lines(effect, rows)

    def _record(self, want: Wanted, until: dt.datetime) -> Row | None:
        rows = rows_of(self._gateway, want.kind.name, want.read, {want.kind.key: want.id}, until)
        return rows[0] if rows else None

    def _counted(self, want: Wanted, until: dt.datetime) -> Done | None:
        """An account of that number that counts quantities: these are of a kind of their own there, and left alone."""
        if want.kind.name != "GLACCOUNT":
            return None
        rows = rows_of(self._gateway, "STATACCOUNT", ["RECORDNO"], {"ACCOUNTNO": want.id}, until)
        return Done(rows[0].get("RECORDNO", ""), "It is a statistical account there.", found=True) if rows else None

    def _entity_of(self, effect: Effect, until: dt.datetime) -> str:
        if effect.level == "top":
            return self._entity
        location = effect.place.get("location", "")
        if not location:
            raise TargetFailure("unmapped", "The location has no id at Sage Intacct: enter it at the connection.")
        return self._entity or effect.place.get("entity", "") or self._entities.of(location, until)


def _related(effect: Effect) -> str:
    return reference_number(effect.related)


def _first(failed: Sequence[Result]) -> Verdict:
    """Why it failed: the first function that says something; those that were undone with it only say that."""
    return verdict_of([trouble for result in failed for trouble in result.troubles])


def _failure(verdict: Verdict, effect: Effect) -> TargetFailure:
    """The failure of an effect. What Sage Intacct said is shown where it cannot hold personal data."""
    failure = failure_of(verdict)
    if failure.failure == "not-there" and effect.step not in _CHANGES_WHAT_IS_THERE:
        failure = TargetFailure("rejected", "Sage Intacct does not have something that it refers to.")
    shown = verdict.said.partition(":")[0] if effect.type in _OF_PEOPLE or effect.opened else verdict.said
    said = "".join(letter if letter.isprintable() else " " for letter in shown)
    message = f"{failure.message} It says «{said}»." if said else failure.message
    return TargetFailure(failure.failure, message[:_LONGEST_MESSAGE], retry_at=failure.retry_at)


def _not_taken() -> TargetFailure:
    return TargetFailure("not-taken", "Sage Intacct does not take this.")
