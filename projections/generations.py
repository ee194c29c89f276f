"""Generations: every reading or decision that changed a day's records, what it changed and what that means."""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.books import Books
from domain.business_day import BusinessDay, fold
from domain.commands.loading import load_books, load_day
from domain.effects import Effect, effect, shown_changes
from domain.facts import Change, Entry
from domain.facts.catalogue import DayFact
from domain.facts.saying import Beginning, beginning, saying
from domain.identifiers import BooksId, DayId
from domain.ports.journal import Journal
from domain.refusals import NotFound
from projections.asking import MOST_ROWS
from projections.origins import Origin, Origins


class NoSuchGeneration(NotFound):
    """The day has no generation of that number."""


@dataclass(frozen=True, slots=True)
class Generation:
    """One generation of a business day.

    Attributes:
        begun: the fact that began it, with who, when and why.
        counts: its number, why it began, and how many records it changed.
        origin: which answer of which source says so, and how it was read.
        end: the position at which its commit ends: as of it, all of the generation is known.
    """

    begun: Entry
    counts: Beginning
    origin: Origin
    end: int


@dataclass(frozen=True, slots=True)
class Side:
    """A business day as of one of two moments that are compared.

    Attributes:
        day: as it was.
        books: the client's books, as they were.
        position: of the log: facts up to it count.
    """

    day: BusinessDay
    books: Books
    position: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two moments of a day.

    Attributes:
        changes: the records that differ, by kind and key.
        effect: what that means for figures and journal lines.
    """

    changes: tuple[Change, ...]
    effect: Effect


def generations(
    journal: Journal, day: DayId, *, after: int = 0, until: int | None = None, limit: int = 100
) -> list[Generation]:
    """The generations of a day, oldest first.

    Args:
        journal: where its facts are.
        day: which.
        after: the number of the last one on the page before.
        until: facts past this position do not count.
        limit: how many, at most 500.

    Raises:
        ValueError: the limit is not 1 to 500.
    """
    if not 0 < limit <= MOST_ROWS:
        raise ValueError(f"A page has 1 to {MOST_ROWS} generations, not {limit}.")
    origins = Origins(journal)
    found: list[Generation] = []
    for entry in journal.stream(day.stream, until=until):
        counts = beginning(entry.fact)
        if counts and counts.generation > after:
            found.append(Generation(entry, counts, origins.of(entry), _end(journal, day, entry)))
            if len(found) == limit:
                break
    return found


@dataclass(frozen=True, slots=True)
class WholeGeneration:
    """One generation with what it changed.

    Attributes:
        generation: who, when, why and from where.
        before: the day just before it.
        after: the day as it left it.
        changes: the records that it changed, by kind and key.
    """

    generation: Generation
    before: BusinessDay
    after: BusinessDay
    changes: tuple[Change, ...]


def generation(journal: Journal, day: DayId, number: int, *, until: int | None = None) -> WholeGeneration:
    """One generation of a day.

    Raises:
        NoSuchGeneration: the day has none of that number.
    """
    entries = journal.stream(day.stream, until=until)
    earlier: list[Entry] = []
    last = 0
    for entry in entries:
        counts = beginning(entry.fact)
        if counts and counts.generation == number:
            own = [entry, *_parts(entries, entry, number)]
            before = fold(_facts(earlier))
            found = sorted(
                (change for part in own if not saying(part.fact).operation for change in saying(part.fact).changes),
                key=lambda change: (change.kind, change.key),
            )
            return WholeGeneration(
                Generation(entry, counts, Origins(journal).of(entry), _end(journal, day, entry)),
                before,
                fold(_facts(own), before),
                tuple(found),
            )
        last = counts.generation if counts else last
        earlier.append(entry)
    raise NoSuchGeneration(
        f"The business day {day.date} of {day.location} has no generation {number}: it has {last or 'none'} so far."
    )


def _parts(entries: Iterator[Entry], begun: Entry, number: int) -> Iterator[Entry]:
    """The facts that carry the changes of a generation, and what it meant for what people entered.

    They follow on its beginning, in its commit.
    """
    for entry in entries:
        said = saying(entry.fact)
        of_it = entry.provenance.command == begun.provenance.command
        if not of_it or not said.changes or not said.applied or getattr(entry.fact, "generation", 0) != number:
            return
        yield entry


def _end(journal: Journal, day: DayId, entry: Entry) -> int:
    receipt = journal.receipt(day.client, entry.provenance.command)
    return entry.position if receipt is None else receipt.position


def _facts(entries: list[Entry]) -> list[DayFact]:
    return [entry.fact for entry in entries if isinstance(entry.fact, DayFact)]


def effect_of(journal: Journal, day: DayId, whole: WholeGeneration) -> tuple[Books, Effect]:
    """What a generation means for figures and journal lines, in the books as they were then."""
    books = load_books(journal, BooksId(day.client), until=whole.generation.end)
    return books, effect(whole.before, whole.after, books)


def at_generation(journal: Journal, day: DayId, number: int) -> Side:
    """The day as a generation left it, and the books of then.

    Raises:
        NoSuchGeneration: the day has none of that number.
    """
    whole = generation(journal, day, number)
    return Side(whole.after, load_books(journal, BooksId(day.client), until=whole.generation.end), whole.generation.end)


def at_position(journal: Journal, day: DayId, position: int) -> Side:
    """The day and the books as they were at a position of the log."""
    books = load_books(journal, BooksId(day.client), until=position)
    return Side(load_day(journal, day, until=position), books, position)


def compare(left: Side, right: Side) -> Comparison:
    """What differs between two moments of a day."""
    found = effect(left.day, right.day, right.books, books_before=left.books)
    return Comparison(tuple(shown_changes(left.day, right.day)), found)
