"""Facts in sentences for people."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from domain.actors import name_of
from domain.differences import FieldChange
from domain.facts import (
    AccountsMapped,
    Attempt,
    Change,
    ChangesStaged,
    ConfigurationChanged,
    ConnectionEstablished,
    CustomerFact,
    DayApproved,
    DayCompensated,
    DayCompleted,
    DayConfirmedClosed,
    DayDeleted,
    DayPolled,
    DayReopened,
    DerivedFeed,
    Entry,
    FilesRead,
    GenerationStaged,
    LateChangeObserved,
    LifeFact,
    LocationAdded,
    LocationEdited,
    ObjectFact,
    OverlayFact,
    PersonSought,
    PollFailed,
    PollUnchanged,
    RecordsChanged,
    ReplayApplied,
    ReplayStaged,
    RosterChanged,
    StagedApplied,
)
from domain.facts.catalogue import BooksFact, ConnectionFact, DayFact, PersonFact
from domain.facts.import_jobs import ImportFact
from domain.facts.people import PeopleFact
from domain.facts.personnel import PersonnelFact
from domain.facts.schedules import ScheduleFact
from domain.records import plain_fields
from domain.records.people import PERSONAL_FIELDS
from domain.records.punch import ABOVE_STORE
from projections.import_sentences import import_sentence
from projections.life_sentences import customer_sentence, life_sentence
from projections.object_sentences import object_sentence
from projections.overlay_sentences import overlay_sentence
from projections.people_sentences import people_sentence
from projections.person_sentences import person_sentence
from projections.personnel_sentences import personnel_sentence
from projections.schedule_sentences import schedule_sentence

SEALED: Final = "(sealed)"
"""Stands for a personal field wherever history shows one."""

MOST_NAMED: Final = 8
"""Fields or records that one sentence names."""

_Counting = DayPolled | DayCompensated | GenerationStaged | StagedApplied | ReplayApplied | ReplayStaged

_KIND_WORDS: Final = {
    "late-void": "late void",
    "paid-in-out": "paid in/out",
    "menu-item": "menu item",
    "tax-definition": "tax definition",
    "house-account": "house account",
}
_ORIGINS: Final = {
    "dated": "a ticket's business date",
    "split-shift": "a shift over the start of the day",
    "deposit": "a deposit found by looking back",
    "labor-lookback": "labor found by looking back",
    "overtime": "overtime of the workweek",
    "poll": "the day's own poll",
}


def sentence(entry: Entry) -> str:
    """What happened, who did it and why, in one or two sentences."""
    who, why = name_of(entry.provenance.actor), _why(entry.provenance.reason)
    say = next(say for shapes, say in _SPEAKERS if isinstance(entry.fact, shapes))
    return say(entry.fact, who, why)


def _of_books(fact: AccountsMapped, who: str, why: str) -> str:
    return f"{who} set the account mapping to version {fact.version}{why}: {len(fact.accounts)} own accounts."


def _of_day(fact: DayFact, who: str, why: str) -> str:
    if isinstance(fact, OverlayFact):
        return overlay_sentence(fact, who, why, _field)
    match fact:
        case DayPolled():
            return f"{who} {_did(fact.attempt)}{why}: generation {fact.generation}, {_counts(fact)}."
        case PollUnchanged():
            return f"{who} {_did(fact.attempt)}{why}: nothing differs from generation {fact.generation}."
        case PollFailed():
            later = f" Not again before {fact.retry_at:%Y-%m-%d %H:%M:%S} UTC." if fact.retry_at else ""
            tried = f"tried to {fact.attempt.kind} {_what(fact.attempt)}"
            return f"{who} {tried}{why}, which failed ({fact.failure}): {_ended(fact.message)}{later}"
        case RecordsChanged():
            return f"Part {fact.part} of generation {fact.generation}: {_operations(fact.changes)}."
        case DayCompensated() | LateChangeObserved():
            return _by_another_day(fact)
        case GenerationStaged() | ChangesStaged() | StagedApplied() | ReplayApplied() | ReplayStaged():
            return _staged_or_replayed(fact, who, why)
        case _:
            return _settled(fact, who, why)


def _by_another_day(fact: DayCompensated | LateChangeObserved) -> str:
    read = f"Reading {fact.read_date} from {fact.connection}"
    begins = read if fact.connection else f"An edit of labor on {fact.read_date}"
    because = _ORIGINS.get(fact.origin, fact.origin)
    if isinstance(fact, DayCompensated):
        return f"{begins} changed this day ({because}): generation {fact.generation}, {_counts(fact)}."
    count = len(fact.changes) + fact.more
    shown = f"{count} change{'' if count == 1 else 's'}"
    if fact.origin == "before-lookback":
        return f"{begins} showed {shown} of labor here, before the days that it looks back on; a repoll takes them."
    return f"{begins} showed {shown} after the approval ({because}); they count once the day is reopened."


def _staged_or_replayed(
    fact: GenerationStaged | ChangesStaged | StagedApplied | ReplayApplied | ReplayStaged, who: str, why: str
) -> str:
    return _replayed(fact, who, why) if isinstance(fact, ReplayApplied | ReplayStaged) else _waiting(fact, who, why)


def _waiting(fact: GenerationStaged | ChangesStaged | StagedApplied, who: str, why: str) -> str:
    if isinstance(fact, StagedApplied):
        return f"Reopened, the day took what had waited: generation {fact.generation}, {_counts(fact)}."
    if isinstance(fact, ChangesStaged):
        return f"Part {fact.part} of what waits as generation {fact.generation}: {_operations(fact.changes)}."
    did = f"{who} {_did(fact.attempt)}{why}"
    if not fact.parts:
        return f"{did}: no record differs from what was approved."
    return f"{did}, which is approved: {_counts(fact)} beside what was approved wait until it is reopened."


def _replayed(fact: ReplayApplied | ReplayStaged, who: str, why: str) -> str:
    under = ", ".join([_under(feed) for feed in fact.feeds])
    begins = f"{who} derived the day again from {under}{why}"
    if isinstance(fact, ReplayApplied):
        return f"{begins}: generation {fact.generation}, {_counts(fact)}."
    return f"{begins}: it is approved, so that what differs from that waits until it is reopened ({_counts(fact)})."


def _under(feed: DerivedFeed) -> str:
    tried = ", ".join(f"{name} = {value}" for name, value in feed.options.items())
    return f"{feed.connection} under configuration {feed.configuration}{f' with {tried}' if tried else ''}"


def _settled(
    fact: DayCompleted | DayApproved | DayReopened | DayDeleted | DayConfirmedClosed, who: str, why: str
) -> str:
    match fact:
        case DayReopened():
            return f"{who} reopened the {fact.was} day{why}."
        case DayApproved():
            closing = f": closing {fact.number}" if fact.number else ""
            return f"{who} approved the day at generation {fact.generation}{why}{closing}."
        case DayCompleted():
            return f"{who} completed the day at generation {fact.generation}{why}."
        case DayDeleted():
            return f"{who} deleted the day at generation {fact.generation}{why}: it is missing until it is read again."
        case DayConfirmedClosed():
            return f"{who} confirmed at generation {fact.generation}{why} that the place was closed."


_OfConnection = ConnectionEstablished | LocationAdded | ConfigurationChanged | RosterChanged | FilesRead


def _of_connection(fact: _OfConnection, who: str, why: str) -> str:
    match fact:
        case RosterChanged():
            return f"The roster of {fact.location} changed: {_operations(fact.changes)}."
        case ConnectionEstablished():
            return f"{who} connected {fact.name} ({fact.system}) at {fact.environment or 'no address'}{why}."
        case LocationAdded():
            return f"{who} added the location {fact.name} ({fact.location}), {fact.zone}{why}."
        case ConfigurationChanged():
            set_to = ", ".join(f"{name} = {value}" for name, value in fact.options.items()) or "the defaults"
            own = f"; of their own: {', '.join(sorted(fact.overrides))}" if fact.overrides else ""
            return f"{who} set the polling configuration to version {fact.version}{why}: {set_to}{own}."
        case FilesRead():
            read = f"{who} imported {_files(fact.attempt)} for {fact.location}{why}"
            if fact.failure:
                return f"{read}, which failed ({fact.failure}): {_ended(fact.message)}"
            return f"{read}: {fact.added} added, {fact.changed} changed."


def record_sentence(change: Change, fields: Sequence[FieldChange], *, applied: bool = True) -> str:
    """What happened to one record, field by field where it changed; or what would have, after an approval."""
    if change.operation == "changed":
        return field_sentence(change, fields, applied=applied)
    name, where = record_words(change), edited_words(change)
    return f"{name} was {change.operation}{where}." if applied else f"{name} would have been {change.operation}{_LATE}."


def field_sentence(change: Change, fields: Sequence[FieldChange], *, applied: bool = True) -> str:
    """What happened to fields of one record; or what would have, after an approval."""
    named = [_field(field) for field in fields[:MOST_NAMED]]
    if len(fields) > MOST_NAMED:
        named.append(f"and {len(fields) - MOST_NAMED} more fields")
    where = edited_words(change)
    what = (f"was edited{where}" if where else "changed") if applied else f"would have changed{_LATE}"
    return f"{record_words(change)} {what}: {', '.join(named)}."


_LATE: Final = " after the approval, and counts once the day is reopened"


def edited_words(change: Change) -> str:
    """Where a punch was edited, as far as the punch says it: one that vanished says nothing."""
    if change.kind != "punch" or change.operation == "removed":
        return ""
    terminal = plain_fields(change.after).get("terminal")
    if terminal == ABOVE_STORE:
        return " above store"
    return f" at the POS ({_value(terminal)})" if terminal and change.operation == "changed" else ""


def record_words(change: Change) -> str:
    """What people call a record: its kind and the number on it, or its key."""
    fields = plain_fields(change.before if change.operation == "removed" else change.after)
    number = fields.get("number") if isinstance(fields, dict) else None
    kind = _KIND_WORDS.get(change.kind, change.kind)
    return f"{kind[:1].upper()}{kind[1:]} {number or change.key}"


def is_sealed(path: str, value: Any) -> bool:
    """A field holds personal data: by its name, or because its value is sealed."""
    return path in PERSONAL_FIELDS or (isinstance(value, str) and value.startswith("sealed:"))


def _field(field: FieldChange) -> str:
    if SEALED in (field.before, field.after):
        return f"{field.path} changed {SEALED}"
    return f"{field.path} {_value(field.before)} → {_value(field.after)}"


def _value(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        named = value.get("name") or value.get("id")
        return str(named) if named else "an entry"
    if isinstance(value, list):
        return f"{len(value)} entries"
    text = str(value)
    return (text if len(text) <= 80 else f"{text[:79]}…") or "empty"


def _why(reason: str) -> str:
    return f" because '{reason}'" if reason else ""


def _did(attempt: Attempt) -> str:
    verb = "polled" if attempt.kind == "poll" else f"{attempt.kind}ed"
    return f"{verb} {_what(attempt)}"


def _what(attempt: Attempt) -> str:
    """The day, or the files of an import by their kinds."""
    return f"{_files(attempt)} for the day" if attempt.kind == "import" else "the day"


def _files(attempt: Attempt) -> str:
    kinds = [file.kind for file in attempt.files]
    named = kinds if len(kinds) <= MOST_NAMED else [*kinds[:MOST_NAMED], f"and {len(kinds) - MOST_NAMED} more"]
    return ", ".join(named) or "files"


def _counts(fact: _Counting) -> str:
    words = [f"{count} {operation}" for operation, count in _counted(fact) if count]
    if not words:
        return "no record differs"
    first, _, rest = words[0].partition(" ")
    noun = "record" if first == "1" else "records"
    return ", ".join([f"{first} {noun} {rest}", *words[1:]])


def _counted(fact: _Counting) -> list[tuple[str, int]]:
    return [("added", fact.added), ("changed", fact.changed), ("removed", fact.removed)]


def _operations(changes: Sequence[Change]) -> str:
    named = [f"{_lower(record_words(change))} {change.operation}{_above(change)}" for change in changes[:MOST_NAMED]]
    if len(changes) > MOST_NAMED:
        named.append(f"and {len(changes) - MOST_NAMED} more")
    return ", ".join(named) or "nothing"


def _above(change: Change) -> str:
    where = edited_words(change)
    return where if where == " above store" else ""


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def _ended(message: str) -> str:
    return message if message.endswith((".", "!", "?")) else f"{message}."


_SPEAKERS: Final[tuple[tuple[Any, Callable[[Any, str, str], str]], ...]] = (
    (DayFact, _of_day),
    (LifeFact | LocationEdited, life_sentence),
    (ConnectionFact, _of_connection),
    (PeopleFact, people_sentence),
    (PersonFact | PersonSought, person_sentence),
    (ObjectFact, object_sentence),
    (ScheduleFact, schedule_sentence),
    (CustomerFact, customer_sentence),
    (PersonnelFact, personnel_sentence),
    (BooksFact, _of_books),
    (ImportFact, import_sentence),
)
"""Who says what happened, by the shapes of facts; every fact has one, and the first that fits says it."""
