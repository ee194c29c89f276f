"""Origins: which answer of which source says so, read by which attempt under which configuration."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from domain.facts import Attempt, Entry
from domain.facts.saying import beginning, told
from domain.identifiers import client_of
from domain.ports.journal import Journal


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a fact has it from; empty where a person decided it and no source was read.

    Attributes:
        generation: of the day, that the fact begins or belongs to; 0 where it does neither.
        connection: that was read.
        configuration: the version of its configuration in use; 0 where none was.
        capture: the digest of the answer that says so.
        attempt: how that was read, or None.
        read_date: the business day that was read, where it is another one.
    """

    generation: int = 0
    connection: str = ""
    configuration: int = 0
    capture: str = ""
    attempt: Attempt | None = None
    read_date: dt.date | None = None


NO_ORIGIN: Final = Origin()


class Origins:
    """Finds the origins of facts, and remembers those of one commit; for one answer, not for longer."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._begun: dict[tuple[str, int], Entry | None] = {}
        self._attempts: dict[tuple[str, str], Attempt | None] = {}

    def of(self, entry: Entry) -> Origin:
        """Where a fact has it from."""
        begun = self._beginning(entry)
        source = begun or entry
        found = told(source.fact)
        attempt = found.attempt or (self._attempt(source) if found.capture else None)
        connection, configuration = found.connection, found.configuration
        if attempt and not connection:
            connection, configuration = attempt.connection, attempt.configuration
        generation = beginning(begun.fact) if begun else None
        return Origin(
            generation.generation if generation else 0,
            connection,
            configuration,
            found.capture,
            attempt,
            getattr(source.fact, "read_date", None),
        )

    def _beginning(self, entry: Entry) -> Entry | None:
        """The fact that begins the generation which a fact begins itself or carries a part of; else None."""
        begun = beginning(entry.fact, held_back=True)
        generation = begun.generation if begun else getattr(entry.fact, "generation", 0)
        part = 0 if begun else getattr(entry.fact, "part", 0)
        if begun:
            self._begun[entry.stream, generation] = entry
        elif not part:
            return None
        known = (entry.stream, generation)
        if known not in self._begun:
            # The parts follow on what they are parts of, without a hole.
            found = next(self._journal.stream(entry.stream, after=entry.version - part - 1, until=entry.position), None)
            self._begun[known] = found if found and beginning(found.fact, held_back=True) else None
        return self._begun[known]

    def _attempt(self, entry: Entry) -> Attempt | None:
        """The attempt that the commit of a fact begins with: it says what was read."""
        known = (client_of(entry.stream), entry.provenance.command)
        if known not in self._attempts:
            self._attempts[known] = self._first_attempt(*known)
        return self._attempts[known]

    def _first_attempt(self, client: str, command: str) -> Attempt | None:
        receipt = self._journal.receipt(client, command)
        if receipt is None:
            return None
        seals = self._journal.seals(after=receipt.commit - 1, limit=1)
        entries = self._journal.log(after=seals[0].first_position - 1, limit=1, client=client)
        return told(entries[0].fact).attempt
